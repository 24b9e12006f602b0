-- Columns of tables and views. The sequence of an identity column stands with it.
SELECT n.nspname AS schema,
       c.relname AS "table",
       c.relkind AS kind,
       a.attnum AS number,
       a.attname AS name,
       format_type(a.atttypid, a.atttypmod) AS type,
       a.attnotnull AS not_null,
       pg_get_expr(d.adbin, d.adrelid) AS "default",
       a.attidentity AS identity,
       a.attgenerated AS generated,
       (SELECT CASE WHEN cn.nspname = 'pg_catalog' THEN quote_ident(o.collname)
                    ELSE quote_ident(cn.nspname) || '.' || quote_ident(o.collname) END
        FROM pg_collation o JOIN pg_namespace cn ON cn.oid = o.collnamespace
        WHERE o.oid = a.attcollation AND a.attcollation <> t.typcollation) AS collation,
       CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage::text END AS storage,
       nullif(to_jsonb(a)->>'attcompression', '') AS compression,
       nullif((to_jsonb(a)->>'attstattarget')::int, -1) AS statistics,
       to_jsonb(a.attoptions) AS options,
       to_jsonb(a.attfdwoptions) AS foreign_options,
       a.attislocal AS local,
       a.attinhcount AS inherited,
       col_description(a.attrelid, a.attnum) AS comment,
       CASE WHEN a.attidentity <> '' THEN (
           SELECT jsonb_build_object(
               'schema', sn.nspname, 'name', sc.relname, 'type', format_type(s.seqtypid, NULL), 'start', s.seqstart,
               'increment', s.seqincrement, 'min', s.seqmin, 'max', s.seqmax, 'cache', s.seqcache, 'cycle', s.seqcycle,
               'unlogged', sc.relpersistence = 'u')
           FROM pg_depend p JOIN pg_class sc ON sc.oid = p.objid AND sc.relkind = 'S'
           JOIN pg_namespace sn ON sn.oid = sc.relnamespace
           JOIN pg_sequence s ON s.seqrelid = sc.oid
           WHERE p.classid = 'pg_class'::regclass AND p.refclassid = 'pg_class'::regclass
             AND p.refobjid = a.attrelid AND p.refobjsubid = a.attnum AND p.deptype = 'i'
           LIMIT 1) END AS sequence
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND c.relpersistence <> 't'
  AND a.attnum > 0 AND NOT a.attisdropped
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
ORDER BY n.nspname, c.relname, a.attnum
