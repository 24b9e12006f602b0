//! Containers, pods and what runs them.
use super::{Finding, Seen, image, number, text};
use crate::engines::kube::objects::quantity::quantity;
use crate::engines::kube::objects::walk::Kind;
use crate::engines::kube::objects::{Class, Effect, Step};
use serde_json::Value;

/// Capabilities that control the node.
const GRAVE: &[&str] =
    &["ALL", "SYS_ADMIN", "SYS_PTRACE", "SYS_MODULE", "NET_ADMIN", "SYS_RAWIO", "DAC_READ_SEARCH", "BPF", "SYS_BOOT"];

/// A field of a container.
pub(super) fn container(seen: &Seen<'_>) -> Finding {
    let raw = seen.raw;
    let rest = seen.rest("container");
    if raw.kind == Kind::Moved {
        return Finding::of(Class::ContainerMoved);
    }
    let mut words = rest.split('.');
    match words.next().unwrap_or_default() {
        "" => whole(seen),
        "image" => match image::class(text(raw.before.as_ref()), text(raw.after.as_ref())) {
            Some((class, detail)) => Finding { class, detail, ..Finding::default() },
            None => Finding::of(Class::ImageTag),
        },
        "imagePullPolicy" => Finding::of(Class::PullPolicy),
        "env" => environment(seen, rest),
        "envFrom" => Finding::of(Class::EnvSource),
        "args" => Finding::of(Class::Args),
        "command" => Finding::of(Class::Command),
        "resources" => resources(seen, rest),
        "livenessProbe" | "readinessProbe" | "startupProbe" => {
            Finding::of(match (rest.contains('.'), &raw.before, &raw.after) {
                (false, Some(_), None) => Class::ProbeRemoved,
                (false, None, Some(_)) => Class::ProbeAdded,
                _ => Class::ProbeChanged,
            })
        }
        "securityContext" => security(seen, rest),
        "volumeMounts" | "volumeDevices" => Finding::of(Class::Volume),
        "ports" => Finding::of(Class::ContainerPort),
        "lifecycle"
        | "restartPolicy"
        | "terminationMessagePolicy"
        | "terminationMessagePath"
        | "workingDir"
        | "stdin"
        | "tty" => Finding::of(Class::Lifecycle),
        _ => Finding::of(Class::OtherField),
    }
}

fn whole(seen: &Seen<'_>) -> Finding {
    let raw = seen.raw;
    let value = raw.after.as_ref().or(raw.before.as_ref());
    let privileged = value.and_then(|value| value.pointer("/securityContext/privileged")).and_then(Value::as_bool);
    Finding::of(match (&raw.before, &raw.after) {
        (None, _) if privileged == Some(true) => Class::PrivilegedAdded,
        (None, _) => Class::ContainerAdded,
        _ => Class::ContainerRemoved,
    })
}

fn environment(seen: &Seen<'_>, rest: &str) -> Finding {
    let raw = seen.raw;
    if raw.kind == Kind::Order {
        return Finding::of(Class::ListOrder);
    }
    if rest.starts_with("env.valueFrom") {
        return Finding::of(Class::EnvSource);
    }
    if rest != "env" {
        return Finding::of(if rest == "env.value" { Class::EnvValue } else { Class::EnvSource });
    }
    if raw.after.is_some() {
        return Finding::of(if raw.before.is_some() { Class::EnvSource } else { Class::EnvAdded });
    }
    let name = raw.path.names().next_back().unwrap_or_default();
    let reference = format!("$({name})");
    let used = seen.b.manifest.text.contains(&reference);
    let detail = if used { format!("{reference} is still used") } else { String::new() };
    Finding { class: if used { Class::EnvRequiredRemoved } else { Class::EnvRemoved }, detail, ..Finding::default() }
}

