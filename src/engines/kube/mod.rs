//! kube (contract to come)
