//! A world as SQL, written without the plan: the witness.

use std::collections::BTreeSet;

use model::quote::{ident, literal};

use super::world::*;

/// The statements of one item, which stand or fall together.
pub(crate) struct Made {
    pub(crate) uid: Uid,
    pub(crate) statements: Vec<String>,
}

/// Everything, each item after what it refers to.
pub(crate) fn script(world: &World) -> Vec<Made> {
    let mut order = Order {
        world,
        seen: BTreeSet::new(),
        sorted: Vec::new(),
    };
    let mut all: Vec<Uid> = world.items.keys().copied().collect();
    all.sort_by_key(|uid| (phase(&world.items[uid].what), *uid));
    all.iter().for_each(|uid| order.visit(*uid));
    let mut made: Vec<Made> = order
        .sorted
        .iter()
        .map(|uid| Made {
            uid: *uid,
            statements: create(world, *uid),
        })
        .collect();
    // What belongs to others waits until all of them are there.
    for uid in all {
        made.push(Made {
            uid,
            statements: after(world, uid),
        });
    }
    made.retain(|made| !made.statements.is_empty());
    made
}

struct Order<'a> {
    world: &'a World,
    seen: BTreeSet<Uid>,
    sorted: Vec<Uid>,
}

impl Order<'_> {
    fn visit(&mut self, uid: Uid) {
        if !self.seen.insert(uid) {
            return;
        }
        let Some(item) = self.world.get(uid) else {
            return;
        };
        let mut needs = needs(item);
        if let What::Table(_) = item.what {
            for column in self.world.own_columns(uid) {
                if let Some(column) = self.world.get(column) {
                    needs.extend(self::needs(column));
                }
            }
        }
        let own = |need: &Uid| self.world.column(*need).is_some_and(|c| c.table == uid);
        needs.retain(|need| !own(need));
        needs.into_iter().for_each(|need| self.visit(need));
        self.sorted.push(uid);
    }
}

fn needs(item: &Item) -> Vec<Uid> {
    let mut item = item.clone();
    // A table's replica identity comes last.
    if let What::Table(table) = &mut item.what {
        table.replica = Replica::Default;
    }
    let links = item.links();
    let mut needs = links.all;
    needs.extend(links.some.into_iter().flat_map(|(list, _)| list.clone()));
    for condition in links.conditions.into_iter().flatten() {
        needs.push(condition.column);
        needs.extend(condition.by);
    }
    needs
}

fn phase(what: &What) -> u8 {
    match what {
        What::Schema | What::Role(_) => 0,
        What::Extension => 1,
        What::Collation(_) | What::TextSearch(_) | What::Wrapper(_) => 2,
        What::Enum(_) | What::Domain(_) | What::Composite(_) | What::Range(_) => 3,
        What::Sequence(_) | What::Server(..) | What::Mapping(..) | What::Aggregate(_) => 4,
        What::Table(_) | What::Column(_) => 5,
        What::Constraint(constraint) => match constraint.body {
            Body::Foreign(..) => 8,
            _ => 7,
        },
        What::Index(_) | What::Function(_) | What::View(_) | What::Operator(_) => 9,
        What::Statistics(..) | What::Trigger(_) | What::Rule(_) | What::Policy(_) => 10,
        What::Publication(_) => 11,
        What::Grant(_) => 12,
        What::DefaultPrivileges(_) => 13,
        What::EventTrigger(..) => 14,
    }
}

