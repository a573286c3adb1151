//! A key over everybody's rows tells what others have.

use model::schema::{Column, ConstraintBody, Index, KeyTerm, Name, Policy, Privilege};
use model::{Id, Node, Schema};

use super::{Advice, look};

pub(super) const WHY: &str = "A unique key counts rows that a policy hides. Whoever inserts an \
    address and is refused knows that somebody has it; with `on conflict do nothing` without a trace.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (table, _) in schema.tables().filter(|(_, own)| own.row_security) {
        let keys = schema
            .constraints(&table.id)
            .filter_map(|(node, c)| match &c.body {
                ConstraintBody::PrimaryKey(key) | ConstraintBody::Unique(key) => {
                    Some((node, key.columns.clone()))
                }
                _ => None,
            });
        let indexes = schema.indexes(&table.id).filter(|(_, index)| index.unique);
        let indexes = indexes.map(|(node, index)| (node, columns(index)));
        for (node, key) in keys.chain(indexes) {
            let guessed = key.iter().all(|name| {
                let column = schema.column(&table.id, name);
                column.is_some_and(|c| !is_made_up(c)) && !asked(schema, &table.id, name)
            });
            let role = hidden_from(schema, table).filter(|_| guessed && !key.is_empty());
            if let Some(role) = role {
                let fact = format!(
                    "{} tells {role} which {} rows of others have",
                    node.id.part,
                    look::list(&key)
                );
                let help = "put whose row it is into the key, or accept that it can be told";
                advice.about(node, fact, help);
            }
        }
    }
}

fn columns(index: &Index) -> Vec<Name> {
    let own = index.keys.iter().filter_map(|key| match &key.term {
        KeyTerm::Column(name) => Some(name.clone()),
        KeyTerm::Expr(_) => None,
    });
    own.collect()
}

/// Numbers that are drawn and identifiers that nobody guesses tell nothing.
fn is_made_up(column: &Column) -> bool {
    column.identity.is_some() || column.default.is_some() || column.ty.is("uuid")
}

/// Whether a policy compares the column: then the key is each caller's own.
fn asked(schema: &Schema, table: &Id, name: &Name) -> bool {
    let mut exprs = schema.policies(table).filter_map(|(_, p)| p.using.as_ref());
    exprs.any(|expr| look::columns_named(expr, table).contains(name))
}

/// A role that may write the table and does not see every row of it.
fn hidden_from<'a>(schema: &'a Schema, table: &'a Node) -> Option<&'a Name> {
    let sees_all = |role: &Name| {
        let open = |p: &Policy| {
            p.permissive
                && look::reads(p.command)
                && look::is_for(p, role)
                && p.using.as_ref().is_some_and(look::is_true)
        };
        schema.policies(&table.id).any(|(_, p)| open(p))
    };
    let writes = |privileges: &model::schema::Privileges| {
        privileges.contains_key(&Privilege::Insert) || privileges.contains_key(&Privilege::Update)
    };
    let mut roles = table.privileges.iter().filter(|(_, p)| writes(p));
    roles
        .find(|(role, _)| !look::passes_row_security(schema, role) && !sees_all(role))
        .map(|(role, _)| role)
}

#[test]
fn a_key_with_whose_row_it_is_tells_nothing() {
    let model = "role app\nexternal schema auth\nexternal function auth.uid() returns uuid\n\
        table a {\n  id bigint identity primary key\n  owner uuid\n  email text unique\n  name text\n  \
        unique (owner, name)\n  policy p for all to app using (owner = (select auth.uid()))\n  \
        grant select, insert to app\n}\n";
    let said = super::said("unique_key_reveals_rows", model);
    assert_eq!(
        said,
        ["7: a_email_key tells app which email rows of others have"]
    );
}
