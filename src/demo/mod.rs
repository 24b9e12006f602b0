//! demo (contract to come)
