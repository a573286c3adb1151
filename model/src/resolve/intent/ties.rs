//! Ties: by which columns, here or further away, a row belongs to a person.

use std::collections::BTreeMap;

use super::persona::known_fact;
use super::{Block, Lowering};
use crate::diagnostic::{Diagnostic, code};
use crate::resolve::world::at;
use crate::schema::{ConstraintBody, ForeignKey, Id, Intent, Name, Tie};
use crate::source::FileId;
use crate::syntax::tree::{self, Ident, IntentItem};

type Ties = BTreeMap<Name, Vec<Tie>>;

impl Lowering<'_, '_> {
    /// The ties of every relation that has a block.
    pub(super) fn all_ties(
        &self,
        intent: &Intent,
        faults: &mut Vec<Diagnostic>,
    ) -> BTreeMap<Id, Ties> {
        let mut done = BTreeMap::new();
        for id in self.blocks.keys() {
            self.ties(id, intent, &mut Vec::new(), &mut done, faults);
        }
        done
    }

    fn ties(
        &self,
        id: &Id,
        intent: &Intent,
        open: &mut Vec<Id>,
        done: &mut BTreeMap<Id, Ties>,
        faults: &mut Vec<Diagnostic>,
    ) {
        let Some(block) = self.blocks.get(id) else {
            return;
        };
        if done.contains_key(id) {
            return;
        }
        open.push(id.clone());
        let mut found = Ties::new();
        for item in block.items() {
            match item {
                IntentItem::Tie(tie) => {
                    if let Some(way) = self.tie(id, block, tie, intent, faults) {
                        found.entry(tie.name.name.clone()).or_default().push(way);
                    }
                }
                IntentItem::Via(columns) => {
                    for column in columns {
                        self.via(id, block, column, intent, (open, done), &mut found, faults);
                    }
                }
                IntentItem::Cells(_) | IntentItem::When(_) => {}
            }
        }
        open.pop();
        done.insert(id.clone(), found);
    }

    /// The ties of the row that the column refers to.
    #[allow(clippy::too_many_arguments)]
    fn via(
        &self,
        id: &Id,
        block: &Block<'_>,
        column: &Ident,
        intent: &Intent,
        (open, done): (&mut Vec<Id>, &mut BTreeMap<Id, Ties>),
        found: &mut Ties,
        faults: &mut Vec<Diagnostic>,
    ) {
        let Some((key, target)) = self.hop(id, block.file, column, faults) else {
            return;
        };
        let place = at(block.file, column.span);
        if open.contains(&target) {
            faults.push(
                Diagnostic::error(
                    code::TIE_WAY,
                    format!("the ties of `{}` would follow from themselves", id.name),
                    place,
                )
                .label(format!("leads back to `{}`", target.name))
                .help("say the tie by a column: `tie owner owner_id = id`"),
            );
            return;
        }
        self.ties(&target, intent, open, done, faults);
        let theirs = done.get(&target).filter(|ties| !ties.is_empty());
        let Some(theirs) = theirs else {
            faults.push(
                Diagnostic::error(
                    code::TIE_WAY,
                    format!("nothing ties the rows of `{}` to a person", target.name),
                    place,
                )
                .label(format!("refers to `{}`", target.name))
                .help(format!("say its ties in `intent {} {{ … }}`", target.name)),
            );
            return;
        };
        for (name, ways) in theirs {
            let ways = ways.iter().map(|way| Tie {
                path: std::iter::once(key.clone())
                    .chain(way.path.clone())
                    .collect(),
                origin: place,
                ..way.clone()
            });
            found.entry(name.clone()).or_default().extend(ways);
        }
    }

