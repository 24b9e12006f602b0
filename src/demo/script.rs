//! The language of the demo's scripts: one line per person, commit, edit, tag and deployment.
//!
//! `p KEY Name <mail>` a person · `b NAME [LABEL]` goes to a branch, new at the label · `* DATE WHO SUBJECT` a commit, with
//! the lines below it: `| text` of its message, `> PATH` a file whose content follows indented by two blanks, `e PATH` the
//! same for every environment (`{env}` in path and content), `a PATH TEXT` appends a line, `s PATH OLD => NEW` replaces,
//! `d PATH` deletes, `t NAME TEXT` an annotated and `l NAME` a lightweight tag, `k LABEL` names the commit (`{LABEL}` in a
//! later message is its id), `m BRANCH` merges, `@ MODULE VERSION ENV…` cells · `! DATE WHO MODULE ENV VERSION` a commit that
//! records a deployment. Dates are `MM-DDTHH:MM` of 2026.
use super::DemoCommit;
use crate::model::codes::PL0900;
use crate::model::{Diagnostic, Person, Result};
use std::collections::BTreeMap;

const ENVIRONMENTS: &[&str] = &["dev", "qa", "staging", "prod", "dr"];

type Files = BTreeMap<String, String>;

/// The commits that the script describes.
///
/// # Errors
/// PL0900 with the line that cannot be played.
pub(super) fn play(name: &str, text: &str) -> Result<Vec<DemoCommit>> {
    let mut player = Player::default();
    let mut lines = text.lines().enumerate().peekable();
    while let Some((number, line)) = lines.next() {
        let mut body = Vec::new();
        while let Some((_, text)) = lines.next_if(|(_, next)| next.starts_with("  ") || *next == "  ") {
            body.push(text.get(2..).unwrap_or_default());
        }
        player.line(line, &body).ok_or_else(|| {
            let place = format!("the demo's script {name} cannot be played, line {}: {line}", number.saturating_add(1));
            Box::new(Diagnostic::error(&PL0900, place))
        })?;
    }
    Ok(player.finish())
}

#[derive(Default)]
struct Player {
    people: BTreeMap<String, Person>,
    commits: Vec<DemoCommit>,
    /// All files at each commit.
    trees: Vec<Files>,
    /// Where each branch is, and where it began.
    branches: BTreeMap<String, (Option<usize>, Option<usize>)>,
    branch: String,
    labels: BTreeMap<String, usize>,
}

impl Player {
    /// Plays one line; `None` when it cannot be.
    fn line(&mut self, line: &str, body: &[&str]) -> Option<()> {
        if line.is_empty() || line.starts_with('#') {
            return Some(());
        }
        let (word, rest) = line.split_once(' ')?;
        match word {
            "p" => self.person(rest),
            "b" => self.go_to(rest),
            "*" => self.commit(rest),
            "!" => self.deployment(rest),
            "|" => self.message(rest),
            ">" => self.put(rest, &lines_of(body)),
            "e" => ENVIRONMENTS
                .iter()
                .try_for_each(|env| self.put(&rest.replace("{env}", env), &lines_of(body).replace("{env}", env))),
            "a" => self.append(rest),
            "s" => self.replace(rest),
            "d" => self.delete(rest),
            "t" => rest.split_once(' ').and_then(|(name, text)| self.tag(name, Some(text.to_owned()))),
            "l" => self.tag(rest, None),
            "k" => self.label(rest),
            "m" => self.merge(rest),
            "@" => self.cells(rest),
            _ => None,
        }
    }

    fn person(&mut self, text: &str) -> Option<()> {
        let (key, person) = text.split_once(' ')?;
        let (name, email) = person.strip_suffix('>')?.split_once(" <")?;
        self.people.insert(key.to_owned(), Person { name: name.to_owned(), email: email.to_owned() });
        Some(())
    }

    fn go_to(&mut self, text: &str) -> Option<()> {
        let (name, label) = text.split_once(' ').map_or((text, None), |(name, label)| (name, Some(label)));
        if let Some(label) = label {
            let at = *self.labels.get(label)?;
            self.branches.insert(name.to_owned(), (Some(at), Some(at)));
        } else if !self.branches.contains_key(name) {
            self.branches.insert(name.to_owned(), (None, None));
        }
        self.branch = name.to_owned();
        Some(())
    }

