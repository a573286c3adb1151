//! Draws what an item is, sort by sort.

use super::draw::{Draw, Sort, is_relation, is_stored, is_table};
use super::world::*;

impl Draw {
    pub(crate) fn what(&mut self, world: &World, sort: Sort) -> Option<What> {
        let tables = || world.all(is_table);
        let relations = || world.all(is_relation);
        let roles = world.all(|item| matches!(item.what, What::Role(_)));
        Some(match sort {
            Sort::Schema => What::Schema,
            Sort::Extension => What::Extension,
            Sort::Role => What::Role(Role {
                login: self.rng.bool(),
                inherit: self.chance(80),
                create_database: self.chance(15),
                limit: self.chance(15).then(|| self.small()),
                member_of: match self.chance(30) {
                    true => self.several(roles, 2),
                    false => Vec::new(),
                },
                timeout: self.chance(20).then(|| self.small()),
            }),
            Sort::Collation => What::Collation(self.one_of(&["und", "de-DE", "sv-SE"])),
            Sort::Enum => {
                let mut labels: Vec<(u32, String)> = Vec::new();
                for n in 0..self.rng.u32(1..6) {
                    let label = self.label();
                    if !labels.iter().any(|(_, l)| *l == label) {
                        labels.push((n, label));
                    }
                }
                What::Enum(labels)
            }
            Sort::Domain => {
                let base = match self.chance(70) {
                    true => Ty::Builtin(self.one_of(&["text", "integer", "numeric(12,2)", "uuid"])),
                    false => self.any_type(world),
                };
                let collations = world.all(|item| matches!(item.what, What::Collation(_)));
                What::Domain(Domain {
                    base,
                    not_null: self.chance(10),
                    default: self.chance(25).then(|| self.small()),
                    collation: self.chance(15).then(|| self.pick(&collations)).flatten(),
                    checks: (0..self.rng.u8(0..3))
                        .map(|n| (format!("check_{n}"), self.small(), self.chance(85)))
                        .collect(),
                })
            }
            Sort::Composite => What::Composite(
                (0..self.rng.u32(1..5))
                    .map(|n| (n, format!("part_{n}"), self.any_type(world)))
                    .collect(),
            ),
            Sort::Range => {
                let of = [
                    "integer",
                    "numeric",
                    "date",
                    "bigint",
                    "timestamp with time zone",
                ];
                What::Range(Ty::Builtin(self.one_of(&of)))
            }
            Sort::Sequence => What::Sequence(Sequence {
                ty: self.one_of(&["bigint", "integer", "smallint"]),
                increment: self.pick(&[1, 1, 1, 5, -1])?,
                start: self.chance(30).then(|| self.small()),
                cache: self.pick(&[1, 1, 10])?,
                cycle: self.chance(15),
                owned_by: None,
            }),
            Sort::Table => What::Table(self.table(world)),
            Sort::Column => {
                let open = world.all(|item| {
                    matches!(&item.what, What::Table(table)
                        if !matches!(table.form, Form::Partition(..) | Form::Typed(_)))
                });
                let table = self.pick(&open)?;
                let ty = self.any_type(world);
                What::Column(self.column(world, table, ty, false))
            }
            Sort::Constraint => {
                let table = self.pick(&tables())?;
                What::Constraint(self.constraint(world, table)?)
            }
            Sort::Index => {
                let indexed = world.all(|item| {
                    is_stored(item) || matches!(&item.what, What::View(v) if v.materialized)
                });
                let on = self.pick(&indexed)?;
                What::Index(self.index(world, on)?)
            }
            Sort::View => {
                let from = self.pick(&relations())?;
                What::View(self.view(world, from)?)
            }
            Sort::Function => What::Function(self.function(world)?),
            Sort::Aggregate => What::Aggregate(self.one_of(&["integer", "bigint", "text"])),
            Sort::Trigger => {
                let on = self.pick(&relations())?;
                What::Trigger(self.trigger(world, on)?)
            }
            Sort::Rule => {
                let on = self.pick(&tables())?;
                What::Rule(Rule {
                    on,
                    event: self.one_of(&["DELETE", "UPDATE"]),
                    when: self.maybe(world, on, 60),
                    instead: self.rng.bool(),
                })
            }
            Sort::Policy => {
                let on = self.pick(&tables())?;
                What::Policy(self.policy(world, on)?)
            }
            Sort::Statistics => {
                let table = self.pick(&tables())?;
                let columns = self.several(world.columns(table), 3);
                let kinds = ["", " (dependencies)", " (ndistinct, mcv)"];
                What::Statistics(columns, self.one_of(&kinds))
            }
            Sort::EventTrigger => {
                let functions = world.all(|item| {
                    matches!(&item.what, What::Function(f) if f.form == FunctionForm::EventTrigger)
                });
                let function = self.pick(&functions)?;
                let events = ["ddl_command_start", "ddl_command_end", "sql_drop"];
                What::EventTrigger(function, self.one_of(&events), self.chance(80))
            }
            Sort::Publication => What::Publication(Publication {
                tables: self.several(tables(), 2),
                all: self.chance(20),
                publish: self.one_of(&["insert", "insert, update, delete", "truncate"]),
            }),
            Sort::Wrapper => What::Wrapper(self.small()),
            Sort::Server => {
                let wrappers = world.all(|item| matches!(item.what, What::Wrapper(_)));
                What::Server(self.pick(&wrappers)?, self.small())
            }
            Sort::Mapping => {
                let servers = world.all(|item| matches!(item.what, What::Server(..)));
                let server = self.pick(&servers)?;
                let role = self.chance(70).then(|| self.pick(&roles)).flatten();
                What::Mapping(server, role, self.small())
            }
            Sort::TextSearch => What::TextSearch(self.one_of(&["simple", "english", "german"])),
            Sort::Operator => {
                let functions = world.all(|item| {
                    matches!(&item.what, What::Function(f)
                        if matches!(f.form, FunctionForm::Compare(_)))
                });
                What::Operator(self.pick(&functions)?)
            }
            Sort::Grant => self.grant(world, &roles)?,
            Sort::DefaultPrivileges => {
                let schemas = world.all(|item| matches!(item.what, What::Schema));
                What::DefaultPrivileges(DefaultPrivileges {
                    of: self.chance(30).then(|| self.pick(&roles)).flatten(),
                    within: self.chance(50).then(|| self.pick(&schemas)).flatten(),
                    class: self.one_of(&["TABLES", "SEQUENCES", "FUNCTIONS", "TYPES"]),
                    to: self.pick(&roles)?,
                    privileges: self.rng.u8(..),
                })
            }
        })
    }

