//! Access control lists → [`Privileges`]: what each grantee may do, where that isn't the default.
//!
//! Never keeps who granted: a grant by another role than the owner gives the same right.

use std::collections::BTreeMap;

use model::schema::{Name, PUBLIC, Privilege, Privileges};

use super::array;

/// The classes of objects that the manual gives default privileges for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Table,
    Column,
    Sequence,
    Function,
    Type,
    Schema,
    Language,
    Wrapper,
    Server,
    LargeObject,
    /// Where nothing is anybody's by default: the entries of one schema's default privileges.
    Nothing,
}

use Privilege::*;

/// The letters of an `aclitem`.
const LETTERS: &[(u8, Privilege)] = &[
    (b'r', Select),
    (b'a', Insert),
    (b'w', Update),
    (b'd', Delete),
    (b'D', Truncate),
    (b'x', References),
    (b't', Trigger),
    (b'm', Maintain),
    (b'U', Usage),
    (b'C', Create),
    (b'X', Execute),
    (b'c', Connect),
    (b'T', Temporary),
    (b's', Set),
    (b'A', AlterSystem),
];

/// Everything that can be done with a table, in PostgreSQL 17.
const ON_TABLE: &[Privilege] = &[
    Select, Insert, Update, Delete, Truncate, References, Trigger, Maintain,
];

/// What the owner and everybody have by default: `acldefault()`.
fn defaults(class: Class) -> (&'static [Privilege], &'static [Privilege]) {
    match class {
        Class::Table => (ON_TABLE, &[]),
        Class::Sequence => (&[Select, Update, Usage], &[]),
        Class::Function => (&[Execute], &[Execute]),
        Class::Type | Class::Language => (&[Usage], &[Usage]),
        Class::Schema => (&[Usage, Create], &[]),
        Class::Wrapper | Class::Server => (&[Usage], &[]),
        Class::LargeObject => (&[Select, Update], &[]),
        Class::Column | Class::Nothing => (&[], &[]),
    }
}

/// What each grantee has that differs from the default; an empty set where the default was revoked.
pub(super) fn lower(
    acl: Option<&str>,
    class: Class,
    owner: &Name,
    version: u32,
) -> BTreeMap<Name, Privileges> {
    let Some(acl) = acl else {
        return BTreeMap::new();
    };
    let mut grants = parse(acl);
    if class == Class::Table && version < 170_000 {
        for held in grants.values_mut() {
            all_includes_maintain(held);
        }
    }
    let (owners, everybodys) = defaults(class);
    for (grantee, default) in [(owner.clone(), owners), (Name::from(PUBLIC), everybodys)] {
        let default: Privileges = default.iter().map(|p| (*p, false)).collect();
        let held = grants.entry(grantee.clone()).or_default();
        // The owner may always grant, so an entry of his that says so says nothing.
        let same = if grantee == *owner {
            held.keys().eq(default.keys())
        } else {
            *held == default
        };
        if same {
            grants.remove(&grantee);
        }
    }
    grants
}

/// `GRANT ALL` reads the same in every major: 17 added MAINTAIN to what it grants.
fn all_includes_maintain(held: &mut Privileges) {
    let rest = &ON_TABLE[..ON_TABLE.len() - 1];
    if rest.iter().all(|p| held.get(p) == Some(&false)) {
        held.insert(Maintain, false);
    } else if rest.iter().all(|p| held.get(p) == Some(&true)) {
        held.insert(Maintain, true);
    }
}

/// The grants of an `aclitem[]` in text form, by grantee.
pub(super) fn parse(acl: &str) -> BTreeMap<Name, Privileges> {
    let mut grants: BTreeMap<Name, Privileges> = BTreeMap::new();
    for item in array::parse(acl).unwrap_or_default() {
        let Some((grantee, rest)) = grantee(&item) else {
            continue;
        };
        let letters = rest.split('/').next().unwrap_or_default().as_bytes();
        let held = grants.entry(grantee).or_default();
        for (i, letter) in letters.iter().enumerate() {
            if let Some((_, privilege)) = LETTERS.iter().find(|(l, _)| l == letter) {
                *held.entry(*privilege).or_default() |= letters.get(i + 1) == Some(&b'*');
            }
        }
    }
    grants
}

