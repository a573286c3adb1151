//! `access`: who may do what, as it is meant and as it is found.

use super::Project;

const MODEL: &str = "platform supabase

/// Rows of one's own.
template own_rows(owner column uuid) {
  policy own for all to authenticated using (owner = (select auth.uid())) with check (owner = (select auth.uid()))
  grant select, insert, update, delete to authenticated
}

/// Whose deal it is.
persona owner     as authenticated  tied owner
persona stranger  as authenticated
persona visitor   as anon           without identity

table deals {
  id       bigint  identity  primary key
  user_id  uuid    default auth.uid()
  notes    text?

  use own_rows(user_id)
}

intent deals {
  tie owner user_id = id
  owner              select, insert, update (notes)
  stranger, visitor  nothing
}
";

/// What the command says, the folder's chance name aside.
fn said(project: &Project, args: &[&str]) -> String {
    let text = project.run(args);
    let mut parts = text.split(".tmp");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |said, rest| {
        said + "shop" + rest.get(6..).unwrap_or_default()
    })
}

#[test]
fn what_is_meant_is_shown_as_text_json_and_html() {
    let project = Project::new(MODEL);
    insta::assert_snapshot!("access_text", said(&project, &["access"]));
    insta::assert_snapshot!(
        "access_json",
        said(&project, &["access", "--format", "json"])
    );
    insta::assert_snapshot!(
        "access_html",
        said(&project, &["access", "--format", "html"])
    );
}

#[test]
fn what_a_template_becomes_is_shown() {
    let project = Project::new(MODEL);
    insta::assert_snapshot!("access_policies", said(&project, &["access", "--policies"]));
    let json = said(&project, &["access", "--policies", "--format", "json"]);
    insta::assert_snapshot!("access_policies_json", json);
}

#[test]
fn what_is_found_is_shown_beside_it() {
    let project = Project::new(MODEL);
    let text = said(&project, &["access", "--server", "local"]);
    insta::assert_snapshot!("access_found", text);
    let json = said(
        &project,
        &["access", "--server", "local", "--format", "json"],
    );
    assert!(json.contains("\"as_meant\": false"), "{json}");
    assert!(json.contains("exit 1"), "{json}");
}

#[test]
fn a_model_without_intent_says_so() {
    insta::assert_snapshot!(
        "access_nothing",
        said(
            &Project::new("table deals { id bigint primary key }\n"),
            &["access"]
        )
    );
}
