//! Whether one migration arrives where several did: the proof behind a squash.
//!
//! Never touches a database that it did not make.

use migrations::history::{DOWN, UP};

use super::contents::Contents;
use super::dump::{Dump, Witness};
use super::{Side, lines, run};
use crate::rows::Stop;
use crate::suite::{Ground, Migration};

/// How the database that `folded` makes differs from the one that the first `count` migrations make,
/// a line each: by our reading of the catalog, by `pg_dump` where it is there, and by the rows that
/// the migrations bring. Then `folded` goes down, to nothing, and up again. Nothing where it holds.
///
/// # Errors
///
/// [`Stop::Failed`] where one of the migrations is refused, [`Stop::Fault`] where the server fails.
pub fn fold(ground: &Ground, count: usize, folded: &Migration) -> Result<Vec<String>, Stop> {
    let witness = Witness::find(ground.server()).ok();
    let witness = witness.as_ref();
    let all = &ground.subject().migrations;
    let nothing = Seen::of(ground, witness, &mut Side::at(ground, &[])?)?;
    let want = Seen::of(
        ground,
        witness,
        &mut Side::at(ground, &all[..count.min(all.len())])?,
    )?;
    let mut side = Side::at(ground, &[])?;
    let steps = [
        ("folded together", UP, &folded.up, &want),
        ("after the way down", DOWN, &folded.down, &nothing),
        ("after up again", UP, &folded.up, &want),
    ];
    for (when, file, sql, want) in steps {
        if let Err(error) = run(&mut side, file, sql)? {
            return Ok(vec![format!("{when}: {error}")]);
        }
        let found = Seen::of(ground, witness, &mut side)?.against(want, when);
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(Vec::new())
}

/// A database with its rows.
struct Seen {
    schema: model::schema::Schema,
    dump: Option<Dump>,
    contents: Contents,
}

impl Seen {
    fn of(ground: &Ground, witness: Option<&Witness>, side: &mut Side) -> Result<Seen, Stop> {
        let dump = witness.map(|w| w.dump(side.database.url()));
        Ok(Seen {
            schema: ground.read(&mut side.client)?,
            dump: dump.transpose().map_err(Stop::Fault)?,
            contents: Contents::read(&mut side.client)?,
        })
    }

    fn against(&self, want: &Seen, when: &str) -> Vec<String> {
        let mut found = lines(when, &self.schema, &want.schema);
        if let (Some(have), Some(want)) = (&self.dump, &want.dump) {
            let told = have.differences(want);
            found.extend(told.into_iter().map(|d| format!("{when}, pg_dump: {d}")));
        }
        let rows = self.contents.differences(&want.contents);
        found.extend(
            rows.into_iter()
                .map(|line| format!("{when}: {line} are not the same")),
        );
        found
    }
}
