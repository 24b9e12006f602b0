//! Which lists of built-in kinds are merged item by item, and by which keys.
use super::resource::Gvk;

/// A type of the Kubernetes API, as far as merging must know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    /// Lists in it are replaced.
    Plain,
    Object(Kind),
    Spec(Kind),
    Status,
    Meta,
    Template,
    Job,
    JobSpec,
    Pod,
    Container,
}

/// Kinds with something to merge beside their metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Workload,
    CronJob,
    Pod,
    PodTemplate,
    Service,
    Webhooks,
    ServiceAccount,
    Other,
}

/// The type of a whole object; `Plain` for kinds that the built-in schema does not know.
pub(super) fn root(gvk: &Gvk) -> Type {
    let kind = match (gvk.group.as_str(), gvk.version.as_str(), gvk.kind.as_str()) {
        ("apps", "v1", "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet")
        | ("batch", "v1", "Job")
        | ("", "v1", "ReplicationController") => Kind::Workload,
        ("batch", "v1" | "v1beta1", "CronJob") => Kind::CronJob,
        ("", "v1", "Pod") => Kind::Pod,
        ("", "v1", "PodTemplate") => Kind::PodTemplate,
        ("", "v1", "Service") => Kind::Service,
        ("", "v1", "ServiceAccount") => Kind::ServiceAccount,
        ("admissionregistration.k8s.io", "v1" | "v1beta1", _) => Kind::Webhooks,
        ("", "v1", _)
        | (
            "networking.k8s.io"
            | "policy"
            | "rbac.authorization.k8s.io"
            | "scheduling.k8s.io"
            | "storage.k8s.io"
            | "apiextensions.k8s.io"
            | "apiregistration.k8s.io"
            | "coordination.k8s.io"
            | "node.k8s.io",
            "v1" | "v1beta1",
            _,
        )
        | ("autoscaling", "v1" | "v2beta1" | "v2beta2", _) => Kind::Other,
        _ => return Type::Plain,
    };
    Type::Object(kind)
}

/// The type of a field (of its items, for a list) and, for a list that is merged, the keys; no keys for a list of scalars.
pub(super) fn field(parent: Type, name: &str) -> (Type, Option<&'static [&'static str]>) {
    match (parent, name) {
        (Type::Object(_) | Type::Template | Type::Job, "metadata") => (Type::Meta, None),
        (Type::Object(Kind::Pod), "spec") | (Type::Template, "spec") => (Type::Pod, None),
        (Type::Object(Kind::PodTemplate), "template") | (Type::Spec(Kind::Workload) | Type::JobSpec, "template") => {
            (Type::Template, None)
        }
        (Type::Object(kind), "spec") => (Type::Spec(kind), None),
        (Type::Object(_), "status") => (Type::Status, None),
        (Type::Spec(Kind::CronJob), "jobTemplate") => (Type::Job, None),
        (Type::Job, "spec") => (Type::JobSpec, None),
        (Type::Status, "conditions") => (Type::Plain, Some(&["type"])),
        (Type::Meta, "finalizers") => (Type::Plain, Some(&[])),
        (Type::Meta, "ownerReferences") => (Type::Plain, Some(&["uid"])),
        (Type::Spec(Kind::Service), "ports") => (Type::Plain, Some(&["port", "protocol"])),
        (Type::Object(Kind::Webhooks), "webhooks") => (Type::Plain, Some(&["name"])),
        (Type::Object(Kind::ServiceAccount), "secrets") => (Type::Plain, Some(&["name"])),
        (Type::Pod, "containers" | "initContainers" | "ephemeralContainers") => (Type::Container, Some(&["name"])),
        (Type::Pod, "volumes" | "imagePullSecrets") => (Type::Plain, Some(&["name"])),
        (Type::Pod, "hostAliases") => (Type::Plain, Some(&["ip"])),
        (Type::Pod, "topologySpreadConstraints") => (Type::Plain, Some(&["topologyKey", "whenUnsatisfiable"])),
        (Type::Container, "env") => (Type::Plain, Some(&["name"])),
        (Type::Container, "ports") => (Type::Plain, Some(&["containerPort", "protocol"])),
        (Type::Container, "volumeMounts") => (Type::Plain, Some(&["mountPath"])),
        (Type::Container, "volumeDevices") => (Type::Plain, Some(&["devicePath"])),
        _ => (Type::Plain, None),
    }
}
