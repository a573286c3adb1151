//! Text as rustfmt leaves it: widths, wrapping, and the order of names. It knows nothing of what
//! the text means.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// The widest line.
pub(super) const WIDTH: usize = 100;
/// The widest list of an attribute's arguments on one line (rustfmt's `attr_fn_like_width`).
const ATTRIBUTE_WIDTH: usize = 70;

/// `#[pilaster(…)]`; none where there are no arguments. `indent` is that of its line.
pub(super) fn attribute(args: &[String], indent: usize) -> Option<String> {
    if args.is_empty() {
        return None;
    }
    let list = args.join(", ");
    let line = format!("#[pilaster({list})]");
    let fits = match args {
        // One argument may fill the line, and a path is never broken.
        [arg] => width(&line) + indent <= WIDTH || !arg.ends_with('"'),
        _ => width(&list) <= ATTRIBUTE_WIDTH,
    };
    if fits {
        return Some(line);
    }
    let blank = " ".repeat(indent);
    let lines: Vec<String> = args.iter().map(|arg| format!("{blank}    {arg}")).collect();
    Some(format!("#[pilaster(\n{}\n{blank})]", lines.join(",\n")))
}

/// A public field of a struct; its type stands on a line of its own where one is too narrow.
pub(super) fn field(name: &str, ty: &str) -> String {
    let line = format!("pub {name}: {ty},");
    if width(&line) + 4 <= WIDTH {
        line
    } else {
        format!("pub {name}:\n        {ty},")
    }
}

/// Documentation as `///` lines; nothing for an empty text.
///
/// Lists and code are kept such that neither rustdoc nor clippy stumbles: a line that continues a
/// list item is indented, and a block of code is never compiled.
pub(super) fn docs(text: &str) -> Vec<String> {
    let (mut lines, mut in_item, mut in_code) = (Vec::new(), false, false);
    for line in text.trim().lines() {
        let line = line.trim_end();
        let bare = line.trim_start();
        if let Some(language) = bare.strip_prefix("```") {
            let opens = !in_code;
            in_code = !in_code;
            let language = if opens && language.is_empty() {
                "text"
            } else {
                language
            };
            lines.push(format!("/// ```{language}"));
            continue;
        }
        if in_code {
            lines.push(format!("/// {line}").trim_end().to_owned());
            continue;
        }
        let item = ["- ", "* ", "+ "].iter().any(|mark| bare.starts_with(mark));
        in_item = item || (in_item && !bare.is_empty());
        let indent = if in_item && !item { "  " } else { "" };
        lines.push(
            format!("/// {indent}{}", bare.replace('\t', " "))
                .trim_end()
                .to_owned(),
        );
    }
    if in_code {
        lines.push("/// ```".to_owned());
    }
    lines
}

/// A string literal.
pub(super) fn literal(text: &str) -> String {
    format!("{text:?}")
}

/// `use` declarations of full paths, in rustfmt's groups and order, each after that word: `pub `.
pub(super) fn uses(word: &str, paths: &BTreeSet<String>) -> Vec<String> {
    let mut modules: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for path in paths {
        if let Some((module, name)) = path.rsplit_once("::") {
            modules.entry(module).or_default().push(name);
        }
    }
    let mut groups: BTreeMap<u8, Vec<(&str, Vec<&str>)>> = BTreeMap::new();
    for (module, mut names) in modules {
        names.sort_by(|a, b| version_order(a, b));
        let group = match module {
            "super" => 2,
            _ if module.starts_with("std::") => 0,
            _ => 1,
        };
        groups.entry(group).or_default().push((module, names));
    }
    let mut lines = Vec::new();
    for (_, mut group) in groups {
        // A list in braces comes after what is deeper in the same module.
        group.sort_by_key(|(module, names)| {
            (names.len() > 1 && !module.contains("::"), module.to_owned())
        });
        lines.extend(
            group
                .iter()
                .map(|(module, names)| import(word, module, names)),
        );
        lines.push(String::new());
    }
    lines
}

/// One `use` declaration.
fn import(word: &str, module: &str, names: &[&str]) -> String {
    if let [name] = names {
        return format!("{word}use {module}::{name};");
    }
    let line = format!("{word}use {module}::{{{}}};", names.join(", "));
    // rustfmt counts the end of a list twice.
    if width(&line) + 2 <= WIDTH {
        return line;
    }
    let mut text = format!("{word}use {module}::{{\n   ");
    let mut column = 3;
    for name in names {
        if column + 2 + width(name) > WIDTH {
            text.push_str("\n   ");
            column = 3;
        }
        text.push_str(&format!(" {name},"));
        column += 2 + width(name);
    }
    text + "\n};"
}

/// The order of the 2024 style: numbers by value, an underscore before everything else.
pub(super) fn version_order(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.chars().peekable(), b.chars().peekable());
    loop {
        match (a.peek().copied(), b.peek().copied()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(x), Some(y)) if x.is_ascii_digit() && y.is_ascii_digit() => {
                let number = |chars: &mut std::iter::Peekable<std::str::Chars>| {
                    let mut digits = String::new();
                    while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                        digits.push(digit);
                    }
                    digits
                };
                let (x, y) = (number(&mut a), number(&mut b));
                let (p, q) = (x.trim_start_matches('0'), y.trim_start_matches('0'));
                let order = p.len().cmp(&q.len()).then_with(|| p.cmp(q));
                // Of equal numbers, the one with more zeros is first.
                let order = order.then_with(|| y.len().cmp(&x.len()));
                if order.is_ne() {
                    return order;
                }
            }
            (Some(x), Some(y)) if x == y => {
                a.next();
                b.next();
            }
            (Some('_'), _) => return Ordering::Less,
            (_, Some('_')) => return Ordering::Greater,
            (Some(x), Some(y)) => return x.cmp(&y),
        }
    }
}

/// Columns a text takes; rustfmt counts characters for what names can hold.
fn width(text: &str) -> usize {
    text.chars().count()
}
