//! How two values stand to each other, and when nobody can tell.
use super::secrets::{digest, parts};
use super::values::{Form, form, same};
use crate::drift::Comparison;
use crate::model::codes::{PL0305, PL0307};
use crate::model::{Code, Value};

/// How two values stand to each other.
pub(super) enum Relation {
    Same,
    Differs,
    /// Nobody can tell from here: code and reason.
    Unknown(&'static Code, String),
}

fn of(yes: bool) -> Relation {
    if yes { Relation::Same } else { Relation::Differs }
}

fn unknown(why: &str) -> Relation {
    Relation::Unknown(&PL0305, why.to_owned())
}

/// Compares two values of the variable `name`.
pub(super) fn relation(c: &Comparison<'_>, name: &str, l: &Value, r: &Value) -> Relation {
    match (l, r) {
        (Value::Literal(l), Value::Literal(r)) => of(same(l, r)),
        (Value::Secret(l), Value::Secret(r)) => of(l == r),
        (Value::SecretRef(l), Value::SecretRef(r)) | (Value::Reference(l), Value::Reference(r)) => of(l == r),
        (Value::Digest(l), Value::Digest(r)) => match (parts(l), parts(r)) {
            (Some((a, left)), Some((b, right))) if a == b => of(left == right),
            _ => unknown("the digests were made with different keys"),
        },
        (Value::Digest(found), Value::Secret(secret)) | (Value::Secret(secret), Value::Digest(found)) => {
            against_digest(c, name, secret.expose(), found)
        }
        (Value::Digest(_), Value::SecretRef(_)) | (Value::SecretRef(_), Value::Digest(_)) => {
            unknown("one side has a digest, the other a reference only")
        }
        (Value::Secret(_), Value::SecretRef(_)) | (Value::SecretRef(_), Value::Secret(_)) => {
            unknown("one side has the secret, the other a reference only")
        }
        (Value::Reference(there), Value::Literal(_)) | (Value::Literal(_), Value::Reference(there))
            if elsewhere(there) =>
        {
            Relation::Unknown(
                &PL0307,
                format!("one side has a value, the other takes it from {there}, which is not here"),
            )
        }
        _ => Relation::Differs,
    }
}

/// Whether what the reference names could hold the same value.
fn elsewhere(reference: &str) -> bool {
    reference.starts_with("k8s://") || reference.starts_with("shell://")
}

fn against_digest(c: &Comparison<'_>, name: &str, value: &str, found: &str) -> Relation {
    match (c.hmac, parts(found)) {
        (Some((kid, key)), Some((theirs, hash))) if kid == theirs => {
            let project = &c.catalog.project.value.metadata.name;
            let ours = digest(key.expose(), kid, project, name, value);
            of(parts(&ours).is_some_and(|(_, ours)| ours == hash))
        }
        _ => unknown("the key of the digest is not here"),
    }
}

/// The forms of two literals, when they are not the same.
pub(super) fn types(l: &Value, r: &Value) -> Option<(Form, Form)> {
    let (Value::Literal(l), Value::Literal(r)) = (l, r) else { return None };
    let (a, b) = (form(l), form(r));
    (a != b && !l.is_empty() && !r.is_empty()).then_some((a, b))
}
