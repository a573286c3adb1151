//! Drift: nothing is reported after the migrations, and something after any change by hand.
//!
//! Both sides are read from a catalog, so every expression is in the server's own form.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use migrations::catalog::{self, ReadOptions};
use model::quote::{ident, object, qualified};
use model::schema::{ConstraintBody, Schema};
use model::{Id, Kind};

use super::{Ground, GroundTest, Subject, Test};
use crate::checks::Family;
use crate::rows::Stop;

/// One object on which two schemas differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) id: Id,
    what: &'static str,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.id.kind.word(), self.id, self.what)
    }
}

/// The objects on which `have` is not what `want` says, in order.
pub(crate) fn differences(have: &Schema, want: &Schema) -> Vec<Difference> {
    let ids: BTreeSet<&Id> = have
        .nodes()
        .chain(want.nodes())
        .map(|node| &node.id)
        .collect();
    let difference = |id: &Id| match (have.get(id), want.get(id)) {
        (Some(have), Some(want)) if have.conforms_to(want) => None,
        (Some(_), Some(_)) => Some("is different"),
        (Some(_), None) => Some("should not be there"),
        (None, _) => Some("is missing"),
    };
    ids.into_iter()
        .filter_map(|id| {
            Some(Difference {
                id: id.clone(),
                what: difference(id)?,
            })
        })
        .collect()
}

pub(super) fn tests(subject: &Subject, found: &mut Vec<Test>) {
    let id = Id::global(Kind::Schema, subject.default_schema.clone());
    found.push(Test::Ground(GroundTest {
        name: "drift: nothing is reported after the migrations".into(),
        subject: id,
        family: Family::Drift,
        needs: &[],
        run: Arc::new(|ground| found_after(ground, None)),
    }));
    for (id, what, sql) in changes(&subject.schema) {
        let expected = id.clone();
        found.push(Test::Ground(GroundTest {
            name: format!("drift: reports {what}"),
            subject: id,
            family: Family::Drift,
            needs: &[],
            run: Arc::new(move |ground| found_after(ground, Some((&expected, &sql)))),
        }));
    }
}

/// Compares the migrated catalog with the one made directly, after a change made by hand.
fn found_after(ground: &Ground, change: Option<(&Id, &str)>) -> Result<(), Stop> {
    let want = ground.direct()?;
    let live = ground.migrated()?;
    let mut live = live.connect()?;
    let Some((id, sql)) = change else {
        let different = differences(&ground.read(&mut live)?, &want);
        return match different.first() {
            None => Ok(()),
            Some(first) => Err(Stop::Failed(format!("reported without a change: {first}"))),
        };
    };
    let mut transaction = live.transaction()?;
    transaction.batch_execute(sql)?;
    let options = ReadOptions::without_platforms().in_transaction();
    let have = catalog::read(&mut transaction, &options)
        .map_err(|error| Stop::Fault(error.to_string()))?
        .schema;
    let different = differences(&have, &want);
    if different.iter().any(|d| d.id == *id) {
        return Ok(());
    }
    let list: Vec<String> = different.iter().map(ToString::to_string).collect();
    Err(Stop::Failed(format!(
        "after\n  {sql}\nnothing was reported on {} {id}, only [{}]",
        id.kind.word(),
        list.join(", ")
    )))
}

/// A change by hand to the first object of each kind that the model has.
fn changes(schema: &Schema) -> Vec<(Id, String, String)> {
    let mut found = Vec::new();
    let mut add = |id: &Id, what: &str, sql: String| {
        found.push((id.clone(), format!("{what} ({id})"), sql));
    };
    let tables: Vec<&Id> = schema
        .tables()
        .filter(|(n, _)| !n.external)
        .map(|(n, _)| &n.id)
        .collect();
    let Some(first) = tables.first() else {
        return found;
    };
    let alter = |table: &Id| format!("ALTER TABLE {}", qualified(&table.schema, &table.name));
    let extra = first.within(Kind::Column, "added_by_hand");
    add(
        &extra,
        "a column that was added",
        format!("{} ADD added_by_hand text", alter(first)),
    );
    let columns: Vec<_> = tables.iter().flat_map(|t| schema.columns(t)).collect();
    let in_table = |id: &Id| alter(&Id::table(id.schema.clone(), id.name.clone()));
    if let Some((node, _)) = columns
        .iter()
        .find(|(_, c)| !c.not_null && c.generated.is_none())
    {
        let column = ident(&node.id.part);
        let sql = format!("{} ALTER {column} SET NOT NULL", in_table(&node.id));
        add(&node.id, "a column that was made not null", sql);
    }
    if let Some((node, _)) = columns.iter().find(|(_, c)| c.default.is_some()) {
        let column = ident(&node.id.part);
        let sql = format!("{} ALTER {column} DROP DEFAULT", in_table(&node.id));
        add(&node.id, "a default that was dropped", sql);
    }
    let constraints: Vec<_> = tables.iter().flat_map(|t| schema.constraints(t)).collect();
    type Wanted = fn(&ConstraintBody) -> bool;
    let kinds: [(&str, Wanted); 2] = [
        ("a check that was dropped", |b| {
            matches!(b, ConstraintBody::Check(_))
        }),
        ("a foreign key that was dropped", |b| {
            matches!(b, ConstraintBody::ForeignKey(_))
        }),
    ];
    for (what, wanted) in kinds {
        if let Some((node, _)) = constraints
            .iter()
            .find(|(_, c)| wanted(&c.body) && !c.inherited)
        {
            let name = ident(&node.id.part);
            add(
                &node.id,
                what,
                format!("{} DROP CONSTRAINT {name}", in_table(&node.id)),
            );
        }
    }
    if let Some((node, _)) = tables
        .iter()
        .flat_map(|t| schema.indexes(t))
        .find(|(_, i)| i.parent.is_none())
    {
        add(
            &node.id,
            "an index that was dropped",
            format!("DROP INDEX {}", object(&node.id)),
        );
    }
    if let Some((node, _)) = tables
        .iter()
        .flat_map(|t| schema.triggers(t))
        .find(|(_, t)| !t.inherited)
    {
        let name = ident(&node.id.part);
        let sql = format!("{} DISABLE TRIGGER {name}", in_table(&node.id));
        add(&node.id, "a trigger that was disabled", sql);
    }
    if let Some((node, _)) = tables.iter().flat_map(|t| schema.policies(t)).next() {
        let table = qualified(&node.id.schema, &node.id.name);
        let sql = format!("DROP POLICY {} ON {table}", ident(&node.id.part));
        add(&node.id, "a policy that was dropped", sql);
    }
    if let Some((node, _)) = schema.tables().find(|(n, t)| t.row_security && !n.external) {
        let sql = format!("{} DISABLE ROW LEVEL SECURITY", alter(&node.id));
        add(&node.id, "row-level security that was disabled", sql);
    }
    let granted = schema
        .tables()
        .find(|(n, _)| !n.external && !n.privileges.is_empty());
    if let Some((node, role)) = granted.and_then(|(n, _)| Some((n, n.privileges.keys().next()?))) {
        let table = qualified(&node.id.schema, &node.id.name);
        let sql = format!("REVOKE ALL ON {table} FROM {}", role_name(role));
        add(&node.id, "a grant that was revoked", sql);
    }
    add(
        first,
        "a comment that was changed",
        format!(
            "COMMENT ON TABLE {} IS 'changed by hand'",
            qualified(&first.schema, &first.name)
        ),
    );
    found
}

fn role_name(role: &str) -> String {
    if role == model::schema::PUBLIC {
        "PUBLIC".to_owned()
    } else {
        ident(role).into_owned()
    }
}
