//! Budgets, autoscalers, webhooks, definitions, configuration, custom resources, and objects that come or go.
use super::{Finding, Seen, image, network, number, text, workload};
use crate::engines::kube::objects::document::{Object, at};
use crate::engines::kube::objects::quantity::percent;
use crate::engines::kube::objects::world::Context;
use crate::engines::kube::objects::{Class, Effect};
use crate::engines::yaml::Node;
use serde_json::Value;

/// A field of a disruption budget.
pub(super) fn budget(seen: &Seen<'_>, context: &Context) -> Finding {
    if !matches!(seen.field(), "spec.minAvailable" | "spec.maxUnavailable") {
        return Finding::of(Class::PdbChanged);
    }
    let replicas = selected(seen.b.node, context);
    let value = |key| seen.b.at(&["spec", key]).and_then(Node::scalar_str).map(str::to_owned);
    let full = |text: &str| percent(text).is_some_and(|share| share >= 100.0);
    let blocks = match (value("minAvailable"), value("maxUnavailable")) {
        (Some(least), _) => {
            full(&least) || least.parse::<i64>().is_ok_and(|least| replicas.is_some_and(|all| least >= all))
        }
        (None, Some(most)) => most == "0" || most == "0%",
        (None, None) => false,
    };
    let detail = replicas.map(|count| format!("{count} pods")).unwrap_or_default();
    Finding::with(if blocks { Class::PdbBlocks } else { Class::PdbChanged }, detail)
}

/// How many pods a budget selects.
fn selected(node: &Node, context: &Context) -> Option<i64> {
    let labels = at(node, &["spec", "selector", "matchLabels"])?;
    let wanted: Vec<(String, String)> =
        labels.as_map().iter().filter_map(|(key, value)| Some((key.scalar_text()?, value.scalar_text()?))).collect();
    let fits = |pods: &std::collections::BTreeMap<String, String>| {
        wanted.iter().all(|(key, value)| pods.get(key) == Some(value))
    };
    let all: Vec<i64> = context.replicas.iter().filter(|(pods, _)| fits(pods)).map(|(_, count)| *count).collect();
    (!all.is_empty()).then(|| all.iter().fold(0_i64, |sum, count| sum.saturating_add(*count)))
}

/// A field of an autoscaler.
pub(super) fn autoscaler(seen: &Seen<'_>) -> Finding {
    let field = seen.field();
    let metrics = ["spec.metrics", "spec.behavior", "spec.targetCPU", "spec.targetMemory"];
    if metrics.iter().any(|start| field.starts_with(start)) {
        return Finding::of(Class::AutoscalingMetrics);
    }
    if field == "spec.maxReplicas" && number(seen.raw.after.as_ref()) == Some(0) {
        return Finding::of(Class::ReplicasToZero);
    }
    Finding::of(if field.starts_with("spec") { Class::Autoscaling } else { Class::OtherField })
}

/// A field of an admission webhook.
pub(super) fn webhook(seen: &Seen<'_>) -> Finding {
    let field = seen.field();
    Finding::of(match field.rsplit('.').next().unwrap_or_default() {
        "failurePolicy" => Class::WebhookPolicy,
        "caBundle" => Class::WebhookCaBundle,
        _ => Class::WebhookRules,
    })
}

/// A field of a custom resource definition.
pub(super) fn definition(seen: &Seen<'_>) -> Finding {
    let raw = seen.raw;
    let field = seen.field();
    let class = match raw.tag {
        "field-removed" => Class::CrdFieldRemoved,
        "field-added" => Class::CrdFieldAdded,
        "required-added" => Class::CrdFieldRequired,
        "type" => Class::CrdTypeChanged,
        "required-removed" | "enum-added" | "enum-removed" | "schema" => Class::CrdSchema,
        _ => match field {
            "spec.versions" if raw.after.is_none() => Class::CrdVersionRemoved,
            "spec.versions" => Class::CrdVersionAdded,
            "spec.versions.served" if raw.after == Some(Value::Bool(false)) => Class::CrdVersionRemoved,
            "spec.versions.served" => Class::CrdVersionAdded,
            "spec.versions.storage" => Class::CrdStorageChanged,
            _ => Class::CrdSchema,
        },
    };
    let effect = if class == Class::CrdFieldRemoved || class == Class::CrdVersionRemoved {
        Effect::DeletesData
    } else {
        Effect::None
    };
    Finding { class, effect, ..Finding::default() }
}

/// A field of a claim's template, a storage class, a volume.
pub(super) fn storage(seen: &Seen<'_>) -> Finding {
    let field = seen.field();
    if field.ends_with("storageClassName") {
        return Finding::of(Class::StorageClass);
    }
    Finding::of(if field.contains("storage") { Class::Volume } else { Class::OtherField })
}

