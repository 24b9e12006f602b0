-- Event triggers.
SELECT e.evtname AS name,
       e.evtevent AS event,
       fn.nspname AS function_schema,
       f.proname AS function,
       e.evtenabled AS enabled,
       to_jsonb(e.evttags) AS tags,
       obj_description(e.oid, 'pg_event_trigger') AS comment
FROM pg_event_trigger e
JOIN pg_proc f ON f.oid = e.evtfoid
JOIN pg_namespace fn ON fn.oid = f.pronamespace
WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_event_trigger'::regclass AND d.objid = e.oid AND d.deptype = 'e')
ORDER BY e.evtname
