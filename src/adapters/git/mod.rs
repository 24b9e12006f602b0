//! git (contract to come)

pub mod write;
