//! Names of commits: tags, branches, abbreviated ids; and what was probably meant by a name that is none.
use super::commit;
use super::open::{Repository, object_id};
use crate::model::{CommitId, Diagnostic, Result, codes};
use gix::bstr::ByteSlice;
use gix::prelude::ObjectIdExt;

/// Where HEAD is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The commit that is checked out.
    pub commit: CommitId,
    /// The branch; `None` when HEAD is detached.
    pub branch: Option<String>,
}

impl Repository {
    /// Where HEAD is; `None` before the first commit.
    ///
    /// # Errors
    /// PL0205 when HEAD cannot be read, PL0204 when its commit is not here.
    pub fn head(&self) -> Result<Option<Head>> {
        self.with(|repo| {
            let unreadable = |error: gix::Error| {
                Box::new(Diagnostic::error(&codes::PL0205, format!("HEAD cannot be read: {error}")))
            };
            let mut head = repo.head().map_err(unreadable)?;
            let branch = head.referent_name().map(|name| name.shorten().to_str_lossy().into_owned());
            if head.is_unborn() {
                return Ok(None);
            }
            let commit = head.peel_to_commit().map_err(|error| {
                Box::new(Diagnostic::error(&codes::PL0204, format!("the commit of HEAD is not here: {error}")))
            })?;
            Ok(Some(Head { commit: CommitId(commit.id.to_string()), branch }))
        })
    }

    /// The commit that a person means: as `resolve`, and behind the name may stand steps to ancestors, `~`, `~3`, `^`, `^2`,
    /// as Git writes them. (A version of a cell is a name and nothing else, whatever it looks like.)
    ///
    /// # Errors
    /// Those of `resolve`.
    pub fn revision(&self, name: &str) -> Result<CommitId> {
        match steps(name) {
            Some((base, steps)) => self.ancestor(name, self.resolve(base)?, &steps),
            None => self.resolve(name),
        }
    }

    fn ancestor(&self, name: &str, from: CommitId, steps: &[Step]) -> Result<CommitId> {
        let mut at = from;
        for Step { parent, times } in steps {
            for _ in 0..*times {
                let commit = object_id(&at)?;
                let commit = self.with(|repo| commit::read(repo, commit, &commit::Mailmap::none()))?;
                at = commit.parents.into_iter().nth(*parent).ok_or_else(|| {
                    let why = format!("'{name}': commit {at} has no parent {}", parent + 1);
                    Box::new(Diagnostic::error(&codes::PL0111, why))
                })?;
                if self.with(|repo| repo.is_shallow().unwrap_or(false)) && !self.has_commit(&at) {
                    return Err(self.unknown(name));
                }
            }
        }
        Ok(at)
    }

    /// The commit that `name` means: a tag, else a branch, else a branch of `origin`, else an id or the beginning of one.
    ///
    /// # Errors
    /// PL0111 with the nearest tags, PL0201 when the clone is shallow, so that the name may be beyond its edge.
    pub fn resolve(&self, name: &str) -> Result<CommitId> {
        if !is_plain(name) {
            return Err(Box::new(Diagnostic::error(
                &codes::PL0111,
                format!("'{}' is not the name of a tag, branch or commit", name.escape_default()),
            )));
        }
        if name == "HEAD" {
            return self.head()?.map(|head| head.commit).ok_or_else(|| self.unknown(name));
        }
        for full in [
            format!("refs/tags/{name}"),
            format!("refs/heads/{name}"),
            format!("refs/remotes/origin/{name}"),
            format!("refs/remotes/{name}"),
            if name.starts_with("refs/") { name.to_owned() } else { String::new() },
        ] {
            if let Some(commit) = self.reference(&full)? {
                return Ok(commit);
            }
        }
        self.by_id(name)?.ok_or_else(|| self.unknown(name))
    }

    /// All tags that lead to a commit, by name.
    ///
    /// # Errors
    /// PL0205 when refs cannot be read.
    pub fn tags(&self) -> Result<Vec<(String, CommitId)>> {
        self.list("refs/tags/")
    }

    /// All branches of this repository, by name.
    ///
    /// # Errors
    /// PL0205 when refs cannot be read.
    pub fn branches(&self) -> Result<Vec<(String, CommitId)>> {
        self.list("refs/heads/")
    }

