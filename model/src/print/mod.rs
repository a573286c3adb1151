//! A [`Schema`] back to text: the model a person would have written for it.
//!
//! It never decides what two schemas have in common: it prints the short form, reads it back, and
//! prints the longer form of whatever came back different.

mod access;
mod column;
mod constraint;
mod form;
mod index;
mod intent;
mod layout;
mod mixin;
mod object;
mod order;
mod outside;
mod relation;
mod routine;
mod shape;
mod table;
mod template;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use form::{Form, Forms};
pub(crate) use index::middle as index_middle;
pub(crate) use shape::unescaped;

use crate::resolve::{load, read_beside};
use crate::schema::{Builder, Id, Kind, Name, Node, Object, Schema};
use crate::source::Sources;

/// How often a text is read back before what still differs is left as it is.
const PASSES: usize = 4;

/// Bytes after which a text is taken apart before the next table: what is known of a text while it is
/// laid out or read takes ten times its room, and that of a piece is free again for the next one.
const PIECE: usize = 1 << 16;

/// A type as the language writes it, by its short name.
///
/// ```
/// let ty = model::schema::Type::builtin("timestamp with time zone");
/// assert_eq!(model::print_type(&ty), "timestamptz");
/// ```
pub fn print_type(ty: &crate::schema::Type) -> String {
    text::type_name(ty)
}

/// The schema in the language, in the one layout.
///
/// Read back, it is the same schema: each object conforms to its original in both directions.
/// Objects that are external or derived are not compared; what they stand for is printed.
///
/// ```
/// let mut sources = model::Sources::new();
/// sources.add("shop.pilaster", "table deals {\n  id bigint identity primary key\n  note text? }");
/// let (model, _) = model::load(&sources);
/// assert_eq!(
///     model::print(&model.schema),
///     "table deals {\n  id    bigint  identity  primary key\n  note  text?\n}\n",
/// );
/// ```
pub fn print(schema: &Schema) -> String {
    print_in(schema, &Style::default())
}

/// What a text may say in the words of more than one object.
#[derive(Clone, Debug, Default)]
pub struct Style {
    /// Columns that three tables or more have in common stand in a mixin.
    pub mixins: bool,
    /// Policies and grants that three tables or more have in common stand in a template.
    pub templates: bool,
    /// The platform whose objects are there without being declared.
    pub platform: Option<Name>,
}

/// As [`print()`], with what the style allows.
pub fn print_in(schema: &Schema, style: &Style) -> String {
    printed(schema, style).text
}

/// A text, and what it says.
#[derive(Clone, Debug)]
pub struct Printed {
    /// The text, in the one layout.
    pub text: String,
    /// What is read from it.
    pub schema: Schema,
    /// The objects of which it doesn't say the same; what is external or derived aside.
    pub differs: Vec<Id>,
    faultless: bool,
}

impl Printed {
    fn of(schema: &Schema, written: Written) -> Self {
        let (text, cuts) = laid_out(written);
        let (read, diagnostics) = read_beside(pieces(&text, &cuts), schema);
        Printed {
            differs: not_read_back(schema, &read),
            schema: read,
            faultless: !diagnostics.has_errors(),
            text,
        }
    }
}

/// As [`print_in`], with what the text says when it is read: that is found out anyway.
pub fn printed(schema: &Schema, style: &Style) -> Printed {
    let mut forms = Forms::default();
    // The shortest text first. It nearly always holds, and reading it once is what takes the time.
    let none = BTreeSet::new();
    let mut printer = Printer::new(schema, &forms, style);
    printer.templates = style.templates.then_some(&none);
    let short = Printed::of(schema, printer.all());
    if short.faultless && short.differs.is_empty() {
        return short;
    }
    let mut written = Printer::new(schema, &forms, style).all();
    for _ in 1..PASSES {
        if !forms.lengthen(&unequal(schema, &written)) {
            break;
        }
        written = Printer::new(schema, &forms, style).all();
    }
    let mut plain = Printed::of(schema, written);
    // The one layout sets blanks inside expressions, of which some are the server's own.
    if !plain.differs.is_empty() && forms.verbatim(&plain.differs) {
        plain = Printed::of(schema, Printer::new(schema, &forms, style).all());
    }
    if !style.templates {
        return plain;
    }
    with_templates(schema, &forms, style, &plain).unwrap_or(plain)
}

