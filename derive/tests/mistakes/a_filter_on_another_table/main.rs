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

#[derive(Row)]
#[pilaster(table = "public.emails")]
struct Email {
    deal_id: DealId,
    body: String,
}

fn main() {
    let _ = Deal::filter(Email::BODY.eq("hello"));
    let _ = Deal::filter(Deal::TITLE.eq(7));
    let _ = Email::filter(Email::DEAL_ID.eq(7));
    let _ = Deal::filter(Deal::TITLE.is_null());
    let _ = Deal::filter(Deal::requirements().cat_friendly().eq(true));
}
