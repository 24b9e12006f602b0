-- Row-level security policies.
SELECT n.nspname AS schema,
       c.relname AS "table",
       p.polname AS name,
       p.polcmd AS command,
       p.polpermissive AS permissive,
       (SELECT jsonb_agg(CASE WHEN r.id = 0 THEN 'public' ELSE pg_get_userbyid(r.id)::text END) FROM unnest(p.polroles) r(id)) AS roles,
       pg_get_expr(p.polqual, p.polrelid) AS "using",
       pg_get_expr(p.polwithcheck, p.polrelid) AS "check",
       obj_description(p.oid, 'pg_policy') AS comment
FROM pg_policy p
JOIN pg_class c ON c.oid = p.polrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY n.nspname, c.relname, p.polname
