//! Files that save work for the next run. They are whole and unchanged since they were written, or they do not count.
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::Path;

/// The largest such file that is read.
const LIMIT: u64 = 512 * 1024 * 1024;

/// The text that was saved under this title; `None` when there is none, or it is cut off, changed, or of another title.
pub(super) fn load(file: &Path, title: &str) -> Option<String> {
    if file.metadata().ok().filter(std::fs::Metadata::is_file)?.len() > LIMIT {
        return None;
    }
    let mut text = String::from_utf8(std::fs::read(file).ok()?).ok()?;
    let head = head(title, text.split_once('\n')?.1);
    if !text.starts_with(&head) {
        return None;
    }
    text.drain(..head.len());
    Some(text)
}

/// Saves a text under a title. One that cannot be written is no error: the next run takes longer.
pub(super) fn save(file: &Path, title: &str, text: &str) {
    let mut bytes = head(title, text).into_bytes();
    bytes.extend_from_slice(text.as_bytes());
    replace(file, &bytes);
}

/// Writes a file beside its place and moves it there, so that no one ever reads a part of it. Whether it could be written.
pub(super) fn replace(file: &Path, bytes: &[u8]) -> bool {
    let write = || -> std::io::Result<()> {
        let parent = file.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(parent)?;
        let mut temporary = tempfile::NamedTempFile::new_in(parent)?;
        temporary.write_all(bytes)?;
        temporary.persist(file)?;
        Ok(())
    };
    write().is_ok()
}

fn head(title: &str, text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let hash: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{title} {hash}\n")
}

#[cfg(test)]
mod tests {
    use super::{load, save};

    #[test]
    fn only_what_was_saved_is_loaded() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("new/kept");
        assert_eq!(load(&file, "t 1"), None);
        for text in ["", "one\ntwo\n", "ä"] {
            save(&file, "t 1", text);
            assert_eq!(load(&file, "t 1").as_deref(), Some(text));
            assert_eq!(load(&file, "t 2"), None);
        }
        save(&file, "t 1", "one\ntwo\n");
        let whole = std::fs::read(&file).unwrap();
        for cut in 0..whole.len() {
            std::fs::write(&file, &whole[..cut]).unwrap();
            assert_eq!(load(&file, "t 1"), None, "{cut}");
            let mut flipped = whole.clone();
            flipped[cut] ^= 4;
            std::fs::write(&file, &flipped).unwrap();
            assert_eq!(load(&file, "t 1"), None, "{cut}");
        }
        // Places that cannot be written to, and folders, are no error.
        save(&file.join("below a file"), "t 1", "x");
        save(dir.path(), "t 1", "x");
        assert_eq!(load(dir.path(), "t 1"), None);
    }
}