/// The role before the `=`, quoted where it isn't plain, and what follows.
fn grantee(item: &str) -> Option<(Name, &str)> {
    if let Some(rest) = item.strip_prefix('=') {
        return Some((Name::from(PUBLIC), rest));
    }
    if item.starts_with('"') {
        let end = super::text::after_quoted(item, 0);
        let name = item[1..end - 1].replace("\"\"", "\"");
        return Some((Name::from(name), item[end..].strip_prefix('=')?));
    }
    let (name, rest) = item.split_once('=')?;
    Some((Name::from(name), rest))
}

/// `ALTER DEFAULT PRIVILEGES`.
pub(super) mod default {
    use super::super::address::class as address;
    use super::super::batch::Scope;
    use super::super::lowering::Lowering;
    use super::super::rows::Rows;
    use super::super::{CatalogError, privileges};
    use super::Class;
    use model::schema::{Name, Node, Object};
    use model::{Id, Kind};

    pub(in crate::catalog) fn sql(scope: &Scope<'_>) -> String {
        format!(
            "SELECT d.oid, d.defaclrole, d.defaclnamespace, d.defaclobjtype, d.defaclacl::text \
             FROM pg_default_acl d WHERE d.defaclnamespace = 0 OR {}",
            scope.visible("d.defaclnamespace")
        )
    }

    pub(in crate::catalog) fn lower(
        rows: &Rows,
        to: &mut Lowering<'_>,
    ) -> Result<(), CatalogError> {
        for mut row in rows.iter() {
            let oid = row.oid()?;
            let role = row.oid()?;
            let role = to.role_name(role);
            let schema = row.oid()?;
            let (word, class) = match row.letter()? {
                b'r' => ("tables", Class::Table),
                b'S' => ("sequences", Class::Sequence),
                b'f' => ("functions", Class::Function),
                b'T' => ("types", Class::Type),
                b'n' => ("schemas", Class::Schema),
                b'L' => ("large objects", Class::LargeObject),
                other => return Err(row.unexpected(char::from(other))),
            };
            // Entries for all schemas replace the default; those for one schema add to it.
            let class = if schema == 0 { class } else { Class::Nothing };
            let mut grants = privileges::lower(row.opt()?, class, &role, to.scope.version);
            if class == Class::Nothing && word == "tables" && !to.scope.since(17) {
                grants
                    .values_mut()
                    .for_each(privileges::all_includes_maintain);
            }
            let schema = if schema == 0 {
                Name::default()
            } else {
                to.schema_name(schema)
            };
            let id = Id::new(Kind::DefaultPrivileges, schema.clone(), role, word);
            let mut node = Node::new(id, Object::DefaultPrivileges(grants));
            if !schema.is_empty() {
                node.needs.push(Id::global(Kind::Schema, schema));
            }
            to.place((address::DEFAULT_ACL, oid, 0), node);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lowered(acl: &str, class: Class, version: u32) -> String {
        let grants = lower(Some(acl), class, &Name::from("me"), version);
        format!("{grants:?}")
    }

    #[test]
    fn only_what_differs_from_the_default_is_kept() {
        assert_eq!(lowered("{me=arwdDxt/me}", Class::Table, 150_000), "{}");
        assert_eq!(lowered("{me=arwdDxtm/me}", Class::Table, 170_000), "{}");
        assert_eq!(
            lowered("{me=arwdDxtm/me,anon=r*a/me}", Class::Table, 170_000),
            "{\"anon\": {Select: true, Insert: false}}"
        );
        assert_eq!(
            lowered("{me=X/me}", Class::Function, 150_000),
            "{\"public\": {}}"
        );
        assert_eq!(
            lowered("{}", Class::Function, 150_000),
            "{\"me\": {}, \"public\": {}}"
        );
    }

    #[test]
    fn all_is_the_same_in_every_major() {
        assert_eq!(
            lowered("{me=arwdDxt/me,a=arwdDxt/me}", Class::Table, 160_000),
            lowered("{me=arwdDxtm/me,a=arwdDxtm/me}", Class::Table, 170_000),
        );
    }

    #[test]
    fn names_of_roles_lose_their_quotes() {
        assert_eq!(
            lowered(
                r#"{"\"my \"\"role\"=r/me",me=arwdDxt/me}"#,
                Class::Table,
                150_000
            ),
            r#"{"my \"role": {Select: false}}"#
        );
    }
}
