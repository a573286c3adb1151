//! Strings, numbers and dates drawn for a shape, and what comes close to one.

use serde_json::Value;

use super::Draw;

impl Draw<'_> {
    /// A string with a character more, less or other; a number with another digit.
    pub(super) fn mutated(&mut self, json: &str) -> String {
        match serde_json::from_str::<Value>(json) {
            Ok(Value::String(text)) => {
                let mut chars: Vec<char> = text.chars().collect();
                let at = self.below(chars.len() as u64 + 1) as usize;
                let new: Vec<char> = "0123456789-:.TZtz+ {}aFgä٣\n😀".chars().collect();
                let new = *self.pick(&new);
                match (self.below(3), at < chars.len()) {
                    (0, true) => chars[at] = new,
                    (1, true) => drop(chars.remove(at)),
                    _ => chars.insert(at, new),
                }
                self.string(&String::from_iter(chars))
            }
            Ok(Value::Number(_)) => {
                let end = *self.pick(&[".0", ".5", "e1", "e0", "e-1", "0", "1"]);
                // JSON has no zeros before another digit.
                let is_zero = json.trim_start_matches('-') == "0" && !end.starts_with(['.', 'e']);
                match json.contains(['.', 'e', 'E']) || is_zero {
                    true => json.to_owned(),
                    false => format!("{json}{end}"),
                }
            }
            _ => (*self.pick(&["null", "[]", "{}", "true", "\"\""])).to_owned(),
        }
    }

    /// A string of JSON, now and then with escapes that need not be.
    pub(super) fn string(&mut self, text: &str) -> String {
        if !self.one_in(8) {
            return Value::from(text).to_string();
        }
        let units = text.encode_utf16().map(|unit| format!("\\u{unit:04x}"));
        format!("\"{}\"", units.collect::<String>())
    }

    /// A number of many digits.
    pub(super) fn decimal(&mut self, exponent: u64) -> String {
        let sign = if self.one_in(2) { "-" } else { "" };
        let whole = self.next() >> self.below(64);
        let fraction = match self.one_in(2) {
            true => format!(".{}", self.next()),
            false => String::new(),
        };
        let exponent = match self.one_in(3) {
            true => format!(
                "e{}",
                self.below(exponent * 2 - 39) as i64 - exponent as i64
            ),
            false => String::new(),
        };
        format!("{sign}{whole}{fraction}{exponent}")
    }

    /// A date, of which one in a few does not exist.
    pub(super) fn date(&mut self) -> String {
        let year = *self.pick(&[1, 4, 100, 1582, 1900, 2000, 2023, 2024, 9999]);
        let day = match self.wrong {
            0 => 1 + self.below(28),
            _ => self.below(33),
        };
        let month = match self.wrong {
            0 => 1 + self.below(12),
            _ => self.below(14),
        };
        let year = if self.errs() { year - 1 } else { year };
        format!("{year:04}-{month:02}-{day:02}")
    }

    pub(super) fn timestamp(&mut self) -> String {
        let (hours, rest) = if self.errs() { (25, 61) } else { (24, 60) };
        let fraction = match self.below(3) {
            0 => String::new(),
            _ => {
                let digits = format!("{:010}", self.below(10_000_000_000));
                let most = if self.errs() { 10 } else { 9 };
                format!(".{}", &digits[..1 + self.below(most) as usize])
            }
        };
        format!(
            "{}T{:02}:{:02}:{:02}{fraction}",
            self.date(),
            self.below(hours),
            self.below(rest),
            self.below(rest)
        )
    }
}
