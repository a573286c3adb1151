//! Which Rust name each object gets, and each name only once.

use std::collections::{BTreeMap, BTreeSet};

use crate::schema::{Id, Kind, Name, Schema};

use super::words::{camel, camel_singular, identifier, snake, type_name};

/// What generated code imports or the prelude has; no type of ours may hide it.
const TAKEN: &[&str] = &[
    "BTreeMap",
    "Bit",
    "Box",
    "Cidr",
    "Clone",
    "Copy",
    "DateTime",
    "Debug",
    "Default",
    "Eq",
    "Err",
    "Error",
    "Hash",
    "Id",
    "Inet",
    "Insert",
    "Interval",
    "Json",
    "MacAddr",
    "MacAddr8",
    "Multirange",
    "NaiveDate",
    "NaiveDateTime",
    "None",
    "Numeric",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Patch",
    "PgEnum",
    "Point",
    "Range",
    "Refusal",
    "Result",
    "Row",
    "Some",
    "String",
    "Table",
    "Time",
    "TimeTz",
    "Utc",
    "Uuid",
    "Value",
    "Vec",
];

/// The names given so far.
#[derive(Debug)]
pub struct Names {
    taken: BTreeSet<String>,
    objects: BTreeMap<Id, String>,
    modules: BTreeMap<Id, String>,
    taken_modules: BTreeSet<String>,
}

/// The names of a table's types.
#[derive(Debug)]
pub struct TableNames {
    /// A row's.
    pub row: String,
    /// A new row's.
    pub insert: String,
    /// A change's.
    pub patch: String,
    /// Its key's.
    pub id: String,
    /// What its statements fail with.
    pub error: String,
}

impl TableNames {
    fn all(&self) -> [&String; 5] {
        [&self.row, &self.insert, &self.patch, &self.id, &self.error]
    }
}

impl Names {
    /// Names everything that has a name in the schema. Shapes come first, because their names are
    /// the author's own in Rust's case; then rows, then enums.
    pub fn new(schema: &Schema) -> Self {
        let mut names = Names {
            taken: TAKEN.iter().map(|name| (*name).to_owned()).collect(),
            objects: BTreeMap::new(),
            modules: BTreeMap::new(),
            taken_modules: BTreeSet::from(["enums", "mod", "shapes"].map(str::to_owned)),
        };
        names.taken.insert(String::new());
        for (kind, suffix) in [
            (Kind::Shape, "Shape"),
            (Kind::Table, "Row"),
            (Kind::Enum, "Enum"),
        ] {
            names.of_kind(schema, kind, suffix);
        }
        names
    }

    fn of_kind(&mut self, schema: &Schema, kind: Kind, suffix: &str) {
        let base = |id: &Id| match kind {
            Kind::Table => camel_singular(&id.name),
            _ => camel(&id.name),
        };
        let nodes = || schema.of_kind(kind).filter(|node| !node.external);
        let mut count: BTreeMap<String, usize> = BTreeMap::new();
        for node in nodes() {
            *count.entry(base(&node.id)).or_default() += 1;
        }
        // What is in `public` keeps the plain name, so that a new schema renames nothing there.
        let public = |id: &Id| id.schema == "public";
        for in_public in [true, false] {
            for node in nodes().filter(|node| public(&node.id) == in_public) {
                let plain = base(&node.id);
                let shared = count.get(&plain).is_some_and(|n| *n > 1);
                let name = match shared && !in_public {
                    true => camel(&node.id.schema) + &plain,
                    false => plain,
                };
                let name = type_name(name, suffix);
                let name = match kind {
                    Kind::Table => self.claim_table(&name),
                    _ => self.claim(&name, suffix),
                };
                if kind == Kind::Table {
                    let module = self.module(&node.id, &name);
                    self.modules.insert(node.id.clone(), module);
                }
                self.objects.insert(node.id.clone(), name);
            }
        }
    }

    /// The name itself where it is free, with the suffix where it is not, then with a number.
    pub fn claim(&mut self, name: &str, suffix: &str) -> String {
        let free = |text: &String| !self.taken.contains(text);
        let name = candidates(name, suffix).find(free).unwrap_or_default();
        self.taken.insert(name.clone());
        name
    }

    /// A row's name such that those of its other types are free as well.
    fn claim_table(&mut self, name: &str) -> String {
        let free = |row: &String| {
            let names = table_names(row);
            names.all().iter().all(|n| !self.taken.contains(*n))
        };
        let row = candidates(name, "Row").find(free).unwrap_or_default();
        let names = table_names(&row);
        self.taken.extend(names.all().map(String::clone));
        row
    }

    /// The module for the states of a row.
    pub fn states_of(&mut self, row: &str) -> String {
        let plain = format!("{}_states", snake(row));
        let taken = &mut self.taken_modules;
        candidates(&plain, "_")
            .find(|module| taken.insert(module.clone()))
            .unwrap_or_default()
    }

    /// The name of an object's type.
    pub fn of(&self, id: &Id) -> Option<&str> {
        self.objects.get(id).map(String::as_str)
    }

    /// The names of a table's types.
    pub fn of_table(&self, table: &Id) -> Option<TableNames> {
        self.of(table).map(table_names)
    }

    /// The module of a table.
    pub fn module_of(&self, id: &Id) -> String {
        self.modules.get(id).cloned().unwrap_or_default()
    }

    /// The table's own name where that is free, the row type's otherwise; never a keyword, because
    /// a file's name cannot be raw.
    fn module(&mut self, id: &Id, name: &str) -> String {
        let safe = |text: String| match identifier(&text) == text {
            true => text,
            false => text + "_",
        };
        let (plain, row) = (safe(snake(&id.name)), safe(snake(name)));
        let candidates = [plain, row.clone()].into_iter();
        let mut candidates = candidates.chain((2..).map(|n| format!("{row}_{n}")));
        let taken = &mut self.taken_modules;
        candidates
            .find(|module| taken.insert(module.clone()))
            .unwrap_or_default()
    }
}

fn table_names(row: &str) -> TableNames {
    TableNames {
        row: row.to_owned(),
        insert: format!("New{row}"),
        patch: format!("{row}Patch"),
        id: format!("{row}Id"),
        error: format!("{row}Error"),
    }
}

fn candidates(name: &str, suffix: &str) -> impl Iterator<Item = String> {
    let first = [name.to_owned(), format!("{name}{suffix}")];
    let (name, suffix) = (name.to_owned(), suffix.to_owned());
    first
        .into_iter()
        .chain((2..).map(move |n| format!("{name}{suffix}{n}")))
}

/// The fields of a table's row, not yet raw: each column with its field, in their order.
pub fn fields(schema: &Schema, table: &Id) -> Vec<(Name, String)> {
    let mut fields: Vec<(Name, String)> = Vec::new();
    for (node, _) in schema.columns(table) {
        let plain = snake(&node.id.part);
        let mut candidates =
            std::iter::once(plain.clone()).chain((2..).map(|n| format!("{plain}_{n}")));
        let free = |name: &String| fields.iter().all(|(_, field)| field != name);
        let name = candidates.find(free).unwrap_or_default();
        fields.push((node.id.part.clone(), name));
    }
    fields
}
