//! Changes of one rendered object.
use super::Meaning::{self, Change, Nothing};
use serde_json::{Map, Value, json};

/// Kind, meaning, and whether the object had a place for it, which is changed then.
pub(crate) type Row = (&'static str, Meaning, fn(&mut Value) -> bool);

/// The kinds.
pub(crate) const ROWS: &[Row] = &[
    ("probe removed", Change(&["probe-removed"]), |object| {
        let probes = ["livenessProbe", "readinessProbe", "startupProbe"];
        container(object).and_then(Value::as_object_mut).is_some_and(|container| {
            probes
                .iter()
                .any(|probe| container.get(*probe).is_some_and(Value::is_object) && container.remove(*probe).is_some())
        })
    }),
    ("container removed", Change(&["container-removed"]), |object| {
        list(pod(object), "containers").is_some_and(|items| items.len() > 1 && items.pop().is_some())
    }),
    ("image digest", Change(&["image-"]), |object| {
        let Some(image) = container(object).and_then(|container| container.get_mut("image")) else { return false };
        *image = json!(format!("{}@sha256:{}", image.as_str().unwrap_or_default(), "ab".repeat(32)));
        true
    }),
    ("privileged", Change(&["privileged-added"]), |object| {
        let Some(container) = container(object) else { return false };
        let was = container["securityContext"]["privileged"] == true;
        container["securityContext"]["privileged"] = json!(true);
        !was
    }),
    ("host network", Change(&["host-namespace-added"]), |object| {
        let Some(pod) = pod(object) else { return false };
        let was = pod["hostNetwork"] == true;
        pod["hostNetwork"] = json!(true);
        !was
    }),
    ("host path", Change(&["host-path-added"]), |object| {
        list(pod(object), "volumes").is_some_and(|items| {
            items.push(json!({"name": "planted", "hostPath": {"path": "/"}}));
            true
        })
    }),
    ("variable from a secret", Change(&["env-source"]), |object| {
        list(container(object), "env").is_some_and(|items| {
            let plain = items.iter_mut().find(|item| item.get("value").is_some_and(Value::is_string));
            plain.is_some_and(|item| {
                let name = item["name"].clone();
                *item = json!({"name": name, "valueFrom": {"secretKeyRef": {"name": "planted", "key": "one"}}});
                true
            })
        })
    }),
    ("role widened", Change(&["rbac-"]), |object| {
        let role = kind(object, &["Role", "ClusterRole"]);
        list(Some(object), "rules").filter(|_| role).is_some_and(|rules| {
            let verbs = rules
                .iter_mut()
                .find_map(|rule| rule.get_mut("verbs")?.as_array_mut().filter(|verbs| !verbs.contains(&json!("*"))));
            verbs.is_some_and(|verbs| {
                verbs.push(json!("*"));
                true
            })
        })
    }),
    ("binding to another account", Change(&["rbac-"]), |object| {
        let binding = kind(object, &["RoleBinding", "ClusterRoleBinding"]);
        list(Some(object), "subjects").filter(|_| binding).is_some_and(|subjects| {
            subjects.push(json!({"kind": "ServiceAccount", "name": "planted", "namespace": "ns"}));
            true
        })
    }),
    ("target port", Change(&["service-port"]), |object| {
        let service = kind(object, &["Service"]);
        list(object.get_mut("spec"), "ports").filter(|_| service).and_then(|ports| ports.first_mut()).is_some_and(
            |port| {
                port["targetPort"] = json!(4711);
                true
            },
        )
    }),
    ("service selector", Change(&["service-selector"]), |object| {
        kind(object, &["Service"]) && put(object, "/spec/selector", "planted", json!("yes"))
    }),
    ("secret value", Change(&["secret-data", "config-data"]), |object| {
        kind(object, &["Secret"]) && put(object, "/data", "planted", json!("cGxhbnRlZA=="))
    }),
    ("configuration key removed", Change(&["config-data"]), |object| {
        let map = kind(object, &["ConfigMap"]);
        let data = object.get_mut("data").and_then(Value::as_object_mut).filter(|_| map);
        data.is_some_and(|data| data.keys().next().cloned().is_some_and(|key| data.remove(&key).is_some()))
    }),
    ("configuration inside changed", Change(&["config-data"]), |object| {
        let map = kind(object, &["ConfigMap"]);
        let data = object.get_mut("data").and_then(Value::as_object_mut).filter(|_| map);
        data.is_some_and(|data| data.values_mut().any(inside))
    }),
    ("recreate strategy", Change(&["strategy-recreate"]), |object| {
        let spec = kind(object, &["Deployment"]) && object["spec"]["strategy"]["type"] != "Recreate";
        if spec {
            object["spec"]["strategy"] = json!({"type": "Recreate"});
        }
        spec
    }),
    ("schedule", Change(&["schedule"]), |object| {
        kind(object, &["CronJob"]) && put(object, "/spec", "schedule", json!("7 7 7 7 7"))
    }),
    ("claim shrinks", Change(&["pvc-shrunk"]), |object| {
        kind(object, &["PersistentVolumeClaim"]) && put(object, "/spec/resources/requests", "storage", json!("1Mi"))
    }),
    ("webhook ignores failures", Change(&["webhook-policy"]), |object| {
        let hooks = kind(object, &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"]);
        list(Some(object), "webhooks").filter(|_| hooks).and_then(|hooks| hooks.first_mut()).is_some_and(|hook| {
            let new = if hook["failurePolicy"] == "Ignore" { "Fail" } else { "Ignore" };
            hook["failurePolicy"] = json!(new);
            true
        })
    }),
    ("service account of pods", Change(&["service-account-changed"]), |object| {
        pod(object).is_some_and(|pod| {
            pod["serviceAccountName"] = json!("planted");
            true
        })
    }),
    ("selector of a workload", Change(&["immutable-field"]), |object| {
        kind(object, &["Deployment", "DaemonSet", "StatefulSet"])
            && put(object, "/spec/selector/matchLabels", "planted", json!("yes"))
    }),
    ("resource field requires", Change(&["crd-field-required"]), |object| {
        schema(object).is_some_and(|schema| {
            let Some(name) = schema["properties"].as_object().and_then(|all| all.keys().next().cloned()) else {
                return false;
            };
            let had = schema["required"].as_array().cloned().unwrap_or_default();
            let is = had.contains(&json!(name));
            schema["required"] = Value::Array(had.into_iter().chain([json!(name)]).collect());
            !is
        })
    }),
    ("resource field removed", Change(&["crd-field-removed"]), |object| {
        schema(object).and_then(|schema| schema.get_mut("properties")?.as_object_mut()).is_some_and(|all| {
            let name = all.keys().next().cloned();
            name.is_some_and(|name| all.remove(&name).is_some())
        })
    }),
    ("resource field of another type", Change(&["crd-type-changed"]), |object| {
        let found = schema(object).and_then(|schema| schema.get_mut("properties")?.as_object_mut());
        found.and_then(|all| all.values_mut().find(|field| field["type"] == "string")).is_some_and(|field| {
            field["type"] = json!("integer");
            true
        })
    }),
    ("object renamed", Change(&["renamed", "stateful-renamed", "removed", "added", "-removed"]), |object| {
        let Some(name) = object["metadata"]["name"].as_str().map(str::to_owned) else { return false };
        object["metadata"]["name"] = json!(format!("{name}-two"));
        !kind(object, &["CustomResourceDefinition", "Namespace"])
    }),
    ("finalizer", Change(&[]), |object| {
        object["metadata"]["finalizers"] = json!(["planted.io/wait"]);
        true
    }),
    ("unknown field", Change(&[]), |object| {
        object.get("spec").is_some_and(Value::is_object) && put(object, "/spec", "planted", json!(1))
    }),
    ("quantities restyled", Nothing, |object| {
        let Some(container) = container(object) else { return false };
        let mut any = false;
        for side in ["limits", "requests"] {
            if let Some(all) = container.get_mut("resources").and_then(|all| all.get_mut(side)?.as_object_mut()) {
                for value in all.values_mut() {
                    any |= restyle(value);
                }
            }
        }
        any
    }),
    ("defaults written out", Nothing, |object| {
        let Some(container) = container(object) else { return false };
        let mut any = false;
        for (key, value) in
            [("terminationMessagePath", json!("/dev/termination-log")), ("terminationMessagePolicy", json!("File"))]
        {
            any |= container.get(key).is_none();
            container.as_object_mut().map(|all| all.entry(key).or_insert(value));
        }
        for port in list(Some(container), "ports").into_iter().flatten() {
            port.as_object_mut().map(|all| all.entry("protocol").or_insert(json!("TCP")));
        }
        for probe in ["livenessProbe", "readinessProbe"] {
            if let Some(all) = container.get_mut(probe).and_then(Value::as_object_mut) {
                for (key, value) in
                    [("periodSeconds", 10), ("timeoutSeconds", 1), ("failureThreshold", 3), ("successThreshold", 1)]
                {
                    all.entry(key).or_insert(json!(value));
                }
            }
        }
        if let Some(all) = pod(object).and_then(Value::as_object_mut) {
            for (key, value) in
                [("restartPolicy", "Always"), ("dnsPolicy", "ClusterFirst"), ("schedulerName", "default-scheduler")]
            {
                all.entry(key).or_insert(json!(value));
            }
            all.entry("terminationGracePeriodSeconds").or_insert(json!(30));
        }
        any && !kind(object, &["Job", "CronJob"])
    }),
    ("order of sets", Nothing, |object| {
        let mut any = false;
        for key in ["volumes", "tolerations", "imagePullSecrets", "containers"] {
            any |= list(pod(object), key).is_some_and(|items| turn(items));
        }
        for key in ["volumeMounts", "ports"] {
            any |= list(container(object), key).is_some_and(|items| turn(items));
        }
        let role = kind(object, &["Role", "ClusterRole"]);
        for rule in list(Some(object), "rules").filter(|_| role).into_iter().flatten() {
            any |= list(Some(rule), "verbs").is_some_and(|items| turn(items));
            any |= list(Some(rule), "resources").is_some_and(|items| turn(items));
        }
        let rules = list(Some(object), "rules").filter(|_| role).is_some_and(|items| turn(items));
        let service = kind(object, &["Service"]);
        rules | any | list(object.get_mut("spec"), "ports").filter(|_| service).is_some_and(|items| turn(items))
    }),
    ("order of keys", Nothing, |object| {
        *object = turned(object.take());
        true
    }),
    ("nulls and empty collections", Nothing, |object| {
        let Some(pod) = pod(object) else { return false };
        for key in ["affinity", "nodeSelector", "tolerations", "imagePullSecrets", "dnsConfig"] {
            pod.as_object_mut().map(|all| all.entry(key).or_insert(Value::Null));
        }
        if let Some(container) = container(object).and_then(Value::as_object_mut) {
            container.entry("resources").or_insert(json!({}));
            container.entry("envFrom").or_insert(json!([]));
            container.entry("lifecycle").or_insert(Value::Null);
        }
        true
    }),
];

fn kind(object: &Value, kinds: &[&str]) -> bool {
    kinds.iter().any(|kind| object["kind"] == *kind)
}

fn pod(object: &mut Value) -> Option<&mut Value> {
    let pointer = match object["kind"].as_str()? {
        "Deployment" | "StatefulSet" | "DaemonSet" => "/spec/template/spec",
        "CronJob" => "/spec/jobTemplate/spec/template/spec",
        _ => return None,
    };
    object.pointer_mut(pointer)
}

fn container(object: &mut Value) -> Option<&mut Value> {
    pod(object)?.get_mut("containers")?.get_mut(0)
}

fn list<'v>(value: Option<&'v mut Value>, key: &str) -> Option<&'v mut Vec<Value>> {
    value?.get_mut(key)?.as_array_mut()
}

