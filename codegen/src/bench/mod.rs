//! Models of any size for measuring: the tables of a business, over and over.
//!
//! It never measures; `benches/` and `examples/bench.rs` do.

const SUBJECTS: [&str; 20] = [
    "customer", "supplier", "invoice", "order", "shipment", "product", "contract", "project",
    "campaign", "ticket", "employee", "payment", "booking", "vehicle", "asset", "lead", "survey",
    "course", "patient", "property",
];

const ASPECTS: [&str; 25] = [
    "accounts",
    "addresses",
    "approvals",
    "attachments",
    "audits",
    "balances",
    "categories",
    "comments",
    "contacts",
    "deliveries",
    "events",
    "exports",
    "goals",
    "histories",
    "imports",
    "items",
    "labels",
    "messages",
    "notes",
    "permissions",
    "plans",
    "prices",
    "reviews",
    "tasks",
    "visits",
];

/// The model of a business with that many tables: each with twelve columns, a foreign key, three
/// indexes, two checks and two policies.
pub fn model(tables: usize) -> String {
    text(tables, |_| Later::Same)
}

/// The same business later: a tenth of the tables has a new column, a longer name, another check,
/// another index and a wider policy.
pub fn a_tenth_changed(tables: usize) -> String {
    text(tables, |n| match n % 10 {
        3 => Later::Changed,
        _ => Later::Same,
    })
}

/// The same business later: in a tenth of the tables a column goes by another name.
pub fn a_tenth_renamed(tables: usize) -> String {
    text(tables, |n| match n % 10 {
        3 => Later::Renamed,
        _ => Later::Same,
    })
}

/// What has become of a table.
#[derive(Clone, Copy, PartialEq)]
enum Later {
    Same,
    Changed,
    Renamed,
}

fn text(tables: usize, later: impl Fn(usize) -> Later) -> String {
    let mut text = String::from("platform supabase\n");
    for n in 0..tables {
        table(&mut text, n, later(n));
    }
    text
}

fn name(n: usize) -> String {
    let (subject, aspect) = (SUBJECTS[n % 20], ASPECTS[n / 20 % 25]);
    match n / 500 {
        0 => format!("{subject}_{aspect}"),
        region => format!("{subject}_{aspect}_{region}"),
    }
}

fn table(text: &mut String, n: usize, later: Later) {
    let changed = later == Later::Changed;
    let (own, parent) = (name(n), name(n / 3));
    let parent_key = if n == 0 {
        String::new()
    } else {
        format!("references {parent} on delete cascade")
    };
    let length = if changed { 300 } else { 200 };
    let limit = if changed { 1_000_000 } else { 100_000 };
    let added = if changed {
        "  archived_at  timestamptz?\n"
    } else {
        ""
    };
    let index = if changed {
        "(status, due_on desc)"
    } else {
        "(due_on desc)"
    };
    let readers = if changed {
        "authenticated, anon"
    } else {
        "authenticated"
    };
    let (title, was) = match later {
        Later::Renamed => ("heading", "  was title"),
        Later::Same | Later::Changed => ("title", ""),
    };
    text.push_str(&format!(
        "
/// The {own} of the business.
table {own} {{
  id          bigint  identity  primary key
  owner_id    uuid
  parent_id   bigint?  {parent_key}
  {title:<10}  varchar({length}){was}
  status      text  default 'open'
  priority    integer  default 0
  amount      numeric(12, 2)  default 0
  due_on      date?
  tags        text[]  default '{{}}'
  details     jsonb  default '{{}}'
  created_at  timestamptz  default now()
  updated_at  timestamptz  default now()
{added}
  check {own}_status_known (status in ('open', 'waiting', 'closed'))
  check {own}_amount_sensible (amount >= 0 and amount < {limit})
  index {own}_by_owner (owner_id, created_at desc)
  index {own}_by_due_date {index} where (status <> 'closed')
  index {own}_by_details using gin (details jsonb_path_ops)
  policy {own}_owner for all to authenticated using (owner_id = (select auth.uid()))
  policy {own}_readers for select to {readers} using (status = 'open' and priority > 0)
  grant select, insert, update, delete to authenticated
}}
"
    ));
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_table_has_a_name_of_its_own() {
        assert_eq!((0..10_000).map(name).collect::<BTreeSet<_>>().len(), 10_000);
    }

    #[test]
    fn both_models_are_models() {
        for text in [model(60), a_tenth_changed(60), a_tenth_renamed(60)] {
            let mut sources = model::Sources::new();
            sources.add("bench.pilaster", text);
            let (model, faults) = model::load(&sources);
            assert!(
                faults.is_empty(),
                "{}",
                faults.render(&sources, model::Color::Never)
            );
            assert_eq!(model.schema.tables().count(), 60 + 1); // and auth.users
        }
    }
}
