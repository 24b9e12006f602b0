//! Use cases on whole config repositories: where acceptances are written, which histories count, what ranges mean.
mod world;

use super::{Accept, Acceptance, Drift, Revoke, Status};
use crate::model::{CellSign, DriftReport, Result, State};
use world::{PROJECT, World, cell, git};

/// PROJECT with cart 1.0.0 in prod and 0.9.0 in dr: one finding, VER011.
fn mirrored() -> World {
    let cells = [cell("cart", "prod", "1.0.0"), cell("cart", "dr", "0.9.0")].concat();
    World::new(&[("pilab.yaml", &format!("{PROJECT}{cells}"))])
}

fn drift(world: &World, range: Option<&str>) -> Result<DriftReport> {
    Drift { range: range.map(str::to_owned), ..Drift::default() }.run(&world.context())
}

/// Id and state of every finding of a rule.
fn of_rule(report: &DriftReport, rule: &str) -> Vec<(String, State)> {
    report.findings().filter(|finding| finding.rule == rule).map(|found| (found.id.clone(), found.state)).collect()
}

fn accept(world: &World, id: &str) -> Result<Vec<Acceptance>> {
    Accept { ids: vec![id.to_owned()], reason: "planned: #7".to_owned(), ..Accept::default() }.run(&world.context())
}

fn mirror_id(world: &World) -> String {
    of_rule(&drift(world, None).unwrap(), "VER011")[0].0.clone()
}

#[test]
fn an_acceptance_is_written_where_the_pair_has_its_baseline() {
    let world = mirrored();
    let (head, own) = ("# by hand\napiVersion: pilab.dev/v1\nkind: Baseline\n", "baselines/prod-dr.yaml");
    let other = format!(
        "{head}metadata: {{ name: mirror }}\nspec:\n  pair: {{ from: prod, to: dr }} # the mirror\n  accepted:\n    # first\n    - fingerprint: v1:ENV001:cart:prod:dr:X\n      reason: old\n      by: lea\n"
    );
    world.write("baselines/ours.yaml", &other);
    let id = mirror_id(&world);
    let dry = Accept { ids: vec![id.clone()], reason: "r".to_owned(), dry_run: true, ..Accept::default() };
    assert_eq!(dry.run(&world.context()).unwrap()[0].file, "baselines/ours.yaml");
    assert_eq!(world.read("baselines/ours.yaml"), other);
    assert_eq!(accept(&world, &id).unwrap()[0].file, "baselines/ours.yaml");
    assert!(world.read("baselines/ours.yaml").starts_with(&other) && !world.path(own).exists());
    assert_eq!(of_rule(&drift(&world, None).unwrap(), "VER011"), [(id.clone(), State::Accepted)]);
    assert_eq!(accept(&world, &id).unwrap_err().code.id, "PL0112");
    // Taken back, the file is what it was.
    let revoked = Revoke { ids: vec![id.clone()], dry_run: false }.run(&world.context()).unwrap();
    assert_eq!((revoked[0].id.as_str(), revoked[0].title.as_str()), (id.as_str(), "planned: #7"));
    assert_eq!(world.read("baselines/ours.yaml"), other);
    // Of two baselines of the pair, ours is the one with our name.
    world.write(own, &other.replace("name: mirror", "name: prod-dr"));
    assert_eq!(accept(&world, &id).unwrap()[0].file, own);
}

