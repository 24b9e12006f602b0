//! Laws for any report: no line wider than the terminal, no control character, no escape without colour, no panic.
use super::sample;
use crate::model::{Diagnostic, Shown, State, codes};
use crate::ops::{Acceptance, DemoReport, LintReport, RepoState};
use crate::render::*;
use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;

/// Texts as hostile repositories write them.
fn odd() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z0-9./-]{0,90}",
        "\\PC{0,40}",
        any::<String>(),
        "[ \t\n\r\u{1b}\u{9b}\u{7}\u{202e}\u{200b}\u{200d}\u{fe0f}@|`<>日本한👩👍🏽é\u{301}-]{0,60}",
    ]
}

fn style() -> impl Strategy<Value = Style> {
    (40_usize..200, any::<bool>(), any::<bool>(), any::<bool>(), 0_u8..3)
        .prop_map(|(width, color, ascii, links, verbose)| Style { width, color, ascii, links, verbose })
}

fn states() -> impl Strategy<Value = State> {
    prop::sample::select(vec![State::Drift, State::Change, State::Pending, State::Accepted, State::Expected])
}

fn without_sgr(text: &str) -> String {
    regex::Regex::new("\u{1b}\\[[0-9;]*m|\u{1b}\\]8;;[^\u{1b}]*\u{1b}\\\\").unwrap().replace_all(text, "").into_owned()
}

fn lawful(text: &str, style: &Style) -> Result<(), TestCaseError> {
    prop_assert!(style.color || !text.contains('\u{1b}'), "escape in {text:?}");
    let sgr = regex::Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
    for line in text.lines() {
        let last = sgr.find_iter(line).last().map_or("\u{1b}[0m", |found| found.as_str());
        prop_assert_eq!(last, "\u{1b}[0m", "a colour goes on behind {:?}", line);
        // The 16 colours that the user's theme defines, and nothing else.
        prop_assert!(!line.contains("\u{1b}[38;") && !line.contains("\u{1b}[48;"), "{:?}", line);
    }
    let bare = without_sgr(text);
    prop_assert!(text.is_empty() || text.ends_with('\n'));
    for line in bare.lines() {
        prop_assert!(line.width() <= style.width, "{} > {}: {line:?}", line.width(), style.width);
        prop_assert_eq!(line.trim_end(), line, "trailing blanks");
        prop_assert!(!line.chars().any(|c| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c)), "{line:?}");
    }
    Ok(())
}

