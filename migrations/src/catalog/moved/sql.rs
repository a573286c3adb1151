//! The queries: how the database stands, what has moved since it stood otherwise, and what depends
//! on that.
//!
//! The first two are made of the same common table expressions, so that they mean the same by a key.

use super::super::address::class;

/// Catalogs of which any change has everything read again, each with what of it counts.
const BASE: &[(&str, &str)] = &[
    ("pg_am", ""),
    ("pg_class", "t.oid < 16384"),
    ("pg_collation", ""),
    ("pg_foreign_data_wrapper", ""),
    ("pg_foreign_server", ""),
    ("pg_language", ""),
    ("pg_opclass", ""),
    ("pg_operator", ""),
    ("pg_opfamily", ""),
    ("pg_proc", "t.oid < 16384 OR t.pronamespace = 11"),
    ("pg_tablespace", ""),
    ("pg_ts_config", ""),
    ("pg_ts_dict", ""),
    ("pg_type", "t.oid < 16384 OR t.typnamespace = 11"),
];

/// The rows of catalogs that belong to something with a key, and that may go without any other row
/// of it being written: those are counted. `rel` gives for the oid of a relation or of what belongs
/// to one (an index, an owned sequence, a toast table) the key of the relation.
const COUNTED: &[&str] = &[
    "r.key FROM pg_catalog.pg_class t JOIN rel r ON r.oid = t.oid",
    "r.key FROM pg_catalog.pg_constraint t JOIN rel r ON r.oid = t.conrelid",
    "<TYPE> + t.contypid::bigint FROM pg_catalog.pg_constraint t WHERE t.contypid >= 16384",
    "r.key FROM pg_catalog.pg_inherits t JOIN rel r ON r.oid = t.inhrelid",
    "r.key FROM pg_catalog.pg_policy t JOIN rel r ON r.oid = t.polrelid",
    "r.key FROM pg_catalog.pg_trigger t JOIN rel r ON r.oid = t.tgrelid
       WHERE (NOT t.tgisinternal OR t.tgparentid <> 0)",
    "r.key FROM pg_catalog.pg_rewrite t JOIN rel r ON r.oid = t.ev_class",
    "<RELATION> + t.refobjid::bigint FROM owned t",
    "r.key FROM members t JOIN rel r ON t.classid = 1259 AND r.oid = t.objid",
    "r.key FROM members t JOIN pg_catalog.pg_trigger g ON t.classid = 2620 AND g.oid = t.objid
       JOIN rel r ON r.oid = g.tgrelid",
    "r.key FROM pg_catalog.pg_description t JOIN rel r ON r.oid = t.objoid
       WHERE t.classoid = 1259",
    "<RELATION> + g.conrelid::bigint FROM pg_catalog.pg_description t
       JOIN pg_catalog.pg_constraint g ON g.oid = t.objoid WHERE t.classoid = 2606 AND g.conrelid <> 0",
    "<RELATION> + g.ev_class::bigint FROM pg_catalog.pg_description t
       JOIN pg_catalog.pg_rewrite g ON g.oid = t.objoid WHERE t.classoid = 2618 AND g.oid >= 16384",
    "<RELATION> + g.tgrelid::bigint FROM pg_catalog.pg_description t
       JOIN pg_catalog.pg_trigger g ON g.oid = t.objoid WHERE t.classoid = 2620",
    "<RELATION> + g.polrelid::bigint FROM pg_catalog.pg_description t
       JOIN pg_catalog.pg_policy g ON g.oid = t.objoid WHERE t.classoid = 3256",
    "<TYPE> + coalesce(e.oid, t.oid)::bigint FROM pg_catalog.pg_type t
       LEFT JOIN pg_catalog.pg_type e ON e.typarray = t.oid
       WHERE t.oid >= 16384 AND t.typnamespace <> 11 AND coalesce(e.typrelid, t.typrelid) = 0",
    "<ROUTINE> + t.oid::bigint FROM pg_catalog.pg_proc t
       WHERE t.oid >= 16384 AND t.pronamespace <> 11",
];

