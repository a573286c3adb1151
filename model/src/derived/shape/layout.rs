//! Conditions as SQL text: on one line where they fit, over several where not.
//!
//! It knows SQL's precedence and nothing of shapes.

/// The width of a line.
const WIDTH: usize = 100;

/// A condition that is never null.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    /// `true`.
    True,
    /// A comparison, a call: what needs no parentheses beside AND and OR.
    Plain(String),
    /// `jsonb_typeof(…) = '…'`.
    Type(String, &'static str),
    /// A comparison with a list: what stands before it, its items, what stands behind.
    List(String, Vec<String>, &'static str),
    /// All hold.
    All(Vec<Condition>),
    /// One holds.
    Any(Vec<Condition>),
    /// False where the value is not of the type, and else the condition, which is then evaluated
    /// only on values of the type: the sides of AND are evaluated in any order.
    Guard(String, &'static str, Box<Condition>),
    /// By the value of an expression; false for any other.
    Switch(String, Vec<(String, Condition)>),
    /// All rows of FROM hold.
    Each(String, Box<Condition>),
}

use Condition::{All, Any, Each, Guard, List, Plain, Switch, True, Type};

impl Condition {
    /// All of several, of which none need be.
    pub(super) fn all(conditions: impl IntoIterator<Item = Condition>) -> Self {
        Condition::flat(conditions, All, |condition| match condition {
            True => Ok(Vec::new()),
            All(inner) => Ok(inner),
            other => Err(other),
        })
    }

    /// Any of several.
    pub(super) fn any(conditions: Vec<Condition>) -> Self {
        if conditions.contains(&True) {
            return True;
        }
        Condition::flat(conditions, Any, |condition| match condition {
            Any(inner) => Ok(inner),
            other => Err(other),
        })
    }

    fn flat(
        conditions: impl IntoIterator<Item = Condition>,
        many: fn(Vec<Condition>) -> Condition,
        open: fn(Condition) -> Result<Vec<Condition>, Condition>,
    ) -> Self {
        let mut flat = Vec::new();
        for condition in conditions {
            match open(condition) {
                Ok(inner) => flat.extend(inner),
                Err(one) => flat.push(one),
            }
        }
        match flat.len() {
            0 => True,
            1 => flat.remove(0),
            _ => many(flat),
        }
    }

    /// The text behind a word, on a line that is indented by `indent`.
    pub(super) fn layout(&self, word: &str, indent: usize) -> String {
        // `and` and `or` stand further in than the word; a CASE ends below it.
        let indent = match self {
            All(_) | Any(_) => indent + 1,
            _ => indent,
        };
        format!("{word}{}", self.behind(word.len(), indent))
    }

    /// The text, `taken` characters behind the beginning of a line that is indented by `indent`.
    fn behind(&self, taken: usize, indent: usize) -> String {
        let line = self.line();
        match indent * 2 + taken + line.chars().count() <= WIDTH && !self.is_tall() {
            true => line,
            false => self.lines(indent),
        }
    }

    /// Whether it reads better over several lines, however short.
    fn is_tall(&self) -> bool {
        match self {
            True | Plain(_) | Type(..) | List(..) => false,
            Switch(..) => true,
            All(inner) | Any(inner) => inner.iter().any(Condition::is_tall),
            Guard(_, _, inner) | Each(_, inner) => inner.is_tall() || inner.has_guard(),
        }
    }

    fn has_guard(&self) -> bool {
        match self {
            True | Plain(_) | Type(..) | List(..) => false,
            Switch(..) | Guard(..) => true,
            All(inner) | Any(inner) => inner.iter().any(Condition::has_guard),
            Each(_, inner) => inner.has_guard(),
        }
    }

    fn line(&self) -> String {
        match self {
            True => "true".to_owned(),
            Plain(sql) => sql.clone(),
            Type(value, kind) => format!("jsonb_typeof({value}) = '{kind}'"),
            List(before, items, behind) => format!("{before}{}{behind}", items.join(", ")),
            All(inner) => {
                let inner: Vec<String> = inner.iter().map(Condition::within_all).collect();
                inner.join(" and ")
            }
            Any(inner) => {
                let inner: Vec<String> = inner.iter().map(Condition::within_any).collect();
                inner.join(" or ")
            }
            Guard(value, kind, inner) => format!(
                "case when jsonb_typeof({value}) = '{kind}' then {} else false end",
                inner.line()
            ),
            Switch(value, cases) => {
                let cases = cases.iter().map(|(label, then)| {
                    let then = then.line();
                    format!("when {label} then {then} ")
                });
                let cases: String = cases.collect();
                format!("case {value} {cases}else false end")
            }
            Each(from, inner) => format!(
                "not exists (select from {from} where {})",
                inner.negated_line()
            ),
        }
    }

    fn within_all(&self) -> String {
        match self {
            Any(_) => format!("({})", self.line()),
            _ => self.line(),
        }
    }

    /// SQL needs no parentheses around AND within OR; people do.
    fn within_any(&self) -> String {
        match self {
            All(_) => format!("({})", self.line()),
            _ => self.line(),
        }
    }

    fn negated_line(&self) -> String {
        match self {
            Type(value, kind) => format!("jsonb_typeof({value}) <> '{kind}'"),
            Plain(sql) if sql.ends_with(')') && !sql.contains(' ') => format!("not {sql}"),
            _ => format!("not ({})", self.line()),
        }
    }

    fn lines(&self, indent: usize) -> String {
        let pad = "  ".repeat(indent);
        match self {
            True | Plain(_) | Type(..) => self.line(),
            List(before, items, behind) => {
                let mut text = before.trim_end().to_owned();
                let mut width = WIDTH;
                for (at, item) in items.iter().enumerate() {
                    let comma = if at + 1 < items.len() { "," } else { "" };
                    let needed = item.chars().count() + comma.len() + 1;
                    if width + needed > WIDTH {
                        text += &format!("\n{pad}  ");
                        width = pad.len() + 2;
                    } else {
                        text.push(' ');
                    }
                    width += needed;
                    text += item;
                    text += comma;
                }
                format!("{text}\n{pad}{behind}")
            }
            All(inner) => {
                let inner = inner.iter().enumerate().map(|(at, condition)| {
                    let taken = if at == 0 { 0 } else { "and ".len() };
                    condition.enclosed(matches!(condition, Any(_)), taken, indent)
                });
                inner.collect::<Vec<_>>().join(&format!("\n{pad}and "))
            }
            Any(inner) => {
                let inner = inner.iter().enumerate().map(|(at, condition)| {
                    let taken = if at == 0 { 0 } else { "or ".len() };
                    condition.enclosed(matches!(condition, All(_)), taken, indent)
                });
                inner.collect::<Vec<_>>().join(&format!("\n{pad}or "))
            }
            Guard(value, kind, inner) => {
                let inner = inner.behind(0, indent + 2);
                format!(
                    "case\n{pad}  when jsonb_typeof({value}) = '{kind}' then\n{pad}    {inner}\n\
                     {pad}  else false\n{pad}end"
                )
            }
            Switch(value, cases) => {
                let cases = cases.iter().map(|(label, then)| {
                    let then = then.behind(0, indent + 2);
                    format!("\n{pad}  when {label} then\n{pad}    {then}")
                });
                let cases: String = cases.collect();
                format!("case {value}{cases}\n{pad}  else false\n{pad}end")
            }
            Each(from, inner) => {
                let line = inner.negated_line();
                let wide = (indent + 1) * 2 + "where ".len() + line.chars().count() > WIDTH;
                let inner = match wide || inner.is_tall() {
                    true => format!("not {}", inner.enclosed(true, 4, indent + 1)),
                    false => line,
                };
                format!("not exists (\n{pad}  select from {from}\n{pad}  where {inner}\n{pad})")
            }
        }
    }

    /// In parentheses where they are wanted; over several lines, these stand apart.
    fn enclosed(&self, parentheses: bool, taken: usize, indent: usize) -> String {
        if !parentheses {
            return self.behind(taken, indent);
        }
        let line = self.line();
        if indent * 2 + taken + line.chars().count() + 2 <= WIDTH && !self.is_tall() {
            return format!("({line})");
        }
        let pad = "  ".repeat(indent);
        format!("(\n{pad}  {}\n{pad})", self.behind(0, indent + 1))
    }
}
