//! envfile (contract to come)
