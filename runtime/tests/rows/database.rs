//! A database of the model's.

use conformance::server::{Database, Server};
use migrations::{apply, plan, render};

pub(crate) fn database() -> Database {
    let mut sources = model::Sources::new();
    sources.add("rows.pilaster", include_str!("rows.pilaster"));
    let (model, faults) = model::load(&sources);
    let faults_text = faults.render(&sources, model::Color::Never);
    assert!(!faults.has_errors(), "{faults_text}");
    let database = Server::shared().database().expect("a database");
    let mut client = database.connect().expect("a connection");
    // Roles belong to the server, and other tests may be making it.
    let role = "DO $$ BEGIN CREATE ROLE rows_support NOLOGIN; \
                EXCEPTION WHEN duplicate_object OR unique_violation THEN END $$";
    client.batch_execute(role).expect("a role");
    let empty = model::Schema::default();
    let plan = plan::plan(&empty, &model.schema, &plan::Options::default()).expect("a plan");
    apply::script(&mut client, &render::script(&plan)).expect("the model");
    database
}
