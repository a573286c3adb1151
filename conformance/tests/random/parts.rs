//! Draws what stands on a table or a relation: constraints, indexes, views, functions, triggers,
//! policies.

use super::draw::{Draw, is_relation};
use super::world::*;

impl Draw {
    pub(crate) fn constraint(&mut self, world: &World, table: Uid) -> Option<Constraint> {
        let columns = world.columns(table);
        let body = match self.rng.u8(0..100) {
            0..8 => Body::Primary(self.several(columns, 2)),
            8..28 => {
                let mut keys = self.several(columns.clone(), 2);
                keys.retain(|c| world.column(*c).is_some_and(|c| world.is_ordered(&c.ty)));
                let include = match self.chance(15) {
                    true => self.several(columns, 1),
                    false => Vec::new(),
                };
                Body::Unique(keys, self.chance(20), include)
            }
            28..62 => Body::Check(self.condition(world, table)?, self.chance(12)),
            62..92 => {
                let keys = world.all(|item| {
                    matches!(&item.what, What::Constraint(c)
                        if matches!(&c.body, Body::Primary(_) | Body::Unique(..)))
                });
                let fits = |key: &Uid| -> Option<(Uid, Vec<Ty>)> {
                    let What::Constraint(c) = &world.get(*key)?.what else {
                        return None;
                    };
                    let (Body::Primary(list) | Body::Unique(list, ..)) = &c.body else {
                        return None;
                    };
                    let types: Option<Vec<_>> = list
                        .iter()
                        .map(|c| Some(world.column(*c)?.ty.clone()))
                        .collect();
                    Some((*key, types?))
                };
                let mut keys: Vec<_> = keys.iter().filter_map(fits).collect();
                self.rng.shuffle(&mut keys);
                let (key, columns) = keys.into_iter().find_map(|(key, types)| {
                    let columns: Option<Vec<Uid>> = types
                        .iter()
                        .map(|ty| {
                            let same = |c: &&Uid| world.column(**c).is_some_and(|c| c.ty == *ty);
                            let fitting: Vec<_> = columns.iter().filter(same).copied().collect();
                            self.pick(&fitting)
                        })
                        .collect();
                    Some((key, columns?))
                })?;
                let (delete, update) = (self.rng.u8(0..5), self.rng.u8(0..5));
                Body::Foreign(columns, key, delete, update, self.chance(10))
            }
            _ => {
                let ranges: Vec<_> = columns
                    .into_iter()
                    .filter(|c| world.column(*c).is_some_and(|c| world.is_range(&c.ty)))
                    .collect();
                Body::Exclusion(self.pick(&ranges)?, self.maybe(world, table, 30))
            }
        };
        Some(Constraint {
            table,
            body,
            deferrable: self.pick(&[0, 0, 0, 1, 2])?,
            valid: self.chance(88),
        })
    }

    pub(crate) fn index(&mut self, world: &World, on: Uid) -> Option<Index> {
        let columns = world.columns(on);
        let is = |holds: fn(&World, &Ty) -> bool, list: &[Uid]| -> Vec<Uid> {
            let fits = |c: &&Uid| world.column(**c).is_some_and(|c| holds(world, &c.ty));
            list.iter().filter(fits).copied().collect()
        };
        let (method, fitting) = match self.rng.u8(0..100) {
            0..70 => ("btree", is(World::is_ordered, &columns)),
            70..78 => ("hash", is(World::is_ordered, &columns)),
            78..86 => ("brin", is(World::is_number, &columns)),
            86..93 => ("gist", is(World::is_range, &columns)),
            _ => ("gin", is(|_, ty| *ty == Ty::Builtin("jsonb"), &columns)),
        };
        let expression = (method == "btree")
            .then(|| self.maybe(world, on, 25))
            .flatten();
        let keys = self.several(fitting, 2);
        if keys.is_empty() && expression.is_none() {
            return None;
        }
        Some(Index {
            on,
            keys,
            expression,
            unique: self.chance(20),
            nulls_not_distinct: self.chance(20),
            method,
            descending: self.chance(25),
            include: match self.chance(15) {
                true => self.several(columns, 1),
                false => Vec::new(),
            },
            filter: self.maybe(world, on, 25),
            fillfactor: self.chance(15).then(|| 40 + self.small()),
        })
    }