/// Rows that never go alone: with a column goes its default, with a relation all the rest.
const NOT_COUNTED: &[&str] = &[
    "r.key FROM pg_catalog.pg_attribute t JOIN rel r ON r.oid = t.attrelid",
    "r.key FROM pg_catalog.pg_attrdef t JOIN rel r ON r.oid = t.adrelid",
    "r.key FROM pg_catalog.pg_index t JOIN rel r ON r.oid = t.indrelid",
    "r.key FROM pg_catalog.pg_partitioned_table t JOIN rel r ON r.oid = t.partrelid",
    "r.key FROM pg_catalog.pg_sequence t JOIN rel r ON r.oid = t.seqrelid",
    "r.key FROM pg_catalog.pg_foreign_table t JOIN rel r ON r.oid = t.ftrelid",
    "<TYPE> + t.enumtypid::bigint FROM pg_catalog.pg_enum t WHERE t.enumtypid >= 16384",
    "<TYPE> + t.rngtypid::bigint FROM pg_catalog.pg_range t WHERE t.rngtypid >= 16384",
];

/// What several parts of both queries are made of.
const COMMON: &str = "
owned AS MATERIALIZED (
  SELECT d.xmin, d.objid, d.refobjid FROM pg_catalog.pg_sequence s
  JOIN pg_catalog.pg_depend d ON d.classid = 1259 AND d.objid = s.seqrelid AND d.objsubid = 0
    AND d.refclassid = 1259 AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
), members AS MATERIALIZED (
  SELECT d.xmin, d.classid, d.objid FROM pg_catalog.pg_depend d
  WHERE d.refclassid = 3079 AND d.deptype = 'e' AND d.classid IN (1259, 2620)
), rel AS MATERIALIZED (
  SELECT c.oid, <RELATION> + coalesce(o.refobjid, i.indrelid, toasted.oid, c.oid)::bigint AS key,
    c.relkind
  FROM pg_catalog.pg_class c
  LEFT JOIN owned o ON o.objid = c.oid
  LEFT JOIN pg_catalog.pg_class toasted ON toasted.reltoastrelid = c.oid
  LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
  WHERE c.oid >= 16384 AND c.relpersistence <> 't'
    AND NOT (c.relkind = 'i' AND c.relnamespace = 99)
), now AS MATERIALIZED (
  SELECT v.key, count(*) AS mark FROM ({counted}) v (key) GROUP BY 1
), named AS MATERIALIZED (
  SELECT <ROLE> + r.oid::bigint AS key, pg_catalog.hashtextextended(r.rolname::text, 0) AS mark
    FROM pg_catalog.pg_roles r
  UNION ALL SELECT <NAMESPACE> + n.oid::bigint, pg_catalog.hashtextextended(n.nspname::text, 0)
    FROM pg_catalog.pg_namespace n WHERE n.nspname !~ '^pg_(toast_)?temp_'
)";

/// A digest of a relation's name and those of the columns that a foreign key to it may have.
const NAMES: &str = "
  SELECT c.oid, pg_catalog.hashtextextended(pg_catalog.concat_ws(' ', c.relnamespace,
      pg_catalog.quote_ident(c.relname), (SELECT pg_catalog.string_agg(
        a.attnum || pg_catalog.quote_ident(a.attname), ' ' ORDER BY a.attnum)
      FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum IN (
        SELECT pg_catalog.unnest(i.indkey) FROM pg_catalog.pg_index i
        WHERE i.indrelid = c.oid AND i.indisunique))), 0) AS names
  FROM pg_catalog.pg_class c
  WHERE c.relkind IN ('r', 'p') AND c.oid >= 16384 AND {only}";

/// This database, in a query.
const OWN: &str = "(SELECT d.oid FROM pg_catalog.pg_database d
  WHERE d.datname = pg_catalog.current_database())";

/// Whether a row was written by a transaction that had not ended at the beginning of what is asked
/// about. What is older than half of all numbers of transactions looks new.
const IS_NEW: &str = "pg_catalog.age(t.xmin) <= (SELECT h.age FROM horizon h)
  AND t.xmin::text::bigint <> ALL ($2::bigint[])";

/// All rows that count, with a last condition on each.
fn rows(select: &str, also: &str) -> String {
    let base = BASE.iter().map(|(table, only)| match *only {
        "" => format!("0::bigint FROM pg_catalog.{table} t"),
        only => format!("0::bigint FROM pg_catalog.{table} t WHERE ({only})"),
    });
    let more = if also == "true" { &[] } else { NOT_COUNTED };
    let own = COUNTED.iter().chain(more).map(|rows| (*rows).to_owned());
    let all: Vec<String> = base
        .chain(own)
        .map(|rows| match rows.contains(" WHERE ") {
            true => format!("SELECT {select}{rows} AND {also}"),
            false => format!("SELECT {select}{rows} WHERE {also}"),
        })
        .collect();
    all.join("\n  UNION ALL ")
}

