//! The files of a chart in a `.tgz`, read in memory, with Helm's bounds and its distrust of paths.
use super::{Budget, Buffered, too_large};
use crate::engines::helm::error::{Error, ErrorKind};
use std::io::{self, Read};

/// What a tar header and its padding may take beside the files, for each file.
const OVERHEAD: u64 = 4096;

/// The files of an archive that lies at `path` of a tree.
pub(super) fn read_named(path: &str, data: &[u8], budget: &mut Budget) -> Result<Vec<Buffered>, Error> {
    if !data.starts_with(b"\x1F\x8B\x08") {
        let text = if [".yml", ".yaml"].iter().any(|end| path.ends_with(end)) {
            format!("file '{path}' seems to be a YAML file, but expected a gzipped archive")
        } else {
            // Helm looks at 512 bytes, be they there or not.
            let kind = if data.len() >= 512 && !data.contains(&0) && std::str::from_utf8(data).is_ok() {
                "text/plain; charset=utf-8"
            } else {
                "application/octet-stream"
            };
            format!("file '{path}' does not appear to be a gzipped archive; got '{kind}'")
        };
        return Err(Error::new(ErrorKind::Chart, text).at(path));
    }
    read(data, budget).map_err(|error| if error.file.is_none() { error.at(path) } else { error })
}

/// The files of an archive.
pub(super) fn read(data: &[u8], budget: &mut Budget) -> Result<Vec<Buffered>, Error> {
    if data.len() < 10 || !data.starts_with(b"\x1F\x8B") {
        let text = match data.len() {
            0 => "EOF",
            1..10 => "unexpected EOF",
            _ => "gzip: invalid header",
        };
        return Err(Error::new(ErrorKind::Chart, text));
    }
    let overhead = OVERHEAD.saturating_mul(budget.files as u64 + 1);
    let most = budget.bytes.saturating_add(overhead);
    let unpacked = Bounded { inner: flate2::bufread::MultiGzDecoder::new(data), left: most };
    let mut archive = tar::Archive::new(unpacked);
    let mut files = Vec::new();
    for entry in archive.entries().map_err(|error| damaged(&error, budget))? {
        let mut entry = entry.map_err(|error| damaged(&error, budget))?;
        let raw = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let kind = entry.header().entry_type();
        if kind.is_dir() || raw.ends_with('/') || kind.is_pax_global_extensions() || kind.is_pax_local_extensions() {
            continue;
        }
        let name = place(&raw)?;
        let size = entry.size();
        if size > budget.bytes {
            return Err(too_large(&budget.limits));
        }
        if size > budget.limits.file {
            let limit = budget.limits.file;
            let text = format!("decompressed chart file {raw:?} is larger than the maximum file size {limit}");
            return Err(Error::new(ErrorKind::Limit, text).at(name));
        }
        budget.take(size)?;
        let mut bytes = Vec::new();
        entry.by_ref().take(size).read_to_end(&mut bytes).map_err(|error| damaged(&error, budget))?;
        if (bytes.len() as u64) < size {
            return Err(Error::new(ErrorKind::Chart, "unexpected EOF").at(name));
        }
        let data = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
        files.push(Buffered { name, data: data.into() });
    }
    if files.is_empty() {
        return Err(Error::new(ErrorKind::Chart, "no files in chart archive"));
    }
    Ok(files)
}

fn damaged(error: &io::Error, budget: &Budget) -> Error {
    match error.kind() {
        io::ErrorKind::StorageFull => too_large(&budget.limits),
        io::ErrorKind::UnexpectedEof => Error::new(ErrorKind::Chart, "unexpected EOF"),
        _ => Error::new(ErrorKind::Chart, format!("archive/tar: invalid tar header ({error})")),
    }
}

/// A reader that fails once more came out of it than is allowed.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into)?;
        self.left = self
            .left
            .checked_sub(count as u64)
            .ok_or_else(|| io::Error::new(io::ErrorKind::StorageFull, "the archive unpacks to too much"))?;
        Ok(count)
    }
}

/// The path below the chart, from a path in the archive: its first part is the chart's folder.
fn place(raw: &str) -> Result<String, Error> {
    let refuse = |text: String| Err(Error::new(ErrorKind::Chart, text));
    // Archives made on Windows may have backslashes.
    let delimiter = if raw.contains('\\') { '\\' } else { '/' };
    let (first, rest) = raw.split_once(delimiter).unwrap_or((raw, ""));
    let name = rest.replace(delimiter, "/");
    if name.starts_with('/') {
        return refuse("chart illegally contains absolute paths".into());
    }
    let name = clean(&name);
    if name == "." {
        return refuse(format!("chart illegally contains content outside the base directory: {raw:?}"));
    }
    if name.starts_with("..") {
        return refuse("chart illegally references parent directory".into());
    }
    if let [drive, b':', b'/', ..] = name.as_bytes()
        && drive.is_ascii_alphabetic()
    {
        return refuse("chart contains illegally named files".into());
    }
    if first == "Chart.yaml" {
        return refuse("chart yaml not in base directory".into());
    }
    Ok(name)
}

/// A relative path without `.`, `..` in the middle and doubled slashes, as Go's `path.Clean`.
pub(super) fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => (),
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}