    pub(crate) fn view(&mut self, world: &World, from: Uid) -> Option<View> {
        let columns = self.several(world.columns(from), 4);
        let calls = world.all(|item| {
            matches!(&item.what, What::Function(f)
                if matches!(f.form, FunctionForm::Value(..) | FunctionForm::Atomic(..)))
        });
        (!columns.is_empty()).then_some(())?;
        Some(View {
            from,
            columns,
            shape: self.rng.u8(0..8),
            filter: self.maybe(world, from, 50),
            call: self.chance(20).then(|| self.pick(&calls)).flatten(),
            materialized: self.chance(30),
            barrier: self.chance(15),
            invoker: self.chance(15),
            populated: self.chance(80),
        })
    }

    pub(crate) fn function(&mut self, world: &World) -> Option<Function> {
        let relations = world.all(is_relation);
        let ty = |draw: &mut Draw| {
            // The types of columns, so that there is something to call it on.
            let columns = world.all(|item| matches!(item.what, What::Column(_)));
            let column = draw.chance(60).then(|| draw.pick(&columns)).flatten();
            let of = column.and_then(|c| Some(world.column(c)?.ty.clone()));
            of.unwrap_or_else(|| draw.any_type(world))
        };
        let form = match self.rng.u8(0..100) {
            0..25 => FunctionForm::Predicate(ty(self)),
            25..45 => {
                let of = ty(self);
                let more = self.chance(30).then(|| self.any_type(world));
                FunctionForm::Value(of, more)
            }
            45..65 => FunctionForm::Trigger,
            65..72 => FunctionForm::EventTrigger,
            72..82 => {
                let relation = self.pick(&relations)?;
                let columns = self.several(world.columns(relation), 3);
                (!columns.is_empty()).then_some(())?;
                FunctionForm::Atomic(relation, columns)
            }
            82..88 => FunctionForm::SetOf(self.pick(&relations)?),
            88..94 => FunctionForm::Procedure(ty(self)),
            _ => FunctionForm::Compare(ty(self)),
        };
        Some(Function {
            form,
            volatility: self.one_of(&["VOLATILE", "STABLE", "IMMUTABLE"]),
            strict: self.chance(20),
            definer: self.chance(15),
            parallel: self.one_of(&["UNSAFE", "SAFE", "RESTRICTED"]),
            setting: self
                .chance(10)
                .then(|| self.one_of(&["search_path = ''", "work_mem = '8MB'"])),
            body: self.small(),
        })
    }

    pub(crate) fn trigger(&mut self, world: &World, on: Uid) -> Option<Trigger> {
        let functions = world
            .all(|item| matches!(&item.what, What::Function(f) if f.form == FunctionForm::Trigger));
        let view = matches!(world.get(on)?.what, What::View(_));
        Some(Trigger {
            on,
            function: self.pick(&functions)?,
            timing: if view { 3 } else { self.rng.u8(0..3) },
            events: self.rng.u8(1..8),
            columns: match self.chance(30) && !view {
                true => self.several(world.columns(on), 2),
                false => Vec::new(),
            },
            row: self.chance(70),
            when: self.maybe(world, on, 35),
            enabled: self.pick(&[0, 0, 0, 0, 1, 2])?,
        })
    }

    pub(crate) fn policy(&mut self, world: &World, on: Uid) -> Option<Policy> {
        let roles = world.all(|item| matches!(item.what, What::Role(_)));
        let looked = world.all(is_relation);
        Some(Policy {
            on,
            permissive: self.chance(80),
            command: self.one_of(&["ALL", "SELECT", "INSERT", "UPDATE", "DELETE"]),
            roles: match self.chance(50) {
                true => self.several(roles, 2),
                false => Vec::new(),
            },
            condition: self.condition(world, on)?,
            look: match self.chance(30) {
                true => self
                    .pick(&looked)
                    .and_then(|other| self.condition(world, other)),
                false => None,
            },
        })
    }
}