fn resources(seen: &Seen<'_>, rest: &str) -> Finding {
    let raw = seen.raw;
    let amount = |value: &Option<Value>| {
        let text = value.as_ref().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        text.and_then(|text| quantity(&text))
    };
    let limit = rest.starts_with("resources.limits.");
    let memory = rest == "resources.limits.memory";
    let class = match (amount(&raw.before), amount(&raw.after)) {
        (Some(_), None) if memory && raw.after.is_none() => Class::MemoryLimitRemoved,
        (Some(one), Some(two)) if memory && two < one => Class::MemoryLimitLowered,
        (Some(one), Some(two)) if limit && two > one => Class::LimitRaised,
        _ => Class::Resources,
    };
    Finding::of(class)
}

/// The security context of a container or a pod.
pub(super) fn security(seen: &Seen<'_>, rest: &str) -> Finding {
    let raw = seen.raw;
    let key = rest.strip_prefix("securityContext.").unwrap_or_default();
    let (before, after) = (raw.before.as_ref(), raw.after.as_ref());
    let flag = |value: Option<&Value>| value.and_then(Value::as_bool).unwrap_or(false);
    let towards = |good: bool| if good { Class::SecurityStrengthened } else { Class::SecurityWeakened };
    let label = raw.path.names().next_back().unwrap_or_default();
    let class = match key {
        "privileged" => {
            if flag(after) {
                Class::PrivilegedAdded
            } else {
                Class::SecurityStrengthened
            }
        }
        "runAsNonRoot" | "readOnlyRootFilesystem" => towards(flag(after)),
        "allowPrivilegeEscalation" => towards(after == Some(&Value::Bool(false))),
        "runAsUser" | "runAsGroup" => match (number(before), number(after)) {
            (_, Some(0)) => Class::SecurityWeakened,
            (Some(0), Some(_)) => Class::SecurityStrengthened,
            _ => Class::SecurityChanged,
        },
        "capabilities.add" => capabilities(before, after, label),
        "capabilities.drop" => towards(after.is_some() && before.is_none()),
        _ if key.starts_with("seccompProfile") || key.starts_with("appArmorProfile") => {
            match (text_in(before), text_in(after)) {
                (_, "Unconfined") | (_, "") if !text_in(before).is_empty() => Class::SecurityWeakened,
                ("Unconfined" | "", _) => Class::SecurityStrengthened,
                _ => Class::SecurityChanged,
            }
        }
        _ => Class::SecurityChanged,
    };
    Finding::of(class)
}

fn capabilities(before: Option<&Value>, after: Option<&Value>, _label: &str) -> Class {
    let names = |value: Option<&Value>| -> Vec<String> {
        match value {
            Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            Some(Value::String(text)) => vec![text.clone()],
            _ => Vec::new(),
        }
    };
    let old = names(before);
    let new: Vec<String> = names(after).into_iter().filter(|name| !old.contains(name)).collect();
    let grave = |name: &String| GRAVE.contains(&name.strip_prefix("CAP_").unwrap_or(name));
    match (new.is_empty(), new.iter().any(grave)) {
        (true, _) => Class::SecurityStrengthened,
        (false, true) => Class::CapabilityAdded,
        (false, false) => Class::SecurityWeakened,
    }
}

fn text_in(value: Option<&Value>) -> &str {
    match value {
        Some(Value::String(text)) => text,
        Some(Value::Object(entries)) => entries.get("type").and_then(Value::as_str).unwrap_or_default(),
        _ => "",
    }
}

