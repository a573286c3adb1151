// A whole row, of which the mistakes beside it read a part.

use pilaster::{Id, Json, Row};

#[derive(Row)]
#[pilaster(table = "public.deals")]
struct Deal {
    #[pilaster(primary_key)]
    id: DealId,
    title: String,
    notes: Option<String>,
    #[pilaster(json)]
    requirements: Requirements,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Id)]
struct DealId(i64);

#[derive(Debug, Json)]
struct Requirements {
    #[pilaster(key = "dogFriendly")]
    dog_friendly: Option<bool>,
}
