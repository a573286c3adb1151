//! By hand, on `postgres`: statements prepared once, columns by position, `COPY` for many.

use std::collections::HashMap;

use postgres::binary_copy::BinaryCopyInWriter;
use postgres::types::Type;
use postgres::{Client, Row, Statement};

use crate::contender::{Contender, summed};
use crate::given::{Given, PAGE, Seen};
use crate::rows::{Deal, Email};

pub struct Hand {
    client: Client,
    find: Statement,
    insert: Statement,
    page: Statement,
    mails: Statement,
    one: Vec<Given>,
    many: Vec<Given>,
}

impl Hand {
    pub fn new(mut client: Client) -> Self {
        let mut prepared = |text: &str| client.prepare(text).expect("a statement");
        Hand {
            find: prepared(
                "SELECT id, owner_id, title, team_size, stage, notes, score, created_at \
                 FROM deals WHERE id = $1",
            ),
            insert: prepared(
                "INSERT INTO imports (owner_id, title, team_size, stage, notes, score) \
                 VALUES ($1, $2, $3, $4, $5, $6) \
                 RETURNING id, owner_id, title, team_size, stage, notes, score, created_at",
            ),
            page: prepared(
                "SELECT id, owner_id, title, team_size, stage, notes, score, created_at \
                 FROM deals WHERE id > $1 ORDER BY id LIMIT $2",
            ),
            mails: prepared(
                "SELECT id, deal_id, subject, body, sent_at FROM emails WHERE deal_id = ANY ($1)",
            ),
            one: Vec::new(),
            many: Vec::new(),
            client,
        }
    }
}

fn deal(row: &Row) -> Deal {
    Deal {
        id: row.get(0),
        owner_id: row.get(1),
        title: row.get(2),
        team_size: row.get(3),
        stage: row.get(4),
        notes: row.get(5),
        score: row.get(6),
        created_at: row.get(7),
    }
}

fn email(row: &Row) -> Email {
    Email {
        id: row.get(0),
        deal_id: row.get(1),
        subject: row.get(2),
        body: row.get(3),
        sent_at: row.get(4),
    }
}

impl Contender for Hand {
    fn name(&self) -> &'static str {
        "hand-written, `postgres`"
    }

    fn read(&mut self, id: i64) -> Option<Seen> {
        let row = self.client.query_opt(&self.find, &[&id]).expect("a row");
        row.as_ref().map(deal).map(Deal::seen)
    }

    fn ready_insert(&mut self, row: &Given) {
        self.one.push(row.clone());
    }

    fn insert(&mut self) -> Seen {
        let g = self.one.pop().expect("a row");
        let row = self.client.query_one(
            &self.insert,
            &[
                &g.owner_id,
                &g.title,
                &g.team_size,
                &g.stage,
                &g.notes,
                &g.score,
            ],
        );
        deal(&row.expect("a row")).seen()
    }

    fn page(&mut self, after: i64) -> (usize, usize, i64) {
        let rows = self
            .client
            .query(&self.page, &[&after, &PAGE])
            .expect("rows");
        let deals: Vec<Deal> = rows.iter().map(deal).collect();
        let keys: Vec<i64> = deals.iter().map(|deal| deal.id).collect();
        let places: HashMap<i64, usize> = keys.iter().copied().zip(0..).collect();
        let mut mails: Vec<Vec<Email>> = deals.iter().map(|_| Vec::new()).collect();
        for row in &self.client.query(&self.mails, &[&keys]).expect("mails") {
            let mail = email(row);
            mails[places[&mail.deal_id]].push(mail);
        }
        summed(&mails, |mail| mail.id)
    }

    fn ready_bulk(&mut self, rows: &[Given]) {
        self.many = rows.to_vec();
    }

    fn bulk(&mut self) -> u64 {
        let text = "COPY imports (owner_id, title, team_size, stage, notes, score) \
             FROM STDIN (FORMAT binary)";
        let writer = self.client.copy_in(text).expect("a copy");
        let types = [
            Type::UUID,
            Type::TEXT,
            Type::INT4,
            Type::TEXT,
            Type::TEXT,
            Type::FLOAT8,
        ];
        let mut writer = BinaryCopyInWriter::new(writer, &types);
        for g in &self.many {
            writer
                .write(&[
                    &g.owner_id,
                    &g.title,
                    &g.team_size,
                    &g.stage,
                    &g.notes,
                    &g.score,
                ])
                .expect("a row");
        }
        writer.finish().expect("all rows")
    }
}
