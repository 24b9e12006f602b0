-- Constraints of tables. What the index behind one looks like stands with the indexes.
SELECT n.nspname AS schema,
       t.relname AS "table",
       c.conname AS name,
       c.contype AS kind,
       c.condeferrable AS deferrable,
       c.condeferred AS deferred,
       c.convalidated AS validated,
       coalesce((to_jsonb(c)->>'conenforced')::boolean, true) AS enforced,
       c.connoinherit AS no_inherit,
       c.conislocal AS local,
       c.coninhcount AS inherited,
       coalesce((to_jsonb(c)->>'conperiod')::boolean, false) AS period,
       (SELECT jsonb_agg(a.attname ORDER BY k.n)
        FROM unnest(c.conkey) WITH ORDINALITY k(num, n) JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.num) AS columns,
       fn.nspname AS foreign_schema,
       f.relname AS foreign_table,
       (SELECT jsonb_agg(a.attname ORDER BY k.n)
        FROM unnest(c.confkey) WITH ORDINALITY k(num, n) JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.num) AS foreign_columns,
       c.confupdtype AS on_update,
       c.confdeltype AS on_delete,
       (SELECT jsonb_agg(a.attname ORDER BY k.n)
        FROM jsonb_array_elements_text(CASE WHEN jsonb_typeof(to_jsonb(c)->'confdelsetcols') = 'array'
                                       THEN to_jsonb(c)->'confdelsetcols' ELSE '[]' END) WITH ORDINALITY k(num, n)
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.num::int) AS on_delete_columns,
       c.confmatchtype AS match,
       pg_get_expr(c.conbin, c.conrelid) AS expression,
       (SELECT jsonb_agg(CASE WHEN opn.nspname = 'pg_catalog' THEN op.oprname
                              ELSE 'OPERATOR(' || quote_ident(opn.nspname) || '.' || op.oprname || ')' END ORDER BY k.n)
        FROM unnest(c.conexclop) WITH ORDINALITY k(num, n) JOIN pg_operator op ON op.oid = k.num
        JOIN pg_namespace opn ON opn.oid = op.oprnamespace) AS operators,
       CASE WHEN c.contype IN ('p', 'u', 'x') THEN (SELECT i.relname FROM pg_class i WHERE i.oid = c.conindid) END AS index,
       pg_get_constraintdef(c.oid) AS definition,
       obj_description(c.oid, 'pg_constraint') AS comment
FROM pg_constraint c
JOIN pg_class t ON t.oid = c.conrelid
JOIN pg_namespace n ON n.oid = t.relnamespace
LEFT JOIN pg_class f ON f.oid = c.confrelid
LEFT JOIN pg_namespace fn ON fn.oid = f.relnamespace
WHERE c.contype IN ('p', 'u', 'x', 'c', 'f', 'n') AND t.relpersistence <> 't'
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = t.oid AND d.deptype = 'e')
ORDER BY n.nspname, t.relname, c.oid
