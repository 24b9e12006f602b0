SELECT VERSION() AS version, DATABASE() AS name, s.DEFAULT_CHARACTER_SET_NAME AS character_set_database,
  s.DEFAULT_COLLATION_NAME AS collation_database, @@GLOBAL.sql_mode AS sql_mode,
  @@GLOBAL.explicit_defaults_for_timestamp AS explicit_defaults_for_timestamp,
  @@GLOBAL.lower_case_table_names AS lower_case_table_names, @@GLOBAL.default_storage_engine AS default_storage_engine
FROM information_schema.SCHEMATA s WHERE s.SCHEMA_NAME = DATABASE()
