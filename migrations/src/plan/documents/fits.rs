//! Whether every document of one shape is one of another, told from the shapes alone.
//!
//! A yes is certain; a no means that it can't be told, and the server is asked about the rows.

use model::schema::{Field, Id, Presence, ShapeType, UnknownKeys};
use rustc_hash::FxHashSet;

use super::side::{Side, without_null};

/// Pairs of shapes, the old one first.
pub(super) type PairOf = (Id, Id);

/// Compares, and remembers what it found.
pub(super) struct Fits<'a> {
    pub(super) old: Side<'a>,
    pub(super) new: Side<'a>,
    /// Pairs that fit as far as was looked: a shape that holds itself is met within itself.
    assumed: FxHashSet<PairOf>,
    /// The same in the order in which they were met.
    trail: Vec<PairOf>,
    refuted: FxHashSet<PairOf>,
}

impl<'a> Fits<'a> {
    pub(super) fn new(old: Side<'a>, new: Side<'a>) -> Self {
        Fits {
            old,
            new,
            assumed: FxHashSet::default(),
            trail: Vec::new(),
            refuted: FxHashSet::default(),
        }
    }

    /// Whether every value that the old type accepts is accepted by the new one.
    pub(super) fn fits(&mut self, old: &ShapeType, new: &ShapeType) -> bool {
        use ShapeType as T;
        match (old, new) {
            (_, T::Any) => true,
            (_, T::Shape(schema, name)) if !self.new.judges(schema, name) => true,
            (T::Shape(schema, name), _) if !self.old.judges(schema, name) => false,
            (T::Shape(..), T::Shape(..)) => self.shapes(old, new),
            (T::Shape(..), _) => self.old.behind(old).is_some_and(|old| self.fits(old, new)),
            (T::Nullable(inner), _) => self.new.accepts_null(new) && self.fits(inner, new),
            (T::Union(members), _) => members.iter().all(|member| self.fits(member, new)),
            (_, T::Shape(..)) => self.new.behind(new).is_some_and(|new| self.fits(old, new)),
            (T::Literal(text), T::Nullable(_)) if &**text == "null" => true,
            (_, T::Nullable(inner)) => self.fits(old, inner),
            (_, T::Union(members)) => members.iter().any(|member| self.fits(old, member)),
            (T::Array { items, .. }, T::Array { items: to, .. }) => {
                lengths_fit(old, new) && (self.fits(items, to) || is_empty(old))
            }
            (T::Map(old), T::Map(new)) => self.fits(old, new),
            (T::Object { fields, unknown }, T::Map(of)) => {
                fields.iter().all(|field| self.is_value_of(field, of))
                    && self.others(unknown, &UnknownKeys::Typed(of.clone()))
            }
            (
                T::Object { fields, unknown },
                T::Object {
                    fields: to,
                    unknown: others,
                },
            ) => self.objects((fields, unknown), (to, others)),
            (
                T::Tagged { tag, variants },
                T::Tagged {
                    tag: same,
                    variants: to,
                },
            ) => {
                let mut each = variants.iter();
                tag == same
                    && each.all(|(label, ty)| {
                        let variant = to.iter().find(|(other, _)| other == label);
                        variant.is_some_and(|(_, to)| self.fits(ty, to))
                    })
            }
            _ => self.scalars(old, new),
        }
    }

    /// Two shapes that have names. A pair that is met within itself fits if all else does.
    fn shapes(&mut self, old: &ShapeType, new: &ShapeType) -> bool {
        let (T::Shape(a, b), T::Shape(c, d)) = (old, new) else {
            return false;
        };
        use ShapeType as T;
        let (Some((from, of)), Some((to, wanted))) = (self.old.shape(a, b), self.new.shape(c, d))
        else {
            return false;
        };
        let pair = (from.clone(), to.clone());
        if self.refuted.contains(&pair) {
            return false;
        }
        if !self.assumed.insert(pair.clone()) {
            return true;
        }
        let mark = self.trail.len();
        self.trail.push(pair.clone());
        let fit = self.fits(of, wanted);
        if !fit {
            // What was found meanwhile may rest on this pair.
            for since in self.trail.drain(mark..) {
                self.assumed.remove(&since);
            }
            self.refuted.insert(pair);
        }
        fit
    }

    fn objects(
        &mut self,
        (fields, unknown): (&[Field], &UnknownKeys),
        (to, others): (&[Field], &UnknownKeys),
    ) -> bool {
        let named = |list: &'_ [Field], name: &str| list.iter().position(|f| *f.name == *name);
        for field in to {
            let known = match named(fields, &field.name) {
                Some(at) => self.field(&fields[at], field),
                None => field.presence == Presence::Optional && self.was_free(unknown, field),
            };
            if !known {
                return false;
            }
        }
        let gone = fields.iter().filter(|f| named(to, &f.name).is_none());
        let gone: Vec<&Field> = gone.collect();
        let kept = gone.into_iter().all(|field| match others {
            UnknownKeys::Refused => false,
            UnknownKeys::Kept => true,
            UnknownKeys::Typed(ty) => self.is_value_of(field, ty),
        });
        kept && self.others(unknown, others)
    }

    /// The field that is there before and after.
    pub(super) fn field(&mut self, old: &Field, new: &Field) -> bool {
        match (old.presence, new.presence) {
            (Presence::Optional, Presence::Required) => false,
            (_, Presence::Optional) => self.fits(without_null(&old.ty), &new.ty),
            (Presence::Required, Presence::Required) => self.fits(&old.ty, &new.ty),
        }
    }

