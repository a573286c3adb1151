//! Conversations, memories and recommendations: the three distances, each by its index.

use std::io::Write;

use pilaster::postgres::Client;
use pilaster::{Distance, Error, Insert, Query, Row, Vector};

use super::given::{self, attempt, refused};
use super::{ADA, Told};
use crate::schema::*;

/// As many numbers as the model's columns say.
const NUMBERS: usize = 1536;

/// Stands for the embedding model that a product would ask: texts that share words are near each
/// other. Each word adds to one place; the whole has length one.
pub fn embed(text: &str) -> Vector {
    let mut numbers = vec![0.0_f32; NUMBERS];
    for word in text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| w.len() > 3)
    {
        let hash = word
            .to_lowercase()
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
            });
        numbers[(hash % NUMBERS as u64) as usize] += 1.0;
    }
    let length = numbers.iter().map(|n| n * n).sum::<f32>().sqrt().max(1.0);
    numbers.iter_mut().for_each(|n| *n /= length);
    Vector(numbers)
}

pub(super) fn the_assistant_remembers(
    client: &mut Client,
    out: &mut impl Write,
    trip: &Trip,
) -> Told {
    let said = [
        "Is there a quiet garden near the temples?",
        "My knees are bad: no stairs in the hotel, please",
        "Which museum in Lisbon has painted tiles?",
    ];
    let messages = said.map(|message| NewConversation {
        user_id: Some(ADA),
        trip_id: Some(trip.id),
        embedding: Some(embed(message)),
        ..NewConversation::new(message.into())
    });
    for message in &messages {
        message.insert(client)?;
    }
    let question = embed("Something about painted tiles in a museum");
    let near = nearest_messages(question.clone());
    let found = near.first(client)?.ok_or("nothing was said")?;
    writeln!(
        out,
        "Asked for tiles, the assistant finds what was said: \"{}\"",
        found.message
    )?;
    by_index(client, out, &near, &question, "conversations_by_meaning")?;

    let fact = "Ada can't climb stairs";
    NewMemory::new(ADA, fact.into(), embed(fact)).insert(client)?;
    let hotel = embed("Which hotel has no stairs?");
    let near = Memory::query()
        .nearest(Memory::EMBEDDING, Distance::Euclidean, hotel.clone())
        .limit(1);
    client.batch_execute("ANALYZE memories")?;
    let found = near.first(client)?.ok_or("nothing is remembered")?;
    writeln!(out, "Asked for a hotel, it remembers: \"{}\"", found.fact)?;
    by_index(client, out, &near, &hotel, "memories_by_distance")?;

    for (name, what) in [
        ("Tile museum", "painted tiles of five centuries"),
        ("Surf class", "waves and boards"),
    ] {
        NewActivity {
            embedding: Some(embed(what)),
            ..NewActivity::new(CityId(1), name.into(), 120)
        }
        .insert(client)?;
    }
    let liked = embed("painted tiles");
    let near = Activity::query()
        .nearest(Activity::EMBEDDING, Distance::InnerProduct, liked.clone())
        .limit(1);
    let found = near.first(client)?.ok_or("there is nothing to do")?;
    writeln!(out, "It recommends: {}", found.name)?;
    by_index(client, out, &near, &liked, "activities_by_likeness")?;

    let short = NewMemory::new(ADA, "too short".into(), Vector(vec![1.0, 2.0]));
    match attempt(client, |t| short.insert(t)) {
        Err(MemoryError::Other(error)) if error.class() == Some("22") => {
            writeln!(out, "  Two numbers where 1536 belong are refused.")?;
        }
        other => return Err(format!("not as the model says: {other:?}").into()),
    }
    let elsewhere = NewConversation {
        user_id: Some(given::person(client, given::BEN, "Ben")?.id),
        ..messages[0].clone()
    };
    let outcome = attempt(client, |t| elsewhere.insert(t));
    refused(out, "A message about somebody else's trip", outcome)?;
    let first = Conversation::query()
        .first(client)?
        .ok_or("nothing was said")?;
    NewConversationMember {
        owner_id: Some(ADA),
        ..NewConversationMember::new(first.id, given::BEN)
    }
    .insert(client)?;
    writeln!(out, "Ada lets Ben read one message along.")?;
    Ok(())
}

/// What was said that is nearest to a question.
pub fn nearest_messages(question: Vector) -> Query<Conversation> {
    Conversation::query()
        .nearest(Conversation::EMBEDDING, Distance::Cosine, question)
        .limit(3)
}

/// The server's plan for a question for neighbours. A few rows are read faster without an index, so
/// the server is told that it may not.
///
/// # Errors
///
/// What the server refused.
pub fn plan<R: Row>(client: &mut Client, query: &Query<R>, to: &Vector) -> Result<String, Error> {
    let mut transaction = client.transaction()?;
    transaction.batch_execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")?;
    let rows = transaction.query(&format!("EXPLAIN (COSTS OFF) {query:?}"), &[to, &1_i64])?;
    let lines = rows.iter().map(|row| row.try_get::<_, String>(0));
    Ok(lines.collect::<Result<Vec<_>, _>>()?.join("\n"))
}

fn by_index<R: Row>(
    client: &mut Client,
    out: &mut impl Write,
    query: &Query<R>,
    to: &Vector,
    index: &str,
) -> Told {
    let plan = plan(client, query, to)?;
    if !plan.contains(&format!("Index Scan using {index}")) {
        return Err(format!("{index} was not used:\n{plan}").into());
    }
    writeln!(out, "  found by the index {index}")?;
    Ok(())
}
