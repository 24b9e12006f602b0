SELECT s.SEQUENCE_NAME AS name, s.DATA_TYPE AS data_type, s.START_VALUE AS start_value, s.MINIMUM_VALUE AS min_value, s.MAXIMUM_VALUE AS max_value,
  s.INCREMENT AS increment_by, s.CYCLE_OPTION AS cycle_option
FROM information_schema.SEQUENCES s WHERE s.SEQUENCE_SCHEMA = DATABASE() ORDER BY s.SEQUENCE_NAME
