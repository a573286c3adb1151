//! Columns of tables, and those of views that carry grants, a default or a comment of their own.
//!
//! Never keeps a column's place as more than its ordinal.

use model::Kind;
use model::schema::{Column, Expr, Generated, GeneratedKind, IdentityMode, Node, Object, Type};

use super::CatalogError;
use super::address::{Place, class};
use super::batch::{Scope, no_member};
use super::lowering::{ColumnFacts, Lowering};
use super::privileges::{self, Class};
use super::rows::Rows;
use super::table::sorted;
use super::text::unwrapped;

pub(super) fn sql(scope: &Scope<'_>) -> String {
    let compression = scope.pick(14, "NULLIF(a.attcompression, '')", "NULL");
    format!(
        "SELECT a.attrelid, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), \
           CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE a.atttypid END, a.attnotnull, \
           pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated, a.attcollation, \
           cn.nspname, co.collname, \
           CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage END, {compression}, \
           NULLIF(a.attstattarget, -1), a.attoptions, a.attfdwoptions, \
           a.attinhcount > 0 AND NOT a.attislocal, a.attacl::text \
         FROM pg_attribute a \
         JOIN pg_class c ON c.oid = a.attrelid \
         JOIN pg_type t ON t.oid = a.atttypid \
         LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
         LEFT JOIN pg_collation co ON co.oid = a.attcollation \
           AND a.attcollation <> t.typcollation \
         LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace \
         WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND c.relpersistence <> 't' \
           AND a.attnum > 0 AND NOT a.attisdropped AND {} AND {}",
        scope.relations(),
        no_member("pg_class", "c.oid")
    )
}

pub(super) fn lower(rows: &Rows, to: &mut Lowering<'_>) -> Result<(), CatalogError> {
    for mut row in rows.iter() {
        let (relation, number) = (row.oid()?, row.number::<i32>()?);
        let name = row.name()?;
        let mut column = Column::new(to.type_of(row.text()?));
        let base_type = row.oid()?;
        column.not_null = row.flag()?;
        let expression = row.opt()?;
        let identity = match row.letter()? {
            b'a' => Some(IdentityMode::Always),
            b'd' => Some(IdentityMode::ByDefault),
            _ => None,
        };
        let generated = match row.letter()? {
            b's' => Some(GeneratedKind::Stored),
            b'v' => Some(GeneratedKind::Virtual),
            _ => None,
        };
        match (generated, expression) {
            (Some(kind), Some(text)) => {
                let expr = Expr::new(unwrapped(text));
                column.generated = Some(Box::new(Generated { expr, kind }));
            }
            (_, text) => column.default = text.map(Expr::new),
        }
        let collation = row.oid()?;
        column.collation = row.opt_pair()?;
        column.storage = row.opt()?.and_then(|letter| {
            let word = match letter {
                "p" => "plain",
                "e" => "external",
                "x" => "extended",
                "m" => "main",
                _ => return None,
            };
            Some(word.into())
        });
        column.compression = row.opt()?.and_then(|letter| match letter {
            "p" => Some("pglz".into()),
            "l" => Some("lz4".into()),
            _ => None,
        });
        column.statistics = row.opt_number()?;
        column.options = sorted(row.list()?);
        // The server's own counter of the column's versions, since the minor releases of November
        // 2026: it changes with every ALTER and is no option of anybody's.
        column
            .options
            .retain(|option| !option.starts_with("pg_attver="));
        column.foreign_options = sorted(row.list()?);
        column.inherited = row.flag()?;
        let acl = row.opt()?;
        let Some(of) = to.relations.get_mut(&relation) else {
            continue;
        };
        let id = of.id.within(Kind::Column, name.clone());
        let view = of.id.kind == Kind::View;
        let facts = ColumnFacts {
            name,
            base_type,
            collation,
            identity,
        };
        of.columns.insert(number, facts);
        let plain = column.default.is_none()
            && column.statistics.is_none()
            && column.storage.is_none()
            && column.compression.is_none()
            && column.options.is_empty();
        if view && plain && acl.is_none() {
            continue; // a comment may still make it an object
        }
        if view {
            // They follow from the query.
            column.ty = unknown();
            column.collation = None;
            column.not_null = false;
        }
        let mut node = Node::new(id, Object::Column(column));
        node.ordinal = number.unsigned_abs();
        if acl.is_some() {
            let owner = model::schema::Name::default();
            node.privileges = privileges::lower(acl, Class::Column, &owner, to.scope.version);
        }
        if view && plain && node.privileges.is_empty() {
            continue;
        }
        to.place((class::RELATION, relation, number), node);
    }
    Ok(())
}

/// The type of a view's column: the query's to say, and no attribute of its own.
fn unknown() -> Type {
    Type::builtin("unknown")
}

/// The object of a view's column that carries a comment and nothing else.
pub(super) fn of_view(to: &mut Lowering<'_>, relation: u32, number: i32) -> Option<model::Id> {
    let of = to.relations.get(&relation)?;
    if of.id.kind != Kind::View {
        return None;
    }
    let facts = of.columns.get(&number)?;
    let id = of.id.within(Kind::Column, facts.name.clone());
    let address = (class::RELATION, relation, number);
    if to.addresses.get(address).is_none() {
        to.builder.get(&of.id)?;
        to.addresses.set(address, Place::Node(id.clone()));
        let mut node = Node::new(id.clone(), Object::Column(Column::new(unknown())));
        node.ordinal = number.unsigned_abs();
        to.builder.insert(node).ok()?;
    }
    Some(id)
}
