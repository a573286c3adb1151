//! Models that are valid, with comments in odd places; and texts that are not.

use proptest::prelude::*;

/// A piece of a text that looks like a model from afar.
pub(crate) fn token() -> impl Strategy<Value = String> {
    let pieces: &[&str] = &[
        "table ",
        "enum ",
        "json ",
        "view ",
        "function ",
        "policy ",
        "index ",
        "seed ",
        "define ",
        "grant ",
        "check ",
        "references ",
        "default ",
        "primary key",
        "transitions ",
        "type ",
        "external ",
        "mixin ",
        "include ",
        "unique ",
        "raw ",
        "up ",
        "down ",
        "trigger ",
        "sequence ",
        "domain ",
        "range ",
        "role ",
        "a",
        "b",
        "deals",
        "text",
        "integer",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ";",
        ".",
        "..",
        "...",
        "?",
        "|",
        "=",
        "<",
        ">",
        "->",
        "*",
        "-",
        "::",
        "'",
        "'x'",
        "\"",
        "\"y\"",
        "$$",
        "$a$",
        "E'\\",
        "U&\"",
        "1",
        "0x",
        "1.5",
        "\n",
        "\n  ",
        "\n    ",
        " ",
        "\t",
        "// c\n",
        "/// d\n",
        "--",
        "/*",
        "*/",
        "\u{e9}",
        "\u{2019}",
        "\u{1f600}",
        "begin atomic ",
        "end",
        "as ",
        "returns ",
        "by ",
        "for ",
        "to ",
        "null",
        "not null",
        "create ",
        "\\",
        "`",
        "\0",
        "\r\n",
    ];
    prop::sample::select(pieces).prop_map(str::to_owned)
}

/// Where and how to break a text: places in thousandths, and what is put there.
pub(crate) fn cuts() -> impl Strategy<Value = Vec<(u32, u32, String)>> {
    prop::collection::vec((0..1000u32, 0..12u32, token()), 1..6)
}

/// The text with pieces taken out and put in.
pub(crate) fn broken(text: &str, cuts: &[(u32, u32, String)]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for (place, length, piece) in cuts {
        let start = chars.len() * *place as usize / 1000;
        let end = (start + *length as usize).min(chars.len());
        chars.splice(start..end, piece.chars());
    }
    chars.into_iter().collect()
}

/// A valid model, laid out carelessly.
pub(crate) fn model() -> impl Strategy<Value = String> {
    prop::collection::vec((item(), any::<u64>()), 1..6).prop_map(|items| {
        items
            .into_iter()
            .map(|(item, seed)| careless(&item, seed))
            .collect()
    })
}

/// Marks in the items: `~` any blank, `^` any blank or a line end inside a statement, `;` a line
/// end between statements. Each is filled in with blanks and comments.
fn careless(item: &str, seed: u64) -> String {
    let mut state = seed | 1;
    let mut next = |n: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % n
    };
    let mut out = String::new();
    let mut depth = 0usize;
    for char in item.chars() {
        match char {
            '~' => out.push_str(["", " ", "   "][next(3) as usize]),
            '^' => match next(6) {
                0 => out.push_str(&format!("\n{}", " ".repeat(depth * 2 + 3))),
                1 => out.push_str(&format!(" // c{}\n{}", next(99), " ".repeat(depth * 2 + 4))),
                2 => out.push_str(&format!(
                    "\n // own {}\n\n{}",
                    next(99),
                    "\t".repeat(depth + 1)
                )),
                _ => out.push(' '),
            },
            ';' => {
                let indent = " ".repeat(depth * 2);
                match next(6) {
                    0 => out.push_str(&format!(" // behind {}\n{indent}", next(99))),
                    1 => out.push_str(&format!("\n\n{indent}/// doc {}\n{indent}", next(99))),
                    2 => out.push_str(&format!("\n      // odd {}\n\n\n{indent}", next(99))),
                    _ => out.push_str(&format!("\n{indent}")),
                }
            }
            '{' => {
                depth += 1;
                out.push('{');
            }
            '}' => {
                depth = depth.saturating_sub(1);
                out.push('}');
            }
            other => out.push(other),
        }
    }
    out.push('\n');
    out
}

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(
        &[
            "a",
            "deals",
            "from",
            "check",
            "\"index\"",
            "owner_id",
            "\"due date\"",
            "ünïcode",
            "\"a\"\"b\"",
            "primary",
            "unique",
            "\"policy\"",
            "x1",
        ][..],
    )
    .prop_map(str::to_owned)
}

fn ty() -> impl Strategy<Value = String> {
    prop::sample::select(
        &[
            "text",
            "integer?",
            "varchar~(255)",
            "numeric(10,~2)?",
            "timestamp~(3)^with^time zone",
            "text[]",
            "billing.money?",
            "double^precision",
            "jsonb<Shape[]>?",
            "\"char\"",
            "interval day to second(3)",
            "TIMESTAMP WITH TIME ZONE",
        ][..],
    )
    .prop_map(str::to_owned)
}

