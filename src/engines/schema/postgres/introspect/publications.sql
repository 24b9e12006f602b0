-- Publications. Whole schemas (15) are found through their dependencies: older servers lack the table that lists them.
SELECT p.pubname AS name,
       p.puballtables AS all_tables,
       p.pubinsert AS "insert",
       p.pubupdate AS "update",
       p.pubdelete AS "delete",
       p.pubtruncate AS truncate,
       coalesce((to_jsonb(p)->>'pubviaroot')::boolean, false) AS via_root,
       to_jsonb(p)->>'pubgencols' AS generated_columns,
       (SELECT jsonb_agg(jsonb_build_object(
                   'schema', n.nspname, 'table', c.relname,
                   'predicate', (SELECT to_jsonb(v)->>'rowfilter' FROM pg_publication_tables v
                                 WHERE v.pubname = p.pubname AND v.schemaname = n.nspname AND v.tablename = c.relname),
                   'columns', (SELECT jsonb_agg(a.attname ORDER BY a.attname)
                               FROM jsonb_array_elements_text(CASE WHEN jsonb_typeof(to_jsonb(r)->'prattrs') = 'array' THEN to_jsonb(r)->'prattrs' ELSE '[]' END) k(num)
                               JOIN pg_attribute a ON a.attrelid = r.prrelid AND a.attnum = k.num::int)) ORDER BY n.nspname, c.relname)
        FROM pg_publication_rel r JOIN pg_class c ON c.oid = r.prrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE r.prpubid = p.oid) AS tables,
       (SELECT jsonb_agg(n.nspname ORDER BY n.nspname)
        FROM pg_depend x JOIN pg_depend y ON y.classid = x.classid AND y.objid = x.objid
        JOIN pg_namespace n ON n.oid = y.refobjid
        WHERE x.classid = to_regclass('pg_catalog.pg_publication_namespace')::oid
          AND x.refclassid = 'pg_publication'::regclass AND x.refobjid = p.oid AND y.refclassid = 'pg_namespace'::regclass) AS schemas,
       obj_description(p.oid, 'pg_publication') AS comment
FROM pg_publication p
WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_publication'::regclass AND d.objid = p.oid AND d.deptype = 'e')
ORDER BY p.pubname