fn odd_drift(texts: &[String], state: State, tenths: i32, many: bool) -> crate::model::DriftReport {
    let text = |at: usize| texts[at % texts.len()].clone();
    let mut finding = sample::finding("3f9c2ab", state, tenths);
    (finding.module, finding.key, finding.title) = (text(0), text(1), text(2));
    (finding.from, finding.to) = (Some(Shown::value(text(3))), Some(Shown::absent(text(4))));
    (finding.because, finding.since, finding.until) = (Some(text(5)), Some(text(6)), Some(text(7)));
    (finding.details, finding.tickets) = (vec![text(2), text(8)], vec![text(9), text(3)]);
    finding.pair.to = text(4);
    finding.evidence[0].place.file = text(5);
    finding.evidence[0].place.text = text(6);
    finding.evidence[0].repository = text(7);
    finding.evidence[0].at = text(8);
    let mut unchecked = sample::unchecked(&text(9));
    unchecked.why = Diagnostic::error(&codes::PL0202, text(0)).hint(text(1));
    let mut report = if many { sample::all_pairs() } else { sample::one_pair() };
    report.project = text(2);
    report.at = Some(text(3));
    report.pairs[0].pair.from = text(4);
    report.pairs[0].findings.push(finding);
    report.pairs[0].not_checked.push(unchecked);
    report
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn drift_keeps_the_laws(
        texts in prop::collection::vec(odd(), 1..11), state in states(), tenths in -50..150_i32, style in style(),
        many: bool, pending: bool, oneline: bool, code in prop::sample::select(vec![0_u8, 3, 5]),
    ) {
        let mut report = odd_drift(&texts, state, tenths, many);
        report.exit.code = code;
        let view = DriftView { min: None, pending, accepted: pending, expected: pending, oneline, next: true };
        lawful(&drift_text(&report, &view, &style), &style)?;
        let md = drift_md(&report, &view);
        prop_assert!(md.chars().count() <= 65_000);
        prop_assert!(!md.chars().any(|c| c.is_control() && c != '\n'));
    }

    #[test]
    fn status_and_explanation_keep_the_laws(texts in prop::collection::vec(odd(), 1..11), style in style()) {
        let text = |at: usize| texts[at % texts.len()].clone();
        let mut matrix = sample::matrix();
        matrix.environments[0] = text(0);
        matrix.rows[0].module = text(1);
        matrix.rows[0].owner = Some(text(2));
        matrix.rows[0].cells[2].version = Some(text(3));
        matrix.commit_subject = Some(text(4));
        matrix.project = text(5);
        matrix.rows[1].cells.pop();
        lawful(&status_text(&matrix, &style), &style)?;
        prop_assert!(status_md(&matrix).chars().count() <= 65_000);
        let mut explanation = sample::explanation();
        explanation.finding = odd_drift(&texts, State::Accepted, 70, false).pairs.remove(0).findings.pop().unwrap();
        explanation.finding.score.add(text(1), 10, text(2));
        explanation.excerpts[0].evidence = explanation.finding.evidence[0].clone();
        explanation.excerpts[0].lines = texts.clone();
        explanation.ways_out[0] = (text(3), text(4));
        explanation.related[0] = (text(5), text(6));
        lawful(&explanation_text(&explanation, &style), &style)?;
        prop_assert!(explanation_md(&explanation).chars().count() <= 65_000);
    }

    #[test]
    fn small_texts_keep_the_laws(
        texts in prop::collection::vec(odd(), 1..9), style in style(), line: usize, column: usize, width: usize,
    ) {
        let text = |at: usize| texts[at % texts.len()].clone();
        let place = crate::model::Place { file: text(0), line, column, width, text: text(1) };
        let diagnostic = Diagnostic::error(&codes::PL0012, text(2)).at(place).label(text(3)).note(text(4)).hint(text(5));
        lawful(&diagnostic_text(&diagnostic, &style), &style)?;
        let lint = LintReport { schema: "pilab.lint/v1", files: 1, documents: 2, diagnostics: vec![diagnostic.clone()] };
        lawful(&lint_text(&lint, &style), &style)?;
        prop_assert!(lint_md(&lint).chars().count() <= 65_000);
        let repo = RepoState {
            name: text(0), url: text(1), path: Some(text(2)), state: "cache", tags: 1, fetched_at: Some(text(3)),
            warnings: vec![diagnostic],
        };
        lawful(&repos_text(&[repo], &style), &style)?;
        let acceptance = Acceptance {
            id: text(0), fingerprint: text(1), title: text(2), file: text(3), until: Some(text(4)),
        };
        lawful(&acceptances_text(&[acceptance], false, true, &style), &style)?;
        let demo = DemoReport { config: text(0).into(), repositories: vec![text(1).into()], commits: 3 };
        lawful(&demo_text(&demo, &style), &style)?;
        lawful(&index_text(&[("ENV001", &text(2))], &style), &style)?;
    }
}

#[test]
fn all_codes_and_the_rule_fit() {
    for width in [40, 80, 120] {
        let style = Style { width, color: true, ascii: false, links: true, verbose: 0 };
        for code in codes::CODES {
            lawful(&code_text(code, &style), &style).unwrap();
        }
        lawful(&rule_text(&sample::RULE, &style), &style).unwrap();
    }
}

#[test]
fn markdown_is_cut_and_says_so() {
    let mut report = sample::one_pair();
    let finding = sample::finding("3f9c2ab", State::Drift, 80);
    report.pairs[0].findings = vec![finding.clone(); 2_000];
    let view = DriftView { pending: true, ..DriftView::default() };
    let md = drift_md(&report, &view);
    assert!(md.chars().count() <= 65_000 && md.chars().count() > 60_000);
    assert!(md.contains("left out: a comment holds no more"), "{}", &md[md.len() - 300..]);
    report.pairs[0].findings.iter_mut().for_each(|finding| finding.state = State::Pending);
    let md = drift_md(&report, &view);
    assert!(md.chars().count() <= 65_000);
    assert_eq!(md.matches("<details>").count(), md.matches("</details>").count());
}

#[test]
fn markdown_from_a_repository_stays_text() {
    let mut report = sample::one_pair();
    report.pairs[0].findings[0].title = "a | b `c` <img src=x> @team #1 [x](y)".into();
    let md = drift_md(&report, &DriftView::default());
    let row = md.lines().find(|line| line.contains("a \\|")).unwrap();
    assert!(row.contains("a \\| b \\`c\\` &lt;img src=x&gt; @&#8203;team \\#1 \\[x\\](y)"), "{row}");
}
