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

/// The address without the password and user in it.
pub fn masked_url(url: &str) -> String {
    masked_urls(url)
}

/// The text with `user:password@` taken out of every address in it.
pub fn masked_urls(text: &str) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        result.push_str(before);
        let end = after.find(|c: char| c == '/' || c.is_whitespace() || "'\"<>".contains(c)).unwrap_or(after.len());
        let (authority, further) = after.split_at(end);
        let ssh = before.ends_with("ssh://") && !authority.contains(':');
        match authority.rfind('@') {
            Some(sign) if !ssh => result.push_str(authority.get(sign + 1..).unwrap_or_default()),
            _ => result.push_str(authority),
        }
        rest = further;
    }
    result.push_str(rest);
    result
}

#[cfg(test)]
mod tests {
    use super::{Remote, masked_urls};

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
    }
}
