use pilaster::Json;

#[derive(Json)]
#[pilaster(tag = "type")]
enum Event {
    Created { by: String },
    Closed(String, String),
}

fn main() {}