fn create(world: &World, uid: Uid) -> Vec<String> {
    let Some(item) = world.get(uid) else {
        return Vec::new();
    };
    let (name, path) = (world.name(uid), world.path(uid));
    let one = |text: String| vec![text];
    match &item.what {
        What::Schema if uid == PUBLIC => Vec::new(),
        What::Schema => one(format!("CREATE SCHEMA {name}")),
        What::Role(role) => {
            let mut sql = format!("CREATE ROLE {name}");
            for (set, word) in [
                (role.login, " LOGIN"),
                (!role.inherit, " NOINHERIT"),
                (role.create_database, " CREATEDB"),
            ] {
                sql += if set { word } else { "" };
            }
            if let Some(limit) = role.limit {
                sql += &format!(" CONNECTION LIMIT {limit}");
            }
            if !role.member_of.is_empty() {
                sql += &format!(" IN ROLE {}", world.names(&role.member_of));
            }
            let mut list = one(sql);
            if let Some(n) = role.timeout {
                list.push(format!("ALTER ROLE {name} SET statement_timeout = '{n}s'"));
            }
            list
        }
        What::Extension => {
            let schema = world.name(item.schema);
            one(format!("CREATE EXTENSION {name} SCHEMA {schema}"))
        }
        What::Collation(locale) => one(format!(
            "CREATE COLLATION {path} (provider = icu, locale = '{locale}')"
        )),
        What::Enum(labels) => {
            let labels: Vec<_> = labels.iter().map(|(_, label)| literal(label)).collect();
            one(format!(
                "CREATE TYPE {path} AS ENUM ({})",
                labels.join(", ")
            ))
        }
        What::Domain(domain) => domain_of(world, uid, domain),
        What::Composite(attributes) => {
            let lines: Vec<_> = attributes
                .iter()
                .map(|(_, name, ty)| format!("{} {}", ident(name), world.ty(ty)))
                .collect();
            one(format!("CREATE TYPE {path} AS ({})", lines.join(", ")))
        }
        What::Range(of) => one(format!(
            "CREATE TYPE {path} AS RANGE (subtype = {})",
            world.ty(of)
        )),
        What::Sequence(sequence) => {
            let mut sql = format!(
                "CREATE SEQUENCE {path} AS {} INCREMENT {} CACHE {}",
                sequence.ty, sequence.increment, sequence.cache
            );
            if let Some(start) = sequence.start.filter(|_| sequence.increment > 0) {
                sql += &format!(" START {start}");
            }
            sql += if sequence.cycle { " CYCLE" } else { "" };
            one(sql)
        }
        What::Table(table) => table_of(world, uid, table),
        What::Column(_) => Vec::new(),
        What::Constraint(constraint) => one(constraint_of(world, uid, constraint)),
        What::Index(index) => one(index_of(world, uid, index)),
        What::View(view) => one(view_of(world, uid, view)),
        What::Function(function) => one(super::code::function(world, uid, function)),
        What::Aggregate(ty) => one(format!(
            "CREATE AGGREGATE {path}({ty}) (SFUNC = {}, STYPE = {ty})",
            match *ty {
                "integer" => "int4pl",
                "bigint" => "int8pl",
                _ => "textcat",
            }
        )),
        What::Trigger(trigger) => super::code::trigger(world, uid, trigger),
        What::Rule(rule) => {
            let when = rule.when.as_ref().map_or_else(String::new, |when| {
                format!(" WHERE {}", world.condition(when, "old."))
            });
            let how = if rule.instead { "INSTEAD" } else { "ALSO" };
            one(format!(
                "CREATE RULE {name} AS ON {} TO {}{when} DO {how} NOTHING",
                rule.event,
                world.path(rule.on)
            ))
        }
        What::Policy(policy) => one(super::code::policy(world, uid, policy)),
        What::Statistics(columns, kinds) => {
            let table = columns.first().and_then(|c| world.column(*c));
            let table = table.map_or_else(String::new, |c| world.path(c.table));
            let columns = world.names(columns);
            one(format!(
                "CREATE STATISTICS {path}{kinds} ON {columns} FROM {table}"
            ))
        }
        What::EventTrigger(function, event, enabled) => {
            let mut list = one(format!(
                "CREATE EVENT TRIGGER {name} ON {event} EXECUTE FUNCTION {}()",
                world.path(*function)
            ));
            if !enabled {
                list.push(format!("ALTER EVENT TRIGGER {name} DISABLE"));
            }
            list
        }
        What::Publication(publication) => {
            let tables: Vec<_> = publication.tables.iter().map(|t| world.path(*t)).collect();
            let what = match (publication.all, tables.is_empty()) {
                (true, _) => " FOR ALL TABLES".to_owned(),
                (false, true) => String::new(),
                (false, false) => format!(" FOR TABLE {}", tables.join(", ")),
            };
            let publish = publication.publish;
            one(format!(
                "CREATE PUBLICATION {name}{what} WITH (publish = '{publish}')"
            ))
        }
        What::Wrapper(n) => one(format!(
            "CREATE FOREIGN DATA WRAPPER {name} OPTIONS (debug '{n}')"
        )),
        What::Server(wrapper, n) => one(format!(
            "CREATE SERVER {name} FOREIGN DATA WRAPPER {} OPTIONS (host 'h{n}')",
            world.name(*wrapper)
        )),
        What::Mapping(server, role, n) => {
            let role = role.map_or("PUBLIC".to_owned(), |role| world.name(role));
            let server = world.name(*server);
            one(format!(
                "CREATE USER MAPPING FOR {role} SERVER {server} OPTIONS (\"user\" 'u{n}')"
            ))
        }
        What::TextSearch(copied) => one(format!(
            "CREATE TEXT SEARCH CONFIGURATION {path} (COPY = pg_catalog.{copied})"
        )),
        What::Operator(function) => {
            let ty = match world.get(*function).map(|item| &item.what) {
                Some(What::Function(f)) => match &f.form {
                    FunctionForm::Compare(ty) => world.ty(ty),
                    _ => return Vec::new(),
                },
                _ => return Vec::new(),
            };
            let schema = world.name(item.schema);
            one(format!(
                "CREATE OPERATOR {schema}.{} (LEFTARG = {ty}, RIGHTARG = {ty}, FUNCTION = {})",
                item.name,
                world.path(*function)
            ))
        }
        What::Grant(grant) => super::code::grant(world, grant),
        What::DefaultPrivileges(defaults) => super::code::default_privileges(world, defaults),
    }
}

