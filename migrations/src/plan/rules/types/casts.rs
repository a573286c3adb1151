//! What turning a column of one type into another takes, and what it may lose.
//!
//! The table follows `pg_cast` and `varchar`'s and `numeric`'s support functions. Where it is
//! silent the way leads by text, which PostgreSQL always accepts and may refuse row by row.

use model::Schema;
use model::schema::{Id, Kind, Type};

/// How values of one type become values of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::plan::rules) enum Cast {
    /// Nothing is rewritten.
    Free,
    /// By itself, with what may be lost.
    Assignment {
        /// What happens to values that don't fit.
        loses: Option<&'static str>,
    },
    /// By an explicit cast.
    Explicit,
    /// By way of text.
    ByText,
}

/// The cast from one type to another.
pub(in crate::plan::rules) fn between(schema: &Schema, from: &Type, to: &Type) -> Cast {
    if from.array != to.array {
        return if !to.array && is_text(to) {
            Cast::Assignment { loses: None }
        } else {
            Cast::ByText
        };
    }
    if from.array {
        // An array follows its elements, but is always written anew.
        return match between(schema, &from.element(), &to.element()) {
            Cast::Free => Cast::Free,
            Cast::Assignment { .. } => Cast::Assignment { loses: None },
            Cast::Explicit => Cast::Explicit,
            Cast::ByText => Cast::ByText,
        };
    }
    let from = &underneath(schema, from);
    if from == to {
        return Cast::Free;
    }
    if to.schema.is_some() || from.schema.is_some() {
        return match (is_text(from), is_text(to)) {
            (_, true) => Cast::Assignment { loses: None },
            (true, false) => Cast::Explicit,
            (false, false) => Cast::ByText,
        };
    }
    builtin(from, to)
}

/// Which values the server refuses on the way from one type to the other, where that is known.
pub(in crate::plan::rules) fn refuses(schema: &Schema, from: &Type, to: &Type) -> Option<String> {
    let (from, to) = (&underneath(schema, from).element(), &to.element());
    let bits = |ty: &Type| ty.is("bit varying");
    let limited = to.is("character varying") || to.is("character") || bits(to);
    if limited && to.modifiers.is_some() && (is_text(from) || bits(from)) {
        let longer = length(from) > length(to);
        let unit = if bits(to) { "bits" } else { "characters" };
        return longer.then(|| format!("longer than {} {unit}", length(to)));
    }
    let whole = |ty: &Type| ty.number().filter(|width| *width < 3);
    match (whole(from), whole(to), from.number()) {
        (Some(wide), Some(narrow), _) if wide <= narrow => None,
        (_, Some(_), Some(_)) => Some(format!("outside the range of {}", to.name)),
        _ => match (precision_and_scale(from), precision_and_scale(to)) {
            (Some((p, s)), Some((q, t))) if to.is("numeric") && p - s > q - t => {
                Some(format!("of more than {} digits before the point", q - t))
            }
            (None, Some((q, t))) if to.is("numeric") && from.number().is_some() => {
                Some(format!("of more than {} digits before the point", q - t))
            }
            _ => None,
        },
    }
}

/// A domain's values are its base type's.
fn underneath(schema: &Schema, ty: &Type) -> Type {
    let domain = ty.schema.as_ref().and_then(|s| {
        let id = Id::in_schema(Kind::Domain, s.clone(), ty.name.clone());
        schema.get(&id)?.object.as_domain()
    });
    domain.map_or_else(|| ty.clone(), |domain| domain.base.clone())
}

fn is_text(ty: &Type) -> bool {
    ty.is("text") || ty.is("character varying") || ty.is("character")
}

fn length(ty: &Type) -> u64 {
    ty.modifiers
        .as_ref()
        .and_then(|m| m.parse().ok())
        .unwrap_or(u64::MAX)
}

fn precision_and_scale(ty: &Type) -> Option<(i64, i64)> {
    let modifiers = ty.modifiers.as_ref()?;
    let (precision, scale) = modifiers.split_once(',').unwrap_or((modifiers, "0"));
    Some((precision.trim().parse().ok()?, scale.trim().parse().ok()?))
}

