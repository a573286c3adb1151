//! A reference to an account goes by its key.

use model::Schema;
use model::schema::ConstraintBody;

use super::{Advice, look};

pub(super) const WHY: &str = "Of the platform's tables only the primary keys are promised. Its other \
    unique constraints may go with an upgrade, and take the foreign key along or stop it.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (table, _) in schema.tables() {
        for (node, constraint) in schema.constraints(&table.id) {
            let ConstraintBody::ForeignKey(key) = &constraint.body else {
                continue;
            };
            let primary = schema.primary_key(&key.target);
            if key.target.schema == "auth" && !primary.is_empty() && primary != key.target_columns {
                let fact = format!(
                    "{} refers to auth.{} by {}, which is not its key",
                    node.id.part,
                    key.target.name,
                    look::list(&key.target_columns)
                );
                advice.about(node, fact, "refer to its primary key");
            }
        }
    }
}

#[test]
fn a_reference_to_the_key_is_fine() {
    let model = "platform supabase\ntable a {\n  id bigint primary key\n  owner uuid references auth.users\n  \
        phone text references auth.users (phone)\n}\n";
    let mut said = super::said("foreign_key_to_auth_unique", model);
    said.sort();
    assert_eq!(
        said,
        ["5: a_phone_fkey refers to auth.users by phone, which is not its key"]
    );
}
