//! Kinds of change, with the severity each has by itself and the reason.

/// How grave a kind of change is by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// No effect.
    Info,
    /// Expected or reversible.
    Low,
    /// Behaves differently.
    Medium,
    /// Clients break, or the posture of security or availability weakens.
    High,
    /// Data is lost, the API rejects it, or the cluster opens.
    Critical,
}

/// What applying a change does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Nothing beyond the object itself.
    #[default]
    None,
    /// Pods are replaced one after the other.
    Restart,
    /// A service or route is interrupted, or fewer pods run.
    Disruption,
    /// The object is deleted and made anew.
    Recreate,
    /// Data, or objects that depend on it, are deleted.
    DeletesData,
    /// The API refuses it.
    RejectedByApi,
}

macro_rules! classes {
    ($($name:ident $slug:literal $severity:ident $reason:literal)*) => {
        /// What kind of change it is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Class {
            $(#[doc = $reason] $name,)*
        }

        impl Class {
            /// All of them.
            pub const ALL: &'static [Class] = &[$(Class::$name,)*];

            /// A word for it that never changes.
            pub fn slug(self) -> &'static str {
                match self { $(Class::$name => $slug,)* }
            }

            /// How grave it is by itself.
            pub fn severity(self) -> Severity {
                match self { $(Class::$name => Severity::$severity,)* }
            }

            /// Why: one short sentence.
            pub fn reason(self) -> &'static str {
                match self { $(Class::$name => $reason,)* }
            }
        }
    };
}

