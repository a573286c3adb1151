//! The plan through its one door: two schemas in, a script out.

mod build;
mod first;
mod later;
mod renames;

use migrations::plan::{Options, plan, plan_down};
use migrations::render;
use model::Schema;

fn script(from: &Schema, to: &Schema) -> String {
    with(from, to, &Options::default())
}

fn with(from: &Schema, to: &Schema, options: &Options) -> String {
    let plan = plan(from, to, options).expect("a plan");
    render::script(&plan)
}

fn script_down(from: &Schema, to: &Schema) -> String {
    let plan = plan_down(from, to, &Options::default()).expect("a plan");
    render::script(&plan)
}
