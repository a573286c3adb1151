//! One schema with everything the emitters tell apart.

use model::schema::*;
use model::{Id, Kind, Name};

use super::build::*;

pub(crate) fn schema() -> Schema {
    let mut build = Build::default();
    let labels = |labels: &[&str]| labels.iter().map(|l| (*l).into()).collect();
    build.node(
        Id::in_schema(Kind::Enum, "public", "mood"),
        Object::Enum(Enum {
            labels: labels(&["calm", "in-a-hurry", "2nd thoughts"]),
        }),
        "How a client feels.\n\n- calm: none\n  at all\n- the rest",
    );
    build.node(
        Id::in_schema(Kind::Enum, "public", "deal_stage"),
        Object::Enum(Enum {
            labels: labels(&["inquiry", "closed"]),
        }),
        "",
    );
    build.node(
        Id::in_schema(Kind::Domain, "public", "email"),
        Object::Domain(Domain {
            base: Type::builtin("text"),
            not_null: false,
            default: None,
            collation: None,
            checks: Vec::new(),
        }),
        "",
    );
    build.node(
        Id::in_schema(Kind::Range, "public", "price_range"),
        Object::Range(Range {
            subtype: Type::builtin("numeric"),
            operator_class: None,
            collation: None,
            canonical: None,
            subtype_diff: None,
            multirange: "price_multirange".into(),
        }),
        "",
    );
    deals(&mut build);
    values(&mut build);
    shapes(&mut build);
    build.finish()
}

fn deals(build: &mut Build) {
    let identity = Identity::new(
        IdentityMode::Always,
        SequenceOptions::default_for(&Type::builtin("bigint")),
    );
    build
        .table("deals", "One client's search for a space.")
        .column(
            "deals",
            "id",
            Column {
                identity: Some(Box::new(identity)),
                ..column("bigint")
            },
            "",
        )
        .column(
            "deals",
            "seeker_email",
            column("public.email"),
            "Where the client is reached.",
        )
        .column("deals", "from", column("character varying(255)"), "")
        .column("deals", "type", column("text?"), "")
        .column("deals", "dealSize", with_default("integer", "1"), "")
        .column(
            "deals",
            "ai_generated",
            with_default("boolean?", "false"),
            "",
        )
        .column(
            "deals",
            "stage",
            with_default("character varying(50)", "'inquiry'"),
            "",
        )
        .column("deals", "mood", column("public.mood"), "")
        .column(
            "deals",
            "requirements",
            documents("jsonb", shape("Requirements")),
            "",
        )
        .column(
            "deals",
            "versions",
            documents("jsonb?", array(shape("Version"))),
            "",
        )
        .column(
            "deals",
            "events",
            documents("jsonb", array(shape("Event"))),
            "",
        )
        .column(
            "deals",
            "validation",
            documents(
                "jsonb?",
                object(UnknownKeys::Refused, vec![("ok", ShapeType::Boolean)]),
            ),
            "",
        )
        .column(
            "deals",
            "created_at",
            with_default("timestamp with time zone", "now()"),
            "",
        )
        .primary_key("deals", &["id"])
        .check(
            "deals",
            "deals_stage_check",
            "stage IN ('inquiry', 'touring', 'closed')",
        );
    let key = ForeignKey {
        columns: vec!["deal_id".into()],
        target: Id::table("public", "deals"),
        target_columns: vec!["id".into()],
        on_delete: ForeignKeyAction::NoAction,
        on_update: ForeignKeyAction::NoAction,
        delete_columns: Vec::new(),
        matching: MatchKind::Simple,
        period: false,
    };
    build
        .table("deal_tags", "")
        .column("deal_tags", "deal_id", column("bigint"), "")
        .column("deal_tags", "tag", column("text"), "")
        .constraint(
            "deal_tags",
            "deal_tags_deal_id_fkey",
            ConstraintBody::ForeignKey(key),
        )
        .primary_key("deal_tags", &["deal_id", "tag"]);
    build
        .table("log", "")
        .column("log", "at", with_default("date", "current_date"), "");
    let generated = Generated {
        expr: Expr::new("1"),
        kind: GeneratedKind::Stored,
    };
    build.column(
        "log",
        "one",
        Column {
            generated: Some(Box::new(generated)),
            ..column("integer?")
        },
        "",
    );
}