/// The text with templates, where there are any and it says as much as the plain one.
fn with_templates(
    schema: &Schema,
    forms: &Forms,
    style: &Style,
    plain: &Printed,
) -> Option<Printed> {
    let mut apart = BTreeSet::new();
    for _ in 1..PASSES {
        let mut printer = Printer::new(schema, forms, style);
        printer.templates = Some(&apart);
        let written = printer.all();
        if !written.shares {
            return None;
        }
        let printed = Printed::of(schema, written);
        let lost: Vec<&Id> = printed
            .differs
            .iter()
            .filter(|id| !plain.differs.contains(id))
            .collect();
        if lost.is_empty() && printed.faultless {
            return Some(printed);
        }
        let before = apart.len();
        apart.extend(
            lost.into_iter()
                .map(|id| id.relation().unwrap_or(id.clone())),
        );
        if apart.len() == before {
            break;
        }
    }
    None
}

/// The text in the one layout, and where it can be taken apart; as it is where it can't be read.
fn laid_out(written: Written) -> (String, Vec<usize>) {
    let Written { text, cuts, .. } = written;
    let mut laid = String::with_capacity(text.len() + text.len() / 8);
    let mut laid_cuts = Vec::with_capacity(cuts.len());
    let whole = pieces(&text, &cuts).all(|piece| {
        let piece = crate::fmt(piece);
        if !laid.is_empty() {
            laid_cuts.push(laid.len());
            laid.push('\n');
        }
        laid.extend(piece.iter().map(String::as_str));
        piece.is_ok()
    });
    match whole {
        true => (laid, laid_cuts),
        false => (text, cuts),
    }
}

/// The text, taken apart at these places.
fn pieces<'t>(text: &'t str, cuts: &[usize]) -> impl Iterator<Item = &'t str> {
    let starts = std::iter::once(0).chain(cuts.iter().copied());
    let ends = cuts.iter().copied().chain([text.len()]);
    starts.zip(ends).map(|(start, end)| &text[start..end])
}

/// The objects that the text of a schema, read back, does not say the same of; what is external or
/// derived aside. Empty for every text that [`print()`] could make whole.
pub fn differs(schema: &Schema, text: &str) -> Vec<Id> {
    let mut sources = Sources::new();
    sources.add("print", text);
    let (read, _) = load(&sources);
    not_read_back(schema, &read.schema)
}

/// A text, and which object each stretch of it is of.
#[derive(Default)]
struct Written {
    text: String,
    /// Whether tables share templates in it.
    shares: bool,
    places: Vec<(usize, usize, Id)>,
    /// Where it can be taken apart: between statements, behind a blank line.
    cuts: Vec<usize>,
}

/// The objects that came back different, or whose text has a fault.
fn unequal(schema: &Schema, written: &Written) -> Vec<Id> {
    let mut sources = Sources::new();
    sources.add("print", written.text.as_str());
    let (read, diagnostics) = load(&sources);
    let mut ids = not_read_back(schema, &read.schema);
    for fault in diagnostics
        .iter()
        .filter(|d| d.severity == crate::Severity::Error)
    {
        let at = fault.origin.start as usize;
        let within = written
            .places
            .iter()
            .filter(|(start, end, _)| (*start..*end).contains(&at));
        ids.extend(
            within
                .min_by_key(|(start, end, _)| end - start)
                .map(|(_, _, id)| id.clone()),
        );
    }
    ids.sort();
    ids.dedup();
    ids
}

