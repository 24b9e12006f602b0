//! Which classes a change may have at its place, by a table that knows nothing of how the engine classifies.
use super::kube::objects::{Change, Step, What};

/// Kind of object (empty: any), end of the path with `*` for list elements, what the class may begin with.
const TABLE: &[(&str, &str, &[&str])] = &[
    ("", "containers.*.image", &["image-"]),
    ("", "initContainers.*.image", &["image-"]),
    ("", "containers.*.imagePullPolicy", &["pull-policy"]),
    ("", "containers.*.resources.limits.memory", &["memory-limit-", "limit-raised", "resources"]),
    ("", "containers.*.resources.limits.cpu", &["limit-raised", "resources"]),
    ("", "containers.*.resources.requests.cpu", &["resources"]),
    ("", "containers.*.resources.requests.memory", &["resources"]),
    ("", "containers.*.env.*", &["env-"]),
    ("", "containers.*.env.*.value", &["env-value"]),
    ("", "containers.*.args.*", &["args"]),
    ("", "containers.*.command.*", &["command"]),
    ("", "containers.*.livenessProbe", &["probe-"]),
    ("", "containers.*.readinessProbe", &["probe-"]),
    ("", "containers.*.startupProbe", &["probe-"]),
    ("", "containers.*.livenessProbe.initialDelaySeconds", &["probe-changed"]),
    ("", "containers.*.readinessProbe.initialDelaySeconds", &["probe-changed"]),
    ("", "containers.*.securityContext.runAsNonRoot", &["security-"]),
    ("", "containers.*.securityContext.privileged", &["privileged-added", "security-strengthened"]),
    ("", "containers.*.volumeMounts.*", &["volume"]),
    ("", "spec.template.spec.volumes.*", &["volume", "host-path-added"]),
    ("", "spec.template.spec.containers.*", &["container-", "privileged-added"]),
    ("", "spec.template.spec.hostNetwork", &["host-namespace-added", "security-strengthened"]),
    ("", "spec.template.spec.securityContext.runAsNonRoot", &["security-"]),
    ("", "spec.template.spec.tolerations.*", &["scheduling"]),
    ("", "spec.template.spec.tolerations", &["scheduling"]),
    ("", "spec.template.spec.priorityClassName", &["scheduling"]),
    ("Deployment", "spec.replicas", &["replicas"]),
    ("StatefulSet", "spec.replicas", &["replicas"]),
    ("Service", "spec.type", &["service-type"]),
    ("Service", "spec.ports.*.port", &["service-port"]),
    ("Service", "spec.ports.*.targetPort", &["service-port"]),
    ("Ingress", "spec.rules.*.host", &["ingress-host"]),
    ("CronJob", "spec.schedule", &["schedule"]),
    ("Role", "rules.*", &["rbac-"]),
    ("ClusterRole", "rules.*", &["rbac-"]),
    ("RoleBinding", "subjects.*", &["rbac-"]),
    ("ClusterRoleBinding", "subjects.*", &["rbac-"]),
    ("PersistentVolumeClaim", "spec.resources.requests.storage", &["pvc-"]),
    ("StatefulSet", "volumeClaimTemplates.*.spec.resources.requests.storage", &["immutable-field"]),
];

/// What the class should have been; nothing when it is right or the table does not know the place.
pub(crate) fn wrong(change: &Change) -> Option<String> {
    let slug = change.class.slug();
    if change.what != What::Field || change.inside.is_some() || matches!(slug, "immutable-field") {
        return None;
    }
    let steps = change.path.0.iter().map(|step| match step {
        Step::Key(key) => key.as_str(),
        Step::Item { .. } => "*",
    });
    let path = steps.collect::<Vec<_>>().join(".");
    let fits = |end: &str| path == end || path.ends_with(&format!(".{end}"));
    let (_, _, wanted) =
        TABLE.iter().find(|(kind, end, _)| (kind.is_empty() || *kind == change.object.kind) && fits(end))?;
    let custom = change.api.1.as_deref().is_some_and(|api| api.contains('.') && !api.contains("k8s.io"));
    (!custom && !wanted.iter().any(|start| slug.starts_with(start))).then(|| wanted.join(" or "))
}
