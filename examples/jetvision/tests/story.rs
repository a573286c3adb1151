//! The story that `main` tells, word for word.

mod common;

#[test]
fn a_list_of_leads_becomes_a_flight() {
    let (_database, mut client) = common::database();
    let mut told = Vec::new();
    jetvision::story::tell(&mut client, &common::history(), &mut told).expect("the story");
    insta::assert_snapshot!(String::from_utf8_lossy(&told));
}