fn clause() -> impl Strategy<Value = String> {
    prop::sample::select(
        &[
            "primary^key",
            "PRIMARY KEY",
            "unique",
            "default^'{}'~::~jsonb",
            "default^now()",
            "default^(1~+^2)",
            "default -1",
            "identity^always^(start^10^increment by 2)",
            "generated^(a~*^12)^stored",
            "check^(a^>^0)",
            "check^named^(a~>~0^and^b~<~'x // y')",
            "references^deals^(id)^on delete^set null^on update cascade",
            "collate~\"C\"",
            "was^old_name",
            "in^('a',^'b')",
            "comment^'it''s'",
            "grant^select,~update^to^anon",
            "storage external",
            "touch",
            "using (a::text)",
            "default array[1,2]",
            "allow data_loss",
        ][..],
    )
    .prop_map(str::to_owned)
}

fn column() -> impl Strategy<Value = String> {
    (name(), ty(), prop::collection::btree_set(clause(), 0..3)).prop_filter_map(
        "one of a kind",
        |(name, ty, clauses)| {
            let first = |c: &String| c.to_lowercase()[..3].to_owned();
            let kinds: std::collections::BTreeSet<String> = clauses.iter().map(first).collect();
            let clauses: Vec<String> = clauses.into_iter().collect();
            (kinds.len() == clauses.len())
                .then(|| format!("{name} {ty}^{}", clauses.join("^")))
                .map(|c| c.trim_end_matches('^').to_owned())
        },
    )
}

fn table_line() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => column(),
        2 => prop::sample::select(&[
            "primary key^(a,^b)", "unique^by_b^(a)^nulls not distinct",
            "check^(a^is not null)", "exclude^using gist^(a^with^&&)^where^(not b)",
            "index^(a,~b^desc nulls last)", "unique index^one^(lower(a))^where^(b)",
            "index using gin^(a^jsonb_path_ops)^with^(fastupdate^=^off)", "include^timestamps",
            "policy^owner^for all^to^anon,^authenticated^using^(a~=~b)^with check^(true)",
            "grant^select^(a,~b),^insert^to^anon", "rls forced", "owner^app_owner",
            "transitions^status^{;a -> b^->^c;*~->~d;frozen^c^except^(a);}",
            "trigger^t^after^update^of^a^for each row^when^(a^is^null)^execute^f('x',~1)",
            "foreign key^(a)^references^b^match full", "replica identity full",
            "constraint c^check^(a ->> 'k'^= 'v')",
        ][..]).prop_map(str::to_owned),
    ]
}

fn item() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => (name(), prop::collection::vec(table_line(), 0..6)).prop_map(|(name, lines)| {
            format!("table {name}^{{;{};}}", lines.join(";"))
        }),
        1 => prop::collection::vec(column(), 1..3)
            .prop_map(|lines| format!("mixin m^{{;{};}}", lines.join(";"))),
        4 => prop::sample::select(&[
            "enum e {~a,~b,~'on hold'~}", "enum e^{;a;b^was c;'x',;}", "schema s^owner o",
            "extension x^in schema y^version^'1.2'", "external role a,^b",
            "external function auth.uid()^returns uuid", "domain d^text?^check^named^(VALUE~>~'')",
            "type t^{;a text;b^numeric(3,~1)?^was c;}", "range r^(subtype^=^date)",
            "role r^login^member of^a,^b", "grant^usage^on^schema^public^to^anon",
            "default privileges^in schema s^grant^select^on tables^to^r",
            "sequence s^as integer^start^10^cycle",
            "view v^as^(^select a,^b~from^t^where^a~>~0^)^{;grant select to r;}",
            "materialized view v^as^(select 1)^with no data",
            "function f(a^integer,^b text^default 'x')^returns^text^language sql^as^$$ select // 1\n   $$",
            "function f()^returns int^return^(1~+~2)",
            "procedure p()^begin atomic^select 1^; select^case when a then b end^; end",
            "define^statistics s^$$ create statistics $$^$$ alter $$",
            "raw r^{;up^$$ x $$;down none;after t,^u;}",
            "seed t^(a,~b)^{;1,^'x';null,~{~\"a\"~:^[1,2]~};(1+1),^now();}",
            "json J^{;a text?;b^'x'^|^'y';c^{~d integer(0..5),~e text[](1..)~}?;...^boolean;}",
            "json K by kind^{;'a'^{~x text~};'b'^J;}", "json L^=^map<text[]>^|^null",
            "default privileges grant all on types to public",
            "table p^partition of^t^for values^from^(1)^to^(2)",
        ][..]).prop_map(str::to_owned),
    ]
}
