//! What a snapshot says of the functions, triggers and checks that were derived from its model.
//!
//! A snapshot is model text, and the same text may derive other SQL in a later version of the tool.
//! Its first line therefore holds a hash of what was derived, so that the next migration brings the
//! database along. It never holds the SQL itself: `up.sql` does.

use std::fmt::Write;

use migrations::history::Hash;
use model::schema::{Body, ConstraintBody, Expr};
use model::{Name, Node, Object, Schema};

const LINE: &str = "// derived ";

/// The line for a schema; `None` where nothing is derived.
pub fn line(schema: &Schema) -> Option<String> {
    let mut text = String::new();
    for node in derived(schema) {
        let _ = write!(text, "{} {} ", node.id.kind.word(), node.id);
        let _ = match &node.object {
            Object::Routine(routine) => {
                let body = match &routine.body {
                    Body::Text(body) | Body::Sql(body) => body.as_str(),
                    Body::Library(_, symbol) => symbol,
                };
                let settings = &routine.settings;
                writeln!(text, "{:?} {settings:?} {body}", routine.volatility)
            }
            Object::Constraint(constraint) => match &constraint.body {
                ConstraintBody::Check(check) => writeln!(text, "{}", check.condition.as_str()),
                other => writeln!(text, "{other:?}"),
            },
            Object::Trigger(trigger) => {
                let condition = trigger.condition.as_ref().map(Expr::as_str);
                writeln!(
                    text,
                    "{:?} {:?} {condition:?}",
                    trigger.timing, trigger.events
                )
            }
            _ => writeln!(text),
        };
    }
    (!text.is_empty()).then(|| format!("{LINE}{}", Hash::of_text(&text)))
}

/// The snapshot's schema as it was when it was written: where the recorded hash is not what is
/// derived today, what was derived then is something else, and so is everything derived here.
pub fn as_recorded(schema: Schema, text: &str) -> Schema {
    let recorded = text
        .lines()
        .find(|line| line.starts_with(LINE))
        .map(str::trim_end);
    if recorded.is_none() || recorded == line(&schema).as_deref() {
        return schema;
    }
    let mut builder = schema.into_builder();
    for node in builder
        .nodes_mut()
        .filter(|node| node.derived_from.is_some())
    {
        match &mut node.object {
            Object::Routine(routine) => routine.body = Body::Text(Expr::new("another version's")),
            Object::Constraint(constraint) => {
                if let ConstraintBody::Check(check) = &mut constraint.body {
                    check.condition = Expr::new("another version's");
                }
            }
            Object::Trigger(trigger) => trigger.arguments = vec![Name::from("another version's")],
            _ => {}
        }
    }
    builder.finish()
}

fn derived(schema: &Schema) -> impl Iterator<Item = &Node> {
    let enforces = |node: &&Node| {
        matches!(
            node.object,
            Object::Routine(_) | Object::Constraint(_) | Object::Trigger(_)
        )
    };
    schema
        .nodes()
        .filter(|node| node.derived_from.is_some())
        .filter(enforces)
}

#[cfg(test)]
mod tests {
    use super::*;
    use migrations::plan::{Options, plan};

    const MODEL: &str = "json Wish {\n  dogs  boolean?\n}\ntable deals {\n  wish  jsonb<Wish>\n}\n";

    fn schema() -> Schema {
        let mut sources = model::Sources::new();
        sources.add("model.pilaster", MODEL);
        model::load(&sources).0.schema
    }

    #[test]
    fn what_derives_as_before_is_as_it_was() {
        let text = format!("{}\n{MODEL}", line(&schema()).unwrap());
        let from = as_recorded(schema(), &text);
        assert!(
            plan(&from, &schema(), &Options::default())
                .unwrap()
                .is_empty()
        );
    }

    #[test]
    fn what_derives_differently_now_is_brought_along() {
        let text = format!("{LINE}sha256:0000\n{MODEL}");
        let from = as_recorded(schema(), &text);
        let steps = plan(&from, &schema(), &Options::default()).unwrap().steps;
        let titles: Vec<_> = steps.iter().map(|step| step.title.as_str()).collect();
        assert!(
            titles.iter().any(|t| t.contains("wish_is_valid")),
            "{titles:?}"
        );
        assert!(
            titles.iter().any(|t| t.contains("deals_wish_shape")),
            "{titles:?}"
        );
    }
}
