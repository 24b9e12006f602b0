//! Reads a commit message: type, scope, what breaks, pull request, merge, revert, and where it was picked from.
use super::constant;
use regex::Regex;
use std::sync::LazyLock;

/// How a merge commit came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merge {
    /// A forge merged a pull or merge request.
    PullRequest,
    /// Somebody merged a branch or tag.
    Branch,
}

/// What a revert takes back, as far as its message says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A commit, whole id or the beginning of one.
    Commit(String),
    /// A pull request.
    PullRequest(u64),
    /// The change with this title.
    Title(String),
}

/// A commit message, taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Title {
    /// The declared type in lower case: `feat`, `fix`, `chore`; synonyms are brought to one word.
    pub kind: Option<String>,
    /// The scope of a conventional title, or the component before a colon.
    pub scope: Option<String>,
    /// What breaks, for a breaking change.
    pub breaking: Option<String>,
    /// The title without prefix, branch tag and pull request number.
    pub description: String,
    /// The number of the pull request that brought it.
    pub pull_request: Option<u64>,
    /// All pull requests that the title names in brackets at its end, the original ones of a backport too.
    pub pull_requests: Vec<u64>,
    /// The branch that a backport is tagged with: `release-1.2` of `[release-1.2] Fix it`.
    pub branch: Option<String>,
    /// Set for messages that a merge writes.
    pub merge: Option<Merge>,
    /// What it takes back, best known first; empty when it is no revert.
    pub reverts: Vec<Target>,
    /// Ids of the commits that it was picked from.
    pub picked_from: Vec<String>,
    /// Advisories that the message names: `CVE-2026-1234`, `GHSA-…`, `RUSTSEC-…`.
    pub advisories: Vec<String>,
}

/// More than this many ids of one message say nothing more.
const MAX_IDS: usize = 200;
/// Longest text of a breaking change, in characters.
const MAX_BREAKING: usize = 2_000;

static CONVENTIONAL: LazyLock<Regex> =
    LazyLock::new(|| constant(r"^([A-Za-z][A-Za-z_-]{0,19})\s?(?:\(([^()]{0,80})\))?\s?(!)?\s?(?::|：)\s*(\S.*)$"));
static DASHED: LazyLock<Regex> =
    LazyLock::new(|| constant(r"^([A-Za-z]{3,12})(?:\(([^()]{0,80})\))?(!)?\s+[-–—]\s+(\S.*)$"));
static COMPONENT: LazyLock<Regex> =
    LazyLock::new(|| constant(r"^([a-z0-9][A-Za-z0-9_./*,-]{0,39})(?:\(([^()]{0,80})\))?(!)?:\s+(\S.*)$"));
static BRACKET: LazyLock<Regex> = LazyLock::new(|| constant(r"^\[([^\[\]]{1,40})\]\s*[:-]?\s*(\S.*)$"));
static BRANCH_TAG: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:(?:release|stable|backport|rel|branch|maint|manual|auto|automated|cherry[- ]?pick)(?:[-/_. ]?.*)?|bot|v?\d+(?:[.-][\dx]+)+|v\d+|main|master)$",
    )
});
static TOPIC: LazyLock<Regex> = LazyLock::new(|| constant(r"^[a-z0-9][a-z0-9_. -]{0,29}$"));
static SHORTCODE: LazyLock<Regex> = LazyLock::new(|| constant(r"^:([a-z0-9_+-]{2,40}):\s*(\S.*)$"));
static PULL_SUFFIX: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\s*\((?:(?:pr|pull request|mr|merge request|gh|cherry[- ]?pick(?:ed)?(?: of| from)?|backport(?:ed|s)?(?: of| from)?)[\s:-]*[#!]?|[#!])(\d{1,9})((?:(?:,? and |, ?)[#!]\d{1,9}){0,9})(?: (?:for|to|in|into|onto|on) [^()]{1,40})?\)\s*$",
    )
});
static PICK_PREFIX: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:automated |automatic |manual )?(?:cherry[- ]?pick|back-?port)(?: of)?(?: pr| pull request)? [#!]\d{1,9}(?:(?:,? and |,? ?)[#!]\d{1,9}){0,9}(?: (?:on|to|into|onto) (?:branch )?[\w./-]{1,60})?(?:\s*:\s*(\S.*)|\s+\((\S.*)\))$",
    )
});
static PICK_TAG: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(?i)\s*\((?:cherry[- ]?pick(?:ed)?|back-?port(?:ed)?)\b([^()#]{0,60})\)\s*$"));
static BACKPORT_INTO: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:manual |automatic |automated )?back-?port of (\S.*?) (?:in)?to (?:branch )?([\w./-]*\d[\w./-]*)$",
    )
});
static PICK_OF: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:cherry[- ]?pick(?:s|ed|ing)?(?: of| from)?(?: pr| pull request)? (\d{3,9})\b|(?:cherry[- ]?pick(?:s|ed|ing)?|back-?port(?:s|ed|ing)?)(?::? [\w'/.-]{1,30}){0,4}:? [#!](\d{1,9})\b((?:(?:,? and |,? ?)[#!]\d{1,9}){0,9}))",
    )
});
static NUMBER: LazyLock<Regex> = LazyLock::new(|| constant(r"\d{1,9}"));
static MERGE_PULL: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:merge pull request [#!](\d{1,9})\b|merged in .{1,200} \(pull request #(\d{1,9})\)|merge pull request '.{0,500}' \(#(\d{1,9})\) from )",
    )
});
static GITEA_TITLE: LazyLock<Regex> =
    LazyLock::new(|| constant(r"^Merge pull request '(.{0,500})' \(#(\d{1,9})\) from "));
