//! The types that `query!` gives to SQL, put to a server: it must say the same of each statement,
//! and no column that is called not null may hold null.

use conformance::server::{Database, Server};
use migrations::{apply, plan, render};
use model::query::{Query, check};
use model::{Model, Sources};
use pilaster::postgres::Client;
use pilaster::postgres::types::{FromSql, Type};

const STATEMENTS: &str = include_str!("queries/statements.sql");

fn shop() -> (Database, Client, Model) {
    let mut sources = Sources::new();
    sources.add("shop.pilaster", include_str!("queries/shop.pilaster"));
    let (model, faults) = model::load(&sources);
    let said = faults.render(&sources, model::Color::Never);
    assert!(!faults.has_errors(), "{said}");
    let database = Server::shared().database().expect("a database");
    let mut client = database.connect().expect("a connection");
    let empty = model::Schema::default();
    let plan = plan::plan(&empty, &model.schema, &plan::Options::default()).expect("a plan");
    apply::script(&mut client, &render::script(&plan)).expect("the model");
    let rows = include_str!("queries/rows.sql");
    client.batch_execute(rows).expect("the rows");
    (database, client, model)
}

/// The server's names of these types, domains as what they are over.
fn names(client: &mut Client, types: &[&Type]) -> Vec<String> {
    let oids: Vec<u32> = types.iter().map(|ty| ty.oid()).collect();
    let sql = "SELECT format_type(CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END, NULL) \
               FROM unnest($1::oid[]) WITH ORDINALITY AS o (oid, at) JOIN pg_type t USING (oid) \
               ORDER BY at";
    let rows = client.query(sql, &[&oids]).unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

fn ours(model: &Model, ty: &model::schema::Type) -> String {
    let mut ty = ty.clone();
    ty.modifiers = None;
    let schema = ty.schema.clone().unwrap_or_default();
    let id = model::Id::in_schema(model::Kind::Domain, schema, ty.name.clone());
    if let Some(domain) = model
        .schema
        .get(&id)
        .and_then(|node| node.object.as_domain())
    {
        return ours(model, &domain.base);
    }
    if ty.schema.as_deref() == Some("public") {
        ty.schema = None;
    }
    ty.to_string()
}

fn statements() -> impl Iterator<Item = &'static str> {
    let all = STATEMENTS.split(";\n").map(str::trim);
    all.filter(|text| !text.is_empty())
}

fn typed(model: &Model, sql: &str) -> Query {
    check(&model.schema, &model.default_schema, sql).unwrap_or_else(|faults| {
        let said: Vec<String> = faults.iter().map(|fault| fault.render(sql)).collect();
        panic!("{sql}\n{}", said.join("\n"))
    })
}

#[test]
fn server_and_model_give_the_same_types() {
    let (_database, mut client, model) = shop();
    let mut count = 0;
    for sql in statements() {
        let query = typed(&model, sql);
        let prepared = client
            .prepare(sql)
            .unwrap_or_else(|e| panic!("{sql}\n{e:?}"));
        let params: Vec<&Type> = prepared.params().iter().collect();
        let said: Vec<String> = query.params.iter().map(|p| ours(&model, &p.ty)).collect();
        assert_eq!(
            said,
            names(&mut client, &params),
            "the parameters of\n{sql}"
        );
        let columns = prepared.columns();
        let types: Vec<&Type> = columns.iter().map(|column| column.type_()).collect();
        let there: Vec<(&str, String)> = columns
            .iter()
            .map(|column| column.name())
            .zip(names(&mut client, &types))
            .collect();
        let here = query.columns.iter().map(|column| {
            let value = column.value.as_ref().expect("a type");
            (column.name.as_str(), ours(&model, &value.ty))
        });
        assert_eq!(here.collect::<Vec<_>>(), there, "the columns of\n{sql}");
        count += 1;
    }
    assert!(count > 60, "{count} statements");
}

/// Whether a value is null, whatever its type.
struct Null(bool);

impl<'a> FromSql<'a> for Null {
    fn from_sql(_: &Type, _: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Null(false))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Null(true))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

#[test]
fn what_is_called_not_null_never_is() {
    let (_database, mut client, model) = shop();
    let (mut nullable, mut nulls) = (0, 0);
    for sql in statements() {
        let query = typed(&model, sql);
        if !query.params.is_empty() || query.columns.is_empty() {
            continue;
        }
        let rows = client.query(sql, &[]).unwrap();
        for (at, column) in query.columns.iter().enumerate() {
            let value = column.value.as_ref().expect("a type");
            let found = rows.iter().any(|row| row.get::<_, Null>(at).0);
            assert!(value.nullable || !found, "{} of\n{sql}", column.name);
            nullable += usize::from(value.nullable);
            nulls += usize::from(found);
        }
    }
    // Most of what is called nullable is null somewhere, so that the rows can tell.
    assert!(nulls * 2 > nullable, "{nulls} of {nullable} were ever null");
}
