//! manifest (contract to come)
