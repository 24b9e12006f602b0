//! Manifests as one text, as Helm prints it.
use super::manifests::Manifest;
use super::request::Rendered;
use crate::engines::helm::host::Compat;

/// The standard output of `helm template`: custom resource definitions if the request wanted them, manifests, and hooks unless the
/// request left them out.
pub fn stream(rendered: &Rendered) -> String {
    let mut text = release_manifest(rendered).trim().to_owned();
    text.push('\n');
    for manifest in rendered.manifests.iter().filter(|manifest| manifest.hook.is_some()) {
        push(&mut text, &manifest.source, &manifest.text);
    }
    text
}

/// The manifest of the release as Helm keeps it (`helm get manifest`, and what the SDK gives for a dry run): without hooks.
pub fn release_manifest(rendered: &Rendered) -> String {
    let mut text = String::new();
    for crd in &rendered.crds {
        let source = match rendered.compat {
            Compat::Helm3 => &crd.name,
            Compat::Helm4 => &crd.source,
        };
        push(&mut text, source, &crd.text);
    }
    for Manifest { source, text: manifest, .. } in rendered.manifests.iter().filter(|manifest| manifest.hook.is_none())
    {
        push(&mut text, source, manifest);
    }
    text
}

fn push(stream: &mut String, source: &str, text: &str) {
    for part in ["---\n# Source: ", source, "\n", text, "\n"] {
        stream.push_str(part);
    }
}
