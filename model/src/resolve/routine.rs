//! Functions and procedures.

use super::world::{World, at};
use super::{Lowered, Output, object};
use crate::diagnostic::{Diagnostic, code};
use crate::expr::{self, Context};
use crate::quote;
use crate::schema::{
    Body, Expr, Id, Kind, Name, Node, Object, Parallel, Routine, RoutineKind, Settings, Type,
    Volatility,
};
use crate::source::FileId;
use crate::syntax::tree::{
    self, ExternalItem, FunctionBody, FunctionOption, Item, ParamMode, Returns,
};

/// Lowers every routine.
pub(super) fn lower<'t>(files: &'t [tree::File], world: &World<'t>, out: &mut Output<'t>) {
    for file in files {
        for item in &file.items {
            let mut lowered = Lowered::default();
            match item {
                Item::Function(x) => one(file.file, x, world, &mut lowered),
                Item::External(tree::External {
                    what: ExternalItem::Function { name, params, .. },
                    docs,
                    ..
                }) => {
                    let mut needs = Vec::new();
                    let (part, _) =
                        arguments(false, file.file, params, world, &mut needs, &mut lowered);
                    let mut id = world.id(Kind::Function, name);
                    id.part = Name::from(part);
                    let mut node = Node::new(id, Object::Opaque);
                    node.external = true;
                    node.comment = docs.as_deref().map(Into::into);
                    node.origin = Some(at(file.file, name.span()));
                    lowered.add(node);
                }
                _ => {}
            }
            out.take(lowered);
        }
    }
}

/// The types of the input arguments, and the list as `pg_get_function_arguments` prints it.
fn arguments<'t>(
    procedure: bool,
    file: FileId,
    params: &'t [tree::Param],
    world: &World<'t>,
    needs: &mut Vec<Id>,
    lowered: &mut Lowered<'t>,
) -> (String, String) {
    let (mut inputs, mut printed) = (Vec::new(), Vec::new());
    let mut names: Vec<&Name> = Vec::new();
    for param in params {
        if let Some(name) = &param.name {
            if names.contains(&&name.name) {
                lowered.faults.push(
                    Diagnostic::error(
                        code::DUPLICATE_PART,
                        format!("the parameter `{}` stands twice", name.name),
                        at(file, name.span),
                    )
                    .help("give one of them another name"),
                );
            }
            names.push(&name.name);
        }
        let ty = match world.ty(file, &param.ty, &mut lowered.faults) {
            Some(found) => {
                needs.extend(found.needs);
                quote::type_name(&Type {
                    modifiers: None,
                    ..found.ty
                })
            }
            None => param.ty.name.name.name.to_string(),
        };
        let mut text = String::new();
        match param.mode {
            Some(ParamMode::Out) => text.push_str("OUT "),
            Some(ParamMode::InOut) => text.push_str("INOUT "),
            Some(ParamMode::Variadic) => text.push_str("VARIADIC "),
            // The server says it of procedures alone, and so does the schema.
            Some(ParamMode::In) | None if procedure => text.push_str("IN "),
            Some(ParamMode::In) | None => {}
        }
        if let Some(name) = &param.name {
            text.push_str(&format!("{} ", quote::ident(&name.name)));
        }
        text.push_str(&ty);
        if let Some(default) = &param.default {
            let resolved = world.expr(file, default, Context::default(), &mut lowered.faults);
            needs.extend(resolved.needs);
            text.push_str(&format!(" DEFAULT {}", resolved.expr.text));
        }
        printed.push(text);
        if !matches!(param.mode, Some(ParamMode::Out)) {
            inputs.push(ty);
        }
    }
    (inputs.join(", "), printed.join(", "))
}

fn one<'t>(file: FileId, x: &'t tree::Function, world: &World<'t>, lowered: &mut Lowered<'t>) {
    let mut needs = Vec::new();
    let (part, printed) = arguments(x.procedure, file, &x.params, world, &mut needs, lowered);
    let mut id = world.id(Kind::Function, &x.name);
    id.part = Name::from(part);
    let mut routine = Routine {
        kind: if x.procedure {
            RoutineKind::Procedure
        } else {
            RoutineKind::Function
        },
        arguments: Expr::new(printed),
        returns: None,
        language: Name::from("sql"),
        body: Body::Text(Expr::new("")),
        volatility: Volatility::Volatile,
        strict: false,
        security_definer: false,
        leakproof: false,
        parallel: Parallel::Unsafe,
        cost: None,
        rows: None,
        support: None,
        transform: None,
        settings: Settings::new(),
    };
    options(x, world, &mut routine);
    let mut values: Vec<Name> = x
        .params
        .iter()
        .filter_map(|p| p.name.as_ref())
        .map(|n| n.name.clone())
        .collect();
    values.push(x.name.name.name.clone());
    routine.returns = returns(file, x, world, &mut needs, &mut values, lowered);
    let is_sql = routine.language == *"sql";
    routine.body = body(file, x, &values, is_sql, world, &mut needs, lowered);
    let mut node = Node::new(id, Object::Routine(routine));
    node.needs = needs;
    let node = object::finish(
        node,
        at(file, x.name.span()),
        &x.docs,
        &x.clauses,
        world,
        lowered,
    );
    lowered.add(node);
}

