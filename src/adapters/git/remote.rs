//! Addresses of repositories: which are allowed, how they are named in the cache and shown to people.
use crate::model::{Diagnostic, Result, codes};
use sha2::{Digest, Sha256};

/// An address that may be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Remote {
    /// Host with port, lower case; `local` for a path.
    pub(super) host: String,
    /// Whether it is https, the only transport that asks for a token.
    pub(super) https: bool,
    /// Whether it is a path on this machine.
    pub(super) local: bool,
    path: String,
}

impl Remote {
    /// Reads an address.
    ///
    /// # Errors
    /// PL0209 for plain http, the git protocol, remote helpers (`ext::…`), and anything that could be read as an option.
    pub(super) fn of(url: &str) -> Result<Remote> {
        let refuse = |why: &str| {
            Err(Box::new(
                Diagnostic::error(
                    &codes::PL0209,
                    format!("'{}' is not fetched: {why}", masked_url(&url.escape_default().to_string())),
                )
                .hint("use https://, ssh:// or the path of a local repository"),
            ))
        };
        if url.is_empty() || url.starts_with('-') || url.chars().any(char::is_control) {
            return refuse("it is no address");
        }
        if url.contains("::") && !url.contains('[') {
            return refuse("remote helpers can run programs");
        }
        let (scheme, rest) = match url.split_once("://") {
            Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
            None => return Remote::without_scheme(url),
        };
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let host = authority.rsplit('@').next().unwrap_or_default().to_ascii_lowercase();
        match scheme.as_str() {
            "file" => Ok(Remote { host: "local".to_owned(), https: false, local: true, path: path.to_owned() }),
            "https" | "ssh" if host.is_empty() || host.starts_with('-') || authority.starts_with('-') => {
                refuse("it has no host")
            }
            "https" | "ssh" => Ok(Remote { host, https: scheme == "https", local: false, path: path.to_owned() }),
            "http" => refuse("http sends everything in the clear"),
            _ => refuse("the transport is not allowed"),
        }
    }

    /// `user@host:path` of ssh, or a path.
    fn without_scheme(url: &str) -> Result<Remote> {
        let scp = url.split_once(':').filter(|(host, _)| !host.contains('/') && (host.len() > 1 || !cfg!(windows)));
        let Some((authority, path)) = scp else {
            return Ok(Remote { host: "local".to_owned(), https: false, local: true, path: url.to_owned() });
        };
        let host = authority.rsplit('@').next().unwrap_or_default().to_ascii_lowercase();
        if host.is_empty() || host.starts_with('-') || path.starts_with('-') {
            return Err(Box::new(Diagnostic::error(&codes::PL0209, format!("'{url}' is not fetched: it has no host"))));
        }
        Ok(Remote { host, https: false, local: false, path: path.to_owned() })
    }

    /// Folder in the cache: host, and a readable name with the beginning of a hash that makes it unique.
    pub(super) fn folder(&self, url: &str) -> (String, String) {
        let plain = |text: &str| -> String {
            text.chars()
                .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' })
                .collect()
        };
        let path = self.path.trim_end_matches('/').trim_end_matches(".git");
        let name: Vec<&str> = path.rsplit('/').take(2).collect();
        let name = plain(&name.into_iter().rev().collect::<Vec<_>>().join("-"));
        let name = name.trim_matches(['.', '-']).chars().take(60).collect::<String>();
        let digest = Sha256::digest(masked_url(url).trim_end_matches('/').as_bytes());
        let hash: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        (plain(&self.host), format!("{}-{hash}.git", if name.is_empty() { "repository" } else { &name }))
    }
}

/// The host of an https address, with its port; `None` for every other transport.
pub fn https_host(url: &str) -> Option<String> {
    Remote::of(url).ok().filter(|remote| remote.https).map(|remote| remote.host)
}

/// The address without the password and user in it, and without what follows `?`, where tokens are put too.
pub fn masked_url(url: &str) -> String {
    let masked = masked_urls(url);
    match masked.split_once('@') {
        // `user:password@host:path`, which no transport takes.
        Some((user, rest)) if !masked.contains("://") && user.contains(':') => rest.to_owned(),
        _ => masked,
    }
}

