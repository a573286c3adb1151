//! SQL of one's own, typed by the model.

use pilaster::{Error, Insert, Row, query};

use super::schema::*;
use super::{database, five, new_deal, person};

/// A deal with its mails and its owner's name.
#[derive(Debug, PartialEq, Row)]
#[pilaster(
    query = "select d.id, d.title, d.stage, p.name, count(e.id) as emails,
                    max(e.body) as latest, d.requirements -> 'dogFriendly' as dogs
             from deals d
             join people p on p.id = d.owner_id
             left join emails e on e.deal_id = d.id
             where d.team_size >= $1 and ($2::text is null or d.title like $2)
             group by d.id, p.id
             order by d.title",
    params(least: i32, title: String)
)]
struct Line {
    id: DealId,
    title: String,
    stage: DealStage,
    name: Option<String>,
    emails: i64,
    latest: Option<String>,
    #[pilaster(column = "dogs")]
    takes_dogs: Option<bool>,
}

#[test]
fn a_row_of_a_query_is_read_with_the_types_of_the_columns() {
    let (_database, mut client) = database();
    let (owner, deals) = five(&mut client);
    NewEmail::new(deals[3].id, "hello".into())
        .insert(&mut client)
        .unwrap();
    let dogs = Requirements {
        dog_friendly: Some(true),
        ..Requirements::default()
    };
    let kennel = NewDeal::new(owner.id, "kennel".into(), 9, dogs);
    kennel.insert(&mut client).unwrap();
    let lines = Line::query(4, None::<String>).all(&mut client).unwrap();
    let said: Vec<_> = lines
        .iter()
        .map(|l| {
            (
                l.title.as_str(),
                l.emails,
                l.latest.as_deref(),
                l.takes_dogs,
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            ("d", 1, Some("hello"), None),
            ("e", 0, None, None),
            ("kennel", 0, None, Some(true)),
        ]
    );
    assert_eq!(
        (lines[0].id, lines[0].stage),
        (deals[3].id, DealStage::Inquiry)
    );
    let one = Line::query(1, Some("k%")).one(&mut client).unwrap();
    assert_eq!(one.title, "kennel");
}

#[test]
fn a_query_has_a_field_a_column() {
    let (_database, mut client) = database();
    let (owner, deals) = five(&mut client);
    let found = query!(
        "select d.id, d.title, e.body, d.created_at, p.email, d.rating is null as unrated
         from deals d
         join people p on p.id = d.owner_id
         left join emails e on e.deal_id = d.id
         where d.owner_id = $1 and d.stage = any($2) and d.title in ($3, $4)
         order by 2 limit $5",
        owner.id,
        vec![DealStage::Inquiry],
        "a",
        &deals[1].title,
        10,
    );
    let rows = found.all(&mut client).unwrap();
    assert_eq!(rows.len(), 2);
    let (id, body): (DealId, Option<&str>) = (rows[1].id, rows[1].body.as_deref());
    assert_eq!((id, body, rows[1].unrated), (deals[1].id, None, true));
    assert_eq!(rows[0].created_at, deals[0].created_at);

    let sums = query!(
        "with large as (select team_size, rating from deals where team_size > $1)
         select count(*) as count, sum(team_size) as people, avg(rating) as rating,
                coalesce(sum(rating), 0) as stars, array_agg(team_size order by team_size) as sizes
         from large",
        2,
    );
    let sums = sums.one(&mut client).unwrap();
    assert_eq!((sums.count, sums.people, sums.stars), (3, Some(12), 0));
    assert_eq!((sums.rating, sums.sizes), (None, Some(vec![3, 4, 5])));
}

#[test]
fn changes_are_typed_by_what_they_are_written_to() {
    let (_database, mut client) = database();
    let owner = person(&mut client, "ada@example.com");
    let made = query!(
        "insert into deals (owner_id, title, team_size, requirements, notes)
         values ($1, $2, $3, $4, $5) returning id, stage, notes",
        owner.id,
        "first",
        3,
        Requirements::default(),
        None::<String>,
    );
    let made = made.one(&mut client).unwrap();
    assert_eq!((made.stage, made.notes), (DealStage::Inquiry, None));
    let changed = query!(
        "update deals set stage = $2, rating = rating + $3, notes = $4 where id = $1",
        made.id,
        DealStage::Touring,
        1,
        "called",
    );
    assert_eq!(changed.run(&mut client).unwrap(), 1);
    let kept = query!(
        "insert into people (email) values ($1)
         on conflict (email) do update set name = $2 returning id, name",
        &owner.email,
        Some("Ada"),
    );
    let kept = kept.first(&mut client).unwrap().unwrap();
    assert_eq!((kept.id, kept.name.as_deref()), (owner.id, Some("Ada")));
    let gone = query!("delete from deals where team_size > $1 returning id", 2);
    assert_eq!(gone.all(&mut client).unwrap().len(), 1);
    assert!(matches!(
        gone.one(&mut client),
        Err(Error::NotOne { rows: 0 })
    ));
}

/// What a list shows.
struct Named {
    title: String,
    owner: PersonId,
}

#[test]
fn a_struct_of_ones_own_takes_the_rows_and_a_type_may_be_given() {
    let (_database, mut client) = database();
    let owner = person(&mut client, "ada@example.com");
    new_deal(&owner, "a", 2).insert(&mut client).unwrap();
    let named = query!(Named, "select title, owner_id as owner from deals");
    let named = named.one(&mut client).unwrap();
    assert_eq!((named.title.as_str(), named.owner), ("a", owner.id));
    let given = query!(
        r#"select width_bucket(team_size, 0, 10, 5) as "bucket: i32", notes as "notes?",
                  (select max(team_size) from deals) as "largest!" from deals"#
    );
    let given = given.one(&mut client).unwrap();
    assert_eq!((given.bucket, given.notes, given.largest), (2, None, 2));
}
