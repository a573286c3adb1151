//! The functions that judge scalars whose rule is no simple comparison. Only those that are called
//! are made.

use std::collections::BTreeSet;

use super::super::{function, node};
use crate::quote::qualified;
use crate::schema::{Id, Kind, Name, Node, Object, Parallel, Volatility};

/// What a number, or a string's text, may hold.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scalar {
    Double,
    Date,
    Timestamp,
    Timestamptz,
}

impl Scalar {
    fn name(self) -> &'static str {
        match self {
            Scalar::Double => "json_double_is_valid",
            Scalar::Date => "json_date_is_valid",
            Scalar::Timestamp => "json_timestamp_is_valid",
            Scalar::Timestamptz => "json_timestamptz_is_valid",
        }
    }

    /// Its function.
    pub(super) fn id(self, schema: &Name) -> Id {
        Id::new(Kind::Function, schema.clone(), self.name(), self.argument())
    }

    fn argument(self) -> &'static str {
        match self {
            Scalar::Double => "jsonb",
            Scalar::Date | Scalar::Timestamp | Scalar::Timestamptz => "text",
        }
    }

    /// A call of its function.
    pub(super) fn call(self, schema: &Name, argument: &str) -> String {
        format!("{}({argument})", qualified(schema, self.name()))
    }

    /// The one that its function calls.
    fn within(self) -> Option<Scalar> {
        match self {
            Scalar::Double | Scalar::Date => None,
            Scalar::Timestamp => Some(Scalar::Date),
            Scalar::Timestamptz => Some(Scalar::Timestamp),
        }
    }

    fn body(self, schema: &Name) -> String {
        match self {
            // What is less is rounded to the greatest double or below, what is not to infinity.
            Scalar::Double => "
  select case
    when jsonb_typeof(value) = 'number' then
      abs(value::numeric) < 2::numeric ^ 1024 - 2::numeric ^ 970
    else false
  end
"
            .to_owned(),
            // Whatever would fail on another text stands inside the CASE.
            Scalar::Date => "
  select case
    when value ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'
      and left(value, 4) <> '0000' then
      right(value, 2)::integer <= extract(day from
        make_date(left(value, 4)::integer, substr(value, 6, 2)::integer, 1)
        + interval '1 month - 1 day')
    else false
  end
"
            .to_owned(),
            Scalar::Timestamp => format!(
                "
  select value ~ '^.{{10}}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{{1,9}})?$'
    and {}
",
                Scalar::Date.call(schema, "left(value, 10)")
            ),
            Scalar::Timestamptz => format!(
                "
  select value ~ '(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$'
    and {}
",
                Scalar::Timestamp.call(
                    schema,
                    "regexp_replace(value, '(Z|[+-][0-9]{2}:[0-9]{2})$', '')"
                )
            ),
        }
    }

    fn says(self) -> &'static str {
        match self {
            Scalar::Double => "Whether a value is a number in the range of double precision.",
            Scalar::Date => "Whether a text is a day that exists, as YYYY-MM-DD.",
            Scalar::Timestamp => {
                "Whether a text is a date and time without an offset, as YYYY-MM-DDTHH:MM:SS."
            }
            Scalar::Timestamptz => "Whether a text is a time of RFC 3339 with its offset.",
        }
    }
}

/// The functions of those that are called, and of those that they call.
pub(super) fn functions(called: &BTreeSet<Scalar>, schema: &Name, source: &Id) -> Vec<Node> {
    let mut wanted = BTreeSet::new();
    for scalar in called {
        wanted.extend(std::iter::successors(Some(*scalar), |scalar| {
            scalar.within()
        }));
    }
    let made = wanted.into_iter().map(|scalar| {
        let argument = format!("value {}", scalar.argument());
        let body = scalar.body(schema);
        let (id, mut routine) = function(scalar.id(schema), &argument, "boolean", "sql", body);
        routine.volatility = Volatility::Immutable;
        routine.parallel = Parallel::Safe;
        let mut made = node(id, Object::Routine(routine), source);
        made.comment = Some(scalar.says().into());
        made.needs
            .extend(scalar.within().map(|scalar| scalar.id(schema)));
        made
    });
    made.collect()
}
