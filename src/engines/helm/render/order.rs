//! The order in which Helm installs objects: by kind, and within a kind as they came.
use crate::engines::helm::host::Compat;

/// Kinds in the order of installation. Helm 4 added the first and the last two.
const KINDS: &[&str] = &[
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
];

/// Where a kind stands: known kinds first, then all others by name.
pub(super) fn rank(kind: &str, compat: Compat) -> (usize, &str) {
    let kinds = match compat {
        Compat::Helm3 => &KINDS[1..KINDS.len() - 2],
        Compat::Helm4 => KINDS,
    };
    match kinds.iter().position(|known| *known == kind) {
        Some(place) => (place, ""),
        None => (usize::MAX, kind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_kinds_come_last_by_name() {
        let mut kinds = vec!["Zed", "Service", "", "PriorityClass", "ConfigMap", "Alpha"];
        kinds.sort_by_key(|kind| rank(kind, Compat::Helm4));
        assert_eq!(kinds, ["PriorityClass", "ConfigMap", "Service", "", "Alpha", "Zed"]);
        kinds.sort_by_key(|kind| rank(kind, Compat::Helm3));
        assert_eq!(kinds, ["ConfigMap", "Service", "", "Alpha", "PriorityClass", "Zed"]);
    }
}
