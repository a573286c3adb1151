//! What names of columns stand for: the relations in sight, the innermost query first.

use sqlparser::ast::Ident;

use super::fault::{Fault, bytes};
use super::value::{Found, Value};
use super::{Typer, folded};
use crate::expr::nearest;
use crate::schema::Name;

/// The names that one query adds.
#[derive(Default)]
pub(super) struct Scope {
    pub(super) items: Vec<Item>,
    /// Whether each row stands for a group that has a row at least.
    pub(super) grouped: bool,
}

/// Something with columns: a table, a subquery, a function.
#[derive(Clone, Debug, Default)]
pub(super) struct Item {
    pub(super) alias: String,
    pub(super) columns: Vec<Col>,
    /// Whether it may have columns that we don't know.
    pub(super) open: bool,
    /// Columns that `USING` merged into those of an item before: a bare name means the other.
    pub(super) merged: Vec<String>,
    /// Whether it is found only under its own name: `excluded`.
    pub(super) apart: bool,
}

/// A column of an item or of a result.
#[derive(Clone, Debug)]
pub(super) struct Col {
    pub(super) name: String,
    pub(super) value: Found,
    pub(super) place: (usize, usize),
    /// Whether it came out of a `*`: columns stand in a table in the order in which they were added,
    /// which no model says, so only its name is sure.
    pub(super) starred: bool,
}

impl Col {
    pub(super) fn new(name: &str, value: Found) -> Self {
        Col {
            name: name.to_owned(),
            value,
            place: (0, 0),
            starred: false,
        }
    }
}

impl Item {
    pub(super) fn find(&self, name: &str) -> Option<&Col> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Makes every column nullable: an outer join may leave it out.
    pub(super) fn or_null(&mut self) {
        for column in &mut self.columns {
            let value = std::mem::replace(&mut column.value, Found::unknown(""));
            column.value = value.or_null(true);
        }
    }
}

/// System columns, which every table has, with their types.
const SYSTEM_COLUMNS: [(&str, &str); 6] = [
    ("tableoid", "oid"),
    ("xmin", "xid"),
    ("xmax", "xid"),
    ("cmin", "cid"),
    ("cmax", "cid"),
    ("ctid", "tid"),
];

impl Typer<'_> {
    /// A column by its bare name.
    pub(super) fn bare(&mut self, ident: &Ident) -> Found {
        let name = folded(ident);
        for scope in self.scopes.iter().rev() {
            let items = scope.items.iter().filter(|item| !item.apart);
            let with = items
                .clone()
                .filter(|item| !item.merged.contains(&name))
                .filter_map(|item| Some((item, item.find(&name)?)));
            let found: Vec<_> = with.collect();
            match found.as_slice() {
                [] if items.clone().any(|item| item.open) => {
                    return Found::unknown(format!("the type of `{name}` is not known"));
                }
                [] => {}
                [(_, column)] => return column.value.clone(),
                several => {
                    let names: Vec<String> = several
                        .iter()
                        .map(|(item, _)| format!("`{}.{name}`", item.alias))
                        .collect();
                    let message = format!("`{name}` is a column of several relations");
                    let help = format!("say which: {}", names.join(" or "));
                    self.fault(ident, message, Some(help));
                    return Found::unknown("");
                }
            }
            if items.clone().any(|item| item.alias == name) {
                return Found::unknown(format!("`{name}` is a whole row"));
            }
        }
        if let Some((_, ty)) = SYSTEM_COLUMNS.iter().find(|(column, _)| *column == name) {
            return Found::known(ty, false);
        }
        let all = self.scopes.iter().flat_map(|scope| &scope.items);
        let all = all.flat_map(|item| &item.columns).map(|c| c.name.as_str());
        let message = match nearest(&name, all.clone()) {
            Some(near) => format!("there is no column `{name}`; did you mean `{near}`?"),
            None => format!("there is no column `{name}`"),
        };
        let quoted = all.clone().any(|c| c == ident.value && c != name);
        let help =
            quoted.then(|| format!("a name with capitals needs quotes: \"{}\"", ident.value));
        self.fault(ident, message, help);
        Found::unknown("")
    }

    /// A column by its relation's name and its own.
    pub(super) fn qualified_column(&mut self, relation: &Ident, ident: &Ident) -> Found {
        let (alias, name) = (folded(relation), folded(ident));
        let Some(item) = self.item(&alias) else {
            self.unknown_alias(relation, &alias);
            return Found::unknown("");
        };
        if let Some(column) = item.find(&name) {
            return column.value.clone();
        }
        if let Some((_, ty)) = SYSTEM_COLUMNS.iter().find(|(column, _)| *column == name) {
            return Found::known(ty, false);
        }
        if item.open {
            return Found::unknown(format!("the type of `{alias}.{name}` is not known"));
        }
        let near = nearest(&name, item.columns.iter().map(|c| c.name.as_str()));
        let message = match near {
            Some(near) => format!("`{alias}` has no column `{name}`; did you mean `{near}`?"),
            None => format!("`{alias}` has no column `{name}`"),
        };
        let quoted = item.find(&ident.value).is_some();
        let help =
            quoted.then(|| format!("a name with capitals needs quotes: \"{}\"", ident.value));
        self.fault(ident, message, help);
        Found::unknown("")
    }

    pub(super) fn item(&self, alias: &str) -> Option<&Item> {
        let items = self.scopes.iter().rev().flat_map(|scope| &scope.items);
        items.into_iter().find(|item| item.alias == alias)
    }

    pub(super) fn unknown_alias(&mut self, at: &Ident, alias: &str) {
        let all = self.scopes.iter().flat_map(|scope| &scope.items);
        let message = match nearest(alias, all.map(|item| item.alias.as_str())) {
            Some(near) => format!("there is no `{alias}` in FROM; did you mean `{near}`?"),
            None => format!("there is no `{alias}` in FROM"),
        };
        self.fault(at, message, None);
    }

    /// A fault at a name.
    pub(super) fn fault(&mut self, at: &Ident, message: String, help: Option<String>) {
        self.fault_at(bytes(self.sql, at.span), message, help);
    }

    /// A fault at a place. What is wrong in a view's own text is said when the model is read.
    pub(super) fn fault_at(
        &mut self,
        (start, end): (usize, usize),
        message: String,
        help: Option<String>,
    ) {
        if self.views == 0 {
            let mut fault = Fault::new(start, end, message);
            fault.help = help;
            self.faults.push(fault);
        }
    }

    /// The columns of a table of the model, each with where it comes from.
    pub(super) fn columns_of(&mut self, table: &crate::schema::Id) -> Vec<Col> {
        let key = self.schema.primary_key(table);
        let columns = self.schema.columns(table);
        let column = |(node, column): &(&crate::schema::Node, &crate::schema::Column)| {
            let name: &Name = &node.id.part;
            let mut value = Value::new(column.ty.clone(), !column.not_null && !key.contains(name));
            value.items_nullable = column.ty.array;
            value.origin = Some(super::Origin {
                table: table.clone(),
                column: name.clone(),
                keys: Vec::new(),
                array: false,
            });
            Col::new(name, Found::Known(value))
        };
        columns.iter().map(column).collect()
    }
}