    fn tip(&self) -> Option<usize> {
        self.branches.get(&self.branch).and_then(|(tip, _)| *tip)
    }

    fn commit(&mut self, text: &str) -> Option<()> {
        let mut words = text.splitn(3, ' ');
        let (date, who, subject) = (words.next()?, words.next()?, words.next()?);
        let time: jiff::Timestamp = format!("2026-{date}:00Z").parse().ok()?;
        let parent = self.tip();
        let files = parent.and_then(|parent| self.trees.get(parent)).cloned().unwrap_or_default();
        let at = self.commits.len();
        self.commits.push(DemoCommit {
            message: self.fill_in(subject),
            author: self.people.get(who)?.clone(),
            time: time.as_second(),
            parents: parent.into_iter().collect(),
            files: Vec::new(),
            branches: Vec::new(),
            tags: Vec::new(),
        });
        self.trees.push(files);
        self.branches.get_mut(&self.branch)?.0 = Some(at);
        Some(())
    }

    fn fill_in(&self, text: &str) -> String {
        let filled = self.labels.iter().fold(text.to_owned(), |text, (label, at)| {
            text.replace(&format!("{{{label}}}"), &format!("{{commit {at}}}"))
        });
        filled.trim_end().to_owned()
    }

    fn message(&mut self, text: &str) -> Option<()> {
        // A single dot is an empty line.
        let text = self.fill_in(if text == "." { "" } else { text });
        let message = &mut self.commits.last_mut()?.message;
        message.push_str(if message.contains('\n') { "\n" } else { "\n\n" });
        message.push_str(&text);
        Some(())
    }

    /// Sets the content of a file in the commit at hand.
    fn put(&mut self, path: &str, content: &str) -> Option<()> {
        self.trees.last_mut()?.insert(path.to_owned(), content.to_owned());
        self.change(path, Some(content.to_owned()))
    }

    fn change(&mut self, path: &str, content: Option<String>) -> Option<()> {
        let files = &mut self.commits.last_mut()?.files;
        files.retain(|(known, _)| known != path);
        files.push((path.to_owned(), content));
        Some(())
    }

    fn append(&mut self, text: &str) -> Option<()> {
        let (path, line) = text.split_once(' ')?;
        let before = self.trees.last()?.get(path).cloned().unwrap_or_default();
        self.put(path, &format!("{before}{line}\n"))
    }

    fn replace(&mut self, text: &str) -> Option<()> {
        let (path, edit) = text.split_once(' ')?;
        let (old, new) = edit.split_once(" =>")?;
        let before = self.trees.last()?.get(path)?.clone();
        let (old, new) = (old.replace("\\n", "\n"), new.trim_start().replace("\\n", "\n"));
        before.contains(&old).then(|| before.replacen(&old, &new, 1)).and_then(|after| self.put(path, &after))
    }

    fn delete(&mut self, path: &str) -> Option<()> {
        self.trees.last_mut()?.remove(path)?;
        self.change(path, None)
    }

    fn tag(&mut self, name: &str, message: Option<String>) -> Option<()> {
        self.commits.last_mut()?.tags.push((name.to_owned(), message));
        Some(())
    }

    fn label(&mut self, name: &str) -> Option<()> {
        let at = self.commits.len().checked_sub(1)?;
        self.labels.insert(name.to_owned(), at);
        Some(())
    }

    /// Makes the commit at hand a merge: it takes what the branch changed. Both sides may not change one file.
    fn merge(&mut self, branch: &str) -> Option<()> {
        let (Some(tip), Some(start)) = *self.branches.get(branch)? else { return None };
        let (theirs, base) = (self.trees.get(tip)?.clone(), self.trees.get(start)?.clone());
        for (path, content) in &theirs {
            if base.get(path) != Some(content) {
                let ours = self.trees.last()?.get(path);
                (ours == base.get(path)).then_some(())?;
                self.put(path, content)?;
            }
        }
        self.commits.last_mut()?.parents.push(tip);
        // A merged branch is deleted.
        self.branches.remove(branch);
        Some(())
    }

