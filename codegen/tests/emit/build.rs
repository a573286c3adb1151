//! Schemas written by hand, for the emitters. Nothing here knows the language.

use model::schema::*;
use model::{Id, Kind, Name};

/// A schema in the making, of objects in `public`.
#[derive(Default)]
pub(crate) struct Build(Builder, u32);

impl Build {
    pub(crate) fn node(&mut self, id: Id, object: Object, comment: &str) -> &mut Self {
        let mut node = Node::new(id, object);
        node.comment = (!comment.is_empty()).then(|| comment.into());
        self.1 += 1;
        node.ordinal = self.1;
        self.0.insert(node).unwrap();
        self
    }

    pub(crate) fn table(&mut self, name: &str, comment: &str) -> &mut Self {
        self.node(
            Id::table("public", name),
            Object::Table(Table::default()),
            comment,
        )
    }

    pub(crate) fn column(
        &mut self,
        table: &str,
        name: &str,
        column: Column,
        comment: &str,
    ) -> &mut Self {
        self.node(
            Id::column("public", table, name),
            Object::Column(column),
            comment,
        )
    }

    pub(crate) fn constraint(
        &mut self,
        table: &str,
        name: &str,
        body: ConstraintBody,
    ) -> &mut Self {
        let id = Id::table("public", table).within(Kind::Constraint, name);
        self.node(id, Object::Constraint(Constraint::new(body)), "")
    }

    pub(crate) fn primary_key(&mut self, table: &str, columns: &[&str]) -> &mut Self {
        let columns = columns.iter().map(|c| Name::from(*c)).collect();
        let key = ConstraintBody::PrimaryKey(UniqueKey::new(columns));
        self.constraint(table, &format!("{table}_pkey"), key)
    }

    pub(crate) fn check(&mut self, table: &str, name: &str, condition: &str) -> &mut Self {
        let check = Check {
            condition: Expr::new(condition),
            no_inherit: false,
        };
        self.constraint(table, name, ConstraintBody::Check(check))
    }

    pub(crate) fn shape(&mut self, name: &str, body: ShapeType, comment: &str) -> &mut Self {
        let id = Id::in_schema(Kind::Shape, "public", name);
        self.node(id, Object::Shape(Shape { body, reads: false }), comment)
    }

    pub(crate) fn finish(&mut self) -> Schema {
        std::mem::take(&mut self.0).finish()
    }
}

/// A column that refuses null; a type that ends in `?` accepts it, one in `[]` is an array.
pub(crate) fn column(ty: &str) -> Column {
    let (ty, nullable) = ty.strip_suffix('?').map_or((ty, false), |ty| (ty, true));
    let (ty, array) = ty.strip_suffix("[]").map_or((ty, false), |ty| (ty, true));
    let (name, modifiers) = match ty.split_once('(') {
        Some((name, rest)) => (name, Some(Name::from(rest.trim_end_matches(')')))),
        None => (ty, None),
    };
    let mut of = match name.split_once('.') {
        Some((schema, name)) => Type::user(schema, name),
        None => Type::builtin(name),
    };
    of.modifiers = modifiers;
    of.array = array;
    let mut column = Column::new(of);
    column.not_null = !nullable;
    column
}

pub(crate) fn with_default(ty: &str, default: &str) -> Column {
    Column {
        default: Some(Expr::new(default)),
        ..column(ty)
    }
}

pub(crate) fn documents(ty: &str, shape: ShapeType) -> Column {
    Column {
        documents: Documents(Some(Box::new(shape))),
        ..column(ty)
    }
}

pub(crate) fn text() -> ShapeType {
    ShapeType::Text {
        min_length: None,
        max_length: None,
        pattern: None,
    }
}

pub(crate) fn integer() -> ShapeType {
    ShapeType::Integer {
        bits: 32,
        min: None,
        max: None,
    }
}

pub(crate) fn array(items: ShapeType) -> ShapeType {
    ShapeType::Array {
        items: Box::new(items),
        min_items: None,
        max_items: None,
    }
}

pub(crate) fn shape(name: &str) -> ShapeType {
    ShapeType::Shape("public".into(), name.into())
}

/// An object; a name that ends in `?` is optional.
pub(crate) fn object(unknown: UnknownKeys, fields: Vec<(&str, ShapeType)>) -> ShapeType {
    let field = |(name, ty): (&str, ShapeType)| {
        let (name, presence) = match name.strip_suffix('?') {
            Some(name) => (name, Presence::Optional),
            None => (name, Presence::Required),
        };
        Field {
            name: name.into(),
            ty,
            presence,
            doc: None,
            was: None,
            default: None,
        }
    };
    ShapeType::Object {
        fields: fields.into_iter().map(field).collect(),
        unknown,
    }
}
