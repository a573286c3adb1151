//! The structs that one writes without generated code: by hand, and for `sqlx`.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::given::Seen;

#[derive(Debug, sqlx::FromRow)]
#[allow(dead_code)] // read from the database all the same
pub struct Deal {
    pub id: i64,
    pub owner_id: Uuid,
    pub title: String,
    pub team_size: i32,
    pub stage: String,
    pub notes: Option<String>,
    pub score: f64,
    pub created_at: DateTime<Utc>,
}

#[derive(Debug, sqlx::FromRow)]
#[allow(dead_code)] // read from the database all the same
pub struct Email {
    pub id: i64,
    pub deal_id: i64,
    pub subject: String,
    pub body: String,
    pub sent_at: DateTime<Utc>,
}

impl Deal {
    pub fn seen(self) -> Seen {
        Seen {
            owner_id: self.owner_id,
            title: self.title,
            team_size: self.team_size,
            stage: self.stage,
            notes: self.notes,
            score: self.score,
        }
    }
}
