-- Indexes, those behind constraints too.
SELECT n.nspname AS schema,
       t.relname AS "table",
       c.relname AS name,
       am.amname AS method,
       i.indisunique AS "unique",
       i.indisvalid AS valid,
       i.indisclustered AS clustered,
       coalesce((to_jsonb(i)->>'indnullsnotdistinct')::boolean, false) AS nulls_not_distinct,
       (SELECT k.conname FROM pg_constraint k WHERE k.conindid = c.oid AND k.conrelid = t.oid AND k.contype IN ('p', 'u', 'x') LIMIT 1) AS "constraint",
       EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = c.oid) AS inherited,
       (SELECT jsonb_agg(jsonb_build_object(
                   'column', a.attname,
                   'expression', CASE WHEN i.indkey[k.n - 1] = 0 THEN pg_get_indexdef(c.oid, k.n, false) END,
                   'operator_class', CASE WHEN NOT o.opcdefault THEN
                        CASE WHEN ono.nspname = 'pg_catalog' THEN '' ELSE quote_ident(ono.nspname) || '.' END || quote_ident(o.opcname) END,
                   'parameters', to_jsonb(x.attoptions),
                   'own_class', quote_ident(o.opcname),
                   'collation', (SELECT CASE WHEN cn.nspname = 'pg_catalog' THEN quote_ident(l.collname)
                                             ELSE quote_ident(cn.nspname) || '.' || quote_ident(l.collname) END
                                 FROM pg_collation l JOIN pg_namespace cn ON cn.oid = l.collnamespace
                                 WHERE l.oid = i.indcollation[k.n - 1]
                                   AND l.oid <> coalesce(a.attcollation, (SELECT y.typcollation FROM pg_type y WHERE y.oid = x.atttypid))),
                   'option', i.indoption[k.n - 1]) ORDER BY k.n)
        FROM generate_series(1, i.indnkeyatts::int) k(n)
        JOIN pg_attribute x ON x.attrelid = c.oid AND x.attnum = k.n
        JOIN pg_opclass o ON o.oid = i.indclass[k.n - 1]
        JOIN pg_namespace ono ON ono.oid = o.opcnamespace
        LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[k.n - 1] AND i.indkey[k.n - 1] <> 0) AS keys,
       (SELECT jsonb_agg(a.attname ORDER BY k.n)
        FROM generate_series(i.indnkeyatts + 1, i.indnatts::int) k(n)
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[k.n - 1]) AS include,
       pg_get_expr(i.indpred, i.indrelid) AS predicate,
       to_jsonb(c.reloptions) AS options,
       (SELECT s.spcname FROM pg_tablespace s WHERE s.oid = c.reltablespace) AS tablespace,
       pg_get_indexdef(c.oid) AS definition,
       obj_description(c.oid, 'pg_class') AS comment
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_class t ON t.oid = i.indrelid
JOIN pg_namespace n ON n.oid = t.relnamespace
JOIN pg_am am ON am.oid = c.relam
WHERE t.relkind IN ('r', 'p', 'm') AND t.relpersistence <> 't'
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid IN (t.oid, c.oid) AND d.deptype = 'e')
ORDER BY n.nspname, t.relname, c.relname
