//! Puts the layers on top of one another and checks every value, also those that a stronger layer hides.
use super::keys::{KEYS, Key, Takes, find};
use super::parse::entries;
use super::{HmacSetting, Inputs, Layer, Origin, Output, Raw, Resolved, Setting, Settings};
use crate::model::{Diagnostic, Place, Result, closest, codes};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

type Values = BTreeMap<String, (String, Origin)>;

/// Merges flags, variables and files.
///
/// # Errors
/// PL0501 with the place of the mistake.
pub fn resolve(inputs: &Inputs<'_>) -> Result<Resolved> {
    let mut values = Values::new();
    let mut warnings = Vec::new();
    for (name, value, flag) in inputs.flags {
        set(inputs, &mut values, (name, Raw::Text(value.clone())), (Origin::Flag((*flag).to_owned()), None))?;
    }
    for (name, value, variable) in from_environment(&inputs.environment) {
        set(inputs, &mut values, (&name, Raw::Text(value)), (Origin::Variable(variable), None))?;
    }
    for layer in inputs.layers {
        for entry in entries(layer)? {
            if !layer.trusted && find(&entry.name).is_some_and(|key| key.needs_trust) {
                warnings.push(untrusted(layer, &entry.name, entry.place));
                continue;
            }
            let origin = Origin::File(layer.path.clone(), entry.place.line);
            set(inputs, &mut values, (&entry.name, entry.raw), (origin, Some(entry.place)))?;
        }
    }
    warnings.extend(inputs.environment.keys().filter_map(|variable| misspelt(variable)));
    let settings = settings_of(&values)?;
    let output = Output {
        color: text(&values, "output.color"),
        width: text(&values, "output.width").and_then(|width| width.parse().ok()),
        ascii: flag(&values, "output.ascii"),
        pager: text(&values, "output.pager"),
    };
    Ok(Resolved { settings, output, values: listed(values), warnings })
}

/// `PILAB_*` variables that name a key. `PILAB_REPOS_NAME` names repositories by their lower case name.
fn from_environment(environment: &BTreeMap<String, String>) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for (variable, value) in environment {
        let Some(rest) = variable.strip_prefix("PILAB_") else { continue };
        if let Some(name) = rest.strip_prefix("REPOS_").filter(|name| !name.is_empty()) {
            let name = name.to_lowercase().replace('_', "-");
            found.push((format!("repos.{name}"), value.clone(), variable.clone()));
        } else if let Some(key) = KEYS.iter().find(|key| !key.name.contains('<') && key.variable() == *variable) {
            found.push((key.name.to_owned(), value.clone(), variable.clone()));
        }
    }
    // The short names that people expect of a program for the terminal.
    for (short, name) in [("PILAB_ASCII", "output.ascii"), ("PILAB_PAGER", "output.pager")] {
        if let Some(value) = environment.get(short) {
            found.push((name.to_owned(), value.clone(), short.to_owned()));
        }
    }
    found
}

/// A warning for a variable that is close to one of pilab's and is none. Others may be a user's own (`env://PILAB_KEY`).
fn misspelt(variable: &str) -> Option<Diagnostic> {
    let others = ["PILAB_NOW", "PILAB_ASCII", "PILAB_PAGER"].map(str::to_owned);
    let known: Vec<String> = KEYS.iter().map(Key::variable).chain(others).collect();
    let ours = variable.strip_prefix("PILAB_").filter(|rest| !rest.starts_with("REPOS_"))?;
    let bare: Vec<&str> = known.iter().filter_map(|name| name.strip_prefix("PILAB_")).collect();
    let near = closest(ours, bare.iter().copied()).filter(|_| !bare.contains(&ours))?;
    let warning = Diagnostic::warning(&codes::PL0501, format!("the variable {variable} means nothing to pilab"));
    Some(warning.hint(format!("did you mean PILAB_{near}?")))
}

fn set(
    inputs: &Inputs<'_>,
    values: &mut Values,
    (name, raw): (&str, Raw),
    (origin, place): (Origin, Option<Place>),
) -> Result<()> {
    let Some(key) = find(name) else { return Ok(()) };
    let checked = check(inputs, key, raw, &origin).map_err(|wanted| {
        let who = if place.is_some() { String::new() } else { format!(" ({origin})") };
        let error = Diagnostic::error(&codes::PL0501, format!("'{name}' takes {wanted}{who}"));
        Box::new(match place {
            Some(place) => error.at(place),
            None => error,
        })
    })?;
    values.entry(name.to_owned()).or_insert((checked, origin));
    Ok(())
}

