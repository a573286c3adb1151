//! What everybody reads and writes: the same rows, drawn once.

use postgres::Client;
use uuid::Uuid;

/// Deals in the database; their ids are 1 to this.
pub const DEALS: i64 = 20_000;
/// Mails of each deal.
pub const EMAILS: usize = 3;
/// Rows of a page.
pub const PAGE: i64 = 100;
/// Rows of a bulk insert.
pub const BULK: usize = 10_000;

/// A new row, in nobody's own type.
#[derive(Clone, Debug)]
pub struct Given {
    pub owner_id: Uuid,
    pub title: String,
    pub team_size: i32,
    pub stage: String,
    pub notes: Option<String>,
    pub score: f64,
}

/// A row that was read or made, as far as it is compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    pub owner_id: Uuid,
    pub title: String,
    pub team_size: i32,
    pub stage: String,
    pub notes: Option<String>,
    pub score: f64,
}

impl Given {
    pub fn new(at: usize) -> Self {
        Given {
            owner_id: Uuid::from_u128(0x9e37_79b9_7f4a_7c15_u128.wrapping_mul(at as u128 + 1)),
            title: format!("A space of {at} square metres, near the river"),
            team_size: (at % 90 + 1) as i32,
            stage: ["inquiry", "touring", "negotiating", "closed"][at % 4].into(),
            notes: (at % 3 == 0).then(|| format!("called on day {at}, will call again")),
            score: at as f64 / 7.0,
        }
    }

    pub fn seen(&self) -> Seen {
        Seen {
            owner_id: self.owner_id,
            title: self.title.clone(),
            team_size: self.team_size,
            stage: self.stage.clone(),
            notes: self.notes.clone(),
            score: self.score,
        }
    }
}

/// The tables as the model says, and their rows.
pub fn fill(client: &mut Client) {
    let model = include_str!("../migrations/0001_initial/up.sql");
    client.batch_execute(model).expect("the model");
    let text = "INSERT INTO deals (owner_id, title, team_size, stage, notes, score) \
         VALUES ($1, $2, $3, $4, $5, $6)";
    let mut transaction = client.transaction().expect("a transaction");
    let insert = transaction.prepare(text).expect("a statement");
    for at in 1..=DEALS as usize {
        let g = Given::new(at);
        let row: [&(dyn postgres::types::ToSql + Sync); 6] = [
            &g.owner_id,
            &g.title,
            &g.team_size,
            &g.stage,
            &g.notes,
            &g.score,
        ];
        transaction.execute(&insert, &row).expect("a deal");
    }
    let text = format!(
        "INSERT INTO emails (deal_id, subject, body) \
         SELECT id, 'Mail ' || n, repeat('We look forward to it. ', 4) \
         FROM deals, generate_series(1, {EMAILS}) n ORDER BY n, id"
    );
    transaction.batch_execute(&text).expect("mails");
    transaction.commit().expect("rows");
    client.batch_execute("VACUUM ANALYZE").expect("statistics");
}