static TITLED_PULL: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(?i)^(?:merged pr (\d{1,9}): |pull request #(\d{1,9}): )(\S.*)$"));
static MERGE_BRANCH: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r#"(?i)^(?:auto-?merge|merge(?:d)?) (?:(?:remote-tracking |remote )?branch(?:es)? (?:['"]|\S+ (?:into|of|from) )|tag ['"]?\S+|commit ['"]?[0-9a-f]{7,64}\b|[0-9a-f]{40} into |\S+/\S+ into |'[^']+')"#,
    )
});
static SEE_MERGE: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(?im)^see merge request (?:[\w./-]{0,200})!(\d{1,9})\s*$"));
static PICKED: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?im)(?:\(cherry[- ]picked from(?: commit)? ([0-9a-f]{7,64})\b|\bbackport(?:s|ed)? (?:of |from )?commit ([0-9a-f]{7,64})\b|^\[? ?upstream commit ([0-9a-f]{12,64}) ?\]?\s*$|^commit ([0-9a-f]{40}|[0-9a-f]{64}) upstream\.?\s*$)",
    )
});
static REVERTS_COMMIT: LazyLock<Regex> = LazyLock::new(|| {
    constant(r"(?im)^[ \t]*(?:this )?reverts? commits? ([0-9a-f]{7,64}(?:(?:,? and |, ?)[0-9a-f]{7,64})*)\b")
});
static REVERTS_PULL: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?im)^[ \t]*(?:this )?reverts (?:(?:pull request|pr|merge request) )?(?:[\w.-]{1,60}/[\w.-]{1,100})?[#!](\d{1,9})\b",
    )
});
static REVERT_TITLE: LazyLock<Regex> = LazyLock::new(|| {
    constant(r#"(?i)^(revert|reapply|back(?:ed)? out|rollback|roll back)(?: of)?:?\s+["'“](.+)["'”]"#)
});
static REVERT_BARE: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(?i)^(?:this )?(?:reverts?|reapply|back(?:ed)? out)\b"));
static BREAKING: LazyLock<Regex> = LazyLock::new(|| {
    constant(r"^(?:[*-] )?(?:\*\*)?BREAKING(?:(?:[ -]CHANGES?)?(?:\*\*)?\s*:(?:\*\*)?|[ -]CHANGES? #)\s*(.*)$")
});
static FOOTER: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"^(?:[A-Za-z][A-Za-z-]{1,40}: |[A-Za-z][A-Za-z-]{1,40} #\d|(?i:close[sd]?|fix(?:e[sd])?|resolve[sd]?|refs?|see) (?:https?:|[\w.-]+/[\w.-]+#)|\(cherry picked|(?:(?:[A-Z][A-Z0-9]{1,9}-|#)\d+[, ]{0,2})+$|\* |---|#{1,6} |<!--|```|- [a-z]{2,12}(?:\([^()]*\))?!?: )",
    )
});
static ADVISORY: LazyLock<Regex> = LazyLock::new(|| {
    constant(r"(?i)\b(?:CVE-\d{4}-\d{4,7}|GHSA(?:-[23456789cfghjmpqrvwx]{4}){3}|RUSTSEC-\d{4}-\d{4})\b")
});

