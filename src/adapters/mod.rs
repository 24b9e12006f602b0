//! Edges: what touches the world outside: Git repositories, chart repositories, databases, the secret store.
pub mod charts;
pub mod database;
pub mod git;
pub mod keyring;
