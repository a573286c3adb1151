//! The model's versions, told from its history: what each migration changed, and whether a program
//! of the version before can go on.
//!
//! It reads the schemas that the migrations reached and never the SQL; nobody types a version.

use std::error::Error;
use std::fmt::Write;
use std::path::Path;

use migrations::history::History;
use migrations::plan::{Action, HazardKind, Options, Plan, Step, plan};
use model::schema::{Kind, Schema};
use model::source::Sources;

/// A version of the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// Programs of the version before must change.
    pub major: u32,
    /// Something is there that was not.
    pub minor: u32,
    /// Nothing that a program could name.
    pub patch: u32,
}

impl Version {
    /// The version that the changes lead to.
    fn after(self, plan: &Plan) -> Version {
        let Version {
            major,
            minor,
            patch,
        } = self;
        let named = |step: &&Step| NAMED.contains(&step.id.kind);
        let hazards = plan
            .steps
            .iter()
            .flat_map(|s| &s.statements)
            .flat_map(|s| &s.hazards);
        let mut lost = hazards.filter(|hazard| hazard.kind == HazardKind::DataLoss);
        if lost.next().is_some() {
            return Version {
                major: major + 1,
                minor: 0,
                patch: 0,
            };
        }
        if plan
            .steps
            .iter()
            .any(|step| step.action == Action::Create && named(&step))
        {
            return Version {
                major,
                minor: minor + 1,
                patch: 0,
            };
        }
        Version {
            major,
            minor,
            patch: patch + 1,
        }
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// What a program can name.
const NAMED: [Kind; 7] = [
    Kind::Table,
    Kind::Column,
    Kind::View,
    Kind::Enum,
    Kind::Domain,
    Kind::Function,
    Kind::Extension,
];

/// The changelog of the history in that folder, newest version first.
///
/// # Errors
///
/// A history or a snapshot that can't be read, or a change for which no plan is known.
pub fn changelog(folder: &Path) -> Result<String, Box<dyn Error>> {
    let history = History::read(folder).map_err(|broken| broken.to_string())?;
    let mut before = Schema::default();
    let mut version = None;
    let mut entries = Vec::new();
    for migration in history.migrations() {
        let mut sources = Sources::new();
        sources.add(migration.folder_name(), migration.snapshot.clone());
        let (model, _) = model::load(&sources);
        let plan = plan(&before, &model.schema, &Options::default())
            .map_err(|unplannable| format!("{unplannable:?}"))?;
        let now = match version {
            None => Version {
                major: 1,
                minor: 0,
                patch: 0,
            },
            Some(version) => Version::after(version, &plan),
        };
        entries.push(entry(now, &migration.slug, &plan)?);
        (before, version) = (model.schema, Some(now));
    }
    entries.reverse();
    Ok(format!("# Versions of the model\n\n{}", entries.join("\n")))
}

fn entry(version: Version, slug: &str, plan: &Plan) -> Result<String, std::fmt::Error> {
    let mut text = format!("## {version}: {}\n\n", slug.replace('_', " "));
    let whole = |step: &&Step| !is_part(step, plan);
    let named = |step: &&Step| {
        let changed = matches!(step.action, Action::Alter | Action::Rename { .. });
        // Who may use a new thing goes with it.
        let granted = step.title.starts_with("grants on ");
        NAMED.contains(&step.id.kind) && !granted && (!changed || step.id.kind == Kind::Column)
    };
    let policies = |step: &&Step| step.id.kind == Kind::Policy;
    for step in plan
        .steps
        .iter()
        .filter(whole)
        .filter(|s| named(s) || policies(s))
    {
        let breaks = step.statements.iter().flat_map(|s| &s.hazards);
        let breaks = breaks.into_iter().any(|h| h.kind == HazardKind::DataLoss);
        writeln!(
            text,
            "- {}{}",
            if breaks { "**breaking**: " } else { "" },
            step.title
        )?;
    }
    Ok(text)
}

/// Whether the step is about a part of a table that is made or dropped whole.
fn is_part(step: &Step, plan: &Plan) -> bool {
    step.id.relation().is_some_and(|relation| {
        plan.steps.iter().any(|other| {
            let whole = matches!(other.action, Action::Create | Action::Drop);
            whole && other.id == relation && step.id != relation
        })
    })
}