/// The value in its one spelling, or what the key takes instead.
fn check(inputs: &Inputs<'_>, key: &Key, raw: Raw, origin: &Origin) -> Result<String, String> {
    let text = match (&raw, key.takes) {
        (Raw::Text(text), _) => text.clone(),
        (Raw::Flag(flag), Takes::Flag) => flag.to_string(),
        (Raw::Number(number), Takes::Columns) => number.to_string(),
        _ => String::from("\0"),
    };
    // A text in a file is no flag and no number; on the command line and in variables everything is text.
    let quoted = matches!((&raw, origin), (Raw::Text(_), Origin::File(..)));
    match key.takes {
        Takes::Flag if !quoted => match text.as_str() {
            "true" | "1" | "yes" | "on" => Ok("true".to_owned()),
            "false" | "0" | "no" | "off" | "" => Ok("false".to_owned()),
            _ => Err("true or false".to_owned()),
        },
        Takes::Flag => Err("true or false, without quotes".to_owned()),
        Takes::Columns => match text.parse::<usize>() {
            Ok(columns) if !quoted && (20..=10_000).contains(&columns) => Ok(columns.to_string()),
            _ => Err("a number of columns from 20 to 10000".to_owned()),
        },
        Takes::Word(words) if words.contains(&text.as_str()) => Ok(text),
        Takes::Word(words) => Err(format!("one of: {}", words.join(", "))),
        Takes::Path if !text.is_empty() && !text.contains('\0') => Ok(absolute(inputs, &text, origin)),
        Takes::Path => Err("a path".to_owned()),
        Takes::Text if !text.contains('\0') => Ok(text),
        Takes::Text => Err("a text".to_owned()),
    }
}

fn absolute(inputs: &Inputs<'_>, text: &str, origin: &Origin) -> String {
    let home = inputs.environment.get("HOME").filter(|home| !home.is_empty());
    let path = match (text.strip_prefix('~'), home) {
        (Some(""), Some(home)) => PathBuf::from(home),
        (Some(rest), Some(home)) if rest.starts_with('/') => Path::new(home).join(rest.trim_start_matches('/')),
        _ => PathBuf::from(text),
    };
    let base = match origin {
        Origin::File(file, _) => file.parent().unwrap_or(&inputs.dir),
        _ => &inputs.dir,
    };
    base.join(path).display().to_string()
}

fn untrusted(layer: &Layer, name: &str, place: Place) -> Diagnostic {
    Diagnostic::warning(&codes::PL0502, format!("'{name}' is ignored in {}", layer.path.display()))
        .at(place)
        .note("It says what runs, where pilab writes or where credentials are, and the file came with the repository.")
        .hint("pilab trust")
}

fn text(values: &Values, name: &str) -> Option<String> {
    values.get(name).map(|(value, _)| value.clone())
}

fn flag(values: &Values, name: &str) -> bool {
    values.get(name).is_some_and(|(value, _)| value == "true")
}

fn settings_of(values: &Values) -> Result<Settings> {
    let hmac = match (text(values, "hmac.key"), text(values, "hmac.kid")) {
        (Some(key), Some(kid)) => Some(HmacSetting { key, kid }),
        (Some(_), None) => {
            return Err(Box::new(Diagnostic::error(&codes::PL0501, "'hmac.key' is set and 'hmac.kid' is not").note(
                "The id stands in every digest, so that a digest of another key is not taken for a difference.",
            )));
        }
        // A repository may name the id of the team's key; the key itself is everybody's own.
        (None, _) => None,
    };
    let repos = values
        .iter()
        .filter_map(|(name, (value, _))| Some((name.strip_prefix("repos.")?.to_owned(), PathBuf::from(value))))
        .collect();
    Ok(Settings {
        cache: text(values, "cache").map(PathBuf::from),
        offline: flag(values, "offline"),
        repos,
        hmac,
        project: text(values, "project"),
    })
}

fn listed(mut values: Values) -> Vec<Setting> {
    for key in KEYS.iter().filter(|key| !key.name.contains('<')) {
        values.entry(key.name.to_owned()).or_insert_with(|| (key.default.to_owned(), Origin::Default));
    }
    values.into_iter().map(|(name, (value, origin))| Setting { name, value, origin }).collect()
}
