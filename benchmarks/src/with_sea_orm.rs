//! SeaORM, as its documentation shows: entities, active models, `load_many` and `insert_many`.

use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue, ConnectOptions, Database, LoaderTrait, QueryOrder, QuerySelect};
use tokio::runtime::Runtime;

use crate::contender::{Contender, summed};
use crate::given::{Given, PAGE, Seen};
use crate::runtime;

mod deal {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "deals")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub owner_id: Uuid,
        #[sea_orm(column_type = "Text")]
        pub title: String,
        pub team_size: i32,
        #[sea_orm(column_type = "Text")]
        pub stage: String,
        #[sea_orm(column_type = "Text", nullable)]
        pub notes: Option<String>,
        #[sea_orm(column_type = "Double")]
        pub score: f64,
        pub created_at: chrono::DateTime<chrono::Utc>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(has_many = "super::email::Entity")]
        Emails,
    }

    impl Related<super::email::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Emails.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod email {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "emails")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub deal_id: i64,
        #[sea_orm(column_type = "Text")]
        pub subject: String,
        #[sea_orm(column_type = "Text")]
        pub body: String,
        pub sent_at: chrono::DateTime<chrono::Utc>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::deal::Entity",
            from = "Column::DealId",
            to = "super::deal::Column::Id"
        )]
        Deal,
    }

    impl Related<super::deal::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Deal.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod import {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "imports")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub owner_id: Uuid,
        #[sea_orm(column_type = "Text")]
        pub title: String,
        pub team_size: i32,
        #[sea_orm(column_type = "Text")]
        pub stage: String,
        #[sea_orm(column_type = "Text", nullable)]
        pub notes: Option<String>,
        #[sea_orm(column_type = "Double")]
        pub score: f64,
        pub created_at: chrono::DateTime<chrono::Utc>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn new(g: &Given) -> import::ActiveModel {
    let g = g.clone();
    import::ActiveModel {
        id: ActiveValue::NotSet,
        owner_id: ActiveValue::Set(g.owner_id),
        title: ActiveValue::Set(g.title),
        team_size: ActiveValue::Set(g.team_size),
        stage: ActiveValue::Set(g.stage),
        notes: ActiveValue::Set(g.notes),
        score: ActiveValue::Set(g.score),
        created_at: ActiveValue::NotSet,
    }
}

pub struct WithSeaOrm {
    database: DatabaseConnection,
    runtime: Runtime,
    one: Vec<import::ActiveModel>,
    many: Vec<import::ActiveModel>,
}

impl WithSeaOrm {
    pub fn new(url: &str) -> Self {
        let runtime = runtime();
        let mut options = ConnectOptions::new(url);
        options
            .max_connections(1)
            .test_before_acquire(false)
            .sqlx_logging(false);
        let database = runtime.block_on(Database::connect(options));
        WithSeaOrm {
            database: database.expect("a connection"),
            runtime,
            one: Vec::new(),
            many: Vec::new(),
        }
    }
}

impl Contender for WithSeaOrm {
    fn name(&self) -> &'static str {
        "SeaORM"
    }

    fn read(&mut self, id: i64) -> Option<Seen> {
        let deal = deal::Entity::find_by_id(id).one(&self.database);
        let deal = self.runtime.block_on(deal).expect("a row");
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
        let row = self.runtime.block_on(new.insert(&self.database));
        let row = row.expect("a row");
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
        let mails = self.runtime.block_on(async {
            let deals = deal::Entity::find()
                .filter(deal::Column::Id.gt(after))
                .order_by_asc(deal::Column::Id)
                .limit(PAGE as u64)
                .all(&self.database)
                .await?;
            deals.load_many(email::Entity, &self.database).await
        });
        summed(&mails.expect("mails"), |mail| mail.id)
    }

    fn ready_bulk(&mut self, rows: &[Given]) {
        self.many = rows.iter().map(new).collect();
    }

    fn bulk(&mut self) -> u64 {
        let rows = std::mem::take(&mut self.many);
        let insert = import::Entity::insert_many(rows);
        let insert = insert.exec_without_returning(&self.database);
        self.runtime.block_on(insert).expect("all rows")
    }
}
