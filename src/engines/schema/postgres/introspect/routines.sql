-- Functions, procedures, aggregates. A body in standard SQL (BEGIN ATOMIC, RETURN) stands in the definition only.
SELECT n.nspname AS schema,
       p.proname AS name,
       p.prokind AS kind,
       pg_get_function_identity_arguments(p.oid) AS identity_arguments,
       (SELECT jsonb_agg(format_type(y.id, NULL) ORDER BY y.n) FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY y(id, n)) AS signature,
       (SELECT jsonb_agg(jsonb_build_object(
                   'mode', coalesce(p.proargmodes[y.n]::text, 'i'),
                   'name', coalesce(p.proargnames[y.n], ''),
                   'type', format_type(y.id, NULL),
                   'default', CASE WHEN p.prokind <> 'a' AND p.pronargdefaults > 0 THEN pg_get_function_arg_default(p.oid, y.n::int) END) ORDER BY y.n)
        FROM unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY y(id, n)) AS arguments,
       CASE WHEN p.prokind <> 'p' THEN pg_get_function_result(p.oid) END AS returns,
       format_type(p.prorettype, NULL) AS return_type,
       p.proretset AS returns_set,
       l.lanname AS language,
       p.prosrc AS source,
       CASE WHEN l.lanname = 'c' THEN p.probin END AS library,
       CASE WHEN p.prokind <> 'a' AND to_jsonb(p)->>'prosqlbody' IS NOT NULL THEN pg_get_functiondef(p.oid) END AS definition,
       p.provolatile AS volatility,
       p.proisstrict AS strict,
       p.prosecdef AS security_definer,
       p.proleakproof AS leakproof,
       p.proparallel AS parallel,
       p.procost AS cost,
       p.prorows AS rows,
       nullif(p.prosupport::oid, 0)::regproc::text AS support,
       (SELECT jsonb_agg(format_type(y.id, NULL) ORDER BY y.n) FROM unnest(p.protrftypes) WITH ORDINALITY y(id, n)) AS transforms,
       to_jsonb(p.proconfig) AS config,
       (SELECT jsonb_build_object(
                   'kind', a.aggkind, 'direct', a.aggnumdirectargs, 'sfunc', nullif(a.aggtransfn::oid, 0)::regproc::text,
                   'stype', format_type(a.aggtranstype, NULL), 'sspace', a.aggtransspace, 'initcond', a.agginitval,
                   'finalfunc', nullif(a.aggfinalfn::oid, 0)::regproc::text, 'finalfunc_extra', a.aggfinalextra,
                   'finalfunc_modify', a.aggfinalmodify, 'combinefunc', nullif(a.aggcombinefn::oid, 0)::regproc::text,
                   'serialfunc', nullif(a.aggserialfn::oid, 0)::regproc::text, 'deserialfunc', nullif(a.aggdeserialfn::oid, 0)::regproc::text,
                   'msfunc', nullif(a.aggmtransfn::oid, 0)::regproc::text, 'minvfunc', nullif(a.aggminvtransfn::oid, 0)::regproc::text,
                   'mstype', CASE WHEN a.aggmtranstype <> 0 THEN format_type(a.aggmtranstype, NULL) END, 'msspace', a.aggmtransspace,
                   'minitcond', a.aggminitval, 'mfinalfunc', nullif(a.aggmfinalfn::oid, 0)::regproc::text,
                   'mfinalfunc_extra', a.aggmfinalextra, 'mfinalfunc_modify', a.aggmfinalmodify,
                   'sortop', nullif(a.aggsortop, 0)::regoperator::text)
        FROM pg_aggregate a WHERE a.aggfnoid = p.oid) AS aggregate,
       obj_description(p.oid, 'pg_proc') AS comment
FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace
JOIN pg_language l ON l.oid = p.prolang
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i'))
ORDER BY n.nspname, p.proname, 4
