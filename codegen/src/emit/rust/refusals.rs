//! A table's error: a variant for each rule that the database may refuse a statement by.

use std::collections::{BTreeMap, BTreeSet};

use model::schema::{ConstraintBody, Name};
use model::{Id, Kind, Schema};

use super::super::words::{camel, type_name};
use super::item::{Item, Member};
use super::name::TableNames;
use super::{enums, format};

/// A rule, before it has a name in Rust.
struct Rule {
    /// The table that the server names.
    table: Id,
    constraint: Name,
    /// The name it would get.
    name: String,
    docs: String,
}

/// The foreign keys that refer to each table from others.
pub(super) struct References(BTreeMap<Id, Vec<Id>>);

impl References {
    pub(super) fn new(schema: &Schema) -> Self {
        let mut references: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
        for node in schema.of_kind(Kind::Constraint) {
            let body = node.object.as_constraint().map(|c| &c.body);
            let Some(ConstraintBody::ForeignKey(key)) = body else {
                continue;
            };
            if key.target != child_of(&node.id) {
                let of_target = references.entry(key.target.clone()).or_default();
                of_target.push(node.id.clone());
            }
        }
        References(references)
    }
}

/// The table that a constraint is part of.
fn child_of(constraint: &Id) -> Id {
    Id::table(constraint.schema.clone(), constraint.name.clone())
}

/// The error of a table's statements; `None` where nothing can be refused by name.
pub(super) fn item(
    schema: &Schema,
    references: &References,
    table: &Id,
    own: &TableNames,
) -> Option<Item> {
    let rules = rules(schema, references, table);
    if rules.is_empty() {
        return None;
    }
    let mut item = Item::enumeration(&own.error);
    item.docs = format::docs(&format!("Why a statement on [`{}`] was refused.", own.row));
    item.derive(&["Debug"], "Refusal");
    let relation = super::tables::relation(table);
    item.attributes.extend(format::attribute(&[relation], 0));
    item.uses.insert("pilaster::Error".to_owned());
    let mut taken = BTreeSet::new();
    let mut claim = |name: String| {
        let others = (2..).map(|n| format!("{name}{n}"));
        let mut all = std::iter::once(name.clone()).chain(others);
        all.find(|name| taken.insert(name.clone()))
            .unwrap_or_default()
    };
    let mut variants = Vec::new();
    for rule in rules {
        let variant = claim(type_name(rule.name, "Rule"));
        let mut args = vec![format!(
            "constraint = {}",
            format::literal(&rule.constraint)
        )];
        if rule.table != *table {
            args.push(super::tables::relation(&rule.table));
        }
        item.members.push(Member {
            docs: format::docs(&rule.docs),
            attributes: format::attribute(&args, 4).into_iter().collect(),
            text: format!("{variant}(Error),"),
        });
        variants.push(variant);
    }
    let other = claim("Other".to_owned());
    item.members.push(Member {
        docs: format::docs("Anything else."),
        attributes: Vec::new(),
        text: format!("{other}(Error),"),
    });
    variants.push(other);
    if enums::share_a_word(&own.error, &variants) {
        // The names are the database's, so their likeness is not ours to mend.
        let allowed = "#[allow(clippy::enum_variant_names)]".to_owned();
        item.attributes.insert(0, allowed);
    }
    Some(item)
}

fn rules(schema: &Schema, references: &References, table: &Id) -> Vec<Rule> {
    let mut rules = Vec::new();
    for (node, constraint) in schema.constraints(table) {
        // The function behind a shape's check has a name that tells nobody anything.
        let docs = match node.derived_from {
            Some(_) => "A document is not as its shape says.".to_owned(),
            None => meaning(&constraint.body),
        };
        let name = match constraint.body {
            ConstraintBody::PrimaryKey(_) => "PrimaryKey".to_owned(),
            _ => within(table, &node.id.part),
        };
        rules.push(Rule {
            table: table.clone(),
            constraint: node.id.part.clone(),
            name,
            docs,
        });
    }
    for (node, index) in schema.indexes(table) {
        if index.unique {
            rules.push(Rule {
                table: table.clone(),
                constraint: node.id.part.clone(),
                name: within(table, &node.id.part),
                docs: "Another row has this key.".to_owned(),
            });
        }
    }
    for (node, _) in schema.triggers(table) {
        let source = node.derived_from.as_ref();
        if let Some(source) = source.filter(|id| id.kind == Kind::Transitions) {
            let docs = match node.id.part.ends_with("frozen") {
                true => format!("In this `{}` the row no longer changes.", source.part),
                false => format!("The model has no such change of `{}`.", source.part),
            };
            rules.push(Rule {
                table: table.clone(),
                constraint: node.id.part.clone(),
                name: within(table, &node.id.part),
                docs,
            });
        }
    }
    let referring = references.0.get(table).into_iter().flatten();
    rules.extend(referring.map(|constraint| Rule {
        table: child_of(constraint),
        constraint: constraint.part.clone(),
        name: camel(&constraint.part),
        docs: format!("A row of `{}` refers to this one.", constraint.name),
    }));
    rules
}

/// A constraint's name without that of its table.
fn within(table: &Id, constraint: &str) -> String {
    let rest = constraint.strip_prefix(table.name.as_str());
    let rest = rest.and_then(|rest| rest.strip_prefix('_'));
    camel(rest.filter(|rest| !rest.is_empty()).unwrap_or(constraint))
}

fn meaning(body: &ConstraintBody) -> String {
    let list = |columns: &[Name]| {
        let columns: Vec<String> = columns.iter().map(|name| format!("`{name}`")).collect();
        columns.join(", ")
    };
    match body {
        ConstraintBody::PrimaryKey(_) => "Another row has this key.".to_owned(),
        ConstraintBody::Unique(key) => format!("Another row has this {}.", list(&key.columns)),
        ConstraintBody::ForeignKey(key) => format!(
            "No row of `{}` has this {}.",
            key.target.name,
            list(&key.columns)
        ),
        ConstraintBody::Check(check) => {
            let condition = check.condition.as_str();
            match condition.len() <= 70 && !condition.contains(['`', '\n']) {
                true => format!("Not `{condition}`."),
                false => "Its condition does not hold.".to_owned(),
            }
        }
        ConstraintBody::Exclusion(_) => "It overlaps with another row.".to_owned(),
        ConstraintBody::NotNull { column, .. } => format!("No `{column}`."),
        ConstraintBody::Other(_) => "Its condition does not hold.".to_owned(),
    }
}
