//! A queue's messages are for its readers.

use model::Schema;

use super::Advice;

pub(super) const WHY: &str = "The tables of `pgmq` can be reached through its exposed functions; \
    without row-level security whoever may call them reads and takes every message.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (node, table) in schema.tables() {
        let queue = node.id.schema == "pgmq" && node.id.name.starts_with("q_");
        if queue && !table.row_security {
            let fact = format!("every message of {} can be read and taken", node.id.name);
            advice.about(node, fact, "write policies, or `rls enabled` to close it");
        }
    }
}

#[test]
fn a_queue_with_row_security_is_fine() {
    let model = "schema pgmq\ntable pgmq.q_mails {\n  id bigint primary key\n}\n\
        table pgmq.q_jobs {\n  id bigint primary key\n  rls enabled\n}\n";
    let said = super::said("queue_open", model);
    assert_eq!(said, ["2: every message of q_mails can be read and taken"]);
}