/// A column of every type.
fn values(build: &mut Build) {
    build.table("values", "");
    for (name, ty) in VALUES {
        build.column("values", name, column(&format!("{ty}?")), "");
    }
    let generated = with_default("uuid", "gen_random_uuid()");
    build
        .column("values", "key", generated, "")
        .primary_key("values", &["key"]);
}

pub(crate) const VALUES: &[(&str, &str)] = &[
    ("boolean", "boolean"),
    ("small", "smallint"),
    ("normal", "integer"),
    ("big", "bigint"),
    ("single", "real"),
    ("double", "double precision"),
    ("exact", "numeric"),
    ("priced", "numeric(10,2)"),
    ("words", "text"),
    ("letters", "character(3)"),
    ("bytes", "bytea"),
    ("unique_id", "uuid"),
    ("day", "date"),
    ("local", "timestamp without time zone"),
    ("instant", "timestamp with time zone"),
    ("clock", "time without time zone"),
    ("zoned_clock", "time with time zone"),
    ("span", "interval"),
    ("document", "jsonb"),
    ("document_text", "json"),
    ("host", "inet"),
    ("network", "cidr"),
    ("mac", "macaddr"),
    ("mac8", "macaddr8"),
    ("flags", "bit(5)"),
    ("more_flags", "bit varying"),
    ("place", "point"),
    ("days", "daterange"),
    ("moments", "tstzrange"),
    ("counts", "int4range"),
    ("many_counts", "int4multirange"),
    ("amounts", "nummultirange"),
    ("prices", "public.price_range"),
    ("many_prices", "public.price_multirange"),
    ("tags", "text[]"),
    ("exacts", "numeric[]"),
    ("moods", "public.mood[]"),
    ("emails", "public.email[]"),
    ("search", "tsvector"),
    ("searches", "tsvector[]"),
    ("position", "pg_lsn"),
];

fn shapes(build: &mut Build) {
    use ShapeType::*;
    let typed = |ty: ShapeType| UnknownKeys::Typed(Box::new(ty));
    let requirements = object(
        typed(Boolean),
        vec![("dogFriendly?", Boolean), ("location?", text())],
    );
    build.shape(
        "Requirements",
        requirements,
        "What a client asks for; varies.",
    );
    let parking = object(
        UnknownKeys::Refused,
        vec![
            ("type?", text()),
            ("costMonthly?", Numeric),
            ("sizes", array(Double)),
        ],
    );
    let lookup = object(
        UnknownKeys::Refused,
        vec![("question", text()), ("value?", Any)],
    );
    let literal = |text: &str| Literal(text.into());
    let limited = Text {
        min_length: Some(1),
        max_length: Some(80),
        pattern: None,
    };
    let version = object(
        UnknownKeys::Refused,
        vec![
            (
                "version",
                Integer {
                    bits: 16,
                    min: Some(0),
                    max: Some(3),
                },
            ),
            ("format", literal("\"v1\"")),
            ("prompt", Nullable(Box::new(limited))),
            ("createdAt", Timestamptz),
            ("day?", Date),
            ("local?", Timestamp),
            ("key?", Uuid),
            (
                "mood?",
                DatabaseEnum(Name::from("public"), Name::from("mood")),
            ),
            ("parking?", parking),
            ("dataLookups", array(lookup)),
            ("status", Enum(vec!["passed".into(), "in_doubt".into()])),
            (
                "limits",
                Map(Box::new(Integer {
                    bits: 64,
                    min: None,
                    max: None,
                })),
            ),
            ("parent?", shape("Version")),
            ("children", array(shape("Version"))),
            ("size", Union(vec![integer(), text(), array(integer())])),
        ],
    );
    build.shape("Version", version, "");
    let created = object(UnknownKeys::Refused, vec![("by", text())]);
    let event = Tagged {
        tag: Name::from("type"),
        variants: vec![
            ("created".into(), created),
            ("versioned".into(), shape("Version")),
        ],
    };
    build.shape("Event", event, "What happened to a deal.");
    build.shape(
        "Note",
        object(UnknownKeys::Kept, vec![("text", text())]),
        "",
    );
    build.shape("Notes", array(shape("Note")), "");
}
