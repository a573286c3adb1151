//! The SQL of functions, triggers, policies and grants, and how an item is addressed.

use super::world::*;

pub(crate) fn function(world: &World, uid: Uid, function: &Function) -> String {
    let path = world.path(uid);
    let n = function.body;
    let mut attributes = format!(" {}", function.volatility);
    if function.strict {
        attributes += " STRICT";
    }
    attributes += &format!(" PARALLEL {}", function.parallel);
    let mut shared = String::new();
    if function.definer {
        shared += " SECURITY DEFINER";
    }
    if let Some(setting) = function.setting {
        shared += &format!(" SET {setting}");
    }
    let predicate = match n % 3 {
        0 => format!("LANGUAGE sql{attributes} AS $$ SELECT $1 IS NOT NULL OR {n} >= 0 $$"),
        1 => format!(
            "LANGUAGE plpgsql{attributes}{shared} AS $$ BEGIN RETURN $1 IS NOT NULL OR {n} > 0; END $$"
        ),
        _ => format!("LANGUAGE sql{attributes} RETURN (a IS NOT NULL) OR ({n} > 0)"),
    };
    match &function.form {
        FunctionForm::Predicate(ty) => {
            // What an index or a generated column calls must be immutable.
            let predicate = predicate.replacen(function.volatility, "IMMUTABLE", 1);
            format!(
                "CREATE FUNCTION {path}(a {}) RETURNS boolean {predicate}",
                world.ty(ty)
            )
        }
        FunctionForm::Value(ty, more) => {
            let more = more.as_ref().map_or_else(String::new, |ty| {
                format!(
                    "a {} DEFAULT {}",
                    world.ty(ty),
                    world.sample(ty, &n.to_string())
                )
            });
            let (value, ty) = (world.sample(ty, &n.to_string()), world.ty(ty));
            format!(
                "CREATE FUNCTION {path}({more}) RETURNS {ty} LANGUAGE sql{attributes}{shared} \
                 AS $$ SELECT {value} $$"
            )
        }
        FunctionForm::Trigger => format!(
            "CREATE FUNCTION {path}() RETURNS trigger LANGUAGE plpgsql{shared} AS \
             $$ BEGIN /* {n} */ IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
        ),
        FunctionForm::EventTrigger => format!(
            "CREATE FUNCTION {path}() RETURNS event_trigger LANGUAGE plpgsql AS \
             $$ BEGIN PERFORM {n}; END $$"
        ),
        FunctionForm::Atomic(relation, columns) => {
            let (columns, relation) = (world.names(columns), world.path(*relation));
            format!(
                "CREATE FUNCTION {path}() RETURNS bigint LANGUAGE sql STABLE{shared} \
                 BEGIN ATOMIC SELECT count(*) + {n} FROM (SELECT {columns} FROM {relation}) q; END"
            )
        }
        FunctionForm::SetOf(relation) => {
            let relation = world.path(*relation);
            format!(
                "CREATE FUNCTION {path}() RETURNS SETOF {relation} LANGUAGE sql STABLE{shared} \
                 AS $$ SELECT * FROM {relation} LIMIT {n} $$"
            )
        }
        FunctionForm::Procedure(ty) => format!(
            "CREATE PROCEDURE {path}(IN a {}) LANGUAGE plpgsql{shared} AS \
             $$ BEGIN PERFORM {n}; END $$",
            world.ty(ty)
        ),
        FunctionForm::Compare(ty) => {
            let ty = world.ty(ty);
            format!(
                "CREATE FUNCTION {path}(a {ty}, b {ty}) RETURNS boolean LANGUAGE sql IMMUTABLE \
                 AS $$ SELECT a::text = b::text OR {n} < 0 $$"
            )
        }
    }
}

pub(crate) fn trigger(world: &World, uid: Uid, trigger: &Trigger) -> Vec<String> {
    let (name, on) = (world.name(uid), world.path(trigger.on));
    let update = match trigger.columns.as_slice() {
        [] => "UPDATE".to_owned(),
        list => format!("UPDATE OF {}", world.names(list)),
    };
    let mut events = Vec::new();
    for (bit, word) in [(1, "INSERT"), (2, update.as_str()), (4, "DELETE")] {
        if trigger.events & bit != 0 {
            events.push(word);
        }
    }
    if events.is_empty() {
        events.push("INSERT");
    }
    let row = trigger.row || trigger.timing >= 2;
    let when = trigger
        .when
        .as_ref()
        .filter(|_| row && trigger.timing != 3 && trigger.events & 5 == 0 && trigger.events != 0)
        .map_or_else(String::new, |when| {
            format!(" WHEN ({})", world.condition(when, "new."))
        });
    let (constraint, timing, late) = match trigger.timing {
        0 => ("", "BEFORE", ""),
        1 => ("", "AFTER", ""),
        2 => ("CONSTRAINT ", "AFTER", " DEFERRABLE INITIALLY DEFERRED"),
        _ => ("", "INSTEAD OF", ""),
    };
    let level = if row { "ROW" } else { "STATEMENT" };
    let mut list = vec![format!(
        "CREATE {constraint}TRIGGER {name} {timing} {} ON {on}{late} FOR EACH {level}{when} \
         EXECUTE FUNCTION {}()",
        events.join(" OR "),
        world.path(trigger.function)
    )];
    let how = match trigger.enabled {
        1 => "DISABLE",
        2 => "ENABLE ALWAYS",
        _ => return list,
    };
    if trigger.timing != 3 {
        list.push(format!("ALTER TABLE {on} {how} TRIGGER {name}"));
    }
    list
}

