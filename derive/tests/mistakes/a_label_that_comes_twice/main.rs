use pilaster::PgEnum;

#[derive(Clone, Copy, PgEnum)]
enum Stage {
    Inquiry,
    #[pilaster(label = "inquiry")]
    Asked,
    Touring(i32),
}

fn main() {}
