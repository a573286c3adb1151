//! New names through every id, name and expression of a schema, as the server would carry them.
//!
//! An expression that comes out otherwise than the server's costs a rebuilt dependent, never data.

mod words;

use model::Schema;
use model::schema::{
    Body, Builder, ConstraintBody, Id, IndexKey, KeyTerm, Kind, Name, Node, Object,
    ReplicaIdentity, TriggerEvent, Type,
};
use rustc_hash::FxHashMap;

use super::Renamed;
use words::Words;

/// The schema under its new names.
pub(super) fn through(from: &Schema, renames: &[Renamed]) -> Schema {
    let carrier = Carrier::of(renames);
    let mut builder = Builder::default();
    for node in from.nodes() {
        // A name that is taken already keeps its first holder; the other is planned as it stands.
        if builder.insert(carrier.node(node)).is_err() {
            let _ = builder.insert(node.clone());
        }
    }
    builder.finish()
}

struct Carrier<'a> {
    renames: &'a [Renamed],
    ids: FxHashMap<Id, Id>,
    relations: FxHashMap<(Name, Name), (Name, Name)>,
    /// The places of the renames by what they lead to: schema and name, the whole id, the schema.
    by_relation: FxHashMap<(Name, Name), Vec<usize>>,
    by_id: FxHashMap<&'a Id, Vec<usize>>,
    by_schema: FxHashMap<Name, Vec<usize>>,
    /// Types as arguments of routines name them, before and after.
    types: Vec<(String, String)>,
}

impl<'a> Carrier<'a> {
    fn of(renames: &'a [Renamed]) -> Self {
        let mut ids = FxHashMap::default();
        let mut relations = FxHashMap::default();
        for rename in renames.iter().filter(|r| r.part.is_none()) {
            let (old, new) = (&rename.from, &rename.to);
            ids.insert(old.clone(), new.clone());
            if matches!(old.kind, Kind::Table | Kind::View) {
                relations.insert(
                    (old.schema.clone(), old.name.clone()),
                    (new.schema.clone(), new.name.clone()),
                );
            }
        }
        let mut by_relation: FxHashMap<_, Vec<usize>> = FxHashMap::default();
        let mut by_id: FxHashMap<_, Vec<usize>> = FxHashMap::default();
        let mut by_schema: FxHashMap<_, Vec<usize>> = FxHashMap::default();
        for (n, Renamed { to, .. }) in renames.iter().enumerate() {
            let relation = (to.schema.clone(), to.name.clone());
            by_relation.entry(relation).or_default().push(n);
            by_id.entry(to).or_default().push(n);
            if to.kind == Kind::Schema {
                by_schema.entry(to.name.clone()).or_default().push(n);
            }
        }
        let types = renames
            .iter()
            .filter(|r| r.part.is_none() && is_type(r.from.kind))
            .map(|r| (model::quote::object(&r.from), model::quote::object(&r.to)));
        Carrier {
            renames,
            ids,
            relations,
            by_relation,
            by_id,
            by_schema,
            types: types.collect(),
        }
    }

    fn id(&self, id: &Id) -> Id {
        let mut id = id.clone();
        if id.kind.is_part_of_relation()
            && let Some((schema, name)) = self.relations.get(&(id.schema.clone(), id.name.clone()))
        {
            id.schema = schema.clone();
            id.name = name.clone();
        }
        if id.kind == Kind::DatabaseSettings {
            id.name = self.role(&id.name);
        }
        match id.kind {
            Kind::Function | Kind::Aggregate | Kind::Operator => self.arguments(&mut id.part),
            Kind::Cast => {
                self.arguments(&mut id.name);
                self.arguments(&mut id.part);
            }
            _ => {}
        }
        if let Some(schema) = self.schema(&id.schema) {
            id.schema = schema;
        }
        self.ids.get(&id).cloned().unwrap_or(id)
    }

    /// Gives the types of that list their new names.
    fn arguments(&self, list: &mut Name) {
        for (old, new) in &self.types {
            let argument = |text: &str| {
                let (plain, array) = match text.strip_suffix("[]") {
                    Some(plain) => (plain, "[]"),
                    None => (text, ""),
                };
                (plain == *old).then(|| format!("{new}{array}"))
            };
            if list.split(", ").any(|text| argument(text).is_some()) {
                let arguments = list.split(", ");
                let arguments: Vec<String> = arguments
                    .map(|text| argument(text).unwrap_or_else(|| text.to_owned()))
                    .collect();
                *list = Name::from(arguments.join(", "));
            }
        }
    }

    fn schema(&self, name: &Name) -> Option<Name> {
        let id = Id::global(Kind::Schema, name.clone());
        self.ids.get(&id).map(|new| new.name.clone())
    }

