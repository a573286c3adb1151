//! Constraints of tables.
//!
//! Never reads a domain's checks (see `types`) nor a constraint trigger's entry (see `trigger`).

use model::schema::{
    Check, Constraint, ConstraintBody, Deferrable, Exclusion, Expr, ForeignKey, ForeignKeyAction,
    IndexKey, KeyTerm, MatchKind, Name, Node, Object, UniqueKey,
};
use model::{Id, Kind};

use super::CatalogError;
use super::address::{Place, class};
use super::batch::{Scope, no_member};
use super::lowering::Lowering;
use super::rows::Rows;
use super::text::unwrapped;

/// The index half of a constraint.
pub(super) struct ConstraintIndex {
    pub(super) method: Name,
    pub(super) keys: Vec<IndexKey>,
    pub(super) include: Vec<Name>,
    pub(super) predicate: Option<Expr>,
    pub(super) nulls_not_distinct: bool,
    pub(super) parameters: Vec<Name>,
    pub(super) tablespace: Option<Name>,
    pub(super) valid: bool,
    pub(super) clustered: bool,
}

pub(super) fn sql(scope: &Scope<'_>) -> String {
    let delete_columns = scope.pick(15, "k.confdelsetcols", "NULL");
    let (enforced, period) = (
        scope.pick(18, "k.conenforced", "true"),
        scope.pick(18, "k.conperiod", "false"),
    );
    format!(
        "SELECT k.oid, k.conrelid, k.conname, k.contype, k.condeferrable, k.condeferred, \
           k.convalidated, NOT k.conislocal AND k.coninhcount > 0, k.connoinherit, k.conkey, \
           {enforced}, {period}, k.conindid, pg_get_expr(k.conbin, k.conrelid), k.confrelid, \
           CASE WHEN k.contype = 'f' THEN (SELECT array_agg(a.attname ORDER BY x.o) \
             FROM unnest(k.confkey) WITH ORDINALITY x(n, o) JOIN pg_attribute a \
               ON a.attrelid = k.confrelid AND a.attnum = x.n) END, \
           k.confdeltype, k.confupdtype, k.confmatchtype, {delete_columns}, \
           CASE WHEN k.contype = 'x' THEN (SELECT array_agg( \
               CASE WHEN n.nspname = 'pg_catalog' THEN p.oprname::text \
                    ELSE format('OPERATOR(%I.%s)', n.nspname, p.oprname) END ORDER BY x.o) \
             FROM unnest(k.conexclop) WITH ORDINALITY x(n, o) \
             JOIN pg_operator p ON p.oid = x.n JOIN pg_namespace n ON n.oid = p.oprnamespace) END, \
           CASE WHEN k.contype NOT IN ('c', 'f', 'p', 'u', 'x', 'n') \
             THEN pg_get_constraintdef(k.oid) END \
         FROM pg_constraint k \
         JOIN pg_class c ON c.oid = k.conrelid \
         LEFT JOIN pg_constraint parent ON parent.oid = k.conparentid \
         WHERE k.contype <> 't' AND parent.conrelid IS DISTINCT FROM k.conrelid AND {} AND {}",
        scope.relations(),
        no_member("pg_class", "c.oid")
    )
}

