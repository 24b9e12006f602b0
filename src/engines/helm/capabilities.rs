//! What templates see of the cluster and of Helm: `.Capabilities`, with the defaults that both Helms were built with.
use super::host::Compat;
use super::semver;
use crate::engines::gotemplate::{Failure, Kind, List, Object, Ty, Value, Vm};
use std::any::Any;
use std::rc::Rc;

/// Names of APIs that Helm 3.10.1 takes for present when nobody says otherwise.
const APIS_3: &[&str] = &[
    "v1",
    "admissionregistration.k8s.io/v1",
    "admissionregistration.k8s.io/v1beta1",
    "internal.apiserver.k8s.io/v1alpha1",
    "apps/v1",
    "apps/v1beta1",
    "apps/v1beta2",
    "authentication.k8s.io/v1",
    "authentication.k8s.io/v1beta1",
    "authorization.k8s.io/v1",
    "authorization.k8s.io/v1beta1",
    "autoscaling/v1",
    "autoscaling/v2",
    "autoscaling/v2beta1",
    "autoscaling/v2beta2",
    "batch/v1",
    "batch/v1beta1",
    "certificates.k8s.io/v1",
    "certificates.k8s.io/v1beta1",
    "coordination.k8s.io/v1beta1",
    "coordination.k8s.io/v1",
    "discovery.k8s.io/v1",
    "discovery.k8s.io/v1beta1",
    "events.k8s.io/v1",
    "events.k8s.io/v1beta1",
    "extensions/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1alpha1",
    "flowcontrol.apiserver.k8s.io/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1beta2",
    "networking.k8s.io/v1",
    "networking.k8s.io/v1alpha1",
    "networking.k8s.io/v1beta1",
    "node.k8s.io/v1",
    "node.k8s.io/v1alpha1",
    "node.k8s.io/v1beta1",
    "policy/v1",
    "policy/v1beta1",
    "rbac.authorization.k8s.io/v1",
    "rbac.authorization.k8s.io/v1beta1",
    "rbac.authorization.k8s.io/v1alpha1",
    "scheduling.k8s.io/v1alpha1",
    "scheduling.k8s.io/v1beta1",
    "scheduling.k8s.io/v1",
    "storage.k8s.io/v1beta1",
    "storage.k8s.io/v1",
    "storage.k8s.io/v1alpha1",
    "apiextensions.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1",
];

/// The same of Helm 4.2.3.
const APIS_4: &[&str] = &[
    "v1",
    "admissionregistration.k8s.io/v1",
    "admissionregistration.k8s.io/v1alpha1",
    "admissionregistration.k8s.io/v1beta1",
    "internal.apiserver.k8s.io/v1alpha1",
    "apps/v1",
    "apps/v1beta1",
    "apps/v1beta2",
    "authentication.k8s.io/v1",
    "authentication.k8s.io/v1alpha1",
    "authentication.k8s.io/v1beta1",
    "authorization.k8s.io/v1",
    "authorization.k8s.io/v1beta1",
    "autoscaling/v1",
    "autoscaling/v2",
    "batch/v1",
    "batch/v1beta1",
    "certificates.k8s.io/v1",
    "certificates.k8s.io/v1beta1",
    "certificates.k8s.io/v1alpha1",
    "coordination.k8s.io/v1alpha2",
    "coordination.k8s.io/v1beta1",
    "coordination.k8s.io/v1",
    "discovery.k8s.io/v1",
    "discovery.k8s.io/v1beta1",
    "events.k8s.io/v1",
    "events.k8s.io/v1beta1",
    "extensions/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1",
    "flowcontrol.apiserver.k8s.io/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1beta2",
    "flowcontrol.apiserver.k8s.io/v1beta3",
    "networking.k8s.io/v1",
    "networking.k8s.io/v1beta1",
    "node.k8s.io/v1",
    "node.k8s.io/v1alpha1",
    "node.k8s.io/v1beta1",
    "policy/v1",
    "policy/v1beta1",
    "rbac.authorization.k8s.io/v1",
    "rbac.authorization.k8s.io/v1beta1",
    "rbac.authorization.k8s.io/v1alpha1",
    "resource.k8s.io/v1",
    "resource.k8s.io/v1beta2",
    "resource.k8s.io/v1beta1",
    "resource.k8s.io/v1alpha3",
    "scheduling.k8s.io/v1alpha2",
    "scheduling.k8s.io/v1beta1",
    "scheduling.k8s.io/v1",
    "storage.k8s.io/v1beta1",
    "storage.k8s.io/v1",
    "storage.k8s.io/v1alpha1",
    "storagemigration.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1",
];

