//! Advice on a model: access, indexes, locks, types.
//!
//! One file a rule: its reason, its check and its test. A rule reads the schema only, never
//! changes it, and never says what the server would refuse anyway; that is an error elsewhere.

mod anonymous_user_passes;
mod auth_users_exposed;
mod autovacuum_disabled;
mod default_privileges_open;
mod definer_function_open;
mod document_path_without_index;
mod duplicate_permissive_policies;
mod extension_gone_in_17;
mod extension_in_public;
mod fixed_length_character;
mod float_for_money;
mod foreign_key_of_another_type;
mod foreign_key_reveals_rows;
mod foreign_key_to_auth_unique;
mod foreign_key_without_index;
mod foreign_table_open;
mod function_without_search_path;
mod grant_passes_row_security;
mod grant_to_public;
mod graphql_names_table;
mod integer_key_runs_out;
mod invalid_index;
mod json_instead_of_jsonb;
mod look;
mod materialized_view_open;
mod name_needs_quotes;
mod nullable_column_in_unique;
mod owner_passes_row_security;
mod policy_allows_every_write;
mod policy_calls_function_per_row;
mod policy_calls_volatile_function;
mod policy_column_without_index;
mod policy_open_to_nobody_in_particular;
mod policy_reads_user_metadata;
mod policy_reads_what_its_caller_changes;
mod policy_without_row_security;
mod queue_open;
mod redundant_index;
mod reg_type_column;
mod role_passes_row_security;
mod row_security_disabled;
mod row_security_without_policy;
mod security_definer_without_search_path;
mod sensitive_column_open;
mod sequence_open;
mod serial_instead_of_identity;
mod table_without_primary_key;
mod time_with_time_zone;
mod timestamp_without_time_zone;
mod unique_key_reveals_rows;
mod unvalidated_constraint;
mod view_without_security_invoker;

use model::schema::{Origin, Schema};
use model::{Diagnostic, Diagnostics, Node};

/// One rule.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its name, by which it is accepted, allowed or denied.
    pub name: &'static str,
    /// What goes wrong where it is not followed.
    pub why: &'static str,
    check: fn(&Schema, &mut Advice<'_>),
}

macro_rules! rules {
    ($($rule:ident),* $(,)?) => {
        /// Every rule, by name.
        pub const RULES: &[Rule] = &[$(
            Rule { name: stringify!($rule), why: $rule::WHY, check: $rule::check },
        )*];
    };
}

rules![
    anonymous_user_passes,
    auth_users_exposed,
    autovacuum_disabled,
    default_privileges_open,
    definer_function_open,
    document_path_without_index,
    duplicate_permissive_policies,
    extension_gone_in_17,
    extension_in_public,
    fixed_length_character,
    float_for_money,
    foreign_key_of_another_type,
    foreign_key_reveals_rows,
    foreign_key_to_auth_unique,
    foreign_key_without_index,
    foreign_table_open,
    function_without_search_path,
    grant_passes_row_security,
    grant_to_public,
    graphql_names_table,
    integer_key_runs_out,
    invalid_index,
    json_instead_of_jsonb,
    materialized_view_open,
    name_needs_quotes,
    nullable_column_in_unique,
    owner_passes_row_security,
    policy_allows_every_write,
    policy_calls_function_per_row,
    policy_calls_volatile_function,
    policy_column_without_index,
    policy_open_to_nobody_in_particular,
    policy_reads_user_metadata,
    policy_reads_what_its_caller_changes,
    policy_without_row_security,
    queue_open,
    redundant_index,
    reg_type_column,
    role_passes_row_security,
    row_security_disabled,
    row_security_without_policy,
    security_definer_without_search_path,
    sensitive_column_open,
    sequence_open,
    serial_instead_of_identity,
    table_without_primary_key,
    time_with_time_zone,
    timestamp_without_time_zone,
    unique_key_reveals_rows,
    unvalidated_constraint,
    view_without_security_invoker,
];

