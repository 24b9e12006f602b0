//! Any `when` expression and `refTemplate`: applied to findings in bounded time, refused with a code, never a panic.
#![no_main]
use libfuzzer_sys::fuzz_target;
use pilab::drift::helm::{NoCharts, Renders};
use pilab::drift::{Acceptances, Comparison, Judge, Policies, Side, compare, resolve_ref};
use pilab::engines::yaml::quote;
use pilab::model::{Diagnostic, Mode, Pair, codes};
use pilab::tree::MemTree;

const REPOSITORY: &str = r#"
apiVersion: pilab.dev/v1
kind: Project
metadata: { name: shop }
spec: { promotion: { order: [staging, prod] } }
---
apiVersion: pilab.dev/v1
kind: Environment
metadata: { name: staging }
spec: { tier: staging, tokens: { host: staging.shop.example } }
---
apiVersion: pilab.dev/v1
kind: Environment
metadata: { name: prod }
spec: { tier: prod, tokens: { host: shop.example } }
"#;

fuzz_target!(|input: (&str, &str, &str)| {
    let (when, template, path) = input;
    let more = format!(
        "---\napiVersion: pilab.dev/v1\nkind: Module\nmetadata: {{ name: cart }}\nspec: {{ kind: service, refTemplate: {} }}\n\
         ---\napiVersion: pilab.dev/v1\nkind: Policy\nmetadata: {{ name: p }}\nspec:\n  rules:\n    - {{ id: R1, when: {}, add: 1.5, reason: r }}\n  ignore:\n    - {{ path: {}, reason: r }}\n\
         ---\napiVersion: pilab.dev/v1\nkind: Deployment\nmodule: cart\nenvironment: staging\nversion: 1.2.0\n\
         ---\napiVersion: pilab.dev/v1\nkind: Deployment\nmodule: cart\nenvironment: prod\nversion: 1.3.0\n",
        quote(template),
        quote(when),
        quote(path),
    );
    let tree = MemTree::of([("pilab.yaml", (REPOSITORY.to_owned() + &more).as_str())]);
    let (Some(catalog), _) = pilab::catalog::load(&tree) else { return };
    let (policies, _) = Policies::compile(&catalog);
    let Some(module) = catalog.modules.get("cart").map(|module| &module.value) else { return };
    let _ = resolve_ref(&catalog, module, "1.2.0");

    let now = "2026-11-25T12:00:00Z".parse().expect("a moment");
    let missing = Diagnostic::error(&codes::PL0203, "nothing is recorded");
    let pair = Pair { from: "staging".to_owned(), to: "prod".to_owned(), mode: Mode::Promote };
    let side = |name: &'static str| {
        let deployment = catalog.cell("cart", name);
        Side {
            name,
            environment: catalog.environment(name).ok(),
            deployment,
            version: deployment.map(|cell| cell.version.as_str()),
            commit: None,
            tree: Err(&missing),
            history: None,
        }
    };
    let renders = Renders::new(std::sync::Arc::new(NoCharts));
    let comparison = Comparison {
        catalog: &catalog,
        module,
        pair: &pair,
        from: side("staging"),
        to: side("prod"),
        config: &tree,
        code: None,
        now,
        hmac: None,
        renders: &renders,
        show_secrets: false,
    };
    let (acceptances, _) = Acceptances::compile(&catalog, now);
    let _ = compare(&pair, &[comparison], &[], &Judge { policies: &policies, acceptances: &acceptances });
});
