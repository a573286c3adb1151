//! The first pass: every name that the model declares, before anything is looked up.
//!
//! It resolves types only where a name depends on them: those of routines.

mod columns;
mod outside;
mod templates;

use rustc_hash::FxHashMap;

use super::types::Found;
use super::world::{TableWork, World, at, unknown};
use super::{Output, view};
use crate::diagnostic::{Diagnostic, code};
use crate::expr::{Function, Relation};
use crate::names;
use crate::quote;
use crate::schema::{Id, Kind, Name, Origin, Type};
use crate::source::FileId;
use crate::syntax::tree::{self, ExternalItem, Item, ParamMode};

/// The platform the model declares.
pub(super) fn platform(files: &[tree::File]) -> Option<Name> {
    files
        .iter()
        .flat_map(|f| &f.items)
        .find_map(|item| match item {
            Item::Platform(platform) => Some(platform.name.name.clone()),
            _ => None,
        })
}

/// Declares everything.
pub(super) fn declare<'t>(files: &'t [tree::File], out: &mut Output<'t>) -> World<'t> {
    let mut world = World {
        default_schema: default_schema(files),
        ..World::default()
    };
    world.symbols.default_schema = world.default_schema.clone();
    for schema in ["public", world.default_schema.clone().as_str()] {
        world.symbols.schemas.insert(Name::from(schema));
    }
    let mut declaration = Declaration {
        world: &mut world,
        out,
        included: FxHashMap::default(),
        types: FxHashMap::default(),
    };
    for (file, item) in statements(files) {
        declaration.name(file, item);
    }
    for (file, item) in statements(files) {
        declaration.routine(file, item);
    }
    declaration.tables();
    declaration.unused_mixins();
    declaration.unused_templates();
    declaration.schemas_exist(files);
    view::declare_columns(&mut world);
    world
}

fn statements(files: &[tree::File]) -> impl Iterator<Item = (FileId, &Item)> {
    files
        .iter()
        .flat_map(|f| f.items.iter().map(|item| (f.file, item)))
}

/// The last `schema … default` line counts.
fn default_schema(files: &[tree::File]) -> Name {
    statements(files)
        .filter_map(|(_, item)| match item {
            Item::Schema(schema) if schema.default => Some(schema.name.name.clone()),
            _ => None,
        })
        .last()
        .unwrap_or_else(|| Name::from("public"))
}

struct Declaration<'w, 't> {
    world: &'w mut World<'t>,
    out: &'w mut Output<'t>,
    /// How often each mixin is included.
    included: FxHashMap<Name, usize>,
    /// The types of columns, as they are written: the same few over and over.
    types: FxHashMap<WrittenType<'t>, Found>,
}

/// A type's schema, name with or without quotes, modifiers, and whether it is an array.
type WrittenType<'t> = (Option<&'t str>, &'t str, bool, Option<&'t str>, bool);

