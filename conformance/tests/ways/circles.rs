//! Objects that need one another: made and dropped all the same, or refused with the reason.

use super::{both_ways, refusal};

#[test]
fn a_default_calls_what_reads_its_table() {
    let made = "CREATE TABLE seats (id int);
                CREATE FUNCTION next_seat() RETURNS int LANGUAGE sql
                BEGIN ATOMIC SELECT max(id) + 1 FROM seats; END;
                ALTER TABLE seats ALTER id SET DEFAULT next_seat();";
    let (up, down) = both_ways("", made);
    assert_eq!(
        up.first().map(String::as_str),
        Some("CREATE TABLE public.seats (\n  id integer\n)")
    );
    let freed = "ALTER TABLE public.seats ALTER COLUMN id DROP DEFAULT";
    assert_eq!(down.first().map(String::as_str), Some(freed));
    // The table is there already, and its column only now takes the default.
    both_ways("CREATE TABLE seats (id int)", made);
    // The function takes rows of the table, and says nothing of what it reads.
    both_ways(
        "",
        "CREATE TABLE seats (id int);
         CREATE FUNCTION next_seat(seats) RETURNS int LANGUAGE sql AS 'SELECT 1';
         ALTER TABLE seats ALTER id SET DEFAULT next_seat(NULL);",
    );
}

#[test]
fn a_check_calls_what_takes_rows_of_its_table() {
    both_ways(
        "",
        "CREATE TABLE seats (id int);
         CREATE FUNCTION fits(seats) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
         ALTER TABLE seats ADD CONSTRAINT fits CHECK (fits(seats.*))",
    );
}

#[test]
fn functions_call_each_other() {
    let function = |name: &str, body: &str| {
        format!(
            "CREATE OR REPLACE FUNCTION {name}(n int) RETURNS boolean LANGUAGE sql
             RETURN CASE WHEN n = 0 THEN {body} END;"
        )
    };
    let first = function("is_even", "true");
    let all = first.clone()
        + &function("is_odd", "is_even(n - 1)")
        + &function("is_even", "is_odd(n - 1)");
    let (up, down) = both_ways("", &all);
    assert_eq!((up.len(), down.len()), (3, 3), "{up:#?} {down:#?}");
    both_ways(&first, &all);
}

#[test]
fn a_function_lets_go_of_a_column_that_goes_before_another_changes() {
    let made = |column: &str, not_null: &str, read: &str| {
        format!(
            "CREATE TABLE seats (id int {not_null} {column});
             CREATE FUNCTION total() RETURNS bigint LANGUAGE sql
             BEGIN ATOMIC SELECT count({read}) FROM seats; END"
        )
    };
    let (up, _) = both_ways(
        &made(
            ", double int GENERATED ALWAYS AS (id * 2) STORED",
            "NOT NULL",
            "double",
        ),
        &made("", "", "id"),
    );
    assert!(up[0].ends_with("AS $$$$"), "{up:#?}");
}

#[test]
fn a_view_calls_what_reads_it() {
    both_ways(
        "",
        "CREATE TABLE seats (id int);
         CREATE FUNCTION total() RETURNS bigint LANGUAGE sql RETURN 0;
         CREATE VIEW all_seats AS SELECT id, total() AS total FROM seats;
         CREATE OR REPLACE FUNCTION total() RETURNS bigint LANGUAGE sql
         RETURN (SELECT count(*) FROM all_seats);",
    );
}

#[test]
fn views_that_only_one_another_could_be_made_from_are_refused() {
    let made = "CREATE VIEW one AS SELECT 1 AS n; CREATE VIEW two AS SELECT n FROM one;
                CREATE OR REPLACE VIEW one AS SELECT n FROM two";
    assert_eq!(
        refusal("", made, &[]),
        [
            "view public.one and view two need one another, so that PostgreSQL makes none of them \
          first: take what one needs of the other into a third, or write them as a raw block"
        ]
    );
    assert_eq!(refusal(made, "", &[]).len(), 1);
}
