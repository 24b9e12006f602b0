-- Default privileges: what new objects of a role grant.
SELECT pg_get_userbyid(d.defaclrole)::text AS role,
       d.defaclrole = (SELECT b.datdba FROM pg_database b WHERE b.datname = current_database()) AS owner,
       d.defaclrole = (SELECT r.oid FROM pg_roles r WHERE r.rolname = current_user) AS current,
       n.nspname AS schema,
       d.defaclobjtype AS kind,
       CASE WHEN x.grantee = 0 THEN 'public' ELSE pg_get_userbyid(x.grantee)::text END AS grantee,
       x.grantee = d.defaclrole AS self,
       (SELECT jsonb_agg(p.privilege_type || CASE WHEN p.is_grantable THEN '*' ELSE '' END ORDER BY p.privilege_type)
        FROM aclexplode(d.defaclacl) p WHERE p.grantee = x.grantee) AS privileges,
       (SELECT jsonb_agg(p.privilege_type ORDER BY p.privilege_type)
        FROM aclexplode(acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END, d.defaclrole)) p
        WHERE p.grantee = x.grantee AND d.defaclnamespace = 0) AS defaults
FROM pg_default_acl d
LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
CROSS JOIN LATERAL (
    SELECT p.grantee FROM aclexplode(d.defaclacl) p
    UNION
    SELECT 0 WHERE d.defaclobjtype IN ('f', 'T') AND d.defaclnamespace = 0
) x
ORDER BY 1, 4, 5, 6
