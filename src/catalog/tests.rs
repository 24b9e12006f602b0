//! What loading promises: every mistake has its code, place and way out; what is right becomes the catalog.
use super::{Catalog, KINDS, load, schema};
use crate::model::config::VersionScheme;
use crate::model::{Diagnostic, Level, Mode};
use crate::tree::MemTree;
use proptest::prelude::*;

const PROJECT: &str = "apiVersion: pilab.dev/v1\nkind: Project\nmetadata: { name: shop }\nspec:\n  repos:\n    code: { url: ../code }\n  promotion: { order: [dev, prod] }\n";
const ENVIRONMENTS: &str = "apiVersion: pilab.dev/v1\nkind: Environment\nmetadata: { name: dev }\nspec: { tier: dev }\n---\napiVersion: pilab.dev/v1\nkind: Environment\nmetadata: { name: prod }\nspec: { tier: prod }\n---\napiVersion: pilab.dev/v1\nkind: Environment\nmetadata: { name: dr }\nspec: { tier: dr, mirrors: prod }\n";
const MODULES: &str = "apiVersion: pilab.dev/v1\nkind: Module\nmetadata: { name: cart }\nspec: { kind: service, path: src/cart }\n---\napiVersion: pilab.dev/v1\nkind: Module\nmetadata: { name: payment }\nspec: { kind: service }\n";

fn tree(files: &[(&str, &str)]) -> MemTree {
    let mut tree = MemTree::of([
        ("project.yaml", PROJECT),
        ("environments/all.yaml", ENVIRONMENTS),
        ("modules/all.yaml", MODULES),
    ]);
    for (path, text) in files {
        tree.insert(*path, *text);
    }
    tree
}

fn loaded(files: &[(&str, &str)]) -> (Catalog, Vec<Diagnostic>) {
    let (catalog, problems) = load(&tree(files));
    (catalog.unwrap(), problems)
}

/// The problems as `CODE line:column hint`, and that no secret shows.
fn told(path: &str, text: &str) -> Vec<String> {
    let (_, problems) = load(&tree(&[(path, text)]));
    for problem in &problems {
        assert!(!format!("{problem:?}").contains("hunter2"), "{problem:#?}");
    }
    let line = |problem: &Diagnostic| {
        let place = problem.place.as_ref().map_or_else(String::new, |place| format!("{}:{}", place.line, place.column));
        let level = if problem.level == Level::Warning { "?" } else { "" };
        format!("{}{level} {place} {}", problem.code.id, problem.hints.join("; ")).trim().to_owned()
    };
    problems.iter().map(line).collect()
}

/// The difference to what was expected, so that one run shows all that are wrong.
fn differs(path: &str, text: &str, expected: &[&str]) -> Option<String> {
    let found = told(path, text);
    (found != expected).then(|| format!("{text}  expected {expected:?}\n  found    {found:?}\n"))
}

fn document(kind: &str, rest: &str) -> String {
    format!("apiVersion: pilab.dev/v1\nkind: {kind}\n{rest}")
}

fn module(rest: &str) -> String {
    document("Module", rest)
}

fn environment(rest: &str) -> String {
    document("Environment", &format!("metadata: {{ name: x }}\nspec:\n  tier: qa\n  mirrors: prod\n{rest}"))
}

#[test]
fn a_clean_repository_loads_without_a_word() {
    let (catalog, problems) = loaded(&[
        ("manifest/prod/cart.yaml", &document("Deployment", "module: cart\nenvironment: prod\nversion: 1.10\n")),
        ("notes/ignored.yaml", "what: ever"),
    ]);
    assert_eq!(problems, []);
    assert_eq!(catalog.environment_names(), ["dev", "prod", "dr"]);
    assert_eq!(catalog.cell("cart", "prod").unwrap().version, "1.10");
    assert_eq!(catalog.repo("cart").map(|(name, repo)| (name, repo.url.as_str())), Some(("code", "../code")));
    assert_eq!(catalog.scheme("cart"), VersionScheme::Semver);
    let pairs: Vec<_> = catalog.pairs().into_iter().map(|pair| (pair.from, pair.to, pair.mode)).collect();
    assert_eq!(pairs, [("dev".into(), "prod".into(), Mode::Promote), ("prod".into(), "dr".into(), Mode::Mirror)]);
    let place = &catalog.modules["payment"].place;
    assert_eq!((place.file.as_str(), place.line, place.text.as_str()), ("modules/all.yaml", 7, "kind: Module"));
}