/// The text with `user:password@` and `?token=…` taken out of every address in it.
pub fn masked_urls(text: &str) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        result.push_str(before);
        let word = after.find(|c: char| c.is_whitespace() || "'\"<>".contains(c)).unwrap_or(after.len());
        let (address, next) = after.split_at(word);
        result.push_str(&masked_address(address, before.ends_with("ssh://")));
        rest = next;
    }
    result.push_str(rest);
    result
}

/// `host/path` out of `user:password@host/path?query`; the user of ssh stays.
fn masked_address(address: &str, ssh: bool) -> String {
    let address = address.split(['?', '#']).next().unwrap_or_default();
    let slash = address.find('/').unwrap_or(address.len());
    let (authority, path) = address.split_at(slash);
    if let Some((user, host)) = authority.rsplit_once('@') {
        return if ssh && !user.contains(':') { address.to_owned() } else { format!("{host}{path}") };
    }
    // A password with `/`, `?` or `#` in it makes what stands before it look like host and port.
    let port = authority.rsplit_once(':').filter(|(host, _)| !host.contains('[')).map(|(_, port)| port);
    if port.is_none_or(|port| port.bytes().all(|byte| byte.is_ascii_digit())) {
        return address.to_owned();
    }
    address.rsplit_once('@').map_or("***", |(_, host)| host).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Remote, masked_url, masked_urls};

    #[test]
    fn only_safe_transports_are_taken() {
        for bad in [
            "http://h/x",
            "git://h/x",
            "ext::sh -c x",
            "-x",
            "--upload-pack=x",
            "ssh://-oProxyCommand=x/y",
            "ftp://h/x",
            "-h:path",
            "h:-path",
            "",
            "https:///x",
            "ssh://u@-o/x",
            "https://h/x\ny",
            "fd::17",
        ] {
            assert_eq!(Remote::of(bad).unwrap_err().code.id, "PL0209", "{bad}");
        }
        for (good, host) in [
            ("https://User:pw@GitHub.com/a/b.git", "github.com"),
            ("ssh://git@h:22/x", "h:22"),
            ("git@h.com:a/b", "h.com"),
            ("/srv/x", "local"),
            ("./x", "local"),
            ("file:///srv/x", "local"),
        ] {
            assert_eq!(Remote::of(good).unwrap().host, host, "{good}");
        }
    }

    #[test]
    fn cache_folders_are_plain_names_and_do_not_depend_on_credentials() {
        let folder = |url: &str| Remote::of(url).unwrap().folder(url);
        assert_eq!(folder("https://github.com/a/b"), folder("https://u:p@github.com/a/b/"));
        assert_ne!(folder("https://github.com/a/b"), folder("https://github.com/a/c"));
        let (host, name) = folder("/tmp/../..");
        assert!(!host.contains(['/', '.']) && !name.starts_with('.') && !name.contains('/'), "{host} {name}");
    }

    #[test]
    fn credentials_are_masked_wherever_they_stand() {
        assert_eq!(
            masked_urls("fatal: 'https://u:p@h/x' and https://t@h2 and ssh://git@h/x"),
            "fatal: 'https://h/x' and https://h2 and ssh://git@h/x"
        );
        for (url, shown) in [
            ("https://u:p@h:1/x", "https://h:1/x"),
            ("https://u:S3/CRET@h:1/x.git", "https://h:1/x.git"),
            ("https://u:S3#CRET@h:1/x.git", "https://***"),
            ("ssh://u:S3CRET@h/x", "ssh://h/x"),
            ("ssh://git@h:22/x", "ssh://git@h:22/x"),
            ("https://h/x?private_token=S3CRET", "https://h/x"),
            ("https://h/x#S3CRET", "https://h/x"),
            ("u:S3CRET@h:x", "h:x"),
            ("git@h:a/b", "git@h:a/b"),
            ("https://h/a@b", "https://h/a@b"),
            ("https://h:8443/a@b", "https://h:8443/a@b"),
            ("https://[::1]:8443/a", "https://[::1]:8443/a"),
            ("../a@b", "../a@b"),
        ] {
            assert_eq!(masked_url(url), shown, "{url}");
        }
    }
}
