//! Paths into JSONB documents, as the shapes of the model have them. A path that no document can
//! have does not compile.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::json::{JsonType, to_string};
use crate::sql::{Column, Kept, Piece, quoted};
use crate::{Filter, Json};

/// What a value of a document is read or sent as: text that the server makes `jsonb` of.
const DOCUMENT: Column = Column::through_text("", "jsonb");
/// A `jsonpath`, sent as text.
const JSONPATH: Column = Column::through_text("", "jsonpath");

/// What the server can be given to read as a time.
const TIME: &str = "'^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}'";

/// One step into a document.
#[derive(Clone, Debug, PartialEq)]
enum Step {
    /// The value of a key.
    Key(String),
    /// Some item of an array.
    Item,
}

/// A place in the documents of a column of `R` where a `T` may stand.
///
/// It begins at a function that `#[derive(Row)]` gives for each `json` column, and goes on by the
/// keys of the shape: `Deal::requirements().parking()`. A document without that place passes no
/// filter, as null would.
pub struct Path<R, T> {
    column: Column,
    steps: Vec<Step>,
    types: PhantomData<fn() -> (R, T)>,
}

impl<R, T> Clone for Path<R, T> {
    fn clone(&self) -> Self {
        self.to()
    }
}

impl<R, T> std::fmt::Debug for Path<R, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at {}", quoted(self.column.name), self.jsonpath())
    }
}

/// A type with places in it. Derived with `Json`.
pub trait Navigate: Sized {
    /// What stands for a place of this type: a [`Path`], or a type with a function for each key.
    type Paths<R>;

    /// The place as what stands for it.
    fn at<R>(path: Path<R, Self>) -> Self::Paths<R>;
}

impl<R, T> Path<R, T> {
    #[doc(hidden)]
    pub fn new(column: Column) -> Self {
        Path {
            column,
            steps: Vec::new(),
            types: PhantomData,
        }
    }

    /// The same place with another type.
    fn to<U>(&self) -> Path<R, U> {
        Path {
            column: self.column,
            steps: self.steps.clone(),
            types: PhantomData,
        }
    }

    fn step<U: Navigate>(&self, step: Step) -> U::Paths<R> {
        let mut path = self.to();
        path.steps.push(step);
        U::at(path)
    }

    /// The value of a key of this object.
    #[doc(hidden)]
    pub fn of_key<U: Navigate>(&self, key: &str) -> U::Paths<R> {
        self.step::<U>(Step::Key(key.to_owned()))
    }

    /// Whether something stands here that is not null.
    pub fn exists(&self) -> Filter<R> {
        let path = format!("{} ? (@ != null)", self.jsonpath());
        Filter::of(vec![
            Piece::Text(format!("{} @? ", quoted(self.column.name))),
            Piece::Value(JSONPATH, Arc::new(path)),
        ])
    }

    fn jsonpath(&self) -> String {
        let steps = self.steps.iter().map(|step| match step {
            Step::Key(key) => format!(".{}", serde_json::Value::from(key.as_str())),
            Step::Item => "[*]".to_owned(),
        });
        std::iter::once("$".to_owned()).chain(steps).collect()
    }

    /// A document that holds this value here and nothing else.
    fn holding(&self, value: &str) -> String {
        let (mut before, mut after) = (String::new(), String::new());
        for step in &self.steps {
            match step {
                Step::Key(key) => {
                    before += &format!("{{{}:", serde_json::Value::from(key.as_str()));
                    after.insert(0, '}');
                }
                Step::Item => {
                    before.push('[');
                    after.insert(0, ']');
                }
            }
        }
        format!("{before}{value}{after}")
    }
}

impl<R, T: JsonType> Path<R, T> {
    /// Whether this value stands here.
    ///
    /// A string, number, boolean or null becomes `@>`, which a GIN index on the column answers.
    pub fn eq(&self, value: impl Into<T>) -> Filter<R> {
        match text(&value.into()) {
            None => Filter::any([]),
            Some(json) if json.starts_with(['{', '[']) => self.equal_document(json),
            Some(json) => self.contains_text(&json),
        }
    }

    /// Whether another value stands here, or none.
    pub fn ne(&self, value: impl Into<T>) -> Filter<R> {
        !self.eq(value)
    }

    /// Whether one of these values stands here.
    pub fn is_in<V: Into<T>>(&self, values: impl IntoIterator<Item = V>) -> Filter<R> {
        Filter::any(values.into_iter().map(|value| self.eq(value)))
    }

    /// Whether a document stands here that holds all that this one holds: its keys with their
    /// values, the items of its arrays. A GIN index on the column answers it.
    pub fn contains(&self, value: impl Into<T>) -> Filter<R> {
        text(&value.into()).map_or_else(|| Filter::any([]), |json| self.contains_text(&json))
    }

    fn contains_text(&self, json: &str) -> Filter<R> {
        let operator = format!("{} @> ", quoted(self.column.name));
        Filter::with(operator, DOCUMENT, Arc::new(self.holding(json)))
    }

    fn equal_document(&self, json: String) -> Filter<R> {
        Filter::of(vec![
            Piece::Text(format!(
                "EXISTS (SELECT FROM jsonb_path_query({}, ",
                quoted(self.column.name)
            )),
            Piece::Value(JSONPATH, Arc::new(self.jsonpath())),
            Piece::Text(") AS found(value) WHERE found.value = ".into()),
            Piece::Value(DOCUMENT, Arc::new(json)),
            Piece::Text(")".into()),
        ])
    }
}