    fn list(&self, prefix: &str) -> Result<Vec<(String, CommitId)>> {
        let unreadable =
            |error: gix::Error| Box::new(Diagnostic::error(&codes::PL0205, format!("refs cannot be read: {error}")));
        self.with(|repo| {
            let platform = repo.references().map_err(unreadable)?;
            let refs = if prefix == "refs/tags/" { platform.tags() } else { platform.local_branches() };
            let refs = refs.and_then(gix::reference::iter::Iter::peeled).map_err(unreadable)?;
            let mut found = Vec::new();
            for reference in refs.flatten() {
                let Some(name) = reference.name().as_bstr().to_str().ok().and_then(|name| name.strip_prefix(prefix))
                else {
                    continue;
                };
                let Some(id) = reference.try_id() else { continue };
                if repo.find_header(id).is_ok_and(|header| header.kind() == gix::objs::Kind::Commit) {
                    found.push((name.to_owned(), CommitId(id.to_string())));
                }
            }
            found.sort();
            Ok(found)
        })
    }

    fn reference(&self, full: &str) -> Result<Option<CommitId>> {
        self.with(|repo| {
            if full.is_empty() || gix::validate::reference::name(full.into()).is_err() {
                return Ok(None);
            }
            let Ok(Some(mut reference)) = repo.try_find_reference(full) else { return Ok(None) };
            let commit = reference.peel_to_commit().map_err(|error| {
                Box::new(Diagnostic::error(&codes::PL0204, format!("{full} leads to no commit that is here: {error}")))
            })?;
            Ok(Some(CommitId(commit.id.to_string())))
        })
    }

    fn by_id(&self, name: &str) -> Result<Option<CommitId>> {
        self.with(|repo| {
            let width = repo.object_hash().len_in_hex();
            if !(4..=width).contains(&name.len()) || !name.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                return Ok(None);
            }
            // `Prefix::from_hex` guesses the kind of hash from the length, so the prefix is made of a whole id.
            let padded = format!("{name:0<width$}");
            let whole = gix::ObjectId::from_hex(padded.as_bytes()).ok();
            let Some(prefix) = whole.and_then(|id| gix::hash::Prefix::new(&id, name.len()).ok()) else {
                return Ok(None);
            };
            let mut candidates = Default::default();
            if !matches!(repo.objects.lookup_prefix(prefix, Some(&mut candidates)), Ok(Some(_))) {
                return Ok(None);
            }
            let mut commits: Vec<gix::ObjectId> = candidates
                .into_iter()
                .filter_map(|id: gix::ObjectId| {
                    id.attach(repo).object().ok()?.peel_to_commit().ok().map(|commit| commit.id)
                })
                .collect();
            commits.sort();
            commits.dedup();
            match commits.as_slice() {
                [] => Ok(None),
                [one] => Ok(Some(CommitId(one.to_string()))),
                many => Err(Box::new(
                    Diagnostic::error(&codes::PL0111, format!("'{name}' begins {} commits", many.len()))
                        .hint(many.iter().take(5).map(ToString::to_string).collect::<Vec<_>>().join(" ")),
                )),
            }
        })
    }

    fn unknown(&self, name: &str) -> Box<Diagnostic> {
        let tags: Vec<String> = self.tags().unwrap_or_default().into_iter().map(|(tag, _)| tag).collect();
        let shallow = self.with(|repo| repo.is_shallow().unwrap_or(false));
        let mut complaint = if shallow {
            Diagnostic::error(&codes::PL0201, format!("'{name}' is not in this clone, which is shallow"))
                .hint("git fetch --unshallow --tags")
                .hint("in CI: fetch-depth: 0")
        } else {
            Diagnostic::error(&codes::PL0111, format!("there is no tag, branch or commit '{name}'"))
        };
        complaint = complaint.did_you_mean(name, tags.iter().map(String::as_str));
        let near = neighbours(name, &tags);
        if !near.is_empty() {
            complaint = complaint.hint(format!("nearest tags: {}", near.join(" ")));
        }
        Box::new(complaint)
    }

    /// Whether commit `id` is here.
    pub(super) fn has_commit(&self, id: &CommitId) -> bool {
        object_id(id).is_ok_and(|id| {
            self.with(|repo| repo.find_header(id).is_ok_and(|header| header.kind() == gix::objs::Kind::Commit))
        })
    }
}

/// A step to an ancestor: which parent, and how often.
struct Step {
    parent: usize,
    times: usize,
}

/// More steps are not gone; a date names such a commit better.
const STEPS: usize = 10_000;