    fn role(&self, name: &Name) -> Name {
        let id = Id::global(Kind::Role, name.clone());
        self.ids
            .get(&id)
            .map_or_else(|| name.clone(), |new| new.name.clone())
    }

    fn ty(&self, ty: &mut Type) {
        let Some(schema) = &mut ty.schema else { return };
        for kind in [
            Kind::Enum,
            Kind::Domain,
            Kind::Composite,
            Kind::Range,
            Kind::Table,
        ] {
            let id = Id::in_schema(kind, schema.clone(), ty.name.clone());
            if let Some(new) = self.ids.get(&id) {
                *schema = new.schema.clone();
                ty.name = new.name.clone();
                return;
            }
        }
        if let Some(new) = self.schema(schema) {
            *schema = new;
        }
    }

    fn column(&self, table: &Id, name: &mut Name) {
        let column = Id::column(table.schema.clone(), table.name.clone(), name.clone());
        if let Some(new) = self.ids.get(&column) {
            *name = new.part.clone();
        }
    }

    fn columns(&self, table: &Id, names: &mut [Name]) {
        names.iter_mut().for_each(|name| self.column(table, name));
    }

    fn keys<'k>(
        &self,
        words: &Words<'_>,
        table: &Id,
        keys: impl IntoIterator<Item = &'k mut IndexKey>,
    ) {
        for key in keys {
            match &mut key.term {
                KeyTerm::Column(name) => self.column(table, name),
                KeyTerm::Expr(expr) => words.rewrite(expr),
            }
        }
    }

    fn node(&self, node: &Node) -> Node {
        let mut new = node.clone();
        new.id = self.id(&node.id);
        for need in &mut new.needs {
            *need = self.id(need);
        }
        let privileges = std::mem::take(&mut new.privileges);
        new.privileges = privileges
            .into_iter()
            .map(|(role, p)| (self.role(&role), p))
            .collect();
        new.owner = new.owner.map(|owner| self.role(&owner));
        let words = self.words(&new);
        let table = new.id.clone();
        match &mut new.object {
            Object::Enum(labels) => {
                for (was, is) in words.parts.iter().filter(|_| node.id.kind == Kind::Enum) {
                    for label in labels.labels.iter_mut().filter(|label| ***label == **was) {
                        *label = is.as_str().into();
                    }
                }
            }
            Object::Composite(composite) => {
                for attribute in &mut composite.attributes {
                    self.ty(&mut attribute.ty);
                    if let Some((_, is)) =
                        words.parts.iter().find(|(was, _)| *was == attribute.name)
                    {
                        attribute.name = is.clone();
                    }
                }
            }
            Object::Domain(domain) => {
                self.ty(&mut domain.base);
                domain.default.iter_mut().for_each(|e| words.rewrite(e));
                domain
                    .checks
                    .iter_mut()
                    .for_each(|c| words.rewrite(&mut c.condition));
            }
            Object::Range(range) => self.ty(&mut range.subtype),
            Object::Sequence(sequence) => {
                sequence.owned_by = sequence.owned_by.as_ref().map(|owner| self.id(owner));
            }
            Object::Table(attributes) => {
                attributes
                    .inherits
                    .iter_mut()
                    .for_each(|id| *id = self.id(id));
                if let Some(partition) = &mut attributes.partition_of {
                    partition.parent = self.id(&partition.parent);
                }
                if let Some(key) = &mut attributes.partition_key {
                    words.rewrite(&mut key.definition);
                }
                attributes.of_type.iter_mut().for_each(|ty| self.ty(ty));
                if let ReplicaIdentity::Index(name) = &mut attributes.replica_identity {
                    for kind in [Kind::Index, Kind::Constraint] {
                        *name = self.id(&table.within(kind, name.clone())).part;
                    }
                }
            }
            Object::Column(column) => {
                self.ty(&mut column.ty);
                column.default.iter_mut().for_each(|e| words.rewrite(e));
                column
                    .generated
                    .iter_mut()
                    .for_each(|g| words.rewrite(&mut g.expr));
            }
            Object::Constraint(constraint) => match &mut constraint.body {
                ConstraintBody::PrimaryKey(key) | ConstraintBody::Unique(key) => {
                    self.columns(&table, &mut key.columns);
                    self.columns(&table, &mut key.include);
                }
                ConstraintBody::ForeignKey(key) => {
                    self.columns(&table, &mut key.columns);
                    self.columns(&table, &mut key.delete_columns);
                    key.target = self.id(&key.target);
                    let target = key.target.clone();
                    self.columns(&target, &mut key.target_columns);
                }
                ConstraintBody::Check(check) => words.rewrite(&mut check.condition),
                ConstraintBody::Exclusion(exclusion) => {
                    let keys = exclusion.elements.iter_mut().map(|(key, _)| key);
                    self.keys(&words, &table, keys);
                    self.columns(&table, &mut exclusion.include);
                    exclusion
                        .predicate
                        .iter_mut()
                        .for_each(|e| words.rewrite(e));
                }
                ConstraintBody::NotNull { column, .. } => self.column(&table, column),
                ConstraintBody::Other(text) => words.rewrite(text),
            },
            Object::Index(index) => {
                self.keys(&words, &table, &mut index.keys);
                self.columns(&table, &mut index.include);
                index.predicate.iter_mut().for_each(|e| words.rewrite(e));
                index.parent = index.parent.as_ref().map(|parent| self.id(parent));
            }
            Object::View(view) => {
                // The server keeps a view's own column names when what they stand for is renamed.
                words.rewrite_query(&mut view.query);
            }
            Object::Routine(routine) => {
                words.rewrite(&mut routine.arguments);
                routine.returns.iter_mut().for_each(|e| words.rewrite(e));
                // A body that is a string stays as it was written.
                if let Body::Sql(text) = &mut routine.body {
                    words.rewrite_query(text);
                }
            }
            Object::Trigger(trigger) => {
                trigger.function = self.id(&trigger.function);
                trigger.from_table = trigger.from_table.as_ref().map(|id| self.id(id));
                trigger.condition.iter_mut().for_each(|e| words.rewrite(e));
                for event in &mut trigger.events {
                    if let TriggerEvent::Update(columns) = event {
                        self.columns(&table, columns);
                    }
                }
            }
            Object::Policy(policy) => {
                policy.roles = policy.roles.iter().map(|role| self.role(role)).collect();
                policy.using.iter_mut().for_each(|e| words.rewrite(e));
                policy.with_check.iter_mut().for_each(|e| words.rewrite(e));
            }
            Object::Defined(defined) => {
                words.rewrite(&mut defined.definition);
                defined.then.iter_mut().for_each(|e| words.rewrite(e));
            }
            Object::Role(role) => {
                let member_of = std::mem::take(&mut role.member_of);
                role.member_of = member_of
                    .into_iter()
                    .map(|(r, a)| (self.role(&r), a))
                    .collect();
            }
            Object::DefaultPrivileges(grants) => {
                let old = std::mem::take(grants);
                *grants = old
                    .into_iter()
                    .map(|(role, p)| (self.role(&role), p))
                    .collect();
            }
            Object::Schema
            | Object::DatabaseSettings(_)
            | Object::Extension(_)
            | Object::Raw(_)
            | Object::Shape(_)
            | Object::Transitions(_)
            | Object::Seed(_)
            | Object::Opaque => {}
        }
        new
    }

    /// The words to replace in the expressions of a node that already has its new ids.
    fn words(&self, node: &Node) -> Words<'_> {
        let mut words = Words {
            names: FxHashMap::default(),
            parts: Vec::new(),
        };
        let related = |key: (&Name, &Name)| {
            let key = (key.0.clone(), key.1.clone());
            self.by_relation.get(&key).into_iter().flatten()
        };
        let needed = |id: &Id| self.by_id.get(id).into_iter().flatten();
        let mut concern: Vec<usize> = Vec::new();
        concern.extend(related((&node.id.schema, &node.id.name)));
        concern.extend(self.by_schema.get(&node.id.schema).into_iter().flatten());
        concern.extend(node.needs.iter().flat_map(needed));
        concern.sort_unstable();
        concern.dedup();
        for rename in concern.into_iter().map(|n| &self.renames[n]) {
            if is_no_word(rename.to.kind) {
                // Such a name may be a column's too, and a column's word is never taken for it.
                let own = node.id == rename.to && rename.to.kind == Kind::Rule;
                let routine = matches!(node.object, Object::Routine(_));
                if !(own || routine && node.needs.contains(&rename.to)) {
                    continue;
                }
            }
            match &rename.part {
                Some((was, is)) => words.parts.push((was.clone(), is.clone())),
                None => {
                    let name = |id: &'_ Id| id.own_name().clone();
                    words
                        .names
                        .insert(name(&rename.from), (name(&rename.to), &rename.to));
                }
            }
        }
        words
    }
}

fn is_type(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Enum | Kind::Domain | Kind::Composite | Kind::Range | Kind::BaseType | Kind::Table
    )
}

/// Whether no expression names such an object; a routine's `ON CONFLICT ON CONSTRAINT` may.
fn is_no_word(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Constraint | Kind::Index | Kind::Trigger | Kind::Policy | Kind::Rule
    )
}
