//! A database beside the live one, for as long as it takes to ask the server something.
//!
//! It never touches the live database, and is dropped whatever happens.

use migrations::Url;
use postgres::Client;

/// A database that goes when this does.
pub(super) struct Scratch {
    url: Url,
    home: Url,
    name: String,
    version: String,
}

impl Scratch {
    /// Makes one, where the role may.
    pub(super) fn beside(url: &Url, live: &mut Client) -> Result<Scratch, String> {
        // What somebody left who was killed is known by its session, which is gone, and by its
        // owner: a role drops its own databases alone.
        let query = "SELECT r.rolcreatedb OR r.rolsuper, current_setting('server_version'), \
              current_database()::text, pg_backend_pid(), \
              ARRAY(SELECT d.datname::text FROM pg_catalog.pg_database d \
                 WHERE d.datname ~ '^pilaster_scratch_[0-9]+_[0-9]+$' AND d.datdba = r.oid \
                   AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a \
                     WHERE a.pid::text = substring(d.datname from '[0-9]+$'))) \
            FROM pg_catalog.pg_roles r WHERE r.rolname = current_user";
        let row = live.query_one(query, &[]).map_err(|e| e.to_string())?;
        if !row.get::<_, bool>(0) {
            return Err("the role may not create a database".to_owned());
        }
        for left in row.get::<_, Vec<String>>(4) {
            // Somebody else may be doing the same, or look into it.
            let _ = live.batch_execute(&format!("DROP DATABASE IF EXISTS {left}"));
        }
        let name = format!(
            "pilaster_scratch_{}_{}",
            std::process::id(),
            row.get::<_, i32>(3)
        );
        live.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0"))
            .map_err(|e| e.to_string())?;
        Ok(Scratch {
            url: url.with_database(&name),
            home: url.with_database(row.get(2)),
            name,
            version: format!("PostgreSQL {}", row.get::<_, String>(1)),
        })
    }

    pub(super) fn connect(&self) -> Result<Client, String> {
        migrations::connect(&self.url).map_err(|e| e.to_string())
    }

    pub(super) fn server_version(&self) -> String {
        self.version.clone()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Nobody is left to tell where this fails; its name says whose it was.
        if let Ok(mut client) = migrations::connect(&self.home) {
            let _ = client.batch_execute(&format!("DROP DATABASE IF EXISTS {}", self.name));
        }
    }
}
