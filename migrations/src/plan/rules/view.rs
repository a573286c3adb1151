//! Views and materialized views.
//!
//! What a query means is the server's to say; here is only whether `CREATE OR REPLACE` can take it.

use model::quote::{ident, object};
use model::schema::{Node, View};

use super::stable::stable;
use super::{Difference, sql};
use crate::plan::changes::Context;
use crate::plan::needs::Side;
use crate::plan::step::{Lock, Statement};
use crate::script::select_list;

pub(super) fn create(node: &Node, view: &View) -> Vec<Statement> {
    vec![Statement::new(Lock::None, definition(node, view, "CREATE"))]
}

fn definition(node: &Node, view: &View, verb: &str) -> String {
    let mut text = format!("{verb} ");
    if view.materialized {
        text += "MATERIALIZED ";
    }
    text += &format!("VIEW {}", object(&node.id));
    if let Some(method) = &view.access_method {
        text += &format!(" USING {}", ident(method));
    }
    if !view.options.is_empty() {
        text += &format!(" WITH ({})", sql::settings(&view.options));
    }
    if let Some(space) = &view.tablespace {
        text += &format!(" TABLESPACE {}", ident(space));
    }
    let query = stable(view.query.as_str().trim().trim_end_matches(';'));
    text += &format!(" AS\n{query}");
    if view.materialized && !view.populated {
        text += "\nWITH NO DATA";
    }
    text
}

pub(super) fn alter(
    context: &Context<'_>,
    from: &Node,
    to: &Node,
    a: &View,
    b: &View,
) -> Difference {
    if a.materialized != b.materialized {
        return Difference::Replace;
    }
    if a.query != b.query {
        return if !b.materialized && only_appends(context, from, to, a, b) {
            // It sets the options too, all of them.
            let sql = definition(to, b, "CREATE OR REPLACE");
            Difference::main(vec![Statement::new(Lock::AccessExclusive, sql)])
        } else {
            Difference::Replace
        };
    }
    let word = if b.materialized {
        "MATERIALIZED VIEW"
    } else {
        "VIEW"
    };
    let alter = format!("ALTER {word} {}", object(&to.id));
    let mut statements = Vec::new();
    let mut push = |clause: String| {
        statements.push(Statement::new(
            Lock::AccessExclusive,
            format!("{alter} {clause}"),
        ));
    };
    let (set, reset) = sql::settings_between(&a.options, &b.options);
    if !set.is_empty() {
        push(format!("SET ({})", sql::settings(&set)));
    }
    if !reset.is_empty() {
        let reset: Vec<_> = reset.iter().map(|name| name.to_string()).collect();
        push(format!("RESET ({})", reset.join(", ")));
    }
    if a.access_method != b.access_method {
        let method = b
            .access_method
            .as_ref()
            .map_or("heap".into(), |method| ident(method));
        push(format!("SET ACCESS METHOD {method}"));
    }
    if a.tablespace != b.tablespace {
        let space = b
            .tablespace
            .as_ref()
            .map_or("pg_default".into(), |space| ident(space));
        push(format!("SET TABLESPACE {space}"));
    }
    if a.populated != b.populated {
        let data = if b.populated { "" } else { " WITH NO DATA" };
        let sql = format!("REFRESH MATERIALIZED VIEW {}{data}", object(&to.id));
        statements.push(Statement::new(Lock::AccessExclusive, sql));
    }
    Difference::main(statements)
}

/// Whether the new query surely gives the old columns first, with the same names and types.
///
/// Types aren't known here, so the columns must be spelled alike and come from the same relations;
/// otherwise the view is dropped and made again, which is always right.
fn only_appends(context: &Context<'_>, from: &Node, to: &Node, a: &View, b: &View) -> bool {
    let (Some(old), Some(new)) = (select_list(a.query.as_str()), select_list(b.query.as_str()))
    else {
        return false;
    };
    let names = !a.columns.is_empty()
        && b.columns.len() >= a.columns.len()
        && a.columns == b.columns[..a.columns.len()];
    let needs = |side, node: &Node| {
        let place = context.pairs.index_of(&node.id);
        place.map_or(Vec::new(), |place| context.needs(side, place))
    };
    let (below, still) = (needs(Side::From, from), needs(Side::To, to));
    let relations = |place: &&usize| {
        let kind = context.pairs.all[**place].node().id.kind;
        matches!(kind, model::Kind::Table | model::Kind::View)
    };
    // Of a star nobody can tell what it stands for.
    let stars = old.iter().any(|item| item.ends_with('*'));
    names
        && !stars
        && new.len() >= old.len()
        && old == new[..old.len()]
        && below.iter().filter(relations).all(|id| still.contains(id))
}