/// Owners, comments, and what refers to what came later.
fn after(world: &World, uid: Uid) -> Vec<String> {
    let Some(item) = world.get(uid) else {
        return Vec::new();
    };
    let mut list = Vec::new();
    match &item.what {
        What::Sequence(sequence) => {
            if let Some(column) = sequence.owned_by.and_then(|c| Some((c, world.column(c)?))) {
                list.push(format!(
                    "ALTER SEQUENCE {} OWNED BY {}.{}",
                    world.path(uid),
                    world.path(column.1.table),
                    world.name(column.0)
                ));
            }
        }
        What::Table(table) => {
            let words = match table.replica {
                Replica::Default => None,
                Replica::Full => Some("FULL".to_owned()),
                Replica::Nothing => Some("NOTHING".to_owned()),
                Replica::Index(index) => Some(format!("USING INDEX {}", world.name(index))),
            };
            let path = world.path(uid);
            list.extend(words.map(|words| format!("ALTER TABLE {path} REPLICA IDENTITY {words}")));
            for (set, words) in [
                (table.rls, "ENABLE ROW LEVEL SECURITY"),
                (table.force, "FORCE ROW LEVEL SECURITY"),
            ] {
                list.extend(set.then(|| format!("ALTER TABLE {path} {words}")));
            }
        }
        _ => {}
    }
    let address = super::code::address(world, uid);
    if let (Some(owner), Some(address)) = (item.owner, &address)
        && super::code::has_owner(item)
    {
        list.push(format!("ALTER {address} OWNER TO {}", world.name(owner)));
    }
    if let (Some(comment), Some(address)) = (&item.comment, &address) {
        list.push(format!("COMMENT ON {address} IS {}", literal(comment)));
    }
    list
}

fn domain_of(world: &World, uid: Uid, domain: &Domain) -> Vec<String> {
    let path = world.path(uid);
    let mut sql = format!("CREATE DOMAIN {path} AS {}", world.ty(&domain.base));
    if let Some(collation) = domain.collation.filter(|_| world.is_text(&domain.base)) {
        sql += &format!(" COLLATE {}", world.path(collation));
    }
    if let Some(n) = domain.default {
        sql += &format!(" DEFAULT {}", world.sample(&domain.base, &n.to_string()));
    }
    if domain.not_null {
        sql += " NOT NULL";
    }
    let mut list = vec![sql];
    for (name, n, valid) in &domain.checks {
        let condition = if world.is_number(&domain.base) {
            format!("VALUE > -{n}")
        } else if world.is_text(&domain.base) {
            format!("length(VALUE) < {}", 50 + n)
        } else {
            format!("VALUE IS NULL OR {n} > 0")
        };
        let not_valid = if *valid { "" } else { " NOT VALID" };
        let name = ident(name);
        list.push(format!(
            "ALTER DOMAIN {path} ADD CONSTRAINT {name} CHECK ({condition}){not_valid}"
        ));
    }
    list
}

