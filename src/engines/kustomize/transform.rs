//! What a kustomization does to all of its objects: patches, namespace, names, labels, annotations, replicas, images.
use super::fields::{self, Spec, visit};
use super::json_patch;
use super::load::{Loader, json, nodes};
use super::merge::merge;
use super::resource::{Gvk, Id, Resource, child, text};
use super::schema;
use super::select::Selector;
use super::{Error, ErrorKind};
use regex::Regex;
use serde_json::{Map, Value};

/// A kustomization that is being applied.
pub(super) struct Context<'a> {
    pub(super) folder: &'a str,
    pub(super) file: &'a str,
    pub(super) fields: &'a Map<String, Value>,
}

impl Context<'_> {
    fn invalid(&self, message: impl Into<String>) -> Error {
        Error::invalid(self.file, message)
    }

    /// The items of a list field.
    pub(super) fn list(&self, field: &str) -> &[Value] {
        self.fields.get(field).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
    }

    fn word(&self, field: &str) -> &str {
        self.fields.get(field).and_then(Value::as_str).unwrap_or_default()
    }

    /// A mapping of texts; numbers and booleans are an error, as there.
    fn texts(&self, value: Option<&Value>, field: &str) -> Result<Vec<(String, String)>, Error> {
        let entries = match value {
            None | Some(Value::Null) => return Ok(Vec::new()),
            Some(Value::Object(entries)) => entries,
            Some(_) => return Err(self.invalid(format!("{field} is not a mapping"))),
        };
        let pair = |(key, value): (&String, &Value)| match value.as_str() {
            Some(text) => Ok((key.clone(), text.to_owned())),
            None => Err(self.invalid(format!("the value of {key} in {field} is not a string"))),
        };
        let mut out: Vec<(String, String)> = entries.iter().map(pair).collect::<Result<_, _>>()?;
        out.sort();
        Ok(out)
    }
}

/// Applies everything, in kustomize's order.
pub(super) fn apply(loader: &mut Loader<'_>, context: &Context<'_>, all: &mut Vec<Resource>) -> Result<(), Error> {
    for patch in context.list("patchesStrategicMerge") {
        let patch = patch
            .as_str()
            .ok_or_else(|| context.invalid("an item of patchesStrategicMerge is no path and no patch"))?;
        let inline = patch.contains('\n') || patch.contains(": ");
        let (file, text) = if inline {
            (context.file.to_owned(), patch.as_bytes().to_vec())
        } else {
            loader.file(context.folder, patch, context.file)?
        };
        for patch in loader.objects(text, &file)? {
            merge_by_id(context, all, &patch, Options::default())?;
        }
        all.retain(|resource| !resource.is_gone());
    }
    for patch in context.list("patches") {
        self::patch(loader, context, all, patch)?;
        all.retain(|resource| !resource.is_gone());
    }
    namespace(context, all)?;
    rename(context, all);
    labels(context, all)?;
    for (key, value) in context.texts(context.fields.get("commonAnnotations"), "commonAnnotations")? {
        put(context, all, &fields::annotations(), &key, &value)?;
    }
    for patch in context.list("patchesJson6902") {
        json_6902(loader, context, all, patch)?;
    }
    for replica in context.list("replicas") {
        replicas(context, all, replica)?;
    }
    for image in context.list("images").iter().chain(context.list("imageTags")) {
        images(context, all, image)?;
    }
    Ok(())
}

#[derive(Debug, Clone, Copy, Default)]
struct Options {
    name: bool,
    kind: bool,
}

/// Lays a patch over one object.
fn lay(resource: &mut Resource, patch: &Value, options: Options) -> Result<(), String> {
    let before = resource.id();
    if options.name || options.kind {
        resource.remember();
    }
    let of = schema::root(&before.gvk);
    match merge(Some(resource.object.clone()), Some(patch), of, None)? {
        None => resource.object = Value::Null,
        Some(object) => {
            resource.object = object;
            if let (false, Some(fields)) = (options.kind, resource.object.as_object_mut()) {
                fields.insert("kind".to_owned(), Value::from(before.gvk.kind));
            }
            if !options.name {
                resource.set_meta("name", &before.name);
            }
            resource.set_meta("namespace", &before.namespace);
        }
    }
    Ok(())
}

