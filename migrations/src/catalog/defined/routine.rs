//! Aggregates, languages, casts and transforms.
//!
//! Never reads a function or a procedure: those have attributes of their own.

use super::{function, function_item, reader};

reader!(
    /// The part is what `DROP AGGREGATE` takes: `*`, types, or direct types `ORDER BY` the others.
    aggregate, Aggregate, class::PROC, Some(Class::Function), |scope| {
        let modify = |value: &str, word: &str| format!(
            "CASE {value} WHEN 'r' THEN ', {word} = READ_ONLY' WHEN 's' THEN ', {word} = SHAREABLE' \
             WHEN 'w' THEN ', {word} = READ_WRITE' END"
        );
        // The default depends on the kind of aggregate, and is left out.
        let final_modify = format!(
            "CASE WHEN a.aggfinalmodify = CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END THEN '' \
             ELSE {} END", modify("a.aggfinalmodify", "FINALFUNC_MODIFY"));
        let moving_modify = format!(
            "CASE WHEN a.aggmtransfn = 0 \
               OR a.aggmfinalmodify = CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END THEN '' \
             ELSE {} END", modify("a.aggmfinalmodify", "MFINALFUNC_MODIFY"));
        format!(
            "SELECT p.oid, n.nspname, p.proname, \
               CASE WHEN p.pronargs = 0 THEN '*' WHEN a.aggkind <> 'n' \
                 THEN concat_ws(' ', NULLIF(direct.list, ''), 'ORDER BY', aggregated.list) \
                 ELSE oidvectortypes(p.proargtypes) END, \
               p.proowner, p.proacl::text, \
               format('CREATE AGGREGATE %I.%I(%s) (', n.nspname, p.proname, \
                 CASE WHEN p.pronargs = 0 THEN '*' ELSE pg_get_function_arguments(p.oid) END) \
               || 'SFUNC = ' || {sfunc} || ', STYPE = ' || format_type(a.aggtranstype, NULL) \
               || CASE WHEN a.aggtransspace <> 0 THEN ', SSPACE = ' || a.aggtransspace ELSE '' END \
               || {finalfunc} || CASE WHEN a.aggfinalextra THEN ', FINALFUNC_EXTRA' ELSE '' END \
               || {final_modify} || {combine} || {serial} || {deserial} \
               || CASE WHEN a.agginitval IS NOT NULL \
                    THEN ', INITCOND = ' || quote_literal(a.agginitval) ELSE '' END \
               || {msfunc} || {minv} || CASE WHEN a.aggmtransfn <> 0 \
                    THEN ', MSTYPE = ' || format_type(a.aggmtranstype, NULL) ELSE '' END \
               || CASE WHEN a.aggmtransspace <> 0 THEN ', MSSPACE = ' || a.aggmtransspace \
                    ELSE '' END \
               || {mfinal} || CASE WHEN a.aggmfinalextra THEN ', MFINALFUNC_EXTRA' ELSE '' END \
               || {moving_modify} || CASE WHEN a.aggminitval IS NOT NULL \
                    THEN ', MINITCOND = ' || quote_literal(a.aggminitval) ELSE '' END \
               || CASE WHEN a.aggsortop <> 0 THEN (SELECT format(', SORTOP = OPERATOR(%I.%s)', \
                    son.nspname, so.oprname) FROM pg_operator so \
                    JOIN pg_namespace son ON son.oid = so.oprnamespace WHERE so.oid = a.aggsortop) \
                    ELSE '' END \
               || CASE p.proparallel WHEN 's' THEN ', PARALLEL = SAFE' \
                    WHEN 'r' THEN ', PARALLEL = RESTRICTED' ELSE '' END \
               || CASE a.aggkind WHEN 'h' THEN ', HYPOTHETICAL' ELSE '' END || ')', \
               NULL \
             FROM pg_proc p JOIN pg_aggregate a ON a.aggfnoid = p.oid \
             JOIN pg_namespace n ON n.oid = p.pronamespace, \
             LATERAL (SELECT string_agg(format_type(t, NULL), ', ' ORDER BY o) AS list \
               FROM unnest(p.proargtypes) WITH ORDINALITY x(t, o) \
               WHERE o <= a.aggnumdirectargs) direct, \
             LATERAL (SELECT string_agg(format_type(t, NULL), ', ' ORDER BY o) AS list \
               FROM unnest(p.proargtypes) WITH ORDINALITY x(t, o) \
               WHERE o > a.aggnumdirectargs) aggregated \
             WHERE {visible} AND {member}",
            sfunc = function("a.aggtransfn"),
            finalfunc = function_item("FINALFUNC", "a.aggfinalfn"),
            combine = function_item("COMBINEFUNC", "a.aggcombinefn"),
            serial = function_item("SERIALFUNC", "a.aggserialfn"),
            deserial = function_item("DESERIALFUNC", "a.aggdeserialfn"),
            msfunc = function_item("MSFUNC", "a.aggmtransfn"),
            minv = function_item("MINVFUNC", "a.aggminvtransfn"),
            mfinal = function_item("MFINALFUNC", "a.aggmfinalfn"),
            visible = scope.visible("p.pronamespace"),
            member = no_member("pg_proc", "p.oid"),
        )
    }
);

