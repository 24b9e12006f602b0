-- Privileges that the owner does not have anyway. Where the server gives PUBLIC something by default, `defaults` says what; a row without
-- privileges means that it was taken away.
SELECT o.kind, o.schema, o.name, o.part,
       CASE WHEN x.grantee = 0 THEN 'public' ELSE pg_get_userbyid(x.grantee)::text END AS grantee,
       (SELECT jsonb_agg(p.privilege_type || CASE WHEN p.is_grantable THEN '*' ELSE '' END ORDER BY p.privilege_type)
        FROM aclexplode(o.acl) p WHERE p.grantee = x.grantee) AS privileges,
       (SELECT jsonb_agg(p.privilege_type ORDER BY p.privilege_type)
        FROM aclexplode(acldefault(o.class, o.owner)) p WHERE p.grantee = x.grantee AND o.class <> 'c') AS defaults
FROM (
    SELECT CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END AS kind, n.nspname::text AS schema, c.relname::text AS name, NULL::text AS part,
           c.relacl AS acl, c.relowner AS owner, CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char" AS class
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND c.relacl IS NOT NULL
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    UNION ALL
    SELECT 'column', n.nspname, c.relname, a.attname, a.attacl, c.relowner, 'c'
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE a.attacl IS NOT NULL AND NOT a.attisdropped
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    UNION ALL
    SELECT CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END, n.nspname,
           p.proname || '(' || coalesce((SELECT string_agg(format_type(y.id, NULL), ', ' ORDER BY y.n)
                                         FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY y(id, n)), '') || ')',
           NULL, p.proacl, p.proowner, 'f'
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE p.proacl IS NOT NULL
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
    UNION ALL
    SELECT 'type', n.nspname, t.typname, NULL, t.typacl, t.typowner, 'T'
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typacl IS NOT NULL
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
    UNION ALL
    SELECT 'schema', n.nspname, n.nspname, NULL, n.nspacl, n.nspowner, 'n'
    FROM pg_namespace n
    WHERE n.nspacl IS NOT NULL
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_namespace'::regclass AND d.objid = n.oid AND d.deptype = 'e')
    UNION ALL
    SELECT 'server', NULL, s.srvname, NULL, s.srvacl, s.srvowner, 'S' FROM pg_foreign_server s WHERE s.srvacl IS NOT NULL
    UNION ALL
    SELECT 'foreign data wrapper', NULL, w.fdwname, NULL, w.fdwacl, w.fdwowner, 'F' FROM pg_foreign_data_wrapper w WHERE w.fdwacl IS NOT NULL
    UNION ALL
    SELECT 'language', NULL, l.lanname, NULL, l.lanacl, l.lanowner, 'l' FROM pg_language l WHERE l.lanacl IS NOT NULL
) o
CROSS JOIN LATERAL (
    SELECT p.grantee FROM aclexplode(o.acl) p
    UNION
    SELECT 0 WHERE o.class IN ('f', 'T', 'l')
) x
WHERE x.grantee <> o.owner AND (o.schema IS NULL OR o.schema !~ '^pg_' AND o.schema <> 'information_schema')
ORDER BY 1, 2, 3, 4, 5
