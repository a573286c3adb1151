//! What enforces shapes, transitions, `append only`, `audited into` and `touch`, back to what it was derived from.
//!
//! Nothing is believed: what was read from a function is derived once more, and counts only where
//! every function, check and trigger comes out as the database has it.

mod audited;
mod object;
mod reader;
mod shape;
mod transitions;

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;

use crate::expr::lexer;
use crate::names;
use crate::schema::{
    ConstraintBody, Id, Kind, Name, Node, Object, Origin, Schema, Shape, ShapeType, Transitions,
};

/// The schema with its shapes, transitions and touched columns said again, where the functions,
/// checks and triggers in it are exactly those that the language derives from them.
///
/// What enforces them stays, and says what it was derived from. Docs of a shape and of its fields
/// are in no catalog and don't come back; nor does what two spellings have in common
/// (`smallint(0..3)` is `integer(0..3)` to the database).
pub fn restored(schema: &Schema) -> Schema {
    let mut found = Found::read(schema);
    loop {
        let said = found.said(schema);
        let made = found.derived(&said);
        let wrong = found.wrong(schema, &made);
        if wrong.is_empty() {
            return marked(said, &made);
        }
        found.leave_out(&wrong);
    }
}

/// The schema in which nothing counts as derived that the text does not derive in the same words.
///
/// A text may bring less back than was read from the database, and then it is the functions and
/// triggers that must be written.
pub fn restored_as_written(schema: &Schema, read: &Schema) -> Schema {
    let ours = |node: &&Node| node.derived_from.is_some();
    let same = |node: &Node| {
        read.get(&node.id)
            .is_some_and(|made| is_same(node, made) && made.derived_from.is_some())
    };
    let wrong: BTreeSet<Id> = schema
        .nodes()
        .filter(ours)
        .filter(|node| !same(node))
        .filter_map(|node| node.derived_from.clone())
        .collect();
    if wrong.is_empty() {
        return schema.clone();
    }
    let mut found = Found::read(schema);
    found.leave_out(&wrong);
    let said = found.said(&bare(schema));
    let made = found.derived(&said);
    marked(said, &made)
}

/// Without what was said again.
fn bare(schema: &Schema) -> Schema {
    let mut builder = crate::schema::Builder::default();
    for node in schema.nodes() {
        if matches!(node.id.kind, Kind::Shape | Kind::Transitions) {
            continue;
        }
        let mut node = node.clone();
        node.derived_from = None;
        match &mut node.object {
            Object::Column(column) => {
                column.documents.0 = None;
                column.trail.0 = None;
            }
            Object::Table(table) => table.writes = Default::default(),
            _ => {}
        }
        // Ids are those of a schema, so none can be there twice.
        let _ = builder.insert(node);
    }
    builder.finish()
}

/// What functions and triggers seem to say.
struct Found {
    shapes: BTreeMap<Id, ShapeType>,
    /// The columns of documents, by id.
    documents: BTreeMap<Id, ShapeType>,
    transitions: BTreeMap<Id, Transitions>,
    /// The order in which a table's columns stood when its rows were frozen. A database puts each
    /// new column behind all others, and that order never counts.
    orders: BTreeMap<Id, Vec<Name>>,
    /// Tables whose rows are never changed.
    append_only: BTreeSet<Id>,
    /// What audited tables say, and what the columns of their trails hold.
    audited: audited::Audits,
    /// Touched columns, and whether their tables' rows are compared.
    touched: BTreeMap<Id, bool>,
}