/// A version of Kubernetes, as Helm takes it apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KubeVersion {
    /// `.Capabilities.KubeVersion.Version`.
    pub version: String,
    /// What is printed and compared: Helm 4 leaves out what follows the numbers.
    pub normalized: String,
    /// `1`
    pub major: String,
    /// `30`
    pub minor: String,
}

impl KubeVersion {
    /// Reads what `--kube-version` takes.
    ///
    /// # Errors
    /// Helm's words, when it is no version.
    pub fn parse(text: &str, compat: Compat) -> Result<KubeVersion, String> {
        match compat {
            Compat::Helm3 => {
                let version = semver::Version::read(text)
                    .map_err(|flaw| format!("invalid kube version '{text}': {}", flaw.text(compat)))?;
                let full = format!("v{version}");
                let (major, minor) = (version.major.to_string(), version.minor.to_string());
                Ok(KubeVersion { version: full.clone(), normalized: full, major, minor })
            }
            Compat::Helm4 => KubeVersion::generic(text),
        }
    }

    /// Numbers with dots, at least two, and anything after them.
    fn generic(text: &str) -> Result<KubeVersion, String> {
        let start = text.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}']);
        let start = start.strip_prefix('v').unwrap_or(start);
        let mut end = 0;
        let bytes = start.as_bytes();
        while bytes.get(end).is_some_and(u8::is_ascii_digit)
            || (end > 0 && bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit))
        {
            end += 1;
        }
        if end == 0 || start[end..].contains('\n') {
            return Err(format!("could not parse {text:?} as version"));
        }
        let parts: Vec<&str> = start[..end].split('.').collect();
        if parts.len() < 2 {
            return Err(format!("illegal version string {text:?}"));
        }
        if parts[0].starts_with('0') && parts[0] != "0" {
            return Err(format!("illegal zero-prefixed version component {:?} in {text:?}", parts[0]));
        }
        let mut numbers = Vec::new();
        for part in parts {
            let number: u64 = part.parse().map_err(|_| {
                let range = format!("strconv.ParseUint: parsing {part:?}: value out of range");
                format!("illegal non-numeric version component {part:?} in {text:?}: {range}")
            })?;
            numbers.push(number.to_string());
        }
        let version = if text.starts_with('v') { text.to_owned() } else { format!("v{text}") };
        let normalized = format!("v{}", numbers.join("."));
        Ok(KubeVersion { version, normalized, major: numbers[0].clone(), minor: numbers[1].clone() })
    }

    /// What this Helm takes when nobody names a version.
    pub fn default_of(compat: Compat) -> KubeVersion {
        let minor = match compat {
            Compat::Helm3 => "25",
            Compat::Helm4 => "36",
        };
        let version = format!("v1.{minor}.0");
        KubeVersion { normalized: version.clone(), version, major: "1".to_owned(), minor: minor.to_owned() }
    }
}

/// What charts may find the cluster capable of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities {
    /// Version of Kubernetes.
    pub kube_version: KubeVersion,
    /// All `group/version` and `group/version/Kind`.
    pub api_versions: Vec<String>,
}

impl Capabilities {
    /// The defaults of this Helm.
    pub fn default_of(compat: Compat) -> Capabilities {
        let apis = match compat {
            Compat::Helm3 => APIS_3,
            Compat::Helm4 => APIS_4,
        };
        Capabilities {
            kube_version: KubeVersion::default_of(compat),
            api_versions: apis.iter().map(|&api| api.to_owned()).collect(),
        }
    }

    /// The value of `.Capabilities`.
    pub(super) fn value(&self, compat: Compat) -> Value {
        Value::Object(Rc::new(Shown { capabilities: Rc::new(self.clone()), compat }))
    }
}

