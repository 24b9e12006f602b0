//! compose (contract to come)
