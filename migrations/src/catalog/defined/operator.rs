//! Operators, operator families and classes, access methods.
//!
//! Never prints an operator class without its family: the server would make one by that name.

use super::{function, function_item, reader};
use crate::catalog::CatalogError;
use crate::catalog::address::class as address;
use crate::catalog::batch::{Scope, no_member};
use crate::catalog::lowering::Lowering;
use crate::catalog::rows::Rows;

/// The qualified name of the operator with that oid, as SQL refers to it.
fn operator(oid: &str) -> String {
    format!(
        "(SELECT format('OPERATOR(%I.%s)', xn.nspname, x.oprname) FROM pg_operator x \
         JOIN pg_namespace xn ON xn.oid = x.oprnamespace WHERE x.oid = {oid})"
    )
}

/// The part is the operand types, `NONE` for the one a prefix operator hasn't.
pub(in crate::catalog) fn sql(scope: &Scope<'_>) -> String {
    format!(
        "SELECT o.oid, n.nspname, o.oprname, {operands}, o.oprowner, NULL, \
           format('CREATE OPERATOR %I.%s (FUNCTION = ', n.nspname, o.oprname) || {function} \
           || CASE WHEN o.oprleft <> 0 THEN ', LEFTARG = ' || format_type(o.oprleft, NULL) \
                ELSE '' END \
           || CASE WHEN o.oprright <> 0 THEN ', RIGHTARG = ' || format_type(o.oprright, NULL) \
                ELSE '' END \
           || CASE WHEN o.oprcom <> 0 THEN ', COMMUTATOR = ' || {commutator} ELSE '' END \
           || CASE WHEN o.oprnegate <> 0 THEN ', NEGATOR = ' || {negator} ELSE '' END \
           || {restrict} || {join} \
           || CASE WHEN o.oprcanhash THEN ', HASHES' ELSE '' END \
           || CASE WHEN o.oprcanmerge THEN ', MERGES' ELSE '' END || ')', NULL \
         FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace \
         WHERE o.oprcode <> 0 AND {visible} AND {member}",
        operands = "CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END \
           || ', ' || CASE WHEN o.oprright = 0 THEN 'NONE' ELSE format_type(o.oprright, NULL) END",
        function = function("o.oprcode"),
        commutator = operator("o.oprcom"),
        negator = operator("o.oprnegate"),
        restrict = function_item("RESTRICT", "o.oprrest"),
        join = function_item("JOIN", "o.oprjoin"),
        visible = scope.visible("o.oprnamespace"),
        member = no_member("pg_operator", "o.oid"),
    )
}

pub(in crate::catalog) fn lower(rows: &Rows, to: &mut Lowering<'_>) -> Result<(), CatalogError> {
    super::lower(rows, to, model::Kind::Operator, address::OPERATOR, None)
}

/// The list of operators and functions in `pg_amop` and `pg_amproc` that depend on that object.
/// In a family the operands are said; in a class they follow from its type, but may differ.
fn members(class: &str, oid: &str, strict: &str) -> String {
    format!(
        "(SELECT string_agg(item, ', ' ORDER BY item COLLATE \"C\") FROM ( \
           SELECT format('OPERATOR %s %s (%s, %s)', a.amopstrategy, {operator}, \
             CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END, \
             CASE WHEN o.oprright = 0 THEN 'NONE' ELSE format_type(o.oprright, NULL) END) \
             || CASE WHEN a.amoppurpose = 'o' THEN (SELECT format(' FOR ORDER BY %I.%I', \
               sn.nspname, sf.opfname) FROM pg_opfamily sf JOIN pg_namespace sn \
               ON sn.oid = sf.opfnamespace WHERE sf.oid = a.amopsortfamily) ELSE '' END AS item \
           FROM pg_amop a JOIN pg_operator o ON o.oid = a.amopopr \
           JOIN pg_depend d ON d.classid = 'pg_amop'::regclass AND d.objid = a.oid \
             AND d.refclassid = '{class}'::regclass AND d.refobjid = {oid} \
             AND d.deptype IN ({strict}) \
           UNION ALL \
           SELECT format('FUNCTION %s (%s, %s) ', a.amprocnum, \
             format_type(a.amproclefttype, NULL), format_type(a.amprocrighttype, NULL)) \
             || {function} || '(' || (SELECT oidvectortypes(p.proargtypes) FROM pg_proc p \
               WHERE p.oid = a.amproc) || ')' \
           FROM pg_amproc a \
           JOIN pg_depend d ON d.classid = 'pg_amproc'::regclass AND d.objid = a.oid \
             AND d.refclassid = '{class}'::regclass AND d.refobjid = {oid} \
             AND d.deptype IN ({strict})) items)",
        operator = "(SELECT format('%I.%s', xn.nspname, o.oprname) FROM pg_namespace xn \
           WHERE xn.oid = o.oprnamespace)",
        function = function("a.amproc"),
    )
}

