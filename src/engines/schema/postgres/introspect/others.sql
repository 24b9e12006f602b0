-- Everything that is compared by its text: kind, name, and what it is made of as pairs of a word and a value.
SELECT 'cast' AS kind, NULL::text AS schema,
       format_type(c.castsource, NULL) || ' AS ' || format_type(c.casttarget, NULL) AS name,
       jsonb_build_object(
           'function', CASE WHEN c.castfunc <> 0 THEN c.castfunc::regprocedure::text END,
           'method', CASE c.castmethod WHEN 'b' THEN 'without function' WHEN 'i' THEN 'with inout' END,
           'context', CASE c.castcontext WHEN 'a' THEN 'assignment' WHEN 'i' THEN 'implicit' END) AS attributes,
       obj_description(c.oid, 'pg_cast') AS comment
FROM pg_cast c
WHERE c.oid >= 16384
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_cast'::regclass AND d.objid = c.oid AND d.deptype IN ('e', 'i'))
UNION ALL
SELECT 'operator', n.nspname,
       o.oprname || ' (' || coalesce(format_type(nullif(o.oprleft, 0), NULL), 'NONE') || ', ' || coalesce(format_type(nullif(o.oprright, 0), NULL), 'NONE') || ')',
       jsonb_build_object(
           'function', o.oprcode::oid::regproc::text,
           'commutator', (SELECT k.oprname FROM pg_operator k WHERE k.oid = o.oprcom),
           'negator', (SELECT k.oprname FROM pg_operator k WHERE k.oid = o.oprnegate),
           'restrict', nullif(o.oprrest::oid, 0)::regproc::text, 'join', nullif(o.oprjoin::oid, 0)::regproc::text,
           'hashes', CASE WHEN o.oprcanhash THEN 'yes' END, 'merges', CASE WHEN o.oprcanmerge THEN 'yes' END),
       obj_description(o.oid, 'pg_operator')
FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND o.oprcode::oid <> 0
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_operator'::regclass AND d.objid = o.oid AND d.deptype = 'e')
UNION ALL
SELECT 'operator class', n.nspname, o.opcname || ' USING ' || a.amname,
       jsonb_build_object(
           'type', format_type(o.opcintype, NULL), 'default', CASE WHEN o.opcdefault THEN 'yes' END,
           'family', fn.nspname || '.' || f.opfname, 'storage', CASE WHEN o.opckeytype <> 0 THEN format_type(o.opckeytype, NULL) END),
       obj_description(o.oid, 'pg_opclass')
FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace JOIN pg_am a ON a.oid = o.opcmethod
JOIN pg_opfamily f ON f.oid = o.opcfamily JOIN pg_namespace fn ON fn.oid = f.opfnamespace
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_opclass'::regclass AND d.objid = o.oid AND d.deptype = 'e')
UNION ALL
SELECT 'operator family', n.nspname, f.opfname || ' USING ' || a.amname,
       jsonb_build_object(
           'operators', (SELECT string_agg(o.amopstrategy || ' ' || o.amopopr::regoperator, ', ' ORDER BY o.amopstrategy, o.amopopr::regoperator::text)
                         FROM pg_amop o WHERE o.amopfamily = f.oid),
           'functions', (SELECT string_agg(p.amprocnum || ' ' || p.amproc::regprocedure, ', ' ORDER BY p.amprocnum, p.amproc::regprocedure::text)
                         FROM pg_amproc p WHERE p.amprocfamily = f.oid)),
       obj_description(f.oid, 'pg_opfamily')
FROM pg_opfamily f JOIN pg_namespace n ON n.oid = f.opfnamespace JOIN pg_am a ON a.oid = f.opfmethod
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_opfamily'::regclass AND d.objid = f.oid AND d.deptype = 'e')
UNION ALL
SELECT 'text search configuration', n.nspname, c.cfgname,
       jsonb_build_object('parser', CASE WHEN pn.nspname = 'pg_catalog' THEN '' ELSE pn.nspname || '.' END || p.prsname,
           'mappings', (SELECT string_agg(m.word || ': ' || m.dictionaries, '; ' ORDER BY m.word)
                        FROM (SELECT (SELECT t.alias FROM ts_token_type(c.cfgparser) t WHERE t.tokid = k.maptokentype) AS word,
                                     string_agg(CASE WHEN dn.nspname = 'pg_catalog' THEN '' ELSE dn.nspname || '.' END || t.dictname, ', '
                                                ORDER BY k.mapseqno) AS dictionaries
                              FROM pg_ts_config_map k JOIN pg_ts_dict t ON t.oid = k.mapdict JOIN pg_namespace dn ON dn.oid = t.dictnamespace
                              WHERE k.mapcfg = c.oid GROUP BY k.maptokentype) m)),
       obj_description(c.oid, 'pg_ts_config')
