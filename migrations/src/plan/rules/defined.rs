//! Objects that are carried as their definition.
//!
//! Most are made and dropped whole; [`alter`] knows what of the others can change.

mod alter;

use model::schema::{Defined, Kind, Node};

use crate::plan::address::{address, label};
use crate::plan::changes::Context;
use crate::plan::step::{HazardKind, InTransaction, Lock, Statement};

pub(super) use alter::alter;

pub(super) fn create(defined: &Defined) -> Vec<Statement> {
    let texts = std::iter::once(&defined.definition).chain(&defined.then);
    texts.map(|text| of_text(text.as_str())).collect()
}

fn of_text(text: &str) -> Statement {
    let text = text.trim().trim_end_matches(';');
    let mut statement = Statement::new(Lock::None, text);
    // A subscription that makes its slot on the other server can't be rolled back.
    let makes_slot = text.to_ascii_uppercase().starts_with("CREATE SUBSCRIPTION")
        && !text
            .replace(' ', "")
            .to_ascii_lowercase()
            .contains("create_slot=false")
        && !text
            .replace(' ', "")
            .to_ascii_lowercase()
            .contains("connect=false");
    if makes_slot {
        statement.transaction = InTransaction::Never;
    }
    statement
}

pub(super) fn drop(context: &Context<'_>, node: &Node, _: &Defined) -> Vec<Statement> {
    let sql = match node.id.kind {
        // Its functions need it and it needs them: only together can they go.
        Kind::BaseType => format!("DROP {} CASCADE", address(context.from, node)),
        _ => format!("DROP {}", address(context.from, node)),
    };
    let lock = if node.id.kind.is_part_of_relation() {
        Lock::AccessExclusive
    } else {
        Lock::None
    };
    let mut statement = Statement::new(lock, sql);
    let secret = match node.id.kind {
        Kind::UserMapping => Some("password"),
        Kind::Subscription => Some("connection"),
        _ => None,
    };
    if let Some(secret) = secret {
        let message = format!(
            "the {secret} of {}, which no model holds, is gone",
            label(&node.id)
        );
        statement = statement.hazard(HazardKind::DataLoss, message);
    }
    vec![statement]
}
