//! Types and values as SQL: what a type is called, a value of it, a condition on it.

use model::quote::{ident, literal, qualified};

use super::world::{Condition, Ty, Uid, What, World};

impl World {
    pub(crate) fn name(&self, uid: Uid) -> String {
        let name = self.get(uid).map_or("gone", |item| item.name.as_str());
        ident(name).into_owned()
    }

    /// The name with its schema.
    pub(crate) fn path(&self, uid: Uid) -> String {
        let Some(item) = self.get(uid) else {
            return "gone".to_owned();
        };
        let schema = self.get(item.schema).map_or("gone", |s| s.name.as_str());
        qualified(schema, &item.name)
    }

    pub(crate) fn names(&self, list: &[Uid]) -> String {
        let names: Vec<_> = list.iter().map(|uid| self.name(*uid)).collect();
        names.join(", ")
    }

    pub(crate) fn ty(&self, ty: &Ty) -> String {
        match ty {
            Ty::Builtin(name) => (*name).to_owned(),
            Ty::User(uid) => self.path(*uid),
            Ty::Array(of) => format!("{}[]", self.ty(of)),
        }
    }

    /// What a domain stands on.
    pub(crate) fn base<'a>(&'a self, ty: &'a Ty) -> &'a Ty {
        match ty {
            Ty::User(uid) => match self.get(*uid).map(|item| &item.what) {
                Some(What::Domain(domain)) => self.base(&domain.base),
                _ => ty,
            },
            _ => ty,
        }
    }

    /// The built-in type without modifiers, where it stands on one.
    pub(crate) fn builtin<'a>(&'a self, ty: &'a Ty) -> &'a str {
        match self.base(ty) {
            Ty::Builtin(name) => name.split('(').next().unwrap_or(name),
            _ => "",
        }
    }

    pub(crate) fn is_number(&self, ty: &Ty) -> bool {
        let name = self.builtin(ty);
        let exact = matches!(name, "integer" | "bigint" | "smallint" | "numeric");
        exact || matches!(name, "real" | "double precision")
    }

    pub(crate) fn is_text(&self, ty: &Ty) -> bool {
        matches!(self.builtin(ty), "text" | "character varying" | "character")
    }

    pub(crate) fn is_range(&self, ty: &Ty) -> bool {
        let defined = |uid: &Uid| matches!(self.get(*uid).map(|i| &i.what), Some(What::Range(_)));
        match self.base(ty) {
            Ty::Builtin(name) => *name == "int4range",
            Ty::User(uid) => defined(uid),
            Ty::Array(_) => false,
        }
    }

    /// Whether values have an order of their own, as keys and indexes want it.
    pub(crate) fn is_ordered(&self, ty: &Ty) -> bool {
        match self.base(ty) {
            Ty::Builtin(name) => !matches!(*name, "json" | "xml" | "point"),
            Ty::User(_) => true,
            Ty::Array(of) => self.is_ordered(of),
        }
    }

    /// A value of the type that follows from `g`, an integer expression: small ones give different
    /// values.
    pub(crate) fn sample(&self, ty: &Ty, g: &str) -> String {
        match ty {
            Ty::Array(of) => format!("ARRAY[{}]::{}", self.sample(of, g), self.ty(ty)),
            Ty::User(uid) => match self.get(*uid).map(|item| &item.what) {
                Some(What::Domain(domain)) => {
                    format!("({})::{}", self.sample(&domain.base, g), self.ty(ty))
                }
                Some(What::Enum(labels)) => {
                    let count = labels.len().max(1);
                    format!("(enum_range(NULL::{}))[1 + ({g}) % {count}]", self.ty(ty))
                }
                Some(What::Composite(attributes)) => {
                    let values: Vec<_> = attributes
                        .iter()
                        .map(|(_, _, ty)| self.sample(ty, g))
                        .collect();
                    format!("ROW({})::{}", values.join(", "), self.ty(ty))
                }
                Some(What::Range(of)) => {
                    let (low, high) = (self.sample(of, g), self.sample(of, &format!("({g} + 1)")));
                    format!("{}({low}, {high})", self.ty(ty))
                }
                _ => "NULL".to_owned(),
            },
            Ty::Builtin(name) => match self.builtin(ty) {
                "text" | "character varying" | "character" => format!("('v' || ({g}))::{name}"),
                "boolean" => format!("(({g}) % 2 = 0)"),
                "date" => format!("(date '2024-01-01' + ({g}))"),
                "uuid" => format!("md5(({g})::text)::uuid"),
                "jsonb" => format!("jsonb_build_object('k', {g})"),
                "json" => format!("json_build_object('k', {g})"),
                "bytea" => format!("convert_to('b' || ({g}), 'UTF8')"),
                "int4range" => format!("int4range({g}, {g} + 1)"),
                "inet" => format!("(inet '10.0.0.0' + ({g}))"),
                "interval" => format!("(({g}) * interval '1 hour')"),
                "time without time zone" => format!("(time '01:00' + ({g}) * interval '1 minute')"),
                "timestamp with time zone" | "timestamp without time zone" => {
                    format!(
                        "(timestamptz '2024-01-01 00:00:00+00' + ({g}) * interval '1 day')::{name}"
                    )
                }
                _ => format!("({g})::{name}"),
            },
        }
    }

    /// A condition that samples of its column satisfy; `row` stands before the column.
    pub(crate) fn condition(&self, condition: &Condition, row: &str) -> String {
        let name = format!("{row}{}", self.name(condition.column));
        let Some(column) = self.column(condition.column) else {
            return "false".to_owned();
        };
        if let Some(by) = condition.by {
            return format!("{}({name})", self.path(by));
        }
        let n = condition.number;
        if self.is_number(&column.ty) {
            return match n % 4 {
                0 => format!("{name} > {}", -i64::from(n)),
                1 => format!("{name} BETWEEN -{n} AND 30000"),
                2 => format!("{name} <> {}", 900 + n),
                _ => format!("{name} NOT IN ({}, {})", 800 + n, 801 + n),
            };
        }
        if self.is_text(&column.ty) {
            return match n % 3 {
                0 => format!("length({name}) < {}", 50 + n),
                1 => format!("{name} <> 'x{n}'"),
                _ => format!("{name} NOT LIKE '%x{n}%'"),
            };
        }
        if let Ty::User(uid) = &column.ty
            && let Some(What::Enum(labels)) = self.get(*uid).map(|item| &item.what)
            && n.is_multiple_of(2)
        {
            // The same label as before, whatever its name is now.
            let label = labels
                .iter()
                .find(|(number, _)| *number == n % 3)
                .or(labels.first());
            let label = label.map_or("", |(_, label)| label);
            return format!("{name} >= {} OR {name} IS NOT NULL", literal(label));
        }
        match n % 2 {
            0 => format!("{name} IS NULL OR {n} > 0"),
            _ => format!("{name} IS NOT NULL OR {n} > 0"),
        }
    }
}
