//! A plan's steps in words: the summary on the terminal, and the name of a migration.
//!
//! It reads a plan and never looks back at the schemas.

use anstyle::{AnsiColor, Style};
use migrations::plan::{Action, Plan, Step};
use model::schema::{Id, Kind};

use crate::console::Console;

/// The longest name a migration gets by itself.
const LONGEST: usize = 50;

/// The steps, a line each, with what differs and what is at risk below them.
pub fn summary(plan: &Plan, console: &Console) -> String {
    if plan.is_empty() {
        return "nothing differs".to_owned();
    }
    let mut text = String::new();
    for step in &plan.steps {
        let (sign, style) = sign(&step.action);
        text += &format!("{} {}\n", console.paint(style, sign), step.title);
        for change in &step.changes {
            let value = |v: &Option<String>| v.clone().unwrap_or_else(|| "none".to_owned());
            let (before, after) = (value(&change.before), value(&change.after));
            text += &format!("    {}: {before} -> {after}\n", change.attribute);
        }
        for hazard in step
            .statements
            .iter()
            .flat_map(|statement| &statement.hazards)
        {
            let name = console.paint(AnsiColor::Yellow.on_default(), hazard.kind.name());
            text += &format!("    {name}: {}\n", hazard.message);
        }
        if let Some(lossy) = &step.lossy {
            text += &format!("    lossy: {lossy}\n");
        }
    }
    let count = plan.steps.len();
    text + &format!("{count} {}\n", if count == 1 { "step" } else { "steps" })
}

fn sign(action: &Action) -> (&'static str, Style) {
    match action {
        Action::Create => ("+", AnsiColor::Green.on_default()),
        Action::Drop => ("-", AnsiColor::Red.on_default()),
        Action::Alter | Action::Rename { .. } | Action::Replace => {
            ("~", AnsiColor::Yellow.on_default())
        }
    }
}

/// A name for a migration, made from its steps: `add_deals_notes`, `change_deals_and_spaces`.
pub fn slug(plan: &Plan, first: bool) -> String {
    if first {
        return "initial".to_owned();
    }
    let own: Vec<&Step> = plan
        .steps
        .iter()
        .filter(|step| !follows_from(step, plan))
        .collect();
    let steps: Vec<&Step> = if own.is_empty() {
        plan.steps.iter().collect()
    } else {
        own
    };
    let mut verbs: Vec<&str> = steps.iter().map(|step| verb(&step.action)).collect();
    verbs.dedup();
    let verb = if let [one] = verbs.as_slice() {
        one
    } else {
        "change"
    };
    let mut things: Vec<String> = Vec::new();
    for step in &steps {
        let thing = thing(&step.id, steps.len() == 1);
        if !things.contains(&thing) {
            things.push(thing);
        }
    }
    let named = match things.as_slice() {
        [] => "schema".to_owned(),
        [one] => one.clone(),
        [one, two] => format!("{one}_and_{two}"),
        [one, rest @ ..] => format!("{one}_and_{}_more", rest.len()),
    };
    let mut name: String = format!("{verb}_{named}")
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '_'
            }
        })
        .collect();
    name.truncate(LONGEST);
    name.trim_end_matches('_').to_owned()
}

/// Whether the step is about a part of a relation that the plan makes or drops whole.
fn follows_from(step: &Step, plan: &Plan) -> bool {
    let Some(relation) = step.id.relation() else {
        return false;
    };
    plan.steps.iter().any(|other| {
        let whole = matches!(other.action, Action::Create | Action::Drop);
        let same = (&other.id.schema, &other.id.name) == (&relation.schema, &relation.name);
        whole && same && matches!(other.id.kind, Kind::Table | Kind::View)
    })
}

fn verb(action: &Action) -> &'static str {
    match action {
        Action::Create => "add",
        Action::Alter | Action::Replace => "change",
        Action::Rename { .. } => "rename",
        Action::Drop => "drop",
    }
}

/// The relation, or where there is one step only, the very part of it.
fn thing(id: &Id, exactly: bool) -> String {
    match id.kind {
        // An index or constraint most often has its table's name in its own.
        Kind::Index | Kind::Constraint | Kind::Trigger if exactly => id.part.to_string(),
        kind if kind.is_part_of_relation() && exactly => format!("{}_{}", id.name, id.part),
        _ => id.name.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(steps: &[(Action, Id)]) -> Plan {
        let step = |(action, id): &(Action, Id)| Step {
            id: id.clone(),
            action: action.clone(),
            title: String::new(),
            changes: Vec::new(),
            statements: Vec::new(),
            lossy: None,
        };
        Plan {
            steps: steps.iter().map(step).collect(),
        }
    }

    #[test]
    fn a_migration_is_named_for_what_it_does() {
        let column = |table, name| Id::column("public", table, name);
        let table = |name| Id::table("public", name);
        let index = Id::new(Kind::Index, "public", "deals", "deals_stage_idx");
        let cases: [(&[(Action, Id)], &str); 6] = [
            (
                &[(Action::Create, column("deals", "notes"))],
                "add_deals_notes",
            ),
            (
                &[
                    (Action::Create, table("pets")),
                    (Action::Create, column("pets", "id")),
                ],
                "add_pets",
            ),
            (&[(Action::Create, index)], "add_deals_stage_idx"),
            (
                &[
                    (Action::Create, column("deals", "a")),
                    (Action::Drop, column("deals", "b")),
                ],
                "change_deals",
            ),
            (
                &[(Action::Drop, table("a")), (Action::Drop, table("b"))],
                "drop_a_and_b",
            ),
            (&[(Action::Create, Id::table("public", "Été"))], "add__t"),
        ];
        for (steps, expected) in cases {
            assert_eq!(slug(&plan(steps), false), expected);
        }
        assert_eq!(slug(&plan(&[]), true), "initial");
    }
}
