//! The derives on types as the emitters write them, without a server.

use std::collections::BTreeMap;

use pilaster::chrono::{DateTime, Utc};
use pilaster::json::{from_str, to_string};
use pilaster::{Json, Numeric, PgEnum};

#[derive(Clone, Debug, PartialEq, Json)]
struct Amenities {
    #[pilaster(key = "dogFriendly")]
    dog_friendly: Option<bool>,
    #[pilaster(rest)]
    extra: BTreeMap<String, bool>,
}

#[derive(Clone, Debug, PartialEq, Json)]
#[pilaster(deny_unknown)]
struct Version {
    version: i32,
    #[pilaster(required)]
    prompt: Option<String>,
    #[pilaster(key = "createdAt")]
    created_at: DateTime<Utc>,
    #[pilaster(min = 1, max = 2)]
    notes: Vec<String>,
    cost: Numeric,
    #[pilaster(default = "3")]
    tries: i16,
}

#[derive(Clone, Copy, Debug, PartialEq, PgEnum)]
enum Stage {
    Inquiry,
    #[pilaster(label = "in-touring")]
    Touring,
}

#[derive(Clone, Copy, Debug, PartialEq, Json)]
enum Source {
    Space,
    Deal,
}

#[derive(Clone, Debug, PartialEq, Json)]
#[pilaster(tag = "type")]
enum Event {
    Priced(Priced),
    Noted(Amenities),
}

#[derive(Clone, Debug, PartialEq, Json)]
#[pilaster(deny_unknown)]
struct Priced {
    price: Numeric,
}

#[derive(Clone, Debug, PartialEq, Json)]
enum Size {
    Integer(i32),
    Text(String),
    Versions(Versions),
}

#[derive(Clone, Debug, PartialEq, Json)]
struct Versions(Vec<Source>);

#[derive(Clone, Debug, PartialEq, Json)]
#[pilaster(literal = "1.5")]
struct Format;

fn refused<T: pilaster::JsonType + std::fmt::Debug>(text: &str) -> String {
    from_str::<T>(text).expect_err(text).to_string()
}

#[test]
fn an_open_object_keeps_its_other_keys() {
    let text = r#"{"dogFriendly":true,"parking":false}"#;
    let amenities: Amenities = from_str(text).unwrap();
    assert_eq!(amenities.dog_friendly, Some(true));
    assert_eq!(to_string(&amenities).unwrap(), text);
    assert_eq!(
        from_str::<Amenities>(r#"{"dogFriendly":null}"#)
            .unwrap()
            .dog_friendly,
        None
    );
    refused::<Amenities>(r#"{"parking":"yes"}"#);
    refused::<Amenities>("[true]");
    refused::<Amenities>("null");
}

#[test]
fn a_closed_object_refuses_what_it_does_not_name() {
    let with = |rest: &str| {
        format!(
            r#"{{"version":0,"prompt":null,"createdAt":"2024-05-01T12:00:00Z","notes":["a"]{rest}}}"#
        )
    };
    let version: Version = from_str(&with(r#","cost":0.12345678901234567890123"#)).unwrap();
    assert_eq!(version.cost.to_string(), "0.12345678901234567890123");
    assert_eq!(version.tries, 3);
    assert_eq!(
        from_str::<Version>(&to_string(&version).unwrap()).unwrap(),
        version
    );
    assert!(refused::<Version>(&with("")).contains("missing field `cost`"));
    assert!(refused::<Version>(&with(r#","cost":1,"more":1"#)).contains("unknown field `more`"));
    assert!(refused::<Version>(&with(r#","cost":"1""#)).contains("`cost`: expected a number"));
    let many = with(r#","cost":1"#).replace(r#"["a"]"#, r#"["a","b","c"]"#);
    assert!(refused::<Version>(&many).contains("`notes`: 3 is more than 2"));
    let absent = with(r#","cost":1"#).replace(r#""prompt":null,"#, "");
    assert!(refused::<Version>(&absent).contains("missing field `prompt`"));
    let fraction = with(r#","cost":1"#).replace(r#""version":0"#, r#""version":0.0"#);
    refused::<Version>(&fraction);
}

#[test]
fn labels_are_strings_and_nothing_else() {
    assert_eq!(Stage::ALL.map_labels(), ["inquiry", "in-touring"]);
    assert_eq!("in-touring".parse(), Ok(Stage::Touring));
    assert_eq!(from_str::<Source>("\"deal\"").unwrap(), Source::Deal);
    refused::<Source>(r#"{"deal":null}"#);
    let error = "closed".parse::<Stage>().unwrap_err();
    assert_eq!(error.to_string(), "`closed` is not a label of Stage");
}

trait MapLabels {
    fn map_labels(&self) -> Vec<&'static str>;
}

impl<T: PgEnum> MapLabels for [T] {
    fn map_labels(&self) -> Vec<&'static str> {
        self.iter().map(|value| value.as_str()).collect()
    }
}

#[test]
fn a_tag_says_which_variant_and_loses_no_digit() {
    let text = r#"{"type":"priced","price":1e400}"#;
    let event: Event = from_str(text).unwrap();
    let Event::Priced(priced) = &event else {
        panic!("{event:?}")
    };
    assert_eq!(priced.price, "1e400".parse().unwrap());
    assert_eq!(
        from_str::<Event>(&to_string(&event).unwrap()).unwrap(),
        event
    );
    assert!(matches!(
        from_str(r#"{"a":true,"type":"noted"}"#),
        Ok(Event::Noted(_))
    ));
    refused::<Event>(r#"{"price":1}"#);
    refused::<Event>(r#"{"type":"sold","price":1}"#);
    refused::<Event>(r#"{"type":"priced","price":1,"more":2}"#);
}

#[test]
fn a_union_is_the_first_alternative_that_fits() {
    assert_eq!(from_str::<Size>("3").unwrap(), Size::Integer(3));
    assert_eq!(from_str::<Size>("\"3\"").unwrap(), Size::Text("3".into()));
    let versions: Size = from_str(r#"["space"]"#).unwrap();
    assert_eq!(to_string(&versions).unwrap(), r#"["space"]"#);
    refused::<Size>("3.5");
}

#[test]
fn a_literal_is_compared_by_value() {
    assert_eq!(from_str::<Format>("1.50").unwrap(), Format);
    refused::<Format>("\"1.5\"");
    assert_eq!(to_string(&Format).unwrap(), "1.5");
}
