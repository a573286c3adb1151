//! Unique and foreign keys.

use conformance::Family;

use super::common::{holds, holds_of, modelled};

#[test]
fn unique_keys() {
    holds(
        Family::Unique,
        "CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b int NOT NULL, open boolean NOT NULL, \
         UNIQUE (a, b)); CREATE UNIQUE INDEX one_open ON t (a) WHERE open",
        &[
            (
                "ALTER TABLE t DROP CONSTRAINT t_a_b_key",
                &["t: t_a_b_key (a, b) refuses the same key twice"],
            ),
            (
                "DROP INDEX one_open",
                &["t: one_open (a) refuses the same key twice"],
            ),
            (
                "DROP INDEX one_open; CREATE UNIQUE INDEX one_open ON t (a) WHERE NOT open",
                &[
                    "t: one_open (a) accepts the same key where its predicate is false",
                    "t: one_open (a) refuses the same key twice",
                ],
            ),
            (
                "ALTER TABLE t DROP CONSTRAINT t_a_b_key, ADD CONSTRAINT t_a_b_key UNIQUE (a)",
                &[
                    "t: one_open (a) accepts the same key where its predicate is false",
                    "t: t_a_b_key (a, b) accepts a key that differs in b alone",
                ],
            ),
        ],
    );
}

/// Each part of a key counts, also where it is an expression, and where expressions share columns.
#[test]
fn unique_keys_over_expressions() {
    holds(
        Family::Unique,
        "CREATE TABLE people (id uuid PRIMARY KEY, agency uuid NOT NULL, UNIQUE (id, agency)); \
         CREATE TABLE mails (id uuid PRIMARY KEY, agency uuid NOT NULL, email text, \
         status text NOT NULL CHECK (status IN ('new', 'gone'))); \
         CREATE UNIQUE INDEX address ON mails (agency, lower(email)) WHERE status <> 'gone'; \
         CREATE TABLE pairs (id uuid PRIMARY KEY, agency uuid NOT NULL, a uuid NOT NULL, b uuid NOT NULL, \
         CHECK (a <> b), FOREIGN KEY (a, agency) REFERENCES people (id, agency), \
         FOREIGN KEY (b, agency) REFERENCES people (id, agency)); \
         CREATE UNIQUE INDEX once ON pairs (least(a, b), greatest(a, b))",
        &[
            (
                "DROP INDEX once; CREATE UNIQUE INDEX once ON pairs (least(a, b))",
                &[
                    "pairs: once (a, b) accepts a key that differs in (GREATEST(a, b)) alone",
                    "pairs: once (a, b) accepts a key that differs in (LEAST(a, b)) alone",
                ],
            ),
            (
                "DROP INDEX once; CREATE UNIQUE INDEX once ON pairs (greatest(a, b))",
                &[
                    "pairs: once (a, b) accepts a key that differs in (GREATEST(a, b)) alone",
                    "pairs: once (a, b) accepts a key that differs in (LEAST(a, b)) alone",
                ],
            ),
            (
                "DROP INDEX once",
                &["pairs: once (a, b) refuses the same key twice"],
            ),
            (
                "DROP INDEX address; CREATE UNIQUE INDEX address ON mails (agency, lower(email))",
                &[
                    "mails: address (agency, email) accepts the same key where its predicate is false",
                ],
            ),
            (
                "DROP INDEX address; CREATE UNIQUE INDEX address ON mails (agency) WHERE status <> 'gone'",
                &[
                    "mails: address (agency, email) accepts a key that differs in (lower(email)) alone",
                ],
            ),
        ],
    );
}

#[test]
fn keys_over_few_values_and_references_to_oneself() {
    holds(
        Family::Unique,
        "CREATE TYPE side AS ENUM ('left', 'right'); \
         CREATE TABLE t (side side PRIMARY KEY, flag boolean UNIQUE); \
         CREATE TABLE node (id int PRIMARY KEY, root int NOT NULL REFERENCES node); \
         CREATE TABLE token (hash bytea PRIMARY KEY CHECK (octet_length(hash) = 32))",
        &[],
    );
}

#[test]
fn a_table_of_one_row_that_others_refer_to() {
    holds(
        Family::Unique,
        "CREATE TABLE place (region text PRIMARY KEY, alone boolean NOT NULL DEFAULT true UNIQUE, \
           CONSTRAINT place_is_one_row CHECK (alone)); \
         CREATE TABLE lamp (place text NOT NULL); CREATE UNIQUE INDEX one_lamp ON lamp ((true)); \
         CREATE TABLE client (id int PRIMARY KEY, region text NOT NULL REFERENCES place, \
           code text NOT NULL UNIQUE)",
        &[
            (
                "ALTER TABLE place DROP CONSTRAINT place_alone_key",
                &["place: place_alone_key (alone) refuses the same key twice"],
            ),
            (
                "DROP INDEX one_lamp",
                &["lamp: one_lamp () refuses the same key twice"],
            ),
            (
                "ALTER TABLE client DROP CONSTRAINT client_region_fkey",
                &[
                    "client: client_region_fkey refuses an orphan",
                    "client: client_region_fkey refuses to change a key that has children",
                    "client: client_region_fkey refuses to delete a parent with children",
                ],
            ),
        ],
    );
}

