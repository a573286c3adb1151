//! Indexes, and the index half of primary keys, unique and exclusion constraints.
//!
//! Never prints an operator class or a collation that the server would choose by itself.

use model::Kind;
use model::schema::{Expr, Index, IndexKey, KeyTerm, Name, Node, Object};

use super::CatalogError;
use super::address::class;
use super::batch::{Scope, no_member};
use super::constraint::ConstraintIndex;
use super::lowering::{Lowering, Relation};
use super::rows::Rows;
use super::table::sorted;
use super::text::{after_parentheses, after_quoted, dotted_name, split_commas, unwrapped};

pub(super) fn sql(scope: &Scope<'_>) -> String {
    let nulls = scope.pick(15, "i.indnullsnotdistinct", "false");
    // The text is needed for expressions alone: it is dear, as each index is opened for it.
    format!(
        "SELECT i.indexrelid, i.indrelid, ic.relname, am.amname, ic.relam, i.indisunique, \
           {nulls}, i.indnkeyatts, i.indkey::text, i.indclass::text, i.indcollation::text, \
           i.indoption::text, \
           CASE WHEN i.indexprs IS NOT NULL THEN pg_get_indexdef(i.indexrelid) END, \
           pg_get_expr(i.indpred, i.indrelid), ic.reloptions, ts.spcname, i.indisvalid, \
           i.indisclustered, pc.relname, p.indrelid, k.oid IS NOT NULL \
         FROM pg_index i \
         JOIN pg_class ic ON ic.oid = i.indexrelid \
         JOIN pg_class c ON c.oid = i.indrelid \
         JOIN pg_am am ON am.oid = ic.relam \
         LEFT JOIN pg_tablespace ts ON ts.oid = ic.reltablespace \
         LEFT JOIN pg_inherits inh ON inh.inhrelid = i.indexrelid \
         LEFT JOIN pg_index p ON p.indexrelid = inh.inhparent \
         LEFT JOIN pg_class pc ON pc.oid = inh.inhparent \
         LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.conrelid = i.indrelid \
           AND k.contype IN ('p', 'u', 'x') \
         WHERE c.relpersistence <> 't' AND c.relkind IN ('r', 'p', 'm') AND {} AND {}",
        scope.relations(),
        no_member("pg_class", "c.oid")
    )
}

pub(super) fn lower(rows: &Rows, to: &mut Lowering<'_>) -> Result<(), CatalogError> {
    for mut row in rows.iter() {
        let (oid, table, name) = (row.oid()?, row.oid()?, row.name()?);
        let method = row.name()?;
        let method_oid = row.oid()?;
        let unique = row.flag()?;
        let nulls_not_distinct = row.flag()?;
        let count: usize = row.number()?;
        let columns: Vec<i32> = row.numbers()?;
        let vectors = Vectors {
            method: method_oid,
            classes: row.numbers()?,
            collations: row.numbers()?,
            options: row.numbers()?,
        };
        let definition = row.opt()?;
        let predicate = row.opt()?.map(|text| Expr::new(unwrapped(text)));
        let parameters = sorted(row.list()?);
        let tablespace = row.opt_name()?;
        let valid = row.flag()?;
        let clustered = row.flag()?;
        let parent = row.opt_name()?;
        let parent_table: Option<u32> = row.opt_number()?;
        let constraint = row.flag()?;
        let Some(relation) = to.relations.get(&table) else {
            continue;
        };
        let printed = definition.map(printed_keys).unwrap_or_default();
        let extras = to.index_columns.get(&oid);
        let mut keys = Vec::with_capacity(count.min(columns.len()));
        let (mut include, mut statistics) = (Vec::new(), Vec::new());
        for (i, column) in columns.iter().enumerate() {
            if i >= count {
                include.extend(relation.columns.get(column).map(|c| c.name.clone()));
                continue;
            }
            let extra = extras.and_then(|e| e.iter().find(|e| e.number == i + 1));
            if let Some(target) = extra.and_then(|e| e.statistics) {
                statistics.push((u16::try_from(i + 1).unwrap_or(u16::MAX), target));
            }
            let options = extra.map(|e| e.options.as_slice()).unwrap_or_default();
            keys.push(match (*column, printed.get(i)) {
                (0, Some(text)) => expression_key(text, vectors.options.get(i)),
                _ => column_key(relation, *column, i, &vectors, options, to),
            });
        }
        let parent = parent
            .zip(parent_table)
            .and_then(|(name, table)| Some(to.relation(table)?.within(Kind::Index, name)));
        let id = relation.id.within(Kind::Index, name);
        if constraint {
            let index = ConstraintIndex {
                method,
                keys,
                include,
                predicate,
                nulls_not_distinct,
                parameters,
                tablespace,
                valid,
                clustered,
            };
            to.constraint_indexes.insert(oid, index);
            continue;
        }
        let index = Index {
            unique,
            nulls_not_distinct,
            method,
            keys,
            include,
            predicate,
            parameters,
            tablespace,
            valid,
            clustered,
            parent: parent.clone(),
            statistics,
        };
        let mut node = Node::new(id, Object::Index(index));
        node.needs.extend(parent);
        to.place((class::RELATION, oid, 0), node);
    }
    Ok(())
}