fn options(x: &tree::Function, world: &World<'_>, routine: &mut Routine) {
    for option in &x.options {
        match option {
            FunctionOption::Language(name) => {
                routine.language = Name::from(name.name.to_ascii_lowercase());
            }
            FunctionOption::Volatility(volatility) => routine.volatility = *volatility,
            FunctionOption::Strict(strict) => routine.strict = *strict,
            FunctionOption::SecurityDefiner(definer) => routine.security_definer = *definer,
            FunctionOption::Leakproof(leakproof) => routine.leakproof = *leakproof,
            FunctionOption::Parallel(parallel) => routine.parallel = *parallel,
            FunctionOption::Cost(cost) => routine.cost = Some(Name::from(&**cost)),
            FunctionOption::Rows(rows) => routine.rows = Some(Name::from(&**rows)),
            FunctionOption::Support(name) => {
                let (schema, own) = world.pair(name);
                routine.support = Some(Name::from(quote::qualified(&schema, &own)));
            }
            FunctionOption::Transform(text) => {
                routine.transform = Some(Name::from(text.text.trim()))
            }
            FunctionOption::Window => routine.kind = RoutineKind::Window,
            FunctionOption::Set(set) => {
                let (name, value) = setting(set);
                routine.settings.insert(name, value);
            }
        }
    }
}

/// The result as `pg_get_function_result` prints it.
fn returns<'t>(
    file: FileId,
    x: &'t tree::Function,
    world: &World<'t>,
    needs: &mut Vec<Id>,
    values: &mut Vec<Name>,
    lowered: &mut Lowered<'t>,
) -> Option<Expr> {
    let mut ty = |ty: &tree::TypeExpr| {
        let found = world.ty(file, ty, &mut lowered.faults)?;
        needs.extend(found.needs);
        Some(quote::type_name(&Type {
            modifiers: None,
            ..found.ty
        }))
    };
    match &x.returns {
        Some(Returns::Type { setof, ty: written }) => {
            let setof = if *setof { "SETOF " } else { "" };
            Some(Expr::new(format!("{setof}{}", ty(written)?)))
        }
        Some(Returns::Table { columns, .. }) => {
            let mut printed = Vec::new();
            for (name, written) in columns {
                values.push(name.name.clone());
                printed.push(format!("{} {}", quote::ident(&name.name), ty(written)?));
            }
            Some(Expr::new(format!("TABLE({})", printed.join(", "))))
        }
        None if x.procedure => None,
        None => {
            // The result follows from the parameters that go out.
            let out = |p: &&tree::Param| matches!(p.mode, Some(ParamMode::Out | ParamMode::InOut));
            let outs: Vec<_> = x.params.iter().filter(out).collect();
            match outs[..] {
                [] => Some(Expr::new("void")),
                [one] => ty(&one.ty).map(Expr::new),
                _ => Some(Expr::new("record")),
            }
        }
    }
}

fn body<'t>(
    file: FileId,
    x: &'t tree::Function,
    values: &[Name],
    is_sql: bool,
    world: &World<'t>,
    needs: &mut Vec<Id>,
    lowered: &mut Lowered<'t>,
) -> Body {
    match &x.body {
        FunctionBody::Text(text) => {
            // A language other than SQL looks its names up when it runs, and so does the server.
            if !is_sql {
                return Body::Text(Expr::new(&*text.value));
            }
            let context = Context {
                values,
                query: true,
                verbatim: true,
                ..Context::default()
            };
            let plain = text.value.len() == (text.inner.end - text.inner.start) as usize;
            if !plain {
                let resolved = expr::resolve(&text.value, context, &world.symbols);
                return Body::Text(resolved.expr);
            }
            let written = tree::ExprText {
                text: text.value.clone(),
                span: text.inner,
            };
            let resolved = world.expr(file, &written, context, &mut lowered.faults);
            needs.extend(resolved.needs);
            Body::Text(resolved.expr)
        }
        FunctionBody::Verbatim(text) => {
            if is_sql {
                needs.extend(expr::mentioned(&text.value, &world.symbols));
            }
            Body::Text(Expr::new(&*text.value))
        }
        FunctionBody::Library(object, symbol) => {
            Body::Library(Name::from(&*object.value), Name::from(&*symbol.value))
        }
        FunctionBody::Return(expr) => {
            let context = Context {
                values,
                ..Context::default()
            };
            let resolved = world.expr(file, expr, context, &mut lowered.faults);
            needs.extend(resolved.needs);
            let mut body = resolved.expr;
            body.text = format!("RETURN {}", body.text).into();
            for place in &mut body.refs {
                place.start += 7;
                place.end += 7;
            }
            Body::Sql(body)
        }
        FunctionBody::Atomic(text) => {
            needs.extend(expr::mentioned(&text.text, &world.symbols));
            Body::Sql(expr::folded(&text.text))
        }
    }
}

/// A setting as the catalog keeps it: a list's elements as identifiers, a string without quotes.
pub(super) fn setting(setting: &tree::Setting) -> (Name, Name) {
    let name = setting.name.name.to_ascii_lowercase();
    let text = setting.value.text.trim();
    // PostgreSQL quotes the elements of these, since they are lists of names.
    let is_list = matches!(
        name.as_str(),
        "search_path"
            | "temp_tablespaces"
            | "session_preload_libraries"
            | "local_preload_libraries"
    );
    let value = if is_list {
        let elements = text.split(',').map(|element| {
            let element = element.trim();
            match element.strip_prefix('"').and_then(|e| e.strip_suffix('"')) {
                Some(quoted) => quote::ident(quoted).into_owned(),
                None if element.starts_with('\'') => {
                    quote::ident(&super::table::unquoted(element)).into_owned()
                }
                None => quote::ident(&element.to_ascii_lowercase()).into_owned(),
            }
        });
        elements.collect::<Vec<_>>().join(", ")
    } else {
        super::table::unquoted(text)
    };
    (Name::from(name), Name::from(value))
}
