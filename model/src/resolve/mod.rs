//! Syntax tree → [`Schema`]: every name looked up, every default filled in, every fault reported.
//!
//! The passes run in the order of `passes`; each reports all that it finds and goes on. A name
//! that is unknown is reported once, where it stands, and nothing is concluded from it. No pass
//! judges what an expression means: that is the server's.

mod access;
mod append_only;
mod audited;
mod column;
mod constraint;
mod declare;
mod exprs;
mod foreign_key;
mod index;
mod inherit;
mod intent;
mod object;
mod policy;
mod routine;
mod seed;
mod shape;
mod table;
mod template;
mod transitions;
mod trigger;
mod types;
mod upcast;
mod view;
mod world;

use std::borrow::Cow;
use std::collections::BTreeSet;

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diagnostic::{Diagnostic, Diagnostics, code};
pub(crate) use access::{held_by_everybody, privileges_of};
pub(crate) use shape::json_string;

use crate::names;
use crate::schema::{
    Builder, Constraint, ConstraintBody, Duplicate, Id, Kind, Name, Node, Origin, Schema,
};
use crate::source::{FileId, Sources};
use crate::syntax::{self, tree};

/// A model: what it says, and how it was written.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// All its objects.
    pub schema: Schema,
    /// Where names without a schema live.
    pub default_schema: Name,
    /// The syntax trees of its files, in the order of the sources.
    pub files: Vec<tree::File>,
    /// The platform it declares.
    pub platform: Option<Name>,
}

/// Reads and resolves all files of a model.
///
/// The model is as whole as the faults allow; it is not to be acted upon where the diagnostics hold
/// an error.
///
/// ```
/// let mut sources = model::Sources::new();
/// sources.add("shop.pilaster", "table deals {\n  id  bigint  primary key\n}\n");
/// let (model, diagnostics) = model::load(&sources);
/// assert!(diagnostics.is_empty());
/// assert!(model.schema.contains(&model::Id::table("public", "deals")));
/// ```
pub fn load(sources: &Sources) -> (Model, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    let mut files = Vec::new();
    for (id, _, text) in sources.files() {
        let (file, faults) = syntax::parse(text, id);
        files.push(file);
        diagnostics.extend(faults);
    }
    let (model, faults) = resolve(files);
    diagnostics.extend(faults);
    (model, diagnostics)
}

/// Resolves the files of a model that have been parsed.
pub fn resolve(files: Vec<tree::File>) -> (Model, Diagnostics) {
    let (schema, default_schema, diagnostics) = passes(&files, None);
    let platform = declare::platform(&files);
    (
        Model {
            schema,
            default_schema,
            files,
            platform,
        },
        diagnostics,
    )
}

/// What a text in pieces says, read beside a schema that it may be the text of: objects of which both
/// say the same are that schema's own, and take no room.
pub(crate) fn read_beside<'t>(
    pieces: impl Iterator<Item = &'t str>,
    known: &Schema,
) -> (Schema, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    let mut files = Vec::new();
    for (id, piece) in (0..).map(FileId).zip(pieces) {
        let (file, faults) = syntax::parse(piece, id);
        files.push(file);
        diagnostics.extend(faults);
    }
    let (schema, _, faults) = passes(&files, Some(known));
    diagnostics.extend(faults);
    (schema, diagnostics)
}

fn passes(files: &[tree::File], known: Option<&Schema>) -> (Schema, Name, Diagnostics) {
    let mut out = Output {
        known,
        ..Output::default()
    };
    let world = declare::declare(files, &mut out);
    object::lower(files, &world, &mut out);
    shape::lower(&world, &mut out);
    table::lower(&world, &mut out);
    view::lower(&world, &mut out);
    routine::lower(files, &world, &mut out);
    seed::lower(files, &world, &mut out);
    access::lower(files, &world, &mut out);
    out.give_default_names();
    crate::derived::derive(&mut out.builder, &world.default_schema, &out.unchecked);
    inherit::from_parents(&mut out.builder);
    upcast::every_version_is_read(&mut out);
    append_only::nothing_changes(&mut out);
    audited::lines_can_be_written(&mut out);
    foreign_key::targets_a_unique_key(&mut out);
    object::raw_blocks_come_before(files, &world, &mut out);
    intent::lower(files, &world, &mut out);
    // What lies outside of the model (PostgreSQL's own roles, names of an open schema) exists already.
    out.builder.need_only_what_exists();
    (
        out.builder.finish(),
        world.default_schema.clone(),
        out.diagnostics,
    )
}

/// What the passes build together.
#[derive(Default)]
struct Output<'t> {
    builder: Builder,
    diagnostics: Diagnostics,
    unnamed: Vec<Unnamed>,
    grants: Vec<PendingGrant<'t>>,
    /// The mistakes of templates that have been told.
    of_templates: BTreeSet<(&'static str, Origin)>,
    /// Shapes that no check is to enforce.
    unchecked: FxHashSet<Id>,
    /// See [`read_beside`].
    known: Option<&'t Schema>,
}

/// What one statement became: it can be built apart from all others.
#[derive(Default)]
struct Lowered<'t> {
    nodes: Vec<Arc<Node>>,
    unnamed: Vec<Unnamed>,
    grants: Vec<PendingGrant<'t>>,
    faults: Vec<Diagnostic>,
}