/// The name of a type in the packages of this Helm.
fn named(compat: Compat, three: &'static str, four: &'static str) -> &'static str {
    match compat {
        Compat::Helm3 => three,
        Compat::Helm4 => four,
    }
}

/// `.Capabilities`: a pointer to a struct.
struct Shown {
    capabilities: Rc<Capabilities>,
    compat: Compat,
}

/// `.Capabilities.KubeVersion`.
struct ShownKube {
    version: KubeVersion,
    compat: Compat,
}

/// `.Capabilities.APIVersions`.
struct ShownApis {
    capabilities: Rc<Capabilities>,
    compat: Compat,
}

/// `.Capabilities.HelmVersion`.
struct ShownHelm(Compat);

fn object(object: impl Object) -> Value {
    Value::Object(Rc::new(object))
}

impl Object for Shown {
    fn type_name(&self) -> &str {
        named(self.compat, "*chartutil.Capabilities", "*common.Capabilities")
    }

    fn kind(&self) -> Kind {
        Kind::Ptr
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn field(&self, name: &str) -> Option<Value> {
        let (capabilities, compat) = (Rc::clone(&self.capabilities), self.compat);
        match name {
            "KubeVersion" => Some(object(ShownKube { version: capabilities.kube_version.clone(), compat })),
            "APIVersions" => Some(object(ShownApis { capabilities, compat })),
            "HelmVersion" => Some(object(ShownHelm(compat))),
            _ => None,
        }
    }

    fn params(&self, name: &str) -> Option<&'static [Ty]> {
        (name == "Copy").then_some(&[])
    }

    fn call(&self, _vm: &mut Vm<'_>, name: &str, _args: &[Value]) -> Option<Result<Value, Failure>> {
        let copy = Shown { capabilities: Rc::clone(&self.capabilities), compat: self.compat };
        (name == "Copy").then(|| Ok(object(copy)))
    }

    fn display(&self) -> String {
        let fields = ["KubeVersion", "APIVersions", "HelmVersion"];
        let shown: Vec<String> = fields.iter().filter_map(|name| self.field(name)).map(shown).collect();
        format!("{{{}}}", shown.join(" "))
    }

    fn to_data(&self) -> Value {
        let fields = ["KubeVersion", "APIVersions", "HelmVersion"];
        Value::map(fields.iter().filter_map(|name| Some(((*name).into(), data(self.field(name)?)))))
    }
}

fn shown(value: Value) -> String {
    match value {
        Value::Object(object) => object.display(),
        _ => String::new(),
    }
}

fn data(value: Value) -> Value {
    match value {
        Value::Object(object) => object.to_data(),
        other => other,
    }
}

impl Object for ShownKube {
    fn type_name(&self) -> &str {
        named(self.compat, "chartutil.KubeVersion", "common.KubeVersion")
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn field(&self, name: &str) -> Option<Value> {
        match name {
            "Version" => Some(Value::text(self.version.version.as_str())),
            "Major" => Some(Value::text(self.version.major.as_str())),
            "Minor" => Some(Value::text(self.version.minor.as_str())),
            _ => None,
        }
    }

    fn params(&self, name: &str) -> Option<&'static [Ty]> {
        matches!(name, "String" | "GitVersion").then_some(&[])
    }

    fn call(&self, _vm: &mut Vm<'_>, name: &str, _args: &[Value]) -> Option<Result<Value, Failure>> {
        match name {
            "String" => Some(Ok(Value::text(self.version.normalized.as_str()))),
            "GitVersion" => Some(Ok(Value::text(self.version.version.as_str()))),
            _ => None,
        }
    }

    fn printed(&self) -> String {
        self.version.normalized.clone()
    }

    fn display(&self) -> String {
        let KubeVersion { version, normalized, major, minor } = &self.version;
        match self.compat {
            Compat::Helm3 => format!("{{{version} {major} {minor}}}"),
            Compat::Helm4 => format!("{{{version} {normalized} {major} {minor}}}"),
        }
    }

    fn to_data(&self) -> Value {
        Value::map(["Version", "Major", "Minor"].iter().filter_map(|name| Some(((*name).into(), self.field(name)?))))
    }
}

