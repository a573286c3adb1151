//! A world as SQL, written without the plan: the witness.

use std::collections::BTreeSet;

use model::quote::{ident, literal};

use super::tables::{constraint_of, domain_of, index_of, table_of, view_of};
use super::world::*;

/// The statements of one item, which stand or fall together.
pub(crate) struct Made {
    pub(crate) uid: Uid,
    pub(crate) statements: Vec<String>,
}

/// Everything, each item after what it refers to.
pub(crate) fn script(world: &World) -> Vec<Made> {
    let mut order = Order {
        world,
        seen: BTreeSet::new(),
        sorted: Vec::new(),
    };
    let mut all: Vec<Uid> = world.items.keys().copied().collect();
    all.sort_by_key(|uid| (phase(&world.items[uid].what), *uid));
    all.iter().for_each(|uid| order.visit(*uid));
    let mut made: Vec<Made> = order
        .sorted
        .iter()
        .map(|uid| Made {
            uid: *uid,
            statements: create(world, *uid),
        })
        .collect();
    // What belongs to others waits until all of them are there.
    for uid in all {
        made.push(Made {
            uid,
            statements: after(world, uid),
        });
    }
    made.retain(|made| !made.statements.is_empty());
    made
}

struct Order<'a> {
    world: &'a World,
    seen: BTreeSet<Uid>,
    sorted: Vec<Uid>,
}

impl Order<'_> {
    fn visit(&mut self, uid: Uid) {
        if !self.seen.insert(uid) {
            return;
        }
        let Some(item) = self.world.get(uid) else {
            return;
        };
        let mut needs = needs(item);
        if let What::Table(_) = item.what {
            for column in self.world.own_columns(uid) {
                if let Some(column) = self.world.get(column) {
                    needs.extend(self::needs(column));
                }
            }
        }
        let own = |need: &Uid| self.world.column(*need).is_some_and(|c| c.table == uid);
        needs.retain(|need| !own(need));
        needs.into_iter().for_each(|need| self.visit(need));
        self.sorted.push(uid);
    }
}

fn needs(item: &Item) -> Vec<Uid> {
    let mut item = item.clone();
    // A table's replica identity comes last.
    if let What::Table(table) = &mut item.what {
        table.replica = Replica::Default;
    }
    let links = item.links();
    let mut needs = links.all;
    needs.extend(links.some.into_iter().flat_map(|(list, _)| list.clone()));
    for condition in links.conditions.into_iter().flatten() {
        needs.push(condition.column);
        needs.extend(condition.by);
    }
    needs
}

fn phase(what: &What) -> u8 {
    match what {
        What::Schema | What::Role(_) => 0,
        What::Extension => 1,
        What::Collation(_) | What::TextSearch(_) | What::Wrapper(_) => 2,
        What::Enum(_) | What::Domain(_) | What::Composite(_) | What::Range(_) => 3,
        What::Sequence(_) | What::Server(..) | What::Mapping(..) | What::Aggregate(_) => 4,
        What::Table(_) | What::Column(_) => 5,
        What::Constraint(constraint) => match constraint.body {
            Body::Foreign(..) => 8,
            _ => 7,
        },
        What::Index(_) | What::Function(_) | What::View(_) | What::Operator(_) => 9,
        What::Statistics(..) | What::Trigger(_) | What::Rule(_) | What::Policy(_) => 10,
        What::Publication(_) => 11,
        What::Grant(_) => 12,
        What::DefaultPrivileges(_) => 13,
        What::EventTrigger(..) => 14,
    }
}

