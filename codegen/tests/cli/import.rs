//! `import`: what Prisma and folders of SQL keep.

use std::path::Path;

use conformance::server::Server;

use super::Project;

const PRISMA: &str = include_str!("import/schema.prisma");

/// A copy of what Prisma would have migrated for [`PRISMA`].
fn migrations(project: &Project) {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/import/migrations");
    for entry in std::fs::read_dir(own).unwrap() {
        let folder = entry.unwrap().path();
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let sql = std::fs::read(folder.join("migration.sql")).unwrap();
        project.write(&format!("prisma/migrations/{name}/migration.sql"), sql);
    }
    project.write(
        "prisma/migrations/migration_lock.toml",
        "provider = \"postgresql\"\n",
    );
}

#[test]
fn a_datamodel_becomes_a_model_and_what_it_does_not_say_is_said() {
    let project = Project::empty();
    project.write("schema.prisma", PRISMA);
    insta::assert_snapshot!(project.run(&["import", "schema.prisma"]));
}

/// Two ways into one model: the datamodel, and the migrations that Prisma made of it.
#[test]
fn a_datamodel_is_what_prisma_made_of_it() {
    let project = Project::empty();
    project.write("schema.prisma", PRISMA);
    migrations(&project);
    let said = project.run(&["import", "schema.prisma", "--out", "one.pilaster"]);
    assert!(said.contains("exit 0"), "{said}");
    let url = Server::shared().url().expose();
    let from = ["import", "prisma/migrations", "--url", &url, "--out"];
    let said = project.run(&[&from[..], &["other.pilaster"]].concat());
    assert!(said.contains("2 migrations were applied"), "{said}");

    let database = Server::shared().database().unwrap();
    let mut client = database.connect().unwrap();
    for name in ["20250102090000_init", "20250103090000_prospects"] {
        let sql = project.read(&format!("prisma/migrations/{name}/migration.sql"));
        client.batch_execute(&sql).unwrap();
    }
    let live = database.url().expose();
    let drift = ["drift", "--url", &live, "--model"];
    let other = project.run(&[&drift[..], &["other.pilaster"]].concat());
    assert!(other.contains("exit 0"), "{other}");
    // The datamodel has docs, which Prisma never tells the database.
    let one = project.run(&[&drift[..], &["one.pilaster"]].concat());
    let differs: Vec<&str> = one.lines().filter(|line| line.starts_with('~')).collect();
    assert_eq!(
        differs,
        [
            "~ table public.organisations differs",
            "~ column public.organisations.domain differs"
        ],
        "{one}"
    );
    assert!(one.contains("2 differences"), "{one}");
}

#[test]
fn faults_of_a_datamodel_are_named_with_their_lines() {
    let faults = [
        (
            "model A {\n  id Int @id\n  b Strin\n}\n",
            "there is no type `Strin`",
        ),
        ("model A {\n  id string @id\n}\n", "did you mean `String`?"),
        (
            "datasource db {\n  provider = \"mysql\"\n}\n",
            "is `mysql`, and not PostgreSQL",
        ),
        ("model A {\n  id Int @id\n", "has no `}`"),
        (
            "model A {\n  id Int @id @db.TinyInt\n}\n",
            "no type of PostgreSQL",
        ),
        (
            "model A {\n  id Int @id\n  @@index([nothing])\n}\n",
            "has no field `nothing`",
        ),
    ];
    let project = Project::empty();
    for (text, fact) in faults {
        project.write("schema.prisma", text);
        let said = project.run(&["import", "schema.prisma", "--out", "no.pilaster"]);
        assert!(
            said.contains("exit 2") && said.contains("error: schema.prisma:"),
            "{said}"
        );
        assert!(said.contains(fact), "{said}");
        assert!(!project.path("no.pilaster").exists());
    }
}

#[test]
fn migrations_of_other_tools_go_up_only() {
    let project = Project::empty();
    project.write(
        "db/20250101_a.sql",
        "-- migrate:up\ncreate table a (id bigint primary key);\n\n-- migrate:down\ndrop table a;\n",
    );
    project.write(
        "db/20250102_b.sql",
        "-- migrate:up transaction:false\ncreate index concurrently a_id on a (id);\n-- migrate:down\n",
    );
    project.write("db/20250103_seed.ts", "export {}\n");
    let url = Server::shared().url().expose();
    let said = project.run(&["import", "db", "--url", &url]);
    assert!(said.contains("index a_id (id)"), "{said}");
    assert!(
        said.contains("db/20250103_seed.ts:1: is no SQL, and is left out"),
        "{said}"
    );
}

#[test]
fn policies_of_supabase_are_imported_with_their_platform() {
    let project = Project::empty();
    let sql = "create table public.notes (
  id uuid primary key default gen_random_uuid(),
  owner uuid not null default auth.uid() references auth.users on delete cascade,
  body text not null
);
alter table public.notes enable row level security;
create policy \"own notes\" on public.notes to authenticated using (owner = auth.uid());
";
    project.write("supabase/migrations/20250101120000_notes.sql", sql);
    let url = Server::shared().url().expose();
    let said = project.run(&[
        "import",
        "supabase/migrations",
        "--url",
        &url,
        "--out",
        "m.pilaster",
    ]);
    assert!(said.contains("exit 0"), "{said}");
    insta::assert_snapshot!(project.read("m.pilaster"));
}

#[test]
fn a_statement_that_the_server_refuses_is_named_with_its_line() {
    let project = Project::empty();
    project.write(
        "db/1_a.sql",
        "create table a (id bigint);\n\ncreate table b (\n  id bigin\n);\n",
    );
    let url = Server::shared().url().expose();
    let said = project.run(&["import", "db", "--url", &url]);
    assert!(said.contains("exit 2"), "{said}");
    assert!(
        said.contains("error: db/1_a.sql:4: type \"bigin\" does not exist"),
        "{said}"
    );
}