/// Takes a commit message apart. `body` is what follows the subject.
pub fn parse(subject: &str, body: &str) -> Title {
    let mut title = Title::default();
    let subject = subject.trim();
    let line = merge(&mut title, subject, body);
    let rest = peel(&mut title, &line);
    originals(&mut title, subject, body);
    title.description = rest;
    reverts(&mut title, body);
    footers(&mut title, body);
    for text in [subject, body] {
        for found in PICKED.captures_iter(text).take(MAX_IDS) {
            if let Some(id) = found.iter().skip(1).flatten().next() {
                push(&mut title.picked_from, id.as_str().to_ascii_lowercase());
            }
        }
        for found in ADVISORY.find_iter(text).take(MAX_IDS) {
            push(&mut title.advisories, found.as_str().to_ascii_uppercase());
        }
    }
    title
}

/// The pull requests that a backport says it brings, in front of its own.
fn originals(title: &mut Title, subject: &str, body: &str) {
    let lines = body.lines().map(str::trim).filter(|line| line.len() < 200 && !line.starts_with("* "));
    let mut found = Vec::new();
    for line in std::iter::once(subject).chain(lines.take(50)) {
        for pick in PICK_OF.captures_iter(line) {
            found.extend((1..=3).filter_map(|group| pick.get(group)).flat_map(|text| numbers(text.as_str())));
        }
    }
    for (at, id) in found.into_iter().enumerate() {
        if title.pull_requests.len() < MAX_IDS && !title.pull_requests.contains(&id) {
            title.pull_requests.insert(at.min(title.pull_requests.len()), id);
        }
    }
}

fn numbers(text: &str) -> Vec<u64> {
    NUMBER.find_iter(text).filter_map(|number| number.as_str().parse().ok()).collect()
}

/// The subject, with the end that GitHub moved into the body when it was too long (`a long title… (#1)`, `…goes on`).
fn whole(subject: &str, body: &str) -> String {
    let (head, number) = match PULL_SUFFIX.find(subject) {
        Some(found) => subject.split_at(found.start()),
        None => (subject, ""),
    };
    let rest = body.lines().map(str::trim).find(|line| !line.is_empty()).and_then(|line| line.strip_prefix('…'));
    match (head.strip_suffix('…'), rest) {
        (Some(head), Some(rest)) => format!("{head}{rest}{number}"),
        _ => subject.to_owned(),
    }
}

fn push<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if list.len() < MAX_IDS && !list.contains(&item) {
        list.push(item);
    }
}

fn number(found: Option<regex::Match<'_>>) -> Option<u64> {
    found?.as_str().parse().ok()
}

/// Recognises what merges write and gives the line that says what was merged.
fn merge(title: &mut Title, subject: &str, body: &str) -> String {
    let first = || body.lines().map(str::trim).find(|line| !line.is_empty() && !SEE_MERGE.is_match(line));
    if let Some(found) = TITLED_PULL.captures(subject) {
        title.merge = Some(Merge::PullRequest);
        title.pull_request = number(found.get(1)).or_else(|| number(found.get(2)));
        return found.get(3).map_or("", |text| text.as_str()).to_owned();
    }
    if let Some(found) = MERGE_PULL.captures(subject) {
        title.merge = Some(Merge::PullRequest);
        title.pull_request = (1..=3).find_map(|group| number(found.get(group)));
        if let Some(gitea) = GITEA_TITLE.captures(subject) {
            title.pull_request = number(gitea.get(2));
            return gitea.get(1).map_or("", |text| text.as_str()).to_owned();
        }
        return first().unwrap_or_default().to_owned();
    }
    if MERGE_BRANCH.is_match(subject) {
        title.merge = Some(Merge::Branch);
        if let Some(found) = SEE_MERGE.captures(body) {
            title.merge = Some(Merge::PullRequest);
            title.pull_request = number(found.get(1));
            return first().unwrap_or_default().to_owned();
        }
        return String::new();
    }
    if let Some(found) = SEE_MERGE.captures(body) {
        title.pull_request = number(found.get(1));
    }
    // What GitHub calls the merge of a private fork, in which a vulnerability was mended.
    if subject.eq_ignore_ascii_case("merge commit from fork") {
        let text = first().map(|line| line.trim_start_matches(['*', '-', ' ']).trim()).filter(|line| !line.is_empty());
        return text.unwrap_or(subject).to_owned();
    }
    whole(subject, body)
}