fn create(world: &World, uid: Uid) -> Vec<String> {
    let Some(item) = world.get(uid) else {
        return Vec::new();
    };
    let (name, path) = (world.name(uid), world.path(uid));
    let one = |text: String| vec![text];
    match &item.what {
        What::Schema if uid == PUBLIC => Vec::new(),
        What::Schema => one(format!("CREATE SCHEMA {name}")),
        What::Role(role) => {
            let mut sql = format!("CREATE ROLE {name}");
            for (set, word) in [
                (role.login, " LOGIN"),
                (!role.inherit, " NOINHERIT"),
                (role.create_database, " CREATEDB"),
            ] {
                sql += if set { word } else { "" };
            }
            if let Some(limit) = role.limit {
                sql += &format!(" CONNECTION LIMIT {limit}");
            }
            if !role.member_of.is_empty() {
                sql += &format!(" IN ROLE {}", world.names(&role.member_of));
            }
            let mut list = one(sql);
            if let Some(n) = role.timeout {
                list.push(format!("ALTER ROLE {name} SET statement_timeout = '{n}s'"));
            }
            list
        }
        What::Extension => {
            let schema = world.name(item.schema);
            one(format!("CREATE EXTENSION {name} SCHEMA {schema}"))
        }
        What::Collation(locale) => one(format!(
            "CREATE COLLATION {path} (provider = icu, locale = '{locale}')"
        )),
        What::Enum(labels) => {
            let labels: Vec<_> = labels.iter().map(|(_, label)| literal(label)).collect();
            one(format!(
                "CREATE TYPE {path} AS ENUM ({})",
                labels.join(", ")
            ))
        }
        What::Domain(domain) => domain_of(world, uid, domain),
        What::Composite(attributes) => {
            let lines: Vec<_> = attributes
                .iter()
                .map(|(_, name, ty)| format!("{} {}", ident(name), world.ty(ty)))
                .collect();
            one(format!("CREATE TYPE {path} AS ({})", lines.join(", ")))
        }
        What::Range(of) => one(format!(
            "CREATE TYPE {path} AS RANGE (subtype = {})",
            world.ty(of)
        )),
        What::Sequence(sequence) => {
            let mut sql = format!(
                "CREATE SEQUENCE {path} AS {} INCREMENT {} CACHE {}",
                sequence.ty, sequence.increment, sequence.cache
            );
            if let Some(start) = sequence.start.filter(|_| sequence.increment > 0) {
                sql += &format!(" START {start}");
            }
            sql += if sequence.cycle { " CYCLE" } else { "" };
            one(sql)
        }
        What::Table(table) => table_of(world, uid, table),
        What::Column(_) => Vec::new(),
        What::Constraint(constraint) => one(constraint_of(world, uid, constraint)),
        What::Index(index) => one(index_of(world, uid, index)),
        What::View(view) => {
            let mut list = one(view_of(world, uid, view));
            // At once: whether its owner may read what is below decides what can be filled from it.
            list.extend(owner_of(world, uid, item));
            list
        }
        What::Function(function) => one(super::code::function(world, uid, function)),
        What::Aggregate(ty) => one(format!(
            "CREATE AGGREGATE {path}({ty}) (SFUNC = {}, STYPE = {ty})",
            match *ty {
                "integer" => "int4pl",
                "bigint" => "int8pl",
                _ => "textcat",
            }
        )),
        What::Trigger(trigger) => super::code::trigger(world, uid, trigger),
        What::Rule(rule) => {
            let when = rule.when.as_ref().map_or_else(String::new, |when| {
                format!(" WHERE {}", world.condition(when, "old."))
            });
            let how = if rule.instead { "INSTEAD" } else { "ALSO" };
            one(format!(
                "CREATE RULE {name} AS ON {} TO {}{when} DO {how} NOTHING",
                rule.event,
                world.path(rule.on)
            ))
        }
        What::Policy(policy) => one(super::code::policy(world, uid, policy)),
        What::Statistics(columns, kinds) => {
            let table = columns.first().and_then(|c| world.column(*c));
            let table = table.map_or_else(String::new, |c| world.path(c.table));
            let columns = world.names(columns);
            one(format!(
                "CREATE STATISTICS {path}{kinds} ON {columns} FROM {table}"
            ))
        }
        What::EventTrigger(function, event, enabled) => {
            let mut list = one(format!(
                "CREATE EVENT TRIGGER {name} ON {event} EXECUTE FUNCTION {}()",
                world.path(*function)
            ));
            if !enabled {
                list.push(format!("ALTER EVENT TRIGGER {name} DISABLE"));
            }
            list
        }
        What::Publication(publication) => {
            let tables: Vec<_> = publication.tables.iter().map(|t| world.path(*t)).collect();
            let what = match (publication.all, tables.is_empty()) {
                (true, _) => " FOR ALL TABLES".to_owned(),
                (false, true) => String::new(),
                (false, false) => format!(" FOR TABLE {}", tables.join(", ")),
            };
            let publish = publication.publish;
            one(format!(
                "CREATE PUBLICATION {name}{what} WITH (publish = '{publish}')"
            ))
        }
        What::Wrapper(n) => one(format!(
            "CREATE FOREIGN DATA WRAPPER {name} OPTIONS (debug '{n}')"
        )),
        What::Server(wrapper, n) => one(format!(
            "CREATE SERVER {name} FOREIGN DATA WRAPPER {} OPTIONS (host 'h{n}')",
            world.name(*wrapper)
        )),
        What::Mapping(server, role, n) => {
            let role = role.map_or("PUBLIC".to_owned(), |role| world.name(role));
            let server = world.name(*server);
            one(format!(
                "CREATE USER MAPPING FOR {role} SERVER {server} OPTIONS (\"user\" 'u{n}')"
            ))
        }
        What::TextSearch(copied) => one(format!(
            "CREATE TEXT SEARCH CONFIGURATION {path} (COPY = pg_catalog.{copied})"
        )),
        What::Operator(function) => {
            let ty = match world.get(*function).map(|item| &item.what) {
                Some(What::Function(f)) => match &f.form {
                    FunctionForm::Compare(ty) => world.ty(ty),
                    _ => return Vec::new(),
                },
                _ => return Vec::new(),
            };
            let schema = world.name(item.schema);
            one(format!(
                "CREATE OPERATOR {schema}.{} (LEFTARG = {ty}, RIGHTARG = {ty}, FUNCTION = {})",
                item.name,
                world.path(*function)
            ))
        }
        What::Grant(grant) => super::code::grant(world, grant),
        What::DefaultPrivileges(defaults) => super::code::default_privileges(world, defaults),
    }
}

