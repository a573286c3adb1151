//! Tables that are only ever added to, as a model says it: seen to be refused, and seen to fail.

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
