//! Rows whose state the compiler knows. A change that the model's `transitions` do not have does
//! not compile; the database refuses it all the same.

use std::marker::PhantomData;
use std::ops::Deref;

use crate::row::{BoxedParam, read};
use crate::sql::{Column, Sql, Value};
use crate::write::Answer;
use crate::{Connection, Error, Patch, PgEnum, Table};

/// A state as a type. Derived with `PgEnum` where `states` names a module for them.
pub trait State: 'static {
    /// The enum it is a value of.
    type Of: PgEnum;
    /// That value.
    const VALUE: Self::Of;
}

/// A state that may become another. Derived with `PgEnum` from `to(…)`.
#[diagnostic::on_unimplemented(
    message = "the model has no transition from `{Self}` to `{Next}`",
    label = "not allowed from this state",
    note = "`transitions` in the model says which changes there are"
)]
pub trait LeadsTo<Next: State>: State {}

/// A row with a column of states. Derived with `Row` from a field marked `state`.
pub trait Stateful: Table {
    /// The enum of its states.
    type States: PgEnum + PartialEq + postgres_types::ToSql + Sync;
    /// The column.
    const STATE: Column;

    /// The state it is in.
    fn state(&self) -> Self::States;

    /// The row as one that is known to be in that state; the row itself where it is in another.
    ///
    /// # Errors
    ///
    /// The row, where it is in another state.
    fn into_state<S: State<Of = Self::States>>(self) -> Result<In<Self, S>, Self> {
        if self.state() == S::VALUE {
            Ok(In::new(self))
        } else {
            Err(self)
        }
    }
}

/// A row of `R` that was in the state `S` when it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct In<R, S> {
    row: R,
    state: PhantomData<fn() -> S>,
}

impl<R, S> In<R, S> {
    fn new(row: R) -> Self {
        In {
            row,
            state: PhantomData,
        }
    }

    /// The row.
    pub fn into_row(self) -> R {
        self.row
    }
}

impl<R, S> Deref for In<R, S> {
    type Target = R;

    fn deref(&self) -> &R {
        &self.row
    }
}

impl<R: Stateful, S: State<Of = R::States>> In<R, S> {
    /// Brings the row into the next state, with the changes that go with it.
    ///
    /// Only a row that is still in this state is changed. What a patch says of the state itself has
    /// no part in it.
    ///
    /// # Errors
    ///
    /// [`Error::Stale`] where the row has moved on, was deleted or is hidden by a policy; what the
    /// server refused, told apart by constraint.
    pub fn to<Next: State<Of = R::States>>(
        self,
        client: &mut impl Connection,
        changes: &impl Patch<Row = R>,
    ) -> Answer<In<R, Next>, R>
    where
        S: LeadsTo<Next>,
    {
        let (key, next, from) = (self.row.key(), Next::VALUE, S::VALUE);
        let sql = step::<R>(&key, &next, &from, changes.changes());
        Ok(In::moved(read(&sql.rows(client)?)?.pop())?)
    }
}

impl<R, S> In<R, S> {
    /// The row in its next state, where it was still in the one before.
    pub(crate) fn moved(row: Option<R>) -> Result<Self, Error> {
        let stale = || Error::Stale {
            row: std::any::type_name::<R>(),
        };
        row.map(In::new).ok_or_else(stale)
    }
}

/// `UPDATE` of a row that is still in the first state.
pub(crate) fn step<'q, R: Stateful>(
    key: &'q R::Key,
    next: &'q R::States,
    from: &'q R::States,
    mut changes: Vec<(Column, BoxedParam<'q>)>,
) -> Sql<'q> {
    changes.retain(|(column, _)| *column != R::STATE);
    changes.insert(0, (R::STATE, next));
    let changes = changes.into_iter();
    let changes = changes.map(|(column, value)| (column, Value::Borrowed(value)));
    let mut sql = Sql::update(R::RELATION, changes.collect());
    sql.push(" WHERE ").equals(R::KEY, R::key_params(key));
    sql.push(&crate::row::not_deleted::<R>());
    sql.push(" AND ").equals(&[R::STATE], vec![from]);
    sql.returning::<R>();
    sql
}