FROM pg_ts_config c JOIN pg_namespace n ON n.oid = c.cfgnamespace
JOIN pg_ts_parser p ON p.oid = c.cfgparser JOIN pg_namespace pn ON pn.oid = p.prsnamespace
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_ts_config'::regclass AND d.objid = c.oid AND d.deptype = 'e')
UNION ALL
SELECT 'text search dictionary', n.nspname, t.dictname,
       jsonb_build_object('template', CASE WHEN xn.nspname = 'pg_catalog' THEN '' ELSE xn.nspname || '.' END || x.tmplname, 'options', t.dictinitoption),
       obj_description(t.oid, 'pg_ts_dict')
FROM pg_ts_dict t JOIN pg_namespace n ON n.oid = t.dictnamespace
JOIN pg_ts_template x ON x.oid = t.dicttemplate JOIN pg_namespace xn ON xn.oid = x.tmplnamespace
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_ts_dict'::regclass AND d.objid = t.oid AND d.deptype = 'e')
UNION ALL
SELECT 'foreign data wrapper', NULL, w.fdwname,
       jsonb_build_object('handler', nullif(w.fdwhandler, 0)::regproc::text, 'validator', nullif(w.fdwvalidator, 0)::regproc::text,
           'options', array_to_string(w.fdwoptions, ', ')),
       obj_description(w.oid, 'pg_foreign_data_wrapper')
FROM pg_foreign_data_wrapper w
WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_foreign_data_wrapper'::regclass AND d.objid = w.oid AND d.deptype = 'e')
UNION ALL
SELECT 'server', NULL, s.srvname,
       jsonb_build_object('wrapper', w.fdwname, 'type', s.srvtype, 'version', s.srvversion, 'options', array_to_string(s.srvoptions, ', ')),
       obj_description(s.oid, 'pg_foreign_server')
FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_foreign_server'::regclass AND d.objid = s.oid AND d.deptype = 'e')
UNION ALL
SELECT 'user mapping', NULL, u.usename || ' SERVER ' || u.srvname, '{}'::jsonb, NULL
FROM pg_user_mappings u
UNION ALL
SELECT 'language', NULL, l.lanname,
       jsonb_build_object('trusted', CASE WHEN l.lanpltrusted THEN 'yes' END, 'handler', nullif(l.lanplcallfoid, 0)::regproc::text,
           'inline', nullif(l.laninline, 0)::regproc::text, 'validator', nullif(l.lanvalidator, 0)::regproc::text),
       obj_description(l.oid, 'pg_language')
FROM pg_language l
WHERE l.lanispl AND l.oid >= 16384
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_language'::regclass AND d.objid = l.oid AND d.deptype = 'e')
UNION ALL
SELECT 'conversion', n.nspname, c.conname,
       jsonb_build_object('from', pg_encoding_to_char(c.conforencoding), 'to', pg_encoding_to_char(c.contoencoding),
           'function', c.conproc::oid::regproc::text, 'default', CASE WHEN c.condefault THEN 'yes' END),
       obj_description(c.oid, 'pg_conversion')
FROM pg_conversion c JOIN pg_namespace n ON n.oid = c.connamespace
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_conversion'::regclass AND d.objid = c.oid AND d.deptype = 'e')
UNION ALL
SELECT 'access method', NULL, a.amname,
       jsonb_build_object('type', CASE a.amtype WHEN 't' THEN 'table' ELSE 'index' END, 'handler', a.amhandler::oid::regproc::text),
       obj_description(a.oid, 'pg_am')
FROM pg_am a
WHERE a.oid >= 16384
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_am'::regclass AND d.objid = a.oid AND d.deptype = 'e')
UNION ALL
SELECT 'transform', NULL, format_type(t.trftype, NULL) || ' FOR ' || l.lanname,
       jsonb_build_object('from', nullif(t.trffromsql::oid, 0)::regprocedure::text, 'to', nullif(t.trftosql::oid, 0)::regprocedure::text),
       obj_description(t.oid, 'pg_transform')
FROM pg_transform t JOIN pg_language l ON l.oid = t.trflang
WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_transform'::regclass AND d.objid = t.oid AND d.deptype = 'e')
ORDER BY 1, 2, 3