impl<'t> Declaration<'_, 't> {
    /// Whether the name is new among its like. Tables, views, sequences and types share names as
    /// they do in PostgreSQL: every table is a type too.
    fn declare(&mut self, file: FileId, id: Id, name: &tree::Ident) -> bool {
        let place = at(file, name.span);
        self.length(&name.name, place);
        let rivals: &[Kind] = match id.kind {
            Kind::Table | Kind::View | Kind::Composite => &[
                Kind::Table,
                Kind::View,
                Kind::Sequence,
                Kind::Composite,
                Kind::Enum,
                Kind::Domain,
                Kind::Range,
            ],
            Kind::Enum | Kind::Domain | Kind::Range => &[
                Kind::Table,
                Kind::View,
                Kind::Composite,
                Kind::Enum,
                Kind::Domain,
                Kind::Range,
            ],
            Kind::Sequence => &[Kind::Table, Kind::View, Kind::Sequence, Kind::Composite],
            _ => &[],
        };
        let own = [id.kind];
        let rivals = if rivals.is_empty() { &own[..] } else { rivals };
        let first = rivals.iter().find_map(|kind| {
            let rival = Id {
                kind: *kind,
                ..id.clone()
            };
            self.world.places.get(&rival).map(|place| (*kind, *place))
        });
        if let Some((kind, first)) = first {
            self.out.fault(
                Diagnostic::error(
                    code::DUPLICATE,
                    format!("{} `{}` is declared twice", id.kind.word(), name.name),
                    place,
                )
                .label("declared again here")
                .secondary(first, format!("first declared here, as a {}", kind.word()))
                .help("give one of them another name, or remove one"),
            );
            return false;
        }
        self.world.places.insert(id, place);
        true
    }

    /// PostgreSQL cuts a name that is too long, and says so where nobody looks.
    fn length(&mut self, name: &str, place: Origin) {
        if name.len() <= names::MAX_BYTES {
            return;
        }
        let fact = format!(
            "the name is {} bytes long, and PostgreSQL keeps {}",
            name.len(),
            names::MAX_BYTES
        );
        self.out.fault(
            Diagnostic::error(code::NAME_TOO_LONG, fact, place)
                .label(format!("would become `{}`", names::truncated(name)))
                .help("choose a shorter name"),
        );
    }

    fn in_schema(&mut self, file: FileId, kind: Kind, name: &tree::QName) -> Option<Id> {
        let id = self.world.id(kind, name);
        self.declare(file, id.clone(), &name.name).then_some(id)
    }

    fn ty(&mut self, file: FileId, kind: Kind, name: &tree::QName) {
        if let Some(id) = self.in_schema(file, kind, name) {
            self.world.symbols.add_type(id);
        }
    }

    fn name(&mut self, file: FileId, item: &'t Item) {
        match item {
            Item::Schema(x) => {
                // `schema public default` after `schema public owner …` says more of the same.
                self.world.symbols.schemas.insert(x.name.name.clone());
            }
            Item::Extension(x) => {
                let id = Id::global(Kind::Extension, x.name.name.clone());
                if self.declare(file, id, &x.name) {
                    let lives = x
                        .schema
                        .as_ref()
                        .map_or(Name::from("public"), |s| s.name.clone());
                    self.world.symbols.add_extension(x.name.name.clone(), lives);
                }
            }
            Item::Enum(x) => {
                if let Some(id) = self.in_schema(file, Kind::Enum, &x.name) {
                    let labels = x.labels.iter().map(|l| l.name.name.clone()).collect();
                    self.world.enums.insert(id.clone(), labels);
                    self.world.symbols.add_type(id);
                }
            }
            Item::Domain(x) => self.ty(file, Kind::Domain, &x.name),
            Item::Composite(x) => self.ty(file, Kind::Composite, &x.name),
            Item::Range(x) => {
                self.ty(file, Kind::Range, &x.name);
                let multirange = super::object::multirange_name(x);
                let schema = self.world.schema_of(&x.name);
                self.world
                    .symbols
                    .add_type(Id::in_schema(Kind::Range, schema, multirange));
            }
            Item::Role(x) => {
                self.declare(file, Id::global(Kind::Role, x.name.name.clone()), &x.name);
                self.world.symbols.roles.insert(x.name.name.clone());
            }
            Item::Sequence(x) => {
                if let Some(id) = self.in_schema(file, Kind::Sequence, &x.name) {
                    let columns = ["last_value", "log_cnt", "is_called"]
                        .map(Name::from)
                        .to_vec();
                    self.world.symbols.add_relation(Relation {
                        id,
                        columns,
                        open: false,
                    });
                }
            }
            Item::Table(x) => self.table(file, x, false),
            Item::View(x) => {
                if let Some(id) = self.in_schema(file, Kind::View, &x.name) {
                    self.world.views.insert(id, (file, x));
                }
            }
            Item::Mixin(x) => {
                let id = Id::global(Kind::Raw, format!("mixin {}", x.name.name));
                if self.declare(file, id, &x.name) {
                    self.world.mixins.insert(x.name.name.clone(), (file, x));
                }
            }
            Item::Template(x) => self.template(file, x),
            Item::Json(x) => {
                if let Some(id) = self.in_schema(file, Kind::Shape, &x.name) {
                    self.world.shapes.insert(id, (file, x));
                }
            }
            Item::External(x) => self.external(file, &x.what),
            Item::Define(x) => self.define(file, x),
            Item::Platform(x) => crate::platform::declare(&x.name.name, self.world_symbols()),
            Item::Grant(_)
            | Item::DefaultPrivileges(_)
            | Item::DatabaseSettings(_)
            | Item::Function(_)
            | Item::Raw(_)
            | Item::Identity(_)
            | Item::Persona(_)
            | Item::Intent(_)
            | Item::Seed(_) => {}
        }
    }

    fn world_symbols(&mut self) -> &mut crate::expr::Symbols {
        &mut self.world.symbols
    }

    fn table(&mut self, file: FileId, table: &'t tree::Table, external: bool) {
        let Some(id) = self.in_schema(file, Kind::Table, &table.name) else {
            return;
        };
        let (items, columns) = (Vec::new(), Vec::new());
        self.world.tables.insert(
            id.clone(),
            TableWork {
                id,
                file,
                table,
                external,
                items,
                columns,
            },
        );
    }

    /// Routines are named by their argument types, which can be looked up by now.
    fn routine(&mut self, file: FileId, item: &'t Item) {
        let (name, params) = match item {
            Item::Function(x) => (&x.name, &x.params),
            Item::External(tree::External {
                what: ExternalItem::Function { name, params, .. },
                ..
            }) => (name, params),
            _ => return,
        };
        let mut types = Vec::new();
        let mut required = 0;
        let mut variadic = false;
        for param in params {
            if matches!(param.mode, Some(ParamMode::Out)) {
                continue;
            }
            variadic |= matches!(param.mode, Some(ParamMode::Variadic));
            required += usize::from(param.default.is_none() && !variadic);
            // A fault is reported when the routine itself is resolved.
            let found = self.world.ty(file, &param.ty, &mut Vec::new());
            types.push(found.map_or_else(
                || param.ty.name.name.name.to_string(),
                |f| {
                    quote::type_name(&Type {
                        modifiers: None,
                        ..f.ty
                    })
                },
            ));
        }
        let most = if variadic { usize::MAX } else { types.len() };
        let mut id = self.world.id(Kind::Function, name);
        id.part = Name::from(types.join(", "));
        if self.declare(file, id.clone(), &name.name) {
            self.world.symbols.add_function(Function {
                id,
                arguments: (required, most),
            });
        }
    }

    /// Every schema that a declaration is put into is declared itself.
    fn schemas_exist(&mut self, files: &'t [tree::File]) {
        for (file, item) in statements(files) {
            let name = match item {
                Item::Enum(x) => &x.name,
                Item::Domain(x) => &x.name,
                Item::Composite(x) => &x.name,
                Item::Range(x) => &x.name,
                Item::Sequence(x) => &x.name,
                Item::Table(x) => &x.name,
                Item::View(x) => &x.name,
                Item::Function(x) => &x.name,
                Item::Json(x) => &x.name,
                _ => continue,
            };
            let Some(schema) = &name.schema else { continue };
            if !self.world.symbols.schemas.contains(&schema.name) {
                let place = at(file, schema.span);
                let names = self.world.symbols.schemas.iter().map(|n| n.as_str());
                let mut fault = unknown(code::UNKNOWN_SCHEMA, "schema", &schema.name, place, names);
                if fault.help.is_none() {
                    fault = fault.help(format!(
                        "add a line `schema {}`",
                        super::world::bare(&schema.name)
                    ));
                }
                self.out.fault(fault);
            }
        }
    }
}
