//! What means the same is no change; what is noise is said.
use super::sets::{SETS, set};
use super::*;
use proptest::prelude::*;

/// Set, text, and another way to write it.
const SAME: &[(&str, &str, &str)] = &[
    ("deployment", "cpu: 500m", "cpu: 0.5"),
    ("deployment", "memory: 1Gi", "memory: 1024Mi"),
    ("deployment", "cpu: \"1\"", "cpu: 1000m"),
    (
        "deployment",
        "periodSeconds: 20",
        "periodSeconds: 20\n          timeoutSeconds: 1\n          failureThreshold: 3",
    ),
    (
        "deployment",
        "  replicas: 3",
        "  replicas: 3\n  revisionHistoryLimit: 10\n  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%, maxUnavailable: 25%}}",
    ),
    ("deployment", "{name: http, containerPort: 8080}", "{containerPort: 8080, name: http, protocol: TCP}"),
    (
        "deployment",
        "      - {key: a, operator: Exists}\n      - {key: b, operator: Exists}\n",
        "      - {key: b, operator: Exists}\n      - {operator: Exists, key: a}\n",
    ),
    (
        "deployment",
        "        - {name: data, mountPath: /data}\n        - {name: conf, mountPath: /conf}\n",
        "        - {name: conf, mountPath: /conf}\n        - {name: data, mountPath: /data}\n",
    ),
    (
        "deployment",
        "serviceAccountName: web",
        "serviceAccountName: web\n      affinity: {}\n      hostAliases: null\n      restartPolicy: Always",
    ),
    ("deployment", "configMap: {name: conf}", "configMap: {name: conf, defaultMode: 0644}"),
    ("deployment", "port: http}\n          periodSeconds", "port: 8080}\n          periodSeconds"),
    ("deployment", "  name: web\n", "  name: web\n  namespace: ns\n"),
    ("service", "  type: ClusterIP\n", "  sessionAffinity: None\n"),
    ("service", "targetPort: 8080", "targetPort: '8080'"),
    ("role", "[pods, services]", "[services, pods]"),
    (
        "role",
        "- apiGroups: ['']\n  resources: [pods, services]\n  verbs: [get, list]\n",
        "- apiGroups: ['']\n  resources: [pods]\n  verbs: [get, list]\n- apiGroups: ['']\n  resources: [services]\n  verbs: [list, get]\n",
    ),
    ("configmap", "{\"level\": \"info\", \"size\": 1}", "{\"size\":1,\"level\":\"info\"}"),
    ("configmap", "      pool: 10\n      hosts: [a, b]\n", "      hosts:\n      - a\n      - b\n      pool: 10\n"),
    ("configmap", "    a.b=1\n    c=2\n", "    # why\n    c = 2\n    a.b = 1\n"),
    ("secret", "stringData: {token: abc, user: me}", "data: {token: YWJj, user: bWU=}"),
    ("crd", "interval: 60s", "interval: 1m0s"),
    ("crd", "  - {role: x, level: 1}\n  - {role: y, level: 2}\n", "  - {role: y, level: 2}\n  - {role: x, level: 1}\n"),
    ("ingress", "secretName: tls-a", "secretName: \"tls-a\""),
    ("hpa", "minReplicas: 2", "\"minReplicas\": 2"),
    ("networkpolicy", "{port: 80}", "{port: 80, protocol: TCP}"),
    ("webhook", "sideEffects: None", "sideEffects: None\n  timeoutSeconds: 10"),
];

