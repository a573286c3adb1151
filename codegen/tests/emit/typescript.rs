//! The TypeScript types, of everything there is and of every shape.

use std::path::Path;

use codegen::emit::typescript;

use super::everything;
use super::rust::model_of;

#[test]
fn rows_enums_and_documents_are_types() {
    insta::assert_snapshot!(typescript(&everything::schema()));
}

#[test]
fn every_shape_is_a_type() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime/tests");
    insta::assert_snapshot!(typescript(&model_of(&tests.join("shapes"))));
}
