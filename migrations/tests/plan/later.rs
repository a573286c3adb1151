//! Changes to what exists.

use migrations::plan::{HazardKind, Options, plan};
use model::schema::{Expr, Id, Kind, Node, Object, Type, View};

use super::build::Db;
use super::first::product;
use super::{script, with};

fn online() -> Options {
    Options {
        online: true,
        ..Options::default()
    }
}

fn change(db: &mut Db, column: &str, change: impl FnOnce(&mut model::schema::Column)) {
    let id = Id::column("public", "deals", column);
    if let Some(Object::Column(column)) = db.builder.get_mut(&id).map(|n| &mut n.object) {
        change(column);
    }
}

/// `product` with a view over `deals` that holds on to two of its columns.
fn with_view() -> Db {
    let mut db = product();
    let id = Id::in_schema(Kind::View, "public", "open_deals");
    let view = View {
        materialized: false,
        query: Expr::new("SELECT id, stage FROM public.deals WHERE stage <> 'closed'"),
        columns: vec!["id".into(), "stage".into()],
        options: Default::default(),
        populated: true,
        tablespace: None,
        access_method: None,
    };
    let node = db.add(id, Object::View(view));
    node.needs = vec![
        Id::column("public", "deals", "id"),
        Id::column("public", "deals", "stage"),
    ];
    db
}

#[test]
fn an_added_column_index_and_key_offline_and_online() {
    let from = product().done();
    let mut db = product();
    db.column("deals", "notes", "text?");
    db.column("deals", "space_id", "bigint?");
    db.references("deals", "space_id", "spaces");
    db.index("deals", "deals_space_id_idx", &["space_id"]);
    db.check("deals", "notes_short", "length(notes) < 100");
    change(&mut db, "from", |column| column.not_null = true);
    let to = db.done();
    insta::assert_snapshot!("offline", script(&from, &to));
    insta::assert_snapshot!("online", with(&from, &to, &online()));
}

#[test]
fn a_column_type_that_a_view_uses() {
    let from = with_view().done();
    let mut db = with_view();
    change(&mut db, "stage", |column| {
        column.ty = Type::builtin("text");
        column.default = Some(Expr::new("'inquiry'::text"));
    });
    insta::assert_snapshot!(script(&from, &db.done()));
}

#[test]
fn an_enum_value_taken_out() {
    let from = with_view().done();
    let mut db = with_view();
    let id = Id::in_schema(Kind::Enum, "public", "deal_stage");
    if let Some(Object::Enum(stages)) = db.builder.get_mut(&id).map(|n| &mut n.object) {
        stages.labels.retain(|label| &**label != "touring");
    }
    insta::assert_snapshot!(script(&from, &db.done()));
}

#[test]
fn an_enum_value_put_in_between() {
    let from = product().done();
    let mut db = product();
    let id = Id::in_schema(Kind::Enum, "public", "deal_stage");
    if let Some(Object::Enum(stages)) = db.builder.get_mut(&id).map(|n| &mut n.object) {
        stages.labels.insert(1, "qualified".into());
    }
    change(&mut db, "stage", |column| {
        column.default = Some(Expr::new("'qualified'::public.deal_stage"));
    });
    insta::assert_snapshot!(script(&from, &db.done()));
}

#[test]
fn a_dropped_column_is_data_loss_and_says_of_what() {
    let from = product().done();
    let mut builder = product().done().into_builder();
    let kept: Vec<Node> = builder.nodes_mut().map(|n| n.clone()).collect();
    let mut without = model::schema::Builder::default();
    for node in kept {
        if node.id.part != "from" && node.id.part != "from_not_empty" {
            without.insert(node).expect("a new id");
        }
    }
    let plan = plan(&from, &without.finish(), &Options::default()).expect("a plan");
    let hazards: Vec<_> = plan.hazards().map(|(_, hazard)| hazard).collect();
    assert_eq!(plan.steps.len(), 1, "the check goes with its column");
    assert_eq!(hazards[0].kind, HazardKind::DataLoss);
    assert_eq!(hazards[0].message, "the values of deals.from are gone");
    assert_eq!(
        plan.steps[0].lossy.as_deref(),
        Some("the values of deals.from are gone")
    );
}
