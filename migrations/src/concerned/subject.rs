//! Which table, and which column of it, a statement is about, under the names that the database has
//! before the script.

use std::collections::HashMap;

use crate::script::{TokenKind, tokens};

/// A table as SQL names it, and the column that goes with the statement.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Subject {
    pub(super) relation: String,
    pub(super) column: Option<String>,
}

/// The names that earlier statements of the script have given, with those before them.
#[derive(Debug, Default)]
pub(super) struct Renames {
    relations: HashMap<String, String>,
    columns: HashMap<(String, String), String>,
}

impl Renames {
    /// What the statement is about, under its first name; a rename is kept for those that follow.
    pub(super) fn follow(&mut self, sql: &str) -> Option<Subject> {
        let words: Vec<&str> = tokens(sql)
            .filter(|token| !token.kind.is_comment())
            .take_while(|token| token.kind != TokenKind::String)
            .take(24)
            .map(|token| token.text)
            .collect();
        let mut words = Words(&words);
        let alters = words.takes("alter");
        let indexes = words.takes("create");
        if indexes {
            words.takes("unique");
            if !words.takes("index") {
                return None;
            }
            while !words.takes("on") {
                words.next()?;
            }
        } else {
            if !alters && !words.takes("drop") {
                return None;
            }
            let view = words.takes("materialized") && words.takes("view");
            if !view && !words.takes("table") {
                return None;
            }
            let _ = words.takes("if") && words.takes("exists");
        }
        words.takes("only");
        let (name, schema) = words.name()?;
        let relation = self.relations.get(&name).cloned().unwrap_or(name.clone());
        let first = |column: &str| {
            let key = (relation.clone(), column.to_owned());
            self.columns.get(&key).cloned().unwrap_or(key.1)
        };
        let mut column = None;
        if alters && words.takes("drop") && words.takes("column") {
            let _ = words.takes("if") && words.takes("exists");
            column = words.next().map(first);
        } else if alters && words.takes("rename") {
            if words.takes("to") {
                let now = format!("{schema}{}", words.next()?);
                self.relations.insert(now, relation);
                return None;
            }
            if words.takes("column") {
                let former = first(words.next()?);
                if words.takes("to") {
                    let now = words.next()?.to_owned();
                    self.columns.insert((relation, now), former);
                }
                return None;
            }
        } else if alters && words.takes("set") && words.takes("schema") {
            let bare = name.strip_prefix(&schema).unwrap_or(&name);
            self.relations
                .insert(format!("{}.{bare}", words.next()?), relation);
            return None;
        }
        Some(Subject { relation, column })
    }
}

/// The words of a statement that are still to be read.
struct Words<'a>(&'a [&'a str]);

impl<'a> Words<'a> {
    fn next(&mut self) -> Option<&'a str> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    /// Takes the keyword where it is next.
    fn takes(&mut self, word: &str) -> bool {
        let there = self
            .0
            .first()
            .is_some_and(|next| next.eq_ignore_ascii_case(word));
        if there {
            self.next();
        }
        there
    }

    /// A name, qualified or not, and its schema with the dot.
    fn name(&mut self) -> Option<(String, String)> {
        let first = self.next()?;
        if self.0.first() == Some(&".") {
            self.next();
            let second = self.next()?;
            return Some((format!("{first}.{second}"), format!("{first}.")));
        }
        Some((first.to_owned(), String::new()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_before_the_script() {
        let mut renames = Renames::default();
        let mut follow = |sql: &str| {
            let subject = renames.follow(sql)?;
            Some((subject.relation, subject.column.unwrap_or_default()))
        };
        let is = |relation: &str, column: &str| Some((relation.to_owned(), column.to_owned()));
        assert_eq!(follow("DROP TABLE public.deals"), is("public.deals", ""));
        assert_eq!(
            follow("ALTER TABLE public.deals RENAME TO \"Old Deals\""),
            None
        );
        assert_eq!(
            follow("ALTER TABLE public.\"Old Deals\" RENAME COLUMN notes TO remarks"),
            None
        );
        assert_eq!(
            follow("ALTER TABLE ONLY public.\"Old Deals\" DROP COLUMN IF EXISTS remarks"),
            is("public.deals", "notes")
        );
        assert_eq!(follow("ALTER TABLE pets SET SCHEMA archive"), None);
        assert_eq!(
            follow("ALTER TABLE archive.pets ALTER COLUMN name TYPE text USING name::text"),
            is("pets", "")
        );
        assert_eq!(
            follow("CREATE UNIQUE INDEX CONCURRENTLY i ON archive.pets (name)"),
            is("pets", "")
        );
        assert_eq!(follow("DROP FUNCTION total()"), None);
    }
}
