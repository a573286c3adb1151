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