#[test]
fn nothing_is_written_that_would_break_the_repository() {
    let baseline = |name: &str, pair: &str, list: &str| {
        format!("apiVersion: pilab.dev/v1\nkind: Baseline\nmetadata: {{ name: {name} }}\nspec: {{ {pair} {list} }}\n")
    };
    let entry = "accepted: [{ fingerprint: v1:VER001:x, reason: r, by: b }]";
    for (file, text) in [
        // The name of the file that would be made is taken.
        ("baselines/x.yaml", baseline("prod-dr", "pair: { from: staging, to: prod },", entry)),
        // The list of the pair's baseline is written in brackets.
        ("baselines/x.yaml", baseline("x", "pair: { from: prod, to: dr },", entry)),
        // The file that would be made is there, for another pair.
        ("baselines/prod-dr.yaml", baseline("y", "pair: { from: staging, to: prod },", entry)),
    ] {
        let world = mirrored();
        world.write(file, &text);
        let id = mirror_id(&world);
        assert_eq!(accept(&world, &id).unwrap_err().code.id, "PL0402", "{text}");
        assert_eq!(world.read(file), text);
        assert_eq!(std::fs::read_dir(world.path("baselines")).unwrap().count(), 1);
    }
    let world = mirrored();
    world.commit(1);
    git(&world.path(""), &["clone", "-q", "--bare", ".", "../bare.git"], 1);
    let bare = World { folder: "../bare.git", ..world };
    let id = mirror_id(&bare);
    assert_eq!(accept(&bare, &id).unwrap_err().code.id, "PL0112");
    assert_eq!(Revoke { ids: vec![id], dry_run: true }.run(&bare.context()).unwrap_err().code.id, "PL0112");
}

#[test]
fn an_acceptance_of_a_group_is_revoked_by_its_own_words() {
    let world = mirrored();
    let group = "v1:VER0*:cart:prod:dr:*";
    world.write(
        "baselines/g.yaml",
        &format!("apiVersion: pilab.dev/v1\nkind: Baseline\nmetadata: {{ name: g }}\nspec:\n  accepted:\n    - {{ fingerprint: '{group}', reason: r, by: b }}\n"),
    );
    let id = mirror_id(&world);
    assert_eq!(of_rule(&drift(&world, None).unwrap(), "VER011")[0].1, State::Accepted);
    let why = Revoke { ids: vec![id], dry_run: false }.run(&world.context()).unwrap_err();
    assert!(why.code.id == "PL0107" && why.hints.iter().any(|hint| hint.contains(group)), "{why:?}");
    Revoke { ids: vec![group.to_owned()], dry_run: false }.run(&world.context()).unwrap();
    assert!(!world.path("baselines/g.yaml").exists());
    assert_eq!(of_rule(&drift(&world, None).unwrap(), "VER011")[0].1, State::Drift);
}

/// Everything in one file: cart 1 reaches staging, then prod; then staging gets 3, and prod gets 2, which staging never had.
fn one_file(world: &World, folder: &str) {
    let cells = |staging: &str, prod: &str| {
        format!("{PROJECT}{}{}", cell("cart", "staging", staging), cell("cart", "prod", prod))
    };
    for (day, staging, prod) in
        [(1, "1.0.0", "0.9.0"), (2, "1.0.0", "1.0.0"), (3, "3.0.0", "1.0.0"), (4, "3.0.0", "2.0.0")]
    {
        world.write(&format!("{folder}pilab.yaml"), &cells(staging, prod));
        world.commit(day);
    }
}

#[test]
fn cells_in_one_file_have_their_history_in_any_folder() {
    for folder in ["", "conf/"] {
        let world = World { folder: folder.trim_end_matches('/'), ..World::new(&[]) };
        one_file(&world, folder);
        let report = drift(&world, Some("staging..prod")).unwrap();
        assert_eq!(of_rule(&report, "VER005").len(), 1, "{folder}: {:?}", report.findings().collect::<Vec<_>>());
        let matrix = Status::default().run(&world.context()).unwrap();
        let prod = matrix.rows[0].cells.iter().find(|cell| cell.environment == "prod").unwrap();
        assert_eq!(prod.deployed_at.as_deref(), Some("2026-11-04T10:00:00Z"));
        assert!(matches!(prod.signs.as_slice(), [CellSign::Drift { .. }, ..]));
        // The past, by a date and by a step back; there staging had what prod has.
        for at in ["2026-11-03", "HEAD~1"] {
            let past = World { at: Some(at.to_owned()), folder: world.folder, ..World::new(&[]) };
            let context = super::Context { dir: world.path(folder), ..past.context() };
            let report = Drift { range: Some("staging..prod".to_owned()), ..Drift::default() }.run(&context).unwrap();
            assert!(of_rule(&report, "VER005").is_empty() && report.findings().any(|found| found.rule == "VER001"));
        }
        // Moved into files of their own, the cells are what they were.
        world.write(&format!("{folder}pilab.yaml"), PROJECT);
        world.write(&format!("{folder}manifest/staging/cart.yaml"), &cell("cart", "staging", "3.0.0"));
        world.write(&format!("{folder}manifest/prod/cart.yaml"), &cell("cart", "prod", "2.0.0"));
        world.commit(9);
        let moved = drift(&world, Some("staging..prod")).unwrap();
        let told = |report: &DriftReport| report.findings().cloned().collect::<Vec<_>>();
        assert_eq!(told(&moved), told(&report));
    }
}

