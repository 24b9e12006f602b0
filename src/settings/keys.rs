//! The one table of settings: parsing, `config list`, `.pilab.example.toml`, `PILAB_*` and the reference are made from it.

/// What a setting takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// Any text.
    Text,
    /// `true` or `false`.
    Flag,
    /// A path; relative to the file it stands in, `~` is the home folder.
    Path,
    /// A whole number of columns, 20 or more.
    Columns,
    /// One of these words.
    Word(&'static [&'static str]),
}

/// One setting.
#[derive(Debug, PartialEq, Eq)]
pub struct Key {
    /// Name with dots; `<name>` stands for any name.
    pub name: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// What holds when nobody sets it, as shown to people.
    pub default: &'static str,
    /// One line.
    pub help: &'static str,
    /// A value for the example.
    pub example: &'static str,
    /// Whether it runs a program, says where credentials are, or where pilab writes: a cache that the repository brought
    /// along could hold clones whose configuration runs programs when they are fetched.
    pub needs_trust: bool,
}

const fn key(
    name: &'static str,
    takes: Takes,
    default: &'static str,
    help: &'static str,
    example: &'static str,
) -> Key {
    Key { name, takes, default, help, example, needs_trust: false }
}

const fn trusted(key: Key) -> Key {
    Key { needs_trust: true, ..key }
}

/// Every setting, sorted by name.
pub static KEYS: &[Key] = &[
    trusted(key(
        "cache",
        Takes::Path,
        "$XDG_CACHE_HOME/pilab",
        "Folder for bare clones and indexes",
        "\"~/.cache/pilab\"",
    )),
    trusted(key("hmac.key", Takes::Text, "", "Where the key for digests of secrets is", "\"env://PILAB_HMAC\"")),
    key("hmac.kid", Takes::Text, "", "Id of that key; it stands in every digest", "\"k1\""),
    key("offline", Takes::Flag, "false", "Refuse the network, also to `repo fetch`", "true"),
    key("output.ascii", Takes::Flag, "false", "Draw with ASCII only", "true"),
    key("output.color", Takes::Word(&["auto", "always", "never"]), "auto", "Colours on the terminal", "\"never\""),
    trusted(key("output.pager", Takes::Text, "less -FRX", "Program that shows long texts; empty: none", "\"less -R\"")),
    key("output.width", Takes::Columns, "of the terminal", "Columns of text", "100"),
    key("project", Takes::Text, "the only one", "Project to use where a config repository has several", "\"shop\""),
    key("repos.<name>", Takes::Path, "", "Local clone to read in place of a repository's URL", "\"../shop\""),
];

impl Key {
    /// The variable that sets it: `output.color` is `PILAB_OUTPUT_COLOR`.
    pub fn variable(&self) -> String {
        let name = self.name.replace("<name>", "name");
        format!("PILAB_{}", name.to_uppercase().replace(['.', '-'], "_"))
    }
}

/// The key that `name` means, and whether it is one of many (`repos.shop`).
pub fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| match key.name.strip_suffix("<name>") {
        Some(prefix) => name.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty()),
        None => key.name == name,
    })
}

/// The text of `.pilab.example.toml`: every key as a comment, so that the file as it stands changes nothing.
pub fn example() -> String {
    let mut text = String::from(
        "# Every setting of pilab with its default. Copy the lines you need into .pilab.toml beside the config\n\
         # repository, or into $XDG_CONFIG_HOME/pilab/config.toml. Stronger ones first: flags, PILAB_* variables,\n\
         # .pilab.toml, the user's file, /etc/pilab/config.toml. See: pilab config list --show-origin\n",
    );
    let mut table = "";
    let (plain, nested): (Vec<&Key>, Vec<&Key>) = KEYS.iter().partition(|key| !key.name.contains('.'));
    for key in plain.into_iter().chain(nested) {
        let (head, name) = key.name.split_once('.').unwrap_or(("", key.name));
        if head != table {
            table = head;
            text.push_str(&format!("\n# [{head}]\n"));
        } else {
            text.push('\n');
        }
        text.push_str(&format!("# {}.", key.help));
        if !key.default.is_empty() {
            text.push_str(&format!(" Default: {}.", key.default));
        }
        if key.needs_trust {
            text.push_str(" Ignored in a repository's file until `pilab trust`.");
        }
        text.push_str(&format!("\n# {} = {}\n", name.replace("<name>", "shop"), key.example));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{KEYS, example, find};
    use crate::settings::{Inputs, Layer, resolve};
    use std::path::PathBuf;

    #[test]
    fn the_table_is_sorted_and_every_example_is_accepted() {
        assert!(KEYS.is_sorted_by_key(|key| key.name));
        let text: String = example()
            .lines()
            .map(|line| {
                line.strip_prefix("# ").filter(|rest| rest.contains(" = ") || rest.starts_with('[')).unwrap_or("")
            })
            .fold(String::new(), |all, line| all + line + "\n");
        let layers = [Layer { path: PathBuf::from("/c/.pilab.toml"), text, trusted: true }];
        let resolved = resolve(&Inputs { layers: &layers, ..Inputs::default() }).unwrap();
        let set = resolved.values.iter().filter(|value| value.origin.is_set()).count();
        assert_eq!(set, KEYS.len(), "{:#?}", resolved.values);
    }

    #[test]
    fn names_are_found() {
        assert!(find("repos.a.b").is_some());
        assert!(find("repos.").is_none() && find("outputs").is_none());
        assert_eq!(find("output.color").unwrap().variable(), "PILAB_OUTPUT_COLOR");
    }
}