/// A grant in an object's block, to be made once all objects exist.
struct PendingGrant<'t> {
    target: Id,
    file: FileId,
    grant: Cow<'t, tree::Grant>,
}

/// A constraint or an index that the model gives no name: PostgreSQL's own is chosen once all
/// names that are given are known.
struct Unnamed {
    node: Arc<Node>,
    /// The columns, or what else stands in the middle of the name.
    middle: Option<String>,
    label: &'static str,
}

impl Lowered<'_> {
    /// Adds an object: a node is large, and so it moves no more from here on.
    fn add(&mut self, node: Node) {
        self.nodes.push(Arc::new(node));
    }

    /// Takes what a schema says in the same way from there.
    fn beside(mut self, known: Option<&Schema>) -> Self {
        if let Some(known) = known {
            for node in &mut self.nodes {
                if let Some(there) = known.shared(&node.id).filter(|n| n.says_the_same_as(node)) {
                    *node = Arc::clone(there);
                }
            }
        }
        self
    }
}

impl<'t> Output<'t> {
    fn take(&mut self, lowered: Lowered<'t>) {
        lowered.nodes.into_iter().for_each(|n| self.insert(n));

        for fault in lowered.faults {
            // A template's own mistake is told with its first use, and not with each.
            let own = fault
                .secondary
                .iter()
                .any(|(_, says)| says == template::USED);
            if !own || self.of_templates.insert((fault.code, fault.origin)) {
                self.fault(fault);
            }
        }
        self.unnamed.extend(lowered.unnamed);
        self.grants.extend(lowered.grants);
    }

    fn fault(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Adds an object; a second one of the same name is a fault.
    fn insert(&mut self, node: impl Into<Arc<Node>>) {
        let node = node.into();
        // What is known already has no place in this text.
        let nowhere = Origin {
            file: 0,
            start: 0,
            end: 0,
        };
        let is_known = |known: &Schema| {
            let there = known.shared(&node.id);
            there.is_some_and(|there| Arc::ptr_eq(there, &node))
        };
        let place = node
            .origin
            .or_else(|| self.known.is_some_and(is_known).then_some(nowhere));
        let Some(second) = place else {
            // What was derived gives way to what was written.
            let _ = self.builder.insert(node);
            return;
        };
        if let Err(Duplicate(id)) = self.builder.insert(node) {
            let first = self.builder.get(&id).and_then(|n| n.origin);
            let name = id.own_name();
            let message = format!("{} `{name}` is declared twice", id.kind.word());
            let mut fault = Diagnostic::error(code::DUPLICATE, message, second)
                .label("declared again here")
                .help("give one of them another name, or remove one");
            if let Some(first) = first {
                fault = fault.secondary(first, "first declared here");
            }
            self.fault(fault);
        }
    }

    /// Names what the model left unnamed as PostgreSQL would, in the order it would.
    fn give_default_names(&mut self) {
        let mut relations = Taken::default();
        let mut constraints = Taken::default();
        for node in self.builder.nodes() {
            let id = &node.id;
            match id.kind {
                Kind::Table | Kind::View | Kind::Sequence => relations.take(&id.schema, &id.name),
                Kind::Index => relations.take(&id.schema, &id.part),
                Kind::Constraint => {
                    constraints.take(&id.schema, &id.part);
                    if node.object.as_constraint().is_some_and(has_index) {
                        relations.take(&id.schema, &id.part);
                    }
                }
                _ => {}
            }
        }
        for Unnamed {
            mut node,
            middle,
            label,
        } in std::mem::take(&mut self.unnamed)
        {
            let is_constraint = node.id.kind == Kind::Constraint;
            let indexed = !is_constraint || node.object.as_constraint().is_some_and(has_index);
            let schema = node.id.schema.clone();
            let name = names::choose(&node.id.name, middle.as_deref(), label, |candidate| {
                (indexed && relations.has(&schema, candidate))
                    || (is_constraint && constraints.has(&schema, candidate))
            });
            let name = Name::from(name);
            if indexed {
                relations.take(&schema, &name);
            }
            if is_constraint {
                constraints.take(&schema, &name);
            }
            Arc::make_mut(&mut node).id.part = name;
            self.insert(node);
        }
    }
}

/// The names in use, schema by schema.
#[derive(Default)]
struct Taken(FxHashMap<Name, FxHashSet<Name>>);

impl Taken {
    fn take(&mut self, schema: &Name, name: &Name) {
        match self.0.get_mut(schema) {
            Some(names) => names.insert(name.clone()),
            None => self
                .0
                .entry(schema.clone())
                .or_default()
                .insert(name.clone()),
        };
    }

    fn has(&self, schema: &Name, name: &str) -> bool {
        self.0
            .get(schema)
            .is_some_and(|names| names.contains(&Name::from(name)))
    }
}

/// Whether an index enforces the constraint, which then takes a relation's name.
fn has_index(constraint: &Constraint) -> bool {
    match constraint.body {
        ConstraintBody::PrimaryKey(_)
        | ConstraintBody::Unique(_)
        | ConstraintBody::Exclusion(_) => true,
        ConstraintBody::ForeignKey(_)
        | ConstraintBody::Check(_)
        | ConstraintBody::NotNull { .. }
        | ConstraintBody::Other(_) => false,
    }
}
