//! Functions and procedures.
//!
//! Whether a body is right is the server's to say when it runs.

use model::quote::{dollar, ident, literal};
use model::schema::{Body, Expr, Kind, Node, Parallel, Routine, RoutineKind, Volatility};

use super::{Alteration, Difference, sql};
use crate::plan::step::{Lock, Statement};
use crate::script;

pub(super) fn create(node: &Node, routine: &Routine) -> Vec<Statement> {
    vec![Statement::new(
        Lock::None,
        definition(node, routine, "CREATE"),
    )]
}

/// The routine with a body that does nothing, in the place of one that is there or of none.
pub(super) fn without_body(node: &Node, routine: &Routine) -> Statement {
    let mut empty = routine.clone();
    empty.body = Body::Text(Expr::new(""));
    again(node, &empty)
}

/// The routine in the place of one with the same signature.
pub(super) fn again(node: &Node, routine: &Routine) -> Statement {
    let sql = definition(node, routine, "CREATE OR REPLACE");
    Statement::new(Lock::None, sql)
}

fn definition(node: &Node, routine: &Routine, verb: &str) -> String {
    let word = match routine.kind {
        RoutineKind::Procedure => "PROCEDURE",
        RoutineKind::Function | RoutineKind::Window => "FUNCTION",
    };
    let name = model::quote::qualified(&node.id.schema, &node.id.name);
    let mut lines = vec![format!(
        "{verb} {word} {name}({})",
        routine.arguments.as_str()
    )];
    if let Some(returns) = &routine.returns {
        lines.push(format!("RETURNS {}", returns.as_str()));
    }
    if let Some(transform) = &routine.transform {
        let text = transform.as_str();
        let said = text.to_ascii_uppercase().starts_with("TRANSFORM");
        lines.push(if said {
            text.to_owned()
        } else {
            format!("TRANSFORM {text}")
        });
    }
    lines.push(format!("LANGUAGE {}", ident(&routine.language)));
    let mut words = Vec::new();
    if routine.kind == RoutineKind::Window {
        words.push("WINDOW".to_owned());
    }
    match routine.volatility {
        Volatility::Immutable => words.push("IMMUTABLE".to_owned()),
        Volatility::Stable => words.push("STABLE".to_owned()),
        Volatility::Volatile => {}
    }
    if routine.strict {
        words.push("STRICT".to_owned());
    }
    if routine.security_definer {
        words.push("SECURITY DEFINER".to_owned());
    }
    if routine.leakproof {
        words.push("LEAKPROOF".to_owned());
    }
    match routine.parallel {
        Parallel::Unsafe => {}
        Parallel::Restricted => words.push("PARALLEL RESTRICTED".to_owned()),
        Parallel::Safe => words.push("PARALLEL SAFE".to_owned()),
    }
    for (word, value) in [
        ("COST", &routine.cost),
        ("ROWS", &routine.rows),
        ("SUPPORT", &routine.support),
    ] {
        if let Some(value) = value {
            words.push(format!("{word} {value}"));
        }
    }
    if !words.is_empty() {
        lines.push(words.join(" "));
    }
    for (name, value) in &routine.settings {
        let quoted: Vec<_> = name.split('.').map(ident).collect();
        lines.push(format!(
            "SET {} TO {}",
            quoted.join("."),
            sql::setting_value(name, value)
        ));
    }
    match &routine.body {
        Body::Text(text) => lines.push(format!("AS {}", dollar(text.as_str()))),
        Body::Sql(text) => lines.push(text.as_str().trim_end_matches(';').to_owned()),
        Body::Library(_, symbol) if routine.language == "internal" => {
            lines.push(format!("AS {}", literal(symbol)));
        }
        Body::Library(file, symbol) => {
            lines.push(format!("AS {}, {}", literal(file), literal(symbol)));
        }
    }
    lines.join("\n")
}

/// The routine whether or not there is one of its name.
pub(in crate::plan) fn replaced(node: &Node, routine: &Routine) -> String {
    definition(node, routine, "CREATE OR REPLACE")
}

pub(super) fn alter(node: &Node, a: &Routine, b: &Routine) -> Difference {
    if a.kind != b.kind || a.returns != b.returns || !arguments_fit(a, b) {
        return Difference::Replace;
    }
    let sql = replaced(node, b);
    // A column's own function judges documents too; what else derives from one judges nothing.
    let derived = node.derived_from.as_ref().map(|id| id.kind);
    Difference::of(Alteration {
        main: vec![Statement::new(Lock::None, sql)],
        judges_anew: matches!(derived, Some(Kind::Shape | Kind::Column)),
        ..Alteration::default()
    })
}

/// `CREATE OR REPLACE` keeps names, modes and types of arguments, and takes no default away.
fn arguments_fit(a: &Routine, b: &Routine) -> bool {
    let split = |routine: &Routine| -> Vec<(String, bool)> {
        script::split_list(routine.arguments.as_str())
            .into_iter()
            .map(
                |argument| match argument.to_ascii_uppercase().find(" DEFAULT ") {
                    Some(at) => (argument[..at].trim().to_owned(), true),
                    None => (argument.trim().to_owned(), false),
                },
            )
            .collect()
    };
    let (old, new) = (split(a), split(b));
    old.len() == new.len()
        && old
            .iter()
            .zip(&new)
            .all(|((a, given), (b, still))| a == b && (!given || *still))
}