pub(crate) fn policy(world: &World, uid: Uid, policy: &Policy) -> String {
    let kind = if policy.permissive {
        "PERMISSIVE"
    } else {
        "RESTRICTIVE"
    };
    let roles = match policy.roles.as_slice() {
        [] => "PUBLIC".to_owned(),
        list => world.names(list),
    };
    let mut condition = world.condition(&policy.condition, "");
    if let Some(look) = &policy.look
        && let Some(column) = world.column(look.column)
    {
        // With AND, a BETWEEN is printed in a way that the server itself reads as another tree.
        condition += &format!(
            " OR EXISTS (SELECT 1 FROM {} l WHERE {})",
            world.path(column.table),
            world.condition(look, "l.")
        );
    }
    let clause = match policy.command {
        "INSERT" => format!("WITH CHECK ({condition})"),
        "UPDATE" | "ALL" => format!("USING ({condition}) WITH CHECK ({condition})"),
        _ => format!("USING ({condition})"),
    };
    format!(
        "CREATE POLICY {} ON {} AS {kind} FOR {} TO {roles} {clause}",
        world.name(uid),
        world.path(policy.on),
        policy.command
    )
}

pub(crate) fn grant(world: &World, grant: &Grant) -> Vec<String> {
    let Some(item) = world.get(grant.on) else {
        return Vec::new();
    };
    // An owner has it all; what was granted before, pg_dump repeats and nobody else sees.
    if grant.to.is_some() && grant.to == item.owner {
        return Vec::new();
    }
    let (word, words): (&str, &[&str]) = match &item.what {
        What::Table(_) | What::View(_) => (
            "TABLE",
            &["SELECT", "INSERT", "UPDATE", "DELETE", "REFERENCES"],
        ),
        What::Sequence(_) => ("SEQUENCE", &["USAGE", "SELECT", "UPDATE"]),
        What::Function(f) => match f.form {
            FunctionForm::Procedure(_) => ("PROCEDURE", &["EXECUTE"]),
            _ => ("FUNCTION", &["EXECUTE"]),
        },
        What::Schema => ("SCHEMA", &["USAGE", "CREATE"]),
        What::Enum(_) | What::Composite(_) | What::Range(_) => ("TYPE", &["USAGE"]),
        What::Domain(_) => ("DOMAIN", &["USAGE"]),
        What::Server(..) => ("FOREIGN SERVER", &["USAGE"]),
        What::Wrapper(_) => ("FOREIGN DATA WRAPPER", &["USAGE"]),
        _ => return Vec::new(),
    };
    let columns = match grant.columns.as_slice() {
        [] => String::new(),
        list => format!(" ({})", world.names(list)),
    };
    let mut chosen: Vec<String> = words
        .iter()
        .enumerate()
        .filter(|(n, word)| {
            let on_columns = columns.is_empty() || **word != "DELETE";
            grant.privileges & (1 << n) != 0 && on_columns
        })
        .map(|(_, word)| format!("{word}{columns}"))
        .collect();
    if chosen.is_empty() {
        chosen.push(format!("{}{columns}", words[0]));
    }
    let on = match &item.what {
        What::Schema | What::Server(..) | What::Wrapper(_) => world.name(grant.on),
        What::Function(_) => routine(world, grant.on),
        _ => world.path(grant.on),
    };
    let to = grant
        .to
        .map_or("PUBLIC".to_owned(), |role| world.name(role));
    let option = if grant.option && grant.to.is_some() {
        " WITH GRANT OPTION"
    } else {
        ""
    };
    if grant.revoke && columns.is_empty() {
        return vec![format!(
            "REVOKE {} ON {word} {on} FROM {to}",
            chosen.join(", ")
        )];
    }
    vec![format!(
        "GRANT {} ON {word} {on} TO {to}{option}",
        chosen.join(", ")
    )]
}

