//! What Kubernetes fills in when a field is absent, and which empty values it drops.
use crate::engines::yaml::{Data, Node};

/// Fields and the value that an absent one gets. `probe` is every probe, `container` every container, `pod` every pod
/// specification, `template` every pod template.
const TABLE: &[(&str, &str)] = &[
    ("probe.timeoutSeconds", "1"),
    ("probe.periodSeconds", "10"),
    ("probe.successThreshold", "1"),
    ("probe.failureThreshold", "3"),
    ("probe.initialDelaySeconds", "0"),
    ("probe.httpGet.scheme", "HTTP"),
    ("probe.httpGet.path", "/"),
    ("probe.grpc.service", ""),
    ("container.lifecycle.preStop.httpGet.scheme", "HTTP"),
    ("container.lifecycle.postStart.httpGet.scheme", "HTTP"),
    ("container.ports.protocol", "TCP"),
    ("container.ports.hostPort", "0"),
    ("container.env.value", ""),
    ("container.env.valueFrom.fieldRef.apiVersion", "v1"),
    ("container.env.valueFrom.secretKeyRef.optional", "false"),
    ("container.env.valueFrom.configMapKeyRef.optional", "false"),
    ("container.env.valueFrom.resourceFieldRef.divisor", "0"),
    ("container.envFrom.configMapRef.optional", "false"),
    ("container.envFrom.secretRef.optional", "false"),
    ("container.envFrom.prefix", ""),
    ("container.stdin", "false"),
    ("container.stdinOnce", "false"),
    ("container.tty", "false"),
    ("container.workingDir", ""),
    ("container.terminationMessagePath", "/dev/termination-log"),
    ("container.terminationMessagePolicy", "File"),
    ("container.volumeMounts.readOnly", "false"),
    ("container.volumeMounts.subPath", ""),
    ("container.volumeMounts.mountPropagation", "None"),
    ("container.securityContext.privileged", "false"),
    ("container.securityContext.readOnlyRootFilesystem", "false"),
    ("container.securityContext.procMount", "Default"),
    ("pod.restartPolicy", "Always"),
    ("pod.dnsPolicy", "ClusterFirst"),
    ("pod.schedulerName", "default-scheduler"),
    ("pod.terminationGracePeriodSeconds", "30"),
    ("pod.enableServiceLinks", "true"),
    ("pod.hostNetwork", "false"),
    ("pod.hostPID", "false"),
    ("pod.hostIPC", "false"),
    ("pod.shareProcessNamespace", "false"),
    ("pod.setHostnameAsFQDN", "false"),
    ("pod.serviceAccountName", "default"),
    ("pod.serviceAccount", "default"),
    ("pod.preemptionPolicy", "PreemptLowerPriority"),
    ("pod.priorityClassName", ""),
    ("pod.volumes.configMap.defaultMode", "420"),
    ("pod.volumes.configMap.optional", "false"),
    ("pod.volumes.secret.defaultMode", "420"),
    ("pod.volumes.secret.optional", "false"),
    ("pod.volumes.projected.defaultMode", "420"),
    ("pod.volumes.projected.sources.serviceAccountToken.expirationSeconds", "3600"),
    ("pod.volumes.downwardAPI.defaultMode", "420"),
    ("pod.volumes.hostPath.type", ""),
    ("pod.volumes.emptyDir.medium", ""),
    ("pod.volumes.persistentVolumeClaim.readOnly", "false"),
    ("pod.volumes.csi.readOnly", "false"),
    ("pod.topologySpreadConstraints.nodeAffinityPolicy", "Honor"),
    ("pod.topologySpreadConstraints.nodeTaintsPolicy", "Ignore"),
    ("pod.securityContext.fsGroupChangePolicy", "Always"),
    ("Deployment:spec.replicas", "1"),
    ("Deployment:spec.revisionHistoryLimit", "10"),
    ("Deployment:spec.progressDeadlineSeconds", "600"),
    ("Deployment:spec.minReadySeconds", "0"),
    ("Deployment:spec.paused", "false"),
    ("Deployment:spec.strategy.type", "RollingUpdate"),
    ("Deployment:spec.strategy.rollingUpdate.maxSurge", "25%"),
    ("Deployment:spec.strategy.rollingUpdate.maxUnavailable", "25%"),
    ("StatefulSet:spec.replicas", "1"),
    ("StatefulSet:spec.revisionHistoryLimit", "10"),
    ("StatefulSet:spec.minReadySeconds", "0"),
    ("StatefulSet:spec.podManagementPolicy", "OrderedReady"),
    ("StatefulSet:spec.updateStrategy.type", "RollingUpdate"),
    ("StatefulSet:spec.updateStrategy.rollingUpdate.partition", "0"),
    ("StatefulSet:spec.persistentVolumeClaimRetentionPolicy.whenDeleted", "Retain"),
    ("StatefulSet:spec.persistentVolumeClaimRetentionPolicy.whenScaled", "Retain"),
    ("StatefulSet:spec.volumeClaimTemplates.spec.volumeMode", "Filesystem"),
    ("StatefulSet:spec.volumeClaimTemplates.apiVersion", "v1"),
    ("StatefulSet:spec.volumeClaimTemplates.kind", "PersistentVolumeClaim"),
    ("DaemonSet:spec.revisionHistoryLimit", "10"),
    ("DaemonSet:spec.minReadySeconds", "0"),
    ("DaemonSet:spec.updateStrategy.type", "RollingUpdate"),
    ("DaemonSet:spec.updateStrategy.rollingUpdate.maxUnavailable", "1"),
    ("DaemonSet:spec.updateStrategy.rollingUpdate.maxSurge", "0"),
    ("ReplicaSet:spec.replicas", "1"),
    ("Job:spec.backoffLimit", "6"),
    ("Job:spec.parallelism", "1"),
    ("Job:spec.completions", "1"),
    ("Job:spec.completionMode", "NonIndexed"),
    ("Job:spec.suspend", "false"),
    ("Job:spec.manualSelector", "false"),
    ("CronJob:spec.concurrencyPolicy", "Allow"),
    ("CronJob:spec.suspend", "false"),
    ("CronJob:spec.successfulJobsHistoryLimit", "3"),
    ("CronJob:spec.failedJobsHistoryLimit", "1"),
    ("CronJob:spec.jobTemplate.spec.backoffLimit", "6"),
    ("CronJob:spec.jobTemplate.spec.parallelism", "1"),
    ("CronJob:spec.jobTemplate.spec.completions", "1"),
    ("CronJob:spec.jobTemplate.spec.completionMode", "NonIndexed"),
    ("CronJob:spec.jobTemplate.spec.suspend", "false"),
    ("Service:spec.type", "ClusterIP"),
    ("Service:spec.sessionAffinity", "None"),
    ("Service:spec.ports.protocol", "TCP"),
    ("Service:spec.publishNotReadyAddresses", "false"),
    ("Service:spec.internalTrafficPolicy", "Cluster"),
    ("Service:spec.externalTrafficPolicy", "Cluster"),
    ("Service:spec.allocateLoadBalancerNodePorts", "true"),
    ("Service:spec.clusterIP", ""),
    ("Service:spec.ports.nodePort", "0"),
    ("Secret:type", "Opaque"),
    ("Secret:immutable", "false"),
    ("ConfigMap:immutable", "false"),
    ("ServiceAccount:automountServiceAccountToken", "true"),
    ("PersistentVolumeClaim:spec.volumeMode", "Filesystem"),
    ("PersistentVolume:spec.volumeMode", "Filesystem"),
    ("PersistentVolume:spec.persistentVolumeReclaimPolicy", "Retain"),
    ("StorageClass:reclaimPolicy", "Delete"),
    ("StorageClass:volumeBindingMode", "Immediate"),
    ("StorageClass:allowVolumeExpansion", "false"),
    ("HorizontalPodAutoscaler:spec.minReplicas", "1"),
    ("PodDisruptionBudget:spec.unhealthyPodEvictionPolicy", "IfHealthyBudget"),
    ("NetworkPolicy:spec.ingress.ports.protocol", "TCP"),
    ("NetworkPolicy:spec.egress.ports.protocol", "TCP"),
    ("PriorityClass:globalDefault", "false"),
    ("PriorityClass:preemptionPolicy", "PreemptLowerPriority"),
    ("RoleBinding:roleRef.apiGroup", "rbac.authorization.k8s.io"),
    ("ClusterRoleBinding:roleRef.apiGroup", "rbac.authorization.k8s.io"),
    ("MutatingWebhookConfiguration:webhooks.timeoutSeconds", "10"),
    ("MutatingWebhookConfiguration:webhooks.failurePolicy", "Fail"),
    ("MutatingWebhookConfiguration:webhooks.matchPolicy", "Equivalent"),
    ("MutatingWebhookConfiguration:webhooks.reinvocationPolicy", "Never"),
    ("MutatingWebhookConfiguration:webhooks.clientConfig.service.port", "443"),
    ("MutatingWebhookConfiguration:webhooks.rules.scope", "*"),
    ("ValidatingWebhookConfiguration:webhooks.timeoutSeconds", "10"),
    ("ValidatingWebhookConfiguration:webhooks.failurePolicy", "Fail"),
    ("ValidatingWebhookConfiguration:webhooks.matchPolicy", "Equivalent"),
    ("ValidatingWebhookConfiguration:webhooks.clientConfig.service.port", "443"),
    ("ValidatingWebhookConfiguration:webhooks.rules.scope", "*"),
    ("CustomResourceDefinition:spec.conversion.strategy", "None"),
    ("CustomResourceDefinition:spec.preserveUnknownFields", "false"),
    ("CustomResourceDefinition:spec.versions.deprecated", "false"),
    ("APIService:spec.service.port", "443"),
    ("APIService:spec.insecureSkipTLSVerify", "false"),
];