reader!(
    /// Languages that no extension makes.
    language, Language, class::LANGUAGE, Some(Class::Language), |_scope| format!(
        "SELECT l.oid, NULL, l.lanname, NULL, l.lanowner, l.lanacl::text, \
           format('CREATE %sLANGUAGE %I', CASE WHEN l.lanpltrusted THEN 'TRUSTED ' ELSE '' END, \
             l.lanname) || ' HANDLER ' || {} \
           || CASE WHEN l.laninline <> 0 THEN ' INLINE ' || {} ELSE '' END \
           || CASE WHEN l.lanvalidator <> 0 THEN ' VALIDATOR ' || {} ELSE '' END, NULL \
         FROM pg_language l WHERE l.oid >= 16384 AND {}",
        function("l.lanplcallfoid"),
        function("l.laninline"),
        function("l.lanvalidator"),
        no_member("pg_language", "l.oid"),
    )
);

reader!(
    /// Name and part are the source and the target type.
    cast, Cast, class::CAST, None, |_scope| format!(
        "SELECT c.oid, NULL, format_type(c.castsource, NULL), format_type(c.casttarget, NULL), 0, \
           NULL, format('CREATE CAST (%s AS %s) ', format_type(c.castsource, NULL), \
             format_type(c.casttarget, NULL)) \
           || CASE c.castmethod WHEN 'b' THEN 'WITHOUT FUNCTION' WHEN 'i' THEN 'WITH INOUT' \
                ELSE 'WITH FUNCTION ' || {} || '(' || (SELECT oidvectortypes(p.proargtypes) \
                  FROM pg_proc p WHERE p.oid = c.castfunc) || ')' END \
           || CASE c.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' \
                ELSE '' END, NULL \
         FROM pg_cast c WHERE c.oid >= 16384 AND {}",
        function("c.castfunc"),
        no_member_nor_internal("pg_cast", "c.oid"),
    )
);

reader!(
    /// Name and part are the type and the language.
    transform, Transform, class::TRANSFORM, None, |_scope| format!(
        "SELECT t.oid, NULL, format_type(t.trftype, NULL), l.lanname, 0, NULL, \
           format('CREATE TRANSFORM FOR %s LANGUAGE %I (', format_type(t.trftype, NULL), \
             l.lanname) || concat_ws(', ', \
             CASE WHEN t.trffromsql <> 0 THEN 'FROM SQL WITH FUNCTION ' || {} || '(internal)' END, \
             CASE WHEN t.trftosql <> 0 THEN 'TO SQL WITH FUNCTION ' || {} || '(internal)' END) \
           || ')', NULL \
         FROM pg_transform t JOIN pg_language l ON l.oid = t.trflang \
         WHERE t.oid >= 16384 AND {}",
        function("t.trffromsql"),
        function("t.trftosql"),
        no_member("pg_transform", "t.oid"),
    )
);
