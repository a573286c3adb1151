//! What `pg_graphql` tells of the schema is for whom the tables are.

use model::schema::Privilege;
use model::{Id, Kind, Schema};

use super::{Advice, look};

pub(super) const WHY: &str = "`pg_graphql` shows the names of a table, its columns and its relations to \
    every role that may select one of its columns; row-level security hides the rows only.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    if schema
        .get(&Id::global(Kind::Extension, "pg_graphql"))
        .is_none()
    {
        return;
    }
    let select = [Privilege::Select];
    for node in [Kind::Table, Kind::View]
        .into_iter()
        .flat_map(|kind| schema.of_kind(kind))
    {
        // The root of partitions is not shown; they are.
        let parted = node
            .object
            .as_table()
            .is_some_and(|t| t.partition_key.is_some());
        let columns = schema.parts(&node.id, Kind::Column);
        let mut open = std::iter::once(node).chain(columns);
        let role = open.find_map(|n| look::open_to(n, &select));
        if let (Some(role), false) = (role, parted) {
            let fact = format!("pg_graphql tells {role} the columns of {}", node.id.name);
            let help = "revoke select, drop the extension, or accept it where that is meant";
            advice.about(node, fact, help);
        }
    }
}

#[test]
fn only_what_outside_roles_may_select_is_named() {
    let model = "extension pg_graphql\nexternal role anon\nrole clerk\n\
        table a {\n  id bigint primary key\n  grant select (id) to anon\n}\n\
        table b {\n  id bigint primary key\n  grant select to clerk\n}\n";
    let said = super::said("graphql_names_table", model);
    assert_eq!(said, ["4: pg_graphql tells anon the columns of a"]);
    let without = model.replace("extension pg_graphql\n", "");
    assert!(super::said("graphql_names_table", &without).is_empty());
}
