//! A schema printed and read again is the same schema; and the text is the one a person would write.

use model::{Color, Schema, Sources};

fn load(name: &str, text: &str) -> Schema {
    let mut sources = Sources::new();
    sources.add(name, text);
    let (model, diagnostics) = model::load(&sources);
    assert!(
        !diagnostics.has_errors(),
        "{}\n{text}",
        diagnostics.render(&sources, Color::Never)
    );
    model.schema
}

/// Prints what the text says, and compares what the print says.
fn check(name: &str, text: &str) -> String {
    let schema = load(name, text);
    let printed = model::print(&schema);
    load(&format!("{name}, printed"), &printed);
    assert_eq!(model::differs(&schema, &printed), [], "{name}:\n{printed}");
    assert_eq!(
        model::fmt(&printed).as_deref(),
        Ok(printed.as_str()),
        "{name}"
    );
    let again = model::print(&load(name, &printed));
    assert_eq!(printed, again, "{name}: a second print");
    printed
}

#[test]
fn examples_of_the_page_come_back_the_same() {
    let page = include_str!("../LANGUAGE.md");
    let mut example: Option<String> = None;
    for (number, line) in page.lines().enumerate() {
        match &mut example {
            None if line == "```pilaster" => example = Some(String::new()),
            None => {}
            Some(text) if line == "```" => {
                let text = std::mem::take(text);
                example = None;
                // Examples that refer to what another declares are not whole models.
                let mut sources = Sources::new();
                sources.add("example", text.as_str());
                if !model::load(&sources).1.has_errors() {
                    check(&format!("LANGUAGE.md, line {}", number + 1), &text);
                }
            }
            Some(text) => {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
}

#[test]
fn echo_alpha_comes_back_the_same() {
    let text = include_str!("../../examples/echo_alpha/echo_alpha.pilaster");
    check("Echo Alpha", text);
}

/// A long text is laid out and read in pieces, of which nobody sees where they end.
#[test]
fn a_long_text_is_as_one_of_a_piece() {
    let table = |n: usize| {
        format!(
            "/// Number {n}.\ntable items_{n} {{\n  id  bigint  identity  primary key\n  \
             former  bigint?  references items_{}\n  a_rather_long_name_{n}  text?\n}}\n",
            n * 7 % 1500,
        )
    };
    let text: String = (0..1500).map(table).collect();
    let printed = check("long", &text);
    assert!(printed.len() > 3 << 16, "{}", printed.len());
    assert_eq!(printed.matches("}\n\n///").count(), 1499);
}

#[test]
fn policies_that_tables_have_in_common_stand_in_templates() {
    let mut text = String::from("platform supabase\n");
    for (table, owner) in [
        ("trips", "owner_id"),
        ("bookings", "customer_id"),
        ("notes", "author_id"),
        ("drafts", "author_id"),
    ] {
        text.push_str(&format!(
            "table {table} {{
  id uuid primary key
  {owner} uuid
  stage text
  policy own for select to authenticated using ({owner} = (select auth.uid()))
  policy {table}_writers for insert to authenticated with check ({owner} = (select auth.uid()) and exists (select 1 from members m where m.member_id = {table}.{owner}))
  grant select, insert to authenticated
}}
"
        ));
    }
    text.push_str(
        "table members {
  member_id uuid primary key
  policy own for select to authenticated using (member_id = (select auth.uid()))
  policy public_faces for select to anon using (true)
  grant select to anon, authenticated
}
",
    );
    let schema = load("templates", &text);
    let style = model::Style {
        templates: true,
        ..Default::default()
    };
    let printed = model::print_in(&schema, &style);
    assert_eq!(model::differs(&schema, &printed), [], "{printed}");
    insta::assert_snapshot!(printed);
}