fn merge_by_id(context: &Context<'_>, all: &mut [Resource], patch: &Resource, options: Options) -> Result<(), Error> {
    let id = patch.id();
    let mut found = all.iter_mut().filter(|resource| resource.any_id(|other| other.same(&id)));
    let fault =
        |what: &str| context.invalid(format!("{what} for Id {}; failed to find unique target for patch", id.show()));
    match (found.next(), found.next()) {
        (Some(target), None) => lay(target, &patch.object, options)
            .map_err(|flaw| context.invalid(format!("the patch of {}: {flaw}", id.show()))),
        (None, _) => Err(fault("no matches")),
        (Some(_), Some(_)) => Err(fault("multiple matches")),
    }
}

/// The text of a patch, inline or in a file, and where it stands.
fn patch_text(
    loader: &mut Loader<'_>,
    context: &Context<'_>,
    patch: &Value,
    inline: &str,
) -> Result<(String, String), Error> {
    match (text(patch, &[inline]).trim(), text(patch, &["path"])) {
        ("", "") => Err(context.invalid("must specify one of patch and path")),
        ("", path) => {
            let (file, content) = loader.file(context.folder, path, context.file)?;
            Ok((String::from_utf8(content).map_err(|_| Error::invalid(&file, "the text is not UTF-8"))?, file))
        }
        (text, "") => Ok((text.to_owned(), context.file.to_owned())),
        _ => Err(context.invalid("patch and path can't be set at the same time")),
    }
}

fn patch(loader: &mut Loader<'_>, context: &Context<'_>, all: &mut [Resource], patch: &Value) -> Result<(), Error> {
    let (body, file) = patch_text(loader, context, patch, "patch")?;
    let option =
        |key: &str| patch.get("options").and_then(|options| options.get(key)).and_then(Value::as_bool) == Some(true);
    let options = Options { name: option("allowNameChange"), kind: option("allowKindChange") };
    let target = patch.get("target").filter(|target| !target.is_null());
    let selector = target.map(Selector::parse).transpose().map_err(|flaw| context.invalid(flaw))?;
    let documents: Vec<Value> = nodes(&body, &file)?.iter().map(json).filter(|value| !value.is_null()).collect();
    if let [Value::Array(_)] = &documents[..] {
        let operations: Vec<Value> = nodes(&body, &file)?
            .first()
            .map(|node| node.to_json())
            .and_then(|list| list.as_array().cloned())
            .unwrap_or_default();
        let selector = selector.ok_or_else(|| Error::invalid(&file, "must specify a target for JSON patch"))?;
        for resource in all.iter_mut().filter(|resource| selector.selects(resource)) {
            resource.remember();
            json_patch::apply(&mut resource.object, &operations).map_err(|flaw| Error::invalid(&file, flaw))?;
        }
        return Ok(());
    }
    let Some(selector) = selector else {
        for patch in loader.objects(body.into_bytes(), &file)? {
            merge_by_id(context, all, &patch, options)?;
        }
        return Ok(());
    };
    let [patch] = &documents[..] else {
        return Err(Error::invalid(&file, "with a target there must be exactly one patch"));
    };
    if !patch.is_object() {
        return Err(Error::invalid(&file, "unable to parse SM or JSON patch"));
    }
    for resource in all.iter_mut().filter(|resource| selector.selects(resource)) {
        lay(resource, patch, options).map_err(|flaw| Error::invalid(&file, flaw))?;
    }
    Ok(())
}

fn json_6902(loader: &mut Loader<'_>, context: &Context<'_>, all: &mut [Resource], patch: &Value) -> Result<(), Error> {
    let (body, file) = patch_text(loader, context, patch, "patch")?;
    let operations = match nodes(&body, &file)?.first().map(|node| node.to_json()) {
        Some(Value::Array(operations)) => operations,
        _ => return Err(Error::invalid(&file, "a JSON patch is a list of operations")),
    };
    let target = patch.get("target").unwrap_or(&Value::Null);
    let word = |key: &str| text(target, &[key]).to_owned();
    let id = Id {
        gvk: Gvk { group: word("group"), version: word("version"), kind: word("kind") },
        name: word("name"),
        namespace: word("namespace"),
    };
    let mut found = all.iter_mut().filter(|resource| resource.any_id(|other| other.same(&id)));
    match (found.next(), found.next()) {
        (Some(resource), None) => {
            resource.remember();
            json_patch::apply(&mut resource.object, &operations).map_err(|flaw| Error::invalid(&file, flaw))
        }
        _ => Err(Error::invalid(
            &file,
            format!("no unique match for Id {}; failed to find unique target for patch", id.show()),
        )),
    }
}