fn not_read_back(schema: &Schema, read: &Schema) -> Vec<Id> {
    let compared = |node: &&Node| !node.external && node.derived_from.is_none();
    let same = |node: &Node| {
        read.get(&node.id).is_some_and(|there| {
            node.conforms_to(there) && there.conforms_to(node) && same_documents(node, there)
        })
    };
    schema
        .nodes()
        .filter(compared)
        .filter(|node| !same(node))
        .map(|node| node.id.clone())
        .collect()
}

fn same_documents(one: &Node, other: &Node) -> bool {
    match (&one.object, &other.object) {
        (Object::Column(a), Object::Column(b)) => a.documents.0 == b.documents.0,
        _ => true,
    }
}

/// What templates say in place of a table.
#[derive(Clone, Debug, Default)]
struct Shared {
    uses: Vec<String>,
    covered: BTreeSet<access::Covered>,
}

/// What the printing of every kind shares.
struct Printer<'a> {
    schema: &'a Schema,
    forms: &'a Forms,
    style: &'a Style,
    /// What the style's platform brings.
    platform: Schema,
    mixins: Vec<mixin::Mixin>,
    /// Of each table the mixins it includes, by number, each with the place of its first column.
    included: BTreeMap<Id, Vec<(usize, usize)>>,
    /// The tables that keep their own words where templates are looked for; none where they aren't.
    templates: Option<&'a BTreeSet<Id>>,
    /// What templates say for each table.
    shared: BTreeMap<Id, Shared>,
    /// Indexes of partitioned tables that those of partitions are attached to.
    attached_to: BTreeSet<Id>,
    out: Written,
}

impl<'a> Printer<'a> {
    fn new(schema: &'a Schema, forms: &'a Forms, style: &'a Style) -> Self {
        let mut platform = Builder::default();
        if let Some(name) = &style.platform {
            crate::platform::lower(name, &mut platform);
        }
        Printer {
            schema,
            forms,
            style,
            platform: platform.finish(),
            mixins: Vec::new(),
            included: BTreeMap::new(),
            templates: None,
            shared: BTreeMap::new(),
            attached_to: parents(schema),
            out: Written::default(),
        }
    }

    fn form(&self, id: &Id) -> Form {
        self.forms.of(id)
    }

    /// Everything, in the order a person would choose.
    fn all(mut self) -> Written {
        for line in self.outside() {
            self.lines(line);
        }
        let ground = [Kind::Role, Kind::Schema, Kind::Extension];
        ground.into_iter().for_each(|kind| self.kind(kind));
        self.blank();
        self.kind(Kind::DatabaseSettings);
        self.blank();
        for kind in order::BEFORE_TABLES {
            self.kind(*kind);
        }
        let tables = order::tables(self.schema);
        if self.style.mixins {
            self.mixins(&tables);
        }
        if let Some(apart) = self.templates {
            self.templates(&tables, apart);
            self.out.shares = !self.shared.is_empty();
        }
        for id in tables {
            if let Some(node) = self.schema.get(&id) {
                self.blank();
                self.cut();
                self.table(node);
            }
        }
        self.blank();
        for id in order::views(self.schema) {
            if let Some(node) = self.schema.get(&id) {
                self.blank();
                self.view(node);
            }
        }
        for kind in order::AFTER_TABLES {
            self.kind(*kind);
        }
        self.intent();
        self.out
    }

    /// What is written so far is a piece, where it is long enough.
    fn cut(&mut self) {
        let (from, to) = (self.out.cuts.last().copied(), self.out.text.len());
        if to - from.unwrap_or(0) >= PIECE {
            self.out.cuts.push(to);
        }
    }

    /// Every object of a kind that stands for itself.
    fn kind(&mut self, kind: Kind) {
        let schema = self.schema;
        let mut first = true;
        for node in schema.of_kind(kind) {
            if node.external || node.derived_from.is_some() || self.is_implied(node) {
                continue;
            }
            if first || order::stands_apart(kind) {
                self.blank();
            }
            first = false;
            self.object(node);
        }
    }
}

fn parents(schema: &Schema) -> BTreeSet<Id> {
    schema
        .of_kind(Kind::Index)
        .filter_map(|node| node.object.as_index()?.parent.clone())
        .collect()
}