#[test]
fn foreign_keys_and_their_actions() {
    let sql = "CREATE TABLE p (id int PRIMARY KEY); \
         CREATE TABLE c (id int PRIMARY KEY, p_id int CONSTRAINT c_p REFERENCES p ON DELETE CASCADE)";
    let again = |actions: &str| {
        format!(
            "ALTER TABLE c DROP CONSTRAINT c_p, \
             ADD CONSTRAINT c_p FOREIGN KEY (p_id) REFERENCES p {actions}"
        )
    };
    holds(
        Family::ForeignKey,
        sql,
        &[
            (
                "ALTER TABLE c DROP CONSTRAINT c_p",
                &[
                    "c: c_p deletes the children with their parent",
                    "c: c_p refuses an orphan",
                    "c: c_p refuses to change a key that has children",
                ],
            ),
            (
                &again("ON DELETE SET NULL"),
                &["c: c_p deletes the children with their parent"],
            ),
            (
                &again(""),
                &["c: c_p deletes the children with their parent"],
            ),
            (
                &again("ON DELETE CASCADE ON UPDATE CASCADE"),
                &["c: c_p refuses to change a key that has children"],
            ),
        ],
    );
}

/// An identity that is always generated changes to the next of its sequence, and to nothing else.
#[test]
fn foreign_keys_to_what_is_always_generated() {
    let again = |actions: &str| {
        format!(
            "ALTER TABLE c DROP CONSTRAINT c_p, \
             ADD CONSTRAINT c_p FOREIGN KEY (p_id) REFERENCES p {actions}"
        )
    };
    let key = "CREATE TABLE p (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY); \
         CREATE TABLE c (id int PRIMARY KEY, p_id bigint CONSTRAINT c_p REFERENCES p";
    let refuses = "c: c_p refuses to change a key that has children";
    holds(
        Family::ForeignKey,
        &format!("{key})"),
        &[
            (&again("ON UPDATE CASCADE"), &[refuses]),
            (&again("ON UPDATE SET NULL"), &[refuses]),
        ],
    );
    let changes = "c: c_p changes the children with their parent's key";
    holds(
        Family::ForeignKey,
        &format!("{key} ON UPDATE CASCADE)"),
        &[
            (&again(""), &[changes]),
            (&again("ON UPDATE SET NULL"), &[changes]),
        ],
    );
}

/// The rows of another's table go and change too, on a server that is the suite's own.
#[test]
fn foreign_keys_to_the_table_of_somebody_else() {
    let (schema, own) = modelled(
        "external table auth.users { id uuid primary key }\n\
         table people { id uuid primary key references auth.users on delete cascade }",
    );
    let script =
        format!("CREATE SCHEMA auth; CREATE TABLE auth.users (id uuid PRIMARY KEY); {own}");
    let again = |actions: &str| {
        format!(
            "ALTER TABLE people DROP CONSTRAINT people_id_fkey, \
             ADD CONSTRAINT people_id_fkey FOREIGN KEY (id) REFERENCES auth.users {actions}"
        )
    };
    let deletes = "people: people_id_fkey deletes the children with their parent";
    let refuses = "people: people_id_fkey refuses to change a key that has children";
    holds_of(
        Family::ForeignKey,
        &schema,
        &script,
        &[
            (&again(""), &[deletes]),
            (&again("ON DELETE SET NULL"), &[deletes]),
            (&again("ON DELETE CASCADE ON UPDATE CASCADE"), &[refuses]),
        ],
    );
    let checks = conformance::checks(&schema);
    let altering = |check: &&conformance::Check| [deletes, refuses].contains(&&*check.name);
    assert!(
        checks
            .iter()
            .filter(altering)
            .all(conformance::Check::alters)
    );
}

#[test]
fn composite_overlapping_and_circular_foreign_keys() {
    holds(
        Family::ForeignKey,
        "CREATE TABLE tenant (id int PRIMARY KEY); \
         CREATE TABLE a (tenant int REFERENCES tenant, id int, kind text, PRIMARY KEY (tenant, id), \
           UNIQUE (id, kind)); \
         CREATE TABLE b (tenant int REFERENCES tenant, id int, PRIMARY KEY (tenant, id)); \
         CREATE TABLE ab (tenant int, a int, b int, PRIMARY KEY (tenant, a, b), \
           FOREIGN KEY (tenant, a) REFERENCES a, FOREIGN KEY (tenant, b) REFERENCES b); \
         CREATE TABLE detail (id int PRIMARY KEY, kind text NOT NULL CHECK (kind = 'flight'), \
           FOREIGN KEY (id, kind) REFERENCES a (id, kind)); \
         CREATE TABLE x (id int PRIMARY KEY, y int); \
         CREATE TABLE y (id int PRIMARY KEY, x int NOT NULL REFERENCES x); \
         ALTER TABLE x ADD FOREIGN KEY (y) REFERENCES y",
        &[],
    );
}