    fn deployment(&mut self, text: &str) -> Option<()> {
        let words: Vec<&str> = text.split(' ').collect();
        let [date, who, module, env, version] = words.as_slice() else { return None };
        let path = format!("manifest/{env}/{module}.yaml");
        let before = self.tip().and_then(|tip| self.trees.get(tip)?.get(&path)).and_then(|cell| version_of(cell));
        let previous = before.map(|version| format!("Pilab-Previous: {version}\n")).unwrap_or_default();
        let subject = format!("deploy {module} {version} to {env}");
        self.commit(&format!("{date} {who} {subject}"))?;
        self.message(&format!(
            "Pilab-Event: deploy\nPilab-Module: {module}\nPilab-Env: {env}\nPilab-Version: {version}\n{previous}"
        ))?;
        let by = if *who == "ci" { "ci:github-actions".to_owned() } else { self.people.get(*who)?.email.clone() };
        let more = format!("deployedAt: \"2026-{date}:00Z\"\nby: \"{by}\"\nstatus: healthy\nsource: recorded\n");
        self.put(&path, &cell(module, env, version, &more))
    }

    /// Cells that nobody saw being deployed.
    fn cells(&mut self, text: &str) -> Option<()> {
        let mut words = text.split(' ');
        let (module, version) = (words.next()?, words.next()?);
        words.try_for_each(|env| {
            self.put(&format!("manifest/{env}/{module}.yaml"), &cell(module, env, version, "source: declared\n"))
        })
    }

    fn finish(mut self) -> Vec<DemoCommit> {
        for (name, (tip, _)) in self.branches {
            if let Some(commit) = tip.and_then(|tip| self.commits.get_mut(tip)) {
                commit.branches.push(name);
            }
        }
        self.commits
    }
}

fn cell(module: &str, env: &str, version: &str, more: &str) -> String {
    format!(
        "apiVersion: pilab.dev/v1\nkind: Deployment\nmodule: {module}\nenvironment: {env}\nversion: \"{version}\"\n\
         image: ghcr.io/acme/{module}:{version}\n{more}"
    )
}

fn lines_of(body: &[&str]) -> String {
    body.iter().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

fn version_of(cell: &str) -> Option<String> {
    cell.lines().find_map(|line| line.strip_prefix("version: ")).map(|version| version.trim_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use super::play;

    const SCRIPT: &str = "p a Ann <a@x>\nb main\n* 01-02T03:04 a feat: one\n> f\n  1\n  2\nk one\nt v1 First\n\
        b side one\n* 01-03T03:04 a fix: two\na g x\nb main\n* 01-04T03:04 a fix: three\n| Why.\n| .\n| Like {one}.\ns f 1 => 3\n\
        * 01-05T03:04 a Merge branch 'side'\nm side\n! 01-06T03:04 a mod prod 1.0.0\n";

    #[test]
    fn a_script_is_played() {
        let commits = play("x", SCRIPT).unwrap();
        assert_eq!(commits.len(), 5);
        assert_eq!(commits[0].tags, [("v1".to_owned(), Some("First".to_owned()))]);
        assert_eq!(commits[2].message, "fix: three\n\nWhy.\n\nLike {commit 0}.");
        assert_eq!(commits[2].files, [("f".to_owned(), Some("3\n2\n".to_owned()))]);
        assert_eq!(commits[3].parents, [2, 1]);
        assert_eq!(commits[3].files, [("g".to_owned(), Some("x\n".to_owned()))]);
        assert_eq!(commits[4].branches, ["main"]);
        assert!(commits[4].files[0].1.as_deref().unwrap().contains("by: \"a@x\""));
    }

    #[test]
    fn a_contradiction_is_an_error_with_its_line() {
        for (bad, line) in [
            ("? x", 1),
            ("b main\n* 01-02T03:04 nobody x", 2),
            ("p a A <a>\nb m\n* 13-02T03:04 a x", 3),
            ("p a A <a>\nb m\n* 01-02T03:04 a x\ns f a => b", 4),
            ("b m none", 1),
            ("t v1 x", 1),
            ("p a A <a>\n* 01-02T03:04 a x", 2),
        ] {
            let error = play("x", bad).unwrap_err();
            assert_eq!(error.code.id, "PL0900");
            assert!(error.message.contains(&format!("line {line}: ")), "{}", error.message);
        }
    }
}
