use pilaster::{In, Patch, PgEnum, Row};

#[derive(Row)]
#[pilaster(table = "public.drafts")]
struct Draft {
    #[pilaster(primary_key)]
    id: i32,
    #[pilaster(state)]
    status: Status,
}

#[derive(Default, Patch)]
#[pilaster(row = Draft)]
struct DraftPatch {
    status: Option<Status>,
}

#[derive(Clone, Copy, Debug, PartialEq, PgEnum)]
#[pilaster(states = "draft_states")]
enum Status {
    #[pilaster(to(Approved))]
    Pending,
    #[pilaster(to(Sent))]
    Approved,
    Sent,
}

use draft_states::{Pending, Sent};

fn send(client: &mut pilaster::postgres::Client, draft: In<Draft, Pending>) {
    let _ = draft.to::<Sent>(client, &DraftPatch::default());
}

fn main() {}
