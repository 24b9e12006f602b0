//! Which section of release notes a change belongs to. `LADDER` is the list of ways to know, strongest first; further signals
//! (fragments, labels, learned models) are further rungs.
use super::{Merge, Title, constant};
use regex::Regex;
use std::sync::LazyLock;

/// The section of a change, or why it belongs to none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// `Added`, `Modified`, `Fixed`, `Deprecated`, `Removed`, `Security`; `Internal` and `Dependencies` are not for readers.
    pub name: &'static str,
    /// How it is known: `prefix fix`, `verb Add`, `CVE-2026-1`, `none`.
    pub evidence: String,
    /// Why it is left out of the notes; `None` when it is in.
    pub left_out: Option<String>,
}

impl Category {
    fn shown(name: &'static str, evidence: impl Into<String>) -> Category {
        Category { name, evidence: evidence.into(), left_out: None }
    }

    fn hidden(name: &'static str, evidence: impl Into<String>, why: impl Into<String>) -> Category {
        Category { name, evidence: evidence.into(), left_out: Some(why.into()) }
    }
}

type Rung = fn(&Title, &[String]) -> Option<Category>;

static LADDER: &[Rung] = &[reverted, security, release, dependencies, declared, verb];

/// What a release leaves behind in the history: its version, its changelog, its tag.
static RELEASE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:(?:bump|update|set|increment|change) (?:the )?(?:[\w.-]{1,30} )?version(?: number)?(?: (?:to|from) \S*\d\S*(?: to \S+)?)?(?: (?:on|for|in) .{1,40})?|(?:prepare|preparing)(?: for)?(?: the)?(?: next)? (?:release|development).{0,40}|(?:prepare|release|releasing|publish|cut|tag) (?:release )?v?\d+\.\d\S*|v?\d+\.\d+(?:\.\d+)?(?:-\S+)?|(?:version|release) v?\d+(?:\.\d+)+\S*|generate files for \S+ release|(?:update|updating|regenerate|finali[sz]e) (?:the )?changelog(?:\.md)?(?: .{1,30})?|post v?\d\S* release|release/\d\S*(?: \S+)?)$",
    )
});

/// The category of a change with this title that touches these files.
pub fn category(title: &Title, files: &[String]) -> Category {
    let known = LADDER.iter().find_map(|rung| rung(title, files));
    known.unwrap_or_else(|| Category::shown("Modified", "none"))
}

fn reverted(title: &Title, _files: &[String]) -> Option<Category> {
    (!title.reverts.is_empty()).then(|| Category::shown("Modified", "revert"))
}

fn security(title: &Title, _files: &[String]) -> Option<Category> {
    if let Some(id) = title.advisories.first() {
        return Some(Category::shown("Security", id.clone()));
    }
    (title.kind.as_deref() == Some("security")).then(|| Category::shown("Security", "prefix security"))
}

/// What the bots of forges write: `Bump the cargo group with 3 updates`, `Bump Grpc.AspNetCore and 4 others`.
static BUMP: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"^bumps? (?:the \S+ group\b.*|\S+ and \d+ others?\b.*|[\w@-]*[./][\w@./-]+(?: and [\w@./-]+)?(?: (?:in|across) .*)?|.{1,60} with \d+ updates?\b.*)$",
    )
});

fn release(title: &Title, _files: &[String]) -> Option<Category> {
    let upkeep = matches!(title.kind.as_deref(), None | Some("chore" | "release" | "build" | "ci"))
        && RELEASE.is_match(title.description.trim_end_matches('.'));
    upkeep.then(|| Category::hidden("Internal", "release", "type release"))
}

fn dependencies(title: &Title, _files: &[String]) -> Option<Category> {
    let scope = title.scope.as_deref().unwrap_or_default().to_ascii_lowercase();
    let scoped = matches!(scope.as_str(), "deps" | "deps-dev" | "dependencies" | "dep" | "renovate" | "deps-ci");
    let kind = title.kind.as_deref() == Some("deps");
    let text = title.description.to_ascii_lowercase();
    let bumps = (text.starts_with("bump ") || text.starts_with("bumps "))
        && text.contains(" from ")
        && text
            .rsplit(" to ")
            .next()
            .is_some_and(|version| version.starts_with(|c: char| c.is_ascii_digit() || c == 'v'));
    let renovates = text.starts_with("update ")
        && ["dependency ", "dependencies", "module ", "docker tag", "action to ", "monorepo to ", "digest to "]
            .iter()
            .any(|word| text.contains(word))
        && (text.contains(" to ") || text.contains("dependencies"));
    let bumps = bumps || BUMP.is_match(&text);
    // The bot of Istio's test infrastructure: `Automator: update proxy@release-1.23 in istio/istio@release-1.23`.
    let automator = text.starts_with("automator: update ") && text.contains('@');
    (scoped || kind || automator || bumps || renovates)
        .then(|| Category::hidden("Dependencies", "dependencies", "dependencies"))
}