#[test]
fn mistakes_of_a_document_are_told_one_by_one() {
    let mut wrong = Vec::new();
    for (text, expected) in [
        ("a: [1\n".to_owned(), vec!["PL0001 1:4"]),
        ("a: 1\n\tb: 2\n".to_owned(), vec!["PL0001 1:4 indent with spaces; YAML takes no tabs"]),
        (module("metadata: { name: x }\nkind: Module\nspec: { kind: job }\n"), vec!["PL0002 4:1"]),
        (module("metadata: { name: x }\nspec: { kind: job, <<: 3 }\n"), vec!["PL0004 4:24"]),
        (module("metadata: { name: x }\nspec: { kind: job, path: *nope }\n"), vec!["PL0005 4:26"]),
        (
            "kind: Module\nmetadata: { name: x }\nspec: { kind: job }\n".to_owned(),
            vec!["PL0011 1:1 write apiVersion: pilab.dev/v1"],
        ),
        (
            "apiVersion: v1\nkind: ConfigMap\n".to_owned(),
            vec![
                "PL0010 1:13 write apiVersion: pilab.dev/v1",
                "PL0010 2:7 kinds: Project Module Environment Deployment Policy Baseline Snapshot Source Release Integration Tenant",
            ],
        ),
        ("apiVersion: pilab.dev/v1\nkind: module\n".to_owned(), vec!["PL0010 2:7 did you mean 'Module'?"]),
        ("apiVersion: pilab.dev/v1\nkind: Env\n".to_owned(), vec!["PL0010 2:7 did you mean 'Environment'?"]),
        ("- a\n".to_owned(), vec!["PL0010 1:1"]),
        (module("metadata: { name: x }\n"), vec!["PL0011 1:1"]),
        (
            module("metadata: { title: x }\nspec: { path: a }\n"),
            vec!["PL0011 3:1", "PL0011 4:1 choices: service library database chart infra job frontend other"],
        ),
        (
            module("metadata: { name: x }\nspec: { kind: job, depends_on: [cart] }\n"),
            vec!["PL0012 4:20 did you mean 'dependsOn'?"],
        ),
        (module("metadata: { name: x }\nspec: { kind: job, patth: a }\n"), vec!["PL0012 4:20 did you mean 'path'?"]),
        (
            module("metadata: { name: x }\npath: a\nspec: { kind: job }\n"),
            vec!["PL0012 4:1 'path' belongs under 'spec:'"],
        ),
        (
            module("metadata: { name: x }\nspec: { kind: job, owner: a }\n"),
            vec!["PL0012 4:20 'owner' belongs under 'metadata:'"],
        ),
        (
            module("metadata: { name: x }\nspec: { kind: Service }\n"),
            vec![
                "PL0013 4:15 did you mean 'service'?; choices: service library database chart infra job frontend other",
            ],
        ),
        (
            module("metadata: { name: x }\nspec: { kind: job, dependsOn: cart }\n"),
            vec!["PL0013 4:31 write it as a list: dependsOn: [cart]"],
        ),
        (module("metadata: { name: x }\nspec: { kind: job, path: [a] }\n"), vec!["PL0013 4:26"]),
        (module("metadata: { name: My Cart }\nspec: { kind: job }\n"), vec!["PL0014 3:19 did you mean 'my-cart'?"]),
    ] {
        wrong.extend(differs("modules/x.yaml", &text, &expected));
    }
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

#[test]
fn names_patterns_and_values_are_told_one_by_one() {
    let mut wrong = Vec::new();
    for (text, expected) in [
        (
            module("metadata: { name: x }\nspec: { kind: job, dependsOn: [crat], repo: cod }\n"),
            vec!["PL0017 4:32 did you mean 'cart'?", "PL0017 4:45 did you mean 'code'?"],
        ),
        (module("metadata: { name: cart }\nspec: { kind: job }\n"), vec!["PL0016 3:19"]),
        (
            module("metadata: { name: x }\nspec: { kind: job, refTemplate: 'v{{ vesion }}' }\n"),
            vec!["PL0019 4:33 did you mean 'version'?"],
        ),
        (
            module("metadata: { name: x }\nspec: { kind: job, refTemplate: 'v{version}' }\n"),
            vec!["PL0019 4:33 write \"v{{ version }}\""],
        ),
        (module("metadata: { name: x }\nspec: { kind: job, refTemplate: 'v{{ version' }\n"), vec!["PL0019 4:33"]),
        (module("metadata: { name: x }\nspec: { kind: job, versions: { tagPattern: 'v(' } }\n"), vec!["PL0020 4:44"]),
        (module("metadata: { name: x }\nspec: { kind: job, paths: ['a/[b'] }\n"), vec!["PL0020 4:28"]),
        (
            module(
                "metadata: { name: x }\nspec: { kind: job, env: [{ type: dotenv, files: ['{{ env.name }}/[.env?'] }] }\n",
            ),
            vec!["PL0020 4:50"],
        ),
        (
            module("metadata: { name: x }\nspec: { kind: job, env: [{ type: dotnev }] }\n"),
            vec![
                "PL0013 4:34 did you mean 'dotenv'?; choices: dotenv compose manifests rendered-manifests configmap helm-values kustomize k8s-live sops sealed-secret external-secret spring appsettings github-environment gitlab-variables doppler infisical tfvars json toml ini",
            ],
        ),
        (environment("  maxLag: 30 days\n"), vec!["PL0025 7:11 write P30D"]),
        (
            environment("  freeze: [{ name: f, kind: deny, from: 1.12.2026 }]\n"),
            vec!["PL0025 7:41 write 2026-11-25 or 2026-11-25T12:00:00Z"],
        ),
        (
            environment("  health: [{ url: a, expect: 99999 }, { url: b, expect: ok }]\n"),
            vec!["PL0013 7:30", "PL0013 7:57"],
        ),
        (environment("  modules: { crat: {} }\n"), vec!["PL0017 7:14 did you mean 'cart'?"]),
    ] {
        wrong.extend(differs("modules/x.yaml", &text, &expected));
    }
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

const KEEP: &str = "keep it elsewhere and write a reference under secrets: NAME: { ref: \"vault://…\" }";

#[test]
fn secrets_as_values_are_refused_and_never_shown() {
    let mut wrong = Vec::new();
    for (rest, expected) in [
        ("  secrets: { X: { value: hunter2 } }\n", format!("PL0015 7:26 {KEEP}")),
        ("  secrets: { X: hunter2 }\n", format!("PL0015 7:17 {KEEP}")),
        ("  modules: { cart: { secrets: { X: hunter2 } } }\n", format!("PL0015 7:36 {KEEP}")),
        ("  variables: { DB_PASSWORD: hunter2 }\n", format!("PL0015? 7:29 {KEEP}")),
        ("  variables: { URL: 'postgres://u:hunter2@db/x' }\n", format!("PL0015 7:21 {KEEP}")),
        ("  variables: { A: ghp_hunter2hunter2hunter2hunter2hunter2 }\n", format!("PL0015 7:19 {KEEP}")),
        ("  variables: { A: AKIAIOSFODNN7EXAMPLE }\n", format!("PL0015 7:19 {KEEP}")),
        ("  variables: { A: 'eyJhbGciOiJI.eyJzdWIiOiIx.SflKxwRJSMeK' }\n", format!("PL0015 7:19 {KEEP}")),
        (
            "  variables:\n    K: |\n      -----BEGIN RSA PRIVATE KEY-----\n      hunter2\n",
            format!("PL0015 9:7 {KEEP}"),
        ),
        (
            "  secrets: { X: { digest: hunter2 } }\n",
            "PL0013 7:27 it must match ^hmac-sha256:[A-Za-z0-9._-]+:[A-Za-z0-9_-]{22,}$".to_owned(),
        ),
        (
            "  secrets: { X: 'vault://kv/x' }\n",
            "PL0013 7:17 write it as a reference: X: { ref: \"vault://kv/x\" }".to_owned(),
        ),
        ("  variables: { PASSWORD: 'hunter2\n", "PL0001 7:26".to_owned()),
    ] {
        wrong.extend(differs("environments/x.yaml", &environment(rest), &[&expected]));
    }
    assert!(wrong.is_empty(), "{}", wrong.concat());
    for fine in ["TOKEN_TTL: 3600", "API_KEY: ''", "PASSWORD: '${PW}'", "SECRET_NAME: a", "TOKEN: 'vault://kv/x'"] {
        assert!(
            told("environments/x.yaml", &environment(&format!("  variables: {{ {fine} }}\n"))).is_empty(),
            "{fine}"
        );
    }
    let jira = document("Integration", "metadata: { name: j }\nspec: { type: jira, token: hunter2 }\n");
    assert_eq!(told("integrations/j.yaml", &jira), [format!("PL0015 4:28 {KEEP}")]);
    let (_, problems) = load(&tree(&[("environments/x.yaml", &environment("  secrets: { X: { value: hunter2 } }\n"))]));
    assert_eq!(problems[0].place.as_ref().unwrap().text, "  secrets: { X: { value: *** } }");
}

fn cell(module: &str, env: &str) -> String {
    document("Deployment", &format!("module: {module}\nenvironment: {env}\nversion: '1'\n"))
}

fn policy(when: &str) -> String {
    let rules = format!("    - {{ id: a, when: \"{when}\", reason: b }}\n");
    document("Policy", &format!("metadata: {{ name: p }}\nspec:\n  rules:\n{rules}"))
}

#[test]
fn documents_are_held_against_each_other() {
    let mut wrong = Vec::new();
    for (path, text, expected) in [
        (
            "manifest/prod/cart.yaml",
            cell("payment", "prod"),
            vec!["PL0024 3:9 write module: cart, or move it to manifest/prod/payment.yaml"],
        ),
        (
            "manifest/dev/cart.yaml",
            cell("cart", "prod"),
            vec!["PL0024 4:14 write environment: dev, or move it to manifest/prod/cart.yaml"],
        ),
        ("manifest/stagin/cart.yaml", cell("cart", "stagin"), vec!["PL0017 4:14 defined: dev dr prod"]),
        ("policies/p.yaml", policy("findng.rule == 'X'"), vec!["PL0019 6:22 did you mean 'finding'?"]),
        ("policies/p.yaml", policy("finding.key.endswith('X')"), vec!["PL0019 6:22 write: … is endingwith('…')"]),
        ("policies/p.yaml", policy("finding.a && env.b"), vec!["PL0019 6:22 write 'and' instead of '&&'"]),
        (
            "policies/p.yaml",
            document("Policy", "metadata: { name: p }\nspec: { gates: { promote: [{ to: [prd] }] } }\n"),
            vec!["PL0017 4:35 did you mean 'prod'?"],
        ),
        (
            "baselines/b.yaml",
            document(
                "Baseline",
                "metadata: { name: b }\nspec: { pair: { from: dev, to: prdo }, accepted: [{ fingerprint: 'v1:x', reason: r, by: me, until: soon }] }\n",
            ),
            vec!["PL0017 4:32 did you mean 'prod'?", "PL0025 4:100 write 2026-11-25 or 2026-11-25T12:00:00Z"],
        ),
        (
            "snapshots/s.yaml",
            document(
                "Snapshot",
                "metadata: { name: s }\nspec: { environment: prod, at: 2026-01-01, modules: { car: '1' } }\n",
            ),
            vec!["PL0017 4:55 did you mean 'cart'?"],
        ),
        (
            "releases/r.yaml",
            document(
                "Release",
                "metadata: { name: r }\nspec: { target: prod, from: { snapshot: s }, to: { environment: dev }, order: [cart, '*'] }\n",
            ),
            vec!["PL0017 4:41 no snapshot is defined at all"],
        ),
        (
            "environments/z.yaml",
            document("Environment", "metadata: { name: z }\nspec: { tier: qa }\n"),
            vec!["PL0027? 3:19 put it into promotion.order, or name what it mirrors"],
        ),
        (
            "environments/z.yaml",
            document("Environment", "metadata: { name: z }\nspec: { tier: qa, mirrors: z }\n"),
            vec!["PL0018 4:28"],
        ),
        ("pilab.yaml", PROJECT.to_owned(), vec!["PL0016 3:19"]),
        (
            "sources/s.yaml",
            document("Source", "metadata: { name: s }\nspec: { type: argocd, authority: observed, match: '(?=a)' }\n"),
            vec!["PL0020 4:51 look-around does not exist here; name a group, (?P<key>…), and match around it"],
        ),
    ] {
        wrong.extend(differs(path, &text, &expected));
    }
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

#[test]
fn documents_are_held_against_what_they_name() {
    for (path, text, expected) in [
        (
            "environments/z.yaml",
            document(
                "Environment",
                "metadata: { name: z }\nspec: { tier: qa, mirrors: prod, instances: [eu], secrets: { X: {} } }\n",
            ),
            "PL0011 4:62",
        ),
        (
            "releases/r.yaml",
            document("Release", "metadata: { name: r }\nspec: { target: prod, from: {}, to: { environment: dev } }\n"),
            "PL0013 4:23 choices: environment snapshot manifest",
        ),
        (
            "policies/p.yaml",
            document(
                "Policy",
                "metadata: { name: p }\nspec: { gates: { promote: [{ to: [prod], requireVerified: [coed] }] } }\n",
            ),
            "PL0013 4:60 did you mean 'code'?; choices: versions code env helm schema terraform",
        ),
    ] {
        assert_eq!(told(path, &text), [expected], "{text}");
    }
    for (nots, expected) in [(490, None), (30_000, Some("PL0019 6:22".to_owned()))] {
        assert_eq!(told("policies/p.yaml", &policy(&format!("{}finding", "not ".repeat(nots)))).pop(), expected);
    }
    let instanced = ENVIRONMENTS.replace("tier: prod }", "tier: prod, instances: [eu, us] }");
    let uk =
        document("Deployment", "module: cart\nenvironment: prod\nversion: '1'\ninstances: { uk: { version: '2' } }\n");
    let (_, problems) = load(&tree(&[("environments/all.yaml", &instanced), ("manifest/prod/cart.yaml", &uk)]));
    assert_eq!(problems[0].code.id, "PL0017");
    assert_eq!(problems[0].hints, ["did you mean 'us'?", "instances: eu us"]);
    let twice = PROJECT.replace("[dev, prod]", "[dev, prod, dev]");
    assert_eq!(told("project.yaml", &twice), ["PL0018 7:35"]);
    let back = ENVIRONMENTS.replace("tier: dev }", "tier: dev, promotesFrom: [prod] }");
    assert_eq!(told("environments/all.yaml", &back), ["PL0018 4:34"]);
    let (_, problems) =
        load(&tree(&[("modules/z.yaml", &document("Module", "metadata: { name: cart }\nspec: { kind: job }\n"))]));
    assert_eq!(problems[0].notes, ["the first is in modules/all.yaml:3:19"]);
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_there() {
    let mut files = tree(&[(
        "modules/bad.yaml",
        "apiVersion: pilab.dev/v1\nkind: Module\nmetadata: { name: x }\nspec: { kind: no }\n---\napiVersion: pilab.dev/v1\nkind: Module\nmetadata: { name: y }\nspec: { kind: job }\n",
    )]);
    files.insert("modules/bytes.yaml", vec![0xff, 0xfe]);
    let (catalog, problems) = load(&files);
    let modules: Vec<String> = catalog.unwrap().modules.into_keys().collect();
    assert_eq!(modules, ["cart", "payment", "y"]);
    let codes: Vec<&str> = problems.iter().map(|problem| problem.code.id).collect();
    assert_eq!(codes, ["PL0013", "PL0021"]);
    let (none, problems) = load(&MemTree::default());
    assert!(none.is_none());
    assert_eq!(problems[0].code.id, "PL0023");
}

#[test]
fn acceptances_are_found_and_end_with_their_day() {
    let text = document(
        "Baseline",
        "metadata: { name: b }\nspec:\n  pair: { from: dev, to: prod }\n  accepted:\n    - fingerprint: 'v1:a'\n      reason: r\n      by: me\n      until: 2026-11-24\n    - { fingerprint: 'v1:b', reason: r, by: me, until: 2026-11-25 }\n",
    );
    let (catalog, problems) = loaded(&[("baselines/b.yaml", &text)]);
    assert_eq!(problems, []);
    let entries: Vec<_> =
        catalog.accepted.iter().map(|entry| (entry.index, entry.place.line, entry.place.column)).collect();
    assert_eq!(entries, [(0, 7, 7), (1, 11, 9)]);
    let now = "2026-11-25T12:00:00Z".parse().unwrap();
    let ended: Vec<_> = catalog.expired(now).iter().map(|one| one.message.clone()).collect();
    assert_eq!(ended, ["the acceptance of v1:a ended on 2026-11-24"]);
}

#[test]
fn values_without_quotes_are_taken_as_written() {
    let text = document(
        "Environment",
        "metadata: { name: x, labels: { on: yes, v: 1.10 } }\nspec:\n  tier: qa\n  mirrors: prod\n  tokens:\n  variables: { A: 1.10, B: true, C: yes, D: 0777, E: 8080, F: , G: ~ }\n",
    );
    let (catalog, problems) = loaded(&[("environments/x.yaml", &text)]);
    assert_eq!(problems, []);
    let env = catalog.environment("x").unwrap();
    let values: Vec<String> = env.spec.variables.values().map(|value| value.text()).collect();
    assert_eq!(values, ["1.10", "true", "yes", "0777", "8080", "", ""]);
    let labels: Vec<_> = env.metadata.labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
    assert_eq!(labels, ["on=yes", "v=1.10"]);
}

#[test]
fn every_kind_has_a_schema_that_takes_what_we_take() {
    for kind in KINDS {
        let schema = schema(&kind.to_lowercase()).unwrap();
        jsonschema::validator_for(&schema).unwrap();
        assert_eq!(schema["title"], **kind);
    }
    let config = jsonschema::validator_for(&schema("config").unwrap()).unwrap();
    let of = |text: &str| crate::engines::yaml::parse(text, &crate::engines::yaml::Limits::default()).0[0].to_json();
    assert!(config.is_valid(&of(PROJECT)));
    assert!(config.is_valid(&of(MODULES)));
    assert!(!config.is_valid(&of(&PROJECT.replace("repos:", "repo:"))));
    assert!(schema("nothing").is_none());
}

fn large(modules: usize) -> MemTree {
    let mut tree = MemTree::of([("project.yaml", PROJECT), ("environments/all.yaml", ENVIRONMENTS)]);
    for module in 0..modules {
        tree.insert(
            format!("modules/m{module}.yaml"),
            document(
                "Module",
                &format!("metadata: {{ name: m{module} }}\nspec: {{ kind: service, path: src/m{module} }}\n"),
            ),
        );
        for env in ["dev", "prod", "dr"] {
            let cell = format!("module: m{module}\nenvironment: {env}\nversion: 1.{module}.0\nsource: recorded\n");
            tree.insert(format!("manifest/{env}/m{module}.yaml"), document("Deployment", &cell));
        }
    }
    tree
}

#[test]
fn many_cells_load() {
    let (catalog, problems) = load(&large(100));
    assert_eq!(problems, []);
    assert_eq!(catalog.unwrap().cells.len(), 300);
}

proptest! {
    #[test]
    fn no_document_makes_loading_panic(lines in proptest::collection::vec(
        (0usize..4, "(kind|spec|metadata|name|tier|mirrors|secrets|variables|freeze|modules|value|when|[a-z<&*]{1,3})",
         "(: |:|: &a |: \\*a |: \\[|: \\{|: - )", "[-a-z0-9:/{}\\[\\]'\"*&!.{% é]{0,12}"), 0..12))
    {
        let body: String = lines.iter().map(|(indent, key, sep, value)| format!("{}{key}{sep}{value}\n", "  ".repeat(*indent))).collect();
        for kind in KINDS {
            let (_, problems) = load(&tree(&[("modules/x.yaml", &document(kind, &body)), ("tenants/y.yml", &body)]));
            for place in problems.iter().filter_map(|problem| problem.place.as_ref()) {
                prop_assert!(place.line > 0 && place.column > 0 && place.width > 0);
            }
        }
    }
}
