//! The first migration and its way back.

use model::Schema;
use model::schema::{Expr, Object, Privilege};

use super::build::Db;
use super::{script, script_down};

/// Two tables that refer to each other, an enum, access: what a small product has.
pub(crate) fn product() -> Db {
    let mut db = Db::default();
    db.enumeration("deal_stage", &["inquiry", "touring", "closed"]);
    let deals = db.table("deals");
    deals.comment = Some("One client's search for a space.".into());
    db.column("deals", "owner_id", "uuid");
    db.column("deals", "favourite_id", "bigint?").comment = Some("the one they'd take".into());
    db.with_default(
        "deals",
        "stage",
        "public.deal_stage",
        "'inquiry'::public.deal_stage",
    );
    db.column("deals", "from", "text?");
    db.check("deals", "from_not_empty", "\"from\" <> ''");
    db.references("deals", "favourite_id", "spaces");
    db.index("deals", "deals_stage_idx", &["stage"]);
    db.policy("deals", "owner", "owner_id = auth.uid()");
    db.grant("deals", &[Privilege::Select, Privilege::Insert]);
    db.secure("deals");
    db.table("spaces");
    db.column("spaces", "deal_id", "bigint");
    db.references("spaces", "deal_id", "deals");
    db.table("tours");
    db.column("tours", "space_id", "bigint");
    db.references("tours", "space_id", "spaces");
    db
}

#[test]
fn reads_as_a_careful_person_would_write_it() {
    insta::assert_snapshot!(script(&Schema::default(), &product().done()));
}

#[test]
fn down_leaves_nothing() {
    insta::assert_snapshot!(script_down(&Schema::default(), &product().done()));
}

#[test]
fn nothing_between_equals() {
    let schema = product().done();
    assert_eq!(script(&schema, &schema), "");
}

#[test]
fn a_policy_stands_before_row_security_holds() {
    let text = script(&Schema::default(), &product().done());
    let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part}"));
    assert!(at("GRANT") < at("CREATE POLICY"));
    assert!(at("CREATE POLICY") < at("ENABLE ROW LEVEL SECURITY"));
}

#[test]
fn a_default_of_its_own_keeps_its_column_from_being_serial() {
    let mut db = product();
    db.column("tours", "number", "bigint");
    let mut schema = db.done().into_builder();
    let id = model::Id::column("public", "tours", "number");
    if let Some(Object::Column(column)) = schema.get_mut(&id).map(|n| &mut n.object) {
        column.default = Some(Expr::new("nextval('public.other'::regclass)"));
    }
    let text = script(&Schema::default(), &schema.finish());
    assert!(text.contains("DEFAULT nextval('public.other'::regclass)"));
}
