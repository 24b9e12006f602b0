//! The cache: clones are complete, follow the other side, and failures have their code.
use crate::adapters::git::testing::Repo;
use crate::adapters::git::{ASKPASS_HOST, ASKPASS_TOKEN, Cache, FetchOptions, answer_askpass};
use crate::model::Secret;
use std::cell::RefCell;
use std::path::PathBuf;

#[test]
fn a_clone_follows_its_repository() {
    let repo = Repo::new();
    repo.write("f", "1");
    let one = repo.commit("one");
    repo.git(&["tag", "v1"]);
    repo.git(&["branch", "gone"]);
    let root = tempfile::tempdir().unwrap();
    let cache = Cache::new(root.path().to_owned());
    let url = repo.path().display().to_string();
    assert!(cache.open(&url).unwrap().is_none() && cache.fetched_at(&url).is_none());
    let said = RefCell::new(0);
    let fetched = cache.fetch(&url, &FetchOptions::default(), &|_| *said.borrow_mut() += 1).unwrap();
    assert!(fetched.created && fetched.path.starts_with(root.path().join("repos/local")));
    assert!(cache.fetched_at(&url).is_some() && *said.borrow() > 0);
    let config = std::fs::read_to_string(fetched.path.join("config")).unwrap();
    assert!(!config.contains("remote") && !fetched.path.join("hooks").exists());
    assert!(fetched.path.join("objects/info/commit-graph").is_file());
    assert_eq!(cache.open(&url).unwrap().unwrap().resolve("v1").unwrap(), one);
    repo.write("f", "2");
    let two = repo.commit("two");
    repo.git(&["tag", "-f", "v1"]);
    repo.git(&["branch", "-D", "gone"]);
    let again = cache.fetch(&url, &FetchOptions::default(), &|_| ()).unwrap();
    assert!(!again.created);
    let opened = cache.open(&url).unwrap().unwrap();
    assert_eq!(opened.resolve("v1").unwrap(), two);
    assert_eq!(opened.branches().unwrap().into_iter().map(|(name, _)| name).collect::<Vec<_>>(), ["main"]);
    // The other side renames its branch: HEAD of the clone follows.
    repo.git(&["branch", "-m", "main", "trunk"]);
    cache.fetch(&url, &FetchOptions::default(), &|_| ()).unwrap();
    let head = cache.open(&url).unwrap().unwrap().head().unwrap().unwrap();
    assert_eq!((head.commit, head.branch.as_deref()), (two, Some("trunk")));
    let left: Vec<_> =
        std::fs::read_dir(fetched.path.parent().unwrap()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

#[test]
fn failures_have_their_code_and_leave_nothing() {
    let root = tempfile::tempdir().unwrap();
    let cache = Cache::new(root.path().to_owned());
    let none = root.path().join("nothing").display().to_string();
    let fetch = |url: &str, options: &FetchOptions| cache.fetch(url, options, &|_| ()).unwrap_err();
    let failed = fetch(&none, &FetchOptions::default());
    assert_eq!(failed.code.id, "PL0207");
    assert!(failed.notes.iter().any(|note| note.contains("fatal")), "{:?}", failed.notes);
    assert!(!cache.path(&none).exists());
    assert_eq!(fetch("ext::sh -c touch% /tmp/x", &FetchOptions::default()).code.id, "PL0209");
    let no_git = FetchOptions { git: Some(PathBuf::from("/no/git")), ..FetchOptions::default() };
    assert_eq!(fetch(&none, &no_git).code.id, "PL0218");
}

#[test]
fn a_token_goes_to_the_child_alone_and_never_onto_the_command_line() {
    let root = tempfile::tempdir().unwrap();
    let told = root.path().join("told");
    let script = format!(
        "#!/bin/sh\necho \"$@|$PILAB_ASKPASS_TOKEN|$PILAB_ASKPASS_HOST|$GIT_ASKPASS|$GIT_TERMINAL_PROMPT|$GIT_DIR\" > {}\necho 'fatal: Authentication failed for https://u:hunter2@h.example/x' >&2\nexit 128\n",
        told.display()
    );
    let git = root.path().join("git");
    std::fs::write(&git, script).unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(&git, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let options =
        FetchOptions { git: Some(git), askpass: Some(PathBuf::from("/pilab")), token: Some(Secret::new("t0ken")) };
    let cache = Cache::new(root.path().join("cache"));
    let error = cache.fetch("https://h.example/x", &options, &|_| ()).unwrap_err();
    assert_eq!(error.code.id, "PL0208");
    assert!(!format!("{error:?}").contains("hunter2"));
    let told = std::fs::read_to_string(told).unwrap();
    assert_eq!(told.matches("t0ken").count(), 1);
    assert!(told.trim_end().ends_with("|t0ken|h.example|/pilab|0|"), "{told}");
}

/// The questions are those that git really asks: it runs our stand-in for its own helper, which writes them down.
#[cfg(unix)]
#[test]
fn the_questions_of_git_are_answered() {
    use std::io::Write;
    let root = tempfile::tempdir().unwrap();
    let (script, asked) = (root.path().join("askpass"), root.path().join("asked"));
    std::fs::write(&script, format!("#!/bin/sh\nprintf '%s\\n' \"$1\" >> {}\necho x\n", asked.display())).unwrap();
    std::fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let mut git = std::process::Command::new("git")
        .args(["-c", "credential.helper=", "credential", "fill"])
        .env("GIT_ASKPASS", &script)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .current_dir(root.path())
        .spawn()
        .unwrap();
    git.stdin.take().unwrap().write_all(b"protocol=https\nhost=git.example:8443\n\n").unwrap();
    assert!(git.wait().unwrap().success());
    let environment = [(ASKPASS_TOKEN, "t0ken"), (ASKPASS_HOST, "git.example:8443")];
    let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let asked = std::fs::read_to_string(asked).unwrap();
    let answers: Vec<String> = asked.lines().filter_map(|prompt| answer_askpass(prompt, &environment)).collect();
    assert_eq!(answers, ["x-access-token", "t0ken"], "{asked}");
}
