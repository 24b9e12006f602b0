//! Charts from repositories, over https or OCI, kept in a cache with their digests. Only `fetch` uses the network.
#[cfg(feature = "net")]
mod http;
#[cfg(feature = "net")]
mod index;
#[cfg(feature = "net")]
mod oci;
#[cfg(test)]
#[cfg(feature = "net")]
mod tests;

use crate::model::{Diagnostic, Result, codes};
use sha2::{Digest, Sha256};
use std::fs;
#[cfg(feature = "net")]
use std::io::Write;
#[cfg(feature = "net")]
use std::path::Path;
use std::path::PathBuf;

/// The largest archive that is taken, bytes.
#[cfg(feature = "net")]
const LARGEST: u64 = 20 * 1024 * 1024;

/// What is wanted: a chart of a repository in one version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wanted {
    /// `https://…` of a chart repository, or `oci://…`.
    pub repository: String,
    /// Name of the chart.
    pub name: String,
    /// The exact version.
    pub version: String,
}

/// Charts on this machine.
#[derive(Debug, Clone)]
pub struct ChartCache {
    root: PathBuf,
}

impl ChartCache {
    /// The cache below this folder, which need not exist.
    pub fn new(root: PathBuf) -> ChartCache {
        ChartCache { root }
    }

    fn path(&self, wanted: &Wanted) -> PathBuf {
        let repository: String = hex(&Sha256::digest(wanted.repository.trim_end_matches('/').as_bytes()));
        let plain = |c: char| if c.is_ascii_alphanumeric() || "._-+".contains(c) { c } else { '_' };
        let file: String = format!("{}-{}", wanted.name, wanted.version).chars().map(plain).collect();
        self.root.join(repository.get(..16).unwrap_or(&repository)).join(format!("{file}.tgz"))
    }

    /// The archive, when it is here and is what was fetched.
    pub fn get(&self, wanted: &Wanted) -> Option<Vec<u8>> {
        let path = self.path(wanted);
        let bytes = fs::read(&path).ok()?;
        let digest = fs::read_to_string(path.with_extension("tgz.sha256")).ok()?;
        (digest.trim() == hex(&Sha256::digest(&bytes))).then_some(bytes)
    }

    /// The versions of a chart that are here.
    pub fn versions(&self, repository: &str, name: &str) -> Vec<String> {
        let some = Wanted { repository: repository.to_owned(), name: name.to_owned(), version: "x".to_owned() };
        let path = self.path(&some);
        let Some(folder) = path.parent() else { return Vec::new() };
        let names = fs::read_dir(folder).into_iter().flatten().filter_map(std::result::Result::ok);
        let names = names.filter_map(|entry| entry.file_name().into_string().ok());
        let mut versions: Vec<String> = names
            .filter_map(|file| Some(file.strip_suffix(".tgz")?.strip_prefix(name)?.strip_prefix('-')?.to_owned()))
            .collect();
        versions.sort();
        versions
    }

    /// Writes an archive: the digest last, so that half a file never counts.
    #[cfg(feature = "net")]
    fn put(&self, wanted: &Wanted, bytes: &[u8]) -> Result<String> {
        let path = self.path(wanted);
        let digest = hex(&Sha256::digest(bytes));
        let folder = path.parent().unwrap_or(&self.root).to_owned();
        let write = || -> std::io::Result<()> {
            fs::create_dir_all(&folder)?;
            persist(&folder, &path, bytes)?;
            persist(&folder, &path.with_extension("tgz.sha256"), format!("{digest}\n").as_bytes())
        };
        write().map_err(|error| {
            Box::new(Diagnostic::error(&codes::PL0402, format!("{} cannot be written: {error}", path.display())))
        })?;
        Ok(digest)
    }

    /// The versions that a repository offers, newest first as it lists them.
    ///
    /// # Errors
    /// PL0207 when it cannot be asked, PL0209 for a transport that is not allowed.
    #[cfg(feature = "net")]
    pub fn offered(&self, repository: &str, name: &str) -> Result<Vec<String>> {
        match repository.strip_prefix("oci://") {
            Some(rest) => oci::tags(rest, name),
            None => Ok(index::read(repository, name)?.into_iter().map(|entry| entry.version).collect()),
        }
    }

    /// Brings a chart and keeps it; tells its digest.
    ///
    /// # Errors
    /// PL0207 when it cannot be had, or is not what the index says; PL0209, PL0402.
    #[cfg(feature = "net")]
    pub fn fetch(&self, wanted: &Wanted) -> Result<String> {
        let bytes = match wanted.repository.strip_prefix("oci://") {
            Some(rest) => oci::pull(rest, wanted)?,
            None => index::pull(wanted)?,
        };
        self.put(wanted, &bytes)
    }

    /// As with the feature `net`.
    ///
    /// # Errors
    /// PL0207 always.
    #[cfg(not(feature = "net"))]
    pub fn offered(&self, _repository: &str, _name: &str) -> Result<Vec<String>> {
        Err(without_network())
    }

    /// As with the feature `net`.
    ///
    /// # Errors
    /// PL0207 always.
    #[cfg(not(feature = "net"))]
    pub fn fetch(&self, _wanted: &Wanted) -> Result<String> {
        Err(without_network())
    }
}

#[cfg(not(feature = "net"))]
fn without_network() -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(&codes::PL0207, "this build of pilab cannot fetch charts")
            .hint("build it with --features net, or vendor the charts: helm dependency build"),
    )
}

#[cfg(feature = "net")]
fn persist(folder: &Path, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = tempfile::Builder::new().prefix(".pilab-").tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map(|_| ()).map_err(|error| error.error)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
