//! Names that are taken: by what goes, by what stays, by what comes along; and roles that leave.

use model::schema::{Id, Kind};

use super::{both_ways, refusal, renamed_both_ways};

#[test]
fn a_former_name_counts_only_where_the_new_one_is_free() {
    let faults = refusal(
        "CREATE TABLE refs (price bytea, items date)",
        "CREATE TABLE refs (items bytea)",
        &[(Id::column("public", "refs", "items"), "price")],
    );
    let expected = "column public.refs.items was price, and both are there: if price is to become \
                    refs.items, do away with the present column refs.items in one migration and \
                    rename in the next; if it did so long ago, take `was price` out of the model, \
                    and column price goes";
    assert_eq!(faults, [expected]);
    let table = |name: &str| format!("CREATE TABLE {name} (id integer);");
    let both = table("deals") + &table("offers");
    let faults = refusal(
        &both,
        &table("deals"),
        &[(Id::table("public", "deals"), "offers")],
    );
    assert_eq!(faults.len(), 1);
    // What was renamed long ago is no fault, whatever has the former name now.
    let was = [(Id::table("public", "deals"), "offers")];
    renamed_both_ways(
        &both,
        &format!("{both} COMMENT ON TABLE deals IS 'sold'"),
        &was,
    );
}

#[test]
fn a_key_takes_the_name_of_a_constraint_trigger() {
    let table = |key: &str| {
        format!(
            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
             CREATE TABLE cities (id bigint CONSTRAINT {key} PRIMARY KEY);"
        )
    };
    let trigger = |name: &str| {
        format!(
            "CREATE CONSTRAINT TRIGGER {name} AFTER UPDATE ON cities FOR EACH ROW EXECUTE FUNCTION f()"
        )
    };
    let old = format!("{} {}", table("cities_pkey"), trigger("one"));
    let key = Id::table("public", "cities").within(Kind::Constraint, "one");
    renamed_both_ways(&old, &table("one"), &[(key, "cities_pkey")]);
    // `SET CONSTRAINTS` knows a trigger by its constraint.
    let renamed = Id::table("public", "cities").within(Kind::Trigger, "two");
    let new = format!("{} {}", table("cities_pkey"), trigger("two"));
    let (up, _) = renamed_both_ways(&old, &new, &[(renamed, "one")]);
    assert!(up.contains(&"ALTER TABLE public.cities RENAME CONSTRAINT one TO two".to_owned()));
}

#[test]
fn a_parents_check_takes_the_name_of_a_partitions_key() {
    let made = |check: &str, key: &str| {
        format!(
            "CREATE TABLE users (id bigint {check}) PARTITION BY HASH (id);
             CREATE TABLE users_1 PARTITION OF users FOR VALUES WITH (MODULUS 3, REMAINDER 0);
             ALTER TABLE users_1 ADD CONSTRAINT {key} UNIQUE (id)"
        )
    };
    both_ways(
        &made(", CONSTRAINT deals CHECK (id <> 8)", "label"),
        &made("", "deals"),
    );
}

#[test]
fn a_table_takes_the_name_of_its_own_key() {
    renamed_both_ways(
        "CREATE TABLE totals (id text CONSTRAINT spaces PRIMARY KEY)",
        "CREATE TABLE spaces (id text CONSTRAINT spaces_pkey PRIMARY KEY)",
        &[
            (Id::table("public", "spaces"), "totals"),
            (
                Id::table("public", "spaces").within(Kind::Constraint, "spaces_pkey"),
                "spaces",
            ),
        ],
    );
}

#[test]
fn a_table_moves_where_an_index_has_made_room_and_its_key_gets_another_name() {
    let made = |schema: &str, key: &str, index: &str| {
        format!(
            "CREATE SCHEMA far; CREATE TABLE {schema}.prices (id integer CONSTRAINT {key} PRIMARY KEY,
               n integer, CONSTRAINT events UNIQUE (n));
             CREATE TABLE others (id integer); CREATE INDEX {index} ON others (id)"
        )
    };
    let prices = Id::table("public", "prices");
    let was = [
        (prices.clone(), "far.prices"),
        (prices.within(Kind::Constraint, "notes"), "prices_pkey"),
        (
            Id::table("public", "others").within(Kind::Index, "mixed"),
            "events",
        ),
    ];
    renamed_both_ways(
        &made("far", "prices_pkey", "events"),
        &made("public", "notes", "mixed"),
        &was,
    );
}

#[test]
fn an_index_that_goes_gives_way_to_a_type_that_stays() {
    let made = |place: &str, index: &str| {
        format!(
            "CREATE SCHEMA far; CREATE TYPE clients AS (a text);
             CREATE TABLE {place}.tags (id integer, client clients); {index}"
        )
    };
    let (up, _) = renamed_both_ways(
        &made("far", "CREATE INDEX clients ON far.tags (id)"),
        &made("public", ""),
        &[(Id::table("public", "tags"), "far.tags")],
    );
    assert!(up.iter().all(|sql| !sql.contains("TYPE")), "{up:?}");
}

#[test]
fn a_column_gets_a_name_that_an_heir_which_goes_has_from_another_parent() {
    let made = |column: &str| {
        format!("CREATE TABLE events ({column} uuid); CREATE TABLE owners (id uuid);")
    };
    renamed_both_ways(
        &format!(
            "{} CREATE TABLE heirs () INHERITS (events, owners)",
            made("ref")
        ),
        &made("id"),
        &[(Id::column("public", "events", "id"), "ref")],
    );
}

#[test]
fn an_operator_goes_by_its_types_new_name() {
    let made = |domain: &str| {
        format!(
            "CREATE DOMAIN {domain} AS uuid;
             CREATE FUNCTION same({domain}, {domain}) RETURNS boolean LANGUAGE sql AS 'SELECT true';
             CREATE OPERATOR <~> (FUNCTION = same, LEFTARG = {domain}, RIGHTARG = {domain})"
        )
    };
    let domain = Id::in_schema(Kind::Domain, "public", "labels");
    renamed_both_ways(&made("prices"), &made("labels"), &[(domain, "prices")]);
}

#[test]
fn a_role_goes_that_default_privileges_let_in() {
    let made = |role: &str| {
        format!(
            "CREATE ROLE {role}; ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO {role};
             ALTER DEFAULT PRIVILEGES GRANT USAGE ON TYPES TO {role};"
        )
    };
    let old = made("ways_leaving");
    let new = made("ways_coming")
        + "CREATE TYPE spans AS RANGE (subtype = numeric); CREATE EXTENSION citext;";
    both_ways(&old, &new);
}

#[test]
fn a_view_has_its_new_owner_before_another_is_filled_from_it() {
    let made = |owner: &str, filled: &str| {
        format!(
            "CREATE ROLE ways_stranger; CREATE TABLE kinds (id integer);
             CREATE VIEW all_kinds AS SELECT id FROM kinds; ALTER VIEW all_kinds OWNER TO {owner};
             {filled}"
        )
    };
    both_ways(
        &made("ways_stranger", ""),
        &made(
            "postgres",
            "CREATE MATERIALIZED VIEW filled AS SELECT id FROM all_kinds",
        ),
    );
}
