//! Identity and personas.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, code};
use crate::resolve::declare;
use crate::resolve::world::{World, at, unknown};
use crate::schema::{
    Fact, FactSource, Intent, Name, Origin, PersonRow, PersonValue, Persona, Settings, Type,
};
use crate::source::FileId;
use crate::syntax::tree::{self, Item};

pub(super) fn lower(
    files: &[tree::File],
    world: &World<'_>,
    intent: &mut Intent,
    faults: &mut Vec<Diagnostic>,
) {
    let mut first: Option<Origin> = None;
    for (file, item) in items(files) {
        let Item::Identity(tree) = item else { continue };
        let place = at(file, tree.span);
        if let Some(first) = first {
            faults.push(
                Diagnostic::error(code::DUPLICATE, "`identity` stands twice", place)
                    .label("said again here")
                    .secondary(first, "first said here")
                    .help("put all facts into one block"),
            );
            continue;
        }
        first = Some(place);
        for fact in &tree.facts {
            let Some(found) = world.ty(file, &fact.ty, faults) else {
                continue;
            };
            let source = fact.source.as_ref().map(|source| match source {
                tree::FactSource::Claim(path) => {
                    FactSource::Claim(path.iter().map(|p| p.name.clone()).collect())
                }
                tree::FactSource::Setting(name) => FactSource::Setting(name.name.clone()),
            });
            intent.facts.push(Fact {
                name: fact.name.name.clone(),
                ty: found.ty,
                source,
                origin: at(file, fact.name.span),
            });
        }
        for has in &tree.rows {
            intent
                .rows
                .extend(row(file, has, world, &intent.facts, faults));
        }
    }
    let supabase = declare::platform(files).is_some_and(|p| p == *"supabase");
    if first.is_none() && supabase {
        intent.facts.push(Fact {
            name: Name::from("id"),
            ty: Type::builtin("uuid"),
            source: Some(FactSource::Claim(vec![Name::from("sub")])),
            origin: Origin {
                file: 0,
                start: 0,
                end: 0,
            },
        });
    }
    for (file, item) in items(files) {
        if let Item::Persona(tree) = item {
            persona(file, tree, world, intent, faults);
        }
    }
}

fn items(files: &[tree::File]) -> impl Iterator<Item = (FileId, &Item)> {
    files
        .iter()
        .flat_map(|f| f.items.iter().map(|item| (f.file, item)))
}

fn persona(
    file: FileId,
    tree: &tree::Persona,
    world: &World<'_>,
    intent: &mut Intent,
    faults: &mut Vec<Diagnostic>,
) {
    let place = at(file, tree.name.span);
    if let Some(first) = intent.persona(&tree.name.name) {
        faults.push(
            Diagnostic::error(
                code::DUPLICATE,
                format!("persona `{}` is declared twice", tree.name.name),
                place,
            )
            .label("declared again here")
            .secondary(first.origin, "first declared here")
            .help("give one of them another name, or remove one"),
        );
        return;
    }
    world.role(file, &tree.role, faults);
    let rows = tree
        .rows
        .iter()
        .filter_map(|has| row(file, has, world, &intent.facts, faults))
        .collect();
    let settings: Settings = tree
        .settings
        .iter()
        .map(|s| {
            let value = crate::resolve::table::unquoted(&s.value.text);
            (s.name.name.clone(), Name::from(value))
        })
        .collect();
    if tree.unidentified && !tree.ties.is_empty() {
        faults.push(
            Diagnostic::error(
                code::PERSONA_TIES,
                format!(
                    "`{}` has no identity that could tie it to a row",
                    tree.name.name
                ),
                place,
            )
            .label("tied, and without identity")
            .help("leave out `tied` or `without identity`"),
        );
    }
    intent.personas.push(Persona {
        name: tree.name.name.clone(),
        role: tree.role.name.clone(),
        ties: tree.ties.iter().map(|t| t.name.clone()).collect(),
        identified: !tree.unidentified,
        claims: tree.claims.as_ref().map(|c| {
            let text = crate::expr::fold(&c.text);
            text.into_owned().into()
        }),
        settings,
        rows,
        comment: tree.docs.as_deref().map(Into::into),
        origin: place,
    });
}

