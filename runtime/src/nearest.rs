//! The rows nearest to a vector. It never computes a distance: the server's index does.

use std::sync::Arc;

use crate::column::Nullability;
use crate::sql::{Column, Kept, Sql, Value, quoted};
use crate::{ColumnOf, Distance, Query, Row, Vector};

/// From which vector, in which column, distances are measured.
#[derive(Clone)]
pub(crate) struct Nearest {
    column: Column,
    distance: Distance,
    to: Kept,
    nullable: bool,
}

impl Nearest {
    /// The distance, as what rows are ordered by.
    pub(crate) fn push(&self, sql: &mut Sql<'static>) {
        let schema = self.column.type_schema.map(|schema| quoted(schema) + ".");
        let (column, schema) = (quoted(self.column.name), schema.unwrap_or_default());
        let operator = self.distance.operator();
        // An operator is found by the search path, which on a hosted database may be anything.
        sql.push(&format!("{column} OPERATOR({schema}{operator}) "))
            .plain(Value::Kept(Arc::clone(&self.to)));
    }

    /// The column that rows must have a vector in.
    pub(crate) fn present(&self) -> Option<Column> {
        self.nullable.then_some(self.column)
    }
}

impl<R: Row> Query<R> {
    /// The nearest rows first; rows without a vector are passed by.
    ///
    /// With a [`Query::limit`] and an index of the distance's operator class, the server reads no
    /// more rows than it must. Such an index is approximate: a far row may be missed, and a filter
    /// is asked about the rows that the index found (`hnsw.ef_search`, `ivfflat.probes`). Distances
    /// have no part in [`Query::page`].
    ///
    /// ```
    /// # use pilaster::{Distance, Row, Vector};
    /// # #[derive(Row)]
    /// # #[pilaster(table = "public.memories")]
    /// # struct Memory {
    /// #     #[pilaster(primary_key)]
    /// #     id: i64,
    /// #     #[pilaster(type_schema = "extensions")]
    /// #     embedding: Vector,
    /// # }
    /// # fn run(client: &mut pilaster::postgres::Client, question: Vector) -> pilaster::Result<()> {
    /// let like_it = Memory::query()
    ///     .nearest(Memory::EMBEDDING, Distance::Cosine, question)
    ///     .limit(5);
    /// for memory in like_it.all(client)? {
    ///     println!("{}", memory.id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn nearest<N: Nullability>(
        mut self,
        column: ColumnOf<R::Of, Vector, N>,
        distance: Distance,
        to: impl Into<Vector>,
    ) -> Self {
        self.nearest = Some(Nearest {
            column: column.column(),
            distance,
            to: Arc::new(to.into()),
            nullable: N::NULLABLE,
        });
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_operator_is_the_one_of_the_types_schema() {
        let nearest = |type_schema| Nearest {
            column: Column {
                type_schema,
                ..Column::new("meaning")
            },
            distance: Distance::Cosine,
            to: Arc::new(Vector::default()),
            nullable: true,
        };
        let text = |nearest: Nearest| {
            let mut sql = Sql::new("");
            nearest.push(&mut sql);
            sql.text
        };
        assert_eq!(
            text(nearest(Some("extensions"))),
            "\"meaning\" OPERATOR(\"extensions\".<=>) $1"
        );
        assert_eq!(text(nearest(None)), "\"meaning\" OPERATOR(<=>) $1");
    }
}