/// What `pg_index` says of each key beside its column.
struct Vectors {
    method: u32,
    classes: Vec<u32>,
    collations: Vec<u32>,
    options: Vec<i32>,
}

const DESC: i32 = 1;
const NULLS_FIRST: i32 = 2;

fn column_key(
    relation: &Relation,
    number: i32,
    place: usize,
    vectors: &Vectors,
    options: &[String],
    to: &Lowering<'_>,
) -> IndexKey {
    let facts = relation.columns.get(&number);
    // An index on a system column is not possible but for the historical `oid`.
    let name = facts.map(|c| c.name.clone()).unwrap_or_default();
    let own_collation = facts.map_or(0, |c| c.collation);
    let collation = vectors.collations.get(place).copied().unwrap_or(0);
    let flags = vectors.options.get(place).copied().unwrap_or(0);
    let class = vectors.classes.get(place).copied().unwrap_or(0);
    IndexKey {
        term: KeyTerm::Column(name),
        collation: (collation != 0 && collation != own_collation)
            .then(|| to.collations.get(&collation).cloned())
            .flatten(),
        operator_class: to.operator_classes.spelled(
            class,
            vectors.method,
            facts.map_or(0, |c| c.base_type),
            options,
        ),
        descending: flags & DESC != 0,
        nulls_first: flags & NULLS_FIRST != 0,
    }
}

/// The keys of a printed definition: what is between the first parentheses after `USING method`.
fn printed_keys(definition: &str) -> Vec<String> {
    let Some(using) = definition.find(" USING ") else {
        return Vec::new();
    };
    // A quoted table name may hold ` USING `; then the first parenthesis is looked for too early,
    // so quoted text is stepped over.
    let bytes = definition.as_bytes();
    let mut at = 0;
    while at < bytes.len() && (at < using || bytes[at] != b'(') {
        at = match bytes[at] {
            b'"' => after_quoted(definition, at),
            _ => at + 1,
        };
    }
    let end = after_parentheses(definition, at);
    let inside = definition
        .get(at + 1..end.saturating_sub(1))
        .unwrap_or_default();
    split_commas(inside)
        .into_iter()
        .map(str::to_owned)
        .collect()
}

