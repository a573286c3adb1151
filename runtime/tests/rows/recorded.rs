//! A connection of one's own: it counts statements, or asks how the server would run them.

use pilaster::Connection;
use pilaster::postgres::{Client, CopyInWriter, Error, Row, Statement};
use pilaster::postgres_types::ToSql;

pub(super) struct Recorded<'a> {
    client: &'a mut Client,
    explains: bool,
    pub(super) statements: usize,
    pub(super) plan: String,
}

impl<'a> Recorded<'a> {
    pub(super) fn new(client: &'a mut Client) -> Self {
        Recorded {
            client,
            explains: false,
            statements: 0,
            plan: String::new(),
        }
    }

    /// Gives no rows, but the plan.
    pub(super) fn explaining(client: &'a mut Client) -> Self {
        Recorded {
            explains: true,
            ..Recorded::new(client)
        }
    }
}

impl Connection for Recorded<'_> {
    fn query(&mut self, text: &str, params: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Error> {
        self.statements += 1;
        if !self.explains {
            return self.client.query(text, params);
        }
        let plan = self.client.query(&format!("EXPLAIN {text}"), params)?;
        let lines = plan.iter().map(|row| row.get::<_, String>(0) + "\n");
        self.plan = lines.collect();
        Ok(Vec::new())
    }

    fn execute(&mut self, text: &str, params: &[&(dyn ToSql + Sync)]) -> Result<u64, Error> {
        self.statements += 1;
        self.client.execute(text, params)
    }

    fn prepare(&mut self, text: &str) -> Result<Statement, Error> {
        self.client.prepare(text)
    }

    fn copy_in(&mut self, text: &str) -> Result<CopyInWriter<'_>, Error> {
        self.client.copy_in(text)
    }
}
