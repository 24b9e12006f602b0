//! git (contract to come)
