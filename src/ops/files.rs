//! Files of the config repository, written whole or not at all.
use crate::model::{Diagnostic, Result, codes};
use std::io::Write;
use std::path::Path;

/// Writes a file in one step, or removes it: the old content or the new one is there, never half of it.
///
/// # Errors
/// PL0402.
pub(super) fn write(path: &Path, text: Option<&str>) -> Result<()> {
    let failed = |error: std::io::Error| {
        Box::new(
            Diagnostic::error(&codes::PL0402, format!("{}: {error}", path.display()))
                .note("what stood there before is untouched"),
        )
    };
    let Some(text) = text else { return std::fs::remove_file(path).map_err(failed) };
    let folder = path.parent().unwrap_or(Path::new("."));
    if folder.symlink_metadata().is_ok_and(|meta| meta.file_type().is_symlink()) {
        return Err(Box::new(Diagnostic::error(
            &codes::PL0402,
            format!("{} is a link; pilab writes into the repository only", folder.display()),
        )));
    }
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    let mode = std::fs::metadata(path).map(|meta| meta.permissions()).ok();
    let file = file.persist(path).map_err(|error| failed(error.error))?;
    set_mode(&file, mode);
    Ok(())
}

/// A temporary file is private; a file of the repository is as readable as the user's other files.
fn set_mode(file: &std::fs::File, old: Option<std::fs::Permissions>) {
    use std::os::unix::fs::PermissionsExt;
    let mode = old.unwrap_or_else(|| std::fs::Permissions::from_mode(0o644));
    // A file system without modes keeps the file as it is, which is no reason to fail.
    let _ = file.set_permissions(mode);
}
