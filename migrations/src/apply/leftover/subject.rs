//! What a statement outside a transaction works on, by its own words.
//!
//! It never guesses: a statement of another form has no subject.

use crate::script::lex;

/// The objects of a statement, named as it names them.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// `CREATE INDEX CONCURRENTLY`.
    Create { index: String, table: String },
    /// `DROP INDEX CONCURRENTLY`.
    Drop { index: String },
    /// `ALTER TABLE … DETACH PARTITION … CONCURRENTLY`.
    Detach { table: String, partition: String },
    /// `REINDEX … CONCURRENTLY`.
    Reindex(Extent),
}

/// What is indexed anew.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Extent {
    Index(String),
    Table(String),
    Schema(String),
    /// The database, or its catalogs.
    All,
}

/// The subject of a statement, where it has one of those forms.
pub(super) fn subject(sql: &str) -> Option<Subject> {
    let all: Vec<&str> = lex(sql).map(|token| token.text).collect();
    let mut words = Words { all: &all, at: 0 };
    match () {
        () if words.take("create") => words.create(),
        () if words.take("drop") => words.drop(),
        () if words.take("alter") => words.detach(),
        () if words.take("reindex") => words.reindex(),
        () => None,
    }
}

struct Words<'a> {
    all: &'a [&'a str],
    at: usize,
}

impl Words<'_> {
    /// Steps over a word, where it is the next.
    fn take(&mut self, word: &str) -> bool {
        let next = self.all.get(self.at);
        let is = next.is_some_and(|next| next.eq_ignore_ascii_case(word));
        self.at += usize::from(is);
        is
    }

    fn must(&mut self, word: &str) -> Option<()> {
        self.take(word).then_some(())
    }

    /// A name, qualified or not, quoted as it was.
    fn name(&mut self) -> Option<String> {
        let mut name = (*self.all.get(self.at)?).to_owned();
        self.at += 1;
        while self.take(".") {
            name = format!("{name}.{}", self.all.get(self.at)?);
            self.at += 1;
        }
        Some(name)
    }

    fn create(&mut self) -> Option<Subject> {
        self.take("unique");
        self.must("index")?;
        self.must("concurrently")?;
        if self.take("if") {
            self.must("not")?;
            self.must("exists")?;
        }
        let index = self.name()?;
        self.must("on")?;
        self.take("only");
        let table = self.name()?;
        Some(Subject::Create { index, table })
    }

    fn drop(&mut self) -> Option<Subject> {
        self.must("index")?;
        self.must("concurrently")?;
        self.if_exists()?;
        let index = self.name()?;
        Some(Subject::Drop { index })
    }

    fn detach(&mut self) -> Option<Subject> {
        self.must("table")?;
        self.if_exists()?;
        self.take("only");
        let table = self.name()?;
        self.must("detach")?;
        self.must("partition")?;
        let partition = self.name()?;
        self.must("concurrently")?;
        Some(Subject::Detach { table, partition })
    }

    fn reindex(&mut self) -> Option<Subject> {
        let mut concurrently = false;
        if self.take("(") {
            while !self.take(")") {
                concurrently |= self.take("concurrently");
                self.at += 1;
                if self.at > self.all.len() {
                    return None;
                }
                if self.all.get(self.at - 1) == Some(&")") {
                    break;
                }
            }
        }
        let kind = self.all.get(self.at)?.to_ascii_lowercase();
        self.at += 1;
        concurrently |= self.take("concurrently");
        let extent = match kind.as_str() {
            "index" => Extent::Index(self.name()?),
            "table" => Extent::Table(self.name()?),
            "schema" => Extent::Schema(self.name()?),
            "database" | "system" => Extent::All,
            _ => return None,
        };
        concurrently.then_some(Subject::Reindex(extent))
    }

    fn if_exists(&mut self) -> Option<()> {
        match self.take("if") {
            true => self.must("exists"),
            false => Some(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_objects_of_a_statement_are_found() {
        let create = |index: &str, table: &str| {
            Some(Subject::Create {
                index: index.into(),
                table: table.into(),
            })
        };
        let text = r#"CREATE UNIQUE INDEX CONCURRENTLY "A b" ON public."T" (x)"#;
        assert_eq!(subject(text), create(r#""A b""#, r#"public."T""#));
        let text = "create index concurrently if not exists i on only t (x)";
        assert_eq!(subject(text), create("i", "t"));
        let index = "public.i".to_owned();
        let text = "DROP INDEX CONCURRENTLY IF EXISTS public.i";
        assert_eq!(subject(text), Some(Subject::Drop { index }));
        let text = "ALTER TABLE IF EXISTS s.t DETACH PARTITION s.t_1 CONCURRENTLY";
        let (table, partition) = ("s.t".to_owned(), "s.t_1".to_owned());
        assert_eq!(subject(text), Some(Subject::Detach { table, partition }));
    }

    #[test]
    fn both_forms_of_reindex_are_read() {
        let extent = |text: &str| match subject(text) {
            Some(Subject::Reindex(extent)) => Some(extent),
            _ => None,
        };
        let table = || Some(Extent::Table("s.t".into()));
        assert_eq!(extent("REINDEX TABLE CONCURRENTLY s.t"), table());
        assert_eq!(extent("reindex (verbose, concurrently) table s.t"), table());
        assert_eq!(
            extent("reindex (concurrently true, verbose) table s.t"),
            table()
        );
        let index = Some(Extent::Index("i".into()));
        assert_eq!(extent("REINDEX INDEX CONCURRENTLY i"), index);
        assert_eq!(
            extent("REINDEX DATABASE CONCURRENTLY shop"),
            Some(Extent::All)
        );
        assert_eq!(extent("REINDEX TABLE s.t"), None);
        assert_eq!(extent("REINDEX (VERBOSE"), None);
    }

    #[test]
    fn what_has_another_form_has_no_subject() {
        assert_eq!(subject("VACUUM t"), None);
        assert_eq!(subject("CREATE INDEX i ON t (x)"), None);
        assert_eq!(subject("ALTER TABLE t DETACH PARTITION t_1"), None);
    }
}
