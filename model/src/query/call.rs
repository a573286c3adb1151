//! Calls of functions: PostgreSQL's own and the model's.

use sqlparser::ast::{
    Expr, Function as Call, FunctionArgumentClause, FunctionArguments, Spanned, WindowType,
};

use super::Typer;
use super::fault::bytes;
use super::from::argument;
use super::functions::{self, AGGREGATES, Function, Gives, Nulls};
use super::qualified;
use super::scope::Col;
use super::value::{Found, Open, Value};
use crate::expr::nearest;
use crate::schema::{Id, Kind, Node, Routine, Type};

/// Whether an expression makes one value of many rows.
pub(super) fn has_aggregate(expr: &Expr) -> bool {
    match expr {
        Expr::Function(call) => {
            let (schema, name) = qualified(&call.name);
            let is_one = schema.is_none() && AGGREGATES.contains(&name.as_str());
            is_one && call.over.is_none() || arguments(call).iter().any(|arg| has_aggregate(arg))
        }
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => has_aggregate(inner),
        Expr::BinaryOp { left, right, .. } => has_aggregate(left) || has_aggregate(right),
        _ => false,
    }
}

fn arguments(call: &Call) -> Vec<&Expr> {
    match &call.args {
        FunctionArguments::List(list) => list.args.iter().filter_map(argument).collect(),
        FunctionArguments::Subquery(_) | FunctionArguments::None => Vec::new(),
    }
}