    fn table(&mut self, world: &World) -> Table {
        let plain = |item: &Item| matches!(&item.what, What::Table(t) if t.form == Form::Plain);
        let form = match self.rng.u8(0..100) {
            0..55 => Form::Plain,
            55..67 => Form::Partitioned(self.one_of(&["RANGE", "LIST", "HASH"]), PUBLIC),
            67..82 => {
                let parents = world.all(|item| {
                    matches!(&item.what, What::Table(t) if matches!(t.form, Form::Partitioned(..)))
                });
                let which = (!self.chance(15)).then(|| self.rng.u32(0..4));
                let parent = self.pick(&parents);
                parent.map_or(Form::Plain, |parent| Form::Partition(parent, which))
            }
            82..90 => {
                let parents = world.all(plain);
                match self.several(parents, 2) {
                    parents if parents.is_empty() => Form::Plain,
                    parents => Form::Inherits(parents),
                }
            }
            90..96 => {
                let servers = world.all(|item| matches!(item.what, What::Server(..)));
                let server = self.pick(&servers);
                server.map_or(Form::Plain, |server| Form::Foreign(server, self.small()))
            }
            _ => {
                let types = world.all(|item| matches!(item.what, What::Composite(_)));
                self.pick(&types).map_or(Form::Plain, Form::Typed)
            }
        };
        Table {
            form,
            unlogged: self.chance(8),
            fillfactor: self.chance(12).then(|| 40 + self.small()),
            replica: match self.rng.u8(0..20) {
                0 => Replica::Full,
                1 => Replica::Nothing,
                _ => Replica::Default,
            },
            rls: self.chance(30),
            force: self.chance(8),
        }
    }

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

    fn grant(&mut self, world: &World, roles: &[Uid]) -> Option<What> {
        let on = world.all(|item| {
            matches!(
                item.what,
                What::Table(_)
                    | What::View(_)
                    | What::Sequence(_)
                    | What::Function(_)
                    | What::Schema
                    | What::Enum(_)
                    | What::Domain(_)
                    | What::Composite(_)
                    | What::Range(_)
                    | What::Server(..)
                    | What::Wrapper(_)
            )
        });
        let on = self.pick(&on)?;
        let table = matches!(world.get(on)?.what, What::Table(_));
        let to = self.chance(85).then(|| self.pick(roles)).flatten();
        Some(What::Grant(Grant {
            on,
            to,
            privileges: self.rng.u8(..),
            option: self.chance(15),
            columns: match table && self.chance(35) {
                true => self.several(world.columns(on), 2),
                false => Vec::new(),
            },
            revoke: to.is_none() && self.chance(50),
        }))
    }
}
