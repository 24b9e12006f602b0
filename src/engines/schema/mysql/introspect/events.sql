SELECT e.EVENT_NAME AS name, e.EVENT_DEFINITION AS body, e.EVENT_TYPE AS type, e.EXECUTE_AT AS execute_at, e.INTERVAL_VALUE AS interval_value,
  e.INTERVAL_FIELD AS interval_field, e.STARTS AS starts, e.ENDS AS ends, e.STATUS AS status, e.ON_COMPLETION AS on_completion,
  e.EVENT_COMMENT AS comment, e.TIME_ZONE AS time_zone
FROM information_schema.EVENTS e WHERE e.EVENT_SCHEMA = DATABASE() ORDER BY e.EVENT_NAME
