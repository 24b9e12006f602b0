//! Any .env file, Compose file and Kubernetes manifest: no panic, places inside the text, no secret in a `Debug` text.
#![no_main]
use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use pilab::engines::{compose, envfile, kube, yaml};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    env: &'a str,
    compose: &'a str,
    other: &'a str,
    manifest: &'a str,
    shell: Option<&'a str>,
}

fuzz_target!(|input: Input<'_>| {
    let shell = |_: &str| input.shell.map(str::to_owned);
    let (entries, errors) = envfile::parse(input.env);
    let inside = |span: &envfile::Span| input.env.get(span.start..span.end).is_some();
    assert!(errors.iter().all(|error| inside(&error.span)));
    assert!(entries.iter().all(|entry| inside(&entry.name_span) && inside(&entry.value_span)));
    let _ = envfile::resolve(&entries, &shell);
    if let Err(error) = envfile::interpolate(input.env, &shell) {
        assert!(inside(&error.span));
    }

    let read = |path: &str| match path {
        "compose.yaml" => Ok(Some(input.compose.to_owned())),
        "b/other.yaml" | "other.yaml" => Ok(Some(input.other.to_owned())),
        ".env" => Ok(Some(input.env.to_owned())),
        _ => Ok(None),
    };
    let files = ["compose.yaml".to_owned(), "b/other.yaml".to_owned()];
    let request = compose::Request { files: &files, service: None, shell: &shell, read: &read };
    let project = compose::variables(&request);
    assert_eq!(project, compose::variables(&request));

    let (nodes, _) = yaml::parse(input.manifest, &yaml::Limits::default());
    let manifests = [("m.yaml".to_owned(), nodes)];
    let _ = (kube::containers(&manifests, None), kube::keys(&manifests, None));
});
