//! Tables: what stands in their blocks, item by item, each table apart from all others.

use std::sync::Arc;

use super::world::{Placed, TableWork, World, at, unknown};
use super::{
    Lowered, Output, audited, column, constraint, index, object, policy, template, transitions,
    trigger,
};
use crate::diagnostic::{Diagnostic, code};
use crate::schema::{
    Foreign, Id, Kind, Name, Node, Object, Partition, PartitionKey, ReplicaIdentity, Settings,
    Table,
};
use crate::share;
use crate::source::FileId;
use crate::syntax::tree::{self, RowSecurity, TableItem};

/// Below this many tables a second thread costs more than it saves.
const WORTH_A_THREAD: usize = 64;

/// Lowers every table, on as many cores as there are.
pub(super) fn lower<'t>(world: &World<'t>, out: &mut Output<'t>) {
    let tables: Vec<&TableWork<'t>> = world.tables.values().collect();
    let known = out.known;
    let lowered = share::map(tables.len(), WORTH_A_THREAD, |i| {
        one(tables[i], world).beside(known)
    });
    out.builder
        .reserve(lowered.iter().map(|l| l.nodes.len()).sum());
    lowered.into_iter().for_each(|l| out.take(l));
}

fn one<'t>(work: &TableWork<'t>, world: &World<'t>) -> Lowered<'t> {
    let mut lowered = Lowered::default();
    let tree = work.table;
    let file = work.file;
    let mut table = Table {
        unlogged: tree.unlogged,
        ..Table::default()
    };
    let mut needs = Vec::new();
    parents(work, world, &mut table, &mut needs, &mut lowered);
    if let Some((server, options)) = &tree.server {
        needs.push(Id::global(Kind::ForeignServer, server.name.clone()));
        table.foreign = Some(Box::new(Foreign {
            server: server.name.clone(),
            options: settings(options),
        }));
    }
    table.access_method = tree.access_method.as_ref().map(|m| m.name.clone());
    if let Some(of) = &tree.of_type {
        let schema = of.schema.as_ref().map(|s| s.name.as_str());
        match world.symbols.ty(schema, &of.name.name) {
            Some(id) => {
                needs.push(id.clone());
                table.of_type = Some(Box::new(crate::schema::Type::user(
                    id.schema.clone(),
                    id.name.clone(),
                )));
            }
            None => {
                let names = world.symbols.type_names().map(|n| n.as_str());
                let place = at(file, of.span());
                lowered.faults.push(unknown(
                    code::UNKNOWN_TYPE,
                    "type",
                    &of.name.name,
                    place,
                    names,
                ));
            }
        }
    }
    column::lower(work, world, &mut lowered);
    let mut has_policy = false;
    let mut security = None;
    let mut clauses: Vec<&tree::ObjectClause> = tree.clauses.iter().collect();
    for Placed { item, file, .. } in &work.items {
        let file = *file;
        // What is inherited is read like any other, and marked.
        let (item, inherited) = match item {
            TableItem::Inherited(inner) => (&**inner, true),
            item => (*item, false),
        };
        let first = (lowered.nodes.len(), lowered.unnamed.len());
        match item {
            TableItem::OtherConstraint(x) => constraint::other(work, file, x, world, &mut lowered),
            TableItem::Key(x) => constraint::key(work, file, x, None, world, &mut lowered),
            TableItem::Check(x) => constraint::check(work, file, x, None, world, &mut lowered),
            TableItem::ForeignKey(x) => {
                let columns = constraint::Columns {
                    file,
                    names: &x.columns,
                    period: x.period,
                };
                let said = constraint::Said {
                    name: x.name.as_ref(),
                    docs: &x.docs,
                    clauses: &x.clauses,
                    place: at(file, x.name.as_ref().map_or(x.span, |n| n.span)),
                };
                constraint::foreign_key(work, columns, &x.references, said, world, &mut lowered);
            }
            TableItem::Exclude(x) => constraint::exclude(work, file, x, world, &mut lowered),
            TableItem::Index(x) => index::lower(&work.id, file, x, world, &mut lowered),
            TableItem::Policy(x) => {
                has_policy = true;
                policy::lower(&work.id, file, x, world, &mut lowered);
            }
            TableItem::Use(x) => {
                let said = template::lower(work, file, x, world, &mut lowered);
                has_policy |= said.policy;
                security = security.or(said.state.map(|(state, _)| state));
            }
            TableItem::Trigger(x) => trigger::lower(&work.id, file, x, world, &mut lowered),
            TableItem::Transitions(x) => transitions::lower(work, file, x, world, &mut lowered),
            TableItem::AppendOnly(_) => table.writes.append_only = true,
            TableItem::Audited(x) => audited::lower(work, file, x, world, &mut table, &mut lowered),
            TableItem::RowSecurity(state, span) => {
                if security.replace(*state).is_some_and(|s| s != *state) {
                    let place = at(file, *span);
                    lowered.faults.push(
                        Diagnostic::error(
                            code::REPEATED_CLAUSE,
                            "`rls` is set twice, and differently",
                            place,
                        )
                        .help("keep one of the two lines"),
                    );
                }
            }
            TableItem::With(parameters) => table.parameters.extend(settings(parameters)),
            TableItem::Tablespace(name) => table.tablespace = Some(name.name.clone()),
            TableItem::ReplicaIdentity(identity, _) => {
                table.replica_identity = match identity {
                    tree::ReplicaIdentity::Default => ReplicaIdentity::Default,
                    tree::ReplicaIdentity::Full => ReplicaIdentity::Full,
                    tree::ReplicaIdentity::Nothing => ReplicaIdentity::Nothing,
                    tree::ReplicaIdentity::Index(name) => ReplicaIdentity::Index(name.name.clone()),
                }
            }
            TableItem::Clause(clause) => clauses.push(clause),
            TableItem::Column(_)
            | TableItem::Include(_)
            | TableItem::ViewColumn(_)
            | TableItem::Inherited(_) => {}
        }
        if inherited {
            mark_inherited(&mut lowered, first);
        }
    }
    table.row_security = match security {
        Some(RowSecurity::Enabled | RowSecurity::Forced) => true,
        Some(RowSecurity::Disabled | RowSecurity::ForcedDisabled) => false,
        None => has_policy,
    };
    table.force_row_security = matches!(
        security,
        Some(RowSecurity::Forced | RowSecurity::ForcedDisabled)
    );
    let mut node = Node::new(work.id.clone(), Object::Table(table));
    node.needs = needs;
    let place = at(file, tree.name.span());
    let mut node = object::finish(node, place, &tree.docs, clauses, world, &mut lowered);
    node.external = work.external;
    // A sequence that a column owns has the owner of the table; PostgreSQL allows no other.
    for sequence in lowered
        .nodes
        .iter_mut()
        .map(Arc::make_mut)
        .filter(|n| n.id.kind == Kind::Sequence)
    {
        sequence.owner = node.owner.clone();
    }
    if work.external {
        let unnamed = lowered.unnamed.iter_mut().map(|u| &mut u.node);
        let nodes = lowered.nodes.iter_mut().chain(unnamed);
        nodes.for_each(|n| Arc::make_mut(n).external = true);
    }
    lowered.add(node);
    // PostgreSQL names checks first, then what has an index, then foreign keys, then indexes.
    lowered.unnamed.sort_by_key(|u| match u.label {
        "check" => 0,
        "pkey" => 1,
        "key" | "excl" => 2,
        "fkey" => 3,
        _ => 4,
    });
    lowered
}