/// Last keys whose empty mapping or list has a meaning.
const MEANINGFUL: &[&str] = &[
    "emptyDir",
    "podSelector",
    "namespaceSelector",
    "objectSelector",
    "selector",
    "labelSelector",
    "ingress",
    "egress",
    "status",
    "scale",
    "ephemeral",
    "policyTypes",
    "command",
    "gitRepo",
];

/// What an absent field means, when Kubernetes fills it in.
pub(super) fn default(schema: &str) -> Option<&'static str> {
    let find = |wanted: &str| TABLE.iter().find(|(field, _)| *field == wanted).map(|(_, value)| *value);
    for probe in ["container.livenessProbe", "container.readinessProbe", "container.startupProbe"] {
        if let Some(rest) = schema.strip_prefix(probe) {
            return find(&format!("probe{rest}"));
        }
    }
    find(schema)
}

/// Whether an absent value and an empty mapping or list are the same here.
pub(super) fn drops_empty(schema: &str) -> bool {
    let last = schema.rsplit(['.', ':']).next().unwrap_or(schema);
    if schema.starts_with('~') {
        return matches!(last, "labels" | "annotations");
    }
    !MEANINGFUL.contains(&last)
}

/// Whether a value that stands on one side only says nothing, and why. Absent and this value mean the same.
pub(super) fn silent(node: &Node, schema: &mut String) -> Option<&'static str> {
    match &node.data {
        Data::Null => Some("empty"),
        Data::Map(entries) if entries.is_empty() => drops_empty(schema).then_some("empty"),
        Data::List(items) if items.is_empty() => drops_empty(schema).then_some("empty"),
        Data::Map(entries) if !schema.starts_with('~') => {
            // Only a mapping that Kubernetes makes by itself is the same as an absent one.
            if !MADE.contains(&schema.as_str()) {
                return None;
            }
            let length = schema.len();
            let all = entries.iter().all(|(key, value)| {
                schema.truncate(length);
                schema.push('.');
                schema.push_str(key.scalar_str().unwrap_or_default());
                silent(value, schema).is_some()
            });
            schema.truncate(length);
            all.then_some("default")
        }
        Data::Map(_) | Data::List(_) => None,
        Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Text(_) => {
            let text = plain(node);
            (default(schema)? == text).then_some("default")
        }
    }
}

/// Mappings that Kubernetes makes when they are absent.
const MADE: &[&str] = &[
    "Deployment:spec.strategy",
    "Deployment:spec.strategy.rollingUpdate",
    "StatefulSet:spec.updateStrategy",
    "StatefulSet:spec.updateStrategy.rollingUpdate",
    "StatefulSet:spec.persistentVolumeClaimRetentionPolicy",
    "DaemonSet:spec.updateStrategy",
    "DaemonSet:spec.updateStrategy.rollingUpdate",
    "CustomResourceDefinition:spec.conversion",
    "container.securityContext",
    "pod.securityContext",
];

/// A scalar as Kubernetes reads it: `0644` is `420`.
pub(super) fn plain(node: &Node) -> String {
    match &node.data {
        Data::Text(text) => text.clone(),
        Data::Bool(value) => value.to_string(),
        Data::Int(value) => value.to_string(),
        Data::Null => String::new(),
        Data::Float(_) | Data::List(_) | Data::Map(_) => node.to_json().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_no_field_twice() {
        let mut seen = std::collections::BTreeSet::new();
        assert!(TABLE.iter().all(|(field, _)| seen.insert(*field)));
        assert!(TABLE.len() >= 60);
    }
}