    fn tie(
        &self,
        id: &Id,
        block: &Block<'_>,
        tie: &tree::TieLine,
        intent: &Intent,
        faults: &mut Vec<Diagnostic>,
    ) -> Option<Tie> {
        let file = block.file;
        let fact = known_fact(file, &tie.fact, &intent.facts, faults);
        let mut hops: Vec<&Ident> = tie.path.iter().collect();
        let mut last = None;
        match &tie.member {
            None => last = hops.pop(),
            // `a.b(c)`: a schema and its table, or a column of the way and a table.
            Some(member) => {
                let own = |s: &&Ident| !self.world.symbols.schemas.contains(&s.name);
                hops.extend(member.table.schema.as_ref().filter(own));
            }
        }
        let mut table = id.clone();
        let mut path = Vec::new();
        for hop in hops {
            let (key, target) = self.hop(&table, file, hop, faults)?;
            path.push(key);
            table = target;
        }
        let (member, column) = match (&tie.member, last) {
            (Some(member), _) => self.member(&table, file, member, faults)?,
            (None, Some(column)) => {
                self.world
                    .columns_named(&table, file, std::slice::from_ref(column), faults)?;
                (None, column.name.clone())
            }
            (None, None) => return None,
        };
        fact?;
        Some(Tie {
            fact: tie.fact.name.clone(),
            path,
            member,
            column,
            origin: at(file, tie.span),
        })
    }

    /// The foreign key that a column belongs to, the shortest there is, and its target.
    fn hop(
        &self,
        table: &Id,
        file: FileId,
        column: &Ident,
        faults: &mut Vec<Diagnostic>,
    ) -> Option<(Id, Id)> {
        self.world
            .columns_named(table, file, std::slice::from_ref(column), faults)?;
        let found = self
            .foreign_keys(table)
            .filter(|(_, key)| key.columns.contains(&column.name))
            .min_by_key(|(id, key)| (key.columns.len(), *id));
        if let Some((id, key)) = found {
            return Some((id.clone(), key.target.clone()));
        }
        faults.push(
            Diagnostic::error(
                code::TIE_WAY,
                format!("`{}` of `{}` refers to no row", column.name, table.name),
                at(file, column.span),
            )
            .label("no foreign key")
            .help("name a column that `references` another table"),
        );
        None
    }

    /// The key by which the member's table refers to `table`, and its column.
    fn member(
        &self,
        table: &Id,
        file: FileId,
        member: &tree::Member,
        faults: &mut Vec<Diagnostic>,
    ) -> Option<(Option<Id>, Name)> {
        let schema = member.table.schema.as_ref();
        let name = tree::QName {
            schema: schema
                .filter(|s| self.world.symbols.schemas.contains(&s.name))
                .cloned(),
            name: member.table.name.clone(),
        };
        let own = self.world.table(file, &name, faults)?;
        self.world
            .columns_named(&own, file, std::slice::from_ref(&member.column), faults)?;
        if let Some(by) = &member.by {
            self.world
                .columns_named(&own, file, std::slice::from_ref(by), faults)?;
        }
        let by = |key: &ForeignKey| {
            let named = member.by.as_ref();
            key.target == *table && named.is_none_or(|by| key.columns.contains(&by.name))
        };
        let keys: Vec<&Id> = self
            .foreign_keys(&own)
            .filter(|(_, key)| by(key))
            .map(|(id, _)| id)
            .collect();
        if let [key] = keys[..] {
            return Some((Some(key.clone()), member.column.name.clone()));
        }
        let (fact, help) = match keys.is_empty() {
            true => (
                format!("no row of `{}` refers to one of `{}`", own.name, table.name),
                "name a table with a foreign key to this one".to_owned(),
            ),
            false => (
                format!("`{}` refers to `{}` in several ways", own.name, table.name),
                format!("say which: `{}(… by COLUMN)`", own.name),
            ),
        };
        faults.push(
            Diagnostic::error(code::TIE_WAY, fact, at(file, member.table.name.span))
                .label("one foreign key is needed")
                .help(help),
        );
        None
    }

    fn foreign_keys(&self, table: &Id) -> impl Iterator<Item = (&Id, &ForeignKey)> {
        self.schema
            .constraints(table)
            .filter_map(|(node, constraint)| match &constraint.body {
                ConstraintBody::ForeignKey(key) => Some((&node.id, key)),
                _ => None,
            })
    }
}
