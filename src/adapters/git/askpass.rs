//! Answers Git when it asks for a name or password: with the stored token, and only for the host it belongs to.
use std::collections::BTreeMap;

/// Variable of the child process that holds the token.
pub const ASKPASS_TOKEN: &str = "PILAB_ASKPASS_TOKEN";
/// Variable of the child process that holds the host the token belongs to.
pub const ASKPASS_HOST: &str = "PILAB_ASKPASS_HOST";

/// The answer to a question of Git's (`Username for 'https://github.com': `); `None` for any question that is not about
/// the host of the token, or not over https.
pub fn answer_askpass(prompt: &str, environment: &BTreeMap<String, String>) -> Option<String> {
    let token = environment.get(ASKPASS_TOKEN)?;
    let host = environment.get(ASKPASS_HOST)?;
    let (what, rest) = prompt.split_once(" for '")?;
    let url = rest.split_once('\'')?.0.strip_prefix("https://")?;
    let authority = url.split(['/', '?', '#']).next()?;
    let asked = authority.rsplit('@').next()?;
    if host.is_empty() || !asked.eq_ignore_ascii_case(host) {
        return None;
    }
    match what {
        "Username" => Some(user_of(host).to_owned()),
        "Password" => Some(token.clone()),
        _ => None,
    }
}

/// The user name that the provider wants beside a token.
fn user_of(host: &str) -> &'static str {
    match host.to_ascii_lowercase() {
        host if host.contains("gitlab") => "oauth2",
        host if host.contains("bitbucket") => "x-token-auth",
        _ => "x-access-token",
    }
}

#[cfg(test)]
mod tests {
    use super::answer_askpass;
    use std::collections::BTreeMap;

    #[test]
    fn only_the_host_of_the_token_gets_it() {
        let environment = BTreeMap::from([
            ("PILAB_ASKPASS_TOKEN".to_owned(), "t0ken".to_owned()),
            ("PILAB_ASKPASS_HOST".to_owned(), "github.com".to_owned()),
        ]);
        for (prompt, answer) in [
            ("Username for 'https://github.com': ", Some("x-access-token")),
            ("Password for 'https://x-access-token@github.com': ", Some("t0ken")),
            ("Password for 'https://github.com/a/b': ", Some("t0ken")),
            ("Password for 'https://evil.com': ", None),
            ("Password for 'https://github.com@evil.com': ", None),
            ("Password for 'https://github.com.evil.com': ", None),
            ("Password for 'http://github.com': ", None),
            ("Password for 'https://evil.com/github.com': ", None),
            ("Enter passphrase for key '/home/x': ", None),
            ("", None),
        ] {
            assert_eq!(answer_askpass(prompt, &environment).as_deref(), answer, "{prompt}");
        }
        assert_eq!(answer_askpass("Password for 'https://github.com': ", &BTreeMap::new()), None);
    }
}
