//! What can be done about a finding: a sentence for people, and a command where there is one.
use crate::model::{Finding, Kind, Mode, State};
use jiff::{SignedDuration, Timestamp};

/// How long an acceptance runs when nobody says otherwise.
const DAYS: i64 = 30;

/// The ways out of a finding, the one that ends it first. `path` is whether its pair is on the promotion path, where
/// acceptances are looked for.
pub(super) fn ways_out(finding: &Finding, path: bool, now: Timestamp) -> Vec<(String, String)> {
    let pair = &finding.pair;
    let mut ways = match (finding.state, finding.kind) {
        (State::Expected, _) => vec![("Nothing is to be done: it does not count".to_owned(), String::new())],
        (State::Accepted, _) => vec![("Count it again".to_owned(), format!("pilab drift revoke {}", finding.id))],
        (State::Pending, _) => vec![(
            format!("Promote: {} gets what {} has. These are the changes", pair.to, pair.from),
            notes(finding, &pair.to, &pair.from),
        )],
        (State::Change, _) => vec![("Read what changed".to_owned(), notes(finding, &pair.from, &pair.to))],
        (State::Drift, Kind::Versions) => versions(finding),
        (State::Drift, Kind::Code) => code(finding),
        (State::Drift, Kind::Env) => env(finding),
        (State::Drift, Kind::Helm) => helm(finding),
        (State::Drift, Kind::Schema) => schema(finding),
    };
    if path && matches!(finding.state, State::Drift | State::Pending) && pair.mode != Mode::Refs {
        let until = now.checked_add(SignedDuration::from_hours(24 * DAYS)).unwrap_or(now).strftime("%F");
        ways.push((
            "Keep it for now, with a reason and an end".to_owned(),
            format!("pilab drift accept {} --reason \"...\" --until {until}", finding.id),
        ));
    }
    ways
}

fn notes(finding: &Finding, from: &str, to: &str) -> String {
    format!("pilab notes {from}..{to} --module {}", finding.module)
}

fn versions(finding: &Finding) -> Vec<(String, String)> {
    let (pair, module) = (&finding.pair, &finding.module);
    let (from, to) = (&pair.from, &pair.to);
    let see = |text: String| (text, notes(finding, from, to));
    let say = |text: String| (text, String::new());
    match (finding.rule, pair.mode) {
        (_, Mode::Mirror) => vec![
            (format!("See what {to} lacks of {from}"), notes(finding, to, from)),
            say(format!("Deploy {module} in {to} as {from} has it, and record it")),
        ],
        ("VER009", _) => vec![
            (format!("Promote: {to} gets what {from} has. These are the changes"), notes(finding, to, from)),
            say(format!("Or allow it to wait longer: `maxLag` of environment {to}")),
        ],
        ("VER010", _) => vec![say(format!("Find out who moved the tag, and deploy {module} again from one commit"))],
        ("VER004" | "VER011", _) => vec![say(format!("Deploy {module} in both, or take it out of the environment"))],
        _ => vec![
            see(format!("See what {to} has and {from} lacks")),
            say(format!("Bring that into a release, run it in {from}, then promote it")),
        ],
    }
}

fn schema(finding: &Finding) -> Vec<(String, String)> {
    let (pair, module) = (&finding.pair, &finding.module);
    let (from, to) = (&pair.from, &pair.to);
    let say = |text: &str| (text.to_owned(), String::new());
    match finding.rule {
        "DB070" => vec![say("Put the migration back as it was, and write the change into a new one")],
        "DB071" => {
            vec![say(&format!("Bring the migration into the branch that {from} gets its releases from, then promote"))]
        }
        "DB072" => vec![say("Give it a number behind the newest")],
        "DB080" | "DB081" | "DB082" | "DB083" | "DB084" => vec![
            (
                format!("See all that the database of {to} has instead"),
                format!("pilab db diff --live {to} --module {module}"),
            ),
            say("Put it into a migration, or undo it"),
            ("When it is done, record the database anew".to_owned(), format!("pilab db record {module} --env {to}")),
        ],
        _ => vec![(
            "See both schemas beside each other".to_owned(),
            format!("pilab db diff {from}..{to} --module {module}"),
        )],
    }
}

fn code(finding: &Finding) -> Vec<(String, String)> {
    let (from, to) = (&finding.pair.from, &finding.pair.to);
    match (finding.rule, finding.pair.mode) {
        ("CODE001", _) => vec![(format!("See what {to} lacks of {from}"), notes(finding, to, from))],
        ("CODE003", _) => vec![
            (format!("See what {to} has and {from} lacks"), notes(finding, from, to)),
            (format!("Bring the version of {to} into {from} first"), String::new()),
        ],
        ("CODE004", _) => vec![(
            format!("See whether the newer form in {from} does all that this one does"),
            format!("git show {}", finding.key),
        )],
        _ => vec![(
            format!("Bring the commit into the branch that {from} gets its releases from, then promote"),
            format!("git cherry-pick -x {}", finding.key),
        )],
    }
}