classes! {
    PvcRemoved "pvc-removed" Critical "A PersistentVolumeClaim is removed: its data may be deleted."
    PvRemoved "pv-removed" Critical "A PersistentVolume is removed: its data may be deleted."
    StatefulSetRemoved "statefulset-removed" Critical "A StatefulSet is removed: its pods go, and its volumes are orphaned."
    NamespaceRemoved "namespace-removed" Critical "A Namespace is removed with everything in it."
    CrdRemoved "crd-removed" Critical "A custom resource definition is removed with all its resources."
    CrdVersionRemoved "crd-version-removed" Critical "A version of a custom resource is removed or no longer served."
    CrdStorageChanged "crd-storage-changed" Critical "The stored version of a custom resource changes: stored objects must be migrated."
    CrdFieldRequired "crd-field-required" Critical "A field of a custom resource becomes required: existing objects are refused."
    CrdFieldRemoved "crd-field-removed" Critical "A field of a custom resource is removed: its values are dropped."
    CrdTypeChanged "crd-type-changed" Critical "A field of a custom resource changes its type: existing objects are refused."
    CrdScopeChanged "crd-scope-changed" Critical "Scope or names of a custom resource change, which the API refuses."
    PvcShrunk "pvc-shrunk" Critical "A volume claim asks for less than before, which the API refuses."
    StatefulRenamed "stateful-renamed" Critical "A workload or claim with state has another name: a new one is made, the old one is deleted."
    NamespaceChanged "namespace-changed" Critical "An object moves to another namespace: it is deleted and made anew."
    ImmutableField "immutable-field" Critical "The API refuses to change this field of an existing object."
    PrivilegedAdded "privileged-added" Critical "A container becomes privileged."
    HostNamespaceAdded "host-namespace-added" Critical "A pod shares a namespace of its node."
    HostPathAdded "host-path-added" Critical "A pod mounts a path of its node."
    CapabilityAdded "capability-added" Critical "A container gains a capability that controls its node."
    RbacWildcard "rbac-wildcard" Critical "A role gains a wildcard."
    RbacEscalation "rbac-escalation" Critical "A role gains the right to widen rights."
    RbacSecrets "rbac-secrets" Critical "A role may read the secrets of the whole cluster."
    RbacClusterAdmin "rbac-cluster-admin" Critical "A binding gives the whole cluster away."
    ReplicasToZero "replicas-to-zero" Critical "A workload is scaled to nothing: the service is off."
    WorkloadRemoved "workload-removed" High "A workload is removed."
    ServiceRemoved "service-removed" High "A Service is removed: its clients break."
    RouteRemoved "route-removed" High "A way into the cluster is removed."
    NetworkPolicyRemoved "network-policy-removed" High "A NetworkPolicy is removed: traffic opens."
    PdbRemoved "pdb-removed" High "A disruption budget is removed: drains may stop all pods at once."
    SecretRemoved "secret-removed" High "A Secret is removed that is still referenced."
    ConfigRemoved "config-removed" High "A ConfigMap is removed that is still referenced."
    ServiceAccountRemoved "service-account-removed" High "A ServiceAccount is removed that is still referenced."
    ServiceType "service-type" High "A Service is reachable from elsewhere than before."
    ServicePort "service-port" High "A port of a Service changes: clients break."
    ServiceSelector "service-selector" High "A Service selects other pods."
    IngressHost "ingress-host" High "A host of a route changes."
    IngressPath "ingress-path" High "A path or backend of a route changes."
    IngressTls "ingress-tls" High "The encryption of a route changes."
    IngressClass "ingress-class" High "Another controller serves the route."
    NetworkPolicyWidened "network-policy-widened" High "A NetworkPolicy lets more traffic through."
    ImageMajor "image-major" High "An image changes its major version."
    ImageRepository "image-repository" High "An image comes from elsewhere: different software."
    ImageDigestDropped "image-digest-dropped" High "An image is no longer pinned by digest."
    ImageLatest "image-latest" High "An image follows a moving tag."
    SecurityWeakened "security-weakened" High "A protection of a container or pod is taken away."
    RbacWidened "rbac-widened" High "A role allows more than before."
    RbacBinding "rbac-binding" High "A role is bound to other subjects."
    ServiceAccountChanged "service-account-changed" High "A pod runs as another service account."
    WebhookPolicy "webhook-policy" High "An admission webhook fails in another way."
    WebhookCaBundle "webhook-ca-bundle" High "An admission webhook is trusted through another certificate."
    ProbeRemoved "probe-removed" High "A probe is removed: broken pods stay in service."
    MemoryLimitLowered "memory-limit-lowered" High "A memory limit is lowered: the container may be killed."
    MemoryLimitRemoved "memory-limit-removed" High "A memory limit is removed: the container may starve its node."
    PdbBlocks "pdb-blocks" High "A disruption budget lets no pod go: nodes cannot be drained."
    StrategyRecreate "strategy-recreate" High "All pods stop before new ones start."
    StorageClass "storage-class" High "Volumes come from another storage class."
    EnvRequiredRemoved "env-required-removed" High "A variable is removed that others are made of."
    ImageDowngrade "image-downgrade" High "An image goes back to an older version."
    ImageMinor "image-minor" Medium "An image changes its minor version."
    ImagePatch "image-patch" Medium "An image changes its patch version."
    ImageTag "image-tag" Medium "An image changes its tag."
    ImageDigest "image-digest" Medium "An image changes its digest."
    Replicas "replicas" Medium "A workload runs more or fewer pods."
    Autoscaling "autoscaling" Medium "The bounds of an autoscaler change."
    Resources "resources" Medium "Requests or limits change."
    EnvValue "env-value" Medium "A variable has another value."
    EnvSource "env-source" Medium "A variable comes from elsewhere."
    EnvAdded "env-added" Medium "A variable is added."
    EnvRemoved "env-removed" Medium "A variable is removed."
    Args "args" Medium "Arguments of a container change."
    Command "command" Medium "The command of a container changes."
    ConfigData "config-data" Medium "Configuration changes."
    SecretData "secret-data" Medium "A secret value changes."
    ProbeAdded "probe-added" Medium "A probe is added."
    ProbeChanged "probe-changed" Medium "A probe changes."
    Volume "volume" Medium "A volume or mount changes."
    ContainerAdded "container-added" Medium "A container is added."
    ContainerRemoved "container-removed" Medium "A container is removed."
    ContainerMoved "container-moved" Medium "A container becomes an init container, or the other way round."
    ContainerPort "container-port" Medium "A port of a container changes."
    Scheduling "scheduling" Medium "Pods run on other nodes."
    Schedule "schedule" Medium "A job runs at other times."
    Strategy "strategy" Medium "Pods are replaced in another way."
    Lifecycle "lifecycle" Medium "Pods start or stop in another way."
    PullSecrets "pull-secrets" Medium "Images are pulled with other credentials."
    SecurityChanged "security-changed" Medium "The security context changes."
    ServiceSetting "service-setting" Medium "A setting of a Service changes."
    RouteSetting "route-setting" Medium "A setting of a route changes."
    NetworkPolicyChanged "network-policy-changed" Medium "A NetworkPolicy changes."
    PdbChanged "pdb-changed" Medium "A disruption budget changes."
    WebhookRules "webhook-rules" Medium "An admission webhook is asked in other cases."
    CrdSchema "crd-schema" Medium "The schema of a custom resource changes."
    ApiVersion "api-version" Medium "The object is written for another version of the api."
    RbacAdded "rbac-added" Medium "A role or binding is added."
    CustomField "custom-field" Medium "A field of a custom resource changes."
    OtherRemoved "other-removed" Medium "An object is removed."
    OtherField "other-field" Medium "A field changes."
    Renamed "renamed" Medium "An object has another name: a new one is made, the old one is deleted."
    ListOrder "list-order" Medium "The order of a list changes where it has a meaning."
    Added "added" Low "An object is added."
    PodLabel "pod-label" Low "A label of the pods changes: they restart."
    PodAnnotation "pod-annotation" Low "An annotation of the pods changes: they restart."
    AutoscalingMetrics "autoscaling-metrics" Low "An autoscaler measures in another way."
    RbacNarrowed "rbac-narrowed" Low "A role allows less than before."
    LimitRaised "limit-raised" Low "A limit is raised."
    PullPolicy "pull-policy" Low "Images are pulled at other times."
    SecurityStrengthened "security-strengthened" Low "A protection of a container or pod is added."
    NetworkPolicyNarrowed "network-policy-narrowed" Low "A NetworkPolicy lets less traffic through."
    CrdFieldAdded "crd-field-added" Low "A custom resource gains a field."
    CrdVersionAdded "crd-version-added" Low "A custom resource gains a version."
    PvcGrown "pvc-grown" Low "A volume claim asks for more."
    Unused "unused" Low "A ConfigMap, Secret or ServiceAccount is removed that nothing here names."
    Label "label" Info "A label changes."
    Annotation "annotation" Info "An annotation changes."
}
