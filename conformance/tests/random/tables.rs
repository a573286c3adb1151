//! The SQL of tables, with their columns, constraints and indexes, and of views and domains.

use model::quote::{ident, literal};

use super::world::*;

pub(crate) fn domain_of(world: &World, uid: Uid, domain: &Domain) -> Vec<String> {
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

pub(crate) fn table_of(world: &World, uid: Uid, table: &Table) -> Vec<String> {
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

pub(crate) fn constraint_of(world: &World, uid: Uid, constraint: &Constraint) -> String {
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

pub(crate) fn index_of(world: &World, uid: Uid, index: &Index) -> String {
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

pub(crate) fn view_of(world: &World, uid: Uid, view: &View) -> String {
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
