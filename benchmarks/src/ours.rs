//! Generated code, on `postgres`, `tokio-postgres` and `sqlx`.

use pilaster::tokio_postgres::NoTls;
use pilaster::{Cached, Insert, InsertMany, Row, Table};
use postgres::Client;
use tokio::runtime::Runtime;

use crate::contender::{Contender, summed};
use crate::given::{Given, PAGE, Seen};
use crate::runtime;
use crate::schema::{Deal, DealId, Import, NewImport};

fn new(g: &Given) -> NewImport {
    let g = g.clone();
    NewImport {
        notes: g.notes,
        ..NewImport::new(g.owner_id, g.title, g.team_size, g.stage, g.score)
    }
}

fn seen_deal(deal: Deal) -> Seen {
    Seen {
        owner_id: deal.owner_id,
        title: deal.title,
        team_size: deal.team_size,
        stage: deal.stage,
        notes: deal.notes,
        score: deal.score,
    }
}

fn seen(deal: Import) -> Seen {
    Seen {
        owner_id: deal.owner_id,
        title: deal.title,
        team_size: deal.team_size,
        stage: deal.stage,
        notes: deal.notes,
        score: deal.score,
    }
}

fn after(id: i64) -> pilaster::Query<Deal> {
    Deal::filter(Deal::ID.gt(DealId(id)))
        .order_by(Deal::ID.asc())
        .limit(PAGE as u32)
}

pub struct Ours {
    client: Cached,
    one: Vec<NewImport>,
    many: Vec<NewImport>,
}

impl Ours {
    pub fn new(client: Client) -> Self {
        Ours {
            client: Cached::new(client),
            one: Vec::new(),
            many: Vec::new(),
        }
    }
}

impl Contender for Ours {
    fn name(&self) -> &'static str {
        "**Pilaster**, `postgres`"
    }

    fn read(&mut self, id: i64) -> Option<Seen> {
        let deal = Deal::find(&mut self.client, &DealId(id));
        deal.expect("a row").map(seen_deal)
    }

    fn ready_insert(&mut self, row: &Given) {
        self.one.push(new(row));
    }

    fn insert(&mut self) -> Seen {
        let new = self.one.pop().expect("a row");
        seen(new.insert(&mut self.client).expect("a row"))
    }

    fn page(&mut self, id: i64) -> (usize, usize, i64) {
        let deals = after(id).all(&mut self.client).expect("rows");
        let mails = Deal::EMAILS.children(&mut self.client, &deals);
        summed(&mails.expect("mails"), |mail| mail.id.0)
    }

    fn ready_bulk(&mut self, rows: &[Given]) {
        self.many = rows.iter().map(new).collect();
    }

    fn bulk(&mut self) -> u64 {
        self.many.copy(&mut self.client).expect("all rows")
    }
}

pub struct OnTokio {
    client: pilaster::tokio::Cached,
    runtime: Runtime,
    one: Vec<NewImport>,
    many: Vec<NewImport>,
}

impl OnTokio {
    pub fn new(url: &str) -> Self {
        let runtime = runtime();
        let client = runtime.block_on(async {
            let (client, connection) = pilaster::tokio_postgres::connect(url, NoTls).await.expect("a connection");
            tokio::spawn(connection);
            pilaster::tokio::Cached::new(client)
        });
        OnTokio {
            client,
            runtime,
            one: Vec::new(),
            many: Vec::new(),
        }
    }
}

impl Contender for OnTokio {
    fn name(&self) -> &'static str {
        "**Pilaster**, `tokio-postgres`"
    }

    fn read(&mut self, id: i64) -> Option<Seen> {
        use pilaster::tokio::Rows;
        let deal = self.runtime.block_on(self.client.find::<Deal>(&DealId(id)));
        deal.expect("a row").map(seen_deal)
    }

    fn ready_insert(&mut self, row: &Given) {
        self.one.push(new(row));
    }

    fn insert(&mut self) -> Seen {
        use pilaster::tokio::Rows;
        let new = self.one.pop().expect("a row");
        seen(
            self.runtime
                .block_on(self.client.insert(&new))
                .expect("a row"),
        )
    }

    fn page(&mut self, id: i64) -> (usize, usize, i64) {
        use pilaster::tokio::Rows;
        let mails = self.runtime.block_on(async {
            let deals = self.client.all(&after(id)).await?;
            self.client.children(Deal::EMAILS, &deals).await
        });
        summed(&mails.expect("mails"), |mail| mail.id.0)
    }

    fn ready_bulk(&mut self, rows: &[Given]) {
        self.many = rows.iter().map(new).collect();
    }

    fn bulk(&mut self) -> u64 {
        use pilaster::tokio::Rows;
        let copied = self.runtime.block_on(self.client.copy(&self.many));
        copied.expect("all rows")
    }
}

pub struct OnSqlx {
    pool: sqlx::PgPool,
    runtime: Runtime,
    one: Vec<NewImport>,
    many: Vec<NewImport>,
}

impl OnSqlx {
    pub fn new(url: &str) -> Self {
        let runtime = runtime();
        OnSqlx {
            pool: crate::with_sqlx::pool(&runtime, url),
            runtime,
            one: Vec::new(),
            many: Vec::new(),
        }
    }
}

impl Contender for OnSqlx {
    fn name(&self) -> &'static str {
        "**Pilaster**, `sqlx`"
    }

    fn read(&mut self, id: i64) -> Option<Seen> {
        use pilaster::sqlx::Rows;
        let deal = self.runtime.block_on(self.pool.find::<Deal>(&DealId(id)));
        deal.expect("a row").map(seen_deal)
    }

    fn ready_insert(&mut self, row: &Given) {
        self.one.push(new(row));
    }

    fn insert(&mut self) -> Seen {
        use pilaster::sqlx::Rows;
        let new = self.one.pop().expect("a row");
        seen(
            self.runtime
                .block_on(self.pool.insert(&new))
                .expect("a row"),
        )
    }

    fn page(&mut self, id: i64) -> (usize, usize, i64) {
        use pilaster::sqlx::Rows;
        let mails = self.runtime.block_on(async {
            let deals = self.pool.all(&after(id)).await?;
            self.pool.children(Deal::EMAILS, &deals).await
        });
        summed(&mails.expect("mails"), |mail| mail.id.0)
    }

    fn ready_bulk(&mut self, rows: &[Given]) {
        self.many = rows.iter().map(new).collect();
    }

    fn bulk(&mut self) -> u64 {
        use pilaster::sqlx::Rows;
        let copied = self.runtime.block_on(self.pool.copy(&self.many));
        copied.expect("all rows")
    }
}