/// A field of a custom resource, as far as names tell.
pub(super) fn custom(seen: &Seen<'_>) -> Finding {
    if network::ROUTES.contains(&seen.b.id.kind.as_str()) {
        return network::route(seen);
    }
    let raw = seen.raw;
    let (before, after) = (text(raw.before.as_ref()), text(raw.after.as_ref()));
    let last = raw.path.names().next_back().unwrap_or_default();
    match last {
        _ if last.to_ascii_lowercase().ends_with("image") && !before.is_empty() && !after.is_empty() => {
            match image::class(before, after) {
                Some((class, detail)) => Finding::with(class, detail),
                None => Finding::of(Class::CustomField),
            }
        }
        "tag" if !before.is_empty() && !after.is_empty() => {
            let (class, detail) = image::tags(before, after);
            Finding::with(class, detail)
        }
        "replicas" if number(raw.after.as_ref()) == Some(0) => Finding::of(Class::ReplicasToZero),
        "replicas" => Finding::of(Class::Replicas),
        "storageClassName" => Finding::of(Class::StorageClass),
        "minReplicas" | "maxReplicas" | "minReplicaCount" | "maxReplicaCount" => Finding::of(Class::Autoscaling),
        _ => Finding::of(Class::CustomField),
    }
}

/// A label or annotation of the object itself.
pub(super) fn metadata(seen: &Seen<'_>) -> Finding {
    let names: Vec<&str> = seen.raw.path.names().collect();
    let key = names.get(2).copied().unwrap_or_default();
    let kind = seen.b.id.kind.as_str();
    Finding::of(match names.get(1).copied().unwrap_or_default() {
        "labels" => Class::Label,
        "annotations" if kind == "Ingress" && key.contains("ingress") && key != "meta.helm.sh/release-name" => {
            Class::RouteSetting
        }
        "annotations" if kind == "Ingress" && key.contains("kubernetes.io/ingress.class") => Class::IngressClass,
        "annotations" if kind == "Service" && (key.contains("load-balancer") || key.contains("service.beta")) => {
            Class::ServiceSetting
        }
        "annotations" => Class::Annotation,
        _ => Class::OtherField,
    })
}

/// An object that is gone. `named` says whether something that stays names it.
pub(super) fn removed(object: &Object<'_>, named: bool) -> Finding {
    let (class, effect) = match object.id.kind.as_str() {
        _ if network::ROUTES.contains(&object.id.kind.as_str()) => (Class::RouteRemoved, Effect::Disruption),
        _ if !object.builtin() => (Class::OtherRemoved, Effect::None),
        "PersistentVolumeClaim" => (Class::PvcRemoved, Effect::DeletesData),
        "PersistentVolume" => (Class::PvRemoved, Effect::DeletesData),
        "StatefulSet" => (Class::StatefulSetRemoved, Effect::Disruption),
        "Namespace" => (Class::NamespaceRemoved, Effect::DeletesData),
        "CustomResourceDefinition" => (Class::CrdRemoved, Effect::DeletesData),
        "Deployment" | "DaemonSet" | "ReplicaSet" | "Pod" => (Class::WorkloadRemoved, Effect::Disruption),
        "Service" => (Class::ServiceRemoved, Effect::Disruption),
        "Ingress" => (Class::RouteRemoved, Effect::Disruption),
        "NetworkPolicy" => (Class::NetworkPolicyRemoved, Effect::None),
        "PodDisruptionBudget" => (Class::PdbRemoved, Effect::None),
        "Secret" if named => (Class::SecretRemoved, Effect::Disruption),
        "ConfigMap" if named => (Class::ConfigRemoved, Effect::Disruption),
        "ServiceAccount" if named => (Class::ServiceAccountRemoved, Effect::Disruption),
        "Secret" | "ConfigMap" | "ServiceAccount" => (Class::Unused, Effect::None),
        "Role" | "ClusterRole" | "RoleBinding" | "ClusterRoleBinding" => (Class::RbacNarrowed, Effect::None),
        "HorizontalPodAutoscaler" => (Class::Autoscaling, Effect::None),
        _ => (Class::OtherRemoved, Effect::None),
    };
    Finding { class, effect, ..Finding::default() }
}

/// A field of a kind with a table of its own.
pub(super) fn builtin(seen: &Seen<'_>, context: &Context) -> Finding {
    match seen.b.id.kind.as_str() {
        "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Job" | "CronJob" => workload::controller(seen),
        "Service" => network::service(seen),
        "Ingress" => network::ingress(seen),
        "NetworkPolicy" => network::policy(seen),
        "PodDisruptionBudget" => budget(seen, context),
        "HorizontalPodAutoscaler" => autoscaler(seen),
        "MutatingWebhookConfiguration" | "ValidatingWebhookConfiguration" => webhook(seen),
        "CustomResourceDefinition" => definition(seen),
        "ConfigMap" => Finding::of(Class::ConfigData),
        "Secret" => Finding::of(Class::SecretData),
        "ServiceAccount" if seen.field().starts_with("imagePullSecrets") => Finding::of(Class::PullSecrets),
        "ServiceAccount" if seen.field() == "automountServiceAccountToken" => {
            let off = seen.raw.after == Some(Value::Bool(false));
            Finding::of(if off { Class::SecurityStrengthened } else { Class::SecurityWeakened })
        }
        "PersistentVolume" | "PersistentVolumeClaim" | "StorageClass" => storage(seen),
        "RoleBinding" | "ClusterRoleBinding" => super::rbac::binding(seen),
        _ => Finding::of(Class::OtherField),
    }
}
