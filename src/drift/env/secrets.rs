//! Keyed digests of secrets.
use base64::Engine as _;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The digest of a secret: `hmac-sha256:<kid>:<22 characters>`, bound to project and name so that equal secrets under
/// two names do not look equal.
pub fn digest(key: &str, kid: &str, project: &str, name: &str, value: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.as_bytes()) else { return String::new() };
    mac.update(format!("pilab/v1\0{project}\0{name}\0{value}").as_bytes());
    let text = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
    format!("hmac-sha256:{kid}:{}", text.get(..22).unwrap_or_default())
}

/// Key id and digest of `hmac-sha256:<kid>:<digest>`; the digest is cut to the 22 characters that count.
pub(super) fn parts(text: &str) -> Option<(&str, &str)> {
    let (kid, hash) = text.strip_prefix("hmac-sha256:")?.split_once(':')?;
    hash.get(..22).map(|hash| (kid, hash))
}
