include!("../deal.rs");

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
