//! Persons with their facts, and the requests they send.

use std::collections::BTreeMap;

use model::quote::{ident, literal, type_name};
use model::schema::{FactSource, Intent, Name, Persona, Type};
use serde_json::{Map, Value, json};

use crate::rows::{Bench, Stop};

/// Somebody: a value for each fact, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) facts: BTreeMap<Name, String>,
}

impl Person {
    /// Somebody nobody has met.
    pub(super) fn new(bench: &mut Bench, intent: &Intent) -> Result<Self, Stop> {
        let mut facts = BTreeMap::new();
        for fact in &intent.facts {
            let value = fresh(bench, &fact.ty).ok_or_else(|| {
                Stop::Undecided(format!(
                    "the fact {} has the type {}, whose values the suite can't make",
                    fact.name, fact.ty
                ))
            })?;
            facts.insert(fact.name.clone(), value);
        }
        Ok(Person { facts })
    }

    /// A fact as an SQL expression.
    pub(super) fn sql(&self, intent: &Intent, fact: &str) -> Option<String> {
        let ty = &intent.fact(fact)?.ty;
        let value = self.facts.get(&Name::from(fact))?;
        Some(format!("{}::{}", literal(value), type_name(ty)))
    }
}

fn fresh(bench: &mut Bench, ty: &Type) -> Option<String> {
    let nonce = bench.next_nonce();
    if ty.schema.is_some() || ty.array {
        return None;
    }
    Some(match ty.name.as_str() {
        "uuid" => format!("00000000-0000-4000-8000-{:012x}", nonce & 0xffff_ffff_ffff),
        "text" | "character varying" | "citext" | "name" => format!("p{nonce}"),
        "integer" | "bigint" | "numeric" => (nonce % 2_000_000_000).to_string(),
        "smallint" => (nonce % 30_000).to_string(),
        _ => return None,
    })
}

/// The statements that make a request of this persona's, before its role is taken.
pub(super) fn request(persona: &Persona, me: &Person, intent: &Intent) -> String {
    let mut claims = Map::new();
    claims.insert("role".into(), json!(persona.role.as_str()));
    let mut settings: Vec<(String, String)> = Vec::new();
    for fact in intent.facts.iter().filter(|_| persona.identified) {
        let Some(value) = me.facts.get(&fact.name) else {
            continue;
        };
        match &fact.source {
            Some(FactSource::Claim(path)) => put(&mut claims, path, json_of(&fact.ty, value)),
            Some(FactSource::Setting(name)) => settings.push((name.to_string(), value.clone())),
            None => {}
        }
    }
    let own = persona.claims.as_deref().map(serde_json::from_str::<Value>);
    if let Some(Ok(Value::Object(own))) = own {
        merge(&mut claims, own);
    }
    let own = persona.settings.iter();
    settings.extend(own.map(|(name, value)| (name.to_string(), value.to_string())));
    settings.push((
        "request.jwt.claims".into(),
        Value::Object(claims).to_string(),
    ));
    // What an earlier request has set holds no longer.
    for fact in &intent.facts {
        if let Some(FactSource::Setting(name)) = &fact.source
            && !settings.iter().any(|(known, _)| *known == **name)
        {
            settings.push((name.to_string(), String::new()));
        }
    }
    let set = settings
        .iter()
        .map(|(name, value)| format!("set_config({}, {}, true)", literal(name), literal(value)));
    format!("SELECT {}", set.collect::<Vec<_>>().join(", "))
}

/// Takes the persona's role for the rest of the transaction.
pub(super) fn role(persona: &Persona) -> String {
    format!("SET LOCAL ROLE {}", ident(&persona.role))
}

/// Makes the rest of the transaction a request of somebody who is known by that value of that type:
/// all facts are carried as the model says, and a subject as Supabase's tokens do.
pub(crate) fn sign_in(bench: &mut Bench, ty: &Type, known: &str) -> Result<(), Stop> {
    let schema = bench.schema();
    let intent = schema.intent();
    let mut claims = Map::new();
    claims.insert("sub".into(), json!(known));
    let mut settings = vec![("request.jwt.claim.sub".to_owned(), known.to_owned())];
    for fact in &intent.facts {
        let value = match fact.ty == *ty {
            true => Some(known.to_owned()),
            false => fresh(bench, &fact.ty),
        };
        let Some(value) = value else { continue };
        match &fact.source {
            Some(FactSource::Claim(path)) => put(&mut claims, path, json_of(&fact.ty, &value)),
            Some(FactSource::Setting(name)) => settings.push((name.to_string(), value)),
            None => {}
        }
    }
    let claims = Value::Object(claims).to_string();
    settings.push(("request.jwt.claims".into(), claims));
    let set = settings
        .iter()
        .map(|(name, value)| format!("set_config({}, {}, true)", literal(name), literal(value)));
    let set: Vec<String> = set.collect();
    bench.query(&format!("SELECT {}", set.join(", "))).map(drop)
}

fn json_of(ty: &Type, value: &str) -> Value {
    match ty.name.as_str() {
        "integer" | "bigint" | "smallint" => {
            value.parse::<i64>().map_or(json!(value), |n| json!(n))
        }
        _ => json!(value),
    }
}

fn put(claims: &mut Map<String, Value>, path: &[Name], value: Value) {
    let [first, rest @ ..] = path else { return };
    if rest.is_empty() {
        claims.insert(first.to_string(), value);
        return;
    }
    let inner = claims
        .entry(first.to_string())
        .or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(inner) = inner {
        put(inner, rest, value);
    }
}

fn merge(claims: &mut Map<String, Value>, more: Map<String, Value>) {
    for (key, value) in more {
        match (claims.get_mut(&key), value) {
            (Some(Value::Object(own)), Value::Object(value)) => merge(own, value),
            (_, value) => {
                claims.insert(key, value);
            }
        }
    }
}
