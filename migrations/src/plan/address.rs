//! How SQL and people refer to an object: `COLUMN public.deals.notes`, "column deals.notes".
//!
//! It never decides what is done to the object.

use model::quote::{ident, object, qualified};
use model::schema::{Id, Kind, Node, Object, RoutineKind, Schema};

/// The relation a part belongs to, qualified.
pub(super) fn relation(id: &Id) -> String {
    qualified(&id.schema, &id.name)
}

/// The object with the keyword of its kind, as `COMMENT ON`, `DROP` and `ALTER … OWNER` want it.
pub(super) fn address(schema: &Schema, node: &Node) -> String {
    let id = &node.id;
    let word = keyword(node);
    match id.kind {
        Kind::Column => format!("{word} {}.{}", relation(id), ident(&id.part)),
        Kind::Constraint | Kind::Trigger | Kind::Rule | Kind::Policy => {
            format!("{word} {} ON {}", ident(&id.part), relation(id))
        }
        Kind::Function | Kind::Aggregate => format!("{word} {}", routine(id)),
        Kind::Operator => {
            let mut operands: Vec<&str> = id.part.split(',').map(str::trim).collect();
            if operands.len() == 1 {
                operands.insert(0, "NONE");
            }
            let name = format!("{}.{}", ident(&id.schema), id.name);
            format!("{word} {name} ({})", operands.join(", "))
        }
        Kind::OperatorFamily | Kind::OperatorClass => {
            format!("{word} {} USING {}", object(id), ident(&id.part))
        }
        Kind::Cast => format!("{word} ({} AS {})", id.name, id.part),
        Kind::Transform => format!("{word} FOR {} LANGUAGE {}", id.name, ident(&id.part)),
        Kind::UserMapping => {
            let user = match id.name.as_str() {
                "public" | "PUBLIC" => "PUBLIC".to_owned(),
                name => ident(name).into_owned(),
            };
            format!("{word} FOR {user} SERVER {}", ident(&id.part))
        }
        Kind::View => {
            let materialized = schema
                .get(id)
                .and_then(|n| n.object.as_view())
                .or(node.object.as_view())
                .is_some_and(|v| v.materialized);
            let word = if materialized {
                "MATERIALIZED VIEW"
            } else {
                word
            };
            format!("{word} {}", object(id))
        }
        _ => format!("{word} {}", object(id)),
    }
}

/// A routine with its argument types.
pub(super) fn routine(id: &Id) -> String {
    object(id)
}

/// The keyword of an object's kind in `COMMENT ON`, `DROP` and the like.
fn keyword(node: &Node) -> &'static str {
    match node.id.kind {
        Kind::Role => "ROLE",
        Kind::Schema => "SCHEMA",
        Kind::Extension => "EXTENSION",
        Kind::Language => "LANGUAGE",
        Kind::Collation => "COLLATION",
        Kind::Domain => "DOMAIN",
        Kind::Enum | Kind::Composite | Kind::Range | Kind::BaseType => "TYPE",
        Kind::Sequence => "SEQUENCE",
        Kind::Table => match &node.object {
            Object::Table(table) if table.foreign.is_some() => "FOREIGN TABLE",
            _ => "TABLE",
        },
        Kind::Column => "COLUMN",
        Kind::Constraint => "CONSTRAINT",
        Kind::Index => "INDEX",
        Kind::View => match &node.object {
            Object::View(view) if view.materialized => "MATERIALIZED VIEW",
            _ => "VIEW",
        },
        Kind::Function => match &node.object {
            Object::Routine(routine) if routine.kind == RoutineKind::Procedure => "PROCEDURE",
            _ => "FUNCTION",
        },
        Kind::Aggregate => "AGGREGATE",
        Kind::Trigger => "TRIGGER",
        Kind::Rule => "RULE",
        Kind::Policy => "POLICY",
        Kind::Statistics => "STATISTICS",
        Kind::EventTrigger => "EVENT TRIGGER",
        Kind::Publication => "PUBLICATION",
        Kind::Subscription => "SUBSCRIPTION",
        Kind::ForeignDataWrapper => "FOREIGN DATA WRAPPER",
        Kind::ForeignServer => "SERVER",
        Kind::UserMapping => "USER MAPPING",
        Kind::Operator => "OPERATOR",
        Kind::OperatorFamily => "OPERATOR FAMILY",
        Kind::OperatorClass => "OPERATOR CLASS",
        Kind::Cast => "CAST",
        Kind::Conversion => "CONVERSION",
        Kind::TextSearchParser => "TEXT SEARCH PARSER",
        Kind::TextSearchTemplate => "TEXT SEARCH TEMPLATE",
        Kind::TextSearchDictionary => "TEXT SEARCH DICTIONARY",
        Kind::TextSearchConfiguration => "TEXT SEARCH CONFIGURATION",
        Kind::Transform => "TRANSFORM",
        Kind::AccessMethod => "ACCESS METHOD",
        Kind::DefaultPrivileges => "DEFAULT PRIVILEGES",
        Kind::DatabaseSettings => "DATABASE SETTINGS",
        Kind::Raw => "RAW",
        Kind::Shape => "SHAPE",
        Kind::Transitions => "TRANSITIONS",
        Kind::Seed => "SEED",
    }
}

/// The object for people: `deals.notes`, with the schema where it isn't `public`.
pub(super) fn label(id: &Id) -> String {
    let text = id.to_string();
    match text.strip_prefix("public.") {
        Some(rest) if id.schema == "public" => rest.to_owned(),
        _ => text,
    }
}

/// The object for people, with the word for its kind: `column deals.notes`.
pub(super) fn named(node: &Node) -> String {
    let id = &node.id;
    let word = match &node.object {
        Object::View(view) if view.materialized => "materialized view",
        Object::Table(table) if table.foreign.is_some() => "foreign table",
        Object::Routine(routine) if routine.kind == RoutineKind::Procedure => "procedure",
        _ => id.kind.word(),
    };
    match id.kind {
        Kind::Constraint | Kind::Trigger | Kind::Rule | Kind::Policy | Kind::Index => {
            let relation = Id::table(id.schema.clone(), id.name.clone());
            format!("{word} {} on {}", id.part, label(&relation))
        }
        Kind::UserMapping => format!("{word} for {} on {}", id.name, id.part),
        Kind::DefaultPrivileges => {
            let place = match id.schema.as_str() {
                "" => String::new(),
                schema => format!(" in {schema}"),
            };
            format!("{word} of {} on {}{place}", id.name, id.part)
        }
        _ => format!("{word} {}", label(id)),
    }
}