pub(super) fn lower(rows: &Rows, to: &mut Lowering<'_>) -> Result<(), CatalogError> {
    for mut row in rows.iter() {
        let (oid, table, name) = (row.oid()?, row.oid()?, row.name()?);
        let contype = row.letter()?;
        let (deferrable, deferred) = (row.flag()?, row.flag()?);
        let deferrable = self::deferrable(deferrable, deferred);
        let (validated, inherited, no_inherit) = (row.flag()?, row.flag()?, row.flag()?);
        let key: Vec<i32> = row.numbers()?;
        let (enforced, period) = (row.flag()?, row.flag()?);
        let index_oid = row.oid()?;
        let condition = row.opt()?;
        let Some(of) = to.relation(table).cloned() else {
            continue;
        };
        let id = of.within(Kind::Constraint, name);
        let mut needs = Vec::new();
        let body = match contype {
            b'c' => ConstraintBody::Check(Check {
                condition: Expr::new(unwrapped(condition.unwrap_or_default())),
                no_inherit,
            }),
            b'p' | b'u' => {
                let Some(index) = index(to, index_oid, table, &id) else {
                    continue;
                };
                let columns = index.keys.into_iter().filter_map(|key| match key.term {
                    KeyTerm::Column(name) => Some(name),
                    KeyTerm::Expr(_) => None,
                });
                let key = UniqueKey {
                    columns: columns.collect(),
                    include: index.include,
                    nulls_not_distinct: index.nulls_not_distinct,
                    without_overlaps: period,
                    parameters: index.parameters,
                    tablespace: index.tablespace,
                };
                match contype {
                    b'p' => ConstraintBody::PrimaryKey(key),
                    _ => ConstraintBody::Unique(key),
                }
            }
            b'f' => {
                let target = row.oid()?;
                let Some(target) = to.relation(target).cloned() else {
                    return Err(row.unexpected(format!("a reference to relation {target}")));
                };
                needs.push(target.clone());
                let key = ForeignKey {
                    columns: to.column_names(table, &key),
                    target,
                    target_columns: row.names()?,
                    on_delete: action(row.letter()?),
                    on_update: action(row.letter()?),
                    matching: match row.letter()? {
                        b'f' => MatchKind::Full,
                        _ => MatchKind::Simple,
                    },
                    delete_columns: to.column_names(table, &row.numbers::<i32>()?),
                    period,
                };
                ConstraintBody::ForeignKey(key)
            }
            b'x' => {
                let Some(index) = index(to, index_oid, table, &id) else {
                    continue;
                };
                let (_target, _columns) = (row.opt()?, row.opt()?);
                let (_actions, _set) = ((row.opt()?, row.opt()?, row.opt()?), row.opt()?);
                let operators = row.names()?;
                ConstraintBody::Exclusion(Exclusion {
                    method: index.method,
                    elements: index.keys.into_iter().zip(operators).collect(),
                    include: index.include,
                    predicate: index.predicate,
                    parameters: index.parameters,
                    tablespace: index.tablespace,
                })
            }
            b'n' => {
                let Some(column) = to.column_names(table, &key).into_iter().next() else {
                    continue;
                };
                let usual = id.part == *usual_name(&of.name, &column, "not_null");
                if inherited || (usual && !no_inherit && validated) {
                    continue;
                }
                ConstraintBody::NotNull { column, no_inherit }
            }
            _ => {
                for _ in 0..7 {
                    row.opt()?;
                }
                ConstraintBody::Other(Expr::new(row.text()?))
            }
        };
        let constraint = Constraint {
            body,
            deferrable,
            validated,
            enforced,
            inherited,
        };
        let mut node = Node::new(id, Object::Constraint(constraint));
        node.needs = needs;
        to.place((class::CONSTRAINT, oid, 0), node);
    }
    Ok(())
}

/// Whether and when a constraint is deferred.
pub(super) fn deferrable(deferrable: bool, deferred: bool) -> Deferrable {
    match (deferrable, deferred) {
        (false, _) => Deferrable::No,
        (true, false) => Deferrable::Immediate,
        (true, true) => Deferrable::Deferred,
    }
}

/// The index of a constraint, whose address from now on is the constraint's.
fn index(to: &mut Lowering<'_>, index: u32, table: u32, id: &Id) -> Option<ConstraintIndex> {
    let place = Place::Part(id.clone(), "index of a constraint");
    to.addresses.set((class::RELATION, index, 0), place);
    let index = to.constraint_indexes.remove(&index)?;
    if index.clustered || !index.valid {
        to.remarkable.insert(table);
    }
    if index.clustered {
        let why = "the table is marked as clustered on the constraint's index";
        to.report("constraint", id.to_string(), why);
    }
    if !index.valid {
        to.report("constraint", id.to_string(), "its index is not valid");
    }
    Some(index)
}

fn action(letter: u8) -> ForeignKeyAction {
    match letter {
        b'r' => ForeignKeyAction::Restrict,
        b'c' => ForeignKeyAction::Cascade,
        b'n' => ForeignKeyAction::SetNull,
        b'd' => ForeignKeyAction::SetDefault,
        _ => ForeignKeyAction::NoAction,
    }
}

/// `makeObjectName()`: table, column and label, the longer of the two names cut until all fit into
/// 63 bytes.
pub(super) fn usual_name(table: &str, column: &str, label: &str) -> String {
    const LONGEST: usize = 63;
    let room = LONGEST - label.len() - 2;
    let (mut first, mut second) = (table.len(), column.len());
    while first + second > room {
        if first > second {
            first -= 1;
        } else {
            second -= 1;
        }
    }
    let cut = |text: &str, mut end: usize| {
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text[..end].to_owned()
    };
    format!("{}_{}_{label}", cut(table, first), cut(column, second))
}