/// A field of a pod outside its containers.
pub(super) fn pod(seen: &Seen<'_>) -> Finding {
    let raw = seen.raw;
    let rest = seen.rest("pod");
    let on = raw.after == Some(Value::Bool(true));
    let class = match rest.split('.').next().unwrap_or_default() {
        "hostNetwork" | "hostPID" | "hostIPC" if on => Class::HostNamespaceAdded,
        "hostNetwork" | "hostPID" | "hostIPC" | "hostUsers" => Class::SecurityStrengthened,
        "volumes" => volume(seen),
        "securityContext" => return security(seen, rest),
        "serviceAccountName" | "serviceAccount" => Class::ServiceAccountChanged,
        "automountServiceAccountToken" => {
            if raw.after == Some(Value::Bool(false)) {
                Class::SecurityStrengthened
            } else {
                Class::SecurityWeakened
            }
        }
        "imagePullSecrets" => Class::PullSecrets,
        "affinity"
        | "tolerations"
        | "nodeSelector"
        | "topologySpreadConstraints"
        | "priorityClassName"
        | "priority"
        | "nodeName"
        | "schedulerName"
        | "runtimeClassName" => Class::Scheduling,
        "terminationGracePeriodSeconds"
        | "restartPolicy"
        | "dnsPolicy"
        | "dnsConfig"
        | "hostAliases"
        | "enableServiceLinks"
        | "shareProcessNamespace"
        | "activeDeadlineSeconds"
        | "readinessGates" => Class::Lifecycle,
        "initContainers" | "containers" if raw.kind == Kind::Order => Class::ListOrder,
        "containers" | "initContainers" if raw.before.is_none() => Class::ContainerAdded,
        "containers" | "initContainers" if raw.after.is_none() => Class::ContainerRemoved,
        _ => Class::OtherField,
    };
    Finding::of(class)
}

fn volume(seen: &Seen<'_>) -> Class {
    let host = |value: &Option<Value>| value.as_ref().is_some_and(|value| holds(value, "hostPath", 0));
    let path = seen.raw.schema.contains(".hostPath");
    if seen.raw.after.is_some() && (path || host(&seen.raw.after) && !host(&seen.raw.before)) {
        Class::HostPathAdded
    } else {
        Class::Volume
    }
}

fn holds(value: &Value, key: &str, depth: usize) -> bool {
    match value {
        Value::Object(entries) => {
            entries.iter().any(|(name, value)| name == key || depth < 4 && holds(value, key, depth + 1))
        }
        Value::Array(items) => depth < 4 && items.iter().any(|item| holds(item, key, depth + 1)),
        _ => false,
    }
}

/// A field of a workload outside its pod template.
pub(super) fn controller(seen: &Seen<'_>) -> Finding {
    let raw = seen.raw;
    let rest = seen.field();
    let class = match rest.split('.').take(2).collect::<Vec<_>>().join(".").as_str() {
        "spec.replicas" => return replicas(seen),
        "spec.strategy" | "spec.updateStrategy" => {
            let recreate =
                |value: &Option<Value>| value.as_ref().is_some_and(|value| text_in(Some(value)) == "Recreate");
            if recreate(&raw.after) { Class::StrategyRecreate } else { Class::Strategy }
        }
        "spec.schedule" | "spec.timeZone" | "spec.suspend" | "spec.concurrencyPolicy" => Class::Schedule,
        "spec.minReadySeconds"
        | "spec.progressDeadlineSeconds"
        | "spec.revisionHistoryLimit"
        | "spec.podManagementPolicy"
        | "spec.paused" => Class::Strategy,
        _ => Class::OtherField,
    };
    Finding {
        effect: if class == Class::StrategyRecreate { Effect::Disruption } else { Effect::None },
        ..Finding::of(class)
    }
}

fn replicas(seen: &Seen<'_>) -> Finding {
    let count = |value: Option<&Value>| if value.is_some() { number(value) } else { Some(1) };
    let (before, after) = (count(seen.raw.before.as_ref()), count(seen.raw.after.as_ref()));
    if seen.raw.after.is_none() {
        // An absent count leaves the number to an autoscaler.
        return Finding::with(Class::Replicas, "the count is no longer set");
    }
    match (before, after) {
        (_, Some(0)) => Finding { effect: Effect::Disruption, ..Finding::of(Class::ReplicasToZero) },
        (Some(one), Some(two)) if two < one => Finding::with(Class::Replicas, "fewer pods"),
        (Some(_), Some(_)) => Finding::with(Class::Replicas, "more pods"),
        _ => Finding::of(Class::Replicas),
    }
}

/// Whether a path leads into a list element, as its last step.
pub(super) fn element(seen: &Seen<'_>) -> bool {
    matches!(seen.raw.path.0.last(), Some(Step::Item { .. }))
}
