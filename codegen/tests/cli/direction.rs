//! A migration that changes who may do what says who gains and who loses, as a server answers.

use super::Project;

const MODEL: &str = "role direction_reader
table notes {
  id         bigint   identity  primary key
  owner      uuid
  published  boolean  default false

  index (owner)
  policy own for select to direction_reader using (owner = (select current_setting('request.jwt.claims', true)::json ->> 'sub')::uuid)
  grant select to direction_reader
}
";

#[test]
fn gaining_must_be_allowed_and_says_what_is_gained() {
    let project = Project::new(MODEL);
    project.run(&["generate"]);
    project.write(
        "shop.pilaster",
        MODEL.replace("'sub')::uuid)", "'sub')::uuid or published)"),
    );
    let before = project.files();
    let said = project.run(&["generate"]);
    assert!(said.contains("exit 2"), "{said}");
    assert!(said.contains("error[widened_access]"), "{said}");
    assert!(said.contains("direction_reader"), "{said}");
    assert!(said.contains("gains reading on public.notes: "), "{said}");
    assert!(
        said.contains("rows of the sample") || said.contains("row of the sample"),
        "{said}"
    );
    assert_eq!(project.files(), before);
    let allowed = project.run(&["generate", "--allow", "widened_access"]);
    assert!(allowed.contains("exit 0"), "{allowed}");
    let folder = project.files();
    let up = folder
        .lines()
        .find(|f| f.contains("/0002_") && f.ends_with("up.sql"))
        .unwrap();
    assert!(
        project.read(up).contains("gains reading on public.notes"),
        "{}",
        project.read(up)
    );
}

#[test]
fn where_no_server_can_be_had_the_text_is_judged_and_that_is_said() {
    let project = Project::new(MODEL);
    project.run(&["generate"]);
    project.write(
        "shop.pilaster",
        MODEL.replace("'sub')::uuid)", "'sub')::uuid or published)"),
    );
    let none = [("PATH", "/nowhere"), ("PILASTER_SERVER", "docker")];
    let said = project.run_with(&["generate"], &none);
    assert!(said.contains("is guessed from the change's text"), "{said}");
    assert!(said.contains("error[widened_access]"), "{said}");
}

const PERSONAS: &str = "role direction_agent
identity { id uuid setting app.user }
persona owner     as direction_agent  tied owner
persona stranger  as direction_agent

table notes {
  id         bigint   identity  primary key
  owner      uuid
  published  boolean  default false

  index (owner)
  policy own for all to direction_agent using (owner = (select nullif(current_setting('app.user', true), ''))::uuid)
  grant select, update, delete to direction_agent
}

intent notes {
  tie owner owner = id
  owner     select, update, delete
  stranger  nothing
}
";

#[test]
fn each_persona_is_told_what_it_gains_and_loses() {
    let project = Project::new(PERSONAS);
    project.run(&["generate"]);
    let wider = PERSONAS.replace(
        "  grant select, update, delete",
        "  policy shown for select to direction_agent using (true)\n  grant select, update",
    );
    project.write("shop.pilaster", &wider);
    let said = project.run(&["generate"]);
    assert!(said.contains("error[widened_access]"), "{said}");
    let gains =
        "direction_agent as stranger gains select on public.notes: another's row (not meant)";
    assert!(said.contains(gains), "{said}");
    let loses =
        "direction_agent as owner loses delete on public.notes: row of owner (meant to be allowed)";
    assert!(said.contains(loses), "{said}");
    assert!(!said.contains("as owner gains"), "{said}");
    assert!(!said.contains("as stranger loses"), "{said}");
}

#[test]
fn a_function_that_opens_something_is_what_must_be_allowed_and_no_policy_beside_it() {
    let project = Project::new(MODEL);
    project.run(&["generate"]);
    let functions = "
/// Sets the time.
function stamp() returns trigger language plpgsql as $$ begin return new; end $$

function total() returns bigint language sql security definer as $$ select count(*) from notes $$
";
    let policy = "policy mine for all to direction_reader using (false)\n  policy own for";
    let with_policy = MODEL.replace("policy own for", policy);
    project.write("shop.pilaster", with_policy + functions);
    let said = project.run(&["generate"]);
    assert!(
        said.contains("error[widened_access]: create function total()"),
        "{said}"
    );
    assert!(!said.contains("stamp()"), "{said}");
    let errors = said.matches("error[widened_access]").count();
    assert_eq!(errors, 1, "{said}");
}
