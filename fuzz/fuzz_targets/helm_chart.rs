//! Any files as a chart, in a folder and in an archive, and any bytes as an archive: read and rendered within limits, and never a panic.
#![no_main]
use flate2::{Compression, write::GzEncoder};
use libfuzzer_sys::fuzz_target;
use pilab::engines::gotemplate::Limits;
use pilab::engines::helm::{Chart, Compat, LoadOptions, Request, chart, release_manifest, render, stream};
use pilab::tree::MemTree;
use std::io::Write;

const CHART: &str = "apiVersion: v2\nname: c\nversion: 1.0.0\n";
const MARK: &[u8] = b"=== ";

// Files, each after a line `=== PATH`; anything else is an archive.
fuzz_target!(|data: &[u8]| {
    let compat = if data.len().is_multiple_of(2) { Compat::Helm4 } else { Compat::Helm3 };
    let limits = chart::Limits { file: 1 << 20, total: 4 << 20, files: 200, depth: 8 };
    let options = LoadOptions { compat, limits, local_dependencies: true, fetched: None };
    if !data.starts_with(MARK) {
        let _ = chart::load_archive(data, &options);
        if let Ok(chart) = chart::load_archive(&gzip(data), &options) {
            run(&chart, compat);
        }
        return;
    }
    let files = files(data);
    let mut tree = MemTree::default();
    tree.insert("Chart.yaml", CHART);
    let mut archive = Vec::new();
    for (path, content) in &files {
        tree.insert(*path, *content);
        entry(&mut archive, path, content);
    }
    if !files.iter().any(|(path, _)| *path == "Chart.yaml") {
        entry(&mut archive, "Chart.yaml", CHART.as_bytes());
    }
    archive.resize(archive.len() + 1024, 0);
    let archive = gzip(&archive);
    tree.insert("charts/packed.tgz", archive.clone());
    for chart in [chart::load(&tree, "", &options), chart::load_archive(&archive, &options)].into_iter().flatten() {
        run(&chart, compat);
    }
});

fn run(chart: &Chart, compat: Compat) {
    let limits = Limits { steps: 100_000, bytes: 4 << 20, depth: 500 };
    let request = Request { limits, include_crds: true, trace: true, sub_notes: true, ..Request::new(compat) };
    if let Ok(rendered) = render(chart, &request, None) {
        let _ = (stream(&rendered), release_manifest(&rendered));
    }
}

fn files(data: &[u8]) -> Vec<(&str, &[u8])> {
    let mut files: Vec<(&str, &[u8])> = Vec::new();
    let mut rest = data;
    while let Some(after) = rest.strip_prefix(MARK) {
        let line = after.iter().position(|&byte| byte == b'\n').unwrap_or(after.len());
        let content = after.get(line + 1..).unwrap_or_default();
        let next = content.windows(5).position(|window| window == b"\n=== ").map_or(content.len(), |at| at + 1);
        if let Ok(path) = std::str::from_utf8(&after[..line]) {
            files.push((path, &content[..next]));
        }
        rest = &content[next..];
    }
    files
}

/// A file of an archive, whatever its name is.
fn entry(archive: &mut Vec<u8>, path: &str, content: &[u8]) {
    let mut header = tar::Header::new_ustar();
    let name = [b"c/", path.as_bytes()].concat();
    let length = name.len().min(100);
    header.as_old_mut().name[..length].copy_from_slice(&name[..length]);
    header.set_size(content.len() as u64);
    header.set_mode(0o644);
    header.set_cksum();
    archive.extend_from_slice(header.as_bytes());
    archive.extend_from_slice(content);
    archive.resize(archive.len().next_multiple_of(512), 0);
}

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(data).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}
