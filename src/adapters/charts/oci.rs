//! Charts in OCI registries: tags, the manifest, and the layer that is the archive.
use super::http::{self, body, failed};
use super::{LARGEST, Wanted, hex};
use crate::model::Result;
use serde_json::Value;
use sha2::{Digest, Sha256};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const LAYER: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
/// Largest manifest or list of tags, bytes.
const SMALL: u64 = 4 * 1024 * 1024;

/// Address of the registry's API for a chart. `repository` is without `oci://`.
fn base(repository: &str, name: &str) -> String {
    let (host, path) = repository.trim_end_matches('/').split_once('/').unwrap_or((repository, ""));
    let scheme = if host.starts_with("localhost:") || host.starts_with("127.0.0.1:") { "http" } else { "https" };
    let path = if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
    format!("{scheme}://{host}/v2/{path}")
}

/// A request, with a token when the registry wants one from everyone.
fn ask(url: &str, accept: &str, limit: u64) -> Result<Vec<u8>> {
    let accept = ("accept", accept.to_owned());
    let answer = http::get(url, std::slice::from_ref(&accept), limit)?;
    if answer.status != 401 {
        return match answer.status {
            200 => Ok(answer.body),
            status => Err(failed(url, format!("the registry answered {status}"))),
        };
    }
    let token = token(url, answer.challenge.as_deref().unwrap_or_default())?;
    body(url, &[accept, ("authorization", format!("Bearer {token}"))], limit)
}

/// An anonymous token, as the challenge says where to get one.
fn token(url: &str, challenge: &str) -> Result<String> {
    let Some(rest) = challenge.strip_prefix("Bearer ") else { return body(url, &[], 1).map(|_| String::new()) };
    let part = |name: &str| {
        rest.split(',').find_map(|part| {
            let (key, value) = part.trim().split_once('=')?;
            (key == name).then(|| value.trim_matches('"').to_owned())
        })
    };
    let Some(realm) = part("realm") else { return Err(failed(url, "the registry says not where to ask")) };
    let query: Vec<String> =
        ["service", "scope"].iter().filter_map(|name| Some(format!("{name}={}", part(name)?))).collect();
    let bytes = body(&format!("{realm}?{}", query.join("&")), &[], SMALL)?;
    let answer: Value = serde_json::from_slice(&bytes).map_err(|error| failed(&realm, error))?;
    let token = answer.get("token").or_else(|| answer.get("access_token")).and_then(Value::as_str);
    token.map(str::to_owned).ok_or_else(|| failed(&realm, "the answer holds no token"))
}

/// Versions; a tag writes `+` as `_`.
pub(super) fn tags(repository: &str, name: &str) -> Result<Vec<String>> {
    let url = format!("{}/tags/list", base(repository, name));
    let list: Value =
        serde_json::from_slice(&ask(&url, "application/json", SMALL)?).map_err(|error| failed(&url, error))?;
    let tags = list.get("tags").and_then(Value::as_array).cloned().unwrap_or_default();
    Ok(tags.iter().filter_map(Value::as_str).map(|tag| tag.replace('_', "+")).rev().collect())
}

/// The archive, checked against the digest of the manifest.
pub(super) fn pull(repository: &str, wanted: &Wanted) -> Result<Vec<u8>> {
    let base = base(repository, &wanted.name);
    let url = format!("{base}/manifests/{}", wanted.version.replace('+', "_"));
    let manifest: Value = serde_json::from_slice(&ask(&url, MANIFEST, SMALL)?).map_err(|error| failed(&url, error))?;
    let layers = manifest.get("layers").and_then(Value::as_array).cloned().unwrap_or_default();
    let layer = layers.iter().find(|layer| layer.get("mediaType").and_then(Value::as_str) == Some(LAYER));
    let digest = layer.and_then(|layer| layer.get("digest")).and_then(Value::as_str);
    let Some(digest) = digest.and_then(|digest| digest.strip_prefix("sha256:")) else {
        return Err(failed(&url, "it is no Helm chart"));
    };
    let bytes = ask(&format!("{base}/blobs/sha256:{digest}"), "*/*", LARGEST)?;
    let found = hex(&Sha256::digest(&bytes));
    if found != digest {
        return Err(failed(&url, format!("the archive's digest is {found}, and the manifest says {digest}")));
    }
    Ok(bytes)
}
