//! All integration tests in one binary, so that one link serves them all.
mod generated;
mod layers;
mod scenarios;
mod source;
mod support;
mod transcripts;
