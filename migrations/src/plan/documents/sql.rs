//! A lift as SQL: an expression over a value, and the function it stands in.
//!
//! What it is done to twice is as it is done to once, so that a document that somebody wrote in the
//! new shape meanwhile stays as it is.

use std::sync::Arc;

use model::quote::{literal, qualified};
use model::schema::{Id, Name};

use super::lift::{Keys, Lift};

/// `CREATE FUNCTION` of what lifts a document.
pub(super) fn function(id: &Id, lift: &Lift, named: &dyn Fn(usize) -> Id) -> String {
    let mut writer = Writer { named, depth: 0 };
    let body = writer.value(lift, "value", 1);
    let name = qualified(&id.schema, &id.name);
    let body = model::quote::dollar(&format!("\nbegin\n  return {body};\nend\n"));
    format!(
        "CREATE FUNCTION {name}(value jsonb)\nRETURNS jsonb\nLANGUAGE plpgsql\nIMMUTABLE\nAS {body}"
    )
}

struct Writer<'a> {
    named: &'a dyn Fn(usize) -> Id,
    /// How many items of arrays and entries of maps are around.
    depth: usize,
}

impl Writer<'_> {
    fn value(&mut self, lift: &Lift, value: &str, indent: usize) -> String {
        match lift {
            Lift::Keep => value.to_owned(),
            Lift::Call(place) => {
                let id = (self.named)(*place);
                format!("{}({value})", qualified(&id.schema, &id.name))
            }
            Lift::Object(keys) => {
                let inner = self.keys(keys, value, indent + 1);
                of_kind("object", value, &inner, indent)
            }
            Lift::Items(inner) => {
                let item = self.numbered("item");
                let inner = self.deeper(inner, &format!("{item}.value"), indent + 2);
                let pad = "  ".repeat(indent + 1);
                let query = format!(
                    "(select coalesce(jsonb_agg({inner} order by {item}.n), '[]')\n\
                     {pad}from jsonb_array_elements({value}) with ordinality as {item} (value, n))"
                );
                of_kind("array", value, &query, indent)
            }
            Lift::Entries(inner) => {
                let entry = self.numbered("entry");
                let inner = self.deeper(inner, &format!("{entry}.value"), indent + 2);
                let pad = "  ".repeat(indent + 1);
                let query = format!(
                    "(select coalesce(jsonb_object_agg({entry}.key, {inner}), '{{}}')\n\
                     {pad}from jsonb_each({value}) as {entry} (key, value))"
                );
                of_kind("object", value, &query, indent)
            }
            Lift::Tagged(tag, cases) => {
                let pad = "  ".repeat(indent);
                let mut sql = format!("case {value} ->> {}", literal(tag));
                for (label, inner) in cases {
                    let inner = self.value(inner, value, indent + 1);
                    sql += &format!("\n{pad}  when {} then {inner}", literal(label));
                }
                sql + &format!("\n{pad}  else {value}\n{pad}end")
            }
            Lift::IntoArray(inner) => {
                let inner = self.value(inner, value, indent + 1);
                unless(
                    "array",
                    value,
                    &format!("jsonb_build_array({inner})"),
                    indent,
                )
            }
            Lift::IntoObject(name, inner, defaults) => {
                let inner = self.value(inner, value, indent + 1);
                let object = format!("jsonb_build_object({}, {inner})", literal(name));
                let object = match defaults.is_empty() {
                    true => object,
                    false => format!("{} || {object}", filled(defaults)),
                };
                unless("object", value, &object, indent)
            }
            Lift::FirstOf(inner) => {
                let inner = self.value(inner, &format!("{value} -> 0"), indent + 1);
                let first = format!("coalesce({inner}, {value})");
                of_kind("array", value, &first, indent)
            }
            Lift::FieldOf(name, inner) => {
                let field = format!("{value} -> {}", literal(name));
                let inner = self.value(inner, &field, indent + 1);
                let field = format!("coalesce({inner}, {value})");
                of_kind("object", value, &field, indent)
            }
        }
    }

    fn deeper(&mut self, lift: &Lift, value: &str, indent: usize) -> String {
        self.depth += 1;
        let sql = self.value(lift, value, indent);
        self.depth -= 1;
        sql
    }

    fn numbered(&self, name: &str) -> String {
        match self.depth {
            0 => name.to_owned(),
            n => format!("{name}{}", n + 1),
        }
    }

    fn keys(&mut self, keys: &Keys, value: &str, indent: usize) -> String {
        let renamed = keys.renamed.iter().map(|(was, ..)| was);
        let gone: Vec<String> = keys
            .gone
            .iter()
            .chain(renamed)
            .map(|k| literal(k))
            .collect();
        let operand = match value.contains(' ') {
            true => format!("({value})"),
            false => value.to_owned(),
        };
        let mut parts = Vec::new();
        if !keys.missing.is_empty() {
            // What is there already counts.
            parts.push(filled(&keys.missing));
        }
        parts.push(match &gone[..] {
            [] => operand,
            [one] => format!("({operand} - {one})"),
            _ => format!("({operand} - array[{}])", gone.join(", ")),
        });
        let pad = "  ".repeat(indent + 1);
        for (was, is, lift) in &keys.renamed {
            let inner = self.value(lift, &format!("{value} -> {}", literal(was)), indent + 1);
            let (was, is) = (literal(was), literal(is));
            parts.push(format!(
                "case\n\
                 {pad}  when not {value} ? {was} then '{{}}'\n\
                 {pad}  when {value} ? {is} then jsonb_build_object({was}, {value} -> {was})\n\
                 {pad}  else jsonb_build_object({is}, {inner})\n\
                 {pad}end"
            ));
        }
        for (key, lift) in &keys.changed {
            let key = literal(key);
            let inner = self.value(lift, &format!("{value} -> {key}"), indent + 1);
            parts.push(format!(
                "case when {value} ? {key} then jsonb_build_object({key}, {inner}) else '{{}}' end"
            ));
        }
        for (was, is, default) in &keys.null {
            let was = literal(was);
            let object = filled(&[(is.clone(), default.clone())]);
            parts.push(format!(
                "case when {value} -> {was} = 'null' then {object} else '{{}}' end"
            ));
        }
        parts.join(&format!("\n{}|| ", "  ".repeat(indent)))
    }
}

/// The value where it is of another kind.
fn of_kind(kind: &str, value: &str, then: &str, indent: usize) -> String {
    let pad = "  ".repeat(indent);
    format!(
        "case jsonb_typeof({value})\n{pad}  when '{kind}' then {then}\n{pad}  else {value}\n{pad}end"
    )
}

/// The value where it is of that kind already, or null.
fn unless(kind: &str, value: &str, otherwise: &str, indent: usize) -> String {
    let pad = "  ".repeat(indent);
    format!(
        "case\n{pad}  when jsonb_typeof({value}) in ('{kind}', 'null') then {value}\n\
         {pad}  else {otherwise}\n{pad}end"
    )
}

/// An object of defaults, which are JSON already.
fn filled(defaults: &[(Name, Arc<str>)]) -> String {
    let key = |name: &Name| serde_json::Value::String(name.to_string()).to_string();
    let fields = defaults
        .iter()
        .map(|(name, json)| format!("{}: {json}", key(name)));
    let fields: Vec<String> = fields.collect();
    format!("{}::jsonb", literal(&format!("{{{}}}", fields.join(", "))))
}
