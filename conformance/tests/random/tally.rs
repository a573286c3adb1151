//! What a run has seen, in figures.

use std::collections::BTreeMap;
use std::fmt;

use migrations::plan::Action;
use model::Kind;

use super::judge::Facts;

#[derive(Default)]
pub(crate) struct Tally {
    pairs: u64,
    same: u64,
    no_way: u64,
    committed: u64,
    tables_with_rows: u64,
    kept_columns: u64,
    refused_up: u64,
    refused_down: u64,
    steps: u64,
    kinds: BTreeMap<Kind, [u64; 6]>,
}

/// The kinds that a run of a thousand pairs must have met.
const WANTED: &[Kind] = &[
    Kind::Role,
    Kind::Schema,
    Kind::Extension,
    Kind::Collation,
    Kind::Enum,
    Kind::Domain,
    Kind::Composite,
    Kind::Range,
    Kind::Sequence,
    Kind::Table,
    Kind::Column,
    Kind::Constraint,
    Kind::Index,
    Kind::View,
    Kind::Function,
    Kind::Aggregate,
    Kind::Trigger,
    Kind::Rule,
    Kind::Policy,
    Kind::Statistics,
    Kind::EventTrigger,
    Kind::Publication,
    Kind::ForeignDataWrapper,
    Kind::ForeignServer,
    Kind::UserMapping,
    Kind::Operator,
    Kind::TextSearchConfiguration,
    Kind::DefaultPrivileges,
];

impl Tally {
    pub(crate) fn add(&mut self, facts: &Facts) {
        self.pairs += 1;
        self.same += u64::from(facts.same);
        self.no_way += u64::from(facts.no_way);
        self.committed += u64::from(facts.dumped);
        self.tables_with_rows += facts.tables_with_rows as u64;
        self.kept_columns += facts.kept_columns as u64;
        self.refused_up += u64::from(facts.refused_up);
        self.refused_down += u64::from(facts.refused_down);
        if let Some((one, _)) = &facts.schemas {
            for node in one.nodes() {
                self.kinds.entry(node.id.kind).or_default()[0] += 1;
            }
        }
        for step in facts.plans.iter().flat_map(|plan| &plan.steps) {
            self.steps += 1;
            let place = match step.action {
                Action::Create => 1,
                Action::Alter => 2,
                Action::Rename { .. } => 3,
                Action::Replace => 4,
                Action::Drop => 5,
            };
            self.kinds.entry(step.id.kind).or_default()[place] += 1;
        }
    }

    /// What should have been seen made, changed and dropped, and was not.
    pub(crate) fn missing(&self) -> Vec<String> {
        let seen = |kind: &Kind, place: usize| self.kinds.get(kind).is_some_and(|n| n[place] > 0);
        let unseen = WANTED
            .iter()
            .filter(|kind| !seen(kind, 0) || !(seen(kind, 1) || seen(kind, 2)));
        unseen.map(|kind| kind.word().to_owned()).collect()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} pairs hold, {} of them equal, {} refused for want of a statement, {} committed and \
             dumped; {} steps; {} tables had rows, {} counts and columns kept theirs; rows stood \
             against {} ways up and {} ways down",
            self.pairs,
            self.same,
            self.no_way,
            self.committed,
            self.steps,
            self.tables_with_rows,
            self.kept_columns,
            self.refused_up,
            self.refused_down
        )?;
        writeln!(
            f,
            "{:<27}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}",
            "kind", "there", "create", "alter", "rename", "replace", "drop"
        )?;
        for (kind, n) in &self.kinds {
            writeln!(
                f,
                "{:<27}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}",
                kind.word(),
                n[0],
                n[1],
                n[2],
                n[3],
                n[4],
                n[5]
            )?;
        }
        Ok(())
    }
}
