-- Extensions. Their comment is that of the control file unless somebody set another.
SELECT e.extname AS name,
       n.nspname AS schema,
       e.extversion AS version,
       d.description AS comment,
       a.comment AS own_comment
FROM pg_extension e
JOIN pg_namespace n ON n.oid = e.extnamespace
LEFT JOIN pg_description d ON d.classoid = 'pg_extension'::regclass AND d.objoid = e.oid AND d.objsubid = 0
LEFT JOIN pg_available_extensions a ON a.name = e.extname
WHERE e.extname <> 'plpgsql'
ORDER BY e.extname
