//! All integration tests in one binary, so that one link serves them all.
mod cli;
