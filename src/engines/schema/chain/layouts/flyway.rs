//! Flyway: `V1__name.sql`, `U1__name.sql`, `B1__name.sql`, `R__name.sql`, in any folder below the location.
use super::{code, sum, whole_file};
use crate::engines::schema::chain::files::{Files, name_of};
use crate::engines::schema::chain::{Chain, Layout, ProblemKind, version};
use crate::engines::schema::{Step, StepKind};

/// Files that Flyway runs around migrations; they are no migrations.
const CALLBACKS: [&str; 4] = ["before", "after", "create", "undo"];

/// Prefix, version and description of a name; `None` for a name that Flyway does not take.
fn parts(name: &str) -> Option<(char, &str, &str)> {
    let stem = name.strip_suffix(".sql").or_else(|| name.strip_suffix(".java")).or_else(|| name.strip_suffix(".kt"))?;
    let (head, description) = stem.split_once("__")?;
    let prefix = head.chars().next().filter(|c| matches!(c, 'V' | 'U' | 'B' | 'R'))?;
    let number = head.get(1..).unwrap_or_default();
    let fits = if prefix == 'R' { number.is_empty() } else { number.starts_with(|c: char| c.is_ascii_digit()) };
    fits.then_some((prefix, number, description))
}

/// Whether a file is a migration of Flyway.
pub(in crate::engines::schema::chain) fn is_migration(name: &str) -> bool {
    parts(name).is_some() && !CALLBACKS.iter().any(|word| name.starts_with(word))
}

pub(super) fn steps(files: &mut Files<'_>, chain: &mut Chain) {
    let (mut versioned, mut repeatable, mut undo) = (Vec::new(), Vec::new(), Vec::new());
    for path in files.paths.clone() {
        let name = name_of(&path).to_owned();
        let Some((prefix, number, description)) = parts(&name) else { continue };
        let description = description.replace('_', " ");
        let number = number.replace('_', ".");
        if !name.ends_with(".sql") {
            let step = code(files, &path, &number, &description, chain);
            versioned.push((version::flyway(&number), step));
            continue;
        }
        let kind = match prefix {
            'R' => StepKind::Repeatable,
            'B' => StepKind::Baseline,
            _ => StepKind::Versioned,
        };
        let own = format!("{path}.conf");
        let free =
            files.optional(&own).is_some_and(|text| text.replace(' ', "").contains("executeInTransaction=false"));
        let Some(mut step) = whole_file(files, &path, kind, &number, &description, true) else { continue };
        for script in &mut step.up {
            // Flyway sees statements that no transaction takes, and runs such a file without one.
            script.transaction = !free && !script.text.to_ascii_uppercase().contains("CONCURRENTLY");
        }
        placeholders(&step, chain);
        step.checksum = sum(Layout::Flyway, files.bytes(&path));
        match prefix {
            'R' => repeatable.push(step),
            'U' => undo.push((version::flyway(&number), step)),
            _ => versioned.push((version::flyway(&number), step)),
        }
    }
    versioned.sort_by(|a, b| (&a.0, &a.1.path).cmp(&(&b.0, &b.1.path)));
    for (number, step) in undo {
        if let Some((_, forward)) =
            versioned.iter_mut().find(|(known, step)| known == &number && step.kind != StepKind::Baseline)
        {
            forward.down = step.up;
        }
    }
    // A new database begins at the newest baseline, and needs nothing before it.
    if let Some(at) = versioned.iter().rposition(|(_, step)| step.kind == StepKind::Baseline) {
        let from = versioned.get(at).map(|(number, _)| number.clone()).unwrap_or_default();
        versioned.retain(|(number, step)| *number > from || (*number == from && step.kind == StepKind::Baseline));
    }
    repeatable.sort_by(|a: &Step, b| (&a.name, &a.path).cmp(&(&b.name, &b.path)));
    chain.steps.extend(versioned.into_iter().map(|(_, step)| step).chain(repeatable));
}

/// Flyway's own placeholders are about the run; those of the project are not known here. In bodies they may be plain text.
fn placeholders(step: &Step, chain: &mut Chain) {
    if let Some(name) = step.up.iter().find_map(|script| placeholder(&script.text)) {
        let text = format!("{} has the placeholder {name}, which is not known here", step.path);
        chain.problems.push(crate::engines::schema::chain::files::problem(
            ProblemKind::Unresolved,
            &step.path,
            1,
            text,
        ));
    }
}

/// The first placeholder that stands in a text.
pub fn placeholder(text: &str) -> Option<&str> {
    let mut names = text.split("${").skip(1).filter_map(|tail| tail.split_once('}').map(|(name, _)| name));
    names.find(|name| {
        !name.is_empty()
            && name.len() < 80
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | ':'))
    })
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn names_are_taken_apart() {
        assert_eq!(parts("V2_7_3__Add_x.sql"), Some(('V', "2_7_3", "Add_x")));
        assert_eq!(parts("R__views.sql"), Some(('R', "", "views")));
        assert_eq!(parts("V1.sql"), None);
        assert_eq!(parts("afterMigrate__x.sql"), None);
        assert_eq!(parts("V4__B.java"), Some(('V', "4", "B")));
    }
}
