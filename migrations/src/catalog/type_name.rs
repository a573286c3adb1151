//! Types as `format_type` prints them → [`Type`].
//!
//! Never knows an alias: the server has already replaced it by the canonical name.

use model::schema::{Name, Type};

use super::text::{after_parentheses, dotted_name};

/// The type that `format_type` printed with nothing of the user's on the `search_path`.
///
/// A text that isn't in that form becomes a built-in type of that name, which the server refuses.
///
/// ```
/// use migrations::catalog::parse_type;
/// use model::schema::Type;
/// let ty = parse_type("timestamp(3) with time zone[]");
/// assert_eq!(ty, Type::builtin("timestamp with time zone").with_modifiers("3").array_of());
/// assert_eq!(parse_type("public.\"dealStage\""), Type::user("public", "dealStage"));
/// assert_eq!(parse_type("\"char\""), Type::builtin("\"char\""));
/// ```
pub fn parse_type(text: &str) -> Type {
    let (element, array) = match text.strip_suffix("[]") {
        Some(element) => (element, true),
        None => (text, false),
    };
    let (names, rest) = dotted_name(element);
    let ty = match <[String; 2]>::try_from(names) {
        Ok([schema, name]) => Type {
            schema: Some(Name::from(schema)),
            name: Name::from(name),
            modifiers: modifiers(rest).map(|(inside, _)| inside),
            array,
        },
        Err(_) => builtin(element, array),
    };
    // Only the outermost brackets are an array's; PostgreSQL prints one pair.
    match ty.name.strip_suffix("[]") {
        Some(name) => Type {
            name: Name::from(name),
            ..ty
        },
        None => ty,
    }
}

fn builtin(element: &str, array: bool) -> Type {
    let open = if element.starts_with('"') {
        None
    } else {
        element.find('(')
    };
    let (name, inside) = match open {
        Some(open) => match modifiers(&element[open..]) {
            Some((inside, rest)) => (format!("{}{rest}", &element[..open]), Some(inside)),
            None => (element.to_owned(), None),
        },
        None => (element.to_owned(), None),
    };
    Type {
        schema: None,
        name: Name::from(name),
        modifiers: inside,
        array,
    }
}

/// What is between the parentheses at the start, without blanks, and what follows them.
fn modifiers(text: &str) -> Option<(Name, &str)> {
    if !text.starts_with('(') {
        return None;
    }
    let end = after_parentheses(text, 0);
    let inside: String = text[1..end - 1].chars().filter(|c| *c != ' ').collect();
    Some((Name::from(inside), &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::quote::type_name;

    #[test]
    fn every_form_comes_back_as_it_was_printed() {
        for text in [
            "integer",
            "character varying(255)[]",
            "numeric(10,2)",
            "timestamp(3) with time zone",
            "time(0) without time zone[]",
            "interval day to second(3)",
            "interval(3)",
            "interval year to month",
            "bit varying(3)",
            "\"char\"",
            "\"char\"[]",
            "public.\"dealStage\"[]",
            "\"My Schema\".\"a.b\"",
            "extensions.geometry(Point,4326)",
            "double precision",
        ] {
            assert_eq!(type_name(&parse_type(text)), text);
        }
    }
}
