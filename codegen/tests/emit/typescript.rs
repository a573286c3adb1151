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

/// TypeScript's own compiler, where `PILASTER_TSC` names it (`.ci/typescript.sh` fetches it): what is
/// written compiles, takes values that fit, and refuses those that don't.
#[test]
fn the_compiler_takes_what_fits_and_refuses_what_does_not() {
    let Some(compiler) = std::env::var_os("PILASTER_TSC") else {
        println!("skipped: PILASTER_TSC names no TypeScript compiler");
        return;
    };
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime/tests");
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let compile = || {
        let output = std::process::Command::new(&compiler)
            .args(["--noEmit", "--strict", "--exactOptionalPropertyTypes"])
            .args(["--target", "es2022", "--module", "esnext"])
            .args(["--moduleResolution", "bundler"])
            .args(["--pretty", "false", "uses.ts", "shapes.ts"])
            .args(["everything.ts"])
            .current_dir(&folder)
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    write("everything.ts", &typescript(&everything::schema()));
    write("shapes.ts", &typescript(&model_of(&tests.join("shapes"))));
    let uses = include_str!("uses.ts");
    write("uses.ts", uses);
    assert_eq!(compile(), "");
    // Every line that is expected to be refused is: without the mark, each is an error.
    write("uses.ts", &uses.replace("// @ts-expect-error", "//"));
    let errors = compile();
    let marks = uses.matches("// @ts-expect-error").count();
    assert_eq!(
        errors.lines().filter(|l| l.starts_with("uses.ts(")).count(),
        marks,
        "{errors}"
    );
}
