//! Which rule speaks of a kind of change, and what it adds to or takes from the rule's base.
use super::rules::*;
use crate::engines::kube::objects::{Change, Class};
use crate::model::Rule;

/// The rule, tenths of points besides its base, and why.
pub(super) fn rule(class: Class) -> (&'static Rule, i32, &'static str) {
    grave(class).or_else(|| serious(class)).or_else(|| plain(class)).unwrap_or((K8S039, 0, ""))
}

/// The same between environments that both stay as they are: nothing is deleted there and nothing is refused, one of them
/// only is not like the other.
pub(super) fn lasting(change: &Change) -> (&'static Rule, i32, &'static str) {
    use Class::{
        CrdRemoved, ImmutableField, NamespaceChanged, NamespaceRemoved, PvRemoved, PvcRemoved, PvcShrunk, Renamed,
        StatefulRenamed, StatefulSetRemoved, StorageClass,
    };
    let claims = change.path.names().any(|name| name == "resources");
    let rule = match (change.class, change.object.kind.as_str()) {
        (PvcRemoved | PvRemoved | NamespaceRemoved | CrdRemoved | StatefulSetRemoved, _) => K8S010,
        (StatefulRenamed | NamespaceChanged | Renamed, _) => K8S044,
        (PvcShrunk, _) => K8S032,
        (ImmutableField, "StatefulSet" | "PersistentVolumeClaim") if claims => K8S032,
        (StorageClass, _) => K8S038,
        (ImmutableField, "StatefulSet" | "PersistentVolumeClaim" | "PersistentVolume" | "StorageClass") => K8S038,
        (ImmutableField, "RoleBinding" | "ClusterRoleBinding") => K8S016,
        (ImmutableField, "ConfigMap") => K8S034,
        (ImmutableField, "Secret") => K8S037,
        (ImmutableField, _) => K8S039,
        (class, _) => return rule(class),
    };
    (rule, 0, "")
}

type Weight = Option<(&'static Rule, i32, &'static str)>;

/// Data is lost, the API refuses it, the cluster opens.
fn grave(class: Class) -> Weight {
    use Class::{
        CapabilityAdded, CrdFieldRemoved, CrdFieldRequired, CrdRemoved, CrdScopeChanged, CrdStorageChanged,
        CrdTypeChanged, CrdVersionRemoved, HostNamespaceAdded, HostPathAdded, ImmutableField, NamespaceChanged,
        NamespaceRemoved, PrivilegedAdded, PvRemoved, PvcRemoved, PvcShrunk, RbacClusterAdmin, RbacEscalation,
        RbacSecrets, RbacWildcard, ReplicasToZero, StatefulRenamed, StatefulSetRemoved, StorageClass,
    };
    Some(match class {
        PvcRemoved | PvRemoved | NamespaceRemoved | CrdRemoved | StatefulRenamed | NamespaceChanged => (K8S001, 0, ""),
        StatefulSetRemoved => (K8S001, 0, ""),
        ImmutableField | CrdScopeChanged => (K8S002, 0, ""),
        PrivilegedAdded | HostNamespaceAdded | HostPathAdded | CapabilityAdded => (K8S003, 0, ""),
        RbacWildcard | RbacEscalation | RbacSecrets | RbacClusterAdmin => (K8S004, 0, ""),
        ReplicasToZero => (K8S005, 0, ""),
        CrdVersionRemoved | CrdFieldRequired | CrdTypeChanged => (K8S006, 0, ""),
        CrdFieldRemoved => (K8S006, -5, "only the values of that field are lost"),
        CrdStorageChanged => (K8S006, -5, "both versions are served while objects are migrated"),
        PvcShrunk => (K8S007, 5, "the API refuses it"),
        StorageClass => (K8S007, -20, "volumes that exist stay where they are"),
        _ => return None,
    })
}

