//! keyring (contract to come)