pub(crate) fn default_privileges(world: &World, defaults: &DefaultPrivileges) -> Vec<String> {
    let words: &[&str] = match defaults.class {
        "TABLES" => &["SELECT", "INSERT", "UPDATE", "DELETE"],
        "SEQUENCES" => &["USAGE", "SELECT"],
        "FUNCTIONS" => &["EXECUTE"],
        _ => &["USAGE"],
    };
    let of = defaults.of.map_or_else(String::new, |role| {
        format!(" FOR ROLE {}", world.name(role))
    });
    let within = defaults.within.map_or_else(String::new, |schema| {
        format!(" IN SCHEMA {}", world.name(schema))
    });
    let chosen = words.iter().enumerate();
    let mut chosen: Vec<&str> = chosen
        .filter(|(n, _)| defaults.privileges & (1 << n) != 0)
        .map(|(_, word)| *word)
        .collect();
    if chosen.is_empty() {
        chosen.push(words[0]);
    }
    vec![format!(
        "ALTER DEFAULT PRIVILEGES{of}{within} GRANT {} ON {} TO {}",
        chosen.join(", "),
        defaults.class,
        world.name(defaults.to)
    )]
}

/// A routine with the types of its arguments.
pub(crate) fn routine(world: &World, uid: Uid) -> String {
    let arguments = match world.get(uid).map(|item| &item.what) {
        Some(What::Function(function)) => match &function.form {
            FunctionForm::Predicate(ty) | FunctionForm::Procedure(ty) => world.ty(ty),
            FunctionForm::Value(_, more) => {
                more.as_ref().map_or_else(String::new, |ty| world.ty(ty))
            }
            FunctionForm::Compare(ty) => format!("{0}, {0}", world.ty(ty)),
            _ => String::new(),
        },
        Some(What::Aggregate(ty)) => (*ty).to_owned(),
        _ => String::new(),
    };
    format!("{}({arguments})", world.path(uid))
}

pub(crate) fn has_owner(item: &Item) -> bool {
    matches!(
        &item.what,
        What::Schema
            | What::Enum(_)
            | What::Domain(_)
            | What::Composite(_)
            | What::Range(_)
            | What::Table(_)
            | What::View(_)
            | What::Function(_)
            | What::Aggregate(_)
            | What::Collation(_)
            | What::Statistics(..)
            | What::Server(..)
            | What::Publication(_)
            | What::TextSearch(_)
    ) || matches!(&item.what, What::Sequence(sequence) if sequence.owned_by.is_none())
}

/// The item as `COMMENT ON` and `ALTER … OWNER` want it.
pub(crate) fn address(world: &World, uid: Uid) -> Option<String> {
    let item = world.get(uid)?;
    let (name, path) = (world.name(uid), world.path(uid));
    let on = |word: &str, table: Uid| format!("{word} {name} ON {}", world.path(table));
    Some(match &item.what {
        What::Schema => format!("SCHEMA {name}"),
        What::Role(_) => format!("ROLE {name}"),
        What::Extension => format!("EXTENSION {name}"),
        What::Collation(_) => format!("COLLATION {path}"),
        What::Enum(_) | What::Composite(_) | What::Range(_) => format!("TYPE {path}"),
        What::Domain(_) => format!("DOMAIN {path}"),
        What::Sequence(_) => format!("SEQUENCE {path}"),
        What::Table(table) => match table.form {
            Form::Foreign(..) => format!("FOREIGN TABLE {path}"),
            _ => format!("TABLE {path}"),
        },
        What::Column(column) => format!("COLUMN {}.{name}", world.path(column.table)),
        What::Constraint(constraint) => on("CONSTRAINT", constraint.table),
        What::Index(_) => {
            let schema = match world.get(item_table(item)?) {
                Some(table) => world.name(table.schema),
                None => return None,
            };
            format!("INDEX {schema}.{name}")
        }
        What::View(view) if view.materialized => format!("MATERIALIZED VIEW {path}"),
        What::View(_) => format!("VIEW {path}"),
        What::Function(function) => match function.form {
            FunctionForm::Procedure(_) => format!("PROCEDURE {}", routine(world, uid)),
            _ => format!("FUNCTION {}", routine(world, uid)),
        },
        What::Aggregate(_) => format!("AGGREGATE {}", routine(world, uid)),
        What::Trigger(trigger) => on("TRIGGER", trigger.on),
        What::Rule(rule) => on("RULE", rule.on),
        What::Policy(policy) => on("POLICY", policy.on),
        What::Statistics(..) => format!("STATISTICS {path}"),
        What::EventTrigger(..) => format!("EVENT TRIGGER {name}"),
        What::Publication(_) => format!("PUBLICATION {name}"),
        What::Wrapper(_) => format!("FOREIGN DATA WRAPPER {name}"),
        What::Server(..) => format!("SERVER {name}"),
        What::TextSearch(_) => format!("TEXT SEARCH CONFIGURATION {path}"),
        What::Operator(_) | What::Mapping(..) | What::Grant(_) | What::DefaultPrivileges(_) => {
            return None;
        }
    })
}

/// The table that an item is a part of.
pub(crate) fn item_table(item: &Item) -> Option<Uid> {
    match &item.what {
        What::Column(column) => Some(column.table),
        What::Constraint(constraint) => Some(constraint.table),
        What::Index(index) => Some(index.on),
        What::Trigger(trigger) => Some(trigger.on),
        What::Rule(rule) => Some(rule.on),
        What::Policy(policy) => Some(policy.on),
        _ => None,
    }
}
