//! The context-free, stable patch id of a commit: the same change gets the same id on any branch, at any line.
use super::diff::Changed;
use super::object_tree::blob;
use gix::diff::blob::{Algorithm, Diff, InternedInput};
use sha2::{Digest, Sha256};

/// The largest file whose lines are compared; of larger ones, and of binary ones, the object ids stand in.
const LINES: u64 = 2 * 1024 * 1024;

/// The patch id over these files: for each its path and its changed lines without white space, in an order-free sum.
/// `None` when nothing changed, or when a blob is not here.
pub(super) fn patch_id(repo: &gix::Repository, files: &[Changed]) -> Option<[u8; 20]> {
    if files.is_empty() {
        return None;
    }
    let mut sum = [0u8; 20];
    for file in files {
        add(&mut sum, &file_digest(repo, file)?);
    }
    Some(sum)
}

fn file_digest(repo: &gix::Repository, file: &Changed) -> Option<[u8; 32]> {
    let mut hash = Sha256::new();
    hash.update(without_space(file.path.as_bytes()));
    hash.update([0]);
    let mut contents = [Vec::new(), Vec::new()];
    let mut opaque = false;
    for (content, side) in contents.iter_mut().zip([&file.old, &file.new]) {
        match side {
            None => hash.update(b"/dev/null"),
            Some((mode, _)) if !mode.is_blob() => opaque = true,
            Some((_, id)) => {
                let size = repo.try_find_header(*id).ok()??.size();
                if size > LINES {
                    opaque = true;
                } else {
                    *content = blob(repo, *id, LINES).ok()?;
                    opaque |= content.iter().take(8000).any(|byte| *byte == 0);
                }
            }
        }
    }
    if opaque {
        for (_, id) in [file.old, file.new].into_iter().flatten() {
            hash.update(id.as_slice());
        }
    } else {
        lines(&mut hash, &contents);
    }
    Some(hash.finalize().into())
}

fn lines(hash: &mut Sha256, [old, new]: &[Vec<u8>; 2]) {
    let input = InternedInput::new(old.as_slice(), new.as_slice());
    let diff = Diff::compute(Algorithm::Histogram, &input);
    for hunk in diff.hunks() {
        for (sign, tokens, range) in [(b'-', &input.before, hunk.before), (b'+', &input.after, hunk.after)] {
            for token in tokens.get(range.start as usize..range.end as usize).unwrap_or_default() {
                hash.update([sign]);
                hash.update(without_space(input.interner[*token]));
            }
        }
    }
}

fn without_space(text: &[u8]) -> Vec<u8> {
    text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect()
}

/// Adds a digest as a little-endian number modulo 2^160.
fn add(sum: &mut [u8; 20], digest: &[u8; 32]) {
    let mut carry = 0u16;
    for (byte, other) in sum.iter_mut().zip(digest) {
        let total = u16::from(*byte) + u16::from(*other) + carry;
        *byte = total.to_le_bytes()[0];
        carry = total >> 8;
    }
}
