-- Types that the database defines: enums, domains, composite types, ranges, base types. Row types of tables and arrays are none.
SELECT n.nspname AS schema,
       t.typname AS name,
       CASE WHEN NOT t.typisdefined THEN 'shell' ELSE t.typtype::text END AS kind,
       obj_description(t.oid, 'pg_type') AS comment,
       (SELECT jsonb_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid) AS labels,
       CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END AS base,
       t.typnotnull AS not_null,
       CASE WHEN t.typtype = 'd' THEN pg_get_expr(t.typdefaultbin, 0) END AS "default",
       (SELECT CASE WHEN cn.nspname = 'pg_catalog' THEN quote_ident(c.collname)
                    ELSE quote_ident(cn.nspname) || '.' || quote_ident(c.collname) END
        FROM pg_collation c JOIN pg_namespace cn ON cn.oid = c.collnamespace
        WHERE t.typtype = 'd' AND c.oid = t.typcollation
          AND t.typcollation <> (SELECT b.typcollation FROM pg_type b WHERE b.oid = t.typbasetype)) AS collation,
       (SELECT jsonb_agg(jsonb_build_object(
                   'name', c.conname, 'expression', pg_get_expr(c.conbin, 0), 'validated', c.convalidated,
                   'comment', obj_description(c.oid, 'pg_constraint')) ORDER BY c.conname)
        FROM pg_constraint c WHERE c.contypid = t.oid AND c.contype = 'c') AS checks,
       (SELECT jsonb_agg(jsonb_build_object(
                   'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
                   'comment', col_description(a.attrelid, a.attnum),
                   'collation', (SELECT CASE WHEN cn.nspname = 'pg_catalog' THEN quote_ident(c.collname)
                                             ELSE quote_ident(cn.nspname) || '.' || quote_ident(c.collname) END
                                 FROM pg_collation c JOIN pg_namespace cn ON cn.oid = c.collnamespace
                                 JOIN pg_type y ON y.oid = a.atttypid
                                 WHERE c.oid = a.attcollation AND a.attcollation <> y.typcollation)) ORDER BY a.attnum)
        FROM pg_attribute a WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) AS attributes,
       (SELECT jsonb_build_object(
                   'subtype', format_type(r.rngsubtype, NULL),
                   'subtype_opclass', CASE WHEN NOT o.opcdefault THEN
                        CASE WHEN ono.nspname = 'pg_catalog' THEN '' ELSE quote_ident(ono.nspname) || '.' END || quote_ident(o.opcname) END,
                   'collation', (SELECT quote_ident(c.collname) FROM pg_collation c JOIN pg_type s ON s.oid = r.rngsubtype
                                 WHERE c.oid = r.rngcollation AND r.rngcollation <> s.typcollation),
                   'canonical', nullif(r.rngcanonical::oid, 0)::regproc::text,
                   'subtype_diff', nullif(r.rngsubdiff::oid, 0)::regproc::text,
                   'multirange_type_name', (SELECT m.typname FROM pg_type m WHERE m.oid = (to_jsonb(r)->>'rngmultitypid')::oid))
        FROM pg_range r JOIN pg_opclass o ON o.oid = r.rngsubopc JOIN pg_namespace ono ON ono.oid = o.opcnamespace
        WHERE r.rngtypid = t.oid) AS range,
       CASE WHEN t.typtype = 'b' AND t.typisdefined THEN jsonb_build_object(
           'input', nullif(t.typinput::oid, 0)::regproc::text, 'output', nullif(t.typoutput::oid, 0)::regproc::text,
           'receive', nullif(t.typreceive::oid, 0)::regproc::text, 'send', nullif(t.typsend::oid, 0)::regproc::text,
           'typmod_in', nullif(t.typmodin::oid, 0)::regproc::text, 'typmod_out', nullif(t.typmodout::oid, 0)::regproc::text,
           'analyze', nullif(t.typanalyze::oid, 0)::regproc::text, 'internallength', t.typlen, 'passedbyvalue', t.typbyval,
           'alignment', t.typalign, 'storage', t.typstorage, 'category', t.typcategory, 'preferred', t.typispreferred,
           'default', t.typdefault, 'element', nullif(t.typelem, 0)::regtype::text, 'delimiter', t.typdelim,
           'collatable', t.typcollation <> 0) END AS base_type
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND t.typtype IN ('e', 'd', 'c', 'r', 'b', 'p')
  AND (t.typrelid = 0 OR (SELECT k.relkind FROM pg_class k WHERE k.oid = t.typrelid) = 'c')
  AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.deptype = 'e'
                  AND ((d.classid = 'pg_type'::regclass AND d.objid = t.oid)
                       OR (d.classid = 'pg_class'::regclass AND d.objid = t.typrelid AND t.typrelid <> 0)))
ORDER BY n.nspname, t.typname
