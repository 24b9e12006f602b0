//! Chart repositories: `index.yaml`, and the archives that it names.
use super::http::{body, failed, join};
use super::{LARGEST, Wanted, hex};
use crate::engines::yaml::{self, Node};
use crate::model::Result;
use sha2::{Digest, Sha256};

/// The largest index that is taken, bytes.
const INDEX: u64 = 64 * 1024 * 1024;

/// A version of a chart.
pub(super) struct Entry {
    pub(super) version: String,
    urls: Vec<String>,
    digest: Option<String>,
}

fn index_of(repository: &str) -> String {
    format!("{}/index.yaml", repository.trim_end_matches('/'))
}

/// The versions of a chart in the order of the index.
pub(super) fn read(repository: &str, name: &str) -> Result<Vec<Entry>> {
    let url = index_of(repository);
    let bytes = body(&url, &[], INDEX)?;
    let text = String::from_utf8_lossy(&bytes);
    let limits = yaml::Limits { bytes: usize::try_from(INDEX).unwrap_or(usize::MAX), ..yaml::Limits::default() };
    let (documents, errors) = yaml::parse(&text, &limits);
    let Some(document) = documents.first() else {
        let why = errors.first().map_or("it is empty".to_owned(), |error| error.message.clone());
        return Err(failed(&url, why));
    };
    let entries = document.get("entries").and_then(|entries| entries.get(name)).map(Node::as_list).unwrap_or_default();
    if entries.is_empty() {
        return Err(failed(&url, format!("it has no chart {name}")));
    }
    let text = |node: &Node, key: &str| node.get(key).and_then(Node::scalar_text);
    let entry = |node: &Node| {
        let urls = node.get("urls").map(Node::as_list).unwrap_or_default();
        let urls = urls.iter().filter_map(Node::scalar_text).collect();
        Some(Entry { version: text(node, "version")?, urls, digest: text(node, "digest") })
    };
    Ok(entries.iter().filter_map(entry).collect())
}

/// The archive, checked against the digest of the index.
pub(super) fn pull(wanted: &Wanted) -> Result<Vec<u8>> {
    let url = index_of(&wanted.repository);
    let entries = read(&wanted.repository, &wanted.name)?;
    let found =
        entries.iter().find(|entry| entry.version.trim_start_matches('v') == wanted.version.trim_start_matches('v'));
    let Some(entry) = found else {
        return Err(failed(&url, format!("it has no version {} of {}", wanted.version, wanted.name)));
    };
    let Some(address) = entry.urls.first() else {
        return Err(failed(&url, format!("it says not where {} {} is", wanted.name, wanted.version)));
    };
    if let Some(rest) = address.strip_prefix("oci://") {
        let (repository, _) = rest.rsplit_once('/').unwrap_or((rest, ""));
        return super::oci::pull(repository, wanted);
    }
    let bytes = body(&join(&url, address), &[], LARGEST)?;
    let digest = hex(&Sha256::digest(&bytes));
    if let Some(expected) = entry.digest.as_deref().map(|text| text.trim_start_matches("sha256:"))
        && !expected.eq_ignore_ascii_case(&digest)
    {
        return Err(failed(address, format!("its digest is {digest}, and the index says {expected}")));
    }
    Ok(bytes)
}
