//! Answers Git when it asks for a name or password, where a fetch of pilab started it.
use std::collections::BTreeMap;

/// The answer to `prompt`; `None` when no fetch of pilab started this process, or the prompt is for another host.
pub fn askpass(prompt: &str, environment: &BTreeMap<String, String>) -> Option<String> {
    crate::adapters::git::answer_askpass(prompt, environment)
}