/// Takes off everything around the description.
fn peel(title: &mut Title, line: &str) -> String {
    let mut rest = line.trim().to_owned();
    loop {
        if let Some(found) = PICK_TAG.captures(&rest) {
            let head = rest.get(..found.get(0).map_or(0, |all| all.start())).filter(|head| !head.is_empty());
            let Some(head) = head.map(str::to_owned) else { break };
            title.branch = found.get(1).map(|branch| branch.as_str().trim().to_owned());
            rest = head;
            continue;
        }
        let Some(found) = PULL_SUFFIX.captures(&rest) else { break };
        let at = found.get(0).map_or(0, |all| all.start());
        let Some(head) = rest.get(..at).filter(|head| !head.is_empty()) else { break };
        let others = found.get(2).map_or_else(Vec::new, |list| numbers(list.as_str()));
        others.into_iter().rev().chain(number(found.get(1))).for_each(|id| push(&mut title.pull_requests, id));
        rest = head.to_owned();
    }
    title.pull_requests.reverse();
    if let Some(id) = title.pull_request {
        push(&mut title.pull_requests, id);
    }
    title.pull_request = title.pull_request.or_else(|| title.pull_requests.last().copied());
    if let Some(found) = PICK_PREFIX.captures(&rest) {
        let text = found.get(1).or_else(|| found.get(2)).map_or("", |text| text.as_str()).to_owned();
        rest = text;
    }
    if let Some(found) = BACKPORT_INTO.captures(&rest) {
        title.branch = found.get(2).map(|branch| branch.as_str().to_owned());
        rest = found.get(1).map_or("", |text| text.as_str()).to_owned();
    }
    let mut tagged = true;
    for _ in 0..6 {
        match peel_once(title, &rest, &mut tagged) {
            Some(shorter) => rest = shorter,
            None => break,
        }
    }
    if title.breaking.is_some() {
        title.breaking = Some(rest.clone());
    }
    rest
}

/// Takes one thing off the front. `tagged` holds until a conventional prefix was read: behind `[BUGFIX]` a component may
/// stand, behind `fix:` a colon is part of the text.
fn peel_once(title: &mut Title, rest: &str, tagged: &mut bool) -> Option<String> {
    if let Some((kind, after)) = emoji(rest) {
        title.kind = title.kind.take().or_else(|| kind.map(str::to_owned));
        if kind == Some("breaking") {
            title.kind = None;
            title.breaking = Some(String::new());
        }
        return Some(after.to_owned());
    }
    if let Some(found) = BRACKET.captures(rest) {
        let (tag, after) = (found.get(1)?.as_str().trim(), found.get(2)?.as_str());
        if let Some(kind) = known(tag) {
            title.kind = title.kind.take().or_else(|| Some(kind.to_owned()));
            return Some(after.to_owned());
        }
        if BRANCH_TAG.is_match(tag) {
            title.branch = Some(tag.to_owned()).filter(|tag| !tag.eq_ignore_ascii_case("bot"));
            return Some(after.to_owned());
        }
        return topic(title, tag).then(|| after.to_owned());
    }
    if title.kind.is_some() && title.scope.is_some() {
        return None;
    }
    let found = CONVENTIONAL.captures(rest).filter(|found| is_known(found)).or_else(|| {
        DASHED
            .captures(rest)
            .filter(is_known)
            .or_else(|| COMPONENT.captures(rest).filter(|_| title.scope.is_none() && *tagged))
    })?;
    let tag_only = std::mem::replace(tagged, false);
    let word = found.get(1)?.as_str();
    let scope = found.get(2).map(|scope| scope.as_str().trim()).filter(|scope| !scope.is_empty());
    match known(word) {
        Some(kind) if title.kind.is_none() || tag_only => {
            title.kind = Some(kind.to_owned());
            title.scope = title.scope.take().or_else(|| scope.map(str::to_owned));
        }
        Some(_) => return None,
        None => title.scope = Some(word.to_owned()),
    }
    if found.get(3).is_some() {
        title.breaking = Some(String::new());
    }
    Some(found.get(4)?.as_str().to_owned())
}

