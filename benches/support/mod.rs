//! Repositories to measure on, made of numbers: always the same ones.
use pilab::adapters::git::write::{Commit, Tag, write_repository};
use pilab::model::Person;
use std::path::Path;

/// A minute; commits are one apart.
const STEP: i64 = 60;

/// The first commit's time: 1 January 2026.
const START: i64 = 1_767_225_600;

/// Environments of the large config repository, along the path.
const ENVIRONMENTS: [&str; 6] = ["dev", "test", "qa", "staging", "prod", "dr"];

fn commit(at: usize, message: String, files: Vec<(String, String)>) -> Commit {
    let at_seconds = i64::try_from(at).unwrap_or_default() * STEP + START;
    let person = format!("Person {}", at % 17);
    Commit {
        message,
        author: Person { email: format!("p{}@example.com", at % 17), name: person },
        time: at_seconds,
        parents: at.checked_sub(1).into_iter().collect(),
        files: files.into_iter().map(|(path, content)| (path, Some(content))).collect(),
        branches: Vec::new(),
        tags: Vec::new(),
    }
}

/// How large a config repository is.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    /// Modules `m0`, `m1`, …
    pub(crate) modules: usize,
    /// How many of `ENVIRONMENTS`.
    pub(crate) environments: usize,
    /// Code repositories; the modules are spread over them.
    pub(crate) repositories: usize,
    /// Commits of each code repository.
    pub(crate) commits: usize,
    /// How often each cell is deployed.
    pub(crate) deployments: usize,
}

impl Shape {
    fn environments(&self) -> &'static [&'static str] {
        ENVIRONMENTS.get(..self.environments).unwrap_or(&ENVIRONMENTS)
    }
}

/// A config repository at `dir/config`, and its code repositories `dir/code0.git`, … with a tag per version.
pub(crate) fn config_repository(dir: &Path, shape: Shape) {
    let mut commits = vec![commit(0, "Define everything".to_owned(), definitions(shape))];
    for round in 0..shape.deployments {
        for module in 0..shape.modules {
            for (behind, env) in shape.environments().iter().enumerate() {
                let version = format!("1.{}.0", round.saturating_sub(behind / 2));
                let subject = format!("deploy m{module} {version} to {env}");
                let cell = format!(
                    "apiVersion: pilab.dev/v1\nkind: Deployment\nmodule: m{module}\nenvironment: {env}\n\
                     version: \"{version}\"\nby: \"round {round}\"\nsource: recorded\n"
                );
                commits.push(commit(commits.len(), subject, vec![(format!("manifest/{env}/m{module}.yaml"), cell)]));
            }
        }
    }
    close(&mut commits);
    write_repository(&dir.join("config"), false, &commits).expect("the config repository is written");
    let versions: Vec<usize> = (0..shape.deployments).collect();
    for repository in 0..shape.repositories {
        code_repository(&dir.join(format!("code{repository}.git")), shape.modules, shape.commits, &versions);
    }
}

fn definitions(shape: Shape) -> Vec<(String, String)> {
    let head = "apiVersion: pilab.dev/v1\nkind:";
    let order = shape.environments().join(", ");
    let repos: String =
        (0..shape.repositories).map(|at| format!("    code{at}: {{ url: ../code{at}.git }}\n")).collect();
    let project = format!(
        "{head} Project\nmetadata: {{ name: large }}\nspec:\n  repos:\n{repos}  \
         promotion: {{ order: [{order}] }}\n  defaults:\n    module:\n      \
         refTemplate: \"v{{{{ version }}}}\"\n      env: [{{ type: dotenv, files: [\"m/{{{{ module.name }}}}/.env\"] }}]\n"
    );
    let mut files = vec![("project.yaml".to_owned(), project)];
    for env in shape.environments() {
        let mirrors = if *env == "dr" { "\n  mirrors: prod" } else { "" };
        let text = format!("{head} Environment\nmetadata: {{ name: {env} }}\nspec:\n  tier: {env}{mirrors}\n");
        files.push((format!("environments/{env}.yaml"), text));
    }
    for module in 0..shape.modules {
        let repository = module % shape.repositories.max(1);
        let text = format!(
            "{head} Module\nmetadata: {{ name: m{module} }}\n\
             spec:\n  kind: service\n  repo: code{repository}\n  path: m/m{module}\n"
        );
        files.push((format!("modules/m{module}.yaml"), text));
    }
    files
}

/// A bare repository of one line of `count` commits over `modules` folders; `v1.N.0` for every `N` of `versions`,
/// spread evenly.
pub(crate) fn code_repository(dir: &Path, modules: usize, count: usize, versions: &[usize]) {
    let env = |module: usize| (format!("m/m{module}/.env"), format!("PORT={}\nNAME=m{module}\n", 8000 + module));
    let mut commits = vec![commit(0, "chore: begin".to_owned(), (0..modules).map(env).collect())];
    for at in 1..count.max(versions.len() + 1) {
        let (module, file) = (at % modules.max(1), at % 41);
        let subject =
            format!("{}(m{module}): change {at} (#{at})\n\nABC-{at}", if at % 3 == 0 { "fix" } else { "feat" });
        commits.push(commit(at, subject, vec![(format!("m/m{module}/src/f{file}.rs"), format!("// {at}\n"))]));
    }
    let step = commits.len() / versions.len().max(1);
    for (index, version) in versions.iter().enumerate() {
        if let Some(tagged) = commits.get_mut((index + 1) * step - 1) {
            tagged.tags.push(Tag { name: format!("v1.{version}.0"), message: Some(format!("1.{version}.0")) });
        }
    }
    close(&mut commits);
    write_repository(dir, true, &commits).expect("the code repository is written");
}

fn close(commits: &mut [Commit]) {
    if let Some(last) = commits.last_mut() {
        last.branches.push("main".to_owned());
    }
}
