//! notes (contract to come)