/// Clients break, or security or availability weaken.
fn serious(class: Class) -> Weight {
    use Class::{
        ConfigRemoved, EnvRequiredRemoved, ImageDigestDropped, ImageDowngrade, ImageLatest, ImageMajor,
        ImageRepository, IngressClass, IngressHost, IngressPath, IngressTls, MemoryLimitLowered, MemoryLimitRemoved,
        NetworkPolicyRemoved, NetworkPolicyWidened, OtherRemoved, PdbBlocks, PdbRemoved, ProbeRemoved, RbacBinding,
        RbacWidened, RouteRemoved, SecretRemoved, SecurityWeakened, ServiceAccountChanged, ServiceAccountRemoved,
        ServicePort, ServiceRemoved, ServiceSelector, ServiceType, StrategyRecreate, WebhookCaBundle, WebhookPolicy,
        WebhookRules, WorkloadRemoved,
    };
    Some(match class {
        WorkloadRemoved | ServiceRemoved | RouteRemoved | PdbRemoved | SecretRemoved | ConfigRemoved => (K8S010, 0, ""),
        ServiceAccountRemoved => (K8S010, 0, ""),
        OtherRemoved => (K8S010, -20, "nothing in these manifests names it"),
        ServiceType | ServicePort | ServiceSelector => (K8S011, 0, ""),
        IngressHost | IngressPath | IngressTls | IngressClass => (K8S012, 0, ""),
        NetworkPolicyRemoved | NetworkPolicyWidened => (K8S013, 0, ""),
        ImageMajor | ImageRepository | ImageDigestDropped | ImageLatest | ImageDowngrade => (K8S014, 0, ""),
        SecurityWeakened => (K8S015, 0, ""),
        RbacWidened | RbacBinding | ServiceAccountChanged => (K8S016, 0, ""),
        WebhookPolicy | WebhookCaBundle => (K8S017, 0, ""),
        WebhookRules => (K8S017, -25, "it is asked in other cases, and answers as before"),
        ProbeRemoved => (K8S018, 0, ""),
        MemoryLimitLowered | MemoryLimitRemoved => (K8S019, 0, ""),
        PdbBlocks | StrategyRecreate => (K8S020, 0, ""),
        EnvRequiredRemoved => (K8S036, 30, "others are made of it"),
        _ => return None,
    })
}

/// It behaves otherwise, or hardly.
fn plain(class: Class) -> Weight {
    use Class::{
        Added, Annotation, ApiVersion, Args, Autoscaling, AutoscalingMetrics, Command, ConfigData, ContainerAdded,
        ContainerMoved, ContainerPort, ContainerRemoved, CrdFieldAdded, CrdSchema, CrdVersionAdded, EnvAdded,
        EnvRemoved, EnvSource, EnvValue, ImageDigest, ImageMinor, ImagePatch, ImageTag, Label, Lifecycle, LimitRaised,
        NetworkPolicyChanged, NetworkPolicyNarrowed, PdbChanged, PodAnnotation, PodLabel, ProbeAdded, ProbeChanged,
        PullPolicy, PullSecrets, PvcGrown, RbacAdded, RbacNarrowed, Renamed, Replicas, Resources, RouteSetting,
        Schedule, Scheduling, SecretData, SecurityChanged, SecurityStrengthened, ServiceSetting, Strategy, Unused,
        Volume,
    };
    Some(match class {
        ImageMinor | ImageTag | ImageDigest => (K8S030, 0, ""),
        ImagePatch => (K8S030, -5, "only the patch version"),
        Replicas | Autoscaling => (K8S031, 0, ""),
        Resources => (K8S032, 0, ""),
        Args | Command => (K8S033, 0, ""),
        ConfigData => (K8S034, 0, ""),
        ProbeAdded | ProbeChanged => (K8S035, 0, ""),
        EnvValue | EnvSource | EnvRemoved => (K8S036, 0, ""),
        EnvAdded => (K8S036, -10, "it is only there in addition"),
        SecretData => (K8S037, 0, ""),
        Volume | Scheduling => (K8S038, 0, ""),
        Added => (K8S040, 0, ""),
        RbacAdded => (K8S040, 20, "it gives rights"),
        PodLabel | PodAnnotation => (K8S041, 0, ""),
        AutoscalingMetrics
        | RbacNarrowed
        | LimitRaised
        | PullPolicy
        | SecurityStrengthened
        | NetworkPolicyNarrowed
        | CrdFieldAdded
        | CrdVersionAdded
        | PvcGrown
        | Unused => (K8S042, 0, ""),
        Label | Annotation => (K8S043, 0, ""),
        Renamed => (K8S044, 30, "the cluster deletes the one and creates the other"),
        ApiVersion => (K8S045, 0, ""),
        ContainerAdded | ContainerRemoved | ContainerMoved => (K8S039, 5, "a whole container"),
        ContainerPort | Schedule | Strategy | Lifecycle | PullSecrets | SecurityChanged | ServiceSetting
        | RouteSetting | NetworkPolicyChanged | PdbChanged | CrdSchema => (K8S039, 0, ""),
        _ => return None,
    })
}

/// Whether environments may differ in it without anyone being surprised: their size.
pub(super) fn is_size(class: Class) -> bool {
    use Class::{
        Autoscaling, AutoscalingMetrics, LimitRaised, MemoryLimitLowered, PvcGrown, PvcShrunk, Replicas, Resources,
    };
    matches!(
        class,
        Autoscaling
            | AutoscalingMetrics
            | LimitRaised
            | MemoryLimitLowered
            | PvcGrown
            | PvcShrunk
            | Replicas
            | Resources
    )
}
