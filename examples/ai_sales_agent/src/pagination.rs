//! Numbered pages, for tables that people click through. A list that is read to its end is better
//! read by [`Query::page`], which counts nothing and skips nothing.

use pilaster::{Connection, Order, Query, Result, Row};

/// Which page, as a request has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// From 1.
    page: u32,
    /// Rows a page.
    limit: u32,
}

impl Wanted {
    /// The most rows that one page has.
    pub const MOST: u32 = 100;

    /// That page; a number that makes no sense becomes the nearest that does.
    ///
    /// ```
    /// use ai_sales_agent::pagination::Wanted;
    ///
    /// assert_eq!(Wanted::new(0, 1_000), Wanted::new(1, Wanted::MOST));
    /// ```
    pub fn new(page: u32, limit: u32) -> Self {
        Wanted {
            page: page.max(1),
            limit: limit.clamp(1, Wanted::MOST),
        }
    }
}

/// A page, and how many there are.
#[derive(Clone, Debug, PartialEq)]
pub struct Paginated<R> {
    /// The rows.
    pub data: Vec<R>,
    /// All rows, on whatever page.
    pub total: u64,
    /// Which page this is, from 1.
    pub page: u32,
    /// How many there are.
    pub pages: u64,
}

impl<R> Paginated<R> {
    /// Whether another page follows.
    pub fn has_next(&self) -> bool {
        u64::from(self.page) < self.pages
    }
}

/// That page of what was asked for, in that order. The order should end with a unique column, so that
/// no row is on two pages.
///
/// # Errors
///
/// What the server refused.
pub fn paginate<R: Row>(
    client: &mut impl Connection,
    query: &Query<R>,
    order: impl IntoIterator<Item = Order<R::Of>>,
    wanted: Wanted,
) -> Result<Paginated<R>> {
    let ordered = order.into_iter().fold(query.clone(), Query::order_by);
    let skipped = (wanted.page - 1).saturating_mul(wanted.limit);
    let total = query.count(client)?;
    Ok(Paginated {
        data: ordered.limit(wanted.limit).offset(skipped).all(client)?,
        total,
        page: wanted.page,
        pages: total.div_ceil(wanted.limit.into()),
    })
}
