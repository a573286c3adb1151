//! `docs`: a schema as pages and diagrams.

use super::Project;

/// Something of every kind that a page tells of.
const STUDIO: &str = "role member

enum mood { calm, busy }

json Wish {
  colour  text?
}

/// Whoever books. Several may share a card.
table people {
  id    bigint  identity  primary key
  name  varchar(80)  unique
}

/// An hour in the studio. Booked by one person.
table hours {
  id         bigint  identity  primary key
  /// Who comes | or sends somebody.
  person_id  bigint?  references people on delete set null
  mood       mood  default 'calm'
  state      text  default 'open'  in ('open', 'done')
  wish       jsonb<Wish>?
  during     tstzrange

  exclude using gist (during with &&)
  index (state) where (state <> 'done')
  transitions state {
    initial open
    open -> done
  }
  policy everybody for select to member using (true)
  grant select to member
}

/// Hours to come.
view upcoming as (select id, during from hours where state = 'open')

/// How busy it is.
function business(who bigint) returns bigint language sql stable as $$select count(*) from hours where person_id = who$$

persona guest as member
intent hours {
  guest  select
}
intent people {
  guest  nothing
}
intent upcoming of hours {
  guest  nothing
}
";

fn studio() -> Project {
    let project = Project::new(STUDIO);
    let toml = project.read("pilaster.toml");
    project.write("pilaster.toml", format!("name = 'studio'\n{toml}"));
    let said = project.run(&["docs"]);
    assert!(said.contains("exit 0"), "{said}");
    project
}

#[test]
fn the_pages_read_well() {
    let project = studio();
    let pages = [
        "README.md",
        "tables/hours.md",
        "tables/people.md",
        "tables/upcoming.md",
        "types.md",
        "functions.md",
    ];
    let read = |page: &str| {
        format!(
            "==> {page}\n{}",
            project.read(&format!("docs/schema/{page}"))
        )
    };
    insta::assert_snapshot!(pages.map(read).join("\n"));
}

#[test]
fn every_link_leads_to_a_page() {
    let project = studio();
    let mut links = 0;
    for page in project.files().lines().filter(|path| path.ends_with(".md")) {
        let folder = std::path::Path::new(page).parent().unwrap();
        for link in project.read(page).split("](").skip(1) {
            let target = link.split([')', '#']).next().unwrap();
            assert!(
                project.path("").join(folder).join(target).exists(),
                "{page}: {target}"
            );
            links += 1;
        }
    }
    assert!(links > 10, "{links}");
}

#[test]
fn a_second_run_has_nothing_to_do_and_a_page_without_its_table_goes() {
    let project = studio();
    let again = project.run(&["docs"]);
    project.write("docs/schema/tables/notes.md", "mine");
    project.write(
        "shop.pilaster",
        "table people {\n  id  bigint  primary key\n}\n",
    );
    let smaller = project.run(&["docs"]);
    insta::assert_snapshot!([again, smaller].join("\n"));
    assert_eq!(project.read("docs/schema/tables/notes.md"), "mine");
}

#[test]
fn pages_of_a_project_are_kept_up_to_date_with_the_rest() {
    let project = Project::new(STUDIO);
    let toml = project.read("pilaster.toml") + "docs = 'docs'\n";
    project.write("pilaster.toml", toml);
    project.run(&["generate"]);
    assert!(project.run(&["generate", "--check"]).contains("exit 0"));
    let renamed = STUDIO.replace("/// Hours to come.", "/// What is to come.");
    project.write("shop.pilaster", renamed);
    let said = project.run(&["generate", "--check"]);
    assert!(said.contains("stale docs/tables/upcoming.md"), "{said}");
    let elsewhere = project.run(&["docs", "--out", "pages"]);
    assert!(elsewhere.contains("created pages/README.md"), "{elsewhere}");
}
