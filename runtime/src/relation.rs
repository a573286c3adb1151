//! Related rows of many rows at once: one query, however many rows there are.

use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;

use crate::column::Sendable;
use crate::sql::{Column, Kept, Piece, list, quoted};
use crate::{Connection, Filter, Query, Result, Row};

/// A foreign key from `C` to a unique key of `P`, whose values are a `K`: of one column that
/// column's type, of several a tuple.
///
/// `#[derive(Row)]` gives it to both sides: `Email::DEAL` of one, `Deal::EMAILS` of the other.
pub struct Relation<C, P, K> {
    columns: &'static [Column],
    keys: &'static [Column],
    child: fn(&C) -> Option<K>,
    parent: fn(&P) -> K,
    arrays: fn(Vec<K>) -> Vec<Kept>,
}

impl<C, P, K> Copy for Relation<C, P, K> {}

impl<C, P, K> Clone for Relation<C, P, K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C, P, K> Debug for Relation<C, P, K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = |columns| list(columns, |column| column.name.to_owned());
        write!(f, "{} → {}", names(self.columns), names(self.keys))
    }
}

impl<C, P, K> Relation<C, P, K> {
    #[doc(hidden)]
    pub const fn new(
        columns: &'static [Column],
        keys: &'static [Column],
        child: fn(&C) -> Option<K>,
        parent: fn(&P) -> K,
    ) -> Self
    where
        K: Sendable,
    {
        Relation::by(columns, keys, child, parent, |keys| {
            vec![std::sync::Arc::new(keys)]
        })
    }

    /// By several columns: the last function makes an array of each one's values.
    #[doc(hidden)]
    pub const fn by(
        columns: &'static [Column],
        keys: &'static [Column],
        child: fn(&C) -> Option<K>,
        parent: fn(&P) -> K,
        arrays: fn(Vec<K>) -> Vec<Kept>,
    ) -> Self {
        Relation {
            columns,
            keys,
            child,
            parent,
            arrays,
        }
    }
}

impl<C: Row<Of = C>, P: Row<Of = P>, K: Eq + Hash + Clone> Relation<C, P, K> {
    /// The children of these rows, to be narrowed and ordered.
    pub fn of<'p>(self, parents: impl IntoIterator<Item = &'p P>) -> Query<C>
    where
        P: 'p,
    {
        let keys: Vec<K> = parents.into_iter().map(self.parent).collect();
        C::filter(self.one_of(self.columns, keys))
    }

    /// Each row's children, in the order of the rows; one query.
    ///
    /// ```
    /// # use pilaster::Row;
    /// # #[derive(Row)]
    /// # #[pilaster(table = "public.deals")]
    /// # struct Deal { #[pilaster(primary_key)] id: i32 }
    /// # #[derive(Row)]
    /// # #[pilaster(table = "public.emails")]
    /// # struct Email {
    /// #     #[pilaster(references = Deal, one = "deal", many = "emails")] deal_id: i32
    /// # }
    /// # fn run(client: &mut pilaster::postgres::Client) -> pilaster::Result<()> {
    /// let deals = Deal::query().limit(100).all(client)?;
    /// for (deal, emails) in deals.iter().zip(Deal::EMAILS.children(client, &deals)?) {
    ///     println!("{}: {} mails", deal.id, emails.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// What the server refused, or a value that does not fit.
    pub fn children(self, client: &mut impl Connection, parents: &[P]) -> Result<Vec<Vec<C>>> {
        Ok(self.group(parents, self.of(parents).all(client)?))
    }

    /// Children that were read already, by parent and in the order of the parents; those of other
    /// parents are left out.
    pub fn group(self, parents: &[P], children: Vec<C>) -> Vec<Vec<C>> {
        let mut groups: Vec<Vec<C>> = parents.iter().map(|_| Vec::new()).collect();
        let places = parents.iter().enumerate();
        let places: HashMap<K, usize> = places.map(|(at, p)| ((self.parent)(p), at)).collect();
        for child in children {
            let place = (self.child)(&child).and_then(|key| places.get(&key));
            if let Some(group) = place.and_then(|at| groups.get_mut(*at)) {
                group.push(child);
            }
        }
        groups
    }

    /// The parents of these rows by their keys; one query. A parent that a policy hides is missing.
    ///
    /// # Errors
    ///
    /// What the server refused, or a value that does not fit.
    pub fn parents<'c>(
        self,
        client: &mut impl Connection,
        children: impl IntoIterator<Item = &'c C>,
    ) -> Result<HashMap<K, P>>
    where
        C: 'c,
    {
        Ok(self.by_key(self.to(children).all(client)?))
    }

    /// The parents of these rows, to be narrowed and ordered.
    pub fn to<'c>(self, children: impl IntoIterator<Item = &'c C>) -> Query<P>
    where
        C: 'c,
    {
        let keys: Vec<K> = children.into_iter().filter_map(self.child).collect();
        P::filter(self.one_of(self.keys, keys))
    }

    /// Parents that were read already, by their keys.
    pub fn by_key(self, parents: Vec<P>) -> HashMap<K, P> {
        let parents = parents.into_iter();
        parents.map(|p| ((self.parent)(&p), p)).collect()
    }

    /// Rows with a child that passes.
    pub fn any(self, filter: Filter<C>) -> Filter<P> {
        related(self.keys, self.columns, C::RELATION, filter)
    }

    /// Rows whose parent passes.
    pub fn parent(self, filter: Filter<P>) -> Filter<C> {
        related(self.columns, self.keys, P::RELATION, filter)
    }

    fn one_of<R>(self, columns: &[Column], keys: Vec<K>) -> Filter<R> {
        let mut seen = std::collections::HashSet::new();
        let distinct: Vec<K> = keys
            .into_iter()
            .filter(|k| seen.insert(k.clone()))
            .collect();
        let mut pieces = Vec::new();
        let arrays = (self.arrays)(distinct);
        let several = arrays.len();
        for (column, array) in columns.iter().zip(arrays) {
            let word = if pieces.is_empty() { "" } else { ") AND " };
            let name = quoted(column.name);
            pieces.push(Piece::Text(format!("{word}{name} = ANY (")));
            pieces.push(Piece::Array(*column, array));
        }
        pieces.push(Piece::Text(")".into()));
        if several > 1 {
            // The comparisons above lead to an index, and tell the server the types of the arrays.
            let names = list(columns, |column| quoted(column.name));
            let start = format!(" AND ({names}) IN (SELECT * FROM unnest(");
            pieces.push(Piece::Text(start));
            for at in 0..several {
                pieces.push(Piece::Text(if at > 0 { ", " } else { "" }.into()));
                pieces.push(Piece::Before(several - at));
            }
            pieces.push(Piece::Text("))".into()));
        }
        Filter::of(pieces)
    }
}

fn related<A, B>(
    outer: &[Column],
    inner: &[Column],
    relation: (&str, &str),
    filter: Filter<B>,
) -> Filter<A> {
    let names = |columns| list(columns, |column| quoted(column.name));
    let (outer, inner) = (names(outer), names(inner));
    let mut pieces = vec![Piece::Text(format!(
        "({outer}) IN (SELECT {inner} FROM {} WHERE ",
        crate::sql::qualified(relation)
    ))];
    pieces.extend(filter.pieces().iter().cloned());
    pieces.push(Piece::Text(")".into()));
    Filter::of(pieces)
}
