//! Parsed templates, kept by what stands in them, so that a chart is parsed once however often it is rendered.
use super::head::Head;
use crate::engines::gotemplate::{Error, Parsed};
use crate::engines::helm::host::Compat;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

/// A hash of a template's name and text.
type Key = [u8; 32];

/// Parsed templates for any number of charts and threads.
#[derive(Default)]
pub struct TemplateCache {
    parsed: RwLock<BTreeMap<Key, Arc<Parsed>>>,
    /// What was read of manifests, by their texts: most are the same when only some values change.
    heads: RwLock<BTreeMap<Key, Head>>,
}

/// How many manifests are remembered before all are forgotten.
const HEADS: usize = 100_000;

impl std::fmt::Debug for TemplateCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TemplateCache({})", self.len())
    }
}

impl TemplateCache {
    /// An empty cache.
    pub fn new() -> TemplateCache {
        TemplateCache::default()
    }

    /// How many templates it holds.
    pub fn len(&self) -> usize {
        self.parsed.read().map_or(0, |parsed| parsed.len())
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The parsed template of this name and text. Texts that do not parse are not kept.
    pub(super) fn get(
        &self,
        name: &str,
        text: &[u8],
        compat: Compat,
        parse: impl FnOnce() -> Result<Parsed, Error>,
    ) -> Result<Arc<Parsed>, Error> {
        let head = [u8::from(compat == Compat::Helm3)];
        let size = (name.len() as u64).to_le_bytes();
        let key: Key =
            Sha256::new().chain_update(head).chain_update(size).chain_update(name).chain_update(text).finalize().into();
        let known = self.parsed.read().ok().and_then(|parsed| parsed.get(&key).cloned());
        if let Some(known) = known {
            return Ok(known);
        }
        let template = Arc::new(parse()?);
        // A poisoned lock means that another thread panicked; then nothing is kept, and nothing is lost but time.
        if let Ok(mut parsed) = self.parsed.write() {
            parsed.insert(key, Arc::clone(&template));
        }
        Ok(template)
    }

    /// The head of a manifest with this text. Texts that are none are not kept.
    pub(super) fn head(&self, text: &str, read: impl FnOnce() -> Result<Head, String>) -> Result<Head, String> {
        let key: Key = Sha256::digest(text.as_bytes()).into();
        let known = self.heads.read().ok().and_then(|heads| heads.get(&key).cloned());
        if let Some(known) = known {
            return Ok(known);
        }
        let head = read()?;
        if let Ok(mut heads) = self.heads.write() {
            if heads.len() >= HEADS {
                heads.clear();
            }
            heads.insert(key, head.clone());
        }
        Ok(head)
    }
}
