//! From changes of objects to drafts: rule, words, what explains them, and the lines that show them.
use super::cause::Causes;
use super::changes::Purpose;
use super::mask::{gives_away, without_secrets};
use super::renders::Rendering;
use super::rules::{K8S032, K8S050};
use super::weigh;
use crate::drift::tokens::{explained, own, own_version, without};
use crate::drift::{Comparison, Draft, Side};
use crate::engines::kube::objects::{self, Change, Class, Effect, NoiseKind, What};
use crate::model::{Evidence, Mode, Shown, State};
use serde_json::Value;

/// Longer values are cut, characters.
const LONG: usize = 120;
/// So many places of one group are listed.
const LISTED: usize = 8;

/// Two renderings, and what a difference between them means.
pub(super) struct Sides<'a, 'b> {
    pub(super) c: &'a Comparison<'b>,
    pub(super) purpose: Purpose,
    pub(super) before: (&'a Side<'b>, &'a Rendering),
    pub(super) after: (&'a Side<'b>, &'a Rendering),
    pub(super) causes: &'a Causes,
}

impl Sides<'_, '_> {
    /// The draft of changes that are one fact.
    pub(super) fn draft(&self, group: &[&Change]) -> Draft {
        let Some(change) = group.first() else { return Draft::new(K8S050, "", State::Expected, "") };
        let drift = self.purpose == Purpose::Drift;
        let (rule, tenths, reason) = if drift { weigh::lasting(change) } else { weigh::rule(change.class) };
        let mut draft = Draft::new(rule, self.key(group), self.purpose.state(), self.title(group));
        if tenths != 0 {
            draft = draft.modifier(change.class.slug(), tenths, reason);
        }
        let mirror = self.c.pair.mode == Mode::Mirror;
        if drift && !mirror && (weigh::is_size(change.class) || rule.id == K8S032.id) {
            draft = draft.modifier("size", -20, "environments may have other sizes");
        }
        if group.len() == 1
            || group.iter().all(|other| (&other.before, &other.after) == (&change.before, &change.after))
        {
            (draft.from, draft.to) = (Some(self.shown(change, false)), Some(self.shown(change, true)));
        }
        draft.details = self.details(group);
        draft.evidence = self.evidence(change);
        self.explain(draft, group)
    }

    /// What is the same however often it is looked at: no value, no line, no word of the environment.
    fn key(&self, group: &[&Change]) -> String {
        let Some(change) = group.first() else { return String::new() };
        let words: Vec<String> =
            [own(self.c.from.environment), own(self.c.to.environment)].into_iter().flatten().collect();
        let object = format!("{}/{}", change.object.kind, without(&change.object.name, &words));
        let what = match change.class {
            Class::Label | Class::Annotation | Class::PodLabel | Class::PodAnnotation if group.len() > 1 => {
                return self.prefixed(format!("*/*/{}", change.path));
            }
            _ if group.len() > 1 && change.inside.is_some() => change.path.to_string(),
            _ if group.len() > 1 => change.class.slug().to_owned(),
            _ => change.human(),
        };
        self.prefixed(if what.is_empty() { object } else { format!("{object}/{what}") })
    }

    /// What waits and what drifts in one field are two findings.
    fn prefixed(&self, key: String) -> String {
        if self.purpose == Purpose::Pending { format!("pending/{key}") } else { key }
    }

    fn title(&self, group: &[&Change]) -> String {
        let Some(change) = group.first() else { return String::new() };
        let object = named(&change.object);
        let (from, to) = (self.c.from.name, self.c.to.name);
        let field = field(change);
        let label = matches!(change.class, Class::Label | Class::Annotation | Class::PodLabel | Class::PodAnnotation);
        let subject = if label && group.len() > 1 {
            format!("{} of {} objects", field, group.len())
        } else if group.len() > 1 && change.inside.is_some() {
            format!("{object}: {} settings in {}", group.len(), change.path)
        } else if group.len() > 1 {
            format!("{object}: {} fields", group.len())
        } else {
            format!("{object}: {field}")
        };
        let verb = match (&change.what, &change.before, &change.after) {
            _ if group.len() > 1 && !label => "changes",
            (What::Added, ..) => "adds",
            (What::Removed, ..) => "removes",
            (What::Renamed { .. }, ..) => "renames",
            (What::Field, None, _) => "adds to",
            (What::Field, _, None) => "removes from",
            (What::Field, ..) => "changes",
        };
        let who = match self.purpose {
            Purpose::Drift => None,
            Purpose::Pending => Some(format!("Promotion to {to}")),
            Purpose::Change => Some(to.to_owned()),
        };
        match (who, &change.what) {
            (Some(who), What::Field) => format!("{who} {verb} {subject}"),
            (Some(who), What::Renamed { from }) => format!("{who} renames {} to {object}", named(from)),
            (Some(who), _) => format!("{who} {verb} {object}"),
            (None, What::Added) => format!("{object} is in {to} only"),
            (None, What::Removed) => format!("{object} is missing in {to}"),
            (None, What::Renamed { from: other }) => format!("{} of {from} is {object} in {to}", named(other)),
            (None, What::Field) if group.len() > 1 && !label => format!("{subject} differ between {from} and {to}"),
            (None, What::Field) if change.before.is_none() => format!("{subject} is set in {to} only"),
            (None, What::Field) if change.after.is_none() => format!("{subject} is missing in {to}"),
            (None, What::Field) => format!("{subject} differs between {from} and {to}"),
        }
    }

    fn shown(&self, change: &Change, after: bool) -> Shown {
        // Left and right of a pair stay where they are; what a promotion brings is the left side's.
        let turned = self.purpose == Purpose::Pending;
        let right = if turned { !after } else { after };
        let value = if right { &change.after } else { &change.before };
        let here = match (&change.what, right) {
            (What::Added, true) | (What::Removed, false) => return Shown::value("(there)"),
            (What::Added, false) | (What::Removed, true) => return Shown::absent("(not there)"),
            (What::Renamed { from }, false) => return Shown::value(from.name.clone()),
            (What::Renamed { .. }, true) => return Shown::value(change.object.name.clone()),
            (What::Field, _) => value,
        };
        match here {
            None => Shown::absent("(not set)"),
            Some(_) if change.secret && !self.c.show_secrets => Shown::value("(secret)"),
            Some(value) => Shown::value(self.open(&short(value))),
        }
    }

    /// The text without values of the Secrets of either side, unless they are wanted.
    fn open(&self, text: &str) -> String {
        if self.c.show_secrets {
            return text.to_owned();
        }
        without_secrets(&without_secrets(text, &self.before.1.secrets), &self.after.1.secrets)
    }

    fn details(&self, group: &[&Change]) -> Vec<String> {
        let mut details = Vec::new();
        if group.len() > 1 {
            details.extend(
                group.iter().take(LISTED).map(|change| format!("{}: {}", named(&change.object), change.human())),
            );
            if group.len() > LISTED {
                details.push(format!("and {} more", group.len() - LISTED));
            }
        }
        let Some(change) = group.first() else { return details };
        if !change.detail.is_empty() && !change.secret {
            details.push(self.open(&change.detail));
        }
        let effect = match change.effect {
            Effect::None => None,
            Effect::Restart => Some("pods are replaced one after the other"),
            Effect::Disruption => Some("the service is interrupted"),
            Effect::Recreate => Some("the object is deleted and made anew"),
            Effect::DeletesData => Some("data is deleted"),
            Effect::RejectedByApi => Some("the API server refuses the change"),
        };
        if self.purpose != Purpose::Drift {
            details.extend(effect.map(str::to_owned));
        }
        details.extend(self.causes.words(change));
        details
    }

    /// Values files first, then the template that wrote it.
    fn evidence(&self, change: &Change) -> Vec<Evidence> {
        let mut found = self.causes.evidence(change);
        let sides = [(self.before, &change.from), (self.after, &change.to)];
        for ((side, rendering), place) in sides {
            let Some(place) = place else { continue };
            let Some(line) = rendering.place(place.manifest, &place.source, place.line) else { continue };
            let secret = change.secret || gives_away(&line.place.text);
            let shown = if secret { crate::drift::texts::hidden(line.place) } else { line.place };
            let name = if self.purpose == Purpose::Pending && std::ptr::eq(side, self.after.0) {
                self.c.to.name
            } else {
                side.name
            };
            let at = side.version.unwrap_or_default().to_owned();
            let evidence = Evidence { side: name.to_owned(), repository: line.repository, at, place: shown };
            let same = |known: &Evidence| {
                known.place.file == evidence.place.file
                    && known.place.line == evidence.place.line
                    && known.at == evidence.at
            };
            if !found.iter().any(same) {
                found.push(evidence);
            }
        }
        for evidence in &mut found {
            if self.open(&evidence.place.text) != evidence.place.text {
                evidence.place = crate::drift::texts::hidden(evidence.place.clone());
            }
        }
        found
    }

    /// Says why it does not count, when something explains it.
    fn explain(&self, mut draft: Draft, group: &[&Change]) -> Draft {
        if self.purpose == Purpose::Pending {
            draft.because = Some(format!("comes with {}", self.c.from.version.unwrap_or("the version")));
        }
        let reasons: Option<Vec<String>> = group.iter().map(|change| self.explained(change)).collect();
        if let Some(because) = reasons.and_then(|mut all| {
            all.dedup();
            (!all.is_empty()).then(|| all.join("; "))
        }) {
            draft.state = State::Expected;
            draft.because = Some(because);
        }
        draft
    }

    fn explained(&self, change: &Change) -> Option<String> {
        let drift = self.purpose == Purpose::Drift;
        let mirror = self.c.pair.mode == Mode::Mirror;
        let immutable = change.class == Class::ImmutableField && change.object.kind == "Secret" && change.secret;
        let secret = change.class == Class::SecretData || immutable;
        if drift && !mirror && secret && change.before.is_some() && change.after.is_some() {
            return Some("each environment has its own secret".to_owned());
        }
        let (a, b) = match &change.what {
            What::Renamed { from } => (from.name.clone(), change.object.name.clone()),
            What::Field => (scalar(change.before.as_ref()?)?, scalar(change.after.as_ref()?)?),
            What::Added | What::Removed => return None,
        };
        let versions = self.before.0.version.zip(self.after.0.version);
        if !drift {
            let follows = own_version((&a, &b), versions).is_some_and(|(a, b)| a == b);
            return follows.then(|| "it follows the module's own version".to_owned());
        }
        explained((&a, &b), (&own(self.c.from.environment), &own(self.c.to.environment)), versions)
    }

    /// One draft for everything that has no meaning.
    pub(super) fn noise(&self, compared: &objects::Comparison) -> Option<Draft> {
        if compared.noise.is_empty() {
            return None;
        }
        let count: usize = compared.noise.iter().map(|noise| noise.count).sum();
        let title = if count == 1 {
            "1 difference has no meaning".to_owned()
        } else {
            format!("{count} differences have no meaning")
        };
        let mut draft = Draft::new(K8S050, self.prefixed("noise".to_owned()), State::Expected, title);
        draft.because = Some("nothing follows from them".to_owned());
        draft.details = compared.noise.iter().map(words).collect();
        Some(draft)
    }
}

fn words(noise: &objects::Noise) -> String {
    let what = match noise.kind {
        NoiseKind::ChartVersion => "the version of chart or program in a label",
        NoiseKind::Checksum => "a checksum of something that changed",
        NoiseKind::ChecksumAlone => "a checksum without a visible cause",
        NoiseKind::Generated => "made anew by every rendering",
        NoiseKind::Timestamp => "a time",
        NoiseKind::Namespace => "the namespace of the release",
        NoiseKind::Reference => "follows the new name of another object",
        NoiseKind::ReleaseName => "the name of the release",
        NoiseKind::Documentation => "descriptions in schemas",
        NoiseKind::Style => "written in another way",
        NoiseKind::Comment => "comments and empty lines",
    };
    let objects = if noise.objects == 1 { named(&noise.example) } else { format!("{} objects", noise.objects) };
    let short = !noise.values.0.is_empty() && noise.values.0.len() + noise.values.1.len() < 60;
    let values = if short { format!(" {} → {}", noise.values.0, noise.values.1) } else { String::new() };
    let mut text = format!("{what}: {}{values} ({} in {objects})", noise.subject, noise.count);
    match noise.restarts {
        0 => (),
        1 => text.push_str("; 1 workload restarts"),
        many => text.push_str(&format!("; {many} workloads restart")),
    }
    let causes: Vec<String> = noise.causes.iter().map(named).collect();
    if !causes.is_empty() {
        text.push_str(&format!("; caused by {}", causes.join(", ")));
    }
    text
}

/// The place for people, without the way to the pod template that all workloads share.
fn field(change: &Change) -> String {
    let whole = change.human();
    let pods = ["spec.template.spec.", "spec.jobTemplate.spec.template.spec."];
    pods.iter().find_map(|prefix| whole.strip_prefix(prefix)).map_or_else(|| whole.clone(), str::to_owned)
}

/// Kind and name; the namespace is the environment's.
fn named(object: &objects::ObjectId) -> String {
    format!("{} {}", object.kind, object.name)
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn short(value: &Value) -> String {
    let text = scalar(value).unwrap_or_else(|| value.to_string());
    let line = text.replace('\n', "\\n");
    if line.chars().count() <= LONG {
        return line;
    }
    let cut: String = line.chars().take(LONG - 1).collect();
    format!("{cut}…")
}