/// Types whose values in documents have an order: numbers, text by its characters' code points, and
/// times by the instant, whatever offset they are written with (to the microsecond).
pub trait JsonOrdered: JsonType {
    /// The type to compare as, where JSON has another order.
    #[doc(hidden)]
    const AS: Option<&'static str> = None;
}

impl JsonOrdered for i16 {}
impl JsonOrdered for i32 {}
impl JsonOrdered for i64 {}
impl JsonOrdered for f64 {}
impl JsonOrdered for crate::Numeric {}
impl JsonOrdered for String {}
impl JsonOrdered for chrono::NaiveDate {}
impl JsonOrdered for chrono::NaiveDateTime {
    const AS: Option<&'static str> = Some("timestamp");
}
impl JsonOrdered for chrono::DateTime<chrono::Utc> {
    const AS: Option<&'static str> = Some("timestamptz");
}

impl<R, T: JsonOrdered> Path<R, T> {
    /// Whether it is less than that value.
    pub fn lt(&self, value: impl Into<T>) -> Filter<R> {
        self.compared("<", value)
    }

    /// Whether it is at most that value.
    pub fn le(&self, value: impl Into<T>) -> Filter<R> {
        self.compared("<=", value)
    }

    /// Whether it is greater than that value.
    pub fn gt(&self, value: impl Into<T>) -> Filter<R> {
        self.compared(">", value)
    }

    /// Whether it is at least that value.
    pub fn ge(&self, value: impl Into<T>) -> Filter<R> {
        self.compared(">=", value)
    }

    fn compared(&self, operator: &str, value: impl Into<T>) -> Filter<R> {
        let Some(json) = text(&value.into()) else {
            return Filter::any([]);
        };
        if let Some(ty) = T::AS {
            return self.compared_as(ty, operator, json);
        }
        let path: Kept = Arc::new(format!("{} ? (@ {operator} $value)", self.jsonpath()));
        let variables = format!("{{\"value\":{json}}}");
        Filter::of(vec![
            Piece::Text(format!("jsonb_path_exists({}, ", quoted(self.column.name))),
            Piece::Value(JSONPATH, path),
            Piece::Text(", ".into()),
            Piece::Value(DOCUMENT, Arc::new(variables)),
            Piece::Text(")".into()),
        ])
    }
}

impl<R, T> Path<R, T> {
    /// Compares what stands here as another type. Where the documents are unchecked something else may
    /// stand here, which passes no filter.
    fn compared_as(&self, ty: &str, operator: &str, json: String) -> Filter<R> {
        Filter::of(vec![
            Piece::Text(format!(
                "EXISTS (SELECT FROM jsonb_path_query({}, ",
                quoted(self.column.name)
            )),
            Piece::Value(JSONPATH, Arc::new(self.jsonpath())),
            Piece::Text(format!(
                ") AS found(value) WHERE CASE WHEN found.value #>> '{{}}' ~ {TIME} \
                 THEN (found.value #>> '{{}}')::{ty} {operator} ("
            )),
            Piece::Value(DOCUMENT, Arc::new(json)),
            Piece::Text(format!(" #>> '{{}}')::{ty} END)")),
        ])
    }
}

impl<R, T: Navigate> Path<R, Vec<T>> {
    /// Some item of the array: a filter passes where one of the items does.
    pub fn any(&self) -> T::Paths<R> {
        self.step::<T>(Step::Item)
    }
}

impl<R, T: Navigate> Path<R, BTreeMap<String, T>> {
    /// The value of that key.
    pub fn key(&self, key: &str) -> T::Paths<R> {
        self.of_key::<T>(key)
    }
}

impl<R> Path<R, serde_json::Value> {
    /// The value of that key.
    pub fn key(&self, key: &str) -> Path<R, serde_json::Value> {
        self.of_key::<serde_json::Value>(key)
    }
}

/// The JSON of a value; a value that JSON has no form for (NaN) equals none in a document.
fn text(value: &impl JsonType) -> Option<String> {
    to_string(value).ok()
}

macro_rules! leaves {
    ($($ty:ty),*) => {$(
        impl Navigate for $ty {
            type Paths<R> = Path<R, $ty>;

            fn at<R>(path: Path<R, Self>) -> Path<R, Self> {
                path
            }
        }
    )*};
}

leaves!(
    bool,
    i16,
    i32,
    i64,
    f64,
    String,
    crate::Numeric,
    uuid::Uuid,
    chrono::NaiveDate,
    chrono::NaiveDateTime,
    chrono::DateTime<chrono::Utc>,
    serde_json::Value
);

impl<T> Navigate for Vec<T> {
    type Paths<R> = Path<R, Vec<T>>;

    fn at<R>(path: Path<R, Self>) -> Self::Paths<R> {
        path
    }
}

impl<T> Navigate for BTreeMap<String, T> {
    type Paths<R> = Path<R, BTreeMap<String, T>>;

    fn at<R>(path: Path<R, Self>) -> Self::Paths<R> {
        path
    }
}

macro_rules! as_what_is_inside {
    ($($ty:ident),*) => {$(
        impl<T: Navigate> Navigate for $ty<T> {
            type Paths<R> = T::Paths<R>;

            fn at<R>(path: Path<R, Self>) -> Self::Paths<R> {
                T::at(path.to())
            }
        }
    )*};
}

as_what_is_inside!(Option, Box, Json);

/// A place whose type stands for another: `struct Sizes(Vec<i32>)`.
#[doc(hidden)]
pub fn inside<R, T, U: Navigate>(path: &Path<R, T>) -> U::Paths<R> {
    U::at(path.to())
}
