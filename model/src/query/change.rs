//! INSERT, UPDATE and DELETE.

use sqlparser::ast::{
    Assignment, AssignmentTarget, ConflictTarget, Delete, Expr, FromTable, Ident, Insert,
    ObjectName, OnConflictAction, OnInsert, Spanned, TableObject, Update, UpdateTableFromKind,
    Value as Literal,
};

use super::fault::{Fault, bytes};
use super::scope::{Col, Item, Scope};
use super::value::{Found, Value};
use super::{Typer, folded, qualified};
use crate::expr::nearest;
use crate::schema::{Id, IdentityMode, Kind, TriggerEvent, TriggerTiming};

impl Typer<'_> {
    pub(super) fn insert(&mut self, insert: &Insert) -> Vec<Col> {
        let TableObject::TableName(name) = &insert.table else {
            return Vec::new();
        };
        let Some(table) = self.find_relation(name) else {
            return Vec::new();
        };
        if table.kind == Kind::View {
            let message = "what is written through a view is not typed: name its table";
            self.fault_at(bytes(self.sql, name.span()), message.to_owned(), None);
            return Vec::new();
        }
        let columns = self.columns_of(&table);
        if insert.columns.is_empty() && insert.source.is_some() {
            let message = "name the columns: their order in a table is no part of the model";
            self.fault_at(bytes(self.sql, name.span()), message.to_owned(), None);
            return Vec::new();
        }
        let targets = match insert.columns.is_empty() {
            true => Vec::new(),
            false => {
                let names = insert.columns.iter();
                let names = names.filter_map(|name| name.0.last().and_then(|part| part.as_ident()));
                names
                    .filter_map(|name| self.target(&table, &columns, name))
                    .collect()
            }
        };
        let given: Vec<&str> = targets.iter().map(|c| c.name.as_str()).collect();
        self.nothing_is_missing(&table, &given, name);
        if let Some(source) = &insert.source {
            let want: Vec<Value> = targets
                .iter()
                .filter_map(|c| c.value.value().cloned())
                .collect();
            let found = self.query(source, &want);
            let place = bytes(self.sql, source.span());
            self.in_order(&found, place);
            if found.len() != targets.len() {
                let message = format!("{} columns take {} values", targets.len(), found.len());
                self.fault_at(place, message, None);
            }
        }
        let alias = insert
            .table_alias
            .as_ref()
            .map(|alias| folded(&alias.alias));
        let item = Item {
            alias: alias.unwrap_or_else(|| qualified(name).1.to_string()),
            columns: columns.clone(),
            ..Item::default()
        };
        self.scopes.push(Scope {
            items: vec![item],
            grouped: false,
        });
        if let Some(OnInsert::OnConflict(conflict)) = &insert.on {
            if let Some(ConflictTarget::Columns(names)) = &conflict.conflict_target {
                for name in names {
                    self.target(&table, &columns, name);
                }
            }
            if let OnConflictAction::DoUpdate(update) = &conflict.action {
                self.may_change(&table, bytes(self.sql, name.span()));
                self.here().items.push(Item {
                    alias: "excluded".to_owned(),
                    columns,
                    apart: true,
                    ..Item::default()
                });
                self.assignments(&table, &update.assignments);
                if let Some(condition) = &update.selection {
                    self.condition(condition);
                }
                self.here().items.pop();
            }
        }
        let returned = self.outputs(insert.returning.as_deref().unwrap_or(&[]), &[]);
        self.scopes.pop();
        returned
    }

    pub(super) fn update(&mut self, update: &Update) -> Vec<Col> {
        self.scopes.push(Scope::default());
        self.from(&update.table);
        let table = self.only_table(&update.table.relation);
        let from = match &update.from {
            Some(UpdateTableFromKind::BeforeSet(from) | UpdateTableFromKind::AfterSet(from)) => {
                from.as_slice()
            }
            None => &[],
        };
        for from in from {
            self.from(from);
        }
        if let Some(table) = table {
            self.may_change(&table, bytes(self.sql, update.table.relation.span()));
            self.assignments(&table, &update.assignments);
        }
        self.returned(update.selection.as_ref(), update.returning.as_deref(), true)
    }

    pub(super) fn delete(&mut self, delete: &Delete) -> Vec<Col> {
        self.scopes.push(Scope::default());
        let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) = &delete.from;
        for from in from.iter().chain(delete.using.iter().flatten()) {
            self.from(from);
        }
        // `USING` names what is only looked at.
        if let [of] = from.as_slice()
            && let Some(table) = self.only_table(&of.relation)
        {
            self.may_change(&table, bytes(self.sql, of.relation.span()));
        }
        self.returned(
            delete.selection.as_ref(),
            delete.returning.as_deref(),
            false,
        )
    }

    /// The rows that a change gives back. After an update the condition need not hold any more.
    fn returned(
        &mut self,
        condition: Option<&Expr>,
        returning: Option<&[sqlparser::ast::SelectItem]>,
        changed: bool,
    ) -> Vec<Col> {
        if let Some(condition) = condition {
            self.condition(condition);
            if !changed {
                self.holds(condition);
            }
        }
        let columns = self.outputs(returning.unwrap_or(&[]), &[]);
        self.scopes.pop();
        columns
    }

    /// Says so where rows of the table are never changed.
    fn may_change(&mut self, table: &Id, place: (usize, usize)) {
        if self.schema.is_append_only(table) {
            let message = format!("`{}` is append only: its rows never change", table.name);
            let help = "the database refuses it; insert another row".to_owned();
            self.fault_at(place, message, Some(help));
        }
    }

    fn only_table(&mut self, factor: &sqlparser::ast::TableFactor) -> Option<Id> {
        match factor {
            sqlparser::ast::TableFactor::Table { name, .. } => {
                let (schema, own) = qualified(name);
                let within = schema.as_deref().unwrap_or(self.default_schema);
                self.schema.relation(within, &own).map(|n| n.id.clone())
            }
            _ => None,
        }
    }

    fn assignments(&mut self, table: &Id, assignments: &[Assignment]) {
        if table.kind == Kind::View {
            let message = "what is written through a view is not typed: name its table";
            self.faults.push(Fault::whole(self.sql, message.to_owned()));
            return;
        }
        let columns = self.columns_of(table);
        for assignment in assignments {
            let names: &[ObjectName] = match &assignment.target {
                AssignmentTarget::ColumnName(name) => std::slice::from_ref(name),
                AssignmentTarget::Tuple(names) => names,
            };
            let names = names
                .iter()
                .filter_map(|name| name.0.last().and_then(|part| part.as_ident()));
            let targets: Vec<Option<Value>> = names
                .map(|name| {
                    let column = self.target(table, &columns, name)?;
                    column.value.value().cloned()
                })
                .collect();
            let values = match (&assignment.value, targets.len()) {
                (value, 1) => vec![value],
                (Expr::Tuple(values), _) => values.iter().collect(),
                (value, _) => {
                    self.expr(value);
                    continue;
                }
            };
            for (target, value) in targets.iter().zip(values) {
                match target {
                    Some(target) => self.expect(value, target),
                    None => self.expr(value),
                };
            }
        }
    }

    /// A column that is written to.
    fn target(&mut self, table: &Id, columns: &[Col], name: &Ident) -> Option<Col> {
        let own = folded(name);
        let Some(column) = columns.iter().find(|column| column.name == own) else {
            let near = nearest(&own, columns.iter().map(|c| c.name.as_str()));
            let message = match near {
                Some(near) => format!(
                    "`{}` has no column `{own}`; did you mean `{near}`?",
                    table.name
                ),
                None => format!("`{}` has no column `{own}`", table.name),
            };
            self.fault(name, message, None);
            return None;
        };
        let of = self.schema.column(table, &own)?;
        let always = of
            .identity
            .as_ref()
            .is_some_and(|identity| identity.mode == IdentityMode::Always);
        if of.generated.is_some() || always {
            let message = format!("the database makes the values of `{own}` itself");
            self.fault(name, message, None);
        }
        Some(column.clone())
    }

    /// Says which columns an INSERT must give and doesn't.
    fn nothing_is_missing(&mut self, table: &Id, given: &[&str], at: &ObjectName) {
        let columns = self.schema.columns(table);
        let needed = columns
            .iter()
            .filter(|(node, column)| {
                !column.is_optional_on_insert() && !given.contains(&node.id.part.as_str())
            })
            .map(|(node, _)| format!("`{}`", node.id.part));
        let needed: Vec<String> = needed.collect();
        // A trigger may fill in what is not given.
        let filled = self.schema.triggers(table).any(|(_, trigger)| {
            trigger.timing == TriggerTiming::Before
                && trigger.for_each_row
                && trigger.events.contains(&TriggerEvent::Insert)
        });
        if !needed.is_empty() && !filled {
            let message = format!("`{}` needs {}", table.name, needed.join(", "));
            self.fault_at(bytes(self.sql, at.span()), message, None);
        }
    }

    /// An expression that becomes a value of that column or type.
    pub(super) fn expect(&mut self, expr: &Expr, want: &Value) -> Found {
        let is_default = matches!(expr, Expr::Identifier(name) if folded(name) == "default");
        if is_default {
            return Found::Known(want.clone());
        }
        let found = self.expr(expr);
        if let Found::Open(open) = &found {
            self.bind(open, want);
            match want.nullable {
                true => self.allow_null(&found),
                false if matches!(expr, Expr::Value(_)) => self.forbid_null(&found),
                false => {}
            }
            let null = matches!(expr, Expr::Value(v) if v.value == Literal::Null);
            if null && !want.nullable {
                let place = bytes(self.sql, expr.span());
                let of = want.origin.as_ref().map(|o| o.column.to_string());
                let message = format!("`{}` is never null", of.unwrap_or_default());
                self.fault_at(place, message, None);
            }
            return Found::Known(Value {
                nullable: open.null,
                ..want.clone()
            });
        }
        found
    }
}
