//! Fields that the API refuses to change.
use super::Seen;
use crate::engines::kube::objects::quantity::quantity;
use crate::engines::kube::objects::{Class, ObjectId, Step};
use crate::engines::yaml::Node;
use serde_json::Value;

/// Whether the API refuses this change, and as what.
pub(super) fn class(seen: &Seen<'_>) -> Option<Class> {
    if !seen.b.builtin() || seen.b.id != seen.a.id && seen.b.id.name != seen.a.id.name {
        return None;
    }
    let names: Vec<&str> = seen.raw.path.0.iter().filter_map(key).collect();
    let kind = seen.b.id.kind.as_str();
    let second = names.get(1).copied().unwrap_or_default();
    let refused = match (kind, names.first().copied().unwrap_or_default()) {
        ("StatefulSet", "spec") => {
            const FREE: &[&str] = &[
                "replicas",
                "ordinals",
                "template",
                "updateStrategy",
                "persistentVolumeClaimRetentionPolicy",
                "minReadySeconds",
                "revisionHistoryLimit",
            ];
            !FREE.contains(&second)
        }
        ("Deployment" | "DaemonSet" | "ReplicaSet", "spec") => second == "selector",
        ("Job", "spec") => matches!(second, "template" | "selector" | "completionMode" | "manualSelector"),
        ("PersistentVolumeClaim", "spec") => return claim(seen, &names),
        ("RoleBinding" | "ClusterRoleBinding", "roleRef") => true,
        ("Service", "spec") => matches!(second, "clusterIP" | "clusterIPs") && address(seen),
        ("ConfigMap" | "Secret", "data" | "binaryData" | "stringData" | "immutable") => frozen(seen),
        ("Secret", "type") => true,
        ("StorageClass", first) => {
            matches!(first, "parameters" | "provisioner" | "reclaimPolicy" | "volumeBindingMode")
        }
        ("PersistentVolume", "spec") => !matches!(
            second,
            "capacity"
                | "accessModes"
                | "claimRef"
                | "persistentVolumeReclaimPolicy"
                | "mountOptions"
                | "storageClassName"
                | "nodeAffinity"
        ),
        ("IngressClass", "spec") => second == "controller",
        ("PriorityClass", first) => matches!(first, "value" | "preemptionPolicy"),
        ("RuntimeClass", first) => first == "handler",
        ("CSIDriver", "spec") => matches!(second, "attachRequired" | "volumeLifecycleModes" | "podInfoOnMount"),
        ("CustomResourceDefinition", "spec") => {
            return (matches!(second, "scope" | "group") || names.get(1..3) == Some(&["names", "kind"]))
                .then_some(Class::CrdScopeChanged);
        }
        ("Pod", "spec") => !matches!(names.last(), Some(&"image" | &"activeDeadlineSeconds" | &"tolerations")),
        _ => false,
    };
    refused.then_some(Class::ImmutableField)
}

fn key(step: &Step) -> Option<&str> {
    match step {
        Step::Key(key) => Some(key),
        Step::Item { .. } => None,
    }
}

/// The specification of a claim can only grow.
fn claim(seen: &Seen<'_>, names: &[&str]) -> Option<Class> {
    match names.get(1).copied() {
        Some("volumeAttributesClassName") => None,
        Some("resources") => Some(grown(seen.raw.before.as_ref(), seen.raw.after.as_ref())),
        _ => Some(Class::ImmutableField),
    }
}

/// Whether a size shrank or grew.
pub(super) fn grown(before: Option<&Value>, after: Option<&Value>) -> Class {
    let amount = |value: Option<&Value>| {
        let text = value.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        text.and_then(|text| quantity(&text))
    };
    match (amount(before), amount(after)) {
        (Some(one), Some(two)) if two < one => Class::PvcShrunk,
        (Some(_), None) => Class::PvcShrunk,
        _ => Class::PvcGrown,
    }
}

/// A Service may get and lose an address only together with its type; `None` against an address is refused.
fn address(seen: &Seen<'_>) -> bool {
    seen.raw.before.is_some() || seen.raw.after.as_ref().and_then(Value::as_str) == Some("None")
}

/// Whether a ConfigMap or Secret may not change any more.
fn frozen(seen: &Seen<'_>) -> bool {
    seen.a.at(&["immutable"]).and_then(Node::scalar_str) == Some("true")
}

/// Whether an object is made anew for every release by a hook, so that nothing of it is refused.
pub(super) fn hook(node: &Node) -> bool {
    let annotations = node.get("metadata").and_then(|meta| meta.get("annotations"));
    let has = |key: &str| annotations.is_some_and(|all| all.get(key).is_some());
    has("helm.sh/hook") || has("argocd.argoproj.io/hook")
}

/// Whether an object of a kind keeps state that another name loses.
pub(super) fn stateful(id: &ObjectId) -> bool {
    matches!(id.kind.as_str(), "StatefulSet" | "Deployment" | "PersistentVolumeClaim" | "PersistentVolume")
}