fn mark_inherited(lowered: &mut Lowered<'_>, (nodes, unnamed): (usize, usize)) {
    let unnamed = lowered.unnamed[unnamed..].iter_mut().map(|u| &mut u.node);
    let nodes = lowered.nodes[nodes..].iter_mut().chain(unnamed);
    for node in nodes.map(Arc::make_mut) {
        match &mut node.object {
            Object::Constraint(constraint) => constraint.inherited = true,
            Object::Trigger(trigger) => trigger.inherited = true,
            _ => {}
        }
    }
}

fn parents<'t>(
    work: &TableWork<'t>,
    world: &World<'t>,
    table: &mut Table,
    needs: &mut Vec<Id>,
    lowered: &mut Lowered<'t>,
) {
    let tree = work.table;
    for parent in &tree.inherits {
        if let Some(id) = world.table(work.file, parent, &mut lowered.faults) {
            needs.push(id.clone());
            table.inherits.push(id);
        }
    }
    if let Some(key) = &tree.partition_by {
        // `range (created_at)`: the strategy reads like a call, so only what it encloses is resolved.
        let open = key.text.find('(').unwrap_or(key.text.len());
        let (strategy, columns) = key.text.split_at(open);
        let inner = tree::ExprText {
            text: columns.into(),
            span: crate::source::Span::new(key.span.start + open as u32, key.span.end),
        };
        let resolved = world.table_expr(work.file, &inner, &work.id, &mut lowered.faults);
        needs.extend(
            resolved
                .needs
                .into_iter()
                .filter(|n| n.kind != Kind::Column),
        );
        let strategy = strategy.trim().to_uppercase();
        let prefix = format!("{strategy} ");
        let mut definition = resolved.expr;
        definition.text = format!("{prefix}{}", definition.text).into();
        for place in &mut definition.refs {
            place.start += prefix.len() as u32;
            place.end += prefix.len() as u32;
        }
        definition.opaque = false;
        lowered
            .faults
            .retain(|f| f.code != code::SERVER_DECIDES || f.origin != at(work.file, inner.span));
        table.partition_key = Some(Box::new(PartitionKey { definition }));
    }
    if let Some(partition) = &tree.partition_of {
        let Some(parent) = world.table(work.file, &partition.parent, &mut lowered.faults) else {
            return;
        };
        let partitioned = world
            .tables
            .get(&parent)
            .is_none_or(|p| p.table.partition_by.is_some());
        if !partitioned {
            let place = at(work.file, partition.parent.span());
            let mut fault = Diagnostic::error(
                code::PARTITION,
                format!("`{}` is not partitioned", parent.name),
                place,
            )
            .label("no `partition by` there")
            .help(format!("write `table {} partition by … {{`", parent.name));
            if let Some(declared) = world.places.get(&parent) {
                fault = fault.secondary(*declared, "declared here");
            }
            lowered.faults.push(fault);
        }
        needs.push(parent.clone());
        let bound = crate::expr::folded(&upper_keywords(&partition.bound.text));
        table.partition_of = Some(Box::new(Partition { parent, bound }));
    }
}

