use pilaster::{Error, Refusal};

#[derive(Debug, Refusal)]
#[pilaster(table = "public.deals")]
enum DealError {
    #[pilaster(constraint = "deals_pkey")]
    PrimaryKey(Error),
}

#[derive(Debug, Refusal)]
#[pilaster(table = "public.deals")]
enum Unheld {
    #[pilaster(constraint = "deals_pkey")]
    PrimaryKey,
    Other(Error),
}

fn main() {}
