use pilaster::Json;

#[derive(Json)]
struct Version;

fn main() {}
