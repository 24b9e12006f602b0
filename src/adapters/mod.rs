//! Edges: what touches the world outside: Git repositories, chart repositories, the secret store.
pub mod charts;
pub mod git;
pub mod keyring;
