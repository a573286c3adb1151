//! Documents of older versions, read as new ones. What becomes of a key is the model's to say; the
//! plan of a migration follows the same rules in the database.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::{JsonType, from_str, to_string};

/// What becomes of one key.
#[doc(hidden)]
pub struct Lift {
    /// The key as it is now.
    pub key: &'static str,
    /// Its former name.
    pub was: Option<&'static str>,
    /// JSON text, where older documents lack the key or hold null.
    pub filled: Option<&'static str>,
    /// Whether older documents hold one item of what is an array now.
    pub wrapped: bool,
}

/// The document as the newest version.
#[doc(hidden)]
pub fn newest<N: JsonType>(raw: &RawValue) -> serde_json::Result<N> {
    from_str(raw.get())
}

/// The document as a new one, where it is one of the older version `O`.
///
/// It passes through the older type, which may itself read still older ones. A closed object drops
/// the keys that it does not name.
#[doc(hidden)]
pub fn upcast<O: JsonType, N: JsonType>(
    raw: &RawValue,
    lifts: &[Lift],
    closed: bool,
) -> Option<serde_json::Result<N>> {
    let old: O = from_str(raw.get()).ok()?;
    Some(lifted(&old, lifts, closed))
}

fn lifted<O: JsonType, N: JsonType>(
    old: &O,
    lifts: &[Lift],
    closed: bool,
) -> serde_json::Result<N> {
    let mut entries: BTreeMap<String, Box<RawValue>> = serde_json::from_str(&to_string(old)?)?;
    let raw = |text: String| RawValue::from_string(text);
    for lift in lifts {
        let lacks = |entries: &BTreeMap<String, Box<RawValue>>| {
            entries.get(lift.key).is_none_or(|v| v.get() == "null")
        };
        if let (true, Some(was)) = (lacks(&entries), lift.was)
            && let Some(value) = entries.remove(was)
        {
            entries.insert(lift.key.to_owned(), value);
        }
        if let (true, Some(filled)) = (lacks(&entries), lift.filled) {
            entries.insert(lift.key.to_owned(), raw(filled.to_owned())?);
        }
        if let (true, Some(value)) = (lift.wrapped, entries.get(lift.key)) {
            let text = value.get();
            if text != "null" && !text.starts_with('[') {
                let wrapped = raw(format!("[{text}]"))?;
                entries.insert(lift.key.to_owned(), wrapped);
            }
        }
    }
    if closed {
        entries.retain(|key, _| lifts.iter().any(|lift| lift.key == key));
    }
    from_str(&serde_json::to_string(&entries)?)
}
