//! Base types, collations and conversions.
//!
//! Never reads a type that has attributes of its own (enums, domains, composites, ranges).

use super::{function, function_item, reader};

reader!(
    /// A shell type is its name alone; an array type belongs to its element.
    base, BaseType, class::TYPE, Some(Class::Type), |scope| format!(
        "SELECT t.oid, n.nspname, t.typname, NULL, t.typowner, t.typacl::text, \
           format('CREATE TYPE %I.%I', n.nspname, t.typname) \
           || CASE WHEN NOT t.typisdefined THEN '' ELSE ' (INPUT = ' || {input} || ', OUTPUT = ' \
           || {output} || {receive} || {send} || {modin} || {modout} || {analyze} || {subscript} \
           || ', INTERNALLENGTH = ' \
           || CASE WHEN t.typlen = -1 THEN 'variable' ELSE t.typlen::text END \
           || CASE WHEN t.typbyval THEN ', PASSEDBYVALUE' ELSE '' END \
           || ', ALIGNMENT = ' || CASE t.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2' \
                WHEN 'd' THEN 'double' ELSE 'int4' END \
           || ', STORAGE = ' || CASE t.typstorage WHEN 'e' THEN 'external' WHEN 'x' \
                THEN 'extended' WHEN 'm' THEN 'main' ELSE 'plain' END \
           || CASE WHEN t.typcategory <> 'U' THEN ', CATEGORY = ' \
                || quote_literal(t.typcategory::text) ELSE '' END \
           || CASE WHEN t.typispreferred THEN ', PREFERRED = true' ELSE '' END \
           || CASE WHEN t.typdefault IS NOT NULL THEN ', DEFAULT = ' \
                || quote_literal(t.typdefault) ELSE '' END \
           || CASE WHEN t.typelem <> 0 THEN ', ELEMENT = ' || format_type(t.typelem, NULL) \
                ELSE '' END \
           || CASE WHEN t.typdelim <> ',' THEN ', DELIMITER = ' \
                || quote_literal(t.typdelim::text) ELSE '' END \
           || CASE WHEN t.typcollation <> 0 THEN ', COLLATABLE = true' ELSE '' END || ')' END, NULL \
         FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace \
         WHERE (t.typtype = 'b' OR t.typtype = 'p' AND NOT t.typisdefined) \
           AND NOT EXISTS (SELECT 1 FROM pg_type el WHERE el.typarray = t.oid) AND {visible} AND {}",
        no_member("pg_type", "t.oid"),
        input = function("t.typinput"),
        output = function("t.typoutput"),
        receive = function_item("RECEIVE", "t.typreceive"),
        send = function_item("SEND", "t.typsend"),
        modin = function_item("TYPMOD_IN", "t.typmodin"),
        modout = function_item("TYPMOD_OUT", "t.typmodout"),
        analyze = function_item("ANALYZE", "t.typanalyze"),
        subscript = if scope.since(14) {
            function_item("SUBSCRIPT", "t.typsubscript")
        } else {
            "''".to_owned()
        },
        visible = scope.visible("t.typnamespace"),
    )
);

reader!(
    /// The recorded version of the library is the server's, and left out.
    collation, Collation, class::COLLATION, None, |scope| {
        let locale = match (scope.since(17), scope.since(15)) {
            (true, _) => "c.colllocale",
            (false, true) => "c.colliculocale",
            (false, false) => "CASE WHEN c.collprovider = 'i' THEN c.collcollate END",
        };
        let rules = scope.pick(
            16,
            "CASE WHEN c.collicurules IS NOT NULL THEN ', rules = ' \
               || quote_literal(c.collicurules) ELSE '' END",
            "''",
        );
        format!(
            "SELECT c.oid, n.nspname, c.collname, NULL, c.collowner, NULL, \
               format('CREATE COLLATION %I.%I (provider = %s', n.nspname, c.collname, \
                 CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END) \
               || CASE WHEN {locale} IS NOT NULL THEN ', locale = ' || quote_literal({locale}) \
                    WHEN c.collcollate = c.collctype \
                      THEN ', locale = ' || quote_literal(c.collcollate) \
                    ELSE ', lc_collate = ' || quote_literal(c.collcollate) || ', lc_ctype = ' \
                      || quote_literal(c.collctype) END \
               || CASE WHEN c.collisdeterministic THEN '' ELSE ', deterministic = false' END \
               || {rules} || ')', NULL \
             FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace \
             WHERE {} AND {}",
            scope.visible("c.collnamespace"),
            no_member("pg_collation", "c.oid"),
        )
    }
);

reader!(
    /// Encodings by the server's names.
    conversion, Conversion, class::CONVERSION, None, |scope| format!(
        "SELECT c.oid, n.nspname, c.conname, NULL, c.conowner, NULL, \
           format('CREATE %sCONVERSION %I.%I FOR %L TO %L FROM ', \
             CASE WHEN c.condefault THEN 'DEFAULT ' ELSE '' END, n.nspname, c.conname, \
             pg_encoding_to_char(c.conforencoding), pg_encoding_to_char(c.contoencoding)) || {}, \
           NULL \
         FROM pg_conversion c JOIN pg_namespace n ON n.oid = c.connamespace WHERE {} AND {}",
        function("c.conproc"),
        scope.visible("c.connamespace"),
        no_member("pg_conversion", "c.oid"),
    )
);
