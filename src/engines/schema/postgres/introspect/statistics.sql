-- Extended statistics.
SELECT n.nspname AS schema,
       s.stxname AS name,
       tn.nspname AS table_schema,
       t.relname AS "table",
       pg_get_statisticsobjdef(s.oid) AS definition,
       nullif((to_jsonb(s)->>'stxstattarget')::int, -1) AS target,
       obj_description(s.oid, 'pg_statistic_ext') AS comment
FROM pg_statistic_ext s
JOIN pg_namespace n ON n.oid = s.stxnamespace
JOIN pg_class t ON t.oid = s.stxrelid
JOIN pg_namespace tn ON tn.oid = t.relnamespace
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_statistic_ext'::regclass AND d.objid = s.oid AND d.deptype = 'e')
ORDER BY n.nspname, s.stxname
