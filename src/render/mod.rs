//! render (contract to come)
