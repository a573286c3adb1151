//! Objects of a shape: fields, tags and other keys, behind the `then` of a CASE.

use super::reader::Reader;
use super::shape::{Conditions, Value, as_text, field_of, operand};
use crate::print::unescaped;
use crate::quote::literal;
use crate::schema::{Field, Name, Presence, ShapeType, UnknownKeys};

impl Conditions<'_> {
    /// Behind `then`.
    pub(super) fn object(&mut self, value: &Value) -> Option<ShapeType> {
        let start = self.text.at;
        if let Some(ty) = self.entries_of(value) {
            return Some(ShapeType::Map(Box::new(ty)));
        }
        self.text.at = start;
        if self.text.eat(&["case"]) && self.eat("", value, "->") {
            return self.tagged(value);
        }
        self.text.at = start;
        self.entries(value, None)
    }

    fn tagged(&mut self, value: &Value) -> Option<ShapeType> {
        let tag = Name::from(&*self.text.string()?);
        let mut variants = Vec::new();
        while self.text.eat(&["when"]) {
            let label = unescaped(&self.text.string()?)?.into();
            self.text.expect("then")?;
            let mut rest = operand(value);
            rest.extend(["-".to_owned(), literal(&tag)]);
            let start = self.text.at;
            let named = self.call(&rest).and_then(|f| self.called.get(&f));
            let ty = match named {
                Some(id) => ShapeType::Shape(id.schema.clone(), id.name.clone()),
                None => {
                    self.text.at = start;
                    self.entries(value, Some(&tag))?
                }
            };
            variants.push((label, ty));
        }
        self.text.expect("else false end")?;
        Some(ShapeType::Tagged { tag, variants })
    }

    /// The fields of an object, and what is said of its other keys.
    fn entries(&mut self, value: &Value, tag: Option<&Name>) -> Option<ShapeType> {
        if self.text.eat(&["true"]) {
            let (fields, unknown) = (Vec::new(), UnknownKeys::Kept);
            return Some(ShapeType::Object { fields, unknown });
        }
        let mut required: Vec<Name> = Vec::new();
        let mut more = true;
        if self.eat("", value, "?& array [") {
            let keys = self.text.strings()?;
            required.extend(keys.iter().map(|key| Name::from(&**key)));
            self.text.expect("]")?;
            more = self.text.eat(&["and"]);
        } else if self.eat("", value, "?") {
            required.push(Name::from(&*self.text.string()?));
            more = self.text.eat(&["and"]);
        }
        let mut fields: Vec<Field> = Vec::new();
        let mut unknown = UnknownKeys::Kept;
        let mut keys: Option<Vec<Name>> = None;
        while more {
            if let Some((all, rest)) = self.other_keys(value) {
                (keys, unknown) = (Some(all), rest);
            } else {
                fields.push(self.field(value, &required)?);
            }
            more = self.text.eat(&["and"]);
        }
        // Of a field that holds anything, nothing but its key is said.
        let order = keys.unwrap_or_else(|| {
            let said = fields.iter().map(|f| f.name.clone());
            let silent = required
                .iter()
                .filter(|k| !fields.iter().any(|f| f.name == **k));
            said.chain(silent.cloned()).collect()
        });
        let all = order.into_iter().filter(|key| Some(key) != tag).map(|key| {
            let said = fields.iter().find(|field| field.name == key);
            said.cloned()
                .unwrap_or_else(|| field(&key, ShapeType::Any, required.contains(&key)))
        });
        Some(ShapeType::Object {
            fields: all.collect(),
            unknown,
        })
    }

    /// The last condition of an object: its keys, and what others hold.
    fn other_keys(&mut self, value: &Value) -> Option<(Vec<Name>, UnknownKeys)> {
        let start = self.text.at;
        let found = self.refused(value).or_else(|| {
            self.text.at = start;
            self.text.expect("not exists ( select from jsonb_each (")?;
            let keys = self.without(value)?;
            self.text.expect(") as")?;
            let ty = self.each("( key , value )")?;
            Some((keys, UnknownKeys::Typed(Box::new(ty))))
        });
        if found.is_none() {
            self.text.at = start;
        }
        found
    }

    fn refused(&mut self, value: &Value) -> Option<(Vec<Name>, UnknownKeys)> {
        let keys = self.without(value)?;
        self.text.expect("= '{}'")?;
        Some((keys, UnknownKeys::Refused))
    }

    /// The value less its keys.
    fn without(&mut self, value: &Value) -> Option<Vec<Name>> {
        let mut keys = Vec::new();
        if self.eat("", &operand(value), "- array [") {
            keys = self.text.strings()?;
            self.text.expect("]")?;
        } else if self.eat("", &operand(value), "-") {
            keys.push(self.text.string()?);
        } else {
            self.eat("", value, "").then_some(())?;
        }
        Some(keys.iter().map(|key| Name::from(&**key)).collect())
    }

    fn field(&mut self, value: &Value, required: &[Name]) -> Option<Field> {
        let key = self.key(value)?;
        let inner = field_of(value, &key);
        if required.contains(&key) {
            return Some(field(&key, self.all(&inner)?, true));
        }
        let enclosed = self.text.eat(&["("]);
        let absent = self.eat("coalesce (", &inner, ", 'null' ) = 'null' or")
            || self.eat("", &as_text(&inner), "is null or");
        absent.then_some(())?;
        let ty = self.any(&inner)?;
        if enclosed {
            self.text.expect(")")?;
        }
        Some(field(&key, ty, false))
    }

    /// The key of the field that the next condition is about.
    fn key(&self, value: &Value) -> Option<Name> {
        let words = self.text.rest();
        let value: Vec<&str> = value.iter().map(String::as_str).collect();
        let place = words.windows(value.len() + 2).find(|next| {
            next[..value.len()] == value[..] && matches!(next[value.len()], "->" | "->>")
        })?;
        let key = Reader {
            words: vec![place[value.len() + 1]],
            at: 0,
        }
        .string()?;
        Some(Name::from(&*key))
    }
}

fn field(name: &Name, ty: ShapeType, required: bool) -> Field {
    Field {
        name: name.clone(),
        ty,
        presence: match required {
            true => Presence::Required,
            false => Presence::Optional,
        },
        doc: None,
        was: None,
        default: None,
    }
}
