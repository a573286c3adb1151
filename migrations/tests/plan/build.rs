//! Schemas in a few words.

use model::schema::{
    Builder, Check, Column, Command, Constraint, ConstraintBody, Enum, Expr, ForeignKey,
    ForeignKeyAction, Id, Identity, IdentityMode, Index, IndexKey, Kind, MatchKind, Name, Node,
    Object, Policy, Privilege, SequenceOptions, Table, Type, UniqueKey,
};

/// A schema in the making; everything is in `public`.
#[derive(Default)]
pub(crate) struct Db {
    pub(crate) builder: Builder,
    ordinal: u32,
}

impl Db {
    pub(crate) fn add(&mut self, id: Id, object: Object) -> &mut Node {
        self.ordinal += 1;
        let mut node = Node::new(id.clone(), object);
        node.ordinal = self.ordinal;
        self.builder.insert(node).expect("a new id");
        self.builder.get_mut(&id).expect("the new node")
    }

    pub(crate) fn enumeration(&mut self, name: &str, labels: &[&str]) -> &mut Node {
        let labels = labels.iter().map(|label| (*label).into()).collect();
        self.add(
            Id::in_schema(Kind::Enum, "public", name),
            Object::Enum(Enum { labels }),
        )
    }

    /// A table with an identity for its primary key.
    pub(crate) fn table(&mut self, name: &str) -> &mut Node {
        self.bare_table(name);
        let ty = Type::builtin("bigint");
        let mut id = Column::new(ty.clone());
        id.not_null = true;
        let options = SequenceOptions::default_for(&ty);
        id.identity = Some(Box::new(Identity::new(IdentityMode::Always, options)));
        self.add(Id::column("public", name, "id"), Object::Column(id));
        let key = ConstraintBody::PrimaryKey(UniqueKey::new(vec![Name::from("id")]));
        self.constraint(name, &format!("{name}_pkey"), key);
        self.builder
            .get_mut(&Id::table("public", name))
            .expect("the table")
    }

    pub(crate) fn bare_table(&mut self, name: &str) -> &mut Node {
        self.add(Id::table("public", name), Object::Table(Table::default()))
    }

    /// A column that is not null, of a type by its name; `?` at the end makes it nullable.
    pub(crate) fn column(&mut self, table: &str, name: &str, ty: &str) -> &mut Node {
        let given = ty.len();
        let plain = ty.trim_end_matches('?');
        let ty = match plain.strip_prefix("public.") {
            Some(name) => Type::user("public", name),
            None => Type::builtin(plain),
        };
        let nullable = plain.len() < given;
        let mut column = Column::new(ty);
        column.not_null = !nullable;
        self.add(Id::column("public", table, name), Object::Column(column))
    }

    pub(crate) fn with_default(&mut self, table: &str, name: &str, ty: &str, default: &str) {
        let node = self.column(table, name, ty);
        if let Object::Column(column) = &mut node.object {
            column.default = Some(Expr::new(default));
        }
    }

    pub(crate) fn constraint(
        &mut self,
        table: &str,
        name: &str,
        body: ConstraintBody,
    ) -> &mut Node {
        let id = Id::new(Kind::Constraint, "public", table, name);
        self.add(id, Object::Constraint(Constraint::new(body)))
    }

    pub(crate) fn check(&mut self, table: &str, name: &str, condition: &str) {
        let check = Check {
            condition: Expr::new(condition),
            no_inherit: false,
        };
        let constraint = ConstraintBody::Check(check);
        let columns = ["from", "notes", "remarks"]
            .into_iter()
            .filter(|c| condition.contains(c));
        let needs = columns
            .map(|column| Id::column("public", table, column))
            .collect();
        self.constraint(table, name, constraint).needs = needs;
    }

    pub(crate) fn references(&mut self, table: &str, column: &str, target: &str) {
        let key = ForeignKey {
            columns: vec![Name::from(column)],
            target: Id::table("public", target),
            target_columns: vec![Name::from("id")],
            on_delete: ForeignKeyAction::Cascade,
            on_update: ForeignKeyAction::NoAction,
            delete_columns: Vec::new(),
            matching: MatchKind::Simple,
            period: false,
        };
        let name = format!("{table}_{column}_fkey");
        self.constraint(table, &name, ConstraintBody::ForeignKey(key));
    }

    pub(crate) fn index(&mut self, table: &str, name: &str, columns: &[&str]) -> &mut Node {
        let keys = columns
            .iter()
            .map(|column| IndexKey::column(*column))
            .collect();
        let id = Id::new(Kind::Index, "public", table, name);
        self.add(id, Object::Index(Index::new(keys)))
    }

    pub(crate) fn policy(&mut self, table: &str, name: &str, using: &str) -> &mut Node {
        let policy = Policy {
            permissive: true,
            command: Command::All,
            roles: [Name::from("authenticated")].into(),
            using: Some(Expr::new(using)),
            with_check: None,
        };
        let id = Id::new(Kind::Policy, "public", table, name);
        self.add(id, Object::Policy(policy))
    }

    pub(crate) fn grant(&mut self, table: &str, privileges: &[Privilege]) {
        let node = self
            .builder
            .get_mut(&Id::table("public", table))
            .expect("the table");
        let privileges = privileges.iter().map(|p| (*p, false)).collect();
        node.privileges
            .insert(Name::from("authenticated"), privileges);
    }

    pub(crate) fn secure(&mut self, table: &str) {
        let node = self
            .builder
            .get_mut(&Id::table("public", table))
            .expect("the table");
        if let Object::Table(table) = &mut node.object {
            table.row_security = true;
        }
    }

    pub(crate) fn done(self) -> model::Schema {
        self.builder.finish()
    }
}