fn declared(title: &Title, _files: &[String]) -> Option<Category> {
    let kind = title.kind.as_deref()?;
    let evidence = format!("prefix {kind}");
    Some(match kind {
        "feat" => Category::shown("Added", evidence),
        "fix" => Category::shown("Fixed", evidence),
        "perf" | "refactor" | "change" | "revert" => Category::shown("Modified", evidence),
        "deprecate" => Category::shown("Deprecated", evidence),
        "remove" => Category::shown("Removed", evidence),
        _ => Category::hidden("Internal", evidence, format!("type {kind}")),
    })
}

fn verb(title: &Title, _files: &[String]) -> Option<Category> {
    if title.merge == Some(Merge::Branch) {
        return None;
    }
    let first = title.description.split_whitespace().next()?;
    let word = first.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let name = match word.as_str() {
        "add" | "adds" | "added" | "adding" | "introduce" | "introduces" | "implement" | "implements" | "support"
        | "supports" | "allow" | "allows" | "expose" | "new" | "create" | "provide" | "enable" => "Added",
        "fix" | "fixes" | "fixed" | "fixing" | "bugfix" | "prevent" | "prevents" | "avoid" | "avoids" | "handle"
        | "handles" | "correct" | "corrects" | "corrected" | "ensure" | "ensures" | "resolve" | "resolves"
        | "repair" | "restore" | "don't" | "workaround" => "Fixed",
        "remove" | "removes" | "removed" | "removing" | "delete" | "deletes" | "drop" | "drops" => "Removed",
        "deprecate" | "deprecates" | "deprecated" | "deprecating" => "Deprecated",
        "update" | "updates" | "updated" | "change" | "changes" | "changed" | "improve" | "improves" | "improved"
        | "refactor" | "rename" | "renames" | "move" | "moves" | "use" | "uses" | "make" | "makes" | "switch"
        | "simplify" | "replace" | "bump" | "upgrade" | "migrate" | "increase" | "reduce" | "optimize" | "set" => {
            "Modified"
        }
        _ => return None,
    };
    let mut letters = word.chars();
    let shown: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    Some(Category::shown(name, format!("verb {shown}")))
}

#[cfg(test)]
mod tests {
    use super::category;
    use crate::engines::commits::parse;

    #[test]
    fn categories_by_what_the_message_declares() {
        for (subject, body, expected) in [
            ("feat(cart): x", "", "Added/prefix feat/"),
            ("FIX: x", "", "Fixed/prefix fix/"),
            ("[BUGFIX] x", "", "Fixed/prefix fix/"),
            (":bug: x", "", "Fixed/prefix fix/"),
            ("perf: x", "", "Modified/prefix perf/"),
            ("deprecate: x", "", "Deprecated/prefix deprecate/"),
            ("remove: x", "", "Removed/prefix remove/"),
            ("security: x", "", "Security/prefix security/"),
            ("fix: y", "Closes CVE-2026-12345", "Security/CVE-2026-12345/"),
            ("Revert \"feat: x\"", "", "Modified/revert/"),
            ("chore: x", "", "Internal/prefix chore/type chore"),
            ("docs: x", "", "Internal/prefix docs/type docs"),
            ("chore(deps): bump a", "", "Dependencies/dependencies/dependencies"),
            ("Bump serde from 1.0 to 1.1", "", "Dependencies/dependencies/dependencies"),
            ("Update dependency x to v2", "", "Dependencies/dependencies/dependencies"),
            ("Bump the cargo group with 3 updates", "", "Dependencies/dependencies/dependencies"),
            ("Bump Grpc.AspNetCore and 4 others", "", "Dependencies/dependencies/dependencies"),
            ("Bump a/b", "", "Dependencies/dependencies/dependencies"),
            ("Bump the timeout", "", "Modified/verb Bump/"),
            ("Post 1.8.2 release", "", "Internal/release/type release"),
            ("Automator: update proxy@release-1 in a/b@release-1", "", "Dependencies/dependencies/dependencies"),
            ("Bump version to 3.4.0 on release-3.4 branch", "", "Internal/release/type release"),
            ("chore: bump version to 3.3.14", "", "Internal/release/type release"),
            ("Prepare for next release", "", "Internal/release/type release"),
            ("Generate files for 1.8.4 release", "", "Internal/release/type release"),
            ("Release v1.2.3", "", "Internal/release/type release"),
            ("v1.2.3", "", "Internal/release/type release"),
            ("Update changelog", "", "Internal/release/type release"),
            ("Update version checks of the API", "", "Modified/verb Update/"),
            ("fix: bump version to 2", "", "Fixed/prefix fix/"),
            ("Add x", "", "Added/verb Add/"),
            ("Fixes x", "", "Fixed/verb Fixes/"),
            ("Drop x", "", "Removed/verb Drop/"),
            ("Tune the thing", "", "Modified/none/"),
            ("", "", "Modified/none/"),
        ] {
            let found = category(&parse(subject, body), &[]);
            let text = format!("{}/{}/{}", found.name, found.evidence, found.left_out.unwrap_or_default());
            assert_eq!(text, expected, "{subject}");
        }
    }
}