reader!(
    /// The part is the access method.
    family, OperatorFamily, class::OPERATOR_FAMILY, None, |scope| format!(
        "SELECT f.oid, n.nspname, f.opfname, m.amname, f.opfowner, NULL, \
           format('CREATE OPERATOR FAMILY %I.%I USING %I', n.nspname, f.opfname, m.amname), \
           CASE WHEN l.list IS NOT NULL THEN ARRAY[format( \
             'ALTER OPERATOR FAMILY %I.%I USING %I ADD ', n.nspname, f.opfname, m.amname) \
             || l.list] END \
         FROM pg_opfamily f JOIN pg_namespace n ON n.oid = f.opfnamespace \
         JOIN pg_am m ON m.oid = f.opfmethod, LATERAL (SELECT {} AS list) l WHERE {} AND {}",
        members("pg_opfamily", "f.oid", "'a'"),
        scope.visible("f.opfnamespace"),
        no_member("pg_opfamily", "f.oid"),
    )
);

reader!(
    /// The part is the access method.
    class, OperatorClass, class::OPERATOR_CLASS, None, |scope| format!(
        "SELECT c.oid, n.nspname, c.opcname, m.amname, c.opcowner, NULL, \
           format('CREATE OPERATOR CLASS %I.%I %sFOR TYPE %s USING %I FAMILY %I.%I AS ', \
             n.nspname, c.opcname, CASE WHEN c.opcdefault THEN 'DEFAULT ' ELSE '' END, \
             format_type(c.opcintype, NULL), m.amname, fn.nspname, f.opfname) \
           || concat_ws(', ', {}, CASE WHEN c.opckeytype <> 0 OR {} IS NULL THEN 'STORAGE ' \
             || format_type(CASE WHEN c.opckeytype <> 0 THEN c.opckeytype ELSE c.opcintype END, \
                  NULL) END), NULL \
         FROM pg_opclass c JOIN pg_namespace n ON n.oid = c.opcnamespace \
         JOIN pg_am m ON m.oid = c.opcmethod JOIN pg_opfamily f ON f.oid = c.opcfamily \
         JOIN pg_namespace fn ON fn.oid = f.opfnamespace WHERE {} AND {}",
        members("pg_opclass", "c.oid", "'i', 'a'"),
        members("pg_opclass", "c.oid", "'i', 'a'"),
        scope.visible("c.opcnamespace"),
        no_member("pg_opclass", "c.oid"),
    )
);

reader!(
    /// Access methods of tables and indexes.
    method, AccessMethod, class::ACCESS_METHOD, None, |_scope| format!(
        "SELECT a.oid, NULL, a.amname, NULL, 0, NULL, \
           format('CREATE ACCESS METHOD %I TYPE %s HANDLER ', a.amname, \
             CASE a.amtype WHEN 't' THEN 'TABLE' ELSE 'INDEX' END) || {}, NULL \
         FROM pg_am a WHERE a.oid >= 16384 AND {}",
        function("a.amhandler"),
        no_member("pg_am", "a.oid"),
    )
);
