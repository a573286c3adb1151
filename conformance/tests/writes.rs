//! Tables that are only ever added to, and tables that are audited, as a model says it: seen to hold,
//! and seen to fail.

mod common;

use common::{holds_of, modelled};
use conformance::Family;

#[test]
fn rows_that_are_only_added_are_neither_changed_nor_deleted() {
    let (schema, script) = modelled(
        "table orders { id bigint primary key }
table payments {
  id        bigint   identity  primary key
  order_id  bigint   references orders
  cents     integer  check (cents > 0)
  append only
}
table visits partition by range (at) {
  at    date
  page  text
  append only
}
table visits_2026 partition of visits for values from ('2026-01-01') to ('2027-01-01')
",
    );
    holds_of(
        Family::Trigger,
        &schema,
        &script,
        &[
            (
                "DROP TRIGGER payments_append_only ON payments",
                &[
                    "payments: append only refuses a change",
                    "payments: append only refuses to delete",
                    "payments: trigger payments_append_only fires on delete",
                    "payments: trigger payments_append_only fires on update",
                ],
            ),
            (
                "ALTER TABLE payments DISABLE TRIGGER payments_append_only_truncate",
                &[
                    "payments: append only refuses to truncate",
                    "payments: trigger payments_append_only_truncate fires on truncate",
                ],
            ),
            (
                "DROP TRIGGER visits_2026_append_only_truncate ON visits_2026",
                &[
                    "visits_2026: append only refuses to truncate",
                    "visits_2026: trigger visits_2026_append_only_truncate fires on truncate",
                ],
            ),
            (
                "CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS \
                 $$ BEGIN RETURN COALESCE(NEW, OLD); END $$",
                &[
                    "payments: append only refuses a change",
                    "payments: append only refuses to delete",
                    "payments: append only refuses to truncate",
                    "visits: append only refuses a change",
                    "visits: append only refuses to delete",
                    "visits: append only refuses to truncate",
                    "visits_2026: append only refuses to truncate",
                ],
            ),
        ],
    );
}

const AUDITED: &str = "
enum operation { insert, update, delete }
table audit_log {
  id          bigint     identity  primary key
  actor       text       default session_user
  operation   operation  trail operation
  table_name  text       trail table
  row_key     jsonb      trail key
  tenant      uuid?      trail column
  was         jsonb?     trail before
  is          jsonb?     trail after
  changes     jsonb      trail changes
  rls enabled
  append only
}
table members {
  id             uuid  primary key
  tenant         uuid
  email          text
  password_hash  text?
  deleted_at     timestamptz?  soft delete
  updated_at     timestamptz   default now()  touch
  audited into audit_log except (password_hash)
}
table seats {
  row   integer
  seat  text
  held  boolean
  \"taken by, or null\"  text?
  primary key (row, seat)
  audited into audit_log except (\"taken by, or null\")
}
table visits partition by range (at) {
  at    date
  page  text
  note  text?
  primary key (at, page)
  audited into audit_log
}
table visits_2026 partition of visits for values from ('2026-01-01') to ('2027-01-01')
";

#[test]
fn every_change_of_an_audited_row_is_written_down() {
    let (schema, script) = modelled(AUDITED);
    let (insert, change, deletion) = (
        "an insert is written into audit_log",
        "a change is written into audit_log",
        "a deletion is written into audit_log",
    );
    let of = |table: &str, what: &str| format!("{table}: {what}");
    let all = |what: &str| ["members", "seats", "visits"].map(|table| of(table, what));
    let hash = "members.password_hash: never gets into audit_log".to_owned();
    let taken = "seats.taken by, or null: never gets into audit_log".to_owned();
    let fires = |event: &str| {
        of(
            "members",
            &format!("trigger members_audited fires on {event}"),
        )
    };
    let broken = |from: &str, to: &str| {
        // The function as the model has it, but for these words.
        format!(
            "DO $do$ DECLARE f text := pg_get_functiondef('audit_log_trail'::regproc); BEGIN \
             IF strpos(f, {from}) = 0 THEN RAISE 'there is no %', {from}; END IF; \
             EXECUTE replace(f, {from}, {to}); END $do$",
            from = model::quote::literal(from),
            to = model::quote::literal(to)
        )
    };
    let ways: Vec<(String, Vec<String>)> = vec![
        (
            "DROP TRIGGER members_audited ON members".into(),
            vec![
                of("members", change),
                of("members", deletion),
                of("members", insert),
                fires("delete"),
                fires("insert"),
                fires("update"),
                hash.clone(),
            ],
        ),
        (
            "DROP TRIGGER visits_2026_audited_truncate ON visits_2026".into(),
            vec![
                "visits_2026: audited refuses to truncate".into(),
                "visits_2026: trigger visits_2026_audited_truncate fires on truncate".into(),
            ],
        ),
        (broken(" - tg_argv[2]::text[]", ""), {
            // Nor is a line then what it should be.
            let of_both = ["members", "seats"]
                .map(|table| [change, deletion, insert].map(|what| of(table, what)));
            [of_both.concat(), vec![hash.clone(), taken.clone()]].concat()
        }),
        (broken("lower(tg_op)", "'update'"), {
            let (inserts, deletes) = (all(insert), all(deletion));
            inserts.into_iter().chain(deletes).collect()
        }),
        (
            broken("coalesce(to_jsonb(new), to_jsonb(old))", "to_jsonb(new)"),
            all(deletion).into(),
        ),
        (
            broken("is distinct from after", "= after"),
            [all(insert), all(change), all(deletion)].concat(),
        ),
        (
            broken("tg_argv[3]", "tg_argv[4]"),
            [insert, change, deletion]
                .map(|what| of("members", what))
                .into(),
        ),
    ];
    let ways: Vec<(&str, Vec<&str>)> = ways
        .iter()
        .map(|(way, checks)| (way.as_str(), checks.iter().map(String::as_str).collect()))
        .collect();
    let ways: Vec<(&str, &[&str])> = ways.iter().map(|(way, checks)| (*way, &**checks)).collect();
    holds_of(Family::Trigger, &schema, &script, &ways);
}
