//! What each contender does, in the way that its own documentation shows.

use crate::given::{Given, Seen};

/// One way to read and write rows. Every call is one that an application would make; what is not
/// the library's work (making its own structs of what is given) is done in `ready_…`, untimed.
pub trait Contender {
    /// What it is called in the table.
    fn name(&self) -> &'static str;

    /// The row of a key.
    fn read(&mut self, id: i64) -> Option<Seen>;

    /// Takes a row that [`Contender::insert`] will insert.
    fn ready_insert(&mut self, row: &Given);

    /// Inserts a row and returns it as the database made it.
    fn insert(&mut self) -> Seen;

    /// A hundred rows after a key, in the order of keys, each with its mails; answers how many rows
    /// and mails there were, and the sum of the mails' keys times the place of their row.
    fn page(&mut self, after: i64) -> (usize, usize, i64);

    /// Takes the rows of the next [`Contender::bulk`].
    fn ready_bulk(&mut self, rows: &[Given]);

    /// Inserts all of them and says how many they were.
    fn bulk(&mut self) -> u64;
}

/// What [`Contender::page`] answers: the keys of the mails of each row.
pub fn summed<'m, M: 'm>(
    mails: impl IntoIterator<Item = &'m Vec<M>>,
    id: impl Fn(&M) -> i64,
) -> (usize, usize, i64) {
    let (mut rows, mut count, mut sum) = (0, 0, 0);
    for mails in mails {
        rows += 1;
        count += mails.len();
        sum += rows as i64 * mails.iter().map(&id).sum::<i64>();
    }
    (rows, count, sum)
}