impl Typer<'_> {
    pub(super) fn call(&mut self, call: &Call) -> Found {
        let (schema, name) = qualified(&call.name);
        let args = arguments(call);
        if let FunctionArguments::Subquery(query) = &call.args {
            let columns = self.query(query, &[]);
            return match (name.as_str(), columns.into_iter().next()) {
                (
                    "array",
                    Some(Col {
                        value: Found::Known(value),
                        ..
                    }),
                ) => Found::Known(value.array(false)),
                _ => Found::unknown(format!("the type of `{name}` is not known")),
            };
        }
        if let Some(filter) = &call.filter {
            self.condition(filter);
        }
        if let Some(WindowType::WindowSpec(spec)) = &call.over {
            let keys = spec.order_by.iter().map(|key| &key.expr);
            for key in spec.partition_by.iter().chain(keys) {
                self.expr(key);
            }
        }
        let own = self.own_functions(schema.as_deref(), &name);
        if !own.is_empty() {
            return self.call_own(&own, &args);
        }
        let builtin = schema
            .as_deref()
            .is_none_or(|schema| schema == "pg_catalog");
        match name.as_str() {
            _ if !builtin => {}
            "coalesce" | "greatest" | "least" => return self.choice(&name, &args),
            "nullif" => {
                let found: Vec<Found> = args.iter().map(|arg| self.expr(arg)).collect();
                if let ([one, other], [first, ..]) = (found.as_slice(), args.as_slice()) {
                    self.compared(one, other, first);
                    return one.clone().or_null(true);
                }
            }
            "round" | "trunc" | "ceil" | "ceiling" | "floor" | "sqrt" | "ln" | "exp" | "power"
            | "mod" | "sign" => {
                let found: Vec<Found> = args.iter().map(|arg| self.expr(arg)).collect();
                return self.of_numbers(&name, &found);
            }
            "to_timestamp" => {
                let texts = args.len() == 2;
                let want = if texts { "text" } else { "double precision" };
                let want = Value::builtin(want, false);
                let mut null = false;
                for arg in &args {
                    null |= self.wanted(arg, &want).nullable();
                }
                return Found::known("timestamp with time zone", null);
            }
            "unnest" => {
                if let [array] = args.as_slice()
                    && let Found::Known(value) = self.expr(array)
                {
                    return Found::Known(value.item().or_null(true));
                }
            }
            _ if AGGREGATES.contains(&name.as_str()) => return self.aggregate(call, &name, &args),
            name => {
                if let Some(function) = functions::function(name) {
                    return self.call_listed(function, name, &args);
                }
            }
        }
        for arg in &args {
            self.expr(arg);
        }
        self.unknown_function(call, schema.as_deref(), &name);
        Found::unknown(format!("what `{name}` gives is not known here"))
    }

    /// A fault where no server has such a function.
    fn unknown_function(&mut self, call: &Call, schema: Option<&str>, name: &str) {
        let known = crate::builtins::is_function(name)
            || schema.is_some_and(|schema| schema != self.default_schema)
            || self
                .schema
                .of_kind(Kind::Aggregate)
                .any(|n| n.id.name == *name)
            || self.schema.of_kind(Kind::Extension).any(|node| {
                crate::builtins::extension(&node.id.name).is_none_or(|e| e.has_function(name))
            });
        if known {
            return;
        }
        let own = self.schema.of_kind(Kind::Function);
        let names = own.map(|node| node.id.name.as_str());
        let builtin = crate::builtins::functions().map(|name| -> &str { name });
        let message = match nearest(name, names.chain(builtin)) {
            Some(near) => format!("there is no function `{name}`; did you mean `{near}`?"),
            None => format!("there is no function `{name}`"),
        };
        self.fault_at(bytes(self.sql, call.name.span()), message, None);
    }

    fn call_listed(&mut self, function: Function, name: &str, args: &[&Expr]) -> Found {
        let mut found = Vec::new();
        for (at, arg) in args.iter().enumerate() {
            let want = function.takes.get(at).or(function.takes.last());
            let want = want.filter(|want| !want.is_empty());
            found.push(match want {
                Some(want) => self.wanted(arg, &Value::builtin(want, false)),
                None => self.expr(arg),
            });
        }
        let null = match function.nulls {
            Nulls::Strict => found.iter().any(Found::nullable),
            Nulls::Never => false,
            Nulls::Always => true,
        };
        let of = |found: Option<&Found>| match found {
            Some(Found::Known(value)) => Found::Known(Value {
                nullable: null,
                ..value.clone()
            }),
            _ => Found::unknown(format!("what `{name}` gives is not known here")),
        };
        match function.gives {
            Gives::Type(ty) => Found::known(ty, null),
            Gives::First => match name {
                "lag" | "lead" | "first_value" | "last_value" | "nth_value" => of(found.first()),
                _ => match of(found.first()) {
                    Found::Known(value) => Found::Known(value.changed()),
                    other => other,
                },
            },
            Gives::Second => match of(found.get(1)) {
                // `date_trunc` takes a date for the time at which it begins.
                Found::Known(value) if value.ty.is("date") => {
                    Found::known("timestamp with time zone", null)
                }
                Found::Known(value) => Found::Known(value.changed()),
                other => other,
            },
        }
    }

    /// `coalesce` is null where all are; so are `greatest` and `least`.
    fn choice(&mut self, name: &str, args: &[&Expr]) -> Found {
        let mut all = Found::Open(Open::default());
        let mut null = true;
        for arg in args {
            let found = self.expr(arg);
            if name == "coalesce" {
                self.may_be_null(arg);
            }
            null &= found.nullable();
            all = self.unified(all, found);
        }
        match all {
            Found::Known(value) => Found::Known(Value {
                nullable: null,
                ..value
            }),
            Found::Open(open) => Found::Open(Open { null, ..open }),
            unknown @ Found::Unknown(_) => unknown,
        }
    }

    /// What a function of one or two numbers gives.
    fn of_numbers(&self, name: &str, found: &[Found]) -> Found {
        let null = found.iter().any(Found::nullable);
        let types = found
            .iter()
            .map(|found| Some(self.base(&found.value()?.ty)));
        let types: Option<Vec<Type>> = types.collect();
        let numeric = |ty: &Type| ty.is("numeric");
        match (name, types.as_deref()) {
            ("mod", Some([a, b])) if a == b => Found::Known(Value::new(a.clone(), null)),
            ("power", Some([a, b])) => {
                let whole = |ty: &Type| !ty.is("real") && !ty.is("double precision");
                match (numeric(a) || numeric(b)) && whole(a) && whole(b) {
                    true => Found::known("numeric", null),
                    false => Found::known("double precision", null),
                }
            }
            ("round" | "trunc", Some([_, _])) => Found::known("numeric", null),
            ("mod" | "power", _) | (_, None) => {
                Found::unknown(format!("what `{name}` gives is not known here"))
            }
            (_, Some([ty, ..])) if numeric(ty) => Found::known("numeric", null),
            _ => Found::known("double precision", null),
        }
    }

    /// `round`, `ceil` and their kin: of whole numbers a double.
    pub(super) fn rounded(&mut self, found: &Found) -> Found {
        match found {
            Found::Known(value) if value.ty.is("numeric") => {
                Found::known("numeric", value.nullable)
            }
            Found::Known(value) => Found::known("double precision", value.nullable),
            _ => Found::unknown("the type of this number is not known"),
        }
    }

    fn aggregate(&mut self, call: &Call, name: &str, args: &[&Expr]) -> Found {
        let found: Vec<Found> = args.iter().map(|arg| self.expr(arg)).collect();
        let mut ordered: Vec<&Expr> = call.within_group.iter().map(|key| &key.expr).collect();
        if let FunctionArguments::List(list) = &call.args {
            for clause in &list.clauses {
                if let FunctionArgumentClause::OrderBy(keys) = clause {
                    ordered.extend(keys.iter().map(|key| &key.expr));
                }
            }
        }
        for key in ordered {
            self.expr(key);
        }
        let framed = match &call.over {
            None => false,
            Some(WindowType::WindowSpec(spec)) => spec.window_frame.is_some(),
            Some(WindowType::NamedWindow(_)) => true,
        };
        let grouped = self.scopes.last().is_some_and(|scope| scope.grouped);
        let has_rows = call.filter.is_none() && !framed && (grouped || call.over.is_some());
        let first = found.first();
        let null = !has_rows || first.is_some_and(Found::nullable);
        let unknown = || Found::unknown(format!("what `{name}` gives is not known here"));
        let value = first.and_then(Found::value);
        let base = value.map(|value| self.base(&value.ty));
        let of = |table: fn(&str) -> Option<&'static str>| {
            let base = base.as_ref().filter(|ty| ty.schema.is_none() && !ty.array);
            match base.and_then(|ty| table(&ty.name)) {
                Some(ty) => Found::known(ty, null),
                None => unknown(),
            }
        };
        match name {
            "count" => Found::known("bigint", false),
            "sum" => of(functions::sum),
            "avg" | "stddev" | "stddev_pop" | "stddev_samp" | "variance" | "var_pop"
            | "var_samp" => {
                // Of a single row some of them are null.
                let of = of(functions::average);
                if name == "avg" { of } else { of.or_null(true) }
            }
            "min" | "max" => match value {
                Some(value) => Found::Known(Value {
                    nullable: null,
                    ..value.clone()
                }),
                None => unknown(),
            },
            "bool_and" | "bool_or" | "every" => Found::known("boolean", null),
            "string_agg" => Found::known("text", null),
            "array_agg" => match value {
                Some(value) if !value.ty.array => Found::Known(value.clone().array(!has_rows)),
                _ => unknown(),
            },
            "json_agg" | "json_object_agg" => Found::known("json", !has_rows),
            "jsonb_agg" | "jsonb_object_agg" => Found::known("jsonb", !has_rows),
            "percentile_cont" => Found::known("double precision", true),
            _ => unknown(),
        }
    }

    /// The model's functions of that name.
    fn own_functions(&self, schema: Option<&str>, name: &str) -> Vec<(Id, Routine)> {
        let within = schema.unwrap_or(self.default_schema);
        let nodes = self.schema.of_kind(Kind::Function);
        let nodes = nodes.filter(|node| node.id.schema == *within && node.id.name == *name);
        let routine = |node: &Node| Some((node.id.clone(), node.object.as_routine()?.clone()));
        nodes.filter_map(routine).collect()
    }

    fn call_own(&mut self, own: &[(Id, Routine)], args: &[&Expr]) -> Found {
        let found: Vec<Found> = args.iter().map(|arg| self.expr(arg)).collect();
        let [(id, routine)] = own else {
            let name = own.first().map(|(id, _)| id.name.to_string());
            let name = name.unwrap_or_default();
            return Found::unknown(format!("there are several functions `{name}`"));
        };
        let takes = id.part.split(',').map(str::trim);
        for (found, ty) in found.iter().zip(takes) {
            if let (Found::Open(open), Ok(ty)) = (found, self.type_written(ty)) {
                self.bind(open, &Value::new(ty, false));
            }
        }
        let returns = routine.returns.as_ref().map(|returns| returns.as_str());
        match self.type_written(returns.unwrap_or("void")) {
            // A function may give null whatever it is called with.
            Ok(ty) => Found::Known(Value::new(ty, true)),
            Err(_) => Found::unknown(format!("what `{}` gives is not known here", id.name)),
        }
    }

    /// The columns of a model's function in FROM: `setof deals`, `table (id bigint, …)`.
    pub(super) fn own_table_function(
        &mut self,
        schema: Option<&str>,
        name: &str,
        args: &[&Expr],
    ) -> Option<Vec<Col>> {
        let own = self.own_functions(schema, name);
        let [(_, routine)] = own.as_slice() else {
            return None;
        };
        let returns = routine.returns.as_ref()?.as_str().to_owned();
        self.call_own(&own, args);
        let lower = returns.to_ascii_lowercase();
        if let Some(columns) = lower.strip_prefix("table") {
            let columns = columns.trim().strip_prefix('(')?.strip_suffix(')')?;
            let columns = top_level(columns).into_iter().map(|column| {
                let column = column.trim();
                let (name, ty) = column.split_once(' ').unwrap_or((column, ""));
                let value = match self.type_written(ty) {
                    Ok(ty) => Found::Known(Value::new(ty, true)),
                    Err(why) => Found::Unknown(why),
                };
                Col::new(name.trim_matches('"'), value)
            });
            return Some(columns.collect());
        }
        let of = lower.strip_prefix("setof ").unwrap_or(&lower).trim();
        let (within, relation) = match of.split_once('.') {
            Some((schema, relation)) => (schema, relation),
            None => (self.default_schema, of),
        };
        if let Some(node) = self.schema.relation(within, relation) {
            let id = node.id.clone();
            return Some(self.columns_of(&id));
        }
        let ty: Type = self.type_written(of).ok()?;
        Some(vec![Col::new(name, Found::Known(Value::new(ty, true)))])
    }
}

/// The parts between commas that stand in no parentheses.
fn top_level(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0_i32, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}