fn builtin(from: &Type, to: &Type) -> Cast {
    let plain = Cast::Assignment { loses: None };
    let loses = |what| Cast::Assignment { loses: Some(what) };
    if from.name == to.name {
        return match to.name.as_str() {
            "character varying" | "bit varying" if length(to) >= length(from) => Cast::Free,
            "numeric" => match (precision_and_scale(from), precision_and_scale(to)) {
                (_, None) => Cast::Free,
                (Some((p, s)), Some((q, t))) if s == t && q >= p => Cast::Free,
                (Some((_, s)), Some((_, t))) if t >= s => plain,
                (_, Some(_)) => loses("digits after the point are rounded away"),
            },
            name if name.starts_with("time") => {
                let digits = |ty: &Type| {
                    if ty.modifiers.is_none() {
                        6
                    } else {
                        length(ty)
                    }
                };
                if digits(to) >= digits(from) {
                    Cast::Free
                } else {
                    loses("fractions of a second are rounded away")
                }
            }
            _ => plain,
        };
    }
    match (from.name.as_str(), to.name.as_str()) {
        ("character varying", "text") => Cast::Free,
        ("text", "character varying") if to.modifiers.is_none() => Cast::Free,
        ("cidr", "inet") => Cast::Free,
        _ if is_text(to) => plain,
        _ if is_text(from) => Cast::Explicit,
        ("double precision", "real") => loses("digits are rounded away"),
        ("numeric" | "real" | "double precision", "smallint" | "integer" | "bigint") => {
            loses("digits after the point are rounded away")
        }
        ("numeric", "real" | "double precision") => loses("digits are rounded away"),
        (_, "numeric") if from.number().is_some() && precision_and_scale(to).is_some() => {
            if from.number() < Some(3) {
                plain
            } else {
                loses("digits are rounded away")
            }
        }
        _ if from.number().is_some() && to.number().is_some() => plain,
        ("timestamp with time zone", "date") | ("timestamp without time zone", "date") => {
            loses("the time of day is cut off")
        }
        ("timestamp with time zone" | "timestamp without time zone", "time without time zone")
        | ("timestamp with time zone", "time with time zone") => loses("the day is cut off"),
        ("timestamp with time zone", "timestamp without time zone") => {
            loses("the offset is cut off, as the session's time zone has it,")
        }
        ("timestamp without time zone" | "date", "timestamp with time zone")
        | ("date", "timestamp without time zone")
        | ("time without time zone", "time with time zone" | "interval")
        | ("json", "jsonb")
        | ("jsonb", "json") => plain,
        ("inet", "cidr") => loses("the host part is cut off"),
        ("bit", "bit varying") | ("bit varying", "bit") => plain,
        ("boolean", "integer") | ("integer", "boolean") => Cast::Explicit,
        ("integer" | "bigint" | "smallint", "oid") | ("oid", "integer" | "bigint") => plain,
        ("jsonb", "boolean" | "numeric" | "smallint" | "integer" | "bigint" | "real") => {
            Cast::Explicit
        }
        ("jsonb", "double precision") => Cast::Explicit,
        _ => Cast::ByText,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cast(from: Type, to: Type) -> Cast {
        between(&Schema::default(), &from, &to)
    }

    #[test]
    fn wider_is_free_and_narrower_is_not() {
        let varchar = |n: &str| Type::builtin("character varying").with_modifiers(n);
        assert_eq!(cast(varchar("10"), varchar("20")), Cast::Free);
        assert_eq!(
            cast(varchar("20"), varchar("10")),
            Cast::Assignment { loses: None }
        );
        assert_eq!(cast(varchar("20"), Type::builtin("text")), Cast::Free);
    }

    #[test]
    fn what_does_not_fit_is_said() {
        let refused = |a: Type, b: Type| refuses(&Schema::default(), &a, &b);
        let varchar = |n: &str| Type::builtin("character varying").with_modifiers(n);
        let longer = Some("longer than 10 characters".to_owned());
        assert_eq!(refused(varchar("20"), varchar("10")), longer);
        assert_eq!(refused(Type::builtin("text"), varchar("10")), longer);
        assert_eq!(refused(varchar("10"), varchar("20")), None);
        assert_eq!(
            refused(Type::builtin("bigint"), Type::builtin("integer")),
            Some("outside the range of integer".to_owned())
        );
        assert_eq!(
            refused(Type::builtin("integer"), Type::builtin("bigint")),
            None
        );
        assert_eq!(
            refused(
                Type::builtin("numeric").with_modifiers("12,2"),
                Type::builtin("numeric").with_modifiers("8,2")
            ),
            Some("of more than 6 digits before the point".to_owned())
        );
    }

    #[test]
    fn what_has_no_cast_goes_by_text() {
        assert_eq!(
            cast(Type::builtin("integer"), Type::builtin("uuid")),
            Cast::ByText
        );
        assert_eq!(
            cast(Type::builtin("text"), Type::builtin("uuid")),
            Cast::Explicit
        );
    }
}
