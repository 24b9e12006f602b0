//! The parts that need no template; whole templates are in `golden-sprig2.json`.
use super::*;

fn shown(layout: &str, text: &str) -> String {
    match parse::parse(layout.as_bytes(), text.as_bytes()) {
        Ok(time) => {
            String::from_utf8_lossy(&layout::format(&time, b"2006-01-02 15:04:05.999999999 -0700 MST")).into_owned()
        }
        Err(error) => error,
    }
}

/// Strings between quotes, as templates write them.
fn quoted(template: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = template;
    while let Some(at) = rest.find('"') {
        let mut stream = serde_json::Deserializer::from_str(&rest[at..]).into_iter::<String>();
        out.push(stream.next().expect("a string").expect("a string"));
        rest = &rest[at + stream.byte_offset()..];
    }
    out
}

#[derive(Default)]
struct Tally {
    seen: usize,
    wrong: Vec<String>,
}

impl Tally {
    fn check(&mut self, template: &str, ours: String, answer: &str) {
        self.seen += 1;
        if ours != answer {
            self.wrong.push(format!("{template}\n  ours  {ours}\n  helm  {answer}"));
        }
    }
}

#[test]
fn times_are_read_and_written_as_helm_does() {
    let golden: serde_json::Value = serde_json::from_str(include_str!("../golden-sprig2.json")).expect("the table");
    let mut tally = Tally::default();
    for case in golden["cases"].as_array().expect("cases") {
        let template = case["tpl"].as_str().expect("a template");
        let error = case["err"].as_str().map(|text| text.rsplit_once("error calling ").map_or(text, |(_, text)| text));
        let answer = case["out"]
            .as_str()
            .or(error.and_then(|text| text.split_once(": ").map(|(_, text)| text)))
            .unwrap_or_default();
        let texts = quoted(template);
        if let (Some(rest), [layout, zone]) = (template.strip_prefix("{{ dateInZone "), &texts[..])
            && let Some(seconds) = rest
                .rsplit_once('"')
                .and_then(|(rest, _)| rest.rsplit_once('"'))
                .and_then(|(rest, _)| rest.rsplit_once("\" "))
                .and_then(|(_, number)| number.trim().parse().ok())
        {
            let time = Time::unix(seconds).in_zone(Zone::load(zone).unwrap_or(Zone::Utc));
            tally.check(
                template,
                String::from_utf8_lossy(&layout::format(&time, layout.as_bytes())).into_owned(),
                answer,
            );
        }
        if let (true, [layout, text]) =
            (template.starts_with("{{ mustToDate ") && template.matches("{{").count() == 1, &texts[..])
        {
            tally.check(template, shown(layout, text), answer);
        }
        if let (true, [text, _, _]) =
            (template.starts_with("{{ mustDateModify ") && template.matches("{{").count() == 1, &texts[..])
        {
            let ours = Duration::parse(text.as_bytes()).map(|duration| {
                let time = Time::date((2017, 12, 31), (12, 34, 0), 0, Zone::Local).plus(duration);
                String::from_utf8_lossy(&layout::format(&time, b"2006-01-02 15:04:05.999999999 -0700 MST")).into_owned()
            });
            tally.check(template, ours.unwrap_or_else(|error| error), answer);
        }
    }
    assert!(tally.seen > 200, "{}", tally.seen);
    assert!(tally.wrong.is_empty(), "{} of {} wrong:\n{}", tally.wrong.len(), tally.seen, tally.wrong.join("\n"));
}

#[test]
fn far_moments_do_no_harm() {
    for seconds in [i64::MIN, i64::MIN + 1, i64::MAX, -62_135_596_801, 253_402_300_800] {
        for zone in ["UTC", "Europe/Paris"] {
            let time = Time::unix(seconds).in_zone(Zone::load(zone).expect("a zone"));
            let _ = layout::format(&time, b"Mon Jan 2 15:04:05 MST 2006 002");
            let _ = Time::date((i64::MAX, i64::MIN, i64::MAX), (23, 59, 59), 999_999_999, time.zone.clone());
            let _ = time.clone().plus(Duration(i64::MIN)).minus(&Time::unix(0));
            let _ = time.multiple(Duration(i64::MAX), true);
        }
    }
}

#[test]
fn numbers_in_texts_are_cut_to_what_fits() {
    for (text, number) in [
        ("12", 12),
        ("-12", -12),
        ("+1", 1),
        ("", 0),
        ("1x", 0),
        ("99999999999999999999", i64::MAX),
        ("-99999999999999999999", i64::MIN),
    ] {
        assert_eq!(whole(text.as_bytes()), number, "{text}");
    }
}
