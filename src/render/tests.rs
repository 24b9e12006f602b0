//! Tests of all renderings: golden texts, laws that hold for any report, and the schema that JSON keeps.
mod golden;
mod laws;
mod sample;
mod schema;
