//! Kustomizations within kustomizations, and the order of what comes out.
use super::load::{Loader, inside, remote};
use super::resource::{Resource, text};
use super::transform::{self, Context};
use super::{Document, Error, ErrorKind, Limits, generate, names};
use crate::tree::{Tree, join};
use serde_json::Value;
use std::collections::BTreeSet;

/// Kinds that come first and last in the order that kustomize calls legacy, and gives when nothing is said.
const FIRST: [&str; 22] = [
    "Namespace",
    "ResourceQuota",
    "StorageClass",
    "CustomResourceDefinition",
    "ServiceAccount",
    "PodSecurityPolicy",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "ConfigMap",
    "Secret",
    "Endpoints",
    "Service",
    "LimitRange",
    "PriorityClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Deployment",
    "StatefulSet",
    "CronJob",
    "PodDisruptionBudget",
];
const LAST: [&str; 2] = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

pub(super) fn run(tree: &dyn Tree, path: &str, limits: Limits) -> Result<Vec<Document>, Error> {
    let folder =
        join("", path).ok_or_else(|| Error::new(ErrorKind::Missing, path, "the path leads out of the tree"))?;
    let mut loader = Loader::new(tree, limits);
    let mut all = Vec::new();
    let order = target(&mut loader, &folder, false, &mut Vec::new(), &mut all)?;
    for resource in all.iter_mut().filter(|resource| resource.hash) {
        let name = format!("{}-{}", resource.name(), generate::hash(resource));
        resource.remember();
        resource.set_meta("name", &name);
    }
    names::update(&mut all).map_err(|(file, message)| Error::invalid(&file, message))?;
    let local = |resource: &Resource| {
        let flag = resource.object.pointer("/metadata/annotations/config.kubernetes.io~1local-config");
        flag.is_some_and(|flag| flag.as_str() != Some("false"))
    };
    all.retain(|resource| !local(resource));
    sort(&mut all, &order)?;
    let document = |resource: Resource| Document { object: tidy(resource.object), file: resource.file };
    Ok(all.into_iter().map(document).collect())
}

/// Annotations that are empty, or null, are not shown.
fn tidy(mut object: Value) -> Value {
    let meta = object.get_mut("metadata").and_then(Value::as_object_mut);
    let none = |value: &Value| value.is_null() || value.as_object().is_some_and(|map| map.is_empty());
    if let Some(meta) = meta.filter(|meta| meta.get("annotations").is_some_and(none)) {
        meta.shift_remove("annotations");
    }
    object
}

/// Builds the kustomization of a folder into `all`; gives its `sortOptions`.
fn target(
    loader: &mut Loader<'_>,
    folder: &str,
    component: bool,
    above: &mut Vec<String>,
    all: &mut Vec<Resource>,
) -> Result<Value, Error> {
    let limit = |message: &str| Error::new(ErrorKind::Limit, folder, message);
    loader.left.depth =
        loader.left.depth.checked_sub(1).ok_or_else(|| limit("kustomizations are nested too deeply"))?;
    loader.left.builds =
        loader.left.builds.checked_sub(1).ok_or_else(|| limit("there are more kustomizations than allowed"))?;
    let (file, fields) = loader.kustomization(folder)?;
    let context = Context { folder, file: &file, fields: &fields };
    check_kind(&context, component, above.is_empty())?;
    above.push(folder.to_owned());
    for path in context.list("resources").iter().chain(context.list("bases")) {
        let path = path.as_str().ok_or_else(|| Error::invalid(&file, "an item of resources is no path"))?;
        resource(loader, &context, path, above, all)?;
    }
    let global = fields.get("generatorOptions").unwrap_or(&Value::Null);
    for (field, kind) in [("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")] {
        for entry in context.list(field) {
            let new = generate::generate(loader, folder, &file, kind, entry, global)?;
            generate::absorb(all, new).map_err(|message| Error::invalid(&file, message))?;
        }
    }
    for path in context.list("components") {
        let path = path.as_str().ok_or_else(|| Error::invalid(&file, "an item of components is no path"))?;
        let inner = base(loader, &context, path, above)?;
        target(loader, &inner, true, above, all)?;
    }
    transform::apply(loader, &context, all)?;
    above.pop();
    loader.left.depth += 1;
    Ok(fields.get("sortOptions").cloned().unwrap_or(Value::Null))
}

