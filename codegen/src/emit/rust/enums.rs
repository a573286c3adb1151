//! Enum types, and every other enum of labels.

use model::{Kind, Schema};

use super::super::words::{camel, type_name};
use super::format;
use super::item::{Item, LABELS, Member};
use super::name::Names;
use super::states;

/// The enum types of a schema, with the states of the one table that keeps its own in each.
pub(super) fn items(schema: &Schema, names: &mut Names) -> Vec<Item> {
    let mut items = Vec::new();
    let states = states::of_enums(schema);
    for node in schema.of_kind(Kind::Enum).filter(|node| !node.external) {
        let (Some(object), Some(name)) = (node.object.as_enum(), names.of(&node.id)) else {
            continue;
        };
        let mut item = labelled(name, &object.labels, "PgEnum");
        if let Some((table, transitions)) = states.get(&node.id) {
            let row = names.of(table).unwrap_or_default().to_owned();
            states::mark(&mut item, &names.states_of(&row), transitions);
        }
        item.module = "enums".to_owned();
        let otherwise = format!("A value of the enum type `{}`.", node.id.name);
        item.docs = format::docs(node.comment.as_deref().unwrap_or(&otherwise));
        items.push(item);
    }
    items
}

/// An enum with a variant a label.
pub(super) fn labelled(name: &str, labels: &[impl AsRef<str>], derive: &str) -> Item {
    let mut item = Item::enumeration(name);
    item.attributes.push("#[allow(missing_docs)]".to_owned());
    let mut taken = std::collections::BTreeSet::new();
    let mut variants = Vec::new();
    for label in labels {
        let label = label.as_ref();
        let variant = type_name(camel(label), "Label");
        let mut candidates =
            std::iter::once(variant.clone()).chain((2..).map(|n| format!("{variant}{n}")));
        let variant = candidates.find(|v| !taken.contains(v)).unwrap_or_default();
        taken.insert(variant.clone());
        let args = match derived_label(&variant) == label {
            true => Vec::new(),
            false => vec![format!("label = {}", format::literal(label))],
        };
        item.members.push(Member {
            docs: Vec::new(),
            attributes: format::attribute(&args, 4).into_iter().collect(),
            text: format!("{variant},"),
        });
        item.labels.push((label.to_owned(), variant.clone()));
        variants.push(variant);
    }
    if share_a_word(name, &variants) {
        // The labels are the database's, so their likeness is not ours to mend.
        item.attributes
            .push("#[allow(clippy::enum_variant_names)]".to_owned());
    }
    item.derive(LABELS, derive);
    item
}

/// The label that the derive gives a variant without one.
pub(super) fn derived_label(variant: &str) -> String {
    let mut text = String::new();
    for (index, c) in variant.chars().enumerate() {
        if c.is_uppercase() && index > 0 {
            text.push('_');
        }
        text.extend(c.to_lowercase());
    }
    text
}

/// Whether clippy's `enum_variant_names` would object: all of at least three variants begin or end
/// with one word, or one of them with the enum's name.
pub(super) fn share_a_word(name: &str, variants: &[String]) -> bool {
    let words: Vec<Vec<String>> = variants
        .iter()
        .map(|v| super::super::words::words(v))
        .collect();
    let own = super::super::words::words(name);
    let repeats = words
        .iter()
        .any(|w| w.len() > own.len() && (w.starts_with(&own) || w.ends_with(&own)));
    let same = |pick: fn(&Vec<String>) -> Option<&String>| {
        words
            .first()
            .and_then(pick)
            .is_some_and(|first| words.iter().all(|w| w.len() > 1 && pick(w) == Some(first)))
    };
    repeats || (variants.len() >= 3 && (same(|w| w.first()) || same(|w| w.last())))
}