fn column_of(world: &World, uid: Uid, column: &Column) -> String {
    let mut sql = format!("{} {}", world.name(uid), world.ty(&column.ty));
    if let Some(method) = column.compression.filter(|_| world.is_text(&column.ty)) {
        sql += &format!(" COMPRESSION {method}");
    }
    if let Some(collation) = column.collation.filter(|_| world.is_text(&column.ty)) {
        sql += &format!(" COLLATE {}", world.path(collation));
    }
    if column.not_null {
        sql += " NOT NULL";
    }
    sql += &match &column.value {
        Value::None => String::new(),
        Value::Sample(n) => format!(" DEFAULT {}", world.sample(&column.ty, &n.to_string())),
        Value::Sequence(sequence) => {
            let path = literal(&world.path(*sequence));
            format!(" DEFAULT nextval({path}::regclass)")
        }
        Value::Call(function) => format!(" DEFAULT {}()", world.path(*function)),
        Value::Now => match world.builtin(&column.ty) {
            "timestamp with time zone" | "date" => " DEFAULT now()".to_owned(),
            "uuid" => " DEFAULT gen_random_uuid()".to_owned(),
            _ => String::new(),
        },
        Value::Identity(always, increment, start) => {
            let how = if *always { "ALWAYS" } else { "BY DEFAULT" };
            format!(" GENERATED {how} AS IDENTITY (INCREMENT {increment} MINVALUE 1 START {start})")
        }
        Value::Generated(of, n) => format!(
            " GENERATED ALWAYS AS ({}) STORED",
            computed(world, *of, column, *n)
        ),
        Value::GeneratedBy(of, by) => format!(
            " GENERATED ALWAYS AS ({}({})) STORED",
            world.path(*by),
            world.name(*of)
        ),
    };
    sql
}

fn computed(world: &World, of: Uid, column: &Column, n: u32) -> String {
    let name = world.name(of);
    let source = world.column(of).map(|c| &c.ty);
    let is = |holds: fn(&World, &Ty) -> bool| {
        source.is_some_and(|ty| holds(world, ty)) && holds(world, &column.ty)
    };
    if is(World::is_number) {
        format!("({name} * {n})::{}", world.ty(&column.ty))
    } else if is(World::is_text) {
        format!("upper({name}) || 'g{n}'")
    } else {
        format!("{name} IS NULL AND {n} > 0")
    }
}

fn table_of(world: &World, uid: Uid, table: &Table) -> Vec<String> {
    let path = world.path(uid);
    let columns = world.own_columns(uid);
    let lines: Vec<_> = columns
        .iter()
        .filter_map(|c| Some(column_of(world, *c, world.column(*c)?)))
        .collect();
    let lines = lines.join(",\n  ");
    let kind = match (&table.form, table.unlogged) {
        (Form::Foreign(..), _) => "FOREIGN TABLE",
        (Form::Partitioned(..), _) | (_, false) => "TABLE",
        (_, true) => "UNLOGGED TABLE",
    };
    let mut sql = format!("CREATE {kind} {path}");
    match &table.form {
        Form::Partition(parent, which) => {
            let bound = bound(world, *parent, *which);
            sql += &format!(" PARTITION OF {} {bound}", world.path(*parent));
        }
        Form::Typed(ty) => sql += &format!(" OF {}", world.path(*ty)),
        _ => sql += &format!(" (\n  {lines}\n)"),
    }
    match &table.form {
        Form::Plain | Form::Partition(..) | Form::Typed(_) => {}
        Form::Partitioned(strategy, key) => {
            sql += &format!(" PARTITION BY {strategy} ({})", world.name(*key));
        }
        Form::Inherits(parents) => {
            let parents: Vec<_> = parents.iter().map(|p| world.path(*p)).collect();
            sql += &format!(" INHERITS ({})", parents.join(", "));
        }
        Form::Foreign(server, n) => {
            sql += &format!(
                " SERVER {} OPTIONS (table_name 'r{n}')",
                world.name(*server)
            );
        }
    }
    let stored = !matches!(table.form, Form::Foreign(..) | Form::Partitioned(..));
    if let Some(factor) = table.fillfactor.filter(|_| stored) {
        sql += &format!(" WITH (fillfactor = {factor})");
    }
    let mut list = vec![sql];
    for uid in columns {
        let Some(column) = world.column(uid) else {
            continue;
        };
        let alter = format!("ALTER TABLE {path} ALTER COLUMN {}", world.name(uid));
        let storage = column.storage.filter(|_| world.is_text(&column.ty));
        list.extend(storage.map(|mode| format!("{alter} SET STORAGE {mode}")));
        list.extend(
            column
                .statistics
                .map(|n| format!("{alter} SET STATISTICS {n}")),
        );
        list.extend(
            column
                .distinct
                .map(|n| format!("{alter} SET (n_distinct = {n})")),
        );
    }
    list
}

