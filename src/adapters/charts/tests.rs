//! A registry and a repository on this machine, and what is refused.
use super::{ChartCache, Wanted, hex};
use sha2::{Digest, Sha256};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

/// What a server answers to a path and the headers of a request: status, more headers, body.
type Answers = dyn Fn(&str, &str) -> (u16, String, Vec<u8>) + Send + Sync;

/// Starts a server; it ends with the test's process.
fn serve(answers: impl Fn(&str, &str) -> (u16, String, Vec<u8>) + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let answers: Arc<Answers> = Arc::new(answers);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answers = Arc::clone(&answers);
            thread::spawn(move || one(stream, &*answers));
        }
    });
    address
}

fn one(mut stream: TcpStream, answers: &Answers) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 || line == "\r\n" {
            break;
        }
        lines.push(line.trim_end().to_ascii_lowercase());
    }
    let path = lines.first().and_then(|line| line.split(' ').nth(1)).unwrap_or("/").to_owned();
    let (status, headers, body) = answers(&path, &lines.join("\n"));
    let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n", body.len());
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
}

fn wanted(repository: String) -> Wanted {
    Wanted { repository, name: "redis".into(), version: "1.2.3".into() }
}

#[test]
fn a_chart_comes_out_of_a_repository_once_and_is_checked() {
    let digest = hex(&Sha256::digest(b"archive"));
    let index = format!(
        "apiVersion: v1\nentries:\n  redis:\n  - {{version: 1.3.0, urls: [x.tgz]}}\n  - version: 1.2.3\n    digest: {digest}\n    urls: [charts/redis-1.2.3.tgz]\n"
    );
    let host = serve(move |path, _| match path {
        "/r/index.yaml" => (302, "location: /moved/index.yaml\r\n".into(), vec![]),
        "/moved/index.yaml" => (200, String::new(), index.clone().into_bytes()),
        "/r/charts/redis-1.2.3.tgz" => (200, String::new(), b"archive".to_vec()),
        _ => (404, String::new(), vec![]),
    });
    let folder = tempfile::tempdir().unwrap();
    let cache = ChartCache::new(folder.path().to_owned());
    let repository = format!("http://{host}/r");
    let wanted = wanted(repository.clone());
    assert_eq!(cache.get(&wanted), None);
    assert_eq!(cache.offered(&repository, "redis").unwrap(), ["1.3.0", "1.2.3"]);
    assert_eq!(cache.fetch(&wanted).unwrap(), digest);
    assert_eq!(cache.get(&wanted).as_deref(), Some(&b"archive"[..]));
    assert_eq!(cache.versions(&repository, "redis"), ["1.2.3"]);
    // What was changed in the cache is not what was fetched.
    std::fs::write(cache.path(&wanted), b"other").unwrap();
    assert_eq!(cache.get(&wanted), None);
    let none = Wanted { version: "9.9.9".into(), ..wanted };
    assert!(cache.fetch(&none).unwrap_err().message.ends_with("it has no version 9.9.9 of redis"));
    assert!(cache.offered(&repository, "nginx").unwrap_err().message.ends_with("it has no chart nginx"));
}

#[test]
fn a_digest_that_is_not_the_index_s_is_refused() {
    let index = "entries:\n  redis:\n  - {version: 1.2.3, digest: abc, urls: [r.tgz]}\n";
    let host = serve(move |path, _| match path {
        "/index.yaml" => (200, String::new(), index.into()),
        _ => (200, String::new(), b"archive".to_vec()),
    });
    let folder = tempfile::tempdir().unwrap();
    let cache = ChartCache::new(folder.path().to_owned());
    let wanted = wanted(format!("http://{host}"));
    let error = cache.fetch(&wanted).unwrap_err();
    assert_eq!(error.code.id, "PL0207");
    assert!(error.message.ends_with("and the index says abc"), "{}", error.message);
    assert_eq!(cache.get(&wanted), None);
}

#[test]
fn a_chart_comes_out_of_a_registry_with_an_anonymous_token() {
    let digest = hex(&Sha256::digest(b"archive"));
    let layer = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
    let manifest = format!(r#"{{"layers":[{{"mediaType":"{layer}","digest":"sha256:{digest}"}}]}}"#);
    let own = Arc::new(std::sync::Mutex::new(String::new()));
    let known = Arc::clone(&own);
    let host = serve(move |path, headers| {
        let host = known.lock().unwrap().clone();
        if path.starts_with("/token?") {
            assert_eq!(path, "/token?service=s&scope=repository:c/redis:pull");
            return (200, String::new(), br#"{"token":"t0ken"}"#.to_vec());
        }
        if !headers.contains("authorization: bearer t0ken") {
            let ask = format!(
                "www-authenticate: Bearer realm=\"http://{host}/token\",service=\"s\",scope=\"repository:c/redis:pull\"\r\n"
            );
            return (401, ask, vec![]);
        }
        match path {
            "/v2/c/redis/tags/list" => (200, String::new(), br#"{"tags":["1.2.2","1.2.3","1.3.0_b1"]}"#.to_vec()),
            "/v2/c/redis/manifests/1.2.3" => (200, String::new(), manifest.clone().into_bytes()),
            path if path.ends_with(&digest) => (200, String::new(), b"archive".to_vec()),
            _ => (404, String::new(), vec![]),
        }
    });
    own.lock().unwrap().clone_from(&host);
    let folder = tempfile::tempdir().unwrap();
    let cache = ChartCache::new(folder.path().to_owned());
    let repository = format!("oci://{host}/c");
    assert_eq!(cache.offered(&repository, "redis").unwrap(), ["1.3.0+b1", "1.2.3", "1.2.2"]);
    cache.fetch(&wanted(repository.clone())).unwrap();
    assert_eq!(cache.get(&wanted(repository)).as_deref(), Some(&b"archive"[..]));
}

#[test]
fn other_transports_and_what_is_too_large_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let cache = ChartCache::new(folder.path().to_owned());
    for repository in ["http://charts.example.com", "ftp://x", "file:///etc", "http://localhost.example.com"] {
        assert_eq!(cache.fetch(&wanted(repository.into())).unwrap_err().code.id, "PL0209", "{repository}");
    }
    let host = serve(|path, _| match path {
        "/index.yaml" => (200, String::new(), b"entries: {redis: [{version: 1.2.3, urls: [big]}]}".to_vec()),
        "/big" => (200, String::new(), vec![0; 21 * 1024 * 1024]),
        "/loop/index.yaml" => (302, "location: /loop/index.yaml\r\n".into(), vec![]),
        _ => (302, "location: http://charts.example.com/\r\n".into(), vec![]),
    });
    assert_eq!(cache.fetch(&wanted(format!("http://{host}"))).unwrap_err().code.id, "PL0207");
    let error = cache.fetch(&wanted(format!("http://{host}/loop"))).unwrap_err();
    assert!(error.message.ends_with("too many redirects"), "{}", error.message);
    assert_eq!(cache.fetch(&wanted(format!("http://{host}/away"))).unwrap_err().code.id, "PL0209");
}
