//! One planted change at a time: exactly it is found, with its class.
use super::sets::{SETS, set};
use super::{diff, told};

/// Set, text, text instead of it, place, class.
type Row = (&'static str, &'static str, &'static str, &'static str, &'static str);

const ROWS: &[Row] = &[
    ("deployment", "replicas: 3", "replicas: 5", "spec.replicas", "replicas"),
    ("deployment", "replicas: 3", "replicas: 0", "spec.replicas", "replicas-to-zero"),
    ("deployment", "app:1.4.2", "app:1.4.3", "spec.template.spec.containers[app].image", "image-patch"),
    ("deployment", "app:1.4.2", "app:1.5.0", "spec.template.spec.containers[app].image", "image-minor"),
    ("deployment", "app:1.4.2", "app:2.0.0", "spec.template.spec.containers[app].image", "image-major"),
    ("deployment", "app:1.4.2", "app:1.3.0", "spec.template.spec.containers[app].image", "image-downgrade"),
    ("deployment", "app:1.4.2", "app:latest", "spec.template.spec.containers[app].image", "image-latest"),
    ("deployment", "web/app:1.4.2", "evil/app:1.4.2", "spec.template.spec.containers[app].image", "image-repository"),
    ("deployment", "side@sha256:aaaa", "side@sha256:bbbb", "spec.template.spec.containers[side].image", "image-digest"),
    ("deployment", "side@sha256:aaaa", "side:1", "spec.template.spec.containers[side].image", "image-digest-dropped"),
    ("deployment", "IfNotPresent", "Always", "spec.template.spec.containers[app].imagePullPolicy", "pull-policy"),
    ("deployment", "[serve]", "[serve2]", "spec.template.spec.containers[app].command[0]", "command"),
    ("deployment", "--log=info", "--log=debug", "spec.template.spec.containers[app].args[--log]", "args"),
    ("deployment", "value: fast", "value: slow", "spec.template.spec.containers[app].env[MODE].value", "env-value"),
    (
        "deployment",
        "        - {name: MODE, value: fast}\n",
        "",
        "spec.template.spec.containers[app].env[MODE]",
        "env-removed",
    ),
    (
        "deployment",
        "        - {name: HOST, value: db}\n",
        "",
        "spec.template.spec.containers[app].env[HOST]",
        "env-required-removed",
    ),
    (
        "deployment",
        "        - {name: MODE",
        "        - {name: NEW, value: x}\n        - {name: MODE",
        "spec.template.spec.containers[app].env[NEW]",
        "env-added",
    ),
    (
        "deployment",
        "value: fast}",
        "valueFrom: {fieldRef: {fieldPath: x}}}",
        "spec.template.spec.containers[app].env[MODE]",
        "env-source",
    ),
    (
        "deployment",
        "memory: 1Gi",
        "memory: 512Mi",
        "spec.template.spec.containers[app].resources.limits.memory",
        "memory-limit-lowered",
    ),
    (
        "deployment",
        ", memory: 1Gi",
        "",
        "spec.template.spec.containers[app].resources.limits.memory",
        "memory-limit-removed",
    ),
    (
        "deployment",
        "memory: 1Gi",
        "memory: 2Gi",
        "spec.template.spec.containers[app].resources.limits.memory",
        "limit-raised",
    ),
    ("deployment", "cpu: 500m", "cpu: 600m", "spec.template.spec.containers[app].resources.requests.cpu", "resources"),
    (
        "deployment",
        "        readinessProbe:\n          httpGet: {path: /ready, port: http}\n",
        "",
        "spec.template.spec.containers[app].readinessProbe",
        "probe-removed",
    ),
    (
        "deployment",
        "periodSeconds: 20",
        "periodSeconds: 30",
        "spec.template.spec.containers[app].livenessProbe.periodSeconds",
        "probe-changed",
    ),
    (
        "deployment",
        "        readinessProbe",
        "        startupProbe: {exec: {command: [x]}}\n        readinessProbe",
        "spec.template.spec.containers[app].startupProbe",
        "probe-added",
    ),
    (
        "deployment",
        "readOnlyRootFilesystem: true",
        "readOnlyRootFilesystem: false",
        "spec.template.spec.containers[app].securityContext.readOnlyRootFilesystem",
        "security-weakened",
    ),
    (
        "deployment",
        "readOnlyRootFilesystem: true",
        "privileged: true\n          readOnlyRootFilesystem: true",
        "spec.template.spec.containers[app].securityContext.privileged",
        "privileged-added",
    ),
    (
        "deployment",
        "{drop: [ALL]}",
        "{drop: [ALL], add: [SYS_ADMIN]}",
        "spec.template.spec.containers[app].securityContext.capabilities.add",
        "capability-added",
    ),
    (
        "deployment",
        "{drop: [ALL]}",
        "{}",
        "spec.template.spec.containers[app].securityContext.capabilities.drop",
        "security-weakened",
    ),
    (
        "deployment",
        "{runAsNonRoot: true}",
        "{runAsNonRoot: false}",
        "spec.template.spec.securityContext.runAsNonRoot",
        "security-weakened",
    ),
    (
        "deployment",
        "      nodeSelector:",
        "      hostNetwork: true\n      nodeSelector:",
        "spec.template.spec.hostNetwork",
        "host-namespace-added",
    ),
    (
        "deployment",
        "        emptyDir: {}",
        "        hostPath: {path: /x}",
        "spec.template.spec.volumes[data]",
        "host-path-added",
    ),
    ("deployment", "disk: ssd", "disk: hdd", "spec.template.spec.nodeSelector.disk", "scheduling"),
    (
        "deployment",
        "serviceAccountName: web",
        "serviceAccountName: root",
        "spec.template.spec.serviceAccountName",
        "service-account-changed",
    ),
    (
        "deployment",
        "GracePeriodSeconds: 60",
        "GracePeriodSeconds: 90",
        "spec.template.spec.terminationGracePeriodSeconds",
        "lifecycle",
    ),
    ("deployment", "tier: front", "tier: back", "spec.template.metadata.labels.tier", "pod-label"),
    ("deployment", "note: one", "note: two", "spec.template.metadata.annotations.note", "pod-annotation"),
    ("deployment", "owner: team-a", "owner: team-b", "metadata.annotations.owner", "annotation"),
    (
        "deployment",
        "matchLabels: {app: web}",
        "matchLabels: {app: other}",
        "spec.selector.matchLabels.app",
        "immutable-field",
    ),
    (
        "deployment",
        "  replicas: 3",
        "  replicas: 3\n  strategy: {type: Recreate}",
        "spec.strategy",
        "strategy-recreate",
    ),
    (
        "deployment",
        "containerPort: 9090",
        "containerPort: 9091",
        "spec.template.spec.containers[app].ports[9091/TCP].containerPort",
        "container-port",
    ),
    (
        "deployment",
        "mountPath: /conf",
        "mountPath: /etc",
        "spec.template.spec.containers[app].volumeMounts[/etc].mountPath",
        "volume",
    ),
    (
        "deployment",
        "      - name: side\n        image: web/side@sha256:aaaa\n",
        "",
        "spec.template.spec.containers[side]",
        "container-removed",
    ),
    ("deployment", "apiVersion: apps/v1\n", "apiVersion: apps/v1beta1\n", "apiVersion", "api-version"),
    ("statefulset", "serviceName: db", "serviceName: db2", "spec.serviceName", "immutable-field"),
    (
        "statefulset",
        "storage: 10Gi",
        "storage: 5Gi",
        "spec.volumeClaimTemplates[data].spec.resources.requests.storage",
        "immutable-field",
    ),
    (
        "statefulset",
        "chart: db-1.0.0",
        "chart: db-1.0.1",
        "spec.volumeClaimTemplates[data].metadata.labels[\"helm.sh/chart\"]",
        "immutable-field",
    ),
    ("statefulset", "postgres:15.2", "postgres:16.0", "spec.template.spec.containers[db].image", "image-major"),
    ("daemonset", "type: RollingUpdate", "type: OnDelete", "spec.updateStrategy.type", "strategy"),
    ("job", "init:1.0.0", "init:1.0.1", "spec.template.spec.containers[init].image", "immutable-field"),
    ("cronjob", "'0 1 * * *'", "'0 2 * * *'", "spec.schedule", "schedule"),
    ("cronjob", "--all", "--none", "spec.jobTemplate.spec.template.spec.containers[clean].args[0]", "args"),
    ("service", "type: ClusterIP", "type: LoadBalancer", "spec.type", "service-type"),
    ("service", "port: 80,", "port: 81,", "spec.ports[81/TCP].port", "service-port"),
    ("service", "targetPort: 8080", "targetPort: 8081", "spec.ports[80/TCP].targetPort", "service-port"),
    ("service", "{app: web}", "{app: other}", "spec.selector.app", "service-selector"),
    ("ingress", "host: a.example.org", "host: b.example.org", "spec.rules[b.example.org].host", "ingress-host"),
    ("ingress", "path: /\n", "path: /x\n", "spec.rules[a.example.org].http.paths[/x/Prefix].path", "ingress-path"),
    ("ingress", "secretName: tls-a", "secretName: tls-b", "spec.tls[tls-b].secretName", "ingress-tls"),
    ("ingress", "ingressClassName: nginx", "ingressClassName: traefik", "spec.ingressClassName", "ingress-class"),
    (
        "networkpolicy",
        "    - podSelector: {matchLabels: {app: proxy}}\n",
        "    - podSelector: {matchLabels: {app: proxy}}\n    - podSelector: {matchLabels: {app: any}}\n",
        "spec.ingress[0].from[2]",
        "network-policy-widened",
    ),
    (
        "networkpolicy",
        "    - podSelector: {matchLabels: {app: proxy}}\n",
        "",
        "spec.ingress[0].from[1]",
        "network-policy-narrowed",
    ),
    ("networkpolicy", "    ports:\n    - {port: 80}\n", "", "spec.ingress[0].ports", "network-policy-widened"),
    ("networkpolicy", ", Egress", "", "spec.policyTypes[Egress]", "network-policy-widened"),
    ("role", "[get, list]", "[get, list, delete]", "rules[0].verbs[delete]", "rbac-widened"),
    ("role", "[get, list]", "[get]", "rules[0].verbs[list]", "rbac-narrowed"),
    ("clusterrole", "[configmaps]", "[configmaps, secrets]", "rules[1].resources[secrets]", "rbac-secrets"),
    ("clusterrole", "  verbs: [get]", "  verbs: [get, '*']", "rules[1].verbs[*]", "rbac-wildcard"),
    ("clusterrole", "  verbs: [get]", "  verbs: [get, impersonate]", "rules[1].verbs[impersonate]", "rbac-escalation"),
    ("binding", "ClusterRole, name: web", "ClusterRole, name: cluster-admin", "roleRef.name", "immutable-field"),
    (
        "binding",
        "namespace: ns}\n",
        "namespace: ns}\n- {kind: Group, name: devs}\n",
        "subjects[Group/devs]",
        "rbac-binding",
    ),
    ("configmap", "mode: fast", "mode: slow", "data.mode", "config-data"),
    ("configmap", "pool: 10", "pool: 20", "data[\"app.yaml\"] > db.pool", "config-data"),
    ("configmap", "\"info\"", "\"debug\"", "data[\"app.json\"] > level", "config-data"),
    ("configmap", "port = 80", "port = 81", "data[\"app.toml\"] > server.port", "config-data"),
    ("configmap", "a.b=1", "a.b=3", "data[\"app.properties\"] > [\"a.b\"]", "config-data"),
    ("configmap", "echo two", "echo three", "data[\"run.sh\"]", "config-data"),
    ("secret", "token: abc", "token: xyz", "stringData.token", "secret-data"),
    ("pvc", "storage: 10Gi", "storage: 5Gi", "spec.resources.requests.storage", "pvc-shrunk"),
    ("pvc", "storage: 10Gi", "storage: 20Gi", "spec.resources.requests.storage", "pvc-grown"),
    ("pvc", "storageClassName: fast", "storageClassName: slow", "spec.storageClassName", "immutable-field"),
    ("hpa", "maxReplicas: 5", "maxReplicas: 9", "spec.maxReplicas", "autoscaling"),
    (
        "hpa",
        "averageUtilization: 80",
        "averageUtilization: 70",
        "spec.metrics[0].resource.target.averageUtilization",
        "autoscaling-metrics",
    ),
    ("pdb", "minAvailable: 1", "minAvailable: 2", "spec.minAvailable", "pdb-blocks"),
    (
        "webhook",
        "failurePolicy: Fail",
        "failurePolicy: Ignore",
        "webhooks[a.example.org].failurePolicy",
        "webhook-policy",
    ),
    (
        "webhook",
        "caBundle: YWJj",
        "caBundle: eHl6",
        "webhooks[a.example.org].clientConfig.caBundle",
        "webhook-ca-bundle",
    ),
    ("webhook", "[CREATE, UPDATE]", "[CREATE]", "webhooks[a.example.org].rules[0].operations[UPDATE]", "webhook-rules"),
    (
        "crd",
        "    served: true\n    storage: false",
        "    served: false\n    storage: false",
        "spec.versions[v1beta1].served",
        "crd-version-removed",
    ),
    (
        "crd",
        "              kind: {type: string, enum: [a, b]}\n",
        "",
        "spec.versions[v1].schema.openAPIV3Schema.properties.spec.properties.kind",
        "crd-field-removed",
    ),
    (
        "crd",
        "required: [size]",
        "required: [size, kind]",
        "spec.versions[v1].schema.openAPIV3Schema.properties.spec.required[kind]",
        "crd-field-required",
    ),
    (
        "crd",
        "size: {type: integer",
        "size: {type: string",
        "spec.versions[v1].schema.openAPIV3Schema.properties.spec.properties.size.type",
        "crd-type-changed",
    ),
    (
        "crd",
        "              kind: {",
        "              more: {type: string}\n              kind: {",
        "spec.versions[v1].schema.openAPIV3Schema.properties.spec.properties.more",
        "crd-field-added",
    ),
    ("crd", "scope: Namespaced", "scope: Cluster", "spec.scope", "crd-scope-changed"),
    ("crd", "role: y, level: 2", "role: y, level: 3", "spec.rules[y].level", "custom-field"),
    ("crd", "thing:1.0.0", "thing:1.1.0", "spec.image", "image-minor"),
    ("crd", "[first, second]", "[second, first]", "spec.steps[0]", "custom-field"),
    ("storageclass", "type: ssd", "type: hdd", "parameters.type", "immutable-field"),
    ("route", "hostnames: [a.", "hostnames: [b.", "spec.hostnames[0]", "ingress-host"),
    ("serviceaccount", "Token: false", "Token: true", "automountServiceAccountToken", "security-weakened"),
];

#[test]
fn exactly_the_planted_change_is_found() {
    assert!(ROWS.len() >= 40 && SETS.len() >= 20);
    let mut wrong = Vec::new();
    for (name, old, new, path, class) in ROWS {
        let before = set(name);
        assert!(before.contains(old), "{name} has no {old:?}");
        let after = before.replacen(old, new, 1);
        let found = told(&diff(before, &after));
        let wanted = format!("{path} {class}");
        let right = match *class {
            // Two elements that changed places.
            "custom-field" if path.ends_with("steps[0]") => !found.is_empty(),
            _ => found == [wanted.clone()],
        };
        if !right {
            wrong.push(format!("{name}: {old:?} -> {new:?}\n  wanted {wanted}\n  found  {found:?}"));
        }
        let back = diff(&after, before);
        if back.changes.len() != found.len() {
            wrong.push(format!("{name}: {new:?} -> {old:?} back: {:?}", told(&back)));
        }
        if !back.lines.unexplained.is_empty() {
            wrong.push(format!("{name}: {:?}", back.lines.unexplained));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn objects_that_go() {
    let table = [
        ("deployment", "workload-removed"),
        ("statefulset", "statefulset-removed"),
        ("service", "service-removed"),
        ("ingress", "route-removed"),
        ("route", "route-removed"),
        ("networkpolicy", "network-policy-removed"),
        ("role", "rbac-narrowed"),
        ("configmap", "config-removed"),
        ("secret", "unused"),
        ("pvc", "pvc-removed"),
        ("storageclass", "other-removed"),
    ];
    let keep = "apiVersion: v1\nkind: Pod\nmetadata: {name: keep}\nspec:\n  volumes:\n  - name: c\n    configMap:\n      name: conf\n";
    for (name, class) in table {
        let found = diff(&format!("{keep}---\n{}", set(name)), keep);
        assert_eq!(told(&found), [format!(" {class}")], "{name}");
        let found = diff(keep, &format!("{keep}---\n{}", set(name)));
        assert_eq!(found.changes.len(), 1, "{name}");
    }
}

#[test]
fn a_set_equals_itself() {
    for (name, text) in SETS {
        let found = diff(text, text);
        assert_eq!((found.changes.len(), found.noise.len(), found.errors.len()), (0, 0, 0), "{name}");
        let found = diff(text, &format!("# a comment\n{text}"));
        assert_eq!(told(&found), Vec::<String>::new(), "{name}");
        assert_eq!(found.lines.unexplained, [], "{name}");
    }
}
