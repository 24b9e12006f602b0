//! References by name: when an object gets another name, the fields of others that name it follow.
use super::fields::visit;
use super::resource::{Gvk, Resource, text};
use serde_json::Value;

/// A field of one kind that names an object of another kind.
struct Reference {
    /// Group, version, kind of what is named.
    target: (&'static str, &'static str, &'static str),
    /// Group, version, kind of what names it.
    by: (&'static str, &'static str, &'static str),
    path: String,
}

/// Kinds with a pod in them, and where it is.
const PODS: [(&str, &str); 8] = [
    ("Pod", "spec"),
    ("PodTemplate", "template/spec"),
    ("Deployment", "spec/template/spec"),
    ("ReplicaSet", "spec/template/spec"),
    ("DaemonSet", "spec/template/spec"),
    ("StatefulSet", "spec/template/spec"),
    ("Job", "spec/template/spec"),
    ("CronJob", "spec/jobTemplate/spec/template/spec"),
];

/// As `PODS`, for names of accounts, claims and priority classes.
const OTHER_PODS: [(&str, &str); 7] = [
    ("Pod", "spec"),
    ("StatefulSet", "spec/template/spec"),
    ("Deployment", "spec/template/spec"),
    ("ReplicationController", "spec/template/spec"),
    ("CronJob", "spec/jobTemplate/spec/template/spec"),
    ("Job", "spec/template/spec"),
    ("DaemonSet", "spec/template/spec"),
];

const CONFIG_PATHS: [&str; 6] = [
    "volumes/configMap/name",
    "containers/env/valueFrom/configMapKeyRef/name",
    "initContainers/env/valueFrom/configMapKeyRef/name",
    "containers/envFrom/configMapRef/name",
    "initContainers/envFrom/configMapRef/name",
    "volumes/projected/sources/configMap/name",
];

const SECRET_PATHS: [&str; 7] = [
    "volumes/secret/secretName",
    "containers/env/valueFrom/secretKeyRef/name",
    "initContainers/env/valueFrom/secretKeyRef/name",
    "containers/envFrom/secretRef/name",
    "initContainers/envFrom/secretRef/name",
    "imagePullSecrets/name",
    "volumes/projected/sources/secret/name",
];

const RBAC: &str = "rbac.authorization.k8s.io";
const ADMISSION: &str = "admissionregistration.k8s.io";
/// Group, version and kind of what is named.
type What = (&'static str, &'static str, &'static str);

const CONFIG: What = ("", "v1", "ConfigMap");
const SECRET: What = ("", "v1", "Secret");
const SERVICE: What = ("", "v1", "Service");
const STORAGE: What = ("storage.k8s.io", "v1", "StorageClass");

/// Fields that name one thing: what, in which group and kind, where.
const SINGLE: &[(What, &str, &str, &str)] = &[
    (("", "", "Deployment"), "", "HorizontalPodAutoscaler", "spec/scaleTargetRef/name"),
    (("", "", "ReplicationController"), "", "HorizontalPodAutoscaler", "spec/scaleTargetRef/name"),
    (("", "", "ReplicaSet"), "", "HorizontalPodAutoscaler", "spec/scaleTargetRef/name"),
    (("", "", "StatefulSet"), "", "HorizontalPodAutoscaler", "spec/scaleTargetRef/name"),
    (CONFIG, "", "Node", "spec/configSource/configMap"),
    (CONFIG, "", "Role", "rules/resourceNames"),
    (CONFIG, "", "ClusterRole", "rules/resourceNames"),
    (CONFIG, "", "Ingress", "metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap"),
    (SECRET, "", "Ingress", "spec/tls/secretName"),
    (SECRET, "", "Ingress", "metadata/annotations/ingress.kubernetes.io\\/auth-secret"),
    (SECRET, "", "Ingress", "metadata/annotations/nginx.ingress.kubernetes.io\\/auth-secret"),
    (SECRET, "", "Ingress", "metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret"),
    (SECRET, "", "ServiceAccount", "imagePullSecrets/name"),
    (SECRET, "", "StorageClass", "parameters/secretName"),
    (SECRET, "", "StorageClass", "parameters/adminSecretName"),
    (SECRET, "", "StorageClass", "parameters/userSecretName"),
    (SECRET, "", "StorageClass", "parameters/secretRef"),
    (SECRET, "", "Role", "rules/resourceNames"),
    (SECRET, "", "ClusterRole", "rules/resourceNames"),
    (SECRET, "serving.knative.dev", "Service", "spec/template/spec/containers/env/valueFrom/secretKeyRef/name"),
    (SECRET, "", "PersistentVolume", "spec/azureFile/secretName"),
    (SERVICE, "apps", "StatefulSet", "spec/serviceName"),
    (SERVICE, "", "Ingress", "spec/rules/http/paths/backend/serviceName"),
    (SERVICE, "", "Ingress", "spec/backend/serviceName"),
    (SERVICE, "", "Ingress", "spec/rules/http/paths/backend/service/name"),
    (SERVICE, "", "Ingress", "spec/defaultBackend/service/name"),
    (SERVICE, "apiregistration.k8s.io", "APIService", "spec/service/name"),
    (SERVICE, ADMISSION, "ValidatingWebhookConfiguration", "webhooks/clientConfig/service"),
    (SERVICE, ADMISSION, "MutatingWebhookConfiguration", "webhooks/clientConfig/service"),
    ((RBAC, "", "Role"), RBAC, "RoleBinding", "roleRef/name"),
    ((RBAC, "", "ClusterRole"), RBAC, "RoleBinding", "roleRef/name"),
    ((RBAC, "", "ClusterRole"), RBAC, "ClusterRoleBinding", "roleRef/name"),
    (("", "v1", "ServiceAccount"), RBAC, "RoleBinding", "subjects"),
    (("", "v1", "ServiceAccount"), RBAC, "ClusterRoleBinding", "subjects"),
    (("", "v1", "PersistentVolume"), "", "PersistentVolumeClaim", "spec/volumeName"),
    (("", "v1", "PersistentVolume"), "", "ClusterRole", "rules/resourceNames"),
    (STORAGE, "", "PersistentVolume", "spec/storageClassName"),
    (STORAGE, "", "PersistentVolumeClaim", "spec/storageClassName"),
    (STORAGE, "", "StatefulSet", "spec/volumeClaimTemplates/spec/storageClassName"),
    ((ADMISSION, "", "ValidatingAdmissionPolicy"), ADMISSION, "ValidatingAdmissionPolicyBinding", "spec/policyName"),
];

fn references() -> Vec<Reference> {
    let mut out = Vec::new();
    let mut add = |target, by, path: String| out.push(Reference { target, by, path });
    for (kind, base) in PODS {
        let version = if kind == "Pod" { "v1" } else { "" };
        for (target, paths) in [(CONFIG, &CONFIG_PATHS[..]), (SECRET, &SECRET_PATHS[..])] {
            paths.iter().for_each(|path| add(target, ("", version, kind), format!("{base}/{path}")));
        }
    }
    for (kind, base) in OTHER_PODS {
        add(("", "v1", "ServiceAccount"), ("", "", kind), format!("{base}/serviceAccountName"));
        add(
            ("", "v1", "PersistentVolumeClaim"),
            ("", "", kind),
            format!("{base}/volumes/persistentVolumeClaim/claimName"),
        );
        add(("scheduling.k8s.io", "v1", "PriorityClass"), ("", "", kind), format!("{base}/priorityClassName"));
    }
    SINGLE.iter().for_each(|(target, group, kind, path)| add(*target, (*group, "", *kind), (*path).to_owned()));
    out
}

/// Whether the shorter list is the end of the longer one; an empty one only of an empty one.
fn same_end(one: &[String], other: &[String]) -> bool {
    if one.is_empty() || other.is_empty() {
        return one.len() == other.len();
    }
    one.iter().rev().zip(other.iter().rev()).all(|(a, b)| a == b)
}

/// Lets every reference follow.
///
/// # Errors
/// A name that several objects have had and that now differ.
pub(super) fn update(all: &mut [Resource]) -> Result<(), (String, String)> {
    let references = references();
    for at in 0..all.len() {
        let Some(mut object) = all.get_mut(at).map(|resource| resource.object.take()) else { continue };
        // The object is taken out for writing; what others ask of it is kept aside.
        let before = object.clone();
        if let Some(resource) = all.get_mut(at) {
            resource.object = before;
        }
        let Some(referrer) = all.get(at) else { continue };
        let original = referrer.original().gvk;
        for reference in references.iter().filter(|reference| {
            let (group, version, kind) = reference.by;
            original.selected(group, version, kind)
        }) {
            let changed = visit(&mut object, &reference.path, None, &mut |value| set(value, all, referrer, reference));
            changed.map_err(|message| {
                (
                    referrer.file.clone(),
                    format!("updating name reference in '{}' of {}: {message}", reference.path, referrer.id().show()),
                )
            })?;
        }
        if let Some(resource) = all.get_mut(at) {
            resource.object = object;
        }
    }
    Ok(())
}

fn set(value: &mut Value, all: &[Resource], referrer: &Resource, reference: &Reference) -> Result<(), String> {
    match value {
        Value::Null => Ok(()),
        Value::Array(items) => items.iter_mut().try_for_each(|item| set(item, all, referrer, reference)),
        Value::Object(fields) => {
            let Some(name) = fields.get("name").and_then(Value::as_str).map(str::to_owned) else {
                return Err("path config error; no 'name' field in node".to_owned());
            };
            let space = fields.get("namespace").and_then(Value::as_str).map(str::to_owned);
            let Some((new, namespace)) = find(all, referrer, reference, &name, Some(space.as_deref()))? else {
                return Ok(());
            };
            if new == name && namespace.is_empty() {
                return Ok(());
            }
            fields.insert("name".to_owned(), Value::from(new));
            if !namespace.is_empty() {
                fields.insert("namespace".to_owned(), Value::from(namespace));
            }
            Ok(())
        }
        scalar => {
            let Some(name) = scalar.as_str().map(str::to_owned) else { return Ok(()) };
            if let Some((new, _)) = find(all, referrer, reference, &name, None)? {
                *scalar = Value::from(new);
            }
            Ok(())
        }
    }
}

/// Name and namespace that the object has now which was once called this. `space` is given where the field has a namespace too.
fn find(
    all: &[Resource],
    referrer: &Resource,
    reference: &Reference,
    name: &str,
    space: Option<Option<&str>>,
) -> Result<Option<(String, String)>, String> {
    let me = referrer.id();
    let (group, version, kind) = reference.target;
    let spaces = subject_namespaces(referrer);
    let reachable = |other: &Resource| {
        let id = other.id();
        me.effective().is_none()
            || id.effective().is_none()
            || id.effective() == me.effective()
            || spaces.iter().any(|space| *space == other.namespace())
    };
    let mut found: Vec<&Resource> = all.iter().filter(|other| reachable(other)).collect();
    if let Some(Some(space)) = space {
        let old = |other: &&Resource| other.original().effective() == Some(space);
        let any = found.iter().any(old);
        found.retain(|other| if any { old(other) } else { other.id().effective() == Some(space) });
    }
    found.retain(|other| other.previous_ids().any(|id| id.name == name));
    found.retain(|other| other.previous_ids().any(|id| id.gvk.selected(group, version, kind)));
    if reference.path.ends_with("roleRef/name") {
        let (group, kind) =
            (text(&referrer.object, &["roleRef", "apiGroup"]), text(&referrer.object, &["roleRef", "kind"]));
        found.retain(|other| other.previous_ids().any(|id| id.gvk.selected(group, "", kind)));
    }
    found.retain(|other| {
        let id = other.id();
        me.effective().is_none()
            || id.effective().is_none()
            || id.gvk.kind == "ServiceAccount"
            || id.effective() == me.effective()
    });
    if found.len() > 1 {
        let loose = |a: &[String], b: &[String]| a.is_empty() || b.is_empty() || same_end(a, b);
        found.retain(|other| loose(&other.prefixes, &referrer.prefixes) && loose(&other.suffixes, &referrer.suffixes));
    }
    if found.len() > 1 {
        found.retain(|other| {
            same_end(&other.prefixes, &referrer.prefixes) && same_end(&other.suffixes, &referrer.suffixes)
        });
    }
    let Some(first) = found.first() else { return Ok(None) };
    let same =
        |other: &&Resource| other.name() == first.name() && (space.is_none() || other.namespace() == first.namespace());
    if found.iter().all(same) {
        return Ok(Some((first.name().to_owned(), first.namespace().to_owned())));
    }
    let ids: Vec<String> = found.iter().map(|other| other.id().show()).collect();
    Err(format!("found multiple possible referrals: {}", ids.join(", ")))
}

/// Namespaces of the accounts that a RoleBinding names.
fn subject_namespaces(referrer: &Resource) -> Vec<&str> {
    let Gvk { kind, .. } = referrer.gvk();
    let subjects = referrer.object.get("subjects").and_then(Value::as_array).filter(|_| kind == "RoleBinding");
    let accounts = subjects.into_iter().flatten().filter(|subject| text(subject, &["kind"]) == "ServiceAccount");
    accounts.map(|subject| text(subject, &["namespace"])).filter(|space| !space.is_empty()).collect()
}
