//! `-o FORMAT[=FILE]`: several formats in one run, files written whole or not at all.
use super::ui::Ui;
use crate::model::{Diagnostic, Result, codes};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A format of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Text,
    Json,
    Md,
    Yaml,
    Diff,
    Sql,
}

impl Format {
    pub(super) fn word(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Json => "json",
            Format::Md => "md",
            Format::Yaml => "yaml",
            Format::Diff => "diff",
            Format::Sql => "sql",
        }
    }
}

/// A format and the file it goes to; `None` is stdout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) format: Format,
    pub(super) file: Option<PathBuf>,
}

/// Reads the flags. Without a target for stdout the first of `formats` goes there.
pub(super) fn targets(flags: &[String], json: bool, formats: &[Format], dir: &Path) -> Result<Vec<Target>> {
    let mut list = Vec::new();
    for flag in flags {
        let (word, file) = flag.split_once('=').map_or((flag.as_str(), None), |(word, file)| (word, Some(file)));
        let Some(format) = formats.iter().copied().find(|format| format.word() == word) else {
            return Err(unknown(word, formats));
        };
        let file = match file {
            None | Some("-") => None,
            Some("") => return Err(conflict(format!("'-o {word}=' names no file"))),
            Some(file) => Some(dir.join(file)),
        };
        list.push(Target { format, file });
    }
    if json {
        list.push(Target { format: Format::Json, file: None });
    }
    match list.iter().filter(|target| target.file.is_none()).count() {
        0 => list.extend(formats.first().map(|format| Target { format: *format, file: None })),
        1 => {}
        _ => {
            return Err(conflict("two formats cannot both go to stdout".to_owned()));
        }
    }
    Ok(list)
}

fn unknown(word: &str, formats: &[Format]) -> Box<Diagnostic> {
    let words: Vec<&str> = formats.iter().map(|format| format.word()).collect();
    let error = Diagnostic::error(&codes::PL0403, format!("there is no format '{word}' here"));
    let long = word.eq_ignore_ascii_case("markdown") && words.contains(&"md");
    Box::new(
        if long { error.hint("did you mean 'md'?") } else { error.did_you_mean(word, words.iter().copied()) }
            .hint(format!("formats of this command: {}", words.join(", "))),
    )
}

fn conflict(message: String) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(&codes::PL0112, message).hint("-o json=report.json writes one of them into a file"))
}

/// Renders every target, then writes; when one cannot be rendered nothing was written.
pub(super) fn write(ui: &Ui, targets: &[Target], mut draw: impl FnMut(Format) -> Result<String>) -> Result<()> {
    let texts = targets.iter().map(|target| draw(target.format)).collect::<Result<Vec<_>>>()?;
    for (target, text) in targets.iter().zip(&texts) {
        match &target.file {
            Some(file) => save(file, text.as_bytes()).map_err(|error| unwritten(file, &error))?,
            None => ui.out(text)?,
        }
    }
    Ok(())
}

pub(super) fn unwritten(file: &Path, error: &io::Error) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(&codes::PL0402, format!("{} cannot be written: {error}", file.display())))
}

/// Writes beside the file, makes it durable, then puts it in place. Devices and pipes are written straight.
pub(super) fn save(file: &Path, bytes: &[u8]) -> io::Result<()> {
    // Behind a link the file that is meant gets replaced, not the link.
    let file = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    let known = fs::metadata(&file).ok();
    if let Some(known) = &known
        && !known.is_file()
    {
        return fs::OpenOptions::new().write(true).open(&file)?.write_all(bytes);
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".pilab-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    // The error names the temporary file, which means nothing to the user.
    let plain =
        |error: io::Error| error.raw_os_error().map_or_else(|| error.kind().into(), io::Error::from_raw_os_error);
    let mut temporary = builder.tempfile_in(folder).map_err(plain)?;
    temporary.write_all(bytes)?;
    if let Some(known) = known {
        temporary.as_file().set_permissions(known.permissions())?;
    }
    temporary.as_file().sync_all()?;
    temporary.persist(&file).map(|_| ()).map_err(|error| error.error)
}

#[cfg(test)]
mod tests {
    use super::{Format, save, targets};
    use std::fs;
    use std::path::Path;

    #[test]
    fn flags_become_targets_or_a_coded_refusal() {
        let all = [Format::Text, Format::Json, Format::Md];
        for (flags, json, expected) in [
            (&[][..], false, "text"),
            (&["json"], false, "json"),
            (&[], true, "json"),
            (&["json=a.json", "md=/b.md"], false, "json=/d/a.json md=/b.md text"),
            (&["md=-", "json=a=b"], false, "md json=/d/a=b"),
            (&["json", "md"], false, "PL0112"),
            (&["md"], true, "PL0112"),
            (&["json="], false, "PL0112"),
            (&["xml"], false, "PL0403"),
            (&["JSON"], false, "PL0403"),
        ] {
            let flags: Vec<String> = flags.iter().map(|flag| (*flag).to_owned()).collect();
            let got = match targets(&flags, json, &all, Path::new("/d")) {
                Ok(list) => list
                    .iter()
                    .map(|target| match &target.file {
                        Some(file) => format!("{}={}", target.format.word(), file.display()),
                        None => target.format.word().to_owned(),
                    })
                    .collect::<Vec<_>>()
                    .join(" "),
                Err(error) => error.code.id.to_owned(),
            };
            assert_eq!(got, expected, "{flags:?}");
        }
        let error = targets(&["jsn".to_owned()], false, &all, Path::new("/")).unwrap_err();
        assert_eq!(error.hints, ["did you mean 'json'?", "formats of this command: text, json, md"]);
    }

    #[test]
    fn files_are_whole_or_untouched() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("out.json");
        save(&file, b"one").unwrap();
        save(&file, b"two").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "two");
        assert!(save(&folder.path().join("missing/out.json"), b"x").is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file is left");
        #[cfg(unix)]
        {
            let link = folder.path().join("link.json");
            std::os::unix::fs::symlink(&file, &link).unwrap();
            save(&link, b"three").unwrap();
            assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
            assert_eq!(fs::read_to_string(&file).unwrap(), "three");
            save(Path::new("/dev/null"), b"x").unwrap();
        }
    }
}
