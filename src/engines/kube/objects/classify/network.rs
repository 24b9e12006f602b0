//! Services, routes and network policies.
use super::workload::element;
use super::{Finding, Seen};
use crate::engines::kube::objects::Class;

/// A field of a Service.
pub(super) fn service(seen: &Seen<'_>) -> Finding {
    let field = seen.field();
    let class = match field.split('.').nth(1).unwrap_or_default() {
        "type" => Class::ServiceType,
        "ports" if field.ends_with(".nodePort") => Class::ServiceSetting,
        "ports" if matches!(field, "spec.ports.name" | "spec.ports.appProtocol") => Class::ServiceSetting,
        "ports" => Class::ServicePort,
        "selector" => Class::ServiceSelector,
        _ => Class::ServiceSetting,
    };
    Finding::of(class)
}

/// A field of an Ingress.
pub(super) fn ingress(seen: &Seen<'_>) -> Finding {
    let field = seen.field();
    Finding::of(match field {
        "spec.rules" | "spec.rules.host" => Class::IngressHost,
        "spec.ingressClassName" => Class::IngressClass,
        _ if field.starts_with("spec.rules") || field.starts_with("spec.defaultBackend") => Class::IngressPath,
        _ if field.starts_with("spec.tls") => Class::IngressTls,
        _ => Class::RouteSetting,
    })
}

/// A field of a route that is a custom resource.
pub(super) fn route(seen: &Seen<'_>) -> Finding {
    let field = seen.field();
    let second = field.split('.').nth(1).unwrap_or_default();
    Finding::of(match second {
        "hostnames" | "hosts" | "host" | "virtualhost" => Class::IngressHost,
        "tls" => Class::IngressTls,
        "gateways" | "parentRefs" | "gatewayClassName" | "entryPoints" => Class::IngressClass,
        "rules" | "http" | "routes" | "path" | "to" | "port" | "tcp" | "listeners" | "servers" => Class::IngressPath,
        _ => Class::RouteSetting,
    })
}

/// Kinds of custom resources that are ways into the cluster.
pub(super) const ROUTES: &[&str] = &[
    "HTTPRoute",
    "GRPCRoute",
    "TCPRoute",
    "TLSRoute",
    "UDPRoute",
    "Gateway",
    "VirtualService",
    "IngressRoute",
    "IngressRouteTCP",
    "Route",
    "HTTPProxy",
    "VirtualServer",
    "Ambassador",
    "Mapping",
];

/// A field of a NetworkPolicy: an element more lets more through, a whole list of peers or ports less does so too.
pub(super) fn policy(seen: &Seen<'_>) -> Finding {
    let field = seen.field();
    let (added, removed) = (seen.raw.before.is_none(), seen.raw.after.is_none());
    let direction = matches!(field.split('.').nth(1), Some("ingress" | "egress"));
    let restricts = field == "spec.policyTypes" || field.ends_with(".except");
    // A missing list of peers or ports means all of them; an element of it is one of those allowed.
    let wider = match (direction || restricts, element(seen) || field == "spec.ingress" || field == "spec.egress") {
        (false, _) => None,
        (true, true) => Some(added != restricts),
        (true, false) => Some(removed && (restricts || field.split('.').count() == 3)),
    };
    Finding::of(match wider {
        Some(true) if added || removed => Class::NetworkPolicyWidened,
        Some(false) if added || removed => Class::NetworkPolicyNarrowed,
        _ => Class::NetworkPolicyChanged,
    })
}