/// Reads `[email]` and `[chore/jaeger]` as scope, and type with scope. A ticket or a name in capitals is none.
fn topic(title: &mut Title, tag: &str) -> bool {
    let (kind, scope) = match tag.split_once('/') {
        Some((word, scope)) => (known(word), scope),
        None => (None, tag),
    };
    let whole = if kind.is_some() { scope } else { tag };
    let fits = title.kind.is_none() && title.scope.is_none() && whole.split('/').all(|part| TOPIC.is_match(part));
    if fits {
        title.kind = kind.map(str::to_owned);
        title.scope = Some(whole.to_owned());
    }
    fits
}

fn is_known(found: &regex::Captures<'_>) -> bool {
    found.get(1).is_some_and(|word| known(word.as_str()).is_some())
}

/// The one word for a declared type, when it is one.
fn known(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_lowercase().as_str() {
        "feat" | "feature" | "features" | "enhancement" | "add" | "added" | "new" => "feat",
        "fix" | "fixes" | "fixed" | "bugfix" | "bug" | "hotfix" | "bug-fix" | "bug_fix" => "fix",
        "perf" | "performance" => "perf",
        "refactor" | "refactoring" | "ref" => "refactor",
        "change" | "changed" | "changes" | "improvement" | "improve" | "imp" => "change",
        "deprecate" | "deprecated" | "deprecation" => "deprecate",
        "remove" | "removed" | "removal" => "remove",
        "security" | "sec" => "security",
        "revert" | "reverts" => "revert",
        "chore" | "chores" | "misc" | "internal" | "housekeeping" => "chore",
        "ci" => "ci",
        "test" | "tests" | "testing" => "test",
        "build" => "build",
        "style" | "styles" | "lint" | "format" => "style",
        "doc" | "docs" | "documentation" => "docs",
        "deps" | "dep" | "dependencies" | "dependency" => "deps",
        "release" => "release",
        "breaking" | "breaking-change" => "change",
        "wip" => "wip",
        _ => return None,
    })
}

/// A leading emoji, as a character or as a short code, with the type it stands for.
fn emoji(rest: &str) -> Option<(Option<&'static str>, &str)> {
    if let Some(found) = SHORTCODE.captures(rest) {
        return Some((meaning(found.get(1)?.as_str()), found.get(2)?.as_str()));
    }
    let first = rest.chars().next().filter(|first| is_emoji(*first))?;
    let after = rest.trim_start_matches(|c: char| is_emoji(c) || matches!(c, '\u{fe0f}' | '\u{200d}')).trim_start();
    let kind = match first {
        '✨' | '🎉' | '🚀' | '🌱' => {
            if first == '🌱' {
                "chore"
            } else {
                "feat"
            }
        }
        '🐛' | '🚑' | '🩹' | '🐞' => "fix",
        '🔒' | '🔐' => "security",
        '⚡' => "perf",
        '♻' | '🎨' => "refactor",
        '🔥' | '🗑' => "remove",
        '📝' | '📖' | '📚' => "docs",
        '⬆' | '⬇' | '📌' => "deps",
        '✅' | '🧪' => "test",
        '👷' | '💚' => "ci",
        '⏪' => "revert",
        '💥' | '⚠' => "breaking",
        '🔖' => "release",
        _ => return (!after.is_empty()).then_some((None, after)),
    };
    (!after.is_empty()).then_some((Some(kind), after))
}

fn is_emoji(c: char) -> bool {
    matches!(c as u32, 0x1F300..=0x1FAFF | 0x2600..=0x27BF | 0x2B05..=0x2B55 | 0x23E9..=0x23FA)
}

