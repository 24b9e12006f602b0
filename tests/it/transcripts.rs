//! Runs every ```console block of README.md and docs/ on a fresh demo and compares what is printed.
//! `UPDATE=1` writes it down. The blocks of one page run one after the other in the same demo.
use crate::support::{World, difference, files_below, in_parallel, parse, render, update};
use std::fs;
use std::path::{Path, PathBuf};

/// The moment that the demo is made for.
const NOW: &str = "2026-11-23T06:00:00Z";

#[test]
fn transcripts() {
    let pages: Vec<PathBuf> = pages().into_iter().filter(|page| has_console(page)).collect();
    let played = in_parallel(&pages, |page| {
        let text = fs::read_to_string(page).unwrap();
        let mut world = demo();
        let got = replay(&text, |command| world.run(command));
        (text, got)
    });
    let mut failures = Vec::new();
    for (page, (text, got)) in pages.iter().zip(played).filter(|(_, (text, got))| text != got) {
        if update() {
            fs::write(page, got).unwrap();
        } else {
            failures.push(format!("{}\n{}", page.display(), difference(&text, &got)));
        }
    }
    assert!(failures.is_empty(), "\n{}\n(UPDATE=1 writes down what was printed)", failures.join("\n"));
}

fn pages() -> Vec<PathBuf> {
    let mut pages = files_below(Path::new("docs"), "md");
    pages.extend(Some(PathBuf::from("README.md")).filter(|page| page.exists()));
    pages
}

fn has_console(page: &Path) -> bool {
    fs::read_to_string(page).unwrap().lines().any(|line| line.starts_with("```console"))
}

/// A world with the demo in it, in the folder of its config repository.
fn demo() -> World {
    let mut world = World::new("work");
    world.now = NOW;
    world.mark = "";
    let out = world.command(env!("CARGO_BIN_EXE_pilab")).args(["demo", "pilab-demo"]).output().unwrap();
    assert!(out.status.success(), "pilab demo: {}", String::from_utf8_lossy(&out.stderr));
    world.dir = world.path("work/pilab-demo/shop-config");
    assert!(world.dir.is_dir(), "pilab demo wrote no shop-config");
    world
}

/// The page with what the commands of its ```console blocks print.
fn replay(text: &str, mut run: impl FnMut(&str) -> String) -> String {
    let mut out = String::new();
    let mut lines = text.split_inclusive('\n');
    while let Some(line) = lines.next() {
        out.push_str(line);
        if !line.starts_with("```console") {
            continue;
        }
        let body: String = lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
        let (head, mut blocks) = parse(&body);
        let apart = body.contains("\n\n$ ");
        for block in &mut blocks {
            block.output = run(&block.command);
        }
        let text = render(&head, &blocks);
        out.push_str(&if apart { text } else { text.replace("\n\n$ ", "\n$ ") });
        out.push_str("```\n");
    }
    out
}

#[test]
fn only_console_blocks_are_played() {
    let page = "# Title\n\n```sh\n$ curl x\n```\n```console demo\n$ pilab a\nold\n$ pilab b\n```\nText\n";
    let got = replay(page, |command| format!("{command}!\n"));
    assert_eq!(got, page.replace("old\n", "pilab a!\n").replace("pilab b\n```", "pilab b\npilab b!\n```"));
    assert_eq!(replay(&got, |command| format!("{command}!\n")), got);
}