fn namespace(context: &Context<'_>, all: &mut [Resource]) -> Result<(), Error> {
    let namespace = context.word("namespace");
    if namespace.is_empty() {
        return Ok(());
    }
    for resource in all.iter_mut() {
        resource.remember();
        let gvk = resource.gvk();
        if !gvk.cluster_scoped() {
            resource.set_meta("namespace", namespace);
        }
        let path = match (gvk.group.as_str(), gvk.version.as_str(), gvk.kind.as_str()) {
            ("", "v1", "Namespace") => {
                resource.set_meta("name", namespace);
                continue;
            }
            ("apiregistration.k8s.io", _, "APIService") => ("spec/service/namespace", true),
            ("apiextensions.k8s.io", _, "CustomResourceDefinition") => {
                ("spec/conversion/webhook/clientConfig/service/namespace", false)
            }
            (_, _, "RoleBinding" | "ClusterRoleBinding") => {
                let subjects = resource.object.get_mut("subjects").and_then(Value::as_array_mut);
                for subject in subjects.into_iter().flatten().filter(|subject| text(subject, &["name"]) == "default") {
                    if let Some(fields) = subject.as_object_mut() {
                        fields.insert("namespace".to_owned(), Value::from(namespace));
                    }
                }
                continue;
            }
            _ => continue,
        };
        let make = Value::from("");
        visit(&mut resource.object, path.0, path.1.then_some(&make), &mut |value| {
            *value = Value::from(namespace);
            Ok(())
        })
        .map_err(|flaw| context.invalid(flaw))?;
    }
    super::build::unique(all)
        .map_err(|id| context.invalid(format!("namespace transformation produces ID conflict: {id}")))
}

fn rename(context: &Context<'_>, all: &mut [Resource]) {
    let (prefix, suffix) = (context.word("namePrefix"), context.word("nameSuffix"));
    let stays = |gvk: &Gvk| {
        matches!(gvk.kind.as_str(), "CustomResourceDefinition" | "Namespace")
            || gvk.group == "apiregistration.k8s.io" && gvk.kind == "APIService"
    };
    for (text, front) in [(prefix, true), (suffix, false)] {
        if text.is_empty() {
            continue;
        }
        for resource in all.iter_mut().filter(|resource| !stays(&resource.original().gvk)) {
            let list = if front { &mut resource.prefixes } else { &mut resource.suffixes };
            list.push(text.to_owned());
            resource.remember();
            let name = if front { format!("{text}{}", resource.name()) } else { format!("{}{text}", resource.name()) };
            resource.set_meta("name", &name);
        }
    }
}

/// Sets a key in every mapping at these places.
fn put(context: &Context<'_>, all: &mut [Resource], specs: &[Spec], key: &str, value: &str) -> Result<(), Error> {
    let make = Value::Object(Map::new());
    for resource in all.iter_mut() {
        let gvk = resource.gvk();
        for spec in specs.iter().filter(|spec| spec.matches(&gvk)) {
            visit(&mut resource.object, &spec.path, spec.create.then_some(&make), &mut |map| match map {
                Value::Object(map) => {
                    map.insert(key.to_owned(), Value::from(value));
                    Ok(())
                }
                Value::Null => Ok(()),
                _ => Err(format!("'{}' is not a mapping", spec.path)),
            })
            .map_err(|flaw| context.invalid(flaw))?;
        }
    }
    Ok(())
}

fn labels(context: &Context<'_>, all: &mut [Resource]) -> Result<(), Error> {
    for label in context.list("labels") {
        let switch = |key: &str| label.get(key).and_then(Value::as_bool) == Some(true);
        if label.get("fields").or_else(|| label.get("fieldSpecs")).is_some_and(|fields| !fields.is_null()) {
            return Err(Error::new(ErrorKind::Unsupported, context.file, "the field labels.fields is not supported"));
        }
        let specs = if switch("includeSelectors") {
            fields::common_labels()
        } else if switch("includeTemplates") {
            fields::template_labels()
        } else {
            fields::template_labels().into_iter().take(1).collect()
        };
        for (key, value) in context.texts(label.get("pairs"), "labels")? {
            put(context, all, &specs, &key, &value)?;
        }
    }
    for (key, value) in context.texts(context.fields.get("commonLabels"), "commonLabels")? {
        put(context, all, &fields::common_labels(), &key, &value)?;
    }
    Ok(())
}

