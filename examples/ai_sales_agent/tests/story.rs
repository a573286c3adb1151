//! The story that `main` tells, word for word.

mod common;

#[test]
fn a_french_customer_writes_their_first_mail() {
    let ((_europe, europe), (_canada, canada)) = (common::database(), common::database());
    let mut told = Vec::new();
    ai_sales_agent::story::tell(europe, canada, &mut told).expect("the story");
    insta::assert_snapshot!(String::from_utf8_lossy(&told));
}