/// Splits `main~3^2` into `main` and its steps. `None` when there are none, or what stands there is something else.
fn steps(name: &str) -> Option<(&str, Vec<Step>)> {
    let (base, mut rest) = name.split_at(name.find(['~', '^'])?);
    let (mut steps, mut total) = (Vec::new(), 0_usize);
    while let Some(sign) = rest.chars().next() {
        let digits = rest.get(1..)?;
        let (number, tail) = digits.split_at(digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len()));
        let number: usize = if number.is_empty() { 1 } else { number.parse().ok()? };
        steps.push(match sign {
            '~' => Step { parent: 0, times: number },
            '^' => Step { parent: number.saturating_sub(1), times: number.min(1) },
            _ => return None,
        });
        total = total.saturating_add(number);
        rest = tail;
    }
    (!base.is_empty() && total <= STEPS).then_some((base, steps))
}

/// Whether a name can be a ref or an id, and is no option, range or expression.
fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 1024
        && !name.starts_with('-')
        && !name.contains("..")
        && !name.contains("@{")
        && !name.chars().any(|c| c.is_control() || c.is_whitespace() || "~^:?*[\\".contains(c))
}

/// Up to two versions below and two above the wanted one among the tags of the same form.
fn neighbours(name: &str, tags: &[String]) -> Vec<String> {
    let Some((form, wanted)) = version_of(name) else { return Vec::new() };
    let mut same: Vec<(semver::Version, &String)> = tags
        .iter()
        .filter_map(|tag| version_of(tag).filter(|(other, _)| *other == form).map(|(_, version)| (version, tag)))
        .collect();
    same.sort();
    let at = same.partition_point(|(version, _)| *version < wanted);
    same.iter().skip(at.saturating_sub(2)).take(at.min(2) + 2).map(|(_, tag)| (*tag).clone()).collect()
}

/// What stands before the version in a tag, without a `v`, and the version.
fn version_of(tag: &str) -> Option<(&str, semver::Version)> {
    let start = tag
        .match_indices(|c: char| c.is_ascii_digit())
        .map(|(at, _)| at)
        .find(|at| semver::Version::parse(tag.get(*at..).unwrap_or_default()).is_ok())?;
    let version = semver::Version::parse(tag.get(start..)?).ok()?;
    Some((tag.get(..start)?.trim_end_matches(['v', 'V']), version))
}

#[cfg(test)]
mod tests {
    use super::{is_plain, neighbours};
    use crate::adapters::git::testing::Repo;

    #[test]
    fn options_ranges_and_expressions_are_no_names() {
        for bad in ["", "-x", "--upload-pack=x", "a..b", "a\nb", "HEAD~1", "v1^{}", "a:b", "@{u}", "a b"] {
            assert!(!is_plain(bad), "{bad}");
        }
        for good in ["v1.0", "feature/x", "checkout-v1.2.3", "1.0+build", "über"] {
            assert!(is_plain(good), "{good}");
        }
    }

    #[test]
    fn steps_to_ancestors_are_those_of_git() {
        let repo = Repo::new();
        repo.commit("one");
        repo.git(&["checkout", "-q", "-b", "side"]);
        repo.commit("two");
        repo.git(&["checkout", "-q", "main"]);
        repo.commit("three");
        repo.git(&["merge", "-q", "--no-ff", "-m", "four", "side"]);
        let opened = repo.open();
        for name in ["HEAD~1", "HEAD~", "main^2", "main^2~1", "HEAD^^", "HEAD^0", "HEAD~0", "side~1", "HEAD~1^1"] {
            assert_eq!(opened.revision(name).unwrap().0, repo.git(&["rev-parse", name]), "{name}");
        }
        for bad in
            ["HEAD~3", "HEAD^3", "HEAD~99999999999999999999", "HEAD~99999", "~1", "HEAD^{}", "HEAD~x", "HEAD~1:f"]
        {
            assert_eq!(opened.revision(bad).unwrap_err().code.id, "PL0111", "{bad}");
        }
    }

    #[test]
    fn the_versions_around_the_wanted_one_are_named() {
        let tags: Vec<String> =
            ["v1.0.0", "v1.1.0", "v1.2.0", "v1.10.0", "v2.0.0", "api-v1.1.5"].map(str::to_owned).into();
        assert_eq!(neighbours("1.1.5", &tags), ["v1.0.0", "v1.1.0", "v1.2.0", "v1.10.0"]);
        assert_eq!(neighbours("v9.0.0", &tags), ["v1.10.0", "v2.0.0"]);
        assert_eq!(neighbours("api-v1.1.6", &tags), ["api-v1.1.5"]);
        assert!(neighbours("main", &tags).is_empty());
    }
}
