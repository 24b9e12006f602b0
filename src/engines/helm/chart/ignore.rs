//! What `.helmignore` leaves out of a chart.
use super::pattern::Pattern;

/// A rule of the file.
#[derive(Debug, Clone)]
struct Rule {
    pattern: Pattern,
    negated: bool,
    /// It speaks of folders only.
    folder: bool,
    /// It is compared with the last part of the path only.
    name_only: bool,
}

/// All rules, in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Rules(Vec<Rule>);

impl Rules {
    /// The rules that hold without a file: nothing below `templates/` that begins with a dot.
    pub(super) fn with_defaults(text: Option<&str>) -> Result<Rules, &'static str> {
        let mut rules = Rules::default();
        for line in text.unwrap_or("").trim_start_matches('\u{feff}').lines() {
            rules.add(line)?;
        }
        rules.add("templates/.?*")?;
        Ok(rules)
    }

    fn add(&mut self, line: &str) -> Result<(), &'static str> {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        if line.contains("**") {
            return Err("double-star (**) syntax is not supported");
        }
        let bad = |_| "syntax error in pattern";
        Pattern::parse(line).map_err(bad)?;
        let negated = line.starts_with('!');
        let rest = line.strip_prefix('!').unwrap_or(line);
        let folder = rest.ends_with('/');
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let name_only = !rest.contains('/');
        // A pattern that parses with its marks and not without them never fits; Helm only logs that.
        let pattern = rest.strip_prefix('/').unwrap_or(rest);
        if let Ok(pattern) = Pattern::parse(pattern) {
            self.0.push(Rule { pattern, negated, folder, name_only });
        }
        Ok(())
    }

    /// Whether the file or folder at this path is left out.
    pub(super) fn ignores(&self, path: &str, is_folder: bool) -> bool {
        for rule in &self.0 {
            let subject = if rule.name_only { path.rsplit('/').next().unwrap_or(path) } else { path };
            if rule.negated {
                // What does not fit a negated rule is out: Helm reads it as "nothing but".
                if (rule.folder && !is_folder) || !rule.pattern.fits(subject) {
                    return true;
                }
                continue;
            }
            if (!rule.folder || is_folder) && rule.pattern.fits(subject) {
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_out_what_helm_leaves_out() {
        let rules = |text| Rules::with_defaults(Some(text));
        let ignores = |text, path, folder| rules(text).map(|rules| rules.ignores(path, folder));
        for (text, path, folder, answer) in [
            ("", "templates/.hidden", false, true),
            ("", "templates/a/.hidden", false, false),
            ("", ".hidden", false, false),
            ("helm.txt", "helm.txt", false, true),
            ("helm.*", "helm.txt", false, true),
            ("helm.*", "rudder.txt", false, false),
            ("cargo/*.*", "cargo/a.txt", false, true),
            ("/a.txt", "a.txt", false, true),
            ("/a.txt", "cargo/a.txt", false, false),
            ("mast/", "mast", true, true),
            ("mast/", "mast", false, false),
            ("!helm.txt", "helm.txt", false, false),
            ("!helm.txt", "tiller.txt", false, true),
            ("!cargo", "cargo", true, false),
            ("!cargo/", "cargo", true, false),
            ("!cargo/", "mast", true, true),
            ("\u{feff}a.txt\r\nb.txt", "a.txt", false, true),
            (" # x\n  b.txt  ", "b.txt", false, true),
        ] {
            assert_eq!(ignores(text, path, folder).ok(), Some(answer), "{text} {path}");
        }
        assert_eq!(rules("a/**/b").err(), Some("double-star (**) syntax is not supported"));
        assert_eq!(rules("[").err(), Some("syntax error in pattern"));
    }
}
