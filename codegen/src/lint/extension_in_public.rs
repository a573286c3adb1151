//! An extension has a schema of its own.

use model::{Kind, Schema};

use super::Advice;

pub(super) const WHY: &str = "What an extension brings stands in its schema: in `public` its \
    functions are open to the API and its names are in the way of the application's.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for node in schema.of_kind(Kind::Extension) {
        let Some(extension) = node.object.as_extension() else {
            continue;
        };
        if extension
            .schema
            .as_ref()
            .is_some_and(|name| *name == "public")
        {
            let fact = format!("{} is installed in public", node.id.name);
            advice.about(node, fact, "write `in schema extensions`");
        }
    }
}

#[test]
fn one_in_public_is_named() {
    let model =
        "schema tools\nextension pg_trgm in schema public\nextension citext in schema tools\n";
    let said = super::said("extension_in_public", model);
    assert_eq!(said, ["2: pg_trgm is installed in public"]);
}
