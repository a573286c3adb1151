//! A database with rows, between two states of a model.

use conformance::server::{Database, Server};
use migrations::apply::script;
use migrations::documents::{Unfit, unfit};
use migrations::plan::{Options, Plan, Way, plan, plan_down, questions};
use migrations::render;
use model::schema::Schema;
use model::{Color, Sources};
use postgres::Client;

pub(crate) fn read(text: &str) -> Schema {
    let mut sources = Sources::new();
    sources.add("shop.pilaster", text);
    let (model, faults) = model::load(&sources);
    assert!(
        !faults.has_errors(),
        "{}",
        faults.render(&sources, Color::Never)
    );
    model.schema
}

pub(crate) fn online() -> Options {
    Options {
        online: true,
        ..Options::default()
    }
}

/// A database that has the former state, and rows.
pub(crate) struct Ground {
    pub(crate) from: Schema,
    pub(crate) to: Schema,
    pub(crate) client: Client,
    _database: Database,
}

impl Ground {
    pub(crate) fn new(from: &str, to: &str, rows: &str) -> Self {
        let database = Server::shared().database().unwrap();
        let mut client = database.connect().unwrap();
        let (from, to) = (read(from), read(to));
        let first = plan(&Schema::default(), &from, &Options::default()).unwrap();
        script(&mut client, &render::script(&first)).unwrap();
        client.batch_execute(rows).unwrap();
        Ground {
            from,
            to,
            client,
            _database: database,
        }
    }

    pub(crate) fn up(&mut self, options: &Options) -> Plan {
        let up = plan(&self.from, &self.to, options).unwrap();
        self.run(&up);
        up
    }

    pub(crate) fn down(&mut self, options: &Options) -> Plan {
        let down = plan_down(&self.from, &self.to, options).unwrap();
        self.run(&down);
        down
    }

    /// Runs the plan. Every check then holds for every row, and nothing that was made to lift
    /// documents is left.
    pub(crate) fn run(&mut self, plan: &Plan) {
        let text = render::script(plan);
        if let Err(error) = script(&mut self.client, &text) {
            panic!("{error}\nin\n{text}");
        }
        let left = "SELECT count(*) FROM pg_proc WHERE proname LIKE '%lifted'";
        assert_eq!(self.count(left), 0, "{text}");
        let open = "SELECT count(*) FROM pg_constraint WHERE NOT convalidated";
        assert_eq!(self.count(open), 0, "{text}");
    }

    pub(crate) fn count(&mut self, sql: &str) -> i64 {
        self.client.query_one(sql, &[]).unwrap().get(0)
    }

    /// A column's documents, by the table's key.
    pub(crate) fn documents(&mut self, table: &str, column: &str) -> Vec<String> {
        let sql = format!("SELECT coalesce({column}::text, 'NULL') FROM {table} ORDER BY id");
        let rows = self.client.query(&sql, &[]).unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }

    pub(crate) fn unfit(&mut self, way: Way) -> Vec<Unfit> {
        let (from, to) = match way {
            Way::Forth => (&self.from, &self.to),
            Way::Back => (&self.to, &self.from),
        };
        let questions = questions(from, to, way);
        let found = questions
            .iter()
            .map(|q| unfit(&mut self.client, q).unwrap());
        found.flatten().collect()
    }
}