/// A bound's keywords as the server prints them.
fn upper_keywords(bound: &str) -> String {
    let tokens = crate::expr::lexer::tokens(bound, false);
    let mut text = String::with_capacity(bound.len());
    for (i, token) in tokens.iter().enumerate() {
        if i > 0 && token.spaced {
            text.push(' ');
        }
        let word = token.text(bound);
        let keyword = [
            "for", "values", "from", "to", "in", "with", "default", "minvalue", "maxvalue", "null",
        ]
        .iter()
        .any(|k| k.eq_ignore_ascii_case(word));
        text.push_str(&match word.to_ascii_lowercase() {
            _ if keyword => word.to_uppercase(),
            small if matches!(small.as_str(), "modulus" | "remainder") => small,
            _ => word.to_owned(),
        });
    }
    text
}

/// Options as the catalog keeps them: text without quotes.
pub(super) fn settings(parameters: &[tree::Parameter]) -> Settings {
    parameters
        .iter()
        .map(|p| (p.name.name.clone(), Name::from(value(p))))
        .collect()
}

/// The same as `name=value`, sorted.
pub(super) fn parameters(parameters: &[tree::Parameter]) -> Vec<Name> {
    let mut all: Vec<Name> = parameters
        .iter()
        .map(|p| Name::from(format!("{}={}", p.name.name, value(p))))
        .collect();
    all.sort();
    all
}

fn value(parameter: &tree::Parameter) -> String {
    // A parameter alone is switched on.
    parameter
        .value
        .as_ref()
        .map_or("true".to_owned(), |v| unquoted(&v.text))
}

/// The text of a string literal; any other text as it is.
pub(super) fn unquoted(text: &str) -> String {
    match text
        .trim()
        .strip_prefix('\'')
        .and_then(|t| t.strip_suffix('\''))
    {
        Some(inner) => inner.replace("''", "'"),
        None => text.trim().to_owned(),
    }
}

impl World<'_> {
    /// Columns of a table, by name; unknown ones are reported and left out.
    pub(super) fn columns_named(
        &self,
        table: &Id,
        file: FileId,
        names: &[tree::Ident],
        faults: &mut Vec<Diagnostic>,
    ) -> Option<Vec<Name>> {
        let relation = self.relation(table)?;
        let mut found = Vec::new();
        let mut whole = true;
        for name in names {
            if relation.open || relation.columns.contains(&name.name) {
                found.push(name.name.clone());
                continue;
            }
            whole = false;
            let candidates = relation.columns.iter().map(|n| n.as_str());
            let what = format!("`{}` has no column", table.name);
            let mut fault = unknown(
                code::UNKNOWN_COLUMN,
                "column",
                &name.name,
                at(file, name.span),
                candidates,
            );
            fault.message = format!("{what} `{}`", name.name);
            faults.push(fault);
        }
        whole.then_some(found)
    }
}
