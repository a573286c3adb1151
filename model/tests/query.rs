//! Mistakes in SQL that is typed against a model: what is said of each, and where.

const SHOP: &str = r#"
json Wishes { dogFriendly boolean? }
enum stage { inquiry, touring }
table people {
  id           bigint  identity  primary key
  email        text
  "Full Name"  text?
}
table deals {
  id        bigint   primary key
  owner_id  bigint   references people
  title     text
  size      integer
  half      integer  generated (size / 2)
  wishes    jsonb<Wishes>
  notes     text?
}
table payments {
  id      bigint  primary key
  amount  integer
  append only
}
"#;

#[test]
fn what_is_wrong_is_said_at_its_place() {
    let mut sources = model::Sources::new();
    sources.add("shop.pilaster", SHOP);
    let (shop, faults) = model::load(&sources);
    let said = faults.render(&sources, model::Color::Never);
    assert!(!faults.has_errors(), "{said}");
    let mut text = String::new();
    for sql in [
        "select id from dealz",
        "select id from other.deals",
        "select titel from deals",
        "select d.titel\nfrom deals d\njoin people p on p.id = d.owner",
        "select e.id from deals d",
        "select id from deals, people",
        "select Full Name from people",
        "select people.FullName, \"Full Name\" from people",
        "select lowr(title) from deals",
        "select title::txt from deals",
        "select wishes -> 'dogfriendly' as dogs from deals",
        "select id, id from deals",
        "select $1",
        "select id from deals where $1 is null",
        "select id from deals where id = $1 or title = $1",
        "select id from deals where id = $2",
        "select id from deals where title = size",
        "select width_bucket(size, 1, 2, 3) from deals",
        "select now() - $1 as ago",
        "select id from deals natural join people",
        "select id from deals union select id, email from people",
        "insert into deals (id, title) values (1, 'a', 2)",
        "insert into people (id, email) values (1, null)",
        "insert into deals (id, owner_id, title, size, half) values (1, 1, 'a', 1, 1)",
        "update deals set titel = 'a'",
        "update payments set amount = 1",
        "delete from payments where id = 1",
        "insert into payments (id, amount) values (1, 1) on conflict (id) do update set amount = 2",
        "select id form where",
        "create table t (a integer)",
        "select 1; select 2",
    ] {
        text += &format!("{sql}\n");
        match model::query::check(&shop.schema, &shop.default_schema, sql) {
            Ok(query) => panic!("{sql}: {query:?}"),
            Err(faults) => {
                for fault in faults {
                    text += &format!("  - {}\n", fault.render(sql).replace('\n', "\n    "));
                }
            }
        }
    }
    insta::assert_snapshot!(text);
}
