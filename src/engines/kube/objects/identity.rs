//! What makes an object itself: group, kind, namespace and name; which kinds have no namespace; names made by tools.
use super::ObjectId;
use super::document::at;
use crate::engines::yaml::Node;

/// Kinds of Kubernetes that stand in no namespace.
const CLUSTER: &[&str] = &[
    "APIService",
    "CertificateSigningRequest",
    "ClusterRole",
    "ClusterRoleBinding",
    "ClusterTrustBundle",
    "ComponentStatus",
    "CSIDriver",
    "CSINode",
    "CustomResourceDefinition",
    "DeviceClass",
    "FlowSchema",
    "IngressClass",
    "MutatingAdmissionPolicy",
    "MutatingAdmissionPolicyBinding",
    "MutatingWebhookConfiguration",
    "Namespace",
    "Node",
    "PersistentVolume",
    "PodSecurityPolicy",
    "PriorityClass",
    "PriorityLevelConfiguration",
    "RuntimeClass",
    "ServiceCIDR",
    "StorageClass",
    "StorageVersion",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
    "VolumeAttachment",
    "VolumeAttributesClass",
    "VolumeSnapshotClass",
    "VolumeSnapshotContent",
    "GatewayClass",
    "SecurityContextConstraints",
];

/// Groups that Kubernetes itself serves and that do not end in `.k8s.io`.
const PLAIN: &[&str] = &["", "apps", "autoscaling", "batch", "extensions", "policy"];

/// Groups that end in `.k8s.io` and that are custom resources all the same.
const CUSTOM: &[&str] = &[
    "gateway.networking.k8s.io",
    "snapshot.storage.k8s.io",
    "metrics.k8s.io",
    "autoscaling.k8s.io",
    "cluster.x-k8s.io",
    "policy.networking.k8s.io",
    "secrets-store.csi.x-k8s.io",
];

/// Whether Kubernetes itself defines the kinds of a group.
pub(super) fn builtin(group: &str) -> bool {
    PLAIN.contains(&group) || group.ends_with(".k8s.io") && !group.ends_with("x-k8s.io") && !CUSTOM.contains(&group)
}

/// Whether objects of a kind stand in no namespace.
pub(super) fn cluster_scoped(group: &str, kind: &str) -> bool {
    CLUSTER.contains(&kind) || !builtin(group) && kind.starts_with("Cluster")
}

/// The group that a kind is served by today.
fn group(api: &str, kind: &str) -> &'static str {
    match (api, kind) {
        ("extensions", "Deployment" | "DaemonSet" | "ReplicaSet") => "apps",
        ("extensions", "Ingress" | "NetworkPolicy" | "IngressClass") => "networking.k8s.io",
        ("extensions", "PodSecurityPolicy") => "policy",
        ("certmanager.k8s.io", _) => "cert-manager.io",
        ("networking.x-k8s.io", "Gateway" | "HTTPRoute" | "GatewayClass") => "gateway.networking.k8s.io",
        _ => "",
    }
}

/// The identity of an object.
pub(super) fn of(node: &Node, api: &str, kind: &str, default: &str) -> ObjectId {
    let written = api.rsplit_once('/').map_or("", |(group, _)| group);
    let moved = group(written, kind);
    let group = if moved.is_empty() { written } else { moved };
    let meta = |key| at(node, &["metadata", key]).and_then(Node::scalar_str).filter(|text| !text.is_empty());
    let generated = || meta("generateName").map(|name| format!("{name}*"));
    let name = meta("name").map(str::to_owned).or_else(generated).unwrap_or_default();
    let scoped = cluster_scoped(group, kind);
    let namespace = if scoped { "" } else { meta("namespace").unwrap_or(default) };
    ObjectId { group: group.to_owned(), kind: kind.to_owned(), namespace: namespace.to_owned(), name }
}

/// The name without the digest that kustomize puts at the end.
pub(super) fn without_hash(id: &ObjectId) -> Option<&str> {
    if !matches!(id.kind.as_str(), "ConfigMap" | "Secret") {
        return None;
    }
    let (name, hash) = id.name.rsplit_once('-')?;
    let digest = |byte: u8| b"bcdfghjkmt".contains(&byte) || (b'2'..=b'9').contains(&byte);
    (hash.len() == 10 && hash.bytes().all(digest) && !name.is_empty()).then_some(name)
}
