//! Reading of charts against recorded answers of Helm, and against hostile charts.
use super::*;
use crate::engines::helm::values::tests::hold;
use crate::tree::MemTree;
use std::io::Write as _;

#[test]
fn charts_are_read_as_helm_reads_them() {
    hold(include_str!("testdata/load.json"));
}

fn tgz(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
    for (name, data) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(data.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        builder.append_data(&mut header, name, *data).unwrap();
    }
    builder.into_inner().unwrap().finish().unwrap()
}

const CHART: &[u8] = b"apiVersion: v2\nname: a\nversion: 1.0.0\n";

fn refused(data: &[u8], limits: Limits) -> String {
    load_archive(data, &LoadOptions { limits, ..LoadOptions::default() }).unwrap_err().text
}

#[test]
fn archives_are_bounded() {
    let big = tgz(&[("a/Chart.yaml", CHART), ("a/x", &vec![0; 6 << 20])]);
    let text = refused(&big, Limits::default());
    assert_eq!(text, "decompressed chart file \"a/x\" is larger than the maximum file size 5242880");
    let bomb = tgz(&[("a/Chart.yaml", CHART), ("a/x", &[0; 5000]), ("a/y", &[0; 5000])]);
    let small = Limits { total: 8000, ..Limits::default() };
    assert_eq!(refused(&bomb, small), "decompressed chart is larger than the maximum size 8000");
    let many: Vec<String> = (0..50).map(|at| format!("a/f{at}")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert_eq!(refused(&tgz(&many), Limits { files: 10, ..Limits::default() }), "the chart has more than 10 files");
}

#[test]
fn a_bomb_of_zeros_is_not_unpacked() {
    let mut zip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![0x41u8; 1 << 20];
    for _ in 0..200 {
        zip.write_all(&zeros).unwrap();
    }
    let data = zip.finish().unwrap();
    assert!(load_archive(&data, &LoadOptions::default()).is_err());
}

#[test]
fn damaged_archives_are_errors() {
    let good = tgz(&[("a/Chart.yaml", CHART), ("a/values.yaml", b"a: 1")]);
    assert_eq!(load_archive(&good, &LoadOptions::default()).unwrap().name(), "a");
    for cut in 0..good.len() {
        let _ = load_archive(&good[..cut], &LoadOptions::default());
        let mut bent = good.clone();
        bent[cut] ^= 0x55;
        let _ = load_archive(&bent, &LoadOptions::default());
    }
}

#[test]
fn archives_in_archives_end() {
    let mut data = tgz(&[("a/Chart.yaml", CHART)]);
    for _ in 0..30 {
        data = tgz(&[("a/Chart.yaml", CHART), ("a/charts/a.tgz", &data)]);
    }
    assert!(refused(&data, Limits::default()).ends_with("charts lie more than 24 deep in charts"));
}

fn local(repository: &str) -> MemTree {
    let chart = format!(
        "apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies:\n- {{name: base, version: \">=0.1.0\", repository: \"{repository}\"}}\n"
    );
    let base = "apiVersion: v2\nname: base\nversion: 1.2.3\n";
    MemTree::of([
        ("charts/web/Chart.yaml", chart.as_str()),
        ("lib/base/Chart.yaml", base),
        ("lib/base/values.yaml", "x: 1"),
    ])
}

#[test]
fn local_dependencies_are_read_when_asked_for() {
    let options = LoadOptions { local_dependencies: true, ..LoadOptions::default() };
    let found = load(&local("file://../../lib/base"), "charts/web", &options).unwrap();
    assert_eq!((found.dependencies[0].source, found.dependencies[0].path.as_str()), (Source::Local, "web/charts/base"));
    check_dependencies(&found, Compat::Helm4).unwrap();
    for outside in ["file://../../../lib/base", "file:///lib/base", "file://../nothing"] {
        assert_eq!(load(&local(outside), "charts/web", &options).unwrap().dependencies, []);
    }
    let plain = load(&local("file://../../lib/base"), "charts/web", &LoadOptions::default()).unwrap();
    assert_eq!(
        check_dependencies(&plain, Compat::Helm3).unwrap_err().text,
        "An error occurred while checking for chart dependencies. You may need to run `helm dependency build` to fetch missing \
         dependencies: found in Chart.yaml, but missing in charts/ directory: base"
    );
    let circle = local("file://../web");
    assert!(load(&circle, "charts/web", &options).unwrap_err().text.contains("more than 24 deep"));
}

#[test]
fn fetched_dependencies_come_from_the_caller() {
    let data: Arc<[u8]> = tgz(&[("base/Chart.yaml", b"apiVersion: v2\nname: base\nversion: 1.2.3\n")]).into();
    let fetched = |dependency: &Dependency, locked: Option<&Dependency>| {
        (dependency.repository == "https://x" && locked.is_none()).then(|| Arc::clone(&data))
    };
    let options = LoadOptions { fetched: Some(&fetched), ..LoadOptions::default() };
    let found = load(&local("https://x"), "charts/web", &options).unwrap();
    assert_eq!(found.dependencies[0].source, Source::Fetched);
    assert_eq!(load(&local("https://y"), "charts/web", &options).unwrap().dependencies, []);
}