fn meaning(code: &str) -> Option<&'static str> {
    Some(match code {
        "sparkles" | "tada" | "rocket" | "new" => "feat",
        "bug" | "ambulance" | "adhesive_bandage" => "fix",
        "lock" | "closed_lock_with_key" => "security",
        "zap" | "racehorse" => "perf",
        "recycle" | "art" => "refactor",
        "fire" | "wastebasket" => "remove",
        "memo" | "book" | "books" | "pencil" => "docs",
        "arrow_up" | "arrow_down" | "pushpin" => "deps",
        "white_check_mark" | "test_tube" => "test",
        "construction_worker" | "green_heart" => "ci",
        "rewind" => "revert",
        "boom" | "warning" => "breaking",
        "bookmark" => "release",
        "seedling" | "wrench" => "chore",
        _ => return None,
    })
}

/// Finds what a revert takes back. A squashed pull request whose bullets mention a revert of its own is none.
fn reverts(title: &mut Title, body: &str) {
    let described = title.description.clone();
    let quoted = REVERT_TITLE.captures(&described);
    let declared = title.kind.as_deref() == Some("revert");
    let says_so = declared || quoted.is_some() || REVERT_BARE.is_match(&described);
    let squashed = body.lines().any(|line| line.starts_with("* "));
    let mut targets = Vec::new();
    if says_so || !squashed {
        for found in REVERTS_COMMIT.captures_iter(body).take(MAX_IDS) {
            let list = found.get(1).map_or("", |list| list.as_str());
            for id in list.split(|c: char| !c.is_ascii_hexdigit()).filter(|id| id.len() >= 7) {
                push(&mut targets, Target::Commit(id.to_ascii_lowercase()));
            }
        }
    }
    if says_so {
        for id in REVERTS_PULL.captures_iter(body).take(MAX_IDS).filter_map(|found| number(found.get(1))) {
            push(&mut targets, Target::PullRequest(id));
        }
    }
    if let Some(found) = quoted {
        let reapplied = found.get(1).is_some_and(|word| word.as_str().eq_ignore_ascii_case("reapply"));
        let name = found.get(2).map_or("", |name| name.as_str());
        if reapplied {
            targets.push(Target::Title(format!("Revert \"{name}\"")));
        } else {
            let nested = REVERT_TITLE.is_match(name);
            let inner = PULL_SUFFIX.captures(name).filter(|_| !nested).and_then(|found| number(found.get(1)));
            targets.extend(inner.map(Target::PullRequest));
            targets.push(Target::Title(name.to_owned()));
        }
    } else if declared {
        targets.push(Target::Title(described));
    }
    title.reverts = targets;
}

/// Reads every `BREAKING CHANGE:`. Its text goes on, over empty lines too, until the next footer or bullet; paragraphs stay
/// apart by a line break.
fn footers(title: &mut Title, body: &str) {
    let mut found: Vec<String> = Vec::new();
    let mut open: Option<Vec<String>> = None;
    for line in body.lines().map(str::trim) {
        if let Some(footer) = BREAKING.captures(line) {
            found.extend(open.take().and_then(paragraphs));
            open = Some(vec![footer.get(1).map_or("", |text| text.as_str()).to_owned()]);
        } else if FOOTER.is_match(line) {
            found.extend(open.take().and_then(paragraphs));
        } else if let Some(parts) = open.as_mut() {
            match parts.last_mut() {
                Some(last) if !line.is_empty() => *last = format!("{last} {line}").trim().to_owned(),
                Some(last) if !last.is_empty() => parts.push(String::new()),
                _ => (),
            }
            if parts.iter().map(String::len).sum::<usize>() > MAX_BREAKING {
                found.extend(open.take().and_then(paragraphs));
            }
        }
    }
    found.extend(open.take().and_then(paragraphs));
    let mut once: Vec<String> = Vec::new();
    found.into_iter().for_each(|text| push(&mut once, text));
    if !once.is_empty() {
        title.breaking = Some(once.join("\n").chars().take(MAX_BREAKING).collect());
    }
}

/// The text of a footer, unless it says that nothing breaks.
fn paragraphs(mut parts: Vec<String>) -> Option<String> {
    parts.retain(|part| !part.is_empty());
    let text = parts.join("\n");
    let word = text.trim_end_matches('.').to_ascii_lowercase();
    (!matches!(word.as_str(), "" | "none" | "no" | "n/a" | "na" | "-" | "nothing")).then_some(text)
}

#[cfg(test)]
mod tests;
