//! JSON, YAML and TOML as Go's libraries write and read them, over values of templates.
