SELECT c.TABLE_NAME AS table_name, c.COLUMN_NAME AS name, c.ORDINAL_POSITION AS position, c.COLUMN_DEFAULT AS default_value,
  c.IS_NULLABLE AS nullable, c.DATA_TYPE AS data_type, c.COLUMN_TYPE AS column_type, c.CHARACTER_SET_NAME AS charset,
  c.COLLATION_NAME AS collation, c.EXTRA AS extra, c.GENERATION_EXPRESSION AS generation_expression, c.COLUMN_COMMENT AS comment
FROM information_schema.COLUMNS c WHERE c.TABLE_SCHEMA = DATABASE() ORDER BY c.TABLE_NAME, c.ORDINAL_POSITION
