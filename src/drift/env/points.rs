//! What a variable's name and values add to the score of a difference.
use super::compare::{Sides, text};
use super::rules::{ENV001, ENV004, ENV005};
use super::values::secret_name;
use crate::model::{Modifier, Rule, Value};

/// Words of log levels.
const LEVELS: [&str; 9] = ["trace", "debug", "info", "notice", "warn", "warning", "error", "fatal", "off"];

/// Parts of the score besides the base and the receiving environment.
pub(super) fn points(rule: &Rule, name: &str, sides: Sides<'_>) -> Vec<Modifier> {
    let point =
        |name: &str, tenths, reason: &str| vec![Modifier { name: name.to_owned(), tenths, reason: reason.to_owned() }];
    let values: Vec<&Value> = [sides.0, sides.1].into_iter().flatten().map(|variable| &variable.value).collect();
    if values.iter().any(|value| matches!(value, Value::Secret(_) | Value::Digest(_))) || secret_name(name) {
        return point("secret", 5, "the value is a secret");
    }
    let all = |is: fn(&str) -> bool| !values.is_empty() && values.iter().all(|value| text(value).is_some_and(is));
    match () {
        () if ![ENV001.id, ENV004.id, ENV005.id].contains(&rule.id) => Vec::new(),
        () if all(|text| LEVELS.contains(&text.to_lowercase().as_str())) => {
            point("log level", -10, "it changes what is written down, not what is done")
        }
        () if all(uuid) => point("uuid", -20, "such ids are made anew in each environment"),
        () if all(mail) => point("mail address", -20, "each environment has its own recipients"),
        () => Vec::new(),
    }
}

fn uuid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}

fn mail(text: &str) -> bool {
    let parts = text.split_once('@');
    let plain = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || "._+-".contains(c));
    parts.is_some_and(|(user, host)| plain(user) && plain(host) && host.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::{mail, uuid};

    #[test]
    fn ids_and_addresses_are_told_from_other_texts() {
        assert!(uuid("f47ac10b-58cc-4372-a567-0e02b2c3d479") && !uuid("f47ac10b-58cc-4372-a567"));
        assert!(!uuid("g47ac10b-58cc-4372-a567-0e02b2c3d479") && !uuid(""));
        assert!(mail("ops+x@shop.example") && !mail("redis://u@h.example") && !mail("a@b") && !mail("a@b.c:80"));
    }
}
