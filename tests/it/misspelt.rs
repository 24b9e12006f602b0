//! Slips at the keyboard: each gets a short answer with the way out, exit code 2 and nothing on stdout.
use std::path::Path;
use std::process::{Command, Stdio};

/// What was typed in the demo, and what the answer has to offer.
const SLIPS: &[(&str, &str)] = &[
    // Commands
    ("statsu", "did you mean 'status'?"),
    ("drfit staging..prod", "did you mean 'drift'?"),
    ("note", "did you mean 'notes'?"),
    ("expain PL0104", "did you mean 'explain'?"),
    ("lnit", "did you mean 'lint'?"),
    ("shcema", "did you mean 'schema'?"),
    ("repos list", "did you mean 'repo'?"),
    ("dmeo", "did you mean 'demo'?"),
    ("conifg list", "did you mean 'config'?"),
    ("complete bash", "did you mean 'completions'?"),
    ("repo fecth", "did you mean 'fetch'?"),
    ("auth stauts", "did you mean 'status'?"),
    ("drift explian 12ab", "did you mean `pilab drift explain 12ab`?"),
    ("drift acept 12ab --reason x", "did you mean `pilab drift accept 12ab --reason x`?"),
    ("drift revok 12ab", "did you mean `pilab drift revoke 12ab`?"),
    ("man drfit", "did you mean 'drift'?"),
    // Environments and ranges
    ("drift stagin..prod", "did you mean 'staging'?"),
    ("drift staging..pord", "did you mean 'prod'?"),
    ("drift --env stagng..prod", "did you mean 'staging'?"),
    ("drift Staging..prod", "did you mean 'staging'?"),
    ("status stagin", "did you mean 'staging'?"),
    ("status prd", "did you mean 'prod'?"),
    ("drift staging...prod", "write staging..prod"),
    ("drift staging-prod", "a range is A..B"),
    ("drift prod", "a range is A..B"),
    // Modules, snapshots, repositories, moments
    ("drift --module paymnets", "did you mean 'payments'?"),
    ("status --module serach", "did you mean 'search'?"),
    ("notes prod..staging --module catalgo", "did you mean 'catalog'?"),
    ("drift snap:2026.9..prod", "did you mean '2026.10'?"),
    ("drift --new-since snap:2026.1", "did you mean '2026.10'?"),
    ("repo fetch paymets", "did you mean 'payments'?"),
    ("status --at mian", "did you mean 'main'?"),
    ("status --at 2026-13-01", "a date such as 2026-12-31"),
    // Findings, rules, codes
    ("drift explain FINDINGf", "did you mean 'FINDING'?"),
    ("drift accept FINDINGf --reason x --until 2026-12-31", "did you mean 'FINDING'?"),
    ("drift explain zzzz", "pilab drift lists the findings"),
    ("drift revoke 12345678", "pilab drift --accepted lists"),
    ("explain ENV07", "did you mean 'ENV007'?"),
    ("explain PL104", "did you mean 'PL0104'?"),
    ("explain env7", "did you mean 'ENV007'?"),
    // Settings, topics, schemas, formats
    ("config get output.colour", "did you mean 'output.color'?"),
    ("config get ofline", "did you mean 'offline'?"),
    ("help exit-code", "did you mean 'exit-codes'?"),
    ("help enviroment", "did you mean 'environment'?"),
    ("help drit", "did you mean 'drift'?"),
    ("schema modul", "did you mean 'module'?"),
    ("schema polcy", "did you mean 'policy'?"),
    ("status -o jsn", "did you mean 'json'?"),
    ("drift -o markdown", "did you mean 'md'?"),
    ("completions zhs", "did you mean 'zsh'?"),
    // Flags and their values
    ("drift --failon high", "did you mean '--fail-on'?"),
    ("drift --moduel x", "did you mean '--module'?"),
    ("drift --alow-incomplete", "did you mean '--allow-incomplete'?"),
    ("status --jsno", "did you mean '--json'?"),
    ("notes --leftout", "did you mean '--left-out'?"),
    ("drift --fail-on hihg", "did you mean 'high'?"),
    ("drift --min meduim", "did you mean 'medium'?"),
    ("drift --check verions", "did you mean 'versions'?"),
    ("drift --check env,cod", "did you mean 'code'?"),
    ("status --color alway", "did you mean 'always'?"),
    ("auth login x.test --with-token --store fiel", "did you mean 'file'?"),
    ("drift accept FINDING --until 2026-12-31", "needs --reason"),
    ("drift accept FINDING --reason x", "--forever"),
    ("drift accept FINDING --reason x --until tomorrow", "--until 2026-12-31"),
    ("status --width 5", "20..=10000"),
];

fn pilab(dir: &Path, words: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pilab"));
    command.args(words).current_dir(dir).env_clear().env("HOME", dir).env("PILAB_NOW", "2026-11-25T12:00:00Z");
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn slips_are_answered_with_the_way_out() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(pilab(folder.path(), &["demo", "d"]).0, 0);
    let shop = folder.path().join("d/shop-config");
    let report: serde_json::Value =
        serde_json::from_str(&pilab(&shop, &["drift", "staging..prod", "--json"]).1).unwrap();
    let finding = report["pairs"][0]["findings"][0]["id"].as_str().unwrap();
    let mut wrong = Vec::new();
    for (line, offer) in SLIPS {
        let (line, offer) = (line.replace("FINDING", finding), offer.replace("FINDING", finding));
        let (code, out, err) = pilab(&shop, &line.split(' ').collect::<Vec<_>>());
        if code != 2 || !out.is_empty() || !err.contains(&offer) || err.lines().count() > 6 {
            wrong.push(format!("pilab {line}: exit code {code}, wanted {offer:?}\n{out}{err}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), SLIPS.len(), wrong.join("\n"));
}
