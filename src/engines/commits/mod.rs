//! commits (contract to come)