/// A printed key: a call or `(expression)`, then collation, operator class, order.
fn expression_key(text: &str, flags: Option<&i32>) -> IndexKey {
    let flags = flags.copied().unwrap_or(0);
    let end = end_of_term(text);
    let (term, mut rest) = (&text[..end], text[end..].trim_start());
    let mut collation = None;
    if let Some(after) = rest.strip_prefix("COLLATE ") {
        let (names, after) = dotted_name(after);
        collation = match <[String; 2]>::try_from(names) {
            Ok([schema, name]) => Some((Name::from(schema), Name::from(name))),
            Err(names) => names
                .into_iter()
                .next()
                .map(|name| (Name::from("pg_catalog"), Name::from(name))),
        };
        rest = after.trim_start();
    }
    let mut class = rest;
    for tail in [" NULLS FIRST", " NULLS LAST", " DESC"] {
        class = class.strip_suffix(tail).unwrap_or(class);
    }
    let class = class.trim();
    let order = ["", "DESC", "NULLS FIRST", "NULLS LAST"].contains(&class)
        || class.starts_with("DESC NULLS");
    IndexKey {
        term: KeyTerm::Expr(Expr::new(unwrapped(term))),
        collation,
        operator_class: (!order).then(|| Name::from(class)),
        descending: flags & DESC != 0,
        nulls_first: flags & NULLS_FIRST != 0,
    }
}

/// The place after an expression in parentheses, or after a call's arguments.
fn end_of_term(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' | b'\'' => at = after_quoted(text, at),
            b'(' => return after_parentheses(text, at),
            // A call without parentheses, such as CURRENT_USER, or a bare name.
            b' ' => return at,
            _ => at += 1,
        }
    }
    at
}

pub(super) mod collation {
    use super::*;

    pub(in crate::catalog) fn sql(_: &Scope<'_>) -> String {
        "SELECT c.oid, n.nspname, c.collname FROM pg_collation c \
         JOIN pg_namespace n ON n.oid = c.collnamespace \
         WHERE c.oid IN (SELECT unnest(i.indcollation) FROM pg_index i)"
            .to_owned()
    }

    pub(in crate::catalog) fn lower(
        rows: &Rows,
        to: &mut Lowering<'_>,
    ) -> Result<(), CatalogError> {
        for mut row in rows.iter() {
            let (oid, schema, name) = (row.oid()?, row.name()?, row.name()?);
            to.collations.insert(oid, (schema, name));
        }
        Ok(())
    }
}

/// What was set on one key of an index.
pub(super) struct IndexColumn {
    number: usize,
    options: Vec<String>,
    statistics: Option<i32>,
}

pub(super) mod column {
    use super::*;

    pub(in crate::catalog) fn sql(scope: &Scope<'_>) -> String {
        format!(
            "SELECT a.attrelid, a.attnum, a.attoptions, NULLIF(a.attstattarget, -1) \
             FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid \
             WHERE c.relkind IN ('i', 'I') AND {} \
               AND (array_to_string(a.attoptions, ',') !~ '^pg_attver=[^,]*$' \
                 OR a.attstattarget >= 0)",
            scope.visible("c.relnamespace")
        )
    }

    pub(in crate::catalog) fn lower(
        rows: &Rows,
        to: &mut Lowering<'_>,
    ) -> Result<(), CatalogError> {
        for mut row in rows.iter() {
            let index = row.oid()?;
            let mut column = IndexColumn {
                number: row.number()?,
                options: row.list()?,
                statistics: row.opt_number()?,
            };
            column
                .options
                .retain(|option| !option.starts_with("pg_attver="));
            to.index_columns.entry(index).or_default().push(column);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_keys_are_taken_apart() {
        let keys = printed_keys(
            "CREATE INDEX i ON public.\"a USING (\" USING btree (lower(name) COLLATE \"C\" \
             text_pattern_ops DESC, ((a + b)), c) WHERE (a > 0)",
        );
        assert_eq!(
            keys,
            [
                "lower(name) COLLATE \"C\" text_pattern_ops DESC",
                "((a + b))",
                "c"
            ]
        );
        let key = expression_key(&keys[0], Some(&(DESC | NULLS_FIRST)));
        assert_eq!(key.term, KeyTerm::Expr(Expr::new("lower(name)")));
        assert_eq!(
            key.collation,
            Some((Name::from("pg_catalog"), Name::from("C")))
        );
        assert_eq!(key.operator_class, Some(Name::from("text_pattern_ops")));
        assert!(key.descending && key.nulls_first);
        let key = expression_key("((a + b)) DESC NULLS LAST", Some(&DESC));
        assert_eq!(key.operator_class, None);
        assert!(key.descending && !key.nulls_first);
    }
}