#[test]
fn other_writing_is_no_change() {
    let mut wrong = Vec::new();
    for (name, old, new) in SAME {
        let before = set(name);
        assert!(before.contains(old), "{name} has no {old:?}");
        let after = before.replacen(old, new, 1);
        for (from, to) in [(before, after.as_str()), (after.as_str(), before)] {
            let found = diff(from, to);
            if !found.changes.is_empty() || !found.lines.unexplained.is_empty() || found.noise.is_empty() {
                wrong.push(format!(
                    "{name} {new:?}: {:?} {:?} {:?}",
                    told(&found),
                    found.lines.unexplained,
                    found.noise
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn order_that_has_a_meaning() {
    let table = [
        (
            "deployment",
            "        - {name: HOST, value: db}\n        - {name: URL, value: 'http://$(HOST)/'}\n",
            "        - {name: URL, value: 'http://$(HOST)/'}\n        - {name: HOST, value: db}\n",
            "spec.template.spec.containers[app].env list-order",
        ),
        (
            "deployment",
            "      - name: migrate\n        image: web/migrate:1.4.0\n      - name: warm\n        image: web/warm:1.4.0\n",
            "      - name: warm\n        image: web/warm:1.4.0\n      - name: migrate\n        image: web/migrate:1.4.0\n",
            "spec.template.spec.initContainers list-order",
        ),
    ];
    for (name, old, new, wanted) in table {
        let before = set(name);
        assert!(before.contains(old));
        assert_eq!(told(&diff(before, &before.replacen(old, new, 1))), [wanted]);
    }
}

#[test]
fn a_container_that_moved() {
    let before = set("deployment");
    let warm = "      - name: warm\n        image: web/warm:1.4.0\n";
    let after =
        before.replacen(warm, "", 1).replacen("      - name: side\n", &format!("{warm}      - name: side\n"), 1);
    assert_eq!(told(&diff(before, &after)), ["spec.template.spec.containers[warm] container-moved"]);
}

#[test]
fn chart_labels_and_checksums_are_noise() {
    let before = format!("{}---\n{}", set("deployment"), set("configmap"));
    let digest = "4e07408562bedb8b60ce05c1decfe3ad16b72230967de01f640b7e4729b49fce";
    let other = "4b227777d4dd1fc61c6f884f48641d02b4d121d3fd328cb08b5531fcacdabf8a";
    let after = before
        .replace("web-1.2.3", "web-1.2.4")
        .replace("version: \"1.0.0\"", "version: \"1.0.1\"")
        .replace(digest, other)
        .replace("mode: fast", "mode: slow");
    let found = diff(&before, &after);
    assert_eq!(told(&found), ["data.mode config-data"]);
    let noise: Vec<_> = found.noise.iter().map(|noise| (noise.kind, noise.subject.as_str(), noise.restarts)).collect();
    assert!(noise.contains(&(NoiseKind::ChartVersion, "helm.sh/chart", 0)), "{noise:?}");
    assert!(noise.contains(&(NoiseKind::Checksum, "checksum/config", 1)), "{noise:?}");
    let cause = found.noise.iter().find(|noise| noise.kind == NoiseKind::Checksum).map(|noise| noise.causes.clone());
    assert_eq!(cause.unwrap()[0].name, "conf");
    assert_eq!(found.lines.unexplained, []);
    let alone = diff(&before, &before.replace(digest, other));
    assert_eq!(alone.noise[0].kind, NoiseKind::ChecksumAlone);
}

#[test]
fn generated_values_are_noise() {
    let secret = |value: &str| {
        manifests(&format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\ndata: {{p: {value}, q: x}}\n"))
    };
    let all = ["b25l", "dHdv", "dHJl", "Zm91"].map(secret);
    let from = Input { manifests: &all[0], again: Some(&all[1]), namespace: "ns" };
    let to = Input { manifests: &all[2], again: Some(&all[3]), namespace: "ns" };
    let found = compare(&from, &to, &Options::default());
    assert_eq!((found.changes.len(), found.equal), (0, 1));
    assert_eq!(found.noise[0].kind, NoiseKind::Generated);
    assert_eq!(found.noise[0].values.0, "***");
}

#[test]
fn another_release_and_another_namespace() {
    let text = |release: &str, space: &str, count: u8| {
        format!(
            "apiVersion: v1\nkind: Service\nmetadata: {{name: {release}-web, namespace: {space}}}\nspec: {{selector: {{app: {release}}}}}\n---\n\
             apiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: {release}-web, namespace: {space}}}\n---\n\
             apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {release}-web, namespace: {space}}}\nspec:\n  replicas: {count}\n  template: \
             {{spec: {{serviceAccountName: {release}-web, containers: [{{name: a, image: b}}]}}}}\n"
        )
    };
    let (from, to) = (manifests(&text("a", "dev", 1)), manifests(&text("b", "prod", 2)));
    let found = compare(
        &Input { manifests: &from, again: None, namespace: "dev" },
        &Input { manifests: &to, again: None, namespace: "prod" },
        &Options::default(),
    );
    assert_eq!(told(&found), ["metadata.name stateful-renamed", "spec.replicas replicas"]);
    assert_eq!(found.changes[0].detail, "3 objects begin with b instead of a");
    assert_eq!(found.lines.unexplained, []);
}

#[test]
fn renamed_and_hashed() {
    let before = format!("{}---\n{}", set("deployment"), set("configmap"));
    let hashed = |hash: &str| before.replace("name: conf}", &format!("name: conf-{hash}}}"));
    let found = diff(&hashed("bcdfghjkmt"), &hashed("2456789bcd"));
    assert_eq!(told(&found), Vec::<String>::new());
    assert_eq!(
        found.noise.iter().map(|noise| (noise.kind, noise.restarts)).collect::<Vec<_>>(),
        [(NoiseKind::Reference, 1)]
    );
    let found = diff(set("statefulset"), &set("statefulset").replacen("{name: db}", "{name: database}", 1));
    assert_eq!(told(&found), ["metadata.name stateful-renamed"]);
    assert!(matches!(&found.changes[0].what, What::Renamed { from } if from.name == "db"));
}

#[test]
fn places() {
    let found = diff(set("configmap"), &set("configmap").replacen("pool: 10", "pool: 20", 1));
    let place = found.changes[0].to.clone().unwrap();
    assert_eq!((place.source.as_str(), place.line, place.last), ("all.yaml", 8, 8));
    let found = diff(set("deployment"), &set("deployment").replacen("replicas: 3", "replicas: 4", 1));
    assert_eq!(found.changes[0].from.clone().unwrap().line, 8);
    assert_eq!(found.changes[0].path.pointer(), "/spec/replicas");
    let found = diff(set("deployment"), &set("deployment").replacen("value: fast", "value: slow", 1));
    assert_eq!(found.changes[0].path.pointer(), "/spec/template/spec/containers/0/env/2/value");
}

#[test]
fn certificates_are_compared_by_what_they_say() {
    let first = "-----BEGIN CERTIFICATE-----\n\
             MIIBuDCCAWKgAwIBAgIUbZw0Ui4mOJ63GTaMXSfDRXl8iQMwDQYJKoZIhvcNAQEL\n\
             BQAwIDEMMAoGA1UEAwwDd2ViMRAwDgYDVQQKDAdleGFtcGxlMB4XDTI2MTEyNTE2\n\
             MjAwNloXDTI3MDMwNTE2MjAwNlowIDEMMAoGA1UEAwwDd2ViMRAwDgYDVQQKDAdl\n\
             eGFtcGxlMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALvG5hTFougFHGDxOwmh843c\n\
             J+jmpLeBjpTm9mdLaDfiEblfemozS19akrwyXD+itverXU/5TgmkMpx83cWqdQ8C\n\
             AwEAAaN0MHIwHQYDVR0OBBYEFEg5JclY3dtaqmKKoIb9py8/NrSgMB8GA1UdIwQY\n\
             MBaAFEg5JclY3dtaqmKKoIb9py8/NrSgMA8GA1UdEwEB/wQFMAMBAf8wHwYDVR0R\n\
             BBgwFoIOYTEuZXhhbXBsZS5vcmeHBAoAAAEwDQYJKoZIhvcNAQELBQADQQAfTgbS\n\
             BLYeK11F6mbGFjZ2pHFcwyl4lnD/JuCBuoQ0Z9Kp7BG4O/kEPV0viDBbfssajP+O\n\
             jn5oqsUgsNoEsNSo\n\
             -----END CERTIFICATE-----\n";
    let second = "-----BEGIN CERTIFICATE-----\n\
             MIIBuDCCAWKgAwIBAgIUbdndxZCnYxmBCzgOCkbcxbHyCsQwDQYJKoZIhvcNAQEL\n\
             BQAwIDEMMAoGA1UEAwwDd2ViMRAwDgYDVQQKDAdleGFtcGxlMB4XDTI2MTEyNTE2\n\
             MjAwNloXDTI3MDYxMzE2MjAwNlowIDEMMAoGA1UEAwwDd2ViMRAwDgYDVQQKDAdl\n\
             eGFtcGxlMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKcZIiOs+h/AmejQ52UbOgg6\n\
             J4dPKL17nil7nmUDUe+uBzzivBpnwHzC048ouwiJkLENxNjCJfH+tASe8dsZRncC\n\
             AwEAAaN0MHIwHQYDVR0OBBYEFPp1CRPN+yIWxiiFPm54CFtSX3qpMB8GA1UdIwQY\n\
             MBaAFPp1CRPN+yIWxiiFPm54CFtSX3qpMA8GA1UdEwEB/wQFMAMBAf8wHwYDVR0R\n\
             BBgwFoIOYTIuZXhhbXBsZS5vcmeHBAoAAAEwDQYJKoZIhvcNAQELBQADQQBfgNhN\n\
             a5GWMDW5JsuK/28pawIMQ8Ke1GBs+kVoERvVVKilKzVc/4s9DmD1Nn0lAQhH8luV\n\
             /nXG0vmH7gKYUt8P\n\
             -----END CERTIFICATE-----\n";
    let map = |text: &str| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ca\ndata:\n  ca.crt: |\n    {}",
            text.trim().replace('\n', "\n    ")
        )
    };
    let found = diff(&map(first), &map(second));
    assert_eq!(
        told(&found),
        [
            "data[\"ca.crt\"] > key config-data",
            "data[\"ca.crt\"] > names[1] config-data",
            "data[\"ca.crt\"] > notAfter config-data"
        ]
    );
    assert_eq!(found.changes[1].before, Some("a1.example.org".into()));
}

#[test]
fn secrets_are_marked() {
    let found =
        diff(set("deployment"), &set("deployment").replace("DB_PASSWORD, value: one", "DB_PASSWORD, value: two"));
    assert!(found.changes[0].secret);
    let found = diff(set("secret"), &set("secret").replace("me}", "you}"));
    assert!(found.changes[0].secret);
    let found = diff(set("configmap"), &set("configmap").replace("mode: fast", "mode: 'postgres://u:p@h/d'"));
    assert!(found.changes[0].secret);
    let found = diff(set("configmap"), &set("configmap").replace("pool: 10", "pool: 11"));
    assert!(!found.changes[0].secret);
}

#[test]
fn depth_and_size_are_bounded() {
    let deep = |leaf: &str| {
        format!("kind: ConfigMap\nmetadata: {{name: a}}\ndata:\n  x: '{}{leaf}{}'\n", "[".repeat(120), "]".repeat(120))
    };
    assert_eq!(diff(&deep("1"), &deep("2")).changes.len(), 1);
    let nested = |leaf: &str| {
        format!("kind: Thing\napiVersion: a.b/v1\nspec: {}{leaf}{}\n", "{a: [".repeat(60), "]}".repeat(60))
    };
    assert_eq!(diff(&nested("1"), &nested("2")).changes.len(), 1);
    let many = |name: &str| {
        (0..300)
            .map(|at| format!("kind: A\nmetadata: {{name: {name}{at}}}\nspec: {{x: {at}}}\n---\n"))
            .collect::<String>()
    };
    assert_eq!(diff(&many("x"), &many("y")).errors, vec![]);
    let rules = (0..40).map(|at| format!("x{at}")).collect::<Vec<_>>().join(", ");
    let role = |verb: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {{name: a}}\nrules:\n- apiGroups: [{rules}]\n  resources: [{rules}]\n  verbs: [{rules}, {verb}]\n"
        )
    };
    assert_eq!(told(&diff(&role("a"), &role("b"))).len(), 2);
}

#[test]
fn bad_input_is_said() {
    let found = diff("a: [", "kind: X\n---\nfoo: 1\n");
    assert_eq!(found.errors.len(), 2);
    let twice = format!("{0}---\n{0}", set("service"));
    let found = diff(&twice, set("service"));
    assert_eq!(found.errors.len(), 1);
    assert_eq!(told(&found), Vec::<String>::new());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics_and_nothing_differs_from_itself(one in "[a-z:\\-\\[\\]{} \n#'\"|>&*0-9]{0,200}", two in "[a-z:\\- \n]{0,80}") {
        let object = |text: &str| format!("kind: ConfigMap\nmetadata: {{name: a}}\ndata:\n  x: {text}\n");
        let _ = diff(&one, &two);
        let _ = diff(&object(&one), &object(&two));
        prop_assert_eq!(diff(&object(&one), &object(&one)).changes, vec![]);
    }

    #[test]
    fn two_sets_compare_the_same_from_both_sides(one in 0..SETS.len(), two in 0..SETS.len()) {
        let (a, b) = (SETS[one].1, SETS[two].1);
        let (there, back) = (diff(a, b), diff(b, a));
        prop_assert_eq!(there.changes.len(), back.changes.len());
        prop_assert_eq!(there.compared, back.compared);
    }
}
