//! Whether anything in a catalog has changed, without reading what it holds.
//!
//! The server gives every version of a row the number of the transaction that wrote it, and never
//! changes it afterwards. So long as the numbers of all rows are the ones that were there before,
//! no row has been added, changed or removed: whatever was found out about the database still holds.
//! The opposite isn't true. A rewrite of a table (`TRUNCATE`, `VACUUM FULL`, `REINDEX`) or a
//! temporary one writes rows of the catalog too, and is no change of the schema.
//!
//! Never says what has changed.

use model::quote::literal;
use postgres::GenericClient;

use super::CatalogError;

/// The catalogs whose rows say what a database is. The second of a pair limits a catalog that all
/// databases of a server share to what concerns this one.
const WATCHED: &[(&str, &str)] = &[
    ("pg_aggregate", ""),
    ("pg_am", ""),
    ("pg_amop", ""),
    ("pg_amproc", ""),
    ("pg_attrdef", ""),
    ("pg_attribute", ""),
    ("pg_cast", ""),
    ("pg_class", ""),
    ("pg_collation", ""),
    ("pg_constraint", ""),
    ("pg_conversion", ""),
    ("pg_database", "datname = current_database()"),
    ("pg_default_acl", ""),
    ("pg_depend", ""),
    ("pg_description", ""),
    ("pg_enum", ""),
    ("pg_event_trigger", ""),
    ("pg_extension", ""),
    ("pg_foreign_data_wrapper", ""),
    ("pg_foreign_server", ""),
    ("pg_foreign_table", ""),
    ("pg_index", ""),
    ("pg_inherits", ""),
    ("pg_init_privs", ""),
    ("pg_language", ""),
    ("pg_largeobject_metadata", ""),
    ("pg_namespace", ""),
    ("pg_opclass", ""),
    ("pg_operator", ""),
    ("pg_opfamily", ""),
    ("pg_partitioned_table", ""),
    ("pg_policy", ""),
    ("pg_proc", ""),
    ("pg_publication", ""),
    ("pg_publication_rel", ""),
    ("pg_range", ""),
    ("pg_rewrite", ""),
    ("pg_seclabel", ""),
    ("pg_sequence", ""),
    ("pg_shdescription", ""),
    ("pg_shseclabel", ""),
    ("pg_statistic_ext", ""),
    ("pg_tablespace", ""),
    ("pg_transform", ""),
    ("pg_trigger", ""),
    ("pg_ts_config", ""),
    ("pg_ts_config_map", ""),
    ("pg_ts_dict", ""),
    ("pg_ts_parser", ""),
    ("pg_ts_template", ""),
    ("pg_type", ""),
];

/// Catalogs that came with a later major.
const WATCHED_SINCE: &[(u32, &str)] = &[(15, "pg_parameter_acl"), (15, "pg_publication_namespace")];

/// What not every role may read row by row: compared by what the role does see.
const SEEN: &[(&str, &str)] = &[
    ("pg_user_mappings", "r::text"),
    // The columns that every role may read in every major.
    (
        "pg_subscription",
        "concat_ws(' ', r.subdbid, r.subname, r.subowner, r.subenabled, r.subslotname, \
           r.subpublications)",
    ),
];

