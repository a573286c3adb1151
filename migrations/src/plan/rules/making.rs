//! What makes an object: at once, and once others exist.

use model::schema::{Kind, Node};

use crate::plan::changes::Context;
use crate::plan::step::Statement;

/// How an object is made.
#[derive(Debug, Default)]
pub(in crate::plan) struct Making {
    /// The statements that make it.
    pub(in crate::plan) main: Vec<Statement>,
    /// What waits for other objects.
    pub(in crate::plan) late: Vec<Statement>,
}

impl Making {
    /// A view reads with the rights of its owner, who may be granted them last of all; what is filled
    /// from it meanwhile is filled with the migrator's.
    pub(super) fn place_of_owner(
        &mut self,
        context: &Context<'_>,
        node: &Node,
    ) -> &mut Vec<Statement> {
        match node.id.kind {
            Kind::View if context.options.applier != node.owner => &mut self.late,
            _ => &mut self.main,
        }
    }

    /// What follows the first commit waits for other objects.
    pub(in crate::plan) fn leave_for_later(&mut self) {
        if let Some(last) = self.main.iter().position(|s| s.commit_after) {
            let mut late = self.main.split_off(last + 1);
            late.append(&mut self.late);
            self.late = late;
        }
    }

    pub(in crate::plan) fn and(&mut self, more: Making) {
        self.main.extend(more.main);
        self.late.extend(more.late);
    }
}

impl From<Vec<Statement>> for Making {
    fn from(main: Vec<Statement>) -> Self {
        Making {
            main,
            late: Vec::new(),
        }
    }
}
