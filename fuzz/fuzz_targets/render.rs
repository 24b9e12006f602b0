//! Any texts in findings and diagnostics: no escape, no control character, no line wider than the terminal.
#![no_main]
use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use pilab::model::{
    Diagnostic, DriftReport, Evidence, Exit, Finding, Kind, Mode, Pair, PairReport, Place, Score, Shown, State,
    Unchecked, codes,
};
use pilab::render::{DriftView, Style, diagnostic_text, drift_md, drift_text};
use unicode_width::UnicodeWidthStr;

#[derive(Arbitrary, Debug)]
struct Input {
    texts: [String; 8],
    width: u8,
    ascii: bool,
    verbose: u8,
    state: u8,
    oneline: bool,
    tenths: i16,
    place: (u16, u16, u16),
}

fuzz_target!(|input: Input| {
    let style = Style {
        width: 40 + usize::from(input.width % 161),
        color: false,
        ascii: input.ascii,
        links: false,
        verbose: input.verbose % 3,
    };
    let view =
        DriftView { pending: true, accepted: true, expected: true, oneline: input.oneline, next: true, min: None };
    let report = report(&input);
    lawful(&drift_text(&report, &view, &style), &style);
    let md = drift_md(&report, &view);
    assert!(!md.chars().any(|c| c.is_control() && c != '\n'), "{md:?}");
    let [a, b, c, d, ..] = &input.texts;
    let diagnostic =
        Diagnostic::error(&codes::PL0012, a).at(place(&input)).label(b).note(c).hint(d).did_you_mean(a, [b.as_str()]);
    lawful(&diagnostic_text(&diagnostic, &style), &style);
});

fn lawful(text: &str, style: &Style) {
    for line in text.lines() {
        assert!(line.width() <= style.width, "{} > {}: {line:?}", line.width(), style.width);
        assert!(!line.chars().any(|c| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c)), "{line:?}");
    }
}

fn place(input: &Input) -> Place {
    let (line, column, width) = input.place;
    let (file, text) = (input.texts[4].clone(), input.texts[5].clone());
    Place { file, line: line.into(), column: column.into(), width: width.into(), text }
}

fn report(input: &Input) -> DriftReport {
    let text = |at: usize| input.texts[at].clone();
    let pair = Pair { from: text(6), to: text(7), mode: Mode::Promote };
    let states = [State::Drift, State::Change, State::Pending, State::Accepted, State::Expected];
    let mut score = Score::new(50);
    score.add(text(0), input.tenths.into(), text(1));
    let finding = Finding {
        id: "3f9c2ab".to_owned(),
        fingerprint: text(0),
        rule: "ENV001",
        kind: Kind::Env,
        module: text(1),
        pair: pair.clone(),
        key: text(2),
        title: text(3),
        from: Some(Shown::value(text(4))),
        to: Some(Shown::absent(text(5))),
        state: states[usize::from(input.state) % states.len()],
        because: Some(text(6)),
        until: Some(text(7)),
        severity: score.severity(),
        score,
        since: Some(text(0)),
        details: vec![text(1), text(2)],
        tickets: vec![text(3)],
        evidence: vec![Evidence { side: text(4), repository: text(5), at: text(6), place: place(input) }],
    };
    let why = Diagnostic::error(&codes::PL0202, text(7)).hint(text(0));
    let unchecked = Unchecked { module: text(1), kind: Kind::Code, pair: pair.clone(), why };
    DriftReport {
        schema: "pilab.drift/v1",
        project: text(2),
        commit: Some(text(3)),
        at: Some(text(4)),
        uncommitted: true,
        now: "2026-11-25T12:00:00Z".to_owned(),
        modules: 1,
        pairs: vec![PairReport { pair, findings: vec![finding], not_checked: vec![unchecked], coverage: Vec::new() }],
        diagnostics: Vec::new(),
        fail_on: None,
        exit: Exit { code: 0, reason: "clean" },
    }
}
