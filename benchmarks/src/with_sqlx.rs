//! `sqlx`, as its documentation shows: `query_as`, a pool, and `UNNEST` for many.

use std::collections::HashMap;

use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use tokio::runtime::Runtime;
use uuid::Uuid;

use crate::contender::{Contender, summed};
use crate::given::{Given, PAGE, Seen};
use crate::rows::{Deal, Email};
use crate::runtime;

/// A pool of one connection that is not tried before each use, as a connection of one's own.
pub fn pool(runtime: &Runtime, url: &str) -> PgPool {
    let options = PgPoolOptions::new()
        .max_connections(1)
        .test_before_acquire(false);
    runtime
        .block_on(options.connect(url))
        .expect("a connection")
}

/// The columns of many rows, which is how they are sent.
#[derive(Default)]
struct Columns {
    owner_ids: Vec<Uuid>,
    titles: Vec<String>,
    team_sizes: Vec<i32>,
    stages: Vec<String>,
    notes: Vec<Option<String>>,
    scores: Vec<f64>,
}

pub struct WithSqlx {
    pool: PgPool,
    runtime: Runtime,
    one: Vec<Given>,
    many: Columns,
}

impl WithSqlx {
    pub fn new(url: &str) -> Self {
        let runtime = runtime();
        WithSqlx {
            pool: pool(&runtime, url),
            runtime,
            one: Vec::new(),
            many: Columns::default(),
        }
    }
}

impl Contender for WithSqlx {
    fn name(&self) -> &'static str {
        "sqlx"
    }

    fn read(&mut self, id: i64) -> Option<Seen> {
        let deal = sqlx::query_as::<_, Deal>(
            "SELECT id, owner_id, title, team_size, stage, notes, score, created_at \
             FROM deals WHERE id = $1",
        );
        let deal = self
            .runtime
            .block_on(deal.bind(id).fetch_optional(&self.pool));
        deal.expect("a row").map(Deal::seen)
    }

    fn ready_insert(&mut self, row: &Given) {
        self.one.push(row.clone());
    }

    fn insert(&mut self) -> Seen {
        let g = self.one.pop().expect("a row");
        let deal = sqlx::query_as::<_, Deal>(
            "INSERT INTO imports (owner_id, title, team_size, stage, notes, score) \
             VALUES ($1, $2, $3, $4, $5, $6) \
             RETURNING id, owner_id, title, team_size, stage, notes, score, created_at",
        )
        .bind(g.owner_id)
        .bind(&g.title)
        .bind(g.team_size)
        .bind(&g.stage)
        .bind(&g.notes)
        .bind(g.score);
        let deal = self.runtime.block_on(deal.fetch_one(&self.pool));
        deal.expect("a row").seen()
    }

    fn page(&mut self, after: i64) -> (usize, usize, i64) {
        self.runtime.block_on(async {
            let deals = sqlx::query_as::<_, Deal>(
                "SELECT id, owner_id, title, team_size, stage, notes, score, created_at \
                 FROM deals WHERE id > $1 ORDER BY id LIMIT $2",
            );
            let deals = deals.bind(after).bind(PAGE).fetch_all(&self.pool).await;
            let keys: Vec<i64> = deals.expect("rows").iter().map(|deal| deal.id).collect();
            let found = sqlx::query_as::<_, Email>(
                "SELECT id, deal_id, subject, body, sent_at FROM emails WHERE deal_id = ANY ($1)",
            );
            let found = found.bind(&keys).fetch_all(&self.pool).await;
            let places: HashMap<i64, usize> = keys.iter().copied().zip(0..).collect();
            let mut mails: Vec<Vec<Email>> = keys.iter().map(|_| Vec::new()).collect();
            for mail in found.expect("mails") {
                mails[places[&mail.deal_id]].push(mail);
            }
            summed(&mails, |mail| mail.id)
        })
    }

    fn ready_bulk(&mut self, rows: &[Given]) {
        let rows = rows.to_vec();
        let mut many = Columns::default();
        for g in rows {
            many.owner_ids.push(g.owner_id);
            many.titles.push(g.title);
            many.team_sizes.push(g.team_size);
            many.stages.push(g.stage);
            many.notes.push(g.notes);
            many.scores.push(g.score);
        }
        self.many = many;
    }

    fn bulk(&mut self) -> u64 {
        let insert = sqlx::query(
            "INSERT INTO imports (owner_id, title, team_size, stage, notes, score) \
             SELECT * FROM UNNEST($1::uuid[], $2::text[], $3::int4[], $4::text[], $5::text[], \
             $6::float8[])",
        )
        .bind(&self.many.owner_ids)
        .bind(&self.many.titles)
        .bind(&self.many.team_sizes)
        .bind(&self.many.stages)
        .bind(&self.many.notes)
        .bind(&self.many.scores);
        let done = self.runtime.block_on(insert.execute(&self.pool));
        done.expect("all rows").rows_affected()
    }
}
