//! What of a model needs no server: objects whose texts are the live database's own, and those of
//! which a server has said before how it reads them.
//!
//! It never calls an object different: what is not settled here is for a server to say.

use std::collections::BTreeSet;

use migrations::catalog::one_in_short;
use migrations::known::Forms;
use model::schema::{ConstraintBody, Expr, Node};
use model::{Id, Kind, Schema};

/// A model, as far as it is in a server's words without asking one.
#[derive(Default)]
pub(super) struct Settled {
    /// Those of its objects that are so in other texts than its own.
    pub(super) replaced: Vec<Node>,
    /// The objects about which a server has to be asked.
    pub(super) open: BTreeSet<Id>,
    /// How many are in words that a server said earlier.
    pub(super) recalled: usize,
}

/// Settles what can be settled.
pub(super) fn settle(model: &Schema, live: &Schema, forms: Option<&Forms>) -> Settled {
    let mut settled = Settled::default();
    for node in model.nodes() {
        if node.external || node.id.kind.is_model_only() {
            continue;
        }
        // Nothing about a role is an expression.
        if node.id.kind == Kind::Role || live.get(&node.id).is_some_and(|n| n.conforms_to(node)) {
            continue;
        }
        if let Some(node) = in_short(node, live) {
            settled.replaced.push(node);
        } else if let Some(node) = forms.and_then(|forms| recalled(node, forms)) {
            settled.recalled += 1;
            settled.replaced.push(node);
        } else {
            settled.open.insert(node.id.clone());
        }
    }
    unexplained(model, live, forms, &mut settled.open);
    settled
}

/// The object in the live database's words, where the model says in short what these are, as a
/// pull does.
fn in_short(node: &Node, live: &Schema) -> Option<Node> {
    let there = live.get(&node.id)?;
    let short = one_in_short(live, there)?;
    short.conforms_to(node).then(|| Node {
        object: there.object.clone(),
        ..node.clone()
    })
}

/// The object in the words that a server gave it, where those are known.
fn recalled(node: &Node, forms: &Forms) -> Option<Node> {
    match forms.of(&node.id)? {
        None => Some(node.clone()),
        Some(texts) => with_texts(node, texts),
    }
}

/// The object with other texts; `None` where it hasn't that many.
pub(super) fn with_texts(node: &Node, texts: &[String]) -> Option<Node> {
    let mut node = node.clone();
    let (mut texts, mut short) = (texts.iter(), false);
    node.object.each_expr(&mut |expr| match texts.next() {
        Some(text) => *expr = Expr::new(text.as_str()),
        None => short = true,
    });
    (!short && texts.next().is_none()).then_some(node)
}

/// Opens the tables in which the live database has more than the model says, and everything where
/// a raw block may have made what it has more: the server may have added it by itself.
fn unexplained(model: &Schema, live: &Schema, forms: Option<&Forms>, open: &mut BTreeSet<Id>) {
    let more = live.nodes().filter(|node| !model.contains(&node.id));
    let more = more.filter(|node| forms.is_none_or(|forms| forms.of(&node.id).is_none()));
    let raw = model.of_kind(Kind::Raw).any(|node| !node.external);
    for node in more {
        if raw {
            let all = model.nodes().filter(|n| !n.external);
            open.extend(
                all.filter(|n| !n.id.kind.is_model_only())
                    .map(|n| n.id.clone()),
            );
            return;
        }
        let table = Id::table(node.id.schema.clone(), node.id.name.clone());
        if node.id.kind.is_part_of_relation() && model.contains(&table) {
            open.insert(table);
        }
    }
}

/// What lives inside a table.
const PARTS: &[Kind] = &[
    Kind::Constraint,
    Kind::Index,
    Kind::Trigger,
    Kind::Policy,
    Kind::Rule,
];

/// The model of the objects that are open, with everything that they need to be made.
pub(super) fn needed(model: &Schema, open: &BTreeSet<Id>) -> Schema {
    let mut queue: Vec<Id> = open.iter().cloned().collect();
    let always = |node: &&Node| {
        node.external
            || node.id.kind.is_model_only()
            || matches!(node.id.kind, Kind::Role | Kind::Schema | Kind::Extension)
    };
    queue.extend(model.nodes().filter(always).map(|node| node.id.clone()));
    let mut seen = BTreeSet::new();
    while let Some(id) = queue.pop() {
        let Some(node) = model.get(&id) else { continue };
        if !seen.insert(id.clone()) {
            continue;
        }
        queue.extend(node.needs.iter().cloned());
        if id.kind.is_part_of_relation() {
            let of = |kind| Id::in_schema(kind, id.schema.clone(), id.name.clone());
            queue.extend([of(Kind::Table), of(Kind::View)]);
        }
        if id.kind == Kind::Table {
            let columns = model.columns(&id);
            queue.extend(columns.iter().map(|(column, _)| column.id.clone()));
            let keys = model
                .constraints(&id)
                .filter(|(_, constraint)| matches!(constraint.body, ConstraintBody::PrimaryKey(_)));
            queue.extend(keys.map(|(key, _)| key.id.clone()));
            if open.contains(&id) {
                let parts = PARTS.iter().flat_map(|kind| model.parts(&id, *kind));
                queue.extend(parts.map(|part| part.id.clone()));
            }
        }
    }
    model.clone().retained(|node| seen.contains(&node.id))
}

/// What a server has said of the model, to be kept: `read` is the model in its words.
pub fn forms(model: &Schema, read: &Schema) -> Forms {
    let mut forms = Forms::default();
    for node in model.nodes() {
        if node.external || node.id.kind.is_model_only() {
            continue;
        }
        let Some(there) = read.get(&node.id) else {
            forms.leave_open(&node.id);
            continue;
        };
        if there.conforms_to(node) {
            continue;
        }
        let mut texts = Vec::new();
        let mut object = there.object.clone();
        object.each_expr(&mut |expr| texts.push(expr.as_str().to_owned()));
        match with_texts(node, &texts) {
            Some(said) if there.conforms_to(&said) => forms.keep(&node.id, texts),
            _ => forms.leave_open(&node.id),
        }
    }
    for node in read.nodes().filter(|node| !model.contains(&node.id)) {
        forms.leave_open(&node.id);
    }
    forms
}
