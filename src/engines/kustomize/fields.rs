//! Paths of fields as kustomize writes them: `spec/template/metadata/labels`; lists on the way stand for all their items.
use super::resource::Gvk;
use serde_json::{Map, Value};

/// Where something is to be changed, and in which kinds.
#[derive(Debug, Clone)]
pub(super) struct Spec {
    pub(super) group: &'static str,
    pub(super) version: &'static str,
    pub(super) kind: &'static str,
    pub(super) path: String,
    /// Make the field when it is not there.
    pub(super) create: bool,
}

impl Spec {
    pub(super) fn matches(&self, gvk: &Gvk) -> bool {
        gvk.selected(self.group, self.version, self.kind)
    }
}

/// Calls `set` on each value at the path. `make` is what a missing last field begins as, when fields are to be made.
///
/// # Errors
/// A scalar stands in the way, or `set` fails.
pub(super) fn visit(
    value: &mut Value,
    path: &str,
    make: Option<&Value>,
    set: &mut dyn FnMut(&mut Value) -> Result<(), String>,
) -> Result<(), String> {
    let parts: Vec<String> = path.replace("\\/", "\u{0}").split('/').map(|part| part.replace('\u{0}', "/")).collect();
    walk(value, &parts, make, set)
}

fn walk(
    value: &mut Value,
    path: &[String],
    make: Option<&Value>,
    set: &mut dyn FnMut(&mut Value) -> Result<(), String>,
) -> Result<(), String> {
    let Some((first, rest)) = path.split_first() else { return set(value) };
    match value {
        Value::Null => Ok(()),
        Value::Array(items) => items.iter_mut().try_for_each(|item| walk(item, path, make, set)),
        Value::Object(entries) => {
            let (name, list) = first.strip_suffix("[]").map_or((first.as_str(), false), |name| (name, true));
            let start = make
                .filter(|_| !list)
                .map(|make| if rest.is_empty() { make.clone() } else { Value::Object(Map::new()) });
            let field = match start {
                Some(start) => {
                    let field = entries.entry(name).or_insert_with(|| start.clone());
                    if field.is_null() {
                        *field = start;
                    }
                    field
                }
                None => match entries.get_mut(name) {
                    Some(field) => field,
                    None => return Ok(()),
                },
            };
            walk(field, rest, make, set)
        }
        _ => Err(format!("expected a list or a mapping before '{}'", path.join("/"))),
    }
}

fn spec(kind: &'static str, group: &'static str, version: &'static str, path: &str, create: bool) -> Spec {
    Spec { group, version, kind, path: path.to_owned(), create }
}

/// Where labels stand that no selector depends on: the object and its templates.
pub(super) fn template_labels() -> Vec<Spec> {
    vec![
        spec("", "", "", "metadata/labels", true),
        spec("ReplicationController", "", "v1", "spec/template/metadata/labels", true),
        spec("Deployment", "", "", "spec/template/metadata/labels", true),
        spec("ReplicaSet", "", "", "spec/template/metadata/labels", true),
        spec("DaemonSet", "", "", "spec/template/metadata/labels", true),
        spec("StatefulSet", "apps", "", "spec/template/metadata/labels", true),
        spec("StatefulSet", "apps", "", "spec/volumeClaimTemplates[]/metadata/labels", true),
        spec("Job", "batch", "", "spec/template/metadata/labels", true),
        spec("CronJob", "batch", "", "spec/jobTemplate/metadata/labels", true),
        spec("CronJob", "batch", "", "spec/jobTemplate/spec/template/metadata/labels", true),
    ]
}

/// Labels and all selectors that must follow them.
pub(super) fn common_labels() -> Vec<Spec> {
    let mut out = vec![
        spec("Service", "", "v1", "spec/selector", true),
        spec("ReplicationController", "", "v1", "spec/selector", true),
        spec("Deployment", "", "", "spec/selector/matchLabels", true),
        spec("ReplicaSet", "", "", "spec/selector/matchLabels", true),
        spec("DaemonSet", "", "", "spec/selector/matchLabels", true),
        spec("StatefulSet", "apps", "", "spec/selector/matchLabels", true),
        spec("Job", "batch", "", "spec/selector/matchLabels", false),
        spec("CronJob", "batch", "", "spec/jobTemplate/spec/selector/matchLabels", false),
        spec("PodDisruptionBudget", "policy", "", "spec/selector/matchLabels", false),
        spec("NetworkPolicy", "networking.k8s.io", "", "spec/podSelector/matchLabels", false),
        spec("NetworkPolicy", "networking.k8s.io", "", "spec/ingress/from/podSelector/matchLabels", false),
        spec("NetworkPolicy", "networking.k8s.io", "", "spec/egress/to/podSelector/matchLabels", false),
    ];
    for kind in ["Deployment", "StatefulSet"] {
        for affinity in ["podAffinity", "podAntiAffinity"] {
            let base = format!("spec/template/spec/affinity/{affinity}");
            let soft = format!(
                "{base}/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels"
            );
            let hard = format!("{base}/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels");
            out.extend([soft, hard].map(|path| spec(kind, "apps", "", &path, false)));
        }
        out.push(spec(
            kind,
            "apps",
            "",
            "spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels",
            false,
        ));
    }
    out.extend(template_labels());
    out
}

/// Where annotations for all objects go.
pub(super) fn annotations() -> Vec<Spec> {
    let mut out = vec![
        spec("", "", "", "metadata/annotations", true),
        spec("ReplicationController", "", "v1", "spec/template/metadata/annotations", true),
        spec("Job", "batch", "", "spec/template/metadata/annotations", true),
        spec("CronJob", "batch", "", "spec/jobTemplate/metadata/annotations", true),
        spec("CronJob", "batch", "", "spec/jobTemplate/spec/template/metadata/annotations", true),
    ];
    for kind in ["Deployment", "ReplicaSet", "DaemonSet", "StatefulSet"] {
        out.push(spec(kind, "", "", "spec/template/metadata/annotations", true));
    }
    out
}
