//! Images: what of the reference changed.
use crate::engines::kube::objects::Class;

/// The parts of a reference to an image.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Image<'a> {
    repository: String,
    tag: Option<&'a str>,
    digest: Option<&'a str>,
}

fn parse(text: &str) -> Image<'_> {
    let (text, digest) = match text.split_once('@') {
        Some((text, digest)) => (text, Some(digest)),
        None => (text, None),
    };
    // A colon after the last slash begins the tag; one before it is a port.
    let slash = text.rfind('/').map_or(0, |at| at + 1);
    let colon = text.get(slash..).and_then(|rest| rest.find(':')).map(|at| at + slash);
    let (name, tag) = match colon {
        Some(at) => (text.get(..at).unwrap_or_default(), text.get(at + 1..)),
        None => (text, None),
    };
    let first = name.split('/').next().unwrap_or_default();
    let hosted = name.contains('/') && (first.contains(['.', ':']) || first == "localhost");
    let bare = name.strip_prefix("docker.io/").or_else(|| name.strip_prefix("index.docker.io/"));
    let repository = match (bare, hosted) {
        (Some(rest), _) => rest.strip_prefix("library/").unwrap_or(rest).to_owned(),
        (None, true) => name.to_owned(),
        (None, false) => name.strip_prefix("library/").unwrap_or(name).to_owned(),
    };
    Image { repository, tag: tag.filter(|tag| !tag.is_empty()), digest }
}

/// The numbers of a version, and what follows them.
fn version(tag: &str) -> Option<(Vec<u64>, &str)> {
    let text = tag.strip_prefix(['v', 'V']).unwrap_or(tag);
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (numbers, rest) = text.split_at(end);
    let parts: Option<Vec<u64>> = numbers.trim_end_matches('.').split('.').map(|part| part.parse().ok()).collect();
    parts.filter(|parts| !numbers.is_empty() && (parts.len() > 1 || numbers.len() < 5)).map(|parts| (parts, rest))
}

/// What kind of change it is from one image to another, with a short phrase; nothing when both name the same.
pub(super) fn class(before: &str, after: &str) -> Option<(Class, String)> {
    let (one, two) = (parse(before), parse(after));
    if one == two {
        return None;
    }
    if one.repository != two.repository {
        return Some((Class::ImageRepository, format!("{} -> {}", one.repository, two.repository)));
    }
    if one.digest.is_some() && two.digest.is_none() {
        return Some((Class::ImageDigestDropped, "the digest is dropped".to_owned()));
    }
    let moving = |image: &Image<'_>| image.digest.is_none() && matches!(image.tag, None | Some("latest"));
    if moving(&two) && !moving(&one) {
        return Some((Class::ImageLatest, "the tag moves".to_owned()));
    }
    if one.tag == two.tag {
        return Some((Class::ImageDigest, String::new()));
    }
    Some(tags(one.tag.unwrap_or("latest"), two.tag.unwrap_or("latest")))
}

/// What kind of change it is from one tag to another.
pub(super) fn tags(before: &str, after: &str) -> (Class, String) {
    let detail = format!("{before} -> {after}");
    let (Some((one, _)), Some((two, _))) = (version(before), version(after)) else { return (Class::ImageTag, detail) };
    let part = |numbers: &[u64], at: usize| numbers.get(at).copied().unwrap_or_default();
    let step = (0..one.len().max(two.len())).find(|at| part(&one, *at) != part(&two, *at));
    let class = match step {
        Some(at) if part(&two, at) < part(&one, at) => Class::ImageDowngrade,
        Some(0) => Class::ImageMajor,
        Some(1) => Class::ImageMinor,
        Some(2) => Class::ImagePatch,
        Some(_) | None => Class::ImageTag,
    };
    (class, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps() {
        let table = [
            ("nginx:1.2.3", "nginx:1.2.4", Some(Class::ImagePatch)),
            ("nginx:1.2.3", "nginx:1.3.0", Some(Class::ImageMinor)),
            ("nginx:v1.2", "nginx:v2.0", Some(Class::ImageMajor)),
            ("nginx:2.0", "nginx:1.9", Some(Class::ImageDowngrade)),
            ("nginx:1.2", "docker.io/library/nginx:1.2", None),
            ("a.io:5000/x:1", "b.io:5000/x:1", Some(Class::ImageRepository)),
            ("x:1.0@sha256:aa", "x:1.0", Some(Class::ImageDigestDropped)),
            ("x:1.0@sha256:aa", "x:1.0@sha256:bb", Some(Class::ImageDigest)),
            ("x:1.0", "x:latest", Some(Class::ImageLatest)),
            ("x:1.0", "x", Some(Class::ImageLatest)),
            ("x:main-abc", "x:main-def", Some(Class::ImageTag)),
            ("x:1.0-alpine", "x:1.0-debian", Some(Class::ImageTag)),
            ("x", "x:latest", Some(Class::ImageTag)),
        ];
        for (one, two, wanted) in table {
            assert_eq!(class(one, two).map(|found| found.0), wanted, "{one} {two}");
        }
    }
}
