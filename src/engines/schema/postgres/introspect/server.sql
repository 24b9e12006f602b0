-- The server and the database as a whole.
SELECT current_setting('server_version_num')::int AS version,
       current_setting('server_version') AS words,
       current_setting('TimeZone') AS time_zone,
       current_setting('standard_conforming_strings') AS standard_strings
