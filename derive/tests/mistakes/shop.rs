// The generated code of `shop.pilaster`, as far as the mistakes beside it need it.

use pilaster::{Id, Json, PgEnum, Row};

#[derive(Row)]
#[pilaster(table = "public.deals")]
pub struct Deal {
    #[pilaster(primary_key)]
    pub id: DealId,
    pub title: String,
    pub notes: Option<String>,
    pub stage: Stage,
    #[pilaster(json)]
    pub wishes: Wishes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Id)]
pub struct DealId(pub i64);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PgEnum)]
pub enum Stage {
    Inquiry,
    Touring,
}

#[derive(Debug, Json)]
pub struct Wishes {
    #[pilaster(key = "dogFriendly")]
    pub dog_friendly: Option<bool>,
}

#[derive(Row)]
#[pilaster(table = "public.emails")]
pub struct Email {
    #[pilaster(primary_key)]
    pub id: EmailId,
    #[pilaster(references = Deal, one = "deal", many = "emails")]
    pub deal_id: DealId,
    pub body: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Id)]
pub struct EmailId(pub i64);