#[test]
fn without_a_history_the_reason_is_the_true_one() {
    let world = World::new(&[]);
    one_file(&world, "");
    let why = |world: &World| {
        let report = drift(world, Some("staging..prod")).unwrap();
        let entry = report.pairs[0].not_checked.iter().find(|entry| entry.why.message.contains("ever in staging"));
        entry.map(|entry| (entry.why.code.id, entry.why.hints.concat())).unwrap()
    };
    let url = format!("file://{}", world.path("").display());
    git(&world.path(""), &["clone", "-q", "--depth", "1", &url, "shallow"], 5);
    let shallow = World { folder: "shallow", ..world };
    let (code, hint) = why(&shallow);
    assert!(code == "PL0201" && hint.contains("--unshallow"), "{code} {hint}");
    let plain = World::new(&[("pilab.yaml", &shallow.read("pilab.yaml"))]);
    let (code, hint) = why(&plain);
    assert!(code == "PL0215" && hint.contains("git init"), "{code} {hint}");
}

#[test]
fn a_snapshot_is_compared_by_changes() {
    let world = mirrored();
    world.write(
        "snapshots/r1.yaml",
        "apiVersion: pilab.dev/v1\nkind: Snapshot\nmetadata: { name: r1 }\nspec:\n  environment: prod\n  at: \"2026-11-01T00:00:00Z\"\n  modules: { cart: \"0.9.0\" }\n",
    );
    for range in ["snap:r1..prod", "r1..prod", "prod..r1", "r1..r1"] {
        let report = drift(&world, Some(range)).unwrap();
        assert!(report.findings().all(|finding| finding.state == State::Change), "{range}");
    }
    assert_eq!(drift(&world, Some("snap:r2..prod")).unwrap_err().code.id, "PL0103");
}

#[test]
fn a_name_that_nothing_has_is_refused() {
    let world = World::new(&[]);
    git(&world.path(""), &["init", "-q", "-b", "main", "cart"], 1);
    git(&world.path("cart"), &["commit", "-q", "--allow-empty", "-m", "feat: begin"], 1);
    git(&world.path("cart"), &["tag", "v1.0.0"], 1);
    let project = PROJECT.replacen("spec:\n", "spec:\n  repos: { cart: { url: cart } }\n", 1).replacen(
        "kind: service",
        "kind: service, repo: cart",
        1,
    );
    world.write("pilab.yaml", &project);
    let why = drift(&world, Some("v1.0.1..prd")).unwrap_err();
    assert!(why.code.id == "PL0111" && why.hints.concat().contains("v1.0.0"), "{why:?}");
    let why = drift(&world, Some("v1.0.0..prd")).unwrap_err();
    assert!(why.code.id == "PL0111" && why.message.contains("'prd'"), "{why:?}");
    assert!(why.hints.concat().contains("prod"), "{why:?}");
    assert_eq!(drift(&world, Some("v1.0.0..main")).unwrap().exit.code, 0);
    // A repository that is not here may have it.
    world.write("pilab.yaml", &project.replace("url: cart", "url: elsewhere"));
    assert_eq!(drift(&world, Some("v1.0.1..v1.0.0")).unwrap().exit.code, 5);
}
