//! How the elements of a list belong together: by keys, as a set, or by their order.
use crate::engines::yaml::Node;
use std::collections::BTreeSet;

/// How elements of a list are matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Rule {
    /// By the values of these keys (with what an absent one means), and whether the order has a meaning.
    Keyed { keys: Vec<(String, &'static str)>, ordered: bool },
    /// As a set.
    Set,
    /// By order.
    Ordered,
}

/// A row: list, keys with their defaults, whether the order has a meaning. No keys: a set.
type Row = (&'static str, &'static [(&'static str, &'static str)], bool);

const NAME: &[(&str, &str)] = &[("name", "")];
const PORT: &[(&str, &str)] = &[("containerPort", ""), ("protocol", "TCP")];
const SERVICE_PORT: &[(&str, &str)] = &[("port", ""), ("protocol", "TCP")];
const SPREAD: &[(&str, &str)] = &[("topologyKey", ""), ("whenUnsatisfiable", "DoNotSchedule")];
const SUBJECT: &[(&str, &str)] = &[("kind", ""), ("namespace", "-"), ("name", "")];
const CONDITION: &[(&str, &str)] = &[("type", "")];
const PATH: &[(&str, &str)] = &[("path", "/"), ("pathType", "-")];
const HOST: &[(&str, &str)] = &[("host", "*")];
const KEY: &[(&str, &str)] = &[("key", "")];

const TABLE: &[Row] = &[
    ("pod.containers", NAME, false),
    ("pod.initContainers", NAME, true),
    ("pod.ephemeralContainers", NAME, false),
    ("pod.volumes", NAME, false),
    ("pod.imagePullSecrets", NAME, false),
    ("pod.hostAliases", &[("ip", "")], false),
    ("pod.hostAliases.hostnames", &[], false),
    ("pod.topologySpreadConstraints", SPREAD, false),
    ("pod.tolerations", &[], false),
    ("pod.readinessGates", &[("conditionType", "")], false),
    ("pod.schedulingGates", NAME, false),
    ("pod.resourceClaims", NAME, false),
    ("pod.securityContext.supplementalGroups", &[], false),
    ("pod.securityContext.sysctls", NAME, false),
    ("pod.dnsConfig.options", NAME, false),
    ("pod.volumes.configMap.items", KEY, false),
    ("pod.volumes.secret.items", KEY, false),
    ("pod.volumes.downwardAPI.items", &[("path", "")], false),
    ("pod.volumes.projected.sources.configMap.items", KEY, false),
    ("pod.volumes.projected.sources.secret.items", KEY, false),
    ("pod.volumes.projected.sources.downwardAPI.items", &[("path", "")], false),
    ("container.env", NAME, true),
    ("container.volumeMounts", &[("mountPath", "")], false),
    ("container.volumeDevices", &[("devicePath", "")], false),
    ("container.ports", PORT, false),
    ("container.resizePolicy", &[("resourceName", "")], false),
    ("container.securityContext.capabilities.add", &[], false),
    ("container.securityContext.capabilities.drop", &[], false),
    ("metadata.finalizers", &[], false),
    ("metadata.ownerReferences", &[("uid", "-"), ("name", "")], false),
    ("Service:spec.ports", SERVICE_PORT, false),
    ("Service:spec.externalIPs", &[], false),
    ("Service:spec.loadBalancerSourceRanges", &[], false),
    ("Service:spec.ipFamilies", &[], true),
    ("Ingress:spec.rules", HOST, false),
    ("Ingress:spec.rules.http.paths", PATH, false),
    ("Ingress:spec.tls", &[("secretName", "-")], false),
    ("Ingress:spec.tls.hosts", &[], false),
    ("StatefulSet:spec.volumeClaimTemplates", &[("metadata.name", "")], false),
    ("StatefulSet:spec.volumeClaimTemplates.spec.accessModes", &[], false),
    ("PersistentVolumeClaim:spec.accessModes", &[], false),
    ("PersistentVolume:spec.accessModes", &[], false),
    ("ServiceAccount:secrets", NAME, false),
    ("ServiceAccount:imagePullSecrets", NAME, false),
    ("Role:rules", &[], false),
    ("ClusterRole:rules", &[], false),
    ("Role:rules.verbs", &[], false),
    ("Role:rules.resources", &[], false),
    ("Role:rules.apiGroups", &[], false),
    ("Role:rules.resourceNames", &[], false),
    ("ClusterRole:rules.verbs", &[], false),
    ("ClusterRole:rules.resources", &[], false),
    ("ClusterRole:rules.apiGroups", &[], false),
    ("ClusterRole:rules.resourceNames", &[], false),
    ("ClusterRole:rules.nonResourceURLs", &[], false),
    ("RoleBinding:subjects", SUBJECT, false),
    ("ClusterRoleBinding:subjects", SUBJECT, false),
    ("NetworkPolicy:spec.ingress", &[], false),
    ("NetworkPolicy:spec.egress", &[], false),
    ("NetworkPolicy:spec.ingress.from", &[], false),
    ("NetworkPolicy:spec.egress.to", &[], false),
    ("NetworkPolicy:spec.ingress.ports", &[], false),
    ("NetworkPolicy:spec.egress.ports", &[], false),
    ("NetworkPolicy:spec.policyTypes", &[], false),
    ("HorizontalPodAutoscaler:spec.metrics", &[], false),
    ("HorizontalPodAutoscaler:spec.behavior.scaleUp.policies", CONDITION, false),
    ("HorizontalPodAutoscaler:spec.behavior.scaleDown.policies", CONDITION, false),
    ("MutatingWebhookConfiguration:webhooks", NAME, false),
    ("ValidatingWebhookConfiguration:webhooks", NAME, false),
    ("MutatingWebhookConfiguration:webhooks.rules", &[], false),
    ("ValidatingWebhookConfiguration:webhooks.rules", &[], false),
    ("MutatingWebhookConfiguration:webhooks.matchConditions", NAME, false),
    ("ValidatingWebhookConfiguration:webhooks.matchConditions", NAME, false),
    ("CustomResourceDefinition:spec.versions", NAME, false),
    ("CustomResourceDefinition:spec.names.categories", &[], false),
    ("CustomResourceDefinition:spec.names.shortNames", &[], false),
    ("CustomResourceDefinition:spec.versions.additionalPrinterColumns", NAME, false),
    ("StorageClass:mountOptions", &[], false),
    ("EndpointSlice:ports", NAME, false),
    ("ResourceQuota:spec.scopes", &[], false),
    ("LimitRange:spec.limits", CONDITION, false),
];

/// Last keys of lists that are sets wherever they stand in objects of Kubernetes.
const SETS: &[&str] = &[
    "verbs",
    "resources",
    "apiGroups",
    "apiVersions",
    "operations",
    "resourceNames",
    "nonResourceURLs",
    "accessModes",
    "matchExpressions",
    "matchFields",
    "values",
    "namespaces",
    "finalizers",
    "tolerations",
    "requiredDuringSchedulingIgnoredDuringExecution",
    "preferredDuringSchedulingIgnoredDuringExecution",
    "nodeSelectorTerms",
    "imagePullSecrets",
    "conditions",
    "volumeAttributes",
    "except",
    "matchLabelKeys",
];

/// The rule for a list of Kubernetes' own kinds.
pub(super) fn table(schema: &str) -> Option<Rule> {
    if let Some((_, keys, ordered)) = TABLE.iter().find(|(list, ..)| *list == schema) {
        if keys.is_empty() {
            return Some(if *ordered { Rule::Ordered } else { Rule::Set });
        }
        let keys = keys.iter().map(|(key, default)| ((*key).to_owned(), *default)).collect();
        return Some(Rule::Keyed { keys, ordered: *ordered });
    }
    let last = schema.rsplit(['.', ':']).next().unwrap_or(schema);
    (!schema.starts_with('~') && SETS.contains(&last)).then_some(Rule::Set)
}

/// The rule that the elements suggest: the first of `name`, `key`, `id` that each has and none shares.
pub(super) fn guess(from: &[Node], to: &[Node]) -> Rule {
    for key in ["name", "key", "id"] {
        let unique = |items: &[Node]| {
            let mut seen = BTreeSet::new();
            items.iter().all(|item| item.get(key).and_then(Node::scalar_str).is_some_and(|text| seen.insert(text)))
        };
        if !(from.is_empty() && to.is_empty()) && unique(from) && unique(to) {
            return Rule::Keyed { keys: vec![(key.to_owned(), "")], ordered: true };
        }
    }
    Rule::Ordered
}

/// The label of an element: the values of its keys; nothing when one is absent that must be there.
pub(super) fn label(item: &Node, keys: &[(String, &'static str)]) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for (key, default) in keys {
        let value = key.split('.').try_fold(item, |node, key| node.get(key)).filter(|node| !node.is_null());
        let text = match value {
            Some(node) => node.scalar_str()?,
            None if default.is_empty() => return None,
            None => default,
        };
        if !(text == "-" && keys.len() > 1) {
            parts.push(text);
        }
    }
    Some(parts.join("/"))
}