fn row(
    file: FileId,
    has: &tree::Has,
    world: &World<'_>,
    facts: &[Fact],
    faults: &mut Vec<Diagnostic>,
) -> Option<PersonRow> {
    let table = world.table(file, &has.table, faults)?;
    let columns: Vec<tree::Ident> = has.values.iter().map(|(c, _)| c.clone()).collect();
    world.columns_named(&table, file, &columns, faults)?;
    let mut values = BTreeMap::new();
    for (column, value) in &has.values {
        let value = match value {
            tree::HasValue::Fact(name) => {
                known_fact(file, name, facts, faults)?;
                PersonValue::Fact(name.name.clone())
            }
            tree::HasValue::Literal(text) => PersonValue::Literal(crate::expr::folded(&text.text)),
        };
        values.insert(column.name.clone(), value);
    }
    Some(PersonRow {
        table,
        values,
        origin: at(file, has.span),
    })
}

/// Reports a fact that nobody declared.
pub(super) fn known_fact(
    file: FileId,
    name: &tree::Ident,
    facts: &[Fact],
    faults: &mut Vec<Diagnostic>,
) -> Option<()> {
    if facts.iter().any(|f| f.name == name.name) {
        return Some(());
    }
    let names = facts.iter().map(|f| f.name.as_str());
    let place = at(file, name.span);
    let mut fault = unknown(code::UNKNOWN_FACT, "fact", &name.name, place, names);
    if fault.help.is_none() {
        let declare = format!("declare it: `identity {{ {} uuid claim sub }}`", name.name);
        fault = fault.help(declare);
    }
    faults.push(fault);
    None
}

/// Every tie of a persona is one that some relation has; and whoever is tied to some rows is a
/// persona to the others too.
pub(super) fn tied_by_what_there_is(
    files: &[tree::File],
    intent: &Intent,
    faults: &mut Vec<Diagnostic>,
) {
    // As written, whether the way could be followed or not.
    let mut known: BTreeSet<&str> = BTreeSet::new();
    for (_, item) in items(files) {
        let Item::Intent(tree) = item else { continue };
        for item in &tree.items {
            if let tree::IntentItem::Tie(tie) = item {
                known.insert(tie.name.name.as_str());
            }
        }
    }
    for (file, item) in items(files) {
        let Item::Persona(tree) = item else { continue };
        for tie in &tree.ties {
            if !known.contains(tie.name.as_str()) {
                let place = at(file, tie.span);
                let names = known.iter().copied();
                let mut fault = unknown(code::UNKNOWN_TIE, "tie", &tie.name, place, names);
                if fault.help.is_none() {
                    fault = fault.help(format!(
                        "say it in the `intent` of a table: `tie {} COLUMN = FACT`",
                        tie.name
                    ));
                }
                faults.push(fault);
            }
        }
    }
    for persona in intent.personas.iter().filter(|p| !p.ties.is_empty()) {
        let other = |p: &&Persona| p.ties.is_empty() && p.is_same_person(persona);
        if intent.personas.iter().any(|p| other(&p)) {
            continue;
        }
        faults.push(
            Diagnostic::error(
                code::PERSONA_GAP,
                format!(
                    "nothing is said of `{}` and rows that are not theirs",
                    persona.name
                ),
                persona.origin,
            )
            .label("every persona of this kind is tied to its rows")
            .help(format!(
                "declare who they are to all other rows: `persona stranger as {}`{}",
                super::super::world::bare(&persona.role),
                match persona.claims.is_some() || !persona.rows.is_empty() {
                    true => ", with the same claims and rows",
                    false => "",
                }
            )),
        );
    }
}
