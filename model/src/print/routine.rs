//! Functions, procedures and triggers.

use super::access::{enabled, grants};
use super::constraint::deferral;
use super::layout::fitted;
use super::text::{comment_clause, docs, name, names, option_value, plain_string, qname};
use super::{Form, Printer};
use crate::quote;
use crate::schema::{
    Body, Node, Parallel, Routine, RoutineKind, Trigger, TriggerEvent, TriggerTiming, Volatility,
};

impl Printer<'_> {
    pub(super) fn routine(&mut self, node: &Node, routine: &Routine) {
        let id = &node.id;
        let word = match routine.kind {
            RoutineKind::Procedure => "procedure",
            RoutineKind::Function | RoutineKind::Window => "function",
        };
        let mut parts = vec![format!(
            "{word} {}({})",
            qname(&id.schema, &id.name),
            routine.arguments.text
        )];
        let implied = |result: &str| {
            // A set of rows is said; one row's form follows from the parameters.
            has_output(&routine.arguments.text) && !result.starts_with("SETOF ")
        };
        if let Some(returns) = routine.returns.as_ref().filter(|r| !implied(&r.text)) {
            parts.push(format!("returns {}", returns.text));
        }
        parts.push(format!("language {}", name(&routine.language)));
        parts.push(self.routine_options(routine));
        if let Some(owner) = &node.owner {
            parts.push(format!("owner {}", name(owner)));
        }
        parts.push(comment_clause(node.comment.as_deref()));
        for (setting, value) in &routine.settings {
            parts.push(format!("set {setting} = {}", setting_value(setting, value)));
        }
        let verbatim = self.form(id) == Form::Verbatim;
        parts.push(match &routine.body {
            Body::Text(body) => {
                let sql = if verbatim { "sql " } else { "" };
                format!("as {sql}{}", quote::dollar(&body.text))
            }
            Body::Sql(body) => match body.text.strip_prefix("RETURN ") {
                Some(expr) if verbatim => format!("return (sql {})", quote::dollar(expr)),
                Some(expr) => format!("return ({expr})"),
                None => body.text.to_string(),
            },
            Body::Library(object, symbol) => {
                format!("as {}, {}", quote::literal(object), quote::literal(symbol))
            }
        });
        let mut text = docs(node.comment.as_deref(), "") + &fitted("", parts);
        let grants = grants(node);
        if !grants.is_empty() {
            text.push_str(" {\n");
            grants
                .iter()
                .for_each(|line| text.push_str(&format!("  {line}\n")));
            text.push('}');
        }
        self.of(id, text);
    }

    fn routine_options(&self, routine: &Routine) -> String {
        let mut words: Vec<String> = Vec::new();
        if routine.kind == RoutineKind::Window {
            words.push("window".to_owned());
        }
        match routine.volatility {
            Volatility::Immutable => words.push("immutable".to_owned()),
            Volatility::Stable => words.push("stable".to_owned()),
            Volatility::Volatile => {}
        }
        if routine.strict {
            words.push("strict".to_owned());
        }
        if routine.security_definer {
            words.push("security definer".to_owned());
        }
        if routine.leakproof {
            words.push("leakproof".to_owned());
        }
        match routine.parallel {
            Parallel::Safe => words.push("parallel safe".to_owned()),
            Parallel::Restricted => words.push("parallel restricted".to_owned()),
            Parallel::Unsafe => {}
        }
        for (word, value) in [
            ("cost", &routine.cost),
            ("rows", &routine.rows),
            ("support", &routine.support),
        ] {
            words.extend(value.as_ref().map(|v| format!("{word} {v}")));
        }
        words.extend(routine.transform.as_ref().map(|t| format!("transform {t}")));
        words.join(" ")
    }

    pub(super) fn trigger(&mut self, node: &Node, trigger: &Trigger, indent: &str) {
        let id = &node.id;
        let constraint = if trigger.constraint.is_some() {
            "constraint "
        } else {
            ""
        };
        let inherited = if trigger.inherited { "inherited " } else { "" };
        let timing = match trigger.timing {
            TriggerTiming::Before => "before",
            TriggerTiming::After => "after",
            TriggerTiming::InsteadOf => "instead of",
        };
        let events: Vec<String> = trigger
            .events
            .iter()
            .map(|event| match event {
                TriggerEvent::Insert => "insert".to_owned(),
                TriggerEvent::Delete => "delete".to_owned(),
                TriggerEvent::Truncate => "truncate".to_owned(),
                TriggerEvent::Update(columns) if columns.is_empty() => "update".to_owned(),
                TriggerEvent::Update(columns) => format!("update of {}", names(columns)),
            })
            .collect();
        let mut parts = vec![format!(
            "{inherited}{constraint}trigger {} {timing} {}",
            name(&id.part),
            events.join(" or ")
        )];
        if let Some(from) = &trigger.from_table {
            parts.push(format!("from {}", qname(&from.schema, &from.name)));
        }
        parts.extend(trigger.constraint.map(deferral));
        if trigger.old_table.is_some() || trigger.new_table.is_some() {
            let mut tables = String::from("referencing");
            let rows = [("old", &trigger.old_table), ("new", &trigger.new_table)];
            for (word, table) in rows {
                if let Some(table) = table {
                    tables.push_str(&format!(" {word} table as {}", name(table)));
                }
            }
            parts.push(tables);
        }
        if trigger.for_each_row {
            parts.push("for each row".to_owned());
        }
        if let Some(condition) = &trigger.condition {
            parts.push(format!("when {}", self.paren(id, condition)));
        }
        let function = &trigger.function;
        let called = if *function.schema == *"pg_catalog" {
            name(&function.name)
        } else {
            qname(&function.schema, &function.name)
        };
        let arguments: Vec<String> = trigger
            .arguments
            .iter()
            .map(|a| quote::literal(a))
            .collect();
        parts.push(format!("execute {called}({})", arguments.join(", ")));
        parts.push(enabled(trigger.enabled).to_owned());
        parts.push(comment_clause(node.comment.as_deref()));
        let text = docs(node.comment.as_deref(), indent) + &fitted(indent, parts);
        self.of(id, text);
    }
}

/// Whether a result follows from the parameters.
fn has_output(arguments: &str) -> bool {
    let out = |part: &str| part.starts_with("OUT ") || part.starts_with("INOUT ");
    arguments.split(", ").any(out)
}

/// A setting's value. Lists of names are kept as names, everything else as text.
pub(super) fn setting_value(setting: &str, value: &str) -> String {
    let list = [
        "search_path",
        "temp_tablespaces",
        "session_preload_libraries",
        "local_preload_libraries",
    ];
    if list.contains(&setting) {
        return if value.is_empty() {
            "''".to_owned()
        } else {
            value.to_owned()
        };
    }
    match option_value(value) {
        word if word == value => word,
        _ => plain_string(value),
    }
}