/// Owners, comments, and what refers to what came later.
fn after(world: &World, uid: Uid) -> Vec<String> {
    let Some(item) = world.get(uid) else {
        return Vec::new();
    };
    let mut list = Vec::new();
    match &item.what {
        What::Sequence(sequence) => {
            if let Some(column) = sequence.owned_by.and_then(|c| Some((c, world.column(c)?))) {
                list.push(format!(
                    "ALTER SEQUENCE {} OWNED BY {}.{}",
                    world.path(uid),
                    world.path(column.1.table),
                    world.name(column.0)
                ));
            }
        }
        What::Table(table) => {
            let words = match table.replica {
                Replica::Default => None,
                Replica::Full => Some("FULL".to_owned()),
                Replica::Nothing => Some("NOTHING".to_owned()),
                Replica::Index(index) => Some(format!("USING INDEX {}", world.name(index))),
            };
            let path = world.path(uid);
            list.extend(words.map(|words| format!("ALTER TABLE {path} REPLICA IDENTITY {words}")));
            for (set, words) in [
                (table.rls, "ENABLE ROW LEVEL SECURITY"),
                (table.force, "FORCE ROW LEVEL SECURITY"),
            ] {
                list.extend(set.then(|| format!("ALTER TABLE {path} {words}")));
            }
        }
        _ => {}
    }
    let address = super::code::address(world, uid);
    if !matches!(item.what, What::View(_)) {
        list.extend(owner_of(world, uid, item));
    }
    if let (Some(comment), Some(address)) = (&item.comment, &address) {
        list.push(format!("COMMENT ON {address} IS {}", literal(comment)));
    }
    list
}

fn owner_of(world: &World, uid: Uid, item: &Item) -> Option<String> {
    let owner = item.owner.filter(|_| super::code::has_owner(item))?;
    let address = super::code::address(world, uid)?;
    Some(format!("ALTER {address} OWNER TO {}", world.name(owner)))
}
