//! Text to tokens, each with its line.

use super::super::Remark;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Word(String),
    Text(String),
    Number(String),
    Mark(char),
    /// `@@`.
    Twice,
    /// `/// …`.
    Doc(String),
    /// `// …` on a line of its own.
    Comment(String),
    End,
}

/// The tokens with their lines; an `End` for each line that holds something.
pub(super) fn tokens(file: &str, text: &str) -> Result<Vec<(usize, Token)>, Remark> {
    let mut found: Vec<(usize, Token)> = Vec::new();
    let mut in_comment = false;
    for (number, line) in text.lines().enumerate() {
        let number = number + 1;
        let fault = |text: &str| Remark {
            file: file.to_owned(),
            line: number,
            text: text.to_owned(),
        };
        let before = found.len();
        let mut rest = line;
        loop {
            if in_comment {
                let Some(end) = rest.find("*/") else { break };
                (rest, in_comment) = (&rest[end + 2..], false);
            }
            rest = rest.trim_start();
            let Some(first) = rest.chars().next() else {
                break;
            };
            let token = if let Some(doc) = rest.strip_prefix("///") {
                rest = "";
                Token::Doc(doc.trim().to_owned())
            } else if let Some(comment) = rest.strip_prefix("//") {
                rest = "";
                if found.len() > before {
                    continue;
                }
                Token::Comment(comment.trim().to_owned())
            } else if let Some(behind) = rest.strip_prefix("/*") {
                (rest, in_comment) = (behind, true);
                continue;
            } else if let Some(behind) = rest.strip_prefix("@@") {
                rest = behind;
                Token::Twice
            } else if first == '"' {
                let (value, behind) = string(&rest[1..])
                    .ok_or_else(|| fault("a string begins here and does not end on its line"))?;
                rest = behind;
                Token::Text(value)
            } else if first.is_ascii_digit() || first == '-' {
                let part = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
                let end = rest.find(|c| !part(c)).unwrap_or(rest.len());
                let (number, behind) = rest.split_at(end);
                rest = behind;
                Token::Number(number.to_owned())
            } else if first.is_alphabetic() || first == '_' {
                let part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
                let end = rest.find(|c| !part(c)).unwrap_or(rest.len());
                let (word, behind) = rest.split_at(end);
                rest = behind;
                Token::Word(word.to_owned())
            } else if "@(){}[]:,.?=!".contains(first) {
                rest = &rest[1..];
                Token::Mark(first)
            } else {
                return Err(fault(&format!("`{first}` means nothing here")));
            };
            found.push((number, token));
        }
        if found.len() > before {
            found.push((number, Token::End));
        }
    }
    Ok(found)
}

/// The value of a string up to its closing quote, and what follows.
fn string(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((value, &text[at + 1..])),
            '\\' => match chars.next()?.1 {
                'n' => value.push('\n'),
                't' => value.push('\t'),
                'r' => value.push('\r'),
                other => value.push(other),
            },
            c => value.push(c),
        }
    }
    None
}