/// A value that is the same as long as nothing in the catalog has been changed.
///
/// It costs the server a small part of what reading the catalog costs, and this process nothing. It
/// is of use on this database only: a restored dump of it has another.
///
/// Roles belong to the server. Of those that own something here or may do something, the names
/// count; of those in `roles`, everything.
///
/// The session must not be in a transaction that has changed the catalog itself: what it changes
/// twice counts once.
///
/// # Errors
///
/// [`CatalogError`].
pub fn fingerprint<C: GenericClient>(
    client: &mut C,
    roles: &[String],
) -> Result<String, CatalogError> {
    let version = super::batch::server_version(client)?;
    let messages = client.simple_query(&sql(version, roles))?;
    let text = messages.iter().find_map(|message| match message {
        postgres::SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    let unexpected = || CatalogError::Unexpected {
        what: "fingerprint",
        text: String::new(),
    };
    text.map(str::to_owned).ok_or_else(unexpected)
}

fn sql(version: u32, roles: &[String]) -> String {
    let names: Vec<String> = roles.iter().map(|role| literal(role)).collect();
    let declared = format!(
        "ARRAY(SELECT a.oid FROM pg_catalog.pg_roles a WHERE a.rolname = ANY (ARRAY[{}]::name[]))",
        names.join(", ")
    );
    let own = "(SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())";
    // Few transactions have written most of the rows, so counting them first saves the hashing.
    let watched = |table: &str, condition: &str| {
        let filter = if condition.is_empty() {
            String::new()
        } else {
            format!(" WHERE {condition}")
        };
        format!(
            "SELECT '{table}' AS catalog, count(*)::text || ' ' || \
               coalesce(sum(pg_catalog.hashtextextended(v.x::text, v.n)), 0)::text AS held \
             FROM (SELECT t.xmin AS x, count(*) AS n FROM pg_catalog.{table} t{filter} GROUP BY 1) v"
        )
    };
    let mut parts: Vec<String> = WATCHED.iter().map(|(t, c)| watched(t, c)).collect();
    let since = WATCHED_SINCE.iter().filter(|(m, _)| version >= m * 10_000);
    parts.extend(since.map(|(_, table)| watched(table, "")));
    parts.push(watched(
        "pg_auth_members",
        &format!("t.member = ANY ({declared})"),
    ));
    parts.push(watched(
        "pg_db_role_setting",
        &format!("t.setdatabase = {own} OR t.setdatabase = 0 AND t.setrole = ANY ({declared})"),
    ));
    parts.push(format!(
        "SELECT 'pg_roles', md5(coalesce(string_agg(v.x, ',' ORDER BY v.x COLLATE \"C\"), '')) FROM ( \
           SELECT CASE WHEN r.oid = ANY ({declared}) THEN r::text \
             ELSE concat(r.oid, ' ', r.rolname) END AS x FROM pg_catalog.pg_roles r \
           WHERE r.oid = ANY ({declared}) OR r.oid IN (SELECT s.refobjid \
             FROM pg_catalog.pg_shdepend s WHERE s.dbid = {own} AND s.refclassid = 1260)) v"
    ));
    parts.extend(SEEN.iter().map(|(table, row)| {
        format!(
            "SELECT '{table}', md5(coalesce(string_agg(v.x, ',' ORDER BY v.x COLLATE \"C\"), '')) \
             FROM (SELECT {row} AS x FROM pg_catalog.{table} r) v"
        )
    }));
    format!(
        "SELECT md5(concat_ws(' ', current_setting('server_version_num'), {own}, \
           string_agg(p.catalog || ' ' || p.held, ';' ORDER BY p.catalog))) FROM ({}) p",
        parts.join("\n UNION ALL ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Why a change of these is no change of the schema.
    const LEFT: &[(&str, &str)] = &[
        ("pg_auth_members", "watched for the roles that are named"),
        ("pg_authid", "pg_roles shows it, without its passwords"),
        (
            "pg_db_role_setting",
            "watched for the database and the roles that are named",
        ),
        ("pg_largeobject", "data"),
        ("pg_replication_origin", "where replication stands"),
        (
            "pg_shdepend",
            "follows owners and grants, which are watched",
        ),
        ("pg_statistic", "statistics"),
        ("pg_statistic_ext_data", "statistics"),
        ("pg_subscription", "its readable columns are seen"),
        ("pg_subscription_rel", "where replication stands"),
        ("pg_user_mapping", "pg_user_mappings shows it"),
    ];

    #[test]
    fn no_catalog_is_forgotten() {
        let server = conformance::server::Server::shared();
        let mut client = server.connect().unwrap();
        let query = "SELECT relname::text FROM pg_catalog.pg_class WHERE relkind = 'r' \
            AND relnamespace = 'pg_catalog'::regnamespace ORDER BY 1";
        for row in client.query(query, &[]).unwrap() {
            let name: String = row.get(0);
            let known = WATCHED.iter().any(|(n, _)| *n == name)
                || WATCHED_SINCE.iter().any(|(_, n)| *n == name)
                || LEFT.iter().any(|(n, _)| *n == name);
            assert!(known, "{name} is neither watched nor left out");
        }
    }
}
