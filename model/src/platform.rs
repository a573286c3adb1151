//! The platforms a model can run on: what they bring, as external objects and as SQL.
//!
//! It never migrates a platform: `supabase_sql` is for a plain server that is to look like one.

use crate::expr::{Function, Relation, Symbols};
use std::collections::BTreeMap;

use crate::schema::{
    Builder, Column, Constraint, ConstraintBody, Id, Kind, Name, Node, Object, Privilege,
    Privileges, Role, Table, Type, UniqueKey,
};

/// The names of the platforms there are.
pub const PLATFORMS: [&str; 1] = ["supabase"];

/// The roles of Supabase that a model can grant to.
const ROLES: [&str; 9] = [
    "anon",
    "authenticated",
    "service_role",
    "authenticator",
    "postgres",
    "supabase_admin",
    "supabase_auth_admin",
    "supabase_storage_admin",
    "dashboard_user",
];

/// The columns of `auth.users` that an application refers to.
const USERS: [(&str, &str, bool); 14] = [
    ("id", "uuid", true),
    ("aud", "character varying", false),
    ("role", "character varying", false),
    ("email", "character varying", false),
    ("encrypted_password", "character varying", false),
    ("email_confirmed_at", "timestamp with time zone", false),
    ("last_sign_in_at", "timestamp with time zone", false),
    ("raw_app_meta_data", "jsonb", false),
    ("raw_user_meta_data", "jsonb", false),
    ("created_at", "timestamp with time zone", false),
    ("updated_at", "timestamp with time zone", false),
    ("phone", "text", false),
    ("deleted_at", "timestamp with time zone", false),
    ("is_anonymous", "boolean", true),
];

/// The functions of the schema `auth`, each with its result.
const FUNCTIONS: [&str; 4] = ["uid", "role", "email", "jwt"];

/// The names a platform brings.
pub(crate) fn declare(platform: &str, symbols: &mut Symbols) {
    if platform != "supabase" {
        return;
    }
    for schema in [
        "auth",
        "extensions",
        "storage",
        "realtime",
        "graphql",
        "graphql_public",
        "vault",
    ] {
        symbols.schemas.insert(Name::from(schema));
        symbols.open_schemas.insert(Name::from(schema));
    }
    symbols.roles.extend(ROLES.map(Name::from));
    let columns = USERS.map(|(name, _, _)| Name::from(name)).to_vec();
    symbols.add_relation(Relation {
        id: Id::table("auth", "users"),
        columns,
        open: true,
    });
    for function in FUNCTIONS {
        let id = Id::in_schema(Kind::Function, "auth", function);
        symbols.add_function(Function {
            id,
            arguments: (0, 0),
        });
    }
    // Supabase installs these from the start.
    for extension in ["pgcrypto", "uuid-ossp"] {
        symbols.add_extension(Name::from(extension), Name::from("extensions"));
    }
}

/// The objects a platform brings, all of them external.
pub(crate) fn lower(platform: &str, builder: &mut Builder) {
    if platform != "supabase" {
        return;
    }
    let mut add = |id: Id, object: Object| {
        let mut node = Node::new(id, object);
        node.external = true;
        // What the model declares itself stands.
        let _ = builder.insert(node);
    };
    for role in ["anon", "authenticated", "service_role"] {
        let bypass_row_security = role == "service_role";
        add(
            Id::global(Kind::Role, role),
            Object::Role(Role {
                bypass_row_security,
                ..Role::default()
            }),
        );
    }
    for schema in ["auth", "extensions"] {
        add(Id::global(Kind::Schema, schema), Object::Schema);
    }
    for function in FUNCTIONS {
        add(
            Id::in_schema(Kind::Function, "auth", function),
            Object::Opaque,
        );
    }
    let users = Id::table("auth", "users");
    add(users.clone(), Object::Table(Table::default()));
    for (name, ty, not_null) in USERS {
        let column = Column {
            not_null,
            ..Column::new(Type::builtin(ty))
        };
        add(users.within(Kind::Column, name), Object::Column(column));
    }
    let key = Constraint::new(ConstraintBody::PrimaryKey(UniqueKey::new(vec![
        Name::from("id"),
    ])));
    add(
        users.within(Kind::Constraint, "users_pkey"),
        Object::Constraint(key),
    );
    let api_roles = ["anon", "authenticated", "service_role"];
    for (class, privileges) in opened() {
        // Supabase gives its API roles everything on what is made in `public`, whoever makes it.
        let granted: Privileges = privileges.into_iter().map(|p| (p, false)).collect();
        let grants = api_roles.map(|role| (Name::from(role), granted.clone()));
        add(
            Id::new(Kind::DefaultPrivileges, "public", "", class),
            Object::DefaultPrivileges(BTreeMap::from(grants)),
        );
    }
    for (ordinal, (name, _, _)) in USERS.iter().enumerate() {
        if let Some(node) = builder.get_mut(&users.within(Kind::Column, *name)) {
            node.ordinal = ordinal as u32 + 1;
        }
    }
}

/// What Supabase's default privileges open in `public`, by class of object.
fn opened() -> [(&'static str, Vec<Privilege>); 3] {
    use Privilege::*;
    let of_tables = vec![
        Select, Insert, Update, Delete, Truncate, References, Trigger, Maintain,
    ];
    [
        ("tables", of_tables),
        ("sequences", vec![Select, Update, Usage]),
        ("functions", vec![Execute]),
    ]
}

/// Supabase's roles, its schema `auth` and the functions in it, as SQL for a plain PostgreSQL.
///
/// It may be run again: roles belong to the server and may be there already. Run it as a
/// superuser, in each database.
pub fn supabase_sql() -> &'static str {
    include_str!("platform/supabase.sql")
}
