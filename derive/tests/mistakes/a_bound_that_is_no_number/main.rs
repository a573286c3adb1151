use pilaster::Json;

#[derive(Json)]
struct Version {
    #[pilaster(min = "1", max = 2.5)]
    version: i32,
}

fn main() {}