fn replicas(context: &Context<'_>, all: &mut [Resource], replica: &Value) -> Result<(), Error> {
    let name = text(replica, &["name"]);
    let count = replica.get("count").cloned().unwrap_or_else(|| Value::from(0));
    let mut found = false;
    for kind in ["Deployment", "ReplicationController", "ReplicaSet", "StatefulSet"] {
        for resource in all.iter_mut().filter(|resource| resource.any_id(|id| id.name == name && id.gvk.kind == kind)) {
            found = true;
            if let Some(spec) = child(&mut resource.object, "spec") {
                spec.insert("replicas".to_owned(), count.clone());
            }
        }
    }
    if found {
        Ok(())
    } else {
        Err(context.invalid(format!("resource with name {name} does not match a config with a number of replicas")))
    }
}

/// Name, tag, digest of an image.
fn split(image: &str) -> (&str, &str, &str) {
    let start = image.find('/').filter(|at| *at > 0).unwrap_or(0);
    let search = image.get(start..).unwrap_or_default();
    let at = |c: char| search.find(c).map(|at| at + start);
    let cut = |from: usize, to: usize| image.get(from..to).unwrap_or_default();
    let end = image.len();
    match (at('@'), at(':')) {
        (None, None) => (image, "", ""),
        (Some(digest), colon) if colon.is_none_or(|colon| digest < colon) => (cut(0, digest), "", cut(digest + 1, end)),
        (Some(digest), Some(colon)) => (cut(0, colon), cut(colon + 1, digest), cut(digest + 1, end)),
        (_, Some(colon)) => (cut(0, colon), cut(colon + 1, end), ""),
        (Some(_), None) => (image, "", ""),
    }
}

fn images(context: &Context<'_>, all: &mut [Resource], image: &Value) -> Result<(), Error> {
    let field = |key: &str| {
        image.get(key).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).unwrap_or_default()
    };
    let (name, new_name, new_tag, digest, suffix) =
        (field("name"), field("newName"), field("newTag"), field("digest"), field("tagSuffix"));
    if image.get("newTag").is_some_and(|tag| !tag.is_string()) {
        return Err(context.invalid(format!("the newTag of image {name} is not a string")));
    }
    let pattern = Regex::new(&format!("^{name}(:[a-zA-Z0-9_.{{}}-]*)?(@sha256:[a-zA-Z0-9_.{{}}-]*)?$"));
    let pattern = pattern.map_err(|_| context.invalid(format!("the image name '{name}' is no pattern")))?;
    let renew = |old: &str| {
        let (was, tag, was_digest) = split(old);
        let mut out = if new_name.is_empty() { was.to_owned() } else { new_name.clone() };
        let (tag, digest) = match (new_tag.is_empty(), digest.is_empty(), suffix.is_empty()) {
            (false, _, _) => (new_tag.clone(), digest.clone()),
            (true, false, _) => (String::new(), digest.clone()),
            (true, true, false) => (format!("{tag}{suffix}"), String::new()),
            _ => (tag.to_owned(), was_digest.to_owned()),
        };
        if !tag.is_empty() {
            out.push(':');
            out.push_str(&tag);
        }
        if !digest.is_empty() {
            out.push('@');
            out.push_str(&digest);
        }
        out
    };
    for resource in all.iter_mut().filter(|resource| resource.gvk().kind != "CustomResourceDefinition") {
        containers(&mut resource.object, &pattern, &renew);
        // kustomize goes over the usual places a second time, so that a tag suffix is there twice.
        for path in [
            "spec/containers",
            "spec/initContainers",
            "spec/template/spec/containers",
            "spec/template/spec/initContainers",
        ] {
            visit(&mut resource.object, &format!("{path}[]/image"), None, &mut |value| {
                if let Value::String(image) = value
                    && pattern.is_match(image)
                {
                    *image = renew(image);
                }
                Ok(())
            })
            .map_err(|flaw| context.invalid(flaw))?;
        }
    }
    Ok(())
}

/// Every image of every list of containers, wherever it stands.
fn containers(value: &mut Value, pattern: &Regex, renew: &dyn Fn(&str) -> String) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| containers(item, pattern, renew)),
        Value::Object(entries) => {
            for (key, value) in entries.iter_mut() {
                containers(value, pattern, renew);
                if !matches!(key.as_str(), "containers" | "initContainers") {
                    continue;
                }
                for item in value.as_array_mut().into_iter().flatten() {
                    if let Some(Value::String(image)) = item.get_mut("image")
                        && pattern.is_match(image)
                    {
                        *image = renew(image);
                    }
                }
            }
        }
        _ => {}
    }
}
