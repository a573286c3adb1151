//! The schema as pages and diagrams, in Markdown with Mermaid, as code hosts show them.
//!
//! A page for each table and view, one for types and documents, one for functions, and an index.
//! External objects are named where something refers to them, and have no page.

mod diagram;
mod matrix;
mod relation;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use model::schema::Builder;
use model::{Id, Kind, Node, Schema};
use serde::Serialize;
use tera::{Context, Tera};

use crate::files::{Files, MARK};
use words::{cell, first_sentence, said};

/// The templates of the pages, by name.
static PAGES: LazyLock<Tera> = LazyLock::new(|| {
    let mut tera = Tera::default();
    tera.add_raw_templates([
        (
            "index.md",
            include_str!("../../../templates/docs/index.md.tera"),
        ),
        (
            "relation.md",
            include_str!("../../../templates/docs/relation.md.tera"),
        ),
        (
            "types.md",
            include_str!("../../../templates/docs/types.md.tera"),
        ),
        (
            "routines.md",
            include_str!("../../../templates/docs/routines.md.tera"),
        ),
    ])
    .expect("the templates are part of the program, and every test of a page reads them");
    tera
});

/// Up to how many tables one diagram shows.
const LARGEST_DIAGRAM: usize = 80;

/// The pages of a schema: `README.md`, `types.md`, `functions.md`, and `tables/NAME.md` for each
/// table and view.
///
/// ```
/// let mut sources = model::Sources::new();
/// sources.add("shop.pilaster", "table deals {\n  id  bigint  primary key\n}\n");
/// let pages = codegen::emit::docs(&model::load(&sources).0.schema, "shop");
/// assert!(pages.get("tables/deals.md").is_some_and(|page| page.contains("primary key")));
/// ```
pub fn docs(schema: &Schema, title: &str) -> Files {
    let places = Places::of(schema);
    let mut files = Files::default();
    let mut index = Index {
        mark: MARK,
        title: title.to_owned(),
        ..Index::default()
    };
    let matrices = matrix::of_all(schema);
    let incoming = relation::incoming(schema);
    for id in places.files.keys() {
        let Some(node) = schema.get(id) else { continue };
        let page = relation::page(schema, &places, node, &incoming, matrices.get(id), title);
        files.insert(places.file(id), render("relation.md", &page));
    }
    index.relations(schema, &places);
    if let Some(types) = types(schema, title) {
        files.insert("types.md", render("types.md", &types));
        index.link("Types", "types.md", "Enums, domains and documents.");
    }
    let routines = routines(schema);
    if !routines.is_empty() {
        let page = Routines {
            mark: MARK,
            title: title.to_owned(),
            routines,
        };
        files.insert("functions.md", render("routines.md", &page));
        index.link(
            "Functions",
            "functions.md",
            "Functions and procedures of the model's own.",
        );
    }
    files.insert("README.md", render("index.md", &index));
    files
}

fn render(template: &str, page: &impl Serialize) -> String {
    let context = Context::from_serialize(page).expect("a page is a structure with named fields");
    let text = PAGES.render(template, &context);
    let text = text.expect("a page has every field that its template names");
    format!("{}\n", text.trim_end())
}

/// Where the pages of tables and views lie.
struct Places {
    files: BTreeMap<Id, String>,
}

impl Places {
    fn of(schema: &Schema) -> Self {
        let mut taken = BTreeSet::new();
        let mut files = BTreeMap::new();
        let relations = schema
            .of_kind(Kind::Table)
            .chain(schema.of_kind(Kind::View));
        for node in relations.filter(|node| !node.external) {
            // Some file systems know neither other characters nor the case of letters.
            let plain = |c: char| match c.is_ascii_alphanumeric() || "._-".contains(c) {
                true => c,
                false => '_',
            };
            let own: String = said(&node.id).chars().map(plain).collect();
            let name = (1..)
                .map(|n| {
                    if n == 1 {
                        own.clone()
                    } else {
                        format!("{own}-{n}")
                    }
                })
                .find(|name| taken.insert(name.to_lowercase()));
            files.insert(node.id.clone(), format!("{}.md", name.unwrap_or(own)));
        }
        Places { files }
    }

    fn file(&self, id: &Id) -> String {
        let name = self.files.get(id).map_or("", String::as_str);
        format!("tables/{name}")
    }

    /// A link from the page of another table, or the bare name of what has no page.
    fn link(&self, id: &Id) -> String {
        let name = cell(&said(id));
        match self.files.get(id) {
            Some(file) => format!("[{name}]({file})"),
            None => name,
        }
    }
}

#[derive(Default, Serialize)]
struct Index {
    mark: &'static str,
    title: String,
    counts: String,
    diagram: String,
    groups: Vec<Group>,
}