impl Found {
    fn read(schema: &Schema) -> Self {
        let (shapes, documents) = shape::read(schema);
        let mut found = Found {
            shapes,
            documents,
            transitions: BTreeMap::new(),
            orders: BTreeMap::new(),
            append_only: BTreeSet::new(),
            audited: audited::Audits::default(),
            touched: BTreeMap::new(),
        };
        for node in schema.of_kind(Kind::Trigger) {
            let Some(trigger) = node.object.as_trigger() else {
                continue;
            };
            let table = Id::table(node.id.schema.clone(), node.id.name.clone());
            let named = |label: &str| {
                let columns = schema.columns(&table).into_iter();
                let own = |column: &Name| names::object_name(&table.name, Some(column), label);
                columns
                    .map(|(column, _)| column)
                    .find(|column| *own(&column.id.part) == *node.id.part)
            };
            if *super::append_only::on_rows(&table) == *node.id.part {
                if !trigger.inherited {
                    found.append_only.insert(table);
                }
            } else if *super::audited::on_rows(&table) == *node.id.part {
                if !trigger.inherited {
                    found.audited.read(schema, &table, trigger);
                }
            } else if let Some(column) = named("touch") {
                let compared = trigger.condition.is_some();
                found.touched.insert(column.id.clone(), compared);
            } else if let Some(column) = named("transition")
                && let Some((said, order)) = transitions::read(schema, &table, &column.id)
            {
                let id = table.within(Kind::Transitions, column.id.part.clone());
                found.transitions.insert(id, said);
                found.orders.insert(table, order);
            }
        }
        found
    }

    /// The schema in which it is said.
    fn said(&self, schema: &Schema) -> Schema {
        let mut builder = schema.clone().into_builder();
        for (id, body) in &self.shapes {
            let shape = Object::Shape(Shape {
                body: body.clone(),
                reads: false,
            });
            let _ = builder.insert(Node::new(id.clone(), shape));
        }
        for (id, transitions) in &self.transitions {
            let mut node = Node::new(id.clone(), Object::Transitions(transitions.clone()));
            let column = id
                .relation()
                .map(|t| t.within(Kind::Column, id.part.clone()));
            node.needs.extend(column);
            let _ = builder.insert(node);
        }
        for (id, documents) in &self.documents {
            if let Some(node) = builder.get_mut(id)
                && let Object::Column(column) = &mut node.object
            {
                column.documents.0 = Some(Box::new(documents.clone()));
            }
        }
        for table in &self.append_only {
            if let Some(node) = builder.get_mut(table)
                && let Object::Table(table) = &mut node.object
            {
                table.writes.append_only = true;
            }
        }
        self.audited.say(&mut builder);
        for (table, order) in self.orders.iter().filter(|(_, order)| !order.is_empty()) {
            for (ordinal, column) in (1..).zip(in_order(schema, table, order)) {
                if let Some(node) = builder.get_mut(&column) {
                    node.ordinal = ordinal;
                }
            }
        }
        // Frozen rows leave out the columns that a trigger touches.
        for column in self.touched.keys() {
            let name = names::object_name(&column.name, Some(&column.part), "touch");
            let trigger = column.relation().map(|t| t.within(Kind::Trigger, name));
            if let Some(node) = trigger.and_then(|id| builder.get_mut(&id)) {
                node.derived_from = Some(column.clone());
            }
        }
        builder.finish()
    }

    /// What is derived from it.
    fn derived(&self, said: &Schema) -> Vec<Node> {
        let public = Name::from("public");
        let mut made = super::shape::checks(said, &public, &FxHashSet::default());
        made.extend(super::transitions::triggers(said));
        made.extend(super::append_only::triggers(said));
        made.extend(super::audited::triggers(said));
        let nowhere = Origin {
            file: 0,
            start: 0,
            end: 0,
        };
        for (column, compared) in &self.touched {
            let table = Id::table(column.schema.clone(), column.name.clone());
            made.extend(super::touch(&table, &column.part, *compared, nowhere));
        }
        made
    }

    /// Sources of which something comes out as the database doesn't have it, or not at all.
    fn wrong(&self, schema: &Schema, made: &[Node]) -> BTreeSet<Id> {
        let mut wrong = BTreeSet::new();
        let mut sources = BTreeSet::new();
        for node in made {
            let Some(source) = &node.derived_from else {
                continue;
            };
            sources.insert(source);
            if !schema.get(&node.id).is_some_and(|live| is_same(live, node)) {
                wrong.insert(source.clone());
                // A check is derived from the shape, and is the column's.
                wrong.extend(self.checked_by(node));
            }
        }
        let unused = self.shapes.keys().filter(|id| !sources.contains(id));
        wrong.extend(unused.cloned());
        wrong
    }