/// The number of the oldest transaction that runs, those of rows that are newer, and three arrays:
/// keys, marks and names.
pub(super) fn marks() -> String {
    let newer = rows(
        "t.xmin::text::bigint AS x, ",
        "pg_catalog.age(t.xmin) <= h.age",
    );
    let newer = newer.replace(" WHERE ", ", horizon h WHERE ");
    filled(&format!(
        "WITH {COMMON}, names AS ({NAMES}), every AS (
  SELECT n.key, n.mark, 0::bigint AS names FROM named n
    WHERE n.key >> 32 <> 1260 OR n.key - <ROLE> < 16384
      OR n.key - <ROLE> IN (SELECT s.refobjid::bigint FROM pg_catalog.pg_shdepend s
        WHERE s.refclassid = 1260 AND s.dbid = {OWN})
  UNION ALL SELECT m.key, m.mark, coalesce(n.names, 0) FROM now m
    LEFT JOIN names n ON m.key = <RELATION> + n.oid::bigint
), horizon AS MATERIALIZED (
  SELECT s.x, pg_catalog.age((s.x % 4294967296)::text::xid) AS age
  FROM (SELECT pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot())::text::bigint AS x) s
), newer AS (
  SELECT DISTINCT v.x FROM ({newer}) v
)
SELECT (SELECT h.x FROM horizon h),
  coalesce((SELECT pg_catalog.array_agg(w.x ORDER BY w.x) FROM newer w), '{{}}'),
  pg_catalog.array_agg(e.key ORDER BY e.key), pg_catalog.array_agg(e.mark ORDER BY e.key),
  pg_catalog.array_agg(e.names ORDER BY e.key), {OWN} FROM every e",
    ))
    .replace("{only}", "true")
}

/// Whether everything is to be read, how many relations there are, the keys of what has moved, and
/// those of relations with a foreign key to one that has another name.
pub(super) fn moved() -> String {
    let fresh = rows("", IS_NEW);
    filled(&format!(
        "WITH {COMMON}, was AS MATERIALIZED (
  SELECT v.key, v.mark, v.names
  FROM ROWS FROM (pg_catalog.unnest($3::bigint[]), pg_catalog.unnest($4::bigint[]),
    pg_catalog.unnest($5::bigint[])) AS v (key, mark, names)
), horizon AS MATERIALIZED (
  SELECT pg_catalog.age(($1 % 4294967296)::text::xid) AS age
), fresh AS MATERIALIZED (
  SELECT DISTINCT v.key FROM ({fresh}) v (key)
), changed AS MATERIALIZED (
  SELECT f.key FROM fresh f
  UNION SELECT coalesce(n.key, w.key) FROM now n
    FULL JOIN (SELECT w.key, w.mark FROM was w WHERE w.key >> 32 NOT IN (1260, 2615)) w
      ON w.key = n.key
    WHERE n.mark IS DISTINCT FROM w.mark
), renamed AS MATERIALIZED (
  SELECT n.oid FROM ({NAMES}) n JOIN was w ON w.key = <RELATION> + n.oid::bigint
  WHERE n.names <> w.names
)
SELECT EXISTS (SELECT FROM changed c WHERE c.key = 0)
    OR EXISTS (SELECT FROM was w LEFT JOIN named n ON n.key = w.key
      WHERE w.key >> 32 IN (1260, 2615) AND n.mark IS DISTINCT FROM w.mark)
    OR $6::oid <> {OWN}
    OR pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text::bigint - $1
      NOT BETWEEN 0 AND 2000000000,
  (SELECT count(*) FROM rel r WHERE r.relkind IN ('r', 'p', 'f', 'v', 'm')),
  coalesce((SELECT pg_catalog.array_agg(c.key) FROM changed c), '{{}}'),
  coalesce((SELECT pg_catalog.array_agg(<RELATION> + f.conrelid::bigint)
    FROM pg_catalog.pg_constraint f JOIN renamed r ON r.oid = f.confrelid
    WHERE f.contype = 'f'), '{{}}')",
    ))
    .replace(
        "{only}",
        "c.oid::bigint IN (SELECT m.key & 4294967295 FROM changed m WHERE m.key >> 32 = 1259)",
    )
}

