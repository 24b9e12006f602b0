//! Edges: what touches the world outside: Git repositories, the secret store.
pub mod git;
pub mod keyring;
