//! A policy or a view that looks for documents by what is in them finds an index.

use model::schema::{Expr, Id, KeyTerm, Kind};
use model::{Name, Schema};

use super::Advice;

pub(super) const WHY: &str = "Looking for documents by a key or a value in them reads every row, \
    unless a GIN index on the column answers `@>`, `@?`, `@@` and `?`, or an index on the very \
    expression answers `->>`. Policies and views are seen; what a program filters by isn't.";

/// What a GIN index answers. The longer ones come first.
const CONTAINS: [&str; 6] = ["@>", "@?", "@@", "?|", "?&", "?"];

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (table, _) in schema.tables() {
        for (node, policy) in schema.policies(&table.id) {
            for found in policy
                .using
                .iter()
                .flat_map(|using| searches(schema, using, 0))
            {
                say(schema, advice, node, &found);
            }
        }
    }
    for node in schema.of_kind(Kind::View) {
        let Some(view) = node.object.as_view() else {
            continue;
        };
        let text = view.query.text.to_ascii_lowercase();
        let filter = text.find("where ").unwrap_or(text.len());
        for found in searches(schema, &view.query, filter as u32) {
            say(schema, advice, node, &found);
        }
    }
}

/// A look into a column's documents.
struct Search {
    column: Id,
    /// `requirements ->> 'city'`; `None` where a GIN index answers.
    path: Option<String>,
}

/// The looks into documents in an expression, from a byte on.
fn searches(schema: &Schema, expr: &Expr, from: u32) -> Vec<Search> {
    let mut found = Vec::new();
    for reference in expr.refs.iter().filter(|r| r.start >= from) {
        let id = &reference.id;
        let table = Id::table(id.schema.clone(), id.name.clone());
        let jsonb = schema
            .column(&table, &id.part)
            .is_some_and(|c| c.ty.is("jsonb"));
        if id.kind != Kind::Column || !jsonb {
            continue;
        }
        let behind = expr.text.get(reference.end as usize..).unwrap_or_default();
        let behind = behind.trim_start();
        let path = match CONTAINS.iter().any(|operator| behind.starts_with(operator)) {
            true => None,
            false => match path(behind) {
                "" => continue,
                path => Some(format!("{} {path}", model::quote::ident(&id.part))),
            },
        };
        found.push(Search {
            column: id.clone(),
            path,
        });
    }
    found
}

/// `-> 'a' ->> 'b'` as it stands at the beginning of a text; nothing where it isn't compared.
fn path(text: &str) -> &str {
    let mut end = 0;
    loop {
        let rest = text[end..].trim_start();
        let Some(operator) = ["#>>", "->>", "->"].iter().find(|o| rest.starts_with(**o)) else {
            break;
        };
        let operand = rest[operator.len()..].trim_start();
        let length = match operand.strip_prefix('\'') {
            Some(quoted) => quoted.find('\'').map(|at| at + 2),
            None => operand
                .find(|c: char| !c.is_ascii_digit())
                .or(Some(operand.len())),
        };
        let Some(length) = length.filter(|n| *n > 0) else {
            break;
        };
        end = text.len() - operand.len() + length;
    }
    &text[..end]
}

fn say(schema: &Schema, advice: &mut Advice<'_>, node: &model::Node, search: &Search) {
    let Search { column, path } = search;
    let table = Id::table(column.schema.clone(), column.name.clone());
    if answers(schema, &table, &column.part, path.as_deref()) {
        return;
    }
    let (kind, name) = (node.id.kind.word(), node.id.own_name());
    let column = &column.part;
    let (what, help) = match path {
        Some(path) => (
            path.clone(),
            format!("add `index (({path}))` to {}", table.name),
        ),
        None => (
            format!("what is in {column}"),
            format!("add `index using gin ({column})` to {}", table.name),
        ),
    };
    advice.about(
        node,
        format!("{kind} {name} searches by {what}, which no index answers"),
        help,
    );
}

/// Whether an index without a condition answers the search.
fn answers(schema: &Schema, table: &Id, column: &Name, path: Option<&str>) -> bool {
    let bare = |text: &str| text.replace([' ', '(', ')'], "").replace("::text", "");
    let indexes = schema.indexes(table);
    let mut all = indexes.filter(|(_, index)| index.predicate.is_none());
    all.any(|(_, index)| match (path, index.keys.first().map(|key| &key.term)) {
        (None, _) => {
            let keys = index.keys.iter();
            let named = |key: &model::schema::IndexKey| {
                matches!(&key.term, KeyTerm::Column(name) if name == column)
            };
            index.method == "gin" && keys.into_iter().any(named)
        }
        (Some(path), Some(KeyTerm::Expr(expr))) => bare(&expr.text) == bare(path),
        (Some(_), _) => false,
    })
}

#[cfg(test)]
mod tests {
    use super::super::said;

    const RULE: &str = "document_path_without_index";

    fn model(index: &str, using: &str) -> String {
        format!(
            "json Wish {{ city text?, tags text[]? }}\ntable a {{\n  id bigint primary key\n  \
             wish jsonb<Wish>\n  {index}\n  policy p for select to public using ({using})\n}}\n"
        )
    }

    #[test]
    fn a_path_wants_an_index_on_itself() {
        let using = "wish ->> 'city' = current_user";
        assert_eq!(
            said(RULE, &model("", using)),
            ["6: policy p searches by wish ->> 'city', which no index answers"]
        );
        assert!(said(RULE, &model("index ((wish ->> 'city'))", using)).is_empty());
        // One on the whole column answers other questions.
        assert_eq!(said(RULE, &model("index using gin (wish)", using)).len(), 1);
    }

    #[test]
    fn what_a_document_contains_wants_a_gin_index() {
        let using = "wish @> '{\"city\": \"Bonn\"}'";
        assert_eq!(
            said(RULE, &model("", using)),
            ["6: policy p searches by what is in wish, which no index answers"]
        );
        assert!(said(RULE, &model("index using gin (wish jsonb_path_ops)", using)).is_empty());
    }

    #[test]
    fn a_view_that_shows_a_path_searches_for_nothing() {
        let table = model("", "id = 1");
        let shows = format!("{table}view v as (select wish ->> 'city' as city from a)\n");
        assert!(said(RULE, &shows).is_empty());
        let filters = format!("{table}view v as (select id from a where wish ->> 'city' = 'x')\n");
        assert_eq!(said(RULE, &filters).len(), 1, "{filters}");
    }
}