/// The keys of what depends on these relations, types and routines, but for foreign keys.
pub(super) fn dependents() -> String {
    filled(
        "WITH touched (class, oid, of) AS (
  SELECT 1259, r, r FROM pg_catalog.unnest($1::oid[]) r
  UNION ALL SELECT 1259, i.indexrelid, i.indrelid FROM pg_catalog.pg_index i
    WHERE i.indrelid = ANY ($1)
  UNION ALL SELECT 1259, d.objid, d.refobjid FROM pg_catalog.pg_depend d
    WHERE d.refclassid = 1259 AND d.refobjid = ANY ($1) AND d.classid = 1259 AND d.refobjsubid > 0
      AND d.deptype IN ('a', 'i')
  UNION ALL SELECT 1247, t.oid, t.typrelid FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_type t ON t.oid = c.reltype WHERE c.oid = ANY ($1)
  UNION ALL SELECT 1247, t.typarray, t.typrelid FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_type t ON t.oid = c.reltype WHERE c.oid = ANY ($1) AND t.typarray <> 0
  UNION ALL SELECT 2606, k.oid, k.conrelid FROM pg_catalog.pg_constraint k
    WHERE k.conrelid = ANY ($1)
  UNION ALL SELECT 2620, g.oid, g.tgrelid FROM pg_catalog.pg_trigger g
    WHERE g.tgrelid = ANY ($1) AND (NOT g.tgisinternal OR g.tgparentid <> 0)
  UNION ALL SELECT 1247, t, 0 FROM pg_catalog.unnest($2::oid[]) t
  UNION ALL SELECT 1247, t.typarray, 0 FROM pg_catalog.pg_type t
    WHERE t.oid = ANY ($2) AND t.typarray <> 0
  UNION ALL SELECT 1255, p, 0 FROM pg_catalog.unnest($3::oid[]) p
), at AS MATERIALIZED (
  SELECT DISTINCT d.classid AS class, d.objid AS oid, b.of, b.class AS on_class
  FROM touched b
  JOIN pg_catalog.pg_depend d ON d.refclassid = b.class::oid AND d.refobjid = b.oid
)
SELECT <RELATION> + coalesce(i.indrelid, (SELECT s.refobjid FROM pg_catalog.pg_depend s
      WHERE s.classid = 1259 AND s.objid = a.oid AND s.objsubid = 0 AND s.refclassid = 1259
        AND s.refobjsubid > 0 AND s.deptype IN ('a', 'i') LIMIT 1), a.oid)::bigint
  FROM at a JOIN pg_catalog.pg_class c ON c.oid = a.oid AND c.relkind <> 't'
  LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = a.oid WHERE a.class = 1259
UNION SELECT CASE WHEN coalesce(e.typrelid, t.typrelid) <> 0
    THEN <RELATION> + coalesce(e.typrelid, t.typrelid)::bigint
    ELSE <TYPE> + coalesce(e.oid, t.oid)::bigint END
  FROM at a JOIN pg_catalog.pg_type t ON t.oid = a.oid
  LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND e.typarray = t.oid WHERE a.class = 1247
UNION SELECT <ROUTINE> + a.oid::bigint FROM at a WHERE a.class = 1255
UNION SELECT CASE WHEN k.contypid <> 0 THEN <TYPE> + k.contypid::bigint
    ELSE <RELATION> + k.conrelid::bigint END
  FROM at a JOIN pg_catalog.pg_constraint k ON k.oid = a.oid
  WHERE a.class = 2606 AND NOT (k.contype = 'f' AND a.on_class = 1259 AND a.of = k.confrelid)
UNION SELECT <RELATION> + k.adrelid::bigint FROM at a
  JOIN pg_catalog.pg_attrdef k ON k.oid = a.oid WHERE a.class = 2604
UNION SELECT <RELATION> + k.ev_class::bigint FROM at a
  JOIN pg_catalog.pg_rewrite k ON k.oid = a.oid WHERE a.class = 2618
UNION SELECT <RELATION> + k.tgrelid::bigint FROM at a
  JOIN pg_catalog.pg_trigger k ON k.oid = a.oid
  WHERE a.class = 2620 AND (NOT k.tgisinternal OR k.tgparentid <> 0)
UNION SELECT <RELATION> + k.polrelid::bigint FROM at a
  JOIN pg_catalog.pg_policy k ON k.oid = a.oid WHERE a.class = 3256",
    )
}

/// Puts the keys in: the catalog's oid in the upper half of 64 bits, to which an oid is added.
fn filled(sql: &str) -> String {
    let sql = sql.replace("{counted}", &rows("", "true"));
    let classes = [
        ("<RELATION>", class::RELATION),
        ("<TYPE>", class::TYPE),
        ("<ROUTINE>", class::PROC),
        ("<ROLE>", class::AUTHID),
        ("<NAMESPACE>", class::NAMESPACE),
    ];
    classes.iter().fold(sql, |sql, (word, class)| {
        sql.replace(word, &format!("{}::bigint", i64::from(*class) << 32))
    })
}
