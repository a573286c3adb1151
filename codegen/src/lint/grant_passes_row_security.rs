//! Privileges that no policy limits are not given along with the others.

use model::Schema;
use model::schema::Privilege;

use super::{Advice, look};

pub(super) const WHY: &str = "`truncate` empties a table whatever its policies say, and `trigger` \
    lets a role attach a function that others then run. `grant all` gives both.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (node, _) in schema.tables().filter(|(_, table)| table.row_security) {
        for (role, privileges) in &node.privileges {
            let past = [Privilege::Truncate, Privilege::Trigger];
            let past: Vec<_> = past
                .into_iter()
                .filter(|p| privileges.contains_key(p))
                .map(|p| p.sql().to_lowercase())
                .collect();
            if past.is_empty() || look::passes_row_security(schema, role) {
                continue;
            }
            let fact = format!(
                "{role} may {} {}, which no policy limits",
                past.join(" and "),
                node.id.name
            );
            let help = "grant `select, insert, update, delete`, as far as they are needed";
            advice.about(node, fact, help);
        }
    }
}

#[test]
fn grant_all_is_more_than_the_four() {
    let model = "role app\nrole keeper bypassrls\n\
        table a {\n  id bigint primary key\n  rls enabled\n  grant all to app\n  grant all to keeper\n}\n\
        table b {\n  id bigint primary key\n  rls enabled\n  grant select to app\n}\n";
    let said = super::said("grant_passes_row_security", model);
    assert_eq!(
        said,
        ["3: app may truncate and trigger a, which no policy limits"]
    );
}
