//! All integration tests in one binary, so that one link serves them all.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails by panicking"
)]

mod charts;
mod cli;
mod codes;
mod databases;
mod generated;
mod https;
mod json;
mod layers;
mod misspelt;
mod offline;
mod scenarios;
mod schemas;
mod shown;
mod signals;
mod source;
mod support;
mod transcripts;
