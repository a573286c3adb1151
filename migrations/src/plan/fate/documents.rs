//! What becomes of checks and columns whose documents get another shape.

use model::schema::{Kind, Node};

use super::Fate;
use crate::plan::changes::Context;
use crate::plan::diff::Pairs;

/// A check is made anew where its column's documents may not fit any more, or are lifted: whichever of
/// the functions that it asks has changed.
pub(super) fn judge_documents_anew(context: &Context<'_>, pairs: &Pairs<'_>, fates: &mut [Fate]) {
    if context.documents.is_empty() {
        return;
    }
    for (pair, fate) in pairs.all.iter().zip(fates) {
        let (Some(_), Some(to)) = (pair.from, pair.to) else {
            continue;
        };
        let judged = context.documents.judged_by(to);
        if judged.is_some_and(|(_, evolution)| !evolution.fits) && !pair.external() {
            fate.replace();
        }
    }
}

/// Documents that are there are brought to their column's new shape: while a check that holds for new
/// rows is there already, or else before it comes.
pub(super) fn lift_documents(context: &Context<'_>, pairs: &Pairs<'_>, fates: &mut [Fate]) {
    for (column, evolution) in context.documents.lifted() {
        let Some(i) = pairs.index_of(column).filter(|&i| !fates[i].released) else {
            continue;
        };
        let alteration = fates[i].altered.get_or_insert_default();
        let statements = evolution.statements(context, column);
        match context.options.online {
            true => alteration.late.extend(statements),
            false => alteration.main.extend(statements),
        }
    }
}

/// Whether the function is one that a shape became.
pub(super) fn judges_documents(node: &Node) -> bool {
    let source = node.derived_from.as_ref().map(|id| id.kind);
    matches!(source, Some(Kind::Shape | Kind::Column))
}

/// Says at the function why rows are not read again.
pub(super) fn say_that_all_fit(function: &mut Fate, check: &Node) {
    let statement = function.altered.as_mut().and_then(|a| a.main.first_mut());
    if let Some(statement) = statement {
        let table = &check.id.name;
        let said = format!(
            "accepts all that it accepted, so the documents in {table} need not be read again"
        );
        statement.comment.get_or_insert(said);
    }
}
