//! A read over a connection of its own: its rows become objects while the server reads on.
//!
//! Never holds more rows than have just been sent, apart from those that are looked at twice.

use futures_util::TryStreamExt;
use postgres::SimpleQueryMessage;

use super::batch::{self, Scope};
use super::lowering::{Lowering, READERS};
use super::rows::Rows;
use super::{Catalog, CatalogError, ReadOptions};
use crate::Url;
use crate::connect::{self, Stream};

/// How many rows are lowered at once.
const TOGETHER: usize = 256;

/// What is lowered once all of its rows are there: all names first, as one relation may name another.
const WHOLE: &[&str] = &["tables", "views"];

/// Connects and reads what the database holds, as [`read`](super::read) does for a session that is
/// there already; in less time, because nothing waits for the last row, and with less memory.
///
/// [`ReadOptions::in_transaction`] and [`ReadOptions::prepared`] say nothing of a new session.
///
/// # Errors
///
/// [`CatalogError`].
pub fn read_from(url: &Url, options: &ReadOptions) -> Result<Catalog, CatalogError> {
    let stream = connect::stream(url)?;
    let read = read_all(&stream, options);
    stream.close();
    read
}

fn read_all(stream: &Stream, options: &ReadOptions) -> Result<Catalog, CatalogError> {
    let version = match options.version.or(said_version(stream)) {
        Some(version) => version,
        None => asked_version(stream)?,
    };
    if version < 130_000 {
        return Err(CatalogError::Version(version));
    }
    let scope = Scope::new(version, options);
    let (sql, first) = batch::alone(&scope);
    let mut lowering = Lowering::new(scope);
    stream.runtime.block_on(async {
        let messages = stream.client.simple_query_raw(&sql).await?;
        let mut messages = std::pin::pin!(messages);
        let mut statement = 0_usize;
        let mut rows = Vec::new();
        while let Some(message) = messages.try_next().await? {
            let reader = statement.checked_sub(first).and_then(|at| READERS.get(at));
            let ends = match message {
                SimpleQueryMessage::Row(row) => {
                    rows.push(row);
                    false
                }
                // Each statement ends with exactly one of these, whether it gives rows or not.
                SimpleQueryMessage::CommandComplete(_) => true,
                _ => continue,
            };
            let full = rows.len() >= TOGETHER;
            if let Some(reader) = reader
                && (ends || full && !WHOLE.contains(&reader.what))
            {
                let mut answer = Rows::none(reader.what);
                std::mem::swap(&mut answer.rows, &mut rows);
                (reader.lower)(&answer, &mut lowering)?;
                answer.rows.clear();
                rows = answer.rows;
            }
            if ends {
                rows.clear();
                statement += 1;
            }
        }
        Ok::<_, CatalogError>(())
    })?;
    Ok(lowering.finish())
}

/// The version that the server, or the pooler before it, said when the connection was made.
fn said_version(stream: &Stream) -> Option<u32> {
    number(stream.server_version.as_deref()?)
}

/// `15.18 (Debian 15.18-0+deb12u1)` as `server_version_num` has it; none where the form is another.
fn number(text: &str) -> Option<u32> {
    let (major, rest) = text.split_once('.')?;
    let end = rest.find(|c: char| !c.is_ascii_digit());
    let minor = &rest[..end.unwrap_or(rest.len())];
    Some(major.parse::<u32>().ok()? * 10_000 + minor.parse::<u32>().ok()?)
}

fn asked_version(stream: &Stream) -> Result<u32, CatalogError> {
    let asked = stream.client.simple_query(batch::ASK_VERSION);
    batch::said_version(&stream.runtime.block_on(asked)?)
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn a_version_is_read_where_its_form_is_known() {
        assert_eq!(number("15.18 (Debian 15.18-0+deb12u1)"), Some(150_018));
        assert_eq!(number("13.4"), Some(130_004));
        for other in ["18devel", "17beta1", ""] {
            assert_eq!(number(other), None, "{other}");
        }
    }
}
