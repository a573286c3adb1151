//! `diesel`, as its documentation shows: derived structs, `belonging_to` and `grouped_by`, and its
//! `COPY` for many. It prepares and keeps statements by itself.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use crate::contender::{Contender, summed};
use crate::given::{Given, PAGE, Seen};

mod tables {
    diesel::table! {
        deals (id) {
            id -> BigInt,
            owner_id -> Uuid,
            title -> Text,
            team_size -> Integer,
            stage -> Text,
            notes -> Nullable<Text>,
            score -> Double,
            created_at -> Timestamptz,
        }
    }

    diesel::table! {
        emails (id) {
            id -> BigInt,
            deal_id -> BigInt,
            subject -> Text,
            body -> Text,
            sent_at -> Timestamptz,
        }
    }

    diesel::table! {
        imports (id) {
            id -> BigInt,
            owner_id -> Uuid,
            title -> Text,
            team_size -> Integer,
            stage -> Text,
            notes -> Nullable<Text>,
            score -> Double,
            created_at -> Timestamptz,
        }
    }

    diesel::joinable!(emails -> deals (deal_id));
    diesel::allow_tables_to_appear_in_same_query!(deals, emails);
}

use tables::{deals, emails, imports};

#[derive(Debug, Queryable, Selectable, Identifiable)]
#[diesel(table_name = deals, check_for_backend(diesel::pg::Pg))]
#[allow(dead_code)] // read from the database all the same
struct Deal {
    id: i64,
    owner_id: Uuid,
    title: String,
    team_size: i32,
    stage: String,
    notes: Option<String>,
    score: f64,
    created_at: DateTime<Utc>,
}

#[derive(Debug, Queryable, Selectable, Identifiable, Associations)]
#[diesel(table_name = emails, belongs_to(Deal), check_for_backend(diesel::pg::Pg))]
#[allow(dead_code)] // read from the database all the same
struct Email {
    id: i64,
    deal_id: i64,
    subject: String,
    body: String,
    sent_at: DateTime<Utc>,
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = imports, check_for_backend(diesel::pg::Pg))]
#[allow(dead_code)] // read from the database all the same
struct Import {
    id: i64,
    owner_id: Uuid,
    title: String,
    team_size: i32,
    stage: String,
    notes: Option<String>,
    score: f64,
    created_at: DateTime<Utc>,
}

#[derive(Debug, Insertable)]
#[diesel(table_name = imports, treat_none_as_default_value = false)]
struct NewImport {
    owner_id: Uuid,
    title: String,
    team_size: i32,
    stage: String,
    notes: Option<String>,
    score: f64,
}

fn new(g: &Given) -> NewImport {
    let g = g.clone();
    NewImport {
        owner_id: g.owner_id,
        title: g.title,
        team_size: g.team_size,
        stage: g.stage,
        notes: g.notes,
        score: g.score,
    }
}

pub struct WithDiesel {
    connection: PgConnection,
    one: Vec<NewImport>,
    many: Vec<NewImport>,
}

impl WithDiesel {
    pub fn new(url: &str) -> Self {
        WithDiesel {
            connection: PgConnection::establish(url).expect("a connection"),
            one: Vec::new(),
            many: Vec::new(),
        }
    }
}

impl Contender for WithDiesel {
    fn name(&self) -> &'static str {
        "diesel"
    }

    fn read(&mut self, id: i64) -> Option<Seen> {
        let deal = deals::table.find(id).select(Deal::as_select());
        let deal: Option<Deal> = deal.first(&mut self.connection).optional().expect("a row");
        deal.map(|deal| Seen {
            owner_id: deal.owner_id,
            title: deal.title,
            team_size: deal.team_size,
            stage: deal.stage,
            notes: deal.notes,
            score: deal.score,
        })
    }

    fn ready_insert(&mut self, row: &Given) {
        self.one.push(new(row));
    }

    fn insert(&mut self) -> Seen {
        let new = self.one.pop().expect("a row");
        let insert = diesel::insert_into(imports::table).values(&new);
        let insert = insert.returning(Import::as_returning());
        let row: Import = insert.get_result(&mut self.connection).expect("a row");
        Seen {
            owner_id: row.owner_id,
            title: row.title,
            team_size: row.team_size,
            stage: row.stage,
            notes: row.notes,
            score: row.score,
        }
    }

    fn page(&mut self, after: i64) -> (usize, usize, i64) {
        let page = deals::table.filter(deals::id.gt(after)).order(deals::id);
        let page = page.limit(PAGE).select(Deal::as_select());
        let page: Vec<Deal> = page.load(&mut self.connection).expect("rows");
        let mails = Email::belonging_to(&page).select(Email::as_select());
        let mails: Vec<Email> = mails.load(&mut self.connection).expect("mails");
        summed(&mails.grouped_by(&page), |mail| mail.id)
    }

    fn ready_bulk(&mut self, rows: &[Given]) {
        self.many = rows.iter().map(new).collect();
    }

    fn bulk(&mut self) -> u64 {
        let copy = diesel::copy_from(imports::table).from_insertable(&self.many);
        copy.execute(&mut self.connection).expect("all rows") as u64
    }
}
