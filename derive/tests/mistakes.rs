//! Mistakes in using the derives: each in a folder named for it, with what the compiler says.

#[test]
fn each_mistake_is_explained_where_it_is_made() {
    trybuild::TestCases::new().compile_fail("tests/mistakes/*/main.rs");
}
