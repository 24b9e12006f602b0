-- Triggers, those that the server makes for constraints left out.
SELECT n.nspname AS schema,
       c.relname AS "table",
       t.tgname AS name,
       t.tgtype AS bits,
       t.tgenabled AS enabled,
       fn.nspname AS function_schema,
       f.proname AS function,
       t.tgconstraint <> 0 AS "constraint",
       t.tgdeferrable AS deferrable,
       t.tginitdeferred AS deferred,
       t.tgoldtable AS old_table,
       t.tgnewtable AS new_table,
       rn.nspname AS from_schema,
       r.relname AS from_table,
       (SELECT jsonb_agg(a.attname ORDER BY k.n)
        FROM unnest(t.tgattr::int2[]) WITH ORDINALITY k(num, n) JOIN pg_attribute a ON a.attrelid = t.tgrelid AND a.attnum = k.num) AS columns,
       coalesce((to_jsonb(t)->>'tgparentid')::oid, 0) <> 0 AS inherited,
       pg_get_triggerdef(t.oid) AS definition,
       obj_description(t.oid, 'pg_trigger') AS comment
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_proc f ON f.oid = t.tgfoid
JOIN pg_namespace fn ON fn.oid = f.pronamespace
LEFT JOIN pg_class r ON r.oid = t.tgconstrrelid
LEFT JOIN pg_namespace rn ON rn.oid = r.relnamespace
WHERE (NOT t.tgisinternal OR coalesce((to_jsonb(t)->>'tgparentid')::oid, 0) <> 0 AND t.tgconstraint = 0)
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.deptype = 'e'
                  AND ((d.classid = 'pg_trigger'::regclass AND d.objid = t.oid) OR (d.classid = 'pg_class'::regclass AND d.objid = c.oid)))
ORDER BY n.nspname, c.relname, t.tgname
