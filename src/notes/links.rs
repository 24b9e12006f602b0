//! Addresses of commits and pull requests on the forges.
use crate::model::Ticket;
use crate::model::config::Provider;

/// How a repository's commits and pull requests are addressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepoLinks {
    /// `github`, `gitlab`, `bitbucket`, `gitea`, `git`.
    pub system: &'static str,
    /// Address of a commit, with `{id}`.
    pub commit_url: Option<String>,
    /// Address of a pull or merge request, with `{number}`.
    pub pull_url: Option<String>,
}

/// The addresses of a repository with this URL. User names, passwords and ports of ssh are left out; a path or an unknown
/// forge gives no addresses.
pub fn repo_links(url: &str, provider: Option<Provider>) -> RepoLinks {
    let none = |system| RepoLinks { system, commit_url: None, pull_url: None };
    let Some((scheme, host, path)) = split(url) else { return none("git") };
    let provider = provider.unwrap_or_else(|| guess(&host));
    let base = format!("{scheme}://{host}/{path}");
    let links = |system, commit: &str, pull: &str| RepoLinks {
        system,
        commit_url: Some(format!("{base}/{commit}")),
        pull_url: Some(format!("{base}/{pull}")),
    };
    match provider {
        Provider::Github => links("github", "commit/{id}", "pull/{number}"),
        Provider::Gitlab => links("gitlab", "-/commit/{id}", "-/merge_requests/{number}"),
        Provider::Gitea => links("gitea", "commit/{id}", "pulls/{number}"),
        Provider::Bitbucket if host == "bitbucket.org" => links("bitbucket", "commits/{id}", "pull-requests/{number}"),
        Provider::Bitbucket => {
            let path = path.strip_prefix("scm/").unwrap_or(&path);
            let Some((project, repository)) = path.split_once('/') else { return none("bitbucket") };
            let base = format!("{scheme}://{host}/projects/{project}/repos/{repository}");
            RepoLinks {
                system: "bitbucket",
                commit_url: Some(format!("{base}/commits/{{id}}")),
                pull_url: Some(format!("{base}/pull-requests/{{number}}")),
            }
        }
        Provider::Other => none("git"),
    }
}

/// Where the issues of a repository with this URL are, with `{key}`; `None` for an unknown forge and for one without issues.
pub fn issue_url(url: &str, provider: Option<Provider>) -> Option<String> {
    let (scheme, host, path) = split(url)?;
    let issues = match provider.unwrap_or_else(|| guess(&host)) {
        Provider::Gitlab => "-/issues",
        Provider::Github | Provider::Gitea => "issues",
        Provider::Bitbucket if host == "bitbucket.org" => "issues",
        Provider::Bitbucket | Provider::Other => return None,
    };
    Some(format!("{scheme}://{host}/{path}/{issues}/{{key}}"))
}

/// The pull request as people of that forge write it.
pub(super) fn pull_request(links: Option<&RepoLinks>, number: u64) -> Ticket {
    let system = links.map_or("git", |links| links.system);
    let sign = if system == "gitlab" { '!' } else { '#' };
    let url = links.and_then(|links| links.pull_url.as_ref()).map(|url| url.replace("{number}", &number.to_string()));
    super::ticket(format!("{sign}{number}"), system, url)
}

/// Scheme, host and path of a web address, out of any form of a Git URL.
fn split(url: &str) -> Option<(&'static str, String, String)> {
    let url = url.trim();
    let (scheme, rest, keep_port) = match url.split_once("://") {
        Some(("https", rest)) => ("https", rest.to_owned(), true),
        Some(("http", rest)) => ("http", rest.to_owned(), true),
        Some(("ssh" | "git" | "git+ssh" | "ssh+git", rest)) => ("https", rest.to_owned(), false),
        Some(_) => return None,
        None => {
            let (host, path) = url.split_once(':')?;
            if host.contains('/') || host.len() < 2 || path.starts_with('\\') {
                return None;
            }
            ("https", format!("{host}/{}", path.trim_start_matches('/')), false)
        }
    };
    let (authority, path) = rest.split_once('/')?;
    let host = authority.rsplit('@').next()?;
    let host = if keep_port { host } else { host.split(':').next()? }.to_ascii_lowercase();
    let path = path.split(['?', '#']).next()?.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    let plain = |text: &str, more: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c))
    };
    (plain(&host, ".-:") && plain(path, "/._-~+")).then(|| (scheme, host, path.to_owned()))
}

fn guess(host: &str) -> Provider {
    let has = |word: &str| host.split(['.', ':', '-']).any(|part| part == word);
    match () {
        () if has("github") => Provider::Github,
        () if has("gitlab") => Provider::Gitlab,
        () if has("bitbucket") => Provider::Bitbucket,
        () if has("gitea") || has("forgejo") || has("codeberg") => Provider::Gitea,
        () => Provider::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::{Provider, pull_request, repo_links};

    #[test]
    fn addresses_of_forges_without_credentials() {
        for (url, provider, commit, pull) in [
            ("https://github.com/a/b.git", None, "https://github.com/a/b/commit/1", "https://github.com/a/b/pull/7"),
            (
                "https://u:secret@github.com/a/b",
                None,
                "https://github.com/a/b/commit/1",
                "https://github.com/a/b/pull/7",
            ),
            (
                "git@gitlab.com:g/s/p.git",
                None,
                "https://gitlab.com/g/s/p/-/commit/1",
                "https://gitlab.com/g/s/p/-/merge_requests/7",
            ),
            (
                "ssh://git@bitbucket.org:22/a/b",
                None,
                "https://bitbucket.org/a/b/commits/1",
                "https://bitbucket.org/a/b/pull-requests/7",
            ),
            (
                "https://bb.acme.io/scm/PAY/api.git",
                Some(Provider::Bitbucket),
                "https://bb.acme.io/projects/PAY/repos/api/commits/1",
                "https://bb.acme.io/projects/PAY/repos/api/pull-requests/7",
            ),
            ("https://codeberg.org/a/b", None, "https://codeberg.org/a/b/commit/1", "https://codeberg.org/a/b/pulls/7"),
            (
                "http://git.acme:8080/a/b",
                Some(Provider::Gitea),
                "http://git.acme:8080/a/b/commit/1",
                "http://git.acme:8080/a/b/pulls/7",
            ),
        ] {
            let links = repo_links(url, provider);
            assert_eq!(links.commit_url.map(|url| url.replace("{id}", "1")).as_deref(), Some(commit));
            assert_eq!(links.pull_url.map(|url| url.replace("{number}", "7")).as_deref(), Some(pull));
        }
    }

    #[test]
    fn what_is_no_forge_has_no_address() {
        for url in [
            "../shop",
            "/srv/git/shop.git",
            "C:\\git\\x",
            "file:///srv/x",
            "https://github.com/a/)<b>",
            "",
            "https://git.acme/a/b",
        ] {
            assert_eq!(repo_links(url, None).pull_url, None, "{url}");
        }
        assert_eq!(pull_request(Some(&repo_links("https://gitlab.com/a/b", None)), 7).key, "!7");
        assert_eq!(pull_request(None, 7).url, None);
    }
}