/// Whether kind and version are right. What is built alone may be a component.
fn check_kind(context: &Context<'_>, component: bool, alone: bool) -> Result<(), Error> {
    let word = |key: &str| context.fields.get(key).and_then(Value::as_str).unwrap_or_default();
    let (kind, version) = (word("kind"), word("apiVersion"));
    let wrong = |message: String| Err(Error::invalid(context.file, message));
    match (kind, component) {
        ("Component", true) | ("" | "Kustomization", false) => {}
        ("Component", false) if alone => {}
        ("Component", false) => return wrong("expected kind != 'Component'".to_owned()),
        ("" | "Kustomization", true) => return wrong(format!("expected kind 'Component' but got '{kind}'")),
        _ => return wrong("kind should be Kustomization or Component".to_owned()),
    }
    let wanted =
        if kind == "Component" { "kustomize.config.k8s.io/v1alpha1" } else { "kustomize.config.k8s.io/v1beta1" };
    if !version.is_empty() && version != wanted {
        return wrong(format!("apiVersion for {kind} should be {wanted}"));
    }
    let said = |(key, value): (&String, &Value)| {
        !value.is_null() && !matches!(key.as_str(), "kind" | "apiVersion" | "metadata")
    };
    if !context.fields.iter().any(said) {
        return wrong("kustomization.yaml is empty".to_owned());
    }
    Ok(())
}

/// The folder that a kustomization names.
fn base(loader: &Loader<'_>, context: &Context<'_>, path: &str, above: &[String]) -> Result<String, Error> {
    if remote(path) {
        return Err(Error::new(ErrorKind::Remote, context.file, format!("{path} is remote, and nothing is fetched")));
    }
    let missing = |message: String| Error::new(ErrorKind::Missing, context.file, message);
    let inner = join(context.folder, path).ok_or_else(|| missing(format!("{path} leads out of the tree")))?;
    if above.iter().any(|outer| inside(&inner, outer)) {
        return Err(Error::invalid(
            context.file,
            format!("cycle detected: {path} contains the kustomization that names it"),
        ));
    }
    if !loader.is_folder(&inner) {
        return Err(missing(format!("there is no file and no folder {inner}")));
    }
    Ok(inner)
}

fn resource(
    loader: &mut Loader<'_>,
    context: &Context<'_>,
    path: &str,
    above: &mut Vec<String>,
    all: &mut Vec<Resource>,
) -> Result<(), Error> {
    let whole = join(context.folder, path).filter(|_| !remote(path));
    let content = match &whole {
        Some(whole) if !loader.is_folder(whole) && !whole.is_empty() => loader.bytes(whole)?,
        _ => None,
    };
    let mut new = Vec::new();
    match (content, whole) {
        (Some(content), Some(whole)) => {
            if !inside(context.folder, &whole) {
                return Err(Error::invalid(
                    context.file,
                    format!("the file '{path}' is not in or below the folder of the kustomization"),
                ));
            }
            new = loader.objects(content, &whole)?;
        }
        _ => {
            let inner = base(loader, context, path, above)?;
            target(loader, &inner, false, above, &mut new)?;
        }
    }
    all.append(&mut new);
    unique(all)
        .map_err(|id| Error::invalid(context.file, format!("may not add resource with an already registered id: {id}")))
}

/// Whether no two objects have one id.
///
/// # Errors
/// The id that stands twice.
pub(super) fn unique(all: &[Resource]) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    for resource in all {
        let id = resource.id();
        let key = (
            id.gvk.group.clone(),
            id.gvk.version.clone(),
            id.gvk.kind.clone(),
            id.name.clone(),
            id.effective().map(str::to_owned),
        );
        if !seen.insert(key) {
            return Err(id.show());
        }
    }
    Ok(())
}

fn sort(all: &mut [Resource], options: &Value) -> Result<(), Error> {
    match text(options, &["order"]) {
        "fifo" => return Ok(()),
        "legacy" | "" => {}
        other => {
            return Err(Error::invalid(
                "",
                format!("the field 'sortOptions.order' must be one of [fifo, legacy], and not {other}"),
            ));
        }
    }
    let lists = options.get("legacySortOptions").filter(|lists| !lists.is_null());
    let list = |key: &str, default: &[&str]| match lists {
        None => default.iter().map(|kind| (*kind).to_owned()).collect::<Vec<String>>(),
        Some(lists) => lists
            .get(key)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
    };
    let (first, last) = (list("orderFirst", &FIRST), list("orderLast", &LAST));
    let rank = |kind: &str| {
        let place = |list: &[String]| list.iter().rposition(|other| other == kind).map(|at| at as i64);
        place(&last).map(|at| 1 + at).or_else(|| place(&first).map(|at| at - first.len() as i64)).unwrap_or(0)
    };
    let key = |resource: &Resource| {
        let id = resource.id();
        let or = |text: &str, none: &str| if text.is_empty() { none.to_owned() } else { text.to_owned() };
        let gvk = &id.gvk;
        let kind = format!("{}_{}_{}", or(&gvk.group, "~G"), or(&gvk.version, "~V"), or(&gvk.kind, "~K"));
        (rank(&gvk.kind), kind, or(&id.namespace, "~X"), or(&id.name, "~N"))
    };
    all.sort_by_cached_key(key);
    Ok(())
}
