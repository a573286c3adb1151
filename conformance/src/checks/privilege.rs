//! Privileges that no harmless statement shows: the server is asked for them by name.
//!
//! On tables `TRUNCATE`, `REFERENCES` and `TRIGGER`; on columns, schemas, sequences, functions and
//! views all of them.

use std::collections::BTreeSet;

use model::quote::{literal, object, qualified};
use model::schema::{Name, Node, PUBLIC, Privilege, Schema};
use model::{Id, Kind};

use super::{Check, Family, said};
use crate::rows::Stop;

pub(super) fn checks(schema: &Schema, found: &mut Vec<Check>) {
    for node in schema.nodes().filter(|n| !n.external) {
        let (function, privileges, by_default): (_, &[Privilege], bool) = match node.id.kind {
            Kind::Table => ("has_table_privilege", ON_TABLES, false),
            Kind::View => ("has_table_privilege", ON_VIEWS, false),
            Kind::Column => ("has_column_privilege", ON_COLUMNS, false),
            Kind::Schema => ("has_schema_privilege", ON_SCHEMAS, false),
            Kind::Sequence => ("has_sequence_privilege", ON_SEQUENCES, false),
            Kind::Function => ("has_function_privilege", &[Privilege::Execute], true),
            _ => continue,
        };
        for role in grantees(schema, node) {
            for &privilege in privileges {
                let has = |who: &str| {
                    let own = node.privileges.get(&Name::from(who));
                    own.is_some_and(|p| p.contains_key(&privilege))
                };
                let to_all = has(PUBLIC)
                    || (by_default && !node.privileges.contains_key(&Name::from(PUBLIC)));
                let whole_table =
                    node.id.kind == Kind::Column && on_table(schema, &node.id, &role, privilege);
                // The catalog of a column says nothing of what the table grants.
                let granted = has(&role) || to_all || whole_table;
                push(node, &role, privilege, granted, function, found);
            }
        }
    }
}

const ON_TABLES: &[Privilege] = &[
    Privilege::Truncate,
    Privilege::References,
    Privilege::Trigger,
];
const ON_VIEWS: &[Privilege] = &[
    Privilege::Select,
    Privilege::Insert,
    Privilege::Update,
    Privilege::Delete,
];
const ON_COLUMNS: &[Privilege] = &[
    Privilege::Select,
    Privilege::Insert,
    Privilege::Update,
    Privilege::References,
];
const ON_SCHEMAS: &[Privilege] = &[Privilege::Usage, Privilege::Create];
const ON_SEQUENCES: &[Privilege] = &[Privilege::Usage, Privilege::Select, Privilege::Update];

/// Whom the node grants something, or grants something less than usual; of those, the ones that
/// have nothing but what they are granted.
fn grantees(schema: &Schema, node: &Node) -> BTreeSet<Name> {
    let plain = |role: &&Name| {
        let own = schema.get(&Id::global(Kind::Role, (*role).clone()));
        let more = |r: &model::schema::Role| r.superuser || !r.member_of.is_empty();
        !own.and_then(|n| n.object.as_role()).is_some_and(more)
            && node.owner.as_ref() != Some(*role)
    };
    let mut named: BTreeSet<&Name> = node.privileges.keys().collect();
    // Who may read one column is asked about the others too.
    if let Some(table) = node.id.relation().filter(|_| node.id.kind == Kind::Column) {
        let columns = schema.parts(&table, Kind::Column);
        named.extend(columns.flat_map(|column| column.privileges.keys()));
    }
    named.into_iter().filter(plain).cloned().collect()
}

fn on_table(schema: &Schema, column: &Id, role: &Name, privilege: Privilege) -> bool {
    let relation = schema.relation(&column.schema, &column.name);
    relation.is_some_and(|node| {
        [role.as_str(), PUBLIC].iter().any(|who| {
            let own = node.privileges.get(&Name::from(*who));
            own.is_some_and(|p| p.contains_key(&privilege))
        })
    })
}

fn push(
    node: &Node,
    role: &Name,
    privilege: Privilege,
    granted: bool,
    function: &'static str,
    found: &mut Vec<Check>,
) {
    let id = &node.id;
    let on = match id.kind {
        Kind::Column => {
            let relation = literal(&qualified(&id.schema, &id.name));
            format!("{relation}, {}", literal(&id.part))
        }
        Kind::Schema => literal(&id.name),
        _ => literal(&object(id)),
    };
    let verb = privilege.sql();
    let sql = format!(
        "SELECT {function}({}, {on}, '{verb}') AS yes",
        literal(role)
    );
    let may = if granted { "may" } else { "may not" };
    let name = format!("{}: {role} {may} {}", said(id), verb.to_lowercase());
    let role = role.clone();
    let check = Check::new(Family::Access, id, name, move |bench| {
        // Superusers and members of other roles have more than they are granted.
        let exempt = format!(
            "SELECT coalesce(bool_or(r.rolsuper OR m.roleid IS NOT NULL), false) AS yes \
             FROM pg_roles r LEFT JOIN pg_auth_members m ON m.member = r.oid WHERE r.rolname = {}",
            literal(&role)
        );
        let yes = |rows: Vec<crate::rows::TextRow>| {
            let first = rows.into_iter().next();
            first
                .and_then(|mut row| row.remove("yes").flatten())
                .as_deref()
                == Some("t")
        };
        let exempt = yes(bench.query(&exempt)?);
        let has = yes(bench.query(&sql)?);
        match (granted, has) {
            (true, true) | (false, false) => Ok(()),
            (false, true) if exempt => Ok(()),
            (true, false) => Err(Stop::Failed(format!("{role} may not"))),
            (false, true) => Err(Stop::Failed(format!("{role} may"))),
        }
    });
    found.push(check.of_lists());
}
