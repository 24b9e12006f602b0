//! Form of keys and certificates. What functions say of wrong arguments is in `golden-sprig2.json`.
use super::*;

fn chance(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at * 7 % 251) as u8).collect()
}

fn keys() -> [Key; 4] {
    let chance = chance(key::RSA_CHANCE);
    [Key::rsa(2048, &chance), Key::ecdsa(&chance), Key::ed25519(&chance), Key::dsa(&chance)]
}

#[test]
fn keys_are_read_back_from_their_pem() {
    for key in keys() {
        let text = pem::encode(key.label(), &key.der());
        let back = Key::parse(text.as_bytes()).expect("a key");
        assert_eq!((back.kind, back.der()), (key.kind, key.der()));
        assert!(back.public.is_empty() || back.public == key.public);
    }
}

#[test]
fn certificates_say_who_signed_them() {
    let [rsa, ec, ..] = keys();
    let request = Request {
        name: "my *ca",
        ips: &[vec![10, 0, 0, 1]],
        hosts: &["a.b".to_owned()],
        now: 1_000_000_000,
        days: 365,
        authority: true,
    };
    let root = x509::certificate(&request, &rsa, None, &rsa, &chance(528)).expect("a certificate");
    let issuer = Issuer::parse(&root).expect("an issuer");
    let leaf = Request { name: "leaf", authority: false, ..request };
    let cert = x509::certificate(&leaf, &ec, Some(&issuer), &rsa, &chance(528)).expect("a certificate");
    assert!(Issuer::parse(&cert).is_ok());
    let other = x509::certificate(&leaf, &ec, Some(&issuer), &ec, &chance(528));
    assert_eq!(other, Err("x509: provided PrivateKey doesn't match parent's PublicKey".to_owned()));
}

#[test]
fn no_bytes_do_harm() {
    let [rsa, ..] = keys();
    let text = pem::encode("RSA PRIVATE KEY", &rsa.der());
    for end in (0..text.len()).step_by(7) {
        let _ = Key::parse(&text.as_bytes()[..end]);
        let _ = Issuer::parse(&rsa.der()[..end.min(rsa.der().len())]);
    }
    assert_eq!(Key::parse(b"x").err().as_deref(), Some("no PEM data in input"));
}