fn put(object: &mut Value, pointer: &str, key: &str, value: Value) -> bool {
    object.pointer_mut(pointer).and_then(Value::as_object_mut).is_some_and(|entries| {
        let same = entries.get(key) == Some(&value);
        entries.insert(key.to_owned(), value);
        !same
    })
}

/// The schema of the specification in a custom resource definition.
fn schema(object: &mut Value) -> Option<&mut Value> {
    if !kind(object, &["CustomResourceDefinition"]) {
        return None;
    }
    object
        .pointer_mut("/spec/versions/0/schema/openAPIV3Schema/properties/spec")
        .filter(|schema| schema["properties"].is_object())
}

/// Changes one line of a text of several lines.
fn inside(value: &mut Value) -> bool {
    let Some(text) = value.as_str().filter(|text| text.contains('\n')) else { return false };
    let plain = |line: &&str| {
        let (key, value) = line.split_once([':', '=']).unwrap_or_default();
        let value = value.trim().trim_end_matches(',');
        !line.trim_start().starts_with(['#', ';', '/'])
            && !key.trim().is_empty()
            && !value.is_empty()
            && value.chars().all(char::is_alphanumeric)
    };
    let Some(line) = text.lines().find(plain) else { return false };
    let new = match line.strip_suffix(',') {
        Some(line) => format!("{line}7,"),
        None => format!("{line}7"),
    };
    let changed = format!("\n{text}\n").replacen(&format!("\n{line}\n"), &format!("\n{new}\n"), 1);
    let changed = changed.strip_prefix('\n').and_then(|text| text.strip_suffix('\n')).unwrap_or_default().to_owned();
    let differs = changed != text;
    *value = Value::String(changed);
    differs
}

fn restyle(value: &mut Value) -> bool {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let new = if let Some(number) = text.strip_suffix("Gi").and_then(|number| number.parse::<u64>().ok()) {
        format!("{}Mi", number * 1024)
    } else if let Some(number) = text.strip_suffix("Mi").and_then(|number| number.parse::<u64>().ok()) {
        format!("{}Ki", number * 1024)
    } else if let Some(number) = text.strip_suffix('m').and_then(|number| number.parse::<u64>().ok()) {
        format!("{}.{:03}", number / 1000, number % 1000)
    } else if let Ok(number) = text.parse::<u64>() {
        format!("{}m", number * 1000)
    } else {
        return false;
    };
    *value = Value::String(new);
    true
}

fn turn(items: &mut [Value]) -> bool {
    items.reverse();
    items.len() > 1
}

fn turned(value: Value) -> Value {
    match value {
        Value::Object(entries) => {
            let all: Vec<_> = entries.into_iter().rev().map(|(key, value)| (key, turned(value))).collect();
            Value::Object(Map::from_iter(all))
        }
        Value::Array(items) => Value::Array(items.into_iter().map(turned).collect()),
        other => other,
    }
}