impl Object for ShownApis {
    fn type_name(&self) -> &str {
        named(self.compat, "chartutil.VersionSet", "common.VersionSet")
    }

    fn kind(&self) -> Kind {
        Kind::Slice
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn is_true(&self) -> bool {
        !self.capabilities.api_versions.is_empty()
    }

    fn params(&self, name: &str) -> Option<&'static [Ty]> {
        (name == "Has").then_some(&[Ty::String])
    }

    fn call(&self, vm: &mut Vm<'_>, name: &str, args: &[Value]) -> Option<Result<Value, Failure>> {
        if name != "Has" {
            return None;
        }
        let apis = &self.capabilities.api_versions;
        if let Err(failure) = vm.spend(apis.len() as u64 / 64, 0) {
            return Some(Err(failure));
        }
        let wanted = args.first().and_then(Value::as_string)?;
        Some(Ok(Value::Bool(apis.iter().any(|api| wanted == api.as_str()))))
    }

    fn underlying(&self) -> Option<Value> {
        Some(Value::List(List::strings(self.capabilities.api_versions.iter().map(String::as_str))))
    }

    fn display(&self) -> String {
        format!("[{}]", self.capabilities.api_versions.join(" "))
    }
}

impl ShownHelm {
    /// Names in Go and in JSON, and what stands there; in the order of the struct.
    fn fields(&self) -> &'static [(&'static str, &'static str, &'static str)] {
        match self.0 {
            Compat::Helm3 => &[
                ("Version", "version", "v3.10.1"),
                ("GitCommit", "git_commit", "9f88ccb6aee40b9a0535fcc7efea6055e1ef72c9"),
                ("GitTreeState", "git_tree_state", "clean"),
                ("GoVersion", "go_version", "go1.18.7"),
            ],
            Compat::Helm4 => &[
                ("Version", "version", "v4.2"),
                ("GitCommit", "git_commit", ""),
                ("GitTreeState", "git_tree_state", ""),
                ("GoVersion", "go_version", "go1.26.6"),
                ("KubeClientVersion", "kube_client_version", "v1.36"),
            ],
        }
    }
}

impl Object for ShownHelm {
    fn type_name(&self) -> &str {
        "version.BuildInfo"
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn field(&self, name: &str) -> Option<Value> {
        self.fields().iter().find(|field| field.0 == name).map(|field| Value::from(field.2))
    }

    fn display(&self) -> String {
        let texts: Vec<&str> = self.fields().iter().map(|field| field.2).collect();
        format!("{{{}}}", texts.join(" "))
    }

    fn to_data(&self) -> Value {
        let full = self.fields().iter().filter(|field| !field.2.is_empty());
        Value::map(full.map(|field| (field.1.into(), Value::from(field.2))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn helm4_reads_versions_as_kubernetes_does() {
        let parsed = |text: &str| {
            KubeVersion::parse(text, Compat::Helm4).map(|version| {
                format!("{}|{}|{}|{}", version.normalized, version.version, version.major, version.minor)
            })
        };
        for (text, want) in [
            ("1.30", Ok("v1.30|v1.30|1|30")),
            ("v1.30.4-gke.1", Ok("v1.30.4|v1.30.4-gke.1|1|30")),
            ("1", Err("illegal version string \"1\"")),
            ("1.30.0+k3s1", Ok("v1.30.0|v1.30.0+k3s1|1|30")),
            ("1.030.1", Ok("v1.30.1|v1.030.1|1|30")),
            ("x", Err("could not parse \"x\" as version")),
            ("v1.28.3.4", Ok("v1.28.3.4|v1.28.3.4|1|28")),
            (" v1.2", Ok("v1.2|v v1.2|1|2")),
        ] {
            assert_eq!(parsed(text), want.map(str::to_owned).map_err(str::to_owned), "{text}");
        }
    }

    #[test]
    fn defaults_differ() {
        assert_eq!(Capabilities::default_of(Compat::Helm3).api_versions.len(), 48);
        assert_eq!(Capabilities::default_of(Compat::Helm4).api_versions.len(), 55);
    }
}
