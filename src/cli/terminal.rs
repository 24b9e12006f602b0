//! What the terminal can do, decided out of flags, variables and the streams: colour, width, characters, pager.
use crate::settings::Output;
use std::collections::BTreeMap;

/// Variables of the process.
pub(super) type Environment = BTreeMap<String, String>;

/// Whether colours are written to a stream.
///
/// `--color`, `NO_COLOR`, `CLICOLOR_FORCE` or `FORCE_COLOR`, `CLICOLOR=0`, `TERM=dumb`, then the stream decides.
/// The setting `output.color` holds `--color` when the flag was given; out of a file it ranks after the variables.
pub(super) fn color(flag: Option<&str>, setting: Option<&str>, environment: &Environment, terminal: bool) -> bool {
    let value = |name: &str| environment.get(name).map_or("", String::as_str);
    let forced = |name: &str| !matches!(value(name), "" | "0");
    match flag {
        Some("always") => return true,
        Some("never") => return false,
        _ => {}
    }
    if !value("NO_COLOR").is_empty() {
        return false;
    }
    if forced("CLICOLOR_FORCE") || forced("FORCE_COLOR") {
        return true;
    }
    if value("CLICOLOR") == "0" || value("TERM") == "dumb" {
        return false;
    }
    match setting {
        Some("always") => true,
        Some("never") => false,
        _ => terminal,
    }
}

/// Columns: the flag or setting, `COLUMNS`, the terminal, 80 on a terminal without a size, 120 without a terminal.
pub(super) fn width(
    setting: Option<usize>,
    environment: &Environment,
    terminal: bool,
    measured: Option<usize>,
) -> usize {
    let columns = environment.get("COLUMNS").and_then(|text| text.parse::<usize>().ok());
    let measured = measured.filter(|_| terminal);
    let known = setting.or(columns).or(measured).filter(|columns| *columns > 0);
    known.map_or(if terminal { 80 } else { 120 }, |columns| columns.clamp(20, 10_000))
}

/// Whether only ASCII is written: asked for, or the locale names an encoding other than UTF-8.
pub(super) fn ascii(asked: bool, environment: &Environment) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| environment.get(name).filter(|value| !value.is_empty()));
    let encoding = locale.map(|locale| locale.to_lowercase().replace('-', ""));
    asked || encoding.is_some_and(|name| !name.contains("utf8"))
}

/// The program for long texts; `None` writes them straight. `PILAB_PAGER`, the setting, `PAGER`, `less -FRX`.
pub(super) fn pager(off: bool, output: &Output, environment: &Environment) -> Option<Vec<String>> {
    // The setting already holds `PILAB_PAGER` where that is set.
    let asked = output.pager.as_ref().or_else(|| environment.get("PAGER"));
    let command = asked.map_or("less -FRX", String::as_str);
    let words: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
    let none = off || words.is_empty() || words.first().is_some_and(|program| program == "cat");
    (!none).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::{Environment, ascii, color, pager, width};
    use crate::settings::Output;

    fn env(pairs: &[(&str, &str)]) -> Environment {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn colour_follows_the_order_of_precedence() {
        for (flag, setting, variables, terminal, expected) in [
            (None, None, &[][..], true, true),
            (None, None, &[], false, false),
            (Some("always"), None, &[("NO_COLOR", "1")], false, true),
            (Some("never"), None, &[("CLICOLOR_FORCE", "1")], true, false),
            (Some("auto"), Some("always"), &[("NO_COLOR", "1")], true, false),
            (None, None, &[("NO_COLOR", "")], true, true),
            (None, None, &[("NO_COLOR", "0")], true, false),
            (None, None, &[("NO_COLOR", "1"), ("FORCE_COLOR", "1")], true, false),
            (None, None, &[("CLICOLOR_FORCE", "1"), ("CLICOLOR", "0")], false, true),
            (None, None, &[("FORCE_COLOR", "3"), ("TERM", "dumb")], false, true),
            (None, None, &[("CLICOLOR_FORCE", "0")], false, false),
            (None, None, &[("CLICOLOR", "0")], true, false),
            (None, None, &[("TERM", "dumb")], true, false),
            (None, Some("always"), &[], false, true),
            (None, Some("never"), &[], true, false),
            (None, Some("always"), &[("TERM", "dumb")], false, false),
            (None, None, &[("CI", "true")], false, false),
        ] {
            let got = color(flag, setting, &env(variables), terminal);
            assert_eq!(got, expected, "{flag:?} {setting:?} {variables:?} {terminal}");
        }
    }

    #[test]
    fn width_follows_the_order_of_precedence() {
        for (setting, columns, terminal, measured, expected) in [
            (Some(72), "100", true, Some(90), 72),
            (None, "100", true, Some(90), 100),
            (None, "", true, Some(90), 90),
            (None, "", true, None, 80),
            (None, "x", false, None, 120),
            (None, "0", true, Some(90), 80),
            (None, "", false, Some(90), 120),
            (None, "5", false, None, 20),
            (None, "99999999999999999999999", true, Some(90), 90),
        ] {
            assert_eq!(width(setting, &env(&[("COLUMNS", columns)]), terminal, measured), expected, "{columns}");
        }
    }

    #[test]
    fn ascii_is_chosen_when_the_locale_is_not_utf8() {
        for (variables, asked, expected) in [
            (&[][..], false, false),
            (&[], true, true),
            (&[("LANG", "en_US.UTF-8")], false, false),
            (&[("LANG", "C.utf8")], false, false),
            (&[("LANG", "C")], false, true),
            (&[("LC_ALL", "POSIX"), ("LANG", "de_DE.UTF-8")], false, true),
            (&[("LC_ALL", ""), ("LANG", "de_DE.UTF-8")], false, false),
            (&[("LC_CTYPE", "de_DE.ISO-8859-1")], false, true),
        ] {
            assert_eq!(ascii(asked, &env(variables)), expected, "{variables:?}");
        }
    }

    #[test]
    fn the_pager_is_the_users_choice() {
        let set = |pager: &str| Output { pager: Some(pager.to_owned()), ..Output::default() };
        for (off, output, variables, expected) in [
            (false, Output::default(), &[][..], Some("less -FRX")),
            (false, Output::default(), &[("PAGER", "more -s")], Some("more -s")),
            (false, set("bat"), &[("PAGER", "more")], Some("bat")),
            (false, set(""), &[("PAGER", "more")], None),
            (false, Output::default(), &[("PAGER", "cat")], None),
            (true, set("bat"), &[], None),
        ] {
            let got = pager(off, &output, &env(variables)).map(|words| words.join(" "));
            assert_eq!(got.as_deref(), expected);
        }
    }
}
