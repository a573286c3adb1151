//! Renames that the model says, and those it doesn't.

use migrations::plan::{Action, Options, detect_likely_renames, plan};
use model::schema::{Id, Name};

use super::build::Db;
use super::{script, script_down};

fn before() -> Db {
    let mut db = Db::default();
    db.table("deals");
    db.column("deals", "remarks", "text?");
    db.check("deals", "remarks_short", "length(remarks) < 100");
    db.index("deals", "deals_remarks_idx", &["remarks"]);
    db.table("tours");
    db.column("tours", "deal_id", "bigint");
    db.references("tours", "deal_id", "deals");
    db
}

fn after(said: bool) -> Db {
    let mut db = Db::default();
    let table = db.table("searches");
    table.hints.was = said.then(|| Name::from("deals"));
    let notes = db.column("searches", "notes", "text?");
    notes.hints.was = said.then(|| Name::from("remarks"));
    db.check("searches", "remarks_short", "length(notes) < 100");
    db.index("searches", "searches_notes_idx", &["notes"]);
    db.table("tours");
    db.column("tours", "deal_id", "bigint");
    db.references("tours", "deal_id", "searches");
    db.builder.nodes_mut().for_each(|node| {
        if node.id.part == "remarks_short" {
            node.needs = vec![Id::column("public", "searches", "notes")];
        }
    });
    db
}

#[test]
fn a_table_and_its_column_keep_their_rows() {
    let (from, to) = (before().done(), after(true).done());
    insta::assert_snapshot!("up", script(&from, &to));
    insta::assert_snapshot!("down", script_down(&from, &to));
}

#[test]
fn a_name_that_moves_on_makes_room() {
    let mut before = Db::default();
    before.table("notes");
    before.column("notes", "a", "text?");
    before.column("notes", "b", "text?");
    let mut after = Db::default();
    after.table("mails").hints.was = Some(Name::from("notes"));
    after.column("mails", "b", "text?").hints.was = Some(Name::from("a"));
    after.column("mails", "c", "text?").hints.was = Some(Name::from("b"));
    after.table("notes");
    let script = script(&before.done(), &after.done());
    let place = |text: &str| {
        script
            .find(text)
            .unwrap_or_else(|| panic!("{text}: {script}"))
    };
    assert!(place("RENAME COLUMN b TO c") < place("RENAME COLUMN a TO b"));
    assert!(place("RENAME TO mails") < place("CREATE TABLE public.notes"));
    assert!(!script.contains("DROP"), "{script}");
}

#[test]
fn what_follows_a_rename_follows_it() {
    let plan = plan(&before().done(), &after(true).done(), &Options::default()).expect("a plan");
    let renames = plan
        .steps
        .iter()
        .filter(|s| matches!(s.action, Action::Rename { .. }))
        .count();
    assert_eq!(renames, plan.steps.len(), "{plan:#?}");
}

#[test]
fn what_is_not_said_is_asked() {
    let suspected = detect_likely_renames(&before().done(), &{
        let mut db = before();
        let columns = Id::column("public", "deals", "remarks");
        let node = db.builder.get(&columns).expect("the column").clone();
        let mut other = Db::default();
        other.table("deals");
        other
            .add(Id::column("public", "deals", "notes"), node.object)
            .ordinal = node.ordinal;
        other.table("tours");
        other.column("tours", "deal_id", "bigint");
        let _ = &mut db;
        other.done()
    });
    assert_eq!(suspected.len(), 1);
    assert_eq!(suspected[0].to.part, "notes");
}