#[derive(Serialize)]
struct Group {
    title: String,
    head: &'static str,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    about: String,
}

impl Index {
    fn relations(&mut self, schema: &Schema, places: &Places) {
        let mut groups: BTreeMap<(&str, &'static str), Vec<Row>> = BTreeMap::new();
        for id in places.files.keys() {
            let about = schema.get(id).and_then(|node| node.comment.as_deref());
            let what = if id.kind == Kind::Table {
                "table"
            } else {
                "view"
            };
            groups.entry((&id.schema, what)).or_default().push(Row {
                name: format!("[{}]({})", cell(&id.name), places.file(id)),
                about: cell(&first_sentence(about.unwrap_or_default())),
            });
        }
        let counts = |what| -> usize {
            let of_kind = groups.iter().filter(|((_, own), _)| *own == what);
            of_kind.map(|(_, rows)| rows.len()).sum()
        };
        let said = |n: usize, what: &str| match n {
            1 => format!("1 {what}"),
            n => format!("{n} {what}s"),
        };
        self.counts = said(counts("table"), "table");
        if counts("view") > 0 {
            self.counts += &format!(", {}", said(counts("view"), "view"));
        }
        if counts("table") <= LARGEST_DIAGRAM {
            self.diagram = diagram::whole(schema);
        }
        for ((schema, what), rows) in groups {
            let plural = if what == "table" { "Tables" } else { "Views" };
            let title = match schema {
                "public" => plural.to_owned(),
                other => format!("{plural} of {other}"),
            };
            self.groups.push(Group {
                title,
                head: what,
                rows,
            });
        }
    }

    fn link(&mut self, name: &str, file: &str, about: &str) {
        let row = Row {
            name: format!("[{name}]({file})"),
            about: about.to_owned(),
        };
        match self.groups.last_mut().filter(|group| group.title == "More") {
            Some(group) => group.rows.push(row),
            None => self.groups.push(Group {
                title: "More".into(),
                head: "page",
                rows: vec![row],
            }),
        }
    }
}

#[derive(Serialize)]
struct Types {
    mark: &'static str,
    title: String,
    enums: Vec<EnumRow>,
    others: String,
    shapes: String,
}

#[derive(Serialize)]
struct EnumRow {
    name: String,
    labels: String,
    about: String,
}

fn types(schema: &Schema, title: &str) -> Option<Types> {
    let own = |node: &&Node| !node.external && node.derived_from.is_none();
    let enums = schema.of_kind(Kind::Enum).filter(own).filter_map(|node| {
        let labels = node.object.as_enum()?.labels.iter();
        let labels: Vec<String> = labels.map(|label| format!("`{}`", cell(label))).collect();
        Some(EnumRow {
            name: cell(&said(&node.id)),
            labels: labels.join(", "),
            about: cell(node.comment.as_deref().unwrap_or_default()),
        })
    });
    // In the model's own words, which say all of it.
    let text = |kinds: &[Kind]| {
        let mut part = Builder::default();
        let of_kinds = kinds.iter().flat_map(|kind| schema.of_kind(*kind));
        for node in of_kinds.filter(own) {
            // Each id is there once.
            let _ = part.insert(node.clone());
        }
        model::print(&part.finish()).trim().to_owned()
    };
    let types = Types {
        mark: MARK,
        title: title.to_owned(),
        enums: enums.collect(),
        others: text(&[Kind::Domain, Kind::Composite, Kind::Range]),
        shapes: text(&[Kind::Shape]),
    };
    let empty = types.enums.is_empty() && types.others.is_empty() && types.shapes.is_empty();
    (!empty).then_some(types)
}

#[derive(Serialize)]
struct Routines {
    mark: &'static str,
    title: String,
    routines: Vec<RoutineView>,
}

#[derive(Serialize)]
struct RoutineView {
    name: String,
    about: String,
    what: String,
}

fn routines(schema: &Schema) -> Vec<RoutineView> {
    let own = schema.of_kind(Kind::Function);
    let own = own.filter(|node| !node.external && node.derived_from.is_none());
    let view = |node: &Node| {
        let routine = node.object.as_routine()?;
        let returns = routine.returns.as_ref();
        let returns = returns.map_or(String::new(), |ty| format!(", returns `{}`", ty.text));
        let definer = match routine.security_definer {
            true => "; runs with the rights of its owner",
            false => "",
        };
        Some(RoutineView {
            name: cell(&format!("{}({})", said(&node.id), routine.arguments.text)),
            about: node.comment.as_deref().unwrap_or_default().to_owned(),
            what: format!("In {}{returns}{definer}.", routine.language),
        })
    };
    own.filter_map(view).collect()
}
