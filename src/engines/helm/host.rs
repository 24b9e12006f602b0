//! What functions of charts find behind them: the seed that stands for chance and time, and which Helm is imitated.
use crate::engines::gotemplate::{Bytes, Parsed, Set};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// Whose behaviour is imitated, where they differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Compat {
    /// Helm 3 (3.10.1).
    Helm3,
    /// Helm 4 (4.2.3).
    #[default]
    Helm4,
}

/// The state of one rendering that functions may read and change.
pub(super) struct Host {
    /// Which Helm.
    pub(super) compat: Compat,
    seed: [u8; 32],
    /// How often the same was drawn already.
    draws: BTreeMap<Vec<u8>, u64>,
    now: i64,
    used: bool,
    /// How deep each name is included within itself.
    included: BTreeMap<Bytes, u32>,
    /// What `lookup` finds.
    pub(super) objects: Rc<Vec<serde_json::Value>>,
    /// Whether anything was looked up.
    pub(super) looked_up: bool,
    /// All parsed files, in order.
    pub(super) parsed: Rc<Vec<Arc<Parsed>>>,
    /// Compiled regular expressions and the names of their groups, by their source.
    pub(super) patterns: BTreeMap<Vec<u8>, (regex::Regex, Vec<String>)>,
    /// The set of all files but one, by its name: what `tpl` of Helm 3 sees.
    without: BTreeMap<String, Set>,
}

impl Host {
    /// A fresh state. All chance and the clock come out of `seed`.
    pub(super) fn new(compat: Compat, seed: [u8; 32]) -> Host {
        // Somewhere in 2001 to 2017, so that two seeds give two times, and years with four digits.
        let offset = u32::from_le_bytes([seed[0], seed[1], seed[2], seed[3]]) % 500_000_000;
        Host {
            compat,
            seed,
            draws: BTreeMap::new(),
            now: 1_000_000_000 + i64::from(offset),
            used: false,
            included: BTreeMap::new(),
            objects: Rc::default(),
            looked_up: false,
            parsed: Rc::default(),
            patterns: BTreeMap::new(),
            without: BTreeMap::new(),
        }
    }

    /// All templates but those that stand in this file.
    pub(super) fn set_without(&mut self, file: &str) -> Set {
        let parsed = &self.parsed;
        let make = || {
            let mut set = Set::named("gotpl");
            parsed.iter().filter(|parsed| parsed.name() != file).for_each(|parsed| set.add(parsed));
            set
        };
        self.without.entry(file.to_owned()).or_insert_with(make).clone()
    }

    /// The same with objects that `lookup` finds.
    pub(super) fn with_objects(mut self, objects: &[serde_json::Value]) -> Host {
        self.objects = Rc::new(objects.to_vec());
        self
    }

    /// Notes that a template is included, and gives how often it was within itself already.
    pub(super) fn enter(&mut self, name: &Bytes) -> u32 {
        let depth = self.included.entry(name.clone()).or_insert(0);
        let before = *depth;
        *depth += 1;
        before
    }

    /// Notes that an included template has ended.
    pub(super) fn leave(&mut self, name: &Bytes) {
        if let Some(depth) = self.included.get_mut(name) {
            *depth = depth.saturating_sub(1);
        }
    }

    /// `length` bytes of chance for a function called with these arguments. The same call in the same rendering gives other
    /// bytes each time; the same sequence of calls gives the same bytes in every rendering with the same seed.
    pub(super) fn draw(&mut self, function: &str, arguments: &[u8], length: usize) -> Vec<u8> {
        self.used = true;
        let mut key = function.as_bytes().to_vec();
        key.push(0);
        key.extend_from_slice(arguments);
        let count = self.draws.entry(key.clone()).or_insert(0);
        *count += 1;
        key.extend_from_slice(&count.to_le_bytes());
        let mut bytes = Vec::with_capacity(length + 32);
        let mut block = 0u64;
        while bytes.len() < length {
            let hash = Sha256::new().chain_update(self.seed).chain_update(block.to_le_bytes()).chain_update(&key);
            bytes.extend_from_slice(&hash.finalize());
            block += 1;
        }
        bytes.truncate(length);
        bytes
    }

    /// The time that `now` gives, in seconds of Unix time.
    pub(super) fn now(&mut self) -> i64 {
        self.used = true;
        self.now
    }

    /// Whether anything depended on the seed.
    pub(super) fn used_seed(&self) -> bool {
        self.used
    }
}
