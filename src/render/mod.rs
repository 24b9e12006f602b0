//! render (contract to come)
pub mod notes;