/// The bounds of partitions never meet, and the first takes the first rows.
fn bound(world: &World, parent: Uid, which: Option<u32>) -> String {
    let Some(n) = which else {
        return "DEFAULT".to_owned();
    };
    let Some(Form::Partitioned(strategy, key)) = world.table(parent).map(|t| &t.form) else {
        return String::new();
    };
    let ty = world.column(*key).map(|c| &c.ty);
    let value = |n: u32| {
        let number = ty.is_none_or(|ty| world.is_number(ty));
        let text = ty.is_some_and(|ty| world.is_text(ty));
        match (number, text) {
            (true, _) => n.to_string(),
            (_, true) => format!("'v{n}'"),
            _ => ty.map_or_else(String::new, |ty| world.sample(ty, &n.to_string())),
        }
    };
    match *strategy {
        "RANGE" => format!(
            "FOR VALUES FROM ({}) TO ({})",
            value(n * 100),
            value((n + 1) * 100)
        ),
        "LIST" => format!(
            "FOR VALUES IN ({}, {}, {})",
            value(n * 3 + 1),
            value(n * 3 + 2),
            value(n * 3 + 3)
        ),
        _ => format!("FOR VALUES WITH (MODULUS 3, REMAINDER {})", n % 3),
    }
}

fn constraint_of(world: &World, uid: Uid, constraint: &Constraint) -> String {
    let keyed = |columns: &[Uid]| {
        let mut columns = columns.to_vec();
        if let Some(key) = world.partition_key(constraint.table)
            && !columns.contains(&key)
        {
            columns.push(key);
        }
        world.names(&columns)
    };
    let body = match &constraint.body {
        Body::Primary(columns) => format!("PRIMARY KEY ({})", keyed(columns)),
        Body::Unique(columns, not_distinct, include) => {
            let nulls = if *not_distinct {
                " NULLS NOT DISTINCT"
            } else {
                ""
            };
            let include: Vec<_> = include
                .iter()
                .filter(|c| !columns.contains(c))
                .copied()
                .collect();
            let include = match include.as_slice() {
                [] => String::new(),
                list => format!(" INCLUDE ({})", world.names(list)),
            };
            format!("UNIQUE{nulls} ({}){include}", keyed(columns))
        }
        Body::Check(condition, no_inherit) => {
            let spared = if *no_inherit { " NO INHERIT" } else { "" };
            format!("CHECK ({}){spared}", world.condition(condition, ""))
        }
        Body::Foreign(columns, key, delete, update, full) => {
            let Some(Item {
                what: What::Constraint(target),
                ..
            }) = world.get(*key)
            else {
                return String::new();
            };
            let targets = match &target.body {
                Body::Primary(list) | Body::Unique(list, ..) => world.names(list),
                _ => String::new(),
            };
            let actions = [
                "NO ACTION",
                "CASCADE",
                "SET NULL",
                "RESTRICT",
                "SET DEFAULT",
            ];
            let full = if *full { " MATCH FULL" } else { "" };
            format!(
                "FOREIGN KEY ({}) REFERENCES {} ({targets}){full} ON DELETE {} ON UPDATE {}",
                world.names(columns),
                world.path(target.table),
                actions[usize::from(*delete % 5)],
                actions[usize::from(*update % 5)]
            )
        }
        Body::Exclusion(column, filter) => {
            let filter = filter.as_ref().map_or_else(String::new, |filter| {
                format!(" WHERE ({})", world.condition(filter, ""))
            });
            format!(
                "EXCLUDE USING gist ({} WITH &&){filter}",
                world.name(*column)
            )
        }
    };
    let checked = matches!(constraint.body, Body::Check(..));
    let late = match constraint.deferrable {
        _ if checked => "",
        1 => " DEFERRABLE",
        2 => " DEFERRABLE INITIALLY DEFERRED",
        _ => "",
    };
    let may = matches!(constraint.body, Body::Check(..) | Body::Foreign(..));
    let valid = if constraint.valid || !may {
        ""
    } else {
        " NOT VALID"
    };
    format!(
        "ALTER TABLE {} ADD CONSTRAINT {} {body}{late}{valid}",
        world.path(constraint.table),
        world.name(uid)
    )
}