/// What a rule has to say, as it says it.
#[derive(Debug)]
pub struct Advice<'a> {
    schema: &'a Schema,
    rule: &'static str,
    found: Diagnostics,
}

/// The advice of those rules, by file and place. What a model accepts is left out.
///
/// `accept` lines that name no rule are advice themselves.
pub fn lint<'r>(schema: &Schema, rules: impl IntoIterator<Item = &'r Rule>) -> Diagnostics {
    let mut advice = Advice {
        schema,
        rule: "unknown_rule",
        found: Diagnostics::new(),
    };
    for node in schema.nodes() {
        for (name, _) in &node.hints.accept {
            if let Some(help) = unknown_rule(name) {
                advice.about(
                    node,
                    format!("there is no lint rule `{name}` to accept"),
                    help,
                );
            }
        }
    }
    for rule in rules {
        advice.rule = rule.name;
        (rule.check)(schema, &mut advice);
    }
    advice.found
}

/// What to write instead, where there is no rule of that name.
pub fn unknown_rule(name: &str) -> Option<String> {
    if RULES.iter().any(|rule| rule.name == name) {
        return None;
    }
    let likeness = |rule: &Rule| strsim::normalized_damerau_levenshtein(name, rule.name);
    let nearest = RULES
        .iter()
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    let nearest = nearest.filter(|rule| likeness(rule) > 0.5);
    Some(match nearest {
        Some(rule) => format!("did you mean `{}`?", rule.name),
        None => "`pilaster lint --rules` lists them".to_owned(),
    })
}

impl Advice<'_> {
    /// Says something about an object, unless it, or the table it is a part of, accepts it. What
    /// was derived, and what the model only verifies, is not its author's to change.
    fn about(&mut self, node: &Node, fact: impl Into<String>, help: impl Into<String>) {
        let table = node
            .id
            .relation()
            .and_then(|id| self.schema.relation(&id.schema, &id.name));
        let accepts = |node: &Node| {
            node.hints
                .accept
                .iter()
                .any(|(rule, _)| *rule == *self.rule)
        };
        let own = !node.external && node.derived_from.is_none();
        if !own || table.is_some_and(|t| t.external || accepts(t)) || accepts(node) {
            return;
        }
        let nowhere = Origin {
            file: 0,
            start: 0,
            end: 0,
        };
        let origin = node
            .origin
            .or(table.and_then(|t| t.origin))
            .unwrap_or(nowhere);
        self.found
            .push(Diagnostic::advice(self.rule, fact, origin).help(help));
    }
}

/// What one rule says of a model, a line a finding: the door of the rules' tests.
#[cfg(test)]
fn said(rule: &str, text: &str) -> Vec<String> {
    let mut sources = model::Sources::new();
    sources.add("model.pilaster", text);
    let (model, faults) = model::load(&sources);
    assert!(
        !faults.has_errors(),
        "{}",
        faults.render(&sources, model::Color::Never)
    );
    let found = lint(&model.schema, RULES.iter().filter(|r| r.name == rule));
    found
        .iter()
        .map(|d| format!("{}: {}", sources.line_column(d.origin).0, d.message))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_in_order_and_each_says_why() {
        assert!(RULES.is_sorted_by_key(|rule| rule.name));
        assert!(RULES.iter().all(|rule| rule.why.ends_with('.')));
    }

    #[test]
    fn what_is_accepted_is_not_said() {
        let silent = "table t {\n  a integer\n  accept table_without_primary_key 'a log'\n}\n";
        assert!(said("table_without_primary_key", silent).is_empty());
        let unknown = "table t {\n  a integer\n  accept table_without_key 'a log'\n}\n";
        assert_eq!(
            said("", unknown),
            ["1: there is no lint rule `table_without_key` to accept"]
        );
    }

    #[test]
    fn an_unknown_rule_gets_the_nearest_name() {
        assert_eq!(unknown_rule("redundant_index"), None);
        let near = unknown_rule("table_without_key").unwrap();
        assert_eq!(near, "did you mean `table_without_primary_key`?");
    }
}