fn env(finding: &Finding) -> Vec<(String, String)> {
    let (from, to, key) = (&finding.pair.from, &finding.pair.to, &finding.key);
    let place = |side: &str| {
        let evidence = finding.evidence.iter().find(|evidence| evidence.side == side)?;
        let repository = match evidence.repository.as_str() {
            "" => String::new(),
            name => format!(" of {name}"),
        };
        Some(format!("{}:{}{repository}", evidence.place.file, evidence.place.line))
    };
    let there = place(to).map(|at| format!(", at {at}")).unwrap_or_default();
    let here = place(from).map(|at| format!(", as at {at}")).unwrap_or_default();
    let mut ways = match finding.rule {
        "ENV001" => vec![format!("Set {key} in {to} too{here}")],
        "ENV004" => vec![format!("Set {key} in {from} too"), format!("Or delete it in {to}{there}")],
        "ENV007" => vec![format!("Give {to} a value of its own{there}")],
        "ENV010" => vec![format!("Give {from} and {to} each a value of their own{there}")],
        "ENV012" => vec![format!("Keep {key} secret on both sides")],
        "ENV013" => vec![format!("Move {key} into a secret store, and replace it: it has been read")],
        "ENV017" => vec![format!("Set the real value{there}")],
        _ => vec![format!("Make both equal{there}")],
    };
    if matches!(finding.rule, "ENV001" | "ENV004" | "ENV005" | "ENV008" | "ENV009" | "ENV011") {
        ways.push(format!("Or let it differ by design: a Policy with {key} under `mayDiffer`"));
    }
    ways.into_iter().map(|text| (text, String::new())).collect()
}

fn helm(finding: &Finding) -> Vec<(String, String)> {
    let (from, to) = (&finding.pair.from, &finding.pair.to);
    let at = |side: &str| {
        let evidence = finding.evidence.iter().find(|evidence| evidence.side == side)?;
        Some(format!(", at {}:{}", evidence.place.file, evidence.place.line))
    };
    let read = format!("pilab drift {from}..{to} --module {} --check helm -o diff", finding.module);
    vec![
        (format!("Make both equal{}", at(to).or_else(|| at(from)).unwrap_or_default()), String::new()),
        ("Read the difference as a patch".to_owned(), read),
        ("Or let it differ by design: a Policy rule with `expected: true`".to_owned(), String::new()),
    ]
}

#[cfg(test)]
mod tests {
    use super::ways_out;
    use crate::model::{Evidence, Finding, Kind, Mode, Pair, Place, Score, State};

    fn finding(rule: &'static str, kind: Kind, state: State, mode: Mode) -> Finding {
        let place = Place { file: "a.yaml".into(), line: 7, column: 1, width: 1, text: "x".into() };
        let score = Score::new(50);
        Finding {
            id: "3f9c2ab".into(),
            fingerprint: "v1:x".into(),
            rule,
            kind,
            module: "web".into(),
            pair: Pair { from: "staging".into(), to: "prod".into(), mode },
            key: "KEY".into(),
            title: "x".into(),
            from: None,
            to: None,
            state,
            because: None,
            until: None,
            severity: score.severity(),
            score,
            since: None,
            details: vec![],
            tickets: vec![],
            evidence: vec![Evidence { side: "prod".into(), repository: "app".into(), at: String::new(), place }],
        }
    }

    #[test]
    fn each_state_and_kind_has_ways_that_can_be_walked() {
        let now = "2026-11-25T12:00:00Z".parse().unwrap();
        let accept = "pilab drift accept 3f9c2ab --reason \"...\" --until 2026-12-25";
        for (rule, kind, state, mode, path, commands) in [
            ("CODE002", Kind::Code, State::Drift, Mode::Promote, true, vec!["git cherry-pick -x KEY", accept]),
            ("CODE002", Kind::Code, State::Drift, Mode::Promote, false, vec!["git cherry-pick -x KEY"]),
            (
                "CODE003",
                Kind::Code,
                State::Drift,
                Mode::Promote,
                true,
                vec!["pilab notes staging..prod --module web", "", accept],
            ),
            (
                "VER011",
                Kind::Versions,
                State::Drift,
                Mode::Mirror,
                true,
                vec!["pilab notes prod..staging --module web", "", accept],
            ),
            ("ENV005", Kind::Env, State::Drift, Mode::Promote, true, vec!["", "", accept]),
            ("ENV023", Kind::Env, State::Pending, Mode::Promote, false, vec!["pilab notes prod..staging --module web"]),
            ("ENV005", Kind::Env, State::Change, Mode::Refs, true, vec!["pilab notes staging..prod --module web"]),
            ("ENV005", Kind::Env, State::Accepted, Mode::Promote, true, vec!["pilab drift revoke 3f9c2ab"]),
            ("ENV006", Kind::Env, State::Expected, Mode::Promote, true, vec![""]),
        ] {
            let ways = ways_out(&finding(rule, kind, state, mode), path, now);
            let got: Vec<&str> = ways.iter().map(|(_, command)| command.as_str()).collect();
            assert_eq!(got, commands, "{rule} {state:?} {mode:?}");
            assert!(ways.iter().all(|(text, _)| !text.is_empty() && !text.ends_with('.')));
        }
        let ways = ways_out(&finding("ENV005", Kind::Env, State::Drift, Mode::Promote), true, now);
        assert_eq!(ways[0].0, "Make both equal, at a.yaml:7 of app");
    }
}
