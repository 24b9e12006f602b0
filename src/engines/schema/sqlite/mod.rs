//! SQLite: migrations run in SQLite itself, in memory; what came out is read.
