//! A column holds names of objects as text, or as something that survives an upgrade.

use model::Schema;

use super::{Advice, look};

pub(super) const WHY: &str = "`pg_upgrade` refuses a database with a column of these types: they \
    hold numbers of objects, which are others on the new server.";

const TYPES: [&str; 8] = [
    "regcollation",
    "regconfig",
    "regdictionary",
    "regnamespace",
    "regoper",
    "regoperator",
    "regproc",
    "regprocedure",
];

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (node, column) in look::columns(schema) {
        if let Some(ty) = TYPES.into_iter().find(|ty| column.ty.is(ty)) {
            let fact = format!("{} is a {ty}, which no upgrade takes along", node.id.part);
            advice.about(node, fact, "use `text` and cast where it is asked");
        }
    }
}

#[test]
fn a_number_of_an_object_is_named() {
    let model = "table a {\n  id bigint primary key\n  f regproc\n  t text\n}\n";
    let said = super::said("reg_type_column", model);
    assert_eq!(said, ["3: f is a regproc, which no upgrade takes along"]);
}
