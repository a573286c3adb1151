//! What is said of one Rust type, before it is text.

use std::collections::BTreeSet;

use serde::Serialize;

use super::format;

/// A struct or an enum.
#[derive(Debug, Default, Serialize)]
pub(super) struct Item {
    /// The module it stands in where there are several.
    #[serde(skip)]
    pub(super) module: String,
    /// Its name.
    pub(super) name: String,
    /// Documentation, `///` included.
    pub(super) docs: Vec<String>,
    /// Attributes, one or more lines each.
    pub(super) attributes: Vec<String>,
    /// Everything before the members: `pub struct Deal {`, or the whole where there are none.
    pub(super) head: String,
    /// Fields or variants.
    pub(super) members: Vec<Member>,
    /// The module that its derive makes beside it.
    #[serde(skip)]
    pub(super) beside: Option<String>,
    /// An enum's labels, each with its variant.
    #[serde(skip)]
    pub(super) labels: Vec<(String, String)>,
    /// What it imports, as full paths; own types as the bare name.
    #[serde(skip)]
    pub(super) uses: BTreeSet<String>,
}

/// A field or a variant.
#[derive(Debug, Serialize)]
pub(super) struct Member {
    pub(super) docs: Vec<String>,
    pub(super) attributes: Vec<String>,
    /// `pub stage: DealStage,`.
    pub(super) text: String,
}

/// A Rust type with what it imports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RustType {
    pub(super) text: String,
    pub(super) uses: BTreeSet<String>,
}

impl RustType {
    /// A type of the prelude.
    pub(super) fn plain(text: &str) -> Self {
        RustType {
            text: text.to_owned(),
            uses: BTreeSet::new(),
        }
    }

    /// A type by its last segment, imported by its path; an own type has a path of one segment.
    pub(super) fn imported(path: &str) -> Self {
        let text = path.rsplit("::").next().unwrap_or(path).to_owned();
        RustType {
            text,
            uses: BTreeSet::from([path.to_owned()]),
        }
    }

    /// This type inside another: `Option<…>`.
    pub(super) fn inside(mut self, wrapper: &str) -> Self {
        let name = wrapper.rsplit("::").next().unwrap_or(wrapper);
        self.text = format!("{name}<{}>", self.text);
        if wrapper.contains("::") {
            self.uses.insert(wrapper.to_owned());
        }
        self
    }

    /// A map from text to this type.
    pub(super) fn in_map(mut self) -> Self {
        self.text = format!("BTreeMap<String, {}>", self.text);
        self.uses.insert("std::collections::BTreeMap".to_owned());
        self
    }
}

impl Item {
    /// A public struct with named fields.
    pub(super) fn structure(name: &str) -> Self {
        Item {
            name: name.to_owned(),
            head: format!("pub struct {name} {{"),
            ..Item::default()
        }
    }

    /// A public enum.
    pub(super) fn enumeration(name: &str) -> Self {
        Item {
            name: name.to_owned(),
            head: format!("pub enum {name} {{"),
            ..Item::default()
        }
    }

    /// A public struct around one type.
    pub(super) fn around(name: &str, ty: RustType) -> Self {
        let head = format!("pub struct {name}(pub {});", ty.text);
        Item {
            name: name.to_owned(),
            head,
            uses: ty.uses,
            ..Item::default()
        }
    }

    /// `#[derive(…)]`; `derives` of ours are imported.
    pub(super) fn derive(&mut self, traits: &[&str], ours: &str) {
        let list = traits
            .iter()
            .chain([&ours])
            .copied()
            .collect::<Vec<_>>()
            .join(", ");
        self.attributes.push(format!("#[derive({list})]"));
        self.uses.insert(format!("pilaster::{ours}"));
    }

    /// Adds a public field.
    pub(super) fn field(&mut self, docs: Vec<String>, args: &[String], name: &str, ty: RustType) {
        self.uses.extend(ty.uses);
        self.members.push(Member {
            docs,
            attributes: format::attribute(args, 4).into_iter().collect(),
            text: format::field(name, &ty.text),
        });
    }
}

/// Traits of every row and shape.
pub(super) const VALUE: &[&str] = &["Clone", "Debug", "PartialEq"];
/// Traits of every value that may be left empty.
pub(super) const EMPTY: &[&str] = &["Clone", "Debug", "Default", "PartialEq"];
/// Traits of every enum of labels; the order is that of the labels.
pub(super) const LABELS: &[&str] = &[
    "Clone",
    "Copy",
    "Debug",
    "PartialEq",
    "Eq",
    "PartialOrd",
    "Ord",
    "Hash",
];
