//! What the makers of mutants share: names for people, and `ALTER TABLE`.

use model::Id;
use model::quote::qualified;

use super::Mutant;

impl Mutant {
    /// A mutant of that object: what happens to it, and the statements.
    pub(super) fn new(subject: &Id, what: impl AsRef<str>, sql: impl Into<String>) -> Self {
        let full = subject.to_string();
        let said = full.strip_prefix("public.").unwrap_or(&full);
        Mutant {
            name: format!("{} {said}: {}", subject.kind.word(), what.as_ref()),
            subject: subject.clone(),
            sql: sql.into(),
            access: false,
        }
    }
}

/// `ALTER TABLE` of the table that the id names or is a part of.
pub(super) fn alter(id: &Id) -> String {
    format!("ALTER TABLE {}", qualified(&id.schema, &id.name))
}
