//! Audited tables: what becomes of `audited into` on its way to a database and back.

use super::Project;
use super::pull::{database, said};

const MODEL: &str = "enum deed { INSERT, UPDATE, DELETE }
table log {
  id      bigint  identity  primary key
  deed    deed    trail operation
  what    text    trail table
  which   jsonb   trail key
  tenant  uuid?   trail column
  was     jsonb?  trail before
  is      jsonb?  trail after
  owner   text?   trail column
  diff    jsonb   trail changes
}
table members {
  id         uuid  primary key
  tenant     uuid
  \"pass, word\"  text
  hash       text
  name       text

  audited into log (owner = name) except (\"pass, word\", hash)
}
schema crm
table crm.seats {
  row   integer
  seat  text

  primary key (row, seat)
  audited into log
}
table visits partition by range (at) {
  at  date  primary key

  audited into log
}
table visits_2026 partition of visits for values from ('2026-01-01') to ('2027-01-01')
";

fn script(project: &Project, from: &str, to: &str) -> String {
    let args = ["diff", "--from", from, "--to", to, "--format", "sql"];
    let said = project.run(&args);
    let (_, script) = said.split_once("--- stdout\n").unwrap();
    let script = script.split("--- stderr").next().unwrap();
    script.replace("\\set ON_ERROR_STOP on", "")
}

#[test]
fn an_audited_table_goes_up_comes_back_changes_and_goes_down() {
    let database = database("");
    let url = database.url().expose();
    let project = Project::empty();
    project.write("first.pilaster", MODEL);
    let mut client = database.connect().unwrap();
    let mut apply = |script: &str| client.batch_execute(script).unwrap();
    apply(&script(&project, "empty", "first.pilaster"));

    let pulled = said(&project, &url, &["pull", "--out", "now.pilaster"]);
    assert!(pulled.contains("exit 0"), "{pulled}");
    let text = project.read("now.pilaster");
    assert!(!text.contains("function "), "{text}");
    assert!(!text.contains("trigger "), "{text}");
    for line in [
        "audited into log (\"owner\" = name) except (\"pass, word\", hash)\n",
        "audited into log\n",
        "trail operation\n",
        "trail changes\n",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    for model in ["now.pilaster", "first.pilaster"] {
        let drift = said(&project, &url, &["drift", "--model", model]);
        assert!(drift.contains("exit 0"), "{drift}");
    }

    // Another exception is another trigger; a column of the trail by another name another function.
    let second = MODEL.replace("word\", hash)", "word\")");
    let second = second.replace("  diff    jsonb   trail", "  diffs  jsonb  was diff  trail");
    let second = second.replace("  seat  text\n\n", "  seat  text\n  free  boolean\n\n");
    project.write("second.pilaster", &second);
    let forth = script(&project, "first.pilaster", "second.pilaster");
    for word in ["{\"pass, word\"}'", "FUNCTION public.log_trail()"] {
        assert!(forth.contains(word), "{word} in {forth}");
    }
    assert!(!forth.contains("seats_audited"), "{forth}");
    apply(&forth);
    apply(
        "insert into crm.seats values (1, 'a', true);
         update crm.seats set free = false; delete from crm.seats;
         do $$ begin
           if (select array_agg(deed || ' ' || what || (diffs -> 'free')::text order by id) from log) <> array[
             'INSERT crm.seats{\"after\": true, \"before\": null}',
             'UPDATE crm.seats{\"after\": false, \"before\": true}',
             'DELETE crm.seats{\"after\": null, \"before\": false}'] then
             raise '%', (select json_agg(log) from log);
           end if;
         end $$",
    );
    let drift = said(&project, &url, &["drift", "--model", "second.pilaster"]);
    assert!(drift.contains("exit 0"), "{drift}");

    // Without the line nothing of it is left.
    let second = second.replace("was diff", "");
    let lines = second.lines().filter(|line| !line.contains("audited into"));
    let third: Vec<String> = lines
        .map(|line| line.split("trail").next().unwrap().into())
        .collect();
    project.write("third.pilaster", third.join("\n"));
    apply(&script(&project, "second.pilaster", "third.pilaster"));
    let drift = said(&project, &url, &["drift", "--model", "third.pilaster"]);
    assert!(drift.contains("exit 0"), "{drift}");
}

#[test]
fn drift_and_pull_see_what_no_longer_audits() {
    let database = database("");
    let url = database.url().expose();
    let project = Project::empty();
    project.write("model.pilaster", MODEL);
    let mut client = database.connect().unwrap();
    client
        .batch_execute(&script(&project, "empty", "model.pilaster"))
        .unwrap();
    for (change, seen) in [
        (
            "alter table members disable trigger members_audited",
            "members_audited",
        ),
        (
            "drop trigger visits_audited_truncate on visits",
            "visits_audited_truncate",
        ),
        ("alter function log_trail() reset search_path", "log_trail"),
        (
            "grant execute on function log_trail() to public",
            "log_trail",
        ),
    ] {
        client
            .batch_execute(&format!("begin; {change}; commit"))
            .unwrap();
        let drift = said(&project, &url, &["drift", "--model", "model.pilaster"]);
        assert!(
            drift.contains("exit 1") && drift.contains(seen),
            "{change}: {drift}"
        );
    }
    let pulled = said(&project, &url, &["pull", "--out", "now.pilaster"]);
    assert!(pulled.contains("exit 0"), "{pulled}");
    let text = project.read("now.pilaster");
    assert!(!text.contains("audited into"), "{text}");
    assert!(text.contains("function log_trail()"), "{text}");
    let drift = said(&project, &url, &["drift", "--model", "now.pilaster"]);
    assert!(drift.contains("exit 0"), "{drift}");
}
