use std::collections::BTreeMap;

use pilaster::Json;

#[derive(Json)]
#[pilaster(deny_unknown)]
struct Requirements {
    parking: Option<bool>,
    #[pilaster(key = "parking")]
    garage: Option<bool>,
    #[pilaster(required, default = "1")]
    desks: i32,
    #[pilaster(rest)]
    extra: BTreeMap<String, bool>,
}

fn main() {}
