//! What a schema refers to and does not hold: roles, schemas and types of somebody else.
//!
//! It never says what such an object is, only that it is there.

use std::collections::BTreeSet;

use super::Printer;
use super::text::{name, names, qname, type_name};
use crate::schema::{Id, Kind, Name, Node, Object, PUBLIC, Type};
use crate::types::{self, Written};

impl Printer<'_> {
    /// The lines that say so.
    pub(super) fn outside(&self) -> Vec<String> {
        let mut lines = Vec::new();
        lines.extend(self.style.platform.iter().map(|p| format!("platform {p}")));
        let mut schemas = self.outside_schemas();
        let platform = self.of_platform();
        schemas.retain(|name| !platform.contains(&Id::global(Kind::Schema, name.clone())));
        if !schemas.is_empty() {
            lines.push(format!("external schema {}", names(&schemas)));
        }
        let mut roles = self.outside_roles();
        roles.retain(|name| !platform.contains(&Id::global(Kind::Role, name.clone())));
        if !roles.is_empty() {
            lines.push(format!("external role {}", names(&roles)));
        }
        let open = |id: &Id| {
            let schema = Id::global(Kind::Schema, id.schema.clone());
            schemas.contains(&id.schema) || platform.contains(&schema)
        };
        let types: Vec<String> = self
            .outside_types()
            .iter()
            .filter(|id| !open(id))
            .map(|id| qname(&id.schema, &id.name))
            .collect();
        if !types.is_empty() {
            lines.push(format!("external type {}", types.join(", ")));
        }
        lines.extend(
            self.outside_functions()
                .iter()
                .filter(|id| !open(id))
                .map(|id| {
                    format!(
                        "external function {}({})",
                        qname(&id.schema, &id.name),
                        id.part
                    )
                }),
        );
        lines.extend(self.outside_tables());
        lines
    }

    /// The schemas and roles that the platform brings.
    fn of_platform(&self) -> BTreeSet<Id> {
        let Some(platform) = &self.style.platform else {
            return BTreeSet::new();
        };
        let mut symbols = crate::expr::Symbols::default();
        crate::platform::declare(platform, &mut symbols);
        let schemas = symbols
            .schemas
            .into_iter()
            .map(|s| Id::global(Kind::Schema, s));
        let roles = symbols.roles.into_iter().map(|r| Id::global(Kind::Role, r));
        schemas.chain(roles).collect()
    }

    fn owned(&self) -> impl Iterator<Item = &Node> {
        self.schema.nodes().filter(|n| !n.external)
    }

    fn outside_schemas(&self) -> BTreeSet<Name> {
        let mut found: BTreeSet<Name> = BTreeSet::new();
        for node in self.schema.nodes() {
            let targets = match &node.object {
                Object::Constraint(c) => match &c.body {
                    crate::schema::ConstraintBody::ForeignKey(key) => Some(&key.target.schema),
                    _ => None,
                },
                Object::Trigger(trigger) => Some(&trigger.function.schema),
                Object::Extension(extension) => extension.schema.as_ref(),
                _ => None,
            };
            found.extend(targets.cloned());
            if node.id.kind != Kind::Sequence || !node.external {
                found.insert(node.id.schema.clone());
            }
        }
        found.extend(self.types().into_iter().map(|id| id.schema));
        found.extend(
            self.schema
                .of_kind(Kind::Schema)
                .filter(|n| n.external)
                .map(|n| n.id.name.clone()),
        );
        let known = |name: &Name| {
            let declared = self.schema.get(&Id::global(Kind::Schema, name.clone()));
            declared.is_some_and(|n| !n.external)
        };
        found.retain(|n| !n.is_empty() && *n != *PUBLIC && *n != *"pg_catalog" && !known(n));
        found
    }

    fn outside_roles(&self) -> BTreeSet<Name> {
        let mut found: BTreeSet<Name> = BTreeSet::new();
        for node in self.schema.nodes() {
            found.extend(node.owner.clone());
            found.extend(node.privileges.keys().cloned());
            match &node.object {
                Object::Role(_) if node.external => {
                    found.insert(node.id.name.clone());
                }
                Object::Role(role) => found.extend(role.member_of.keys().cloned()),
                Object::Policy(policy) => found.extend(policy.roles.iter().cloned()),
                Object::Column(column) => found.extend(
                    column
                        .identity
                        .iter()
                        .flat_map(|i| i.privileges.keys().cloned()),
                ),
                Object::DatabaseSettings(_) => {
                    found.insert(node.id.name.clone());
                }
                Object::DefaultPrivileges(held) => {
                    found.extend(held.keys().cloned());
                    found.insert(node.id.name.clone());
                }
                _ => {}
            }
        }
        let words = [
            PUBLIC,
            "postgres",
            "current_user",
            "session_user",
            "current_role",
            "",
        ];
        let known = |name: &Name| {
            let declared = self.schema.get(&Id::global(Kind::Role, name.clone()));
            declared.is_some_and(|n| !n.external) || name.starts_with("pg_")
        };
        found.retain(|n| !words.contains(&n.as_str()) && !known(n));
        found
    }

    /// Every type of a schema that something refers to.
    fn types(&self) -> BTreeSet<Id> {
        let mut found = BTreeSet::new();
        let mut add = |ty: &Type| {
            if let Some(schema) = &ty.schema {
                found.insert(Id::in_schema(
                    Kind::BaseType,
                    schema.clone(),
                    ty.name.clone(),
                ));
            }
        };
        for node in self.owned() {
            match &node.object {
                Object::Column(column) => add(&column.ty),
                Object::Domain(domain) => add(&domain.base),
                Object::Composite(composite) => {
                    composite.attributes.iter().for_each(|a| add(&a.ty));
                }
                Object::Range(range) => add(&range.subtype),
                Object::Routine(routine) => {
                    let texts = [
                        Some(&*node.id.part),
                        routine.returns.as_ref().map(|r| &*r.text),
                    ];
                    for text in texts.into_iter().flatten() {
                        listed_types(text).iter().for_each(&mut add);
                    }
                }
                _ => {}
            }
            if node.id.kind == Kind::Aggregate || node.id.kind == Kind::Operator {
                listed_types(&node.id.part).iter().for_each(&mut add);
            }
        }
        found
    }

    fn outside_types(&self) -> BTreeSet<Id> {
        let multiranges: BTreeSet<(Name, Name)> = self
            .schema
            .of_kind(Kind::Range)
            .filter_map(|n| {
                let range = n.object.as_range()?;
                Some((n.id.schema.clone(), range.multirange.clone()))
            })
            .collect();
        let mut found = self.types();
        found.retain(|id| {
            let kinds = [
                Kind::Enum,
                Kind::Domain,
                Kind::Composite,
                Kind::Range,
                Kind::BaseType,
                Kind::Table,
                Kind::View,
            ];
            let own = kinds.iter().any(|kind| {
                let id = Id {
                    kind: *kind,
                    ..id.clone()
                };
                self.schema.get(&id).is_some_and(|n| !n.external)
            });
            let extension = types::extension_of(&id.name)
                .is_some_and(|e| self.schema.contains(&Id::global(Kind::Extension, e)));
            let multirange = multiranges.contains(&(id.schema.clone(), id.name.clone()));
            !own && !extension && !multirange && *id.schema != *"pg_catalog"
        });
        let external = |n: &&Node| n.external && matches!(n.object, Object::Opaque);
        found.extend(
            self.schema
                .of_kind(Kind::BaseType)
                .filter(external)
                .map(|n| n.id.clone()),
        );
        found
    }

    /// Functions that triggers call, and those the model was told of.
    fn outside_functions(&self) -> BTreeSet<Id> {
        let external = |n: &&Node| n.external && matches!(n.object, Object::Opaque);
        let told = self.schema.of_kind(Kind::Function).filter(external);
        let mut found: BTreeSet<Id> = told.map(|n| n.id.clone()).collect();
        for node in self.schema.of_kind(Kind::Trigger) {
            let Some(trigger) = node.object.as_trigger() else {
                continue;
            };
            let id = &trigger.function;
            if !self.schema.contains(id) && *id.schema != *"pg_catalog" {
                found.insert(id.clone());
            }
        }
        found
    }

    fn outside_tables(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for node in self.schema.of_kind(Kind::Table).filter(|n| n.external) {
            let mut line = format!(
                "external table {} {{\n",
                qname(&node.id.schema, &node.id.name)
            );
            let key = self.schema.primary_key(&node.id);
            for (column, object) in self.schema.columns(&node.id) {
                let nullable = if object.not_null { "" } else { "?" };
                let primary = match &key[..] {
                    [one] if *one == column.id.part => " primary key",
                    _ => "",
                };
                let ty = type_name(&object.ty);
                line.push_str(&format!(
                    "  {} {ty}{nullable}{primary}\n",
                    name(&column.id.part)
                ));
            }
            if key.len() > 1 {
                line.push_str(&format!("  primary key ({})\n", names(&key)));
            }
            line.push('}');
            lines.push(line);
        }
        let sequences: Vec<String> = self
            .schema
            .of_kind(Kind::Sequence)
            .filter(|n| n.external && matches!(n.object, Object::Opaque))
            .map(|n| qname(&n.id.schema, &n.id.name))
            .collect();
        if !sequences.is_empty() {
            lines.push(format!("external sequence {}", sequences.join(", ")));
        }
        for node in self.schema.of_kind(Kind::Extension).filter(|n| n.external) {
            lines.push(format!("external extension {}", name(&node.id.name)));
        }
        lines
    }
}

/// The types in a list of arguments or a result.
fn listed_types(text: &str) -> Vec<Type> {
    let inner = text
        .strip_prefix("TABLE(")
        .and_then(|t| t.strip_suffix(')'))
        .or(text.strip_prefix("SETOF "))
        .unwrap_or(text);
    let mut found = Vec::new();
    for item in inner.split(", ") {
        // A column of a result has its name before its type.
        let candidates = [Some(item), item.split_once(' ').map(|(_, rest)| rest)];
        for candidate in candidates.into_iter().flatten().filter(|c| c.contains('.')) {
            let parsed = types::parse_type(candidate);
            if let Ok(Written::Named {
                schema: Some(schema),
                name,
                ..
            }) = parsed
            {
                found.push(Type::user(schema, name));
                break;
            }
        }
    }
    found
}
