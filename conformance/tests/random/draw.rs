//! Draws worlds and their items from a seed. What makes no sense the server takes out again.

use fastrand::Rng;

pub(crate) use super::sorts::*;
use super::world::*;
use Sort::*;

pub(crate) struct Draw {
    pub(crate) rng: Rng,
    /// What ends the names of roles, which all databases of a server share.
    pub(crate) suffix: String,
}

impl Draw {
    pub(crate) fn new(seed: u64, suffix: &str) -> Draw {
        Draw {
            rng: Rng::with_seed(seed),
            suffix: suffix.to_owned(),
        }
    }

    pub(crate) fn chance(&mut self, percent: u8) -> bool {
        self.rng.u8(0..100) < percent
    }

    pub(crate) fn pick<T: Clone>(&mut self, list: &[T]) -> Option<T> {
        self.rng.choice(list).cloned()
    }

    fn among(&mut self, list: &[&'static str]) -> &'static str {
        self.pick(list).unwrap_or_default()
    }

    fn number(&mut self) -> u32 {
        self.rng.u32(1..60)
    }

    /// Some of the list, in an order of their own.
    fn some(&mut self, mut list: Vec<Uid>, most: usize) -> Vec<Uid> {
        self.rng.shuffle(&mut list);
        list.truncate(self.rng.usize(1..=most));
        list
    }

    pub(crate) fn world(&mut self, first: Uid) -> World {
        let mut world = World::new(first);
        for (sort, most, likely) in RECIPE {
            for _ in 0..*most {
                if self.chance(*likely) {
                    self.add(&mut world, *sort);
                }
            }
        }
        world
    }

    pub(crate) fn any_sort(&mut self) -> Sort {
        self.pick(RECIPE).map_or(Table, |(sort, ..)| sort)
    }

    /// Adds an item of that sort, with what it can't be without, where the world has place for it.
    pub(crate) fn add(&mut self, world: &mut World, sort: Sort) -> Option<Uid> {
        let name = self.name(sort);
        let mut what = self.what(world, sort)?;
        let mut schema = self.schema(world, sort);
        if let What::Statistics(columns, _) = &what {
            let table = columns.first().and_then(|c| world.column(*c))?.table;
            schema = world.get(table)?.schema;
        }
        let name = match &what {
            What::Extension => self.among(&["tcn", "citext", "lo", "autoinc"]).to_owned(),
            _ => name,
        };
        // A partitioned table's key is a column of its own.
        let key = match &mut what {
            What::Table(table) => match &mut table.form {
                Form::Partitioned(_, key) => {
                    *key = world.next + 1;
                    Some(())
                }
                _ => None,
            },
            _ => None,
        };
        let item = self.item(world, name, schema, what);
        let uid = world.add(item);
        if sort == Table {
            if key.is_some() {
                let ty = Ty::Builtin(self.among(&["integer", "bigint", "integer", "text"]));
                let column = self.column(world, uid, ty, true);
                let name = self.name(Column);
                let item = self.item(world, name, PUBLIC, What::Column(column));
                world.add(item);
            }
            self.columns_of(world, uid);
        }
        Some(uid)
    }

    pub(crate) fn item(&mut self, world: &World, name: String, schema: Uid, what: What) -> Item {
        let roles = world.all(|item| matches!(item.what, What::Role(_)));
        let owner = self.chance(12).then(|| self.pick(&roles)).flatten();
        let mut item = Item {
            name,
            schema,
            what,
            comment: self
                .chance(15)
                .then(|| format!("it's {}", self.rng.u8(0..9))),
            owner: None,
        };
        if super::code::has_owner(&item) {
            item.owner = owner;
        }
        item
    }

    pub(crate) fn name(&mut self, sort: Sort) -> String {
        if sort == Operator {
            return self.among(&["===", "<~>", "~~~"]).to_owned();
        }
        let mut name = self.among(WORDS).to_owned();
        if self.chance(40) {
            name += &format!("_{}", self.rng.u8(1..9));
        }
        if self.chance(1) {
            name += &"_long".repeat(9);
        }
        if sort == Role {
            name += &self.suffix;
        }
        name
    }

    fn schema(&mut self, world: &World, sort: Sort) -> Uid {
        let lives_in_one = !matches!(
            sort,
            Schema
                | Role
                | Column
                | Constraint
                | Index
                | Trigger
                | Rule
                | Policy
                | EventTrigger
                | Publication
                | Wrapper
                | Server
                | Mapping
                | Grant
                | DefaultPrivileges
        );
        if lives_in_one && self.chance(35) {
            let schemas = world.all(|item| matches!(item.what, What::Schema));
            return self.pick(&schemas).unwrap_or(PUBLIC);
        }
        PUBLIC
    }

    fn columns_of(&mut self, world: &mut World, table: Uid) {
        let form = world.table(table).map(|t| t.form.clone());
        if matches!(form, Some(Form::Partition(..) | Form::Typed(_)) | None) {
            return;
        }
        if !matches!(form, Some(Form::Partitioned(..))) && self.chance(85) {
            let ty = Ty::Builtin(self.among(&["bigint", "integer", "uuid", "text"]));
            let mut column = self.column(world, table, ty, true);
            column.not_null = true;
            let item = self.item(world, "id".to_owned(), PUBLIC, What::Column(column));
            let id = world.add(item);
            let constraint = super::world::Constraint {
                table,
                body: Body::Primary(vec![id]),
                deferrable: 0,
                valid: true,
            };
            if !matches!(form, Some(Form::Foreign(..))) {
                let name = format!("{}_pkey", world.get(table).map_or("t", |t| t.name.as_str()));
                let item = self.item(world, name, PUBLIC, What::Constraint(constraint));
                world.add(item);
            }
        }
        for _ in 0..self.rng.u8(1..6) {
            let ty = self.any_type(world);
            let column = self.column(world, table, ty, false);
            let name = self.name(Column);
            let item = self.item(world, name, PUBLIC, What::Column(column));
            world.add(item);
        }
    }

    pub(crate) fn any_type(&mut self, world: &World) -> Ty {
        if self.chance(30) {
            let types = world.all(is_type);
            if let Some(uid) = self.pick(&types) {
                return match self.chance(15) {
                    true => Ty::Array(Box::new(Ty::User(uid))),
                    false => Ty::User(uid),
                };
            }
        }
        let plain = Ty::Builtin(self.among(TYPES));
        if self.chance(6) {
            return Ty::Array(Box::new(plain));
        }
        plain
    }

    /// Another type, mostly one that takes the values of the former.
    pub(crate) fn other_type(&mut self, world: &World, ty: &Ty) -> Ty {
        if let Ty::Builtin(name) = ty
            && self.chance(85)
        {
            let families: Vec<_> = FAMILIES.iter().filter(|f| f.contains(name)).collect();
            if let Some(family) = self.pick(&families) {
                return Ty::Builtin(self.among(family));
            }
        }
        self.any_type(world)
    }

    pub(crate) fn column(
        &mut self,
        world: &World,
        table: Uid,
        ty: Ty,
        key: bool,
    ) -> super::world::Column {
        let whole = matches!(&ty, Ty::Builtin("integer" | "bigint" | "smallint"));
        let value = self.value(world, table, &ty, key, whole);
        let text = world.is_text(&ty);
        let collations = world.all(|item| matches!(item.what, What::Collation(_)));
        let generated = matches!(value, Value::Generated(..) | Value::GeneratedBy(..));
        super::world::Column {
            table,
            not_null: matches!(value, Value::Identity(..)) || (!generated && self.chance(35)),
            value,
            collation: (text && self.chance(15))
                .then(|| self.pick(&collations))
                .flatten(),
            storage: (text && self.chance(8)).then(|| self.among(&["EXTERNAL", "MAIN", "PLAIN"])),
            compression: (text && self.chance(6)).then(|| self.among(&["pglz", "lz4"])),
            statistics: self.chance(6).then(|| self.number()),
            distinct: self.chance(4).then(|| self.number()),
            ty,
        }
    }

    fn value(&mut self, world: &World, table: Uid, ty: &Ty, key: bool, whole: bool) -> Value {
        match self.rng.u8(0..100) {
            0..25 => Value::Sample(self.number()),
            25..33 if whole => Value::Identity(self.rng.bool(), 1, self.number()),
            33..39 if whole => {
                let free = world.all(|item| matches!(item.what, What::Sequence(_)));
                self.pick(&free).map_or(Value::None, Value::Sequence)
            }
            39..44 => Value::Now,
            44..50 => {
                let calls = world.all(|item| {
                    matches!(&item.what, What::Function(f)
                        if matches!(&f.form, FunctionForm::Value(of, _) if of == ty))
                });
                self.pick(&calls).map_or(Value::None, Value::Call)
            }
            50..62 if !key => {
                let sources: Vec<_> = world.own_columns(table);
                let Some(source) = self.pick(&sources) else {
                    return Value::None;
                };
                let from = world.column(source).map(|c| c.ty.clone());
                let by = from.and_then(|from| self.predicate(world, &from));
                let boolean = *ty == Ty::Builtin("boolean");
                match by.filter(|_| boolean) {
                    Some(by) => Value::GeneratedBy(source, by),
                    None => Value::Generated(source, self.number()),
                }
            }
            _ => Value::None,
        }
    }

    /// A function that judges values of the type.
    pub(crate) fn predicate(&mut self, world: &World, ty: &Ty) -> Option<Uid> {
        let fitting = world.all(|item| {
            matches!(&item.what, What::Function(f)
                if matches!(&f.form, FunctionForm::Predicate(of) if of == ty))
        });
        self.pick(&fitting)
    }

    pub(crate) fn condition(&mut self, world: &World, relation: Uid) -> Option<Condition> {
        let columns = world.columns(relation);
        let column = self.pick(&columns)?;
        let ty = world.column(column)?.ty.clone();
        let by = self
            .chance(30)
            .then(|| self.predicate(world, &ty))
            .flatten();
        Some(Condition {
            column,
            number: self.number(),
            by,
        })
    }

    pub(crate) fn maybe(&mut self, world: &World, relation: Uid, percent: u8) -> Option<Condition> {
        self.chance(percent)
            .then(|| self.condition(world, relation))
            .flatten()
    }

    pub(crate) fn several(&mut self, list: Vec<Uid>, most: usize) -> Vec<Uid> {
        if list.is_empty() {
            return list;
        }
        self.some(list, most)
    }

    pub(crate) fn label(&mut self) -> String {
        let mut label = self.among(WORDS).to_owned();
        if self.chance(20) {
            label += "'s";
        }
        label
    }

    pub(crate) fn one_of(&mut self, list: &[&'static str]) -> &'static str {
        self.among(list)
    }

    pub(crate) fn small(&mut self) -> u32 {
        self.number()
    }
}