fn index_of(world: &World, uid: Uid, index: &Index) -> String {
    let sorted = index.method == "btree";
    let order = if index.descending && sorted {
        " DESC NULLS LAST"
    } else {
        ""
    };
    let mut keys: Vec<String> = index
        .keys
        .iter()
        .map(|key| format!("{}{order}", world.name(*key)))
        .collect();
    if let Some(expression) = &index.expression {
        keys.push(format!("({})", world.condition(expression, "")));
    }
    if !sorted && index.method != "brin" {
        keys.truncate(1);
    }
    if index.unique
        && sorted
        && let Some(key) = world.partition_key(index.on)
        && !index.keys.contains(&key)
    {
        keys.push(world.name(key));
    }
    let unique = if index.unique && sorted {
        "UNIQUE "
    } else {
        ""
    };
    let mut sql = format!(
        "CREATE {unique}INDEX {} ON {} USING {} ({})",
        world.name(uid),
        world.path(index.on),
        index.method,
        keys.join(", ")
    );
    let include: Vec<_> = index
        .include
        .iter()
        .filter(|c| !index.keys.contains(c))
        .copied()
        .collect();
    if sorted && !include.is_empty() {
        sql += &format!(" INCLUDE ({})", world.names(&include));
    }
    if index.nulls_not_distinct && index.unique && sorted {
        sql += " NULLS NOT DISTINCT";
    }
    if let Some(factor) = index.fillfactor.filter(|_| sorted) {
        sql += &format!(" WITH (fillfactor = {factor})");
    }
    if let Some(filter) = &index.filter {
        sql += &format!(" WHERE {}", world.condition(filter, ""));
    }
    sql
}

fn view_of(world: &World, uid: Uid, view: &View) -> String {
    let mut columns: Vec<String> = view.columns.iter().map(|c| world.name(*c)).collect();
    let mut filter = view.filter.as_ref().map_or_else(String::new, |filter| {
        format!(" WHERE {}", world.condition(filter, ""))
    });
    match view.shape {
        1 => {
            filter += &format!(" GROUP BY {}", columns.join(", "));
            columns.push("count(*) AS how_many".to_owned());
        }
        2 => filter += &format!(" ORDER BY {}", columns[0]),
        3 => columns.push("1 AS one".to_owned()),
        _ => {}
    }
    if let Some(call) = view.call {
        columns.push(format!("{}() AS called", world.path(call)));
    }
    let options: Vec<_> = [
        (view.barrier, "security_barrier"),
        (view.invoker, "security_invoker"),
    ]
    .iter()
    .filter(|(set, _)| *set && !view.materialized)
    .map(|(_, word)| *word)
    .collect();
    let with = if options.is_empty() {
        String::new()
    } else {
        format!(" WITH ({})", options.join(", "))
    };
    let (word, data) = match (view.materialized, view.populated) {
        (true, true) => ("MATERIALIZED VIEW", ""),
        (true, false) => ("MATERIALIZED VIEW", " WITH NO DATA"),
        (false, _) => ("VIEW", ""),
    };
    format!(
        "CREATE {word} {}{with} AS SELECT {} FROM {}{filter}{data}",
        world.path(uid),
        columns.join(", "),
        world.path(view.from)
    )
}
