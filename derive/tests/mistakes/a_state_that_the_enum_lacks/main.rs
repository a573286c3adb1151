use pilaster::PgEnum;

#[derive(Clone, Copy, PgEnum)]
#[pilaster(states = "draft_states")]
enum Status {
    #[pilaster(to(Sent))]
    Pending,
}

#[derive(Clone, Copy, PgEnum)]
enum Mood {
    #[pilaster(to(Hurried))]
    Calm,
    Hurried,
}

fn main() {}
