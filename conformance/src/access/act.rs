//! Many tries in one round trip: each in a subtransaction that is undone, answers kept.

use model::quote::literal;

use super::Got;
use crate::rows::{Bench, Stop};

/// One statement of somebody's, and what is done before it by us.
#[derive(Clone, Debug, Default)]
pub(super) struct Ask {
    pub(super) before: String,
    pub(super) sql: String,
    /// Whether the first column of its one row is the answer, instead of how many rows there were.
    pub(super) value: bool,
}

impl Ask {
    pub(super) fn of(sql: String) -> Self {
        Ask {
            sql,
            ..Ask::default()
        }
    }
}

/// What the server said: SQLSTATE and words, or [`DONE`] and the answer.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) state: String,
    pub(super) words: String,
}

/// The SQLSTATE by which a try that was done undoes itself.
const DONE: &str = "PIL00";

impl Answer {
    pub(super) fn is_done(&self) -> bool {
        self.state == DONE
    }

    fn rows(&self) -> u64 {
        self.words.parse().unwrap_or(0)
    }

    /// What it shows of access. A constraint that refuses a row has seen it: access had let it pass.
    pub(super) fn got(&self) -> Got {
        match self.state.as_str() {
            DONE if self.rows() > 0 => Got::Allowed,
            DONE => Got::Refused("no row".into()),
            state if state.starts_with("23") => Got::Allowed,
            // Of a table that others refer to: the privilege was there.
            "0A000" => Got::Allowed,
            state if state.starts_with("42") || state == "44000" => {
                Got::Refused(self.words.clone())
            }
            _ => Got::Unknown(format!("{} {}", self.state, self.words)),
        }
    }
}

/// Runs the statements of one persona, who is made by `request` and `role`.
pub(super) fn act(
    bench: &mut Bench,
    (request, role): (&str, &str),
    asks: &[Ask],
) -> Result<Vec<Answer>, Stop> {
    if asks.is_empty() {
        return Ok(Vec::new());
    }
    let array = |of: &dyn Fn(&Ask) -> String| -> String {
        let all: Vec<String> = asks.iter().map(of).collect();
        all.join(", ")
    };
    let body = format!(
        "DECLARE
  befores text[] := ARRAY[{}]::text[];
  statements text[] := ARRAY[{}]::text[];
  valued boolean[] := ARRAY[{}]::boolean[];
  answers jsonb := '[]';
  answer text; state text;
BEGIN
  EXECUTE {};
  FOR i IN 1 .. pg_catalog.array_length(statements, 1) LOOP
    BEGIN
      IF befores[i] <> '' THEN EXECUTE befores[i]; END IF;
      EXECUTE {};
      IF valued[i] THEN
        EXECUTE statements[i] INTO answer;
      ELSE
        EXECUTE statements[i];
        GET DIAGNOSTICS answer = ROW_COUNT;
      END IF;
      RAISE EXCEPTION USING ERRCODE = '{DONE}', MESSAGE = coalesce(answer, 'null');
    EXCEPTION WHEN OTHERS THEN
      GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, answer = MESSAGE_TEXT;
      answers := answers || pg_catalog.jsonb_build_array(pg_catalog.jsonb_build_array(state, answer));
    END;
  END LOOP;
  PERFORM pg_catalog.set_config('pilaster.answers', answers::text, true);
END",
        array(&|a| literal(&a.before)),
        array(&|a| literal(&a.sql)),
        array(&|a| a.value.to_string()),
        literal(request),
        literal(role),
    );
    let tag = model::quote::dollar(&body);
    let rows = bench.query(&format!(
        "DO {tag}; SELECT current_setting('pilaster.answers') AS answers"
    ))?;
    let text = rows
        .into_iter()
        .find_map(|mut row| row.remove("answers").flatten())
        .unwrap_or_default();
    let all: Vec<(String, String)> =
        serde_json::from_str(&text).map_err(|error| Stop::Fault(error.to_string()))?;
    Ok(all
        .into_iter()
        .map(|(state, words)| Answer { state, words })
        .collect())
}
