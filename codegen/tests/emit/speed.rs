//! How long the emitters take. Ignored: a time is no verdict on a busy machine.

use std::time::Instant;

use codegen::emit::{Options, rust};

use super::build::{Build, column, with_default};

#[test]
#[ignore = "prints a time; run it with --release -- --ignored --nocapture"]
fn a_thousand_tables() {
    let mut build = Build::default();
    for number in 0..1000 {
        let table = format!("table_{number}");
        build
            .table(&table, "Rows of something.")
            .primary_key(&table, &["id"]);
        build.column(&table, "id", with_default("bigint", "nextval('s')"), "");
        for place in 0..10 {
            let ty = [
                "text",
                "integer?",
                "numeric",
                "jsonb?",
                "timestamp with time zone",
            ][place % 5];
            build.column(&table, &format!("column_{place}"), column(ty), "");
        }
        build.check(
            &table,
            "status_check",
            "column_0 in ('pending', 'sent', 'archived')",
        );
    }
    let schema = build.finish();
    for _ in 0..3 {
        let start = Instant::now();
        let files = rust(&schema, &Options::default());
        let bytes: usize = files.iter().map(|(_, text)| text.len()).sum();
        println!(
            "{} files, {bytes} bytes: {:?}",
            files.len(),
            start.elapsed()
        );
    }
}
