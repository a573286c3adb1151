//! Items as files: one, or a folder with a file a table. The template holds the look.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

use serde::Serialize;
use tera::{Context, Tera};

use super::item::Item;
use super::{Options, format};
use crate::files::{Files, MARK};

/// One file, as the template sees it.
#[derive(Serialize)]
struct File<'a> {
    mark: &'static str,
    title: String,
    /// `mod` and `pub use`, in a folder's `mod.rs`.
    modules: Vec<String>,
    uses: Vec<String>,
    items: Vec<&'a Item>,
}

static TEMPLATES: LazyLock<Tera> = LazyLock::new(|| {
    let mut tera = Tera::default();
    let text = include_str!("../../../templates/rust/file.tera");
    tera.add_raw_template("file", text)
        .expect("the template is part of the program");
    tera
});

pub(super) fn files(items: Vec<Item>, options: &Options) -> Files {
    let mut files = Files::default();
    let modules = by_module(&items);
    let tables = modules
        .keys()
        .filter(|m| !matches!(**m, "enums" | "shapes"))
        .count();
    if tables <= options.tables_in_one_file {
        let all: Vec<&Item> = items.iter().collect();
        let text = render(
            "The rows, enums and documents of the database.".into(),
            Vec::new(),
            all,
        );
        files.insert(format!("{}.rs", options.module), text);
        return files;
    }
    let own: BTreeMap<&str, &str> = items
        .iter()
        .map(|item| (item.name.as_str(), item.module.as_str()))
        .collect();
    let mut lines = Vec::new();
    let mut names: Vec<&&str> = modules.keys().collect();
    // rustfmt orders `mod` by bytes, unlike `use`.
    lines.extend(names.iter().map(|module| format!("mod {module};")));
    lines.push(String::new());
    names.sort_by(|a, b| format::version_order(a, b));
    for module in names {
        let types = modules[*module]
            .iter()
            .flat_map(|item| std::iter::once(&item.name).chain(&item.beside))
            .map(|name| format!("{module}::{name}"))
            .collect();
        let exported = format::uses("pub ", &types);
        lines.extend(exported.into_iter().filter(|line| !line.is_empty()));
    }
    let folder = Path::new(&options.module);
    let title = "The rows, enums and documents of the database, a module for each table.";
    files.insert(
        folder.join("mod.rs"),
        render(title.into(), lines, Vec::new()),
    );
    for (module, items) in &modules {
        let title = match *module {
            "enums" => "The enum types.".to_owned(),
            "shapes" => "The documents in JSONB columns.".to_owned(),
            _ => format!("The table `{module}`."),
        };
        let text = render_module(title, items, &own, module);
        files.insert(folder.join(format!("{module}.rs")), text);
    }
    files
}

fn by_module(items: &[Item]) -> BTreeMap<&str, Vec<&Item>> {
    let mut modules: BTreeMap<&str, Vec<&Item>> = BTreeMap::new();
    for item in items {
        modules.entry(&item.module).or_default().push(item);
    }
    modules
}

/// A file beside others: what it needs of them comes from above.
fn render_module(
    title: String,
    items: &[&Item],
    own: &BTreeMap<&str, &str>,
    module: &str,
) -> String {
    let elsewhere = items
        .iter()
        .flat_map(|item| &item.uses)
        .filter(|path| own.get(path.as_str()).is_some_and(|home| *home != module));
    let elsewhere: BTreeSet<String> = elsewhere.map(|name| format!("super::{name}")).collect();
    render_with(title, Vec::new(), items.to_vec(), elsewhere)
}

fn render(title: String, modules: Vec<String>, items: Vec<&Item>) -> String {
    render_with(title, modules, items, BTreeSet::new())
}

fn render_with(
    title: String,
    modules: Vec<String>,
    items: Vec<&Item>,
    mut uses: BTreeSet<String>,
) -> String {
    uses.extend(items.iter().flat_map(|item| &item.uses).cloned());
    let file = File {
        mark: MARK,
        title,
        modules,
        uses: format::uses("", &uses),
        items,
    };
    let context = Context::from_serialize(&file).expect("the file is plain data");
    TEMPLATES
        .render("file", &context)
        .expect("the template is part of the program")
}