    /// Whether what the key of a new field may have held so far, as one that no field named, fits.
    pub(super) fn was_free(&mut self, unknown: &UnknownKeys, field: &Field) -> bool {
        match unknown {
            UnknownKeys::Refused => true,
            UnknownKeys::Kept => matches!(self.new.behind(&field.ty), Some(ShapeType::Any)),
            UnknownKeys::Typed(ty) => self.fits(without_null(ty), &field.ty),
        }
    }

    /// Whether what a field holds, if it is there, is a value of the type.
    pub(super) fn is_value_of(&mut self, field: &Field, ty: &ShapeType) -> bool {
        match field.presence {
            Presence::Required => self.fits(&field.ty, ty),
            Presence::Optional => self.new.accepts_null(ty) && self.fits(&field.ty, ty),
        }
    }

    /// Keys that no field names.
    pub(super) fn others(&mut self, old: &UnknownKeys, new: &UnknownKeys) -> bool {
        match (old, new) {
            (UnknownKeys::Refused, _) | (_, UnknownKeys::Kept) => true,
            (UnknownKeys::Typed(old), UnknownKeys::Typed(new)) => self.fits(old, new),
            (UnknownKeys::Kept, UnknownKeys::Typed(new)) => {
                matches!(self.new.behind(new), Some(ShapeType::Any))
            }
            (_, UnknownKeys::Refused) => false,
        }
    }

    fn scalars(&self, old: &ShapeType, new: &ShapeType) -> bool {
        use ShapeType as T;
        if let Some(strings) = self.old.strings(old) {
            if let Some(wanted) = self.new.strings(new) {
                return strings.iter().all(|text| wanted.contains(text));
            }
            return matches!(new, T::Text { pattern: None, .. })
                && strings
                    .iter()
                    .all(|text| length_fits(text.chars().count(), new));
        }
        match (old, new) {
            // An enum that the model does not hold: any string will do.
            (T::DatabaseEnum(..), T::DatabaseEnum(..)) => old == new,
            (T::Boolean, T::Boolean)
            | (T::Double | T::Integer { .. } | T::Numeric, T::Numeric)
            | (T::Double | T::Integer { .. }, T::Double)
            | (T::Uuid, T::Uuid)
            | (T::Date, T::Date)
            | (T::Timestamp, T::Timestamp)
            | (T::Timestamptz, T::Timestamptz) => true,
            (T::Literal(a), T::Literal(b)) => a == b,
            (T::Literal(text), T::Boolean) => matches!(&**text, "true" | "false"),
            (T::Literal(text), T::Numeric) => {
                text.starts_with(|c: char| c == '-' || c.is_ascii_digit())
            }
            (T::Uuid, T::Text { pattern: None, .. }) => length_fits(36, new),
            (T::Date, T::Text { pattern: None, .. }) => length_fits(10, new),
            (T::Timestamp | T::Timestamptz, T::Text { pattern: None, .. }) => {
                // Seconds alone are 19 characters; nine decimals and an offset make 35.
                length_fits(19, new) && length_fits(35, new)
            }
            (
                T::Text {
                    min_length,
                    max_length,
                    pattern,
                },
                T::Text {
                    min_length: least,
                    max_length: most,
                    pattern: wanted,
                },
            ) => {
                (wanted.is_none() || wanted == pattern)
                    && least.unwrap_or(0) <= min_length.unwrap_or(0)
                    && at_most(*max_length, *most)
            }
            (T::Integer { .. }, T::Integer { .. }) => match (range(old), range(new)) {
                (Some((low, high)), Some((least, most))) => least <= low && high <= most,
                _ => false,
            },
            _ => false,
        }
    }
}

/// The least and the greatest value of an integer type.
fn range(ty: &ShapeType) -> Option<(i64, i64)> {
    let ShapeType::Integer { bits, min, max } = ty else {
        return None;
    };
    let (low, high) = match bits {
        16 => (i64::from(i16::MIN), i64::from(i16::MAX)),
        32 => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    };
    Some((
        min.map_or(low, |m| m.max(low)),
        max.map_or(high, |m| m.min(high)),
    ))
}

fn at_most(old: Option<u32>, new: Option<u32>) -> bool {
    match (old, new) {
        (_, None) => true,
        (Some(old), Some(new)) => old <= new,
        (None, Some(_)) => false,
    }
}

fn length_fits(length: usize, ty: &ShapeType) -> bool {
    match ty {
        ShapeType::Text {
            min_length,
            max_length,
            ..
        } => {
            min_length.is_none_or(|min| min as usize <= length)
                && max_length.is_none_or(|max| length <= max as usize)
        }
        _ => false,
    }
}

/// Whether every length that the old array may have is one of the new array's.
pub(super) fn lengths_fit(old: &ShapeType, new: &ShapeType) -> bool {
    match (old, new) {
        (
            ShapeType::Array {
                min_items,
                max_items,
                ..
            },
            ShapeType::Array {
                min_items: least,
                max_items: most,
                ..
            },
        ) => least.unwrap_or(0) <= min_items.unwrap_or(0) && at_most(*max_items, *most),
        _ => false,
    }
}

fn is_empty(array: &ShapeType) -> bool {
    matches!(
        array,
        ShapeType::Array {
            max_items: Some(0),
            ..
        }
    )
}
