//! Objects with their history: what they were called before prefixes, namespaces and hashes changed it.
use serde_json::{Map, Value};

/// Group, version, kind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Gvk {
    pub(super) group: String,
    pub(super) version: String,
    pub(super) kind: String,
}

/// What an object is, or was, known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Id {
    pub(super) gvk: Gvk,
    pub(super) name: String,
    pub(super) namespace: String,
}

/// What a generated object does to one of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Behavior {
    Create,
    Merge,
    Replace,
}

#[derive(Debug, Clone)]
pub(super) struct Resource {
    pub(super) object: Value,
    pub(super) file: String,
    /// Oldest first.
    pub(super) previous: Vec<Id>,
    pub(super) prefixes: Vec<String>,
    pub(super) suffixes: Vec<String>,
    pub(super) hash: bool,
    pub(super) behavior: Behavior,
}

/// Kinds without a namespace, by group.
const CLUSTER: &[(&str, &[&str])] = &[
    ("admissionregistration.k8s.io", &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"]),
    ("apiextensions.k8s.io", &["CustomResourceDefinition"]),
    ("apiregistration.k8s.io", &["APIService"]),
    ("certificates.k8s.io", &["CertificateSigningRequest"]),
    ("flowcontrol.apiserver.k8s.io", &["FlowSchema", "PriorityLevelConfiguration"]),
    ("networking.k8s.io", &["IngressClass"]),
    ("node.k8s.io", &["RuntimeClass"]),
    ("policy", &["PodSecurityPolicy"]),
    ("rbac.authorization.k8s.io", &["ClusterRole", "ClusterRoleBinding"]),
    ("scheduling.k8s.io", &["PriorityClass"]),
    ("storage.k8s.io", &["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"]),
    ("", &["ComponentStatus", "Namespace", "Node", "PersistentVolume"]),
];

/// Which versions of a group the built-in schema (Kubernetes 1.21) knows.
fn known_version(group: &str, version: &str) -> bool {
    match group {
        "" => version == "v1",
        "flowcontrol.apiserver.k8s.io" | "policy" => version == "v1beta1",
        _ => matches!(version, "v1" | "v1beta1"),
    }
}

impl Gvk {
    pub(super) fn of(api_version: &str, kind: &str) -> Gvk {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        Gvk { group: group.to_owned(), version: version.to_owned(), kind: kind.to_owned() }
    }

    /// Whether the selector names this kind; what it leaves empty matches all.
    pub(super) fn selected(&self, group: &str, version: &str, kind: &str) -> bool {
        let fits = |want: &str, have: &str| want.is_empty() || want == have;
        fits(group, &self.group) && fits(version, &self.version) && fits(kind, &self.kind)
    }

    pub(super) fn cluster_scoped(&self) -> bool {
        let listed = CLUSTER.iter().any(|(group, kinds)| *group == self.group && kinds.contains(&self.kind.as_str()));
        listed && known_version(&self.group, &self.version)
    }
}

impl Id {
    /// The namespace that counts; none for kinds of the whole cluster.
    pub(super) fn effective(&self) -> Option<&str> {
        if self.gvk.cluster_scoped() {
            return None;
        }
        Some(if self.namespace.is_empty() { "default" } else { &self.namespace })
    }

    pub(super) fn same(&self, other: &Id) -> bool {
        self.gvk == other.gvk && self.name == other.name && self.effective() == other.effective()
    }

    pub(super) fn show(&self) -> String {
        let name = |text: &str, none: &str| if text.is_empty() { none.to_owned() } else { text.to_owned() };
        let Gvk { group, version, kind } = &self.gvk;
        let (group, version, kind) = (name(group, "[noGrp]"), name(version, "[noVer]"), name(kind, "[noKind]"));
        format!("{kind}.{version}.{group}/{}.{}", name(&self.name, "[noName]"), name(&self.namespace, "[noNs]"))
    }
}

/// A text at a path of keys, empty when it is not there.
pub(super) fn text<'a>(value: &'a Value, path: &[&str]) -> &'a str {
    path.iter().try_fold(value, |value, key| value.get(key)).and_then(Value::as_str).unwrap_or_default()
}

/// The mapping under this key, made when it is not there.
pub(super) fn child<'a>(object: &'a mut Value, key: &str) -> Option<&'a mut Map<String, Value>> {
    let entry = object.as_object_mut()?.entry(key).or_insert_with(|| Value::Object(Map::new()));
    if entry.is_null() {
        *entry = Value::Object(Map::new());
    }
    entry.as_object_mut()
}

impl Resource {
    pub(super) fn new(object: Value, file: &str) -> Resource {
        let (previous, prefixes, suffixes) = (Vec::new(), Vec::new(), Vec::new());
        Resource {
            object,
            file: file.to_owned(),
            previous,
            prefixes,
            suffixes,
            hash: false,
            behavior: Behavior::Create,
        }
    }

    pub(super) fn gvk(&self) -> Gvk {
        Gvk::of(text(&self.object, &["apiVersion"]), text(&self.object, &["kind"]))
    }

    pub(super) fn name(&self) -> &str {
        text(&self.object, &["metadata", "name"])
    }

    pub(super) fn namespace(&self) -> &str {
        text(&self.object, &["metadata", "namespace"])
    }

    pub(super) fn set_meta(&mut self, key: &str, value: &str) {
        if let Some(meta) = child(&mut self.object, "metadata") {
            if value.is_empty() {
                meta.remove(key);
            } else {
                meta.insert(key.to_owned(), Value::from(value));
            }
        }
    }

    pub(super) fn id(&self) -> Id {
        Id { gvk: self.gvk(), name: self.name().to_owned(), namespace: self.namespace().to_owned() }
    }

    /// The id it was read with. Its version is always the present one.
    pub(super) fn original(&self) -> Id {
        self.previous_ids().next().unwrap_or_else(|| self.id())
    }

    pub(super) fn previous_ids(&self) -> impl Iterator<Item = Id> + '_ {
        let now = self.gvk();
        self.previous.iter().map(move |id| Id { gvk: Gvk { kind: id.gvk.kind.clone(), ..now.clone() }, ..id.clone() })
    }

    pub(super) fn any_id(&self, fits: impl Fn(&Id) -> bool) -> bool {
        self.previous_ids().any(|id| fits(&id)) || fits(&self.id())
    }

    /// Remembers what it is called now.
    pub(super) fn remember(&mut self) {
        let id = self.id();
        self.previous.push(id);
    }

    pub(super) fn is_gone(&self) -> bool {
        self.object.as_object().is_none_or(Map::is_empty)
    }
}