    fn checked_by(&self, node: &Node) -> Option<Id> {
        let table = (node.id.kind == Kind::Constraint).then(|| node.id.relation())??;
        let of = |column: &&Id| {
            column.relation().as_ref() == Some(&table)
                && *names::object_name(&table.name, Some(&column.part), "shape") == *node.id.part
        };
        self.documents.keys().find(of).cloned()
    }

    /// Forgets these, and whatever names a shape that is forgotten.
    fn leave_out(&mut self, wrong: &BTreeSet<Id>) {
        self.shapes.retain(|id, _| !wrong.contains(id));
        self.transitions.retain(|id, _| !wrong.contains(id));
        self.touched.retain(|id, _| !wrong.contains(id));
        self.append_only.retain(|id| !wrong.contains(id));
        self.audited.leave_out(wrong);
        self.documents.retain(|id, _| !wrong.contains(id));
        loop {
            let before = self.shapes.len();
            let known: BTreeSet<Id> = self.shapes.keys().cloned().collect();
            let whole = |ty: &ShapeType| {
                let mut named = BTreeSet::new();
                super::shape::named_in(ty, &mut named);
                named.is_subset(&known)
            };
            self.documents.retain(|_, ty| whole(ty));
            self.shapes.retain(|_, ty| whole(ty));
            if self.shapes.len() == before {
                return;
            }
        }
    }
}

/// A table's columns in that order; those it doesn't name each behind the one before it.
fn in_order(schema: &Schema, table: &Id, order: &[Name]) -> Vec<Id> {
    let mut names: Vec<Name> = order.to_vec();
    let mut behind = 0;
    for (column, _) in schema.columns(table) {
        match names.iter().position(|name| *name == column.id.part) {
            Some(at) => behind = at + 1,
            None => {
                names.insert(behind, column.id.part.clone());
                behind += 1;
            }
        }
    }
    names
        .into_iter()
        .map(|name| table.within(Kind::Column, name))
        .collect()
}

/// The schema in which each object that was derived says from what.
fn marked(said: Schema, made: &[Node]) -> Schema {
    let mut builder = said.into_builder();
    for node in made {
        if let Some(live) = builder.get_mut(&node.id) {
            live.derived_from.clone_from(&node.derived_from);
        }
    }
    builder.finish()
}

/// Whether the two are one object, up to the parentheses that a server prints.
fn is_same(live: &Node, made: &Node) -> bool {
    let of = |node: &Node| {
        let mut object = node.object.clone();
        object.each_expr(&mut |expr| expr.text = plain(&expr.text).into());
        if let Object::Constraint(constraint) = &mut object
            && let ConstraintBody::Check(check) = &mut constraint.body
        {
            check.condition.refs.clear();
        }
        object
    };
    of(live) == of(made)
        && live.comment == made.comment
        && live.privileges == made.privileges
        && live.owner == made.owner
}

/// The words of an expression that is derived: these have no two meanings without parentheses.
fn plain(text: &str) -> String {
    let words: Vec<String> = lexer::tokens(text, false)
        .iter()
        .map(|token| token.text(text))
        .filter(|word| !["(", ")"].contains(word))
        .map(|word| match word.to_ascii_lowercase() {
            keyword if ["is", "null", "or", "distinct", "from"].contains(&&*keyword) => keyword,
            _ => word.to_owned(),
        })
        .collect();
    words.join(" ")
}

fn columns_check(schema: &Schema, column: &Id) -> Option<String> {
    let table = column.relation()?;
    let name = names::object_name(&table.name, Some(&column.part), "shape");
    let node = schema.get(&table.within(Kind::Constraint, name))?;
    match &node.object.as_constraint()?.body {
        ConstraintBody::Check(check) => Some(plain(&check.condition.text)),
        _ => None,
    }
}
