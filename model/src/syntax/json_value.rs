//! Whether a text is JSON.
//!
//! It answers yes, or where it is not; it makes no value.

/// Checks that the text is one JSON value.
///
/// # Errors
///
/// The byte where it stops being one, and what was expected there.
pub(crate) fn check(text: &str) -> Result<(), (usize, &'static str)> {
    let mut reader = Reader {
        bytes: text.as_bytes(),
        at: 0,
    };
    reader.value(0)?;
    reader.blanks();
    match reader.peek() {
        None => Ok(()),
        Some(_) => Err((reader.at, "the end of the value")),
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

type Found = Result<(), (usize, &'static str)>;

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn value(&mut self, depth: u32) -> Found {
        if depth > 128 {
            return Err((self.at, "fewer than 128 levels"));
        }
        self.blanks();
        match self.peek() {
            Some(b'{') => self.members(depth, b'}'),
            Some(b'[') => self.members(depth, b']'),
            Some(b'"') => self.string(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.word(),
        }
    }

    fn members(&mut self, depth: u32, close: u8) -> Found {
        self.at += 1;
        self.blanks();
        if self.eat(close) {
            return Ok(());
        }
        loop {
            if close == b'}' {
                self.blanks();
                self.string()?;
                self.blanks();
                if !self.eat(b':') {
                    return Err((self.at, "`:`"));
                }
            }
            self.value(depth + 1)?;
            self.blanks();
            if self.eat(close) {
                return Ok(());
            }
            if !self.eat(b',') {
                return Err((
                    self.at,
                    if close == b'}' {
                        "`,` or `}`"
                    } else {
                        "`,` or `]`"
                    },
                ));
            }
        }
    }

    fn string(&mut self) -> Found {
        if !self.eat(b'"') {
            return Err((self.at, "a string in double quotes"));
        }
        loop {
            match self.peek() {
                None | Some(b'\n') => return Err((self.at, "`\"`")),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    self.at += 1;
                    match self.peek() {
                        Some(b'u') => {
                            let digits = self.bytes.get(self.at + 1..self.at + 5);
                            if !digits.is_some_and(|d| d.iter().all(u8::is_ascii_hexdigit)) {
                                return Err((self.at, "four hexadecimal digits behind `\\u`"));
                            }
                            self.at += 5;
                        }
                        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                            self.at += 1;
                        }
                        _ => return Err((self.at, "an escape of JSON")),
                    }
                }
                Some(_) => self.at += 1,
            }
        }
    }

    fn number(&mut self) -> Found {
        self.eat(b'-');
        let zero = self.eat(b'0');
        if !zero {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            if !self.eat(b'+') {
                self.eat(b'-');
            }
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Found {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start {
            return Err((self.at, "a digit"));
        }
        Ok(())
    }

    fn word(&mut self) -> Found {
        for word in ["true", "false", "null"] {
            if self.bytes[self.at..].starts_with(word.as_bytes()) {
                self.at += word.len();
                return Ok(());
            }
        }
        Err((self.at, "a JSON value"))
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn accepts_json_and_says_where_it_is_none() {
        for good in [
            "{}",
            "[1, -2.5e3, {\"a\": [null, true]}]",
            r#""\u00e9\"""#,
            " 0 ",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for (bad, at) in [
            ("{a: 1}", 1),
            ("[1,]", 3),
            ("01", 1),
            ("{\"a\" 1}", 5),
            ("nul", 0),
        ] {
            assert_eq!(check(bad).map_err(|e| e.0), Err(at), "{bad}");
        }
        assert!(check(&"[".repeat(100_000)).is_err());
    }
}
