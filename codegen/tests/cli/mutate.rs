//! `test --mutate`: what is weakened is noticed, and what is not is named with its place.

use super::Project;

const MODEL: &str = "role mutate_reader
table notes {
  id     bigint   identity  primary key
  owner  uuid
  body   text?

  index (owner)
  policy own for select to mutate_reader using (owner = (select current_setting('request.jwt.claims', true)::json ->> 'sub')::uuid)
  grant select to mutate_reader
}
";

#[test]
fn every_weakening_of_access_is_noticed_or_named_with_its_reason() {
    let project = Project::new(MODEL);
    project.run(&["generate"]);
    let said = project.run(&["test", "--mutate", "--filter", "policy"]);
    assert!(said.contains("exit 0"), "{said}");
    assert!(said.contains("Of access: killed "), "{said}");
    assert!(!said.contains("survived"), "{said}");
    let json = project.run(&[
        "test", "--mutate", "--filter", "dropped", "--format", "json",
    ]);
    let body = json.split("--- stdout\n").nth(1).unwrap();
    let body = body.split("--- stderr").next().unwrap();
    let report: serde_json::Value = serde_json::from_str(body).unwrap();
    let project = &report["projects"][0];
    let mutants = project["mutants"].as_array().unwrap();
    assert!(project["score"]["killed"].as_u64().unwrap() >= 3, "{json}");
    let policy = mutants.iter().find(|m| m["kind"] == "policy").unwrap();
    assert_eq!(policy["fate"], "killed");
    assert_eq!(policy["access"], true);
    assert_eq!(policy["place"], "shop.pilaster:8:10");
}

#[test]
fn a_filter_that_names_no_mutant_is_exit_2() {
    let project = Project::new(MODEL);
    project.run(&["generate"]);
    let said = project.run(&["test", "--mutate", "--filter", "nowhere"]);
    assert!(said.contains("exit 2"), "{said}");
    assert!(said.contains("no mutant's name holds `nowhere`"), "{said}");
    let both = project.run(&["test", "--mutate", "--url", "postgres://nowhere"]);
    assert!(both.contains("exit 2"), "{both}");
}
