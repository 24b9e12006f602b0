//! Bounded requests: https, or http to this machine; a fixed number of redirects, time and bytes.
use crate::model::{Diagnostic, Result, codes};
use std::time::Duration;
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

/// An answer.
pub(super) struct Answer {
    pub(super) status: u16,
    /// What the server asks of who asks it.
    pub(super) challenge: Option<String>,
    pub(super) body: Vec<u8>,
}

/// A failure to fetch, in words.
pub(super) fn failed(url: &str, why: impl std::fmt::Display) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(&codes::PL0207, format!("{}: {why}", plain(url))))
}

/// The address without name and password.
fn plain(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    format!("{scheme}://{}{path}", host.rsplit_once('@').map_or(host, |(_, host)| host))
}

/// Refuses everything but https, and http to this machine.
pub(super) fn allowed(url: &str) -> Result<()> {
    let host = |rest: &str| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        host.rsplit_once(':').map_or(host, |(host, _)| host).to_owned()
    };
    let local = url
        .strip_prefix("http://")
        .is_some_and(|rest| ["localhost", "127.0.0.1", "[::1]"].contains(&host(rest).as_str()));
    if url.starts_with("https://") || local {
        return Ok(());
    }
    Err(Box::new(
        Diagnostic::error(&codes::PL0209, format!("{} is not https", plain(url)))
            .hint("charts are fetched by https and oci; vendor others: helm dependency build"),
    ))
}

/// Asks for `url`.
pub(super) fn get(url: &str, headers: &[(&str, String)], limit: u64) -> Result<Answer> {
    let mut url = url.to_owned();
    for _ in 0..6 {
        allowed(&url)?;
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
        let config = Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(120)))
            .timeout_connect(Some(Duration::from_secs(20)))
            .max_redirects(0)
            .http_status_as_error(false)
            .user_agent(concat!("pilab/", env!("CARGO_PKG_VERSION")))
            .tls_config(tls)
            .build();
        let agent: Agent = config.into();
        let mut request = agent.get(&url);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let mut response = request.call().map_err(|error| failed(&url, error))?;
        let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        if response.status().is_redirection() {
            let Some(to) = header("location") else { return Err(failed(&url, "a redirect to nowhere")) };
            let next = join(&url, &to);
            // Who is asked next must not see what was meant for this host.
            if !headers.is_empty() && origin(&next) != origin(&url) {
                return get(&next, &[], limit);
            }
            url = next;
            continue;
        }
        let (status, challenge) = (response.status().as_u16(), header("www-authenticate"));
        let body = response.body_mut().with_config().limit(limit).read_to_vec().map_err(|error| failed(&url, error))?;
        return Ok(Answer { status, challenge, body });
    }
    Err(failed(&url, "too many redirects"))
}

fn origin(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url.get(start..).and_then(|rest| rest.find('/')).map_or(url.len(), |at| start + at);
    url.get(..end).unwrap_or(url)
}

/// An address relative to another one.
pub(super) fn join(base: &str, to: &str) -> String {
    if to.contains("://") {
        return to.to_owned();
    }
    let base = base.split(['?', '#']).next().unwrap_or(base);
    match to.strip_prefix('/') {
        Some(path) => format!("{}/{path}", origin(base)),
        None => {
            let folder = base.rfind('/').filter(|at| *at >= origin(base).len()).map_or(base, |at| &base[..at]);
            format!("{folder}/{to}")
        }
    }
}

/// What a request must give to go on.
pub(super) fn body(url: &str, headers: &[(&str, String)], limit: u64) -> Result<Vec<u8>> {
    let answer = get(url, headers, limit)?;
    match answer.status {
        200 => Ok(answer.body),
        401 | 403 => Err(Box::new(
            Diagnostic::error(&codes::PL0208, format!("{} wants to know who asks", plain(url)))
                .hint("vendor the chart: helm dependency build"),
        )),
        status => Err(failed(url, format!("the server answered {status}"))),
    }
}
