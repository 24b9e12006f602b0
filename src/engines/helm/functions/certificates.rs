//! Private keys and certificates. They have the right form, names and dates, but their numbers are no keys: a key out of a
//! known seed would be known too. Nothing signed with them can be verified, and nothing needs them but the shape of a manifest.
mod der;
mod key;
mod pem;
mod x509;

use self::key::Key;
use self::x509::{Issuer, Request};
use super::crypto::decode;
use super::hashes::bytes;
use super::random::draw;
use crate::engines::gotemplate::fmt;
use crate::engines::gotemplate::{Bytes, Failure, Func, Object, Ty, Value, Vm};
use crate::engines::helm::host::Host;
use std::any::Any;
use std::rc::Rc;

pub(super) static FUNCS: &[Func] = &[
    Func { name: "genPrivateKey", params: &[Ty::String], variadic: None, call: gen_private_key },
    Func { name: "genCA", params: &[Ty::String, Ty::Int], variadic: None, call: gen_ca },
    Func { name: "genCAWithKey", params: &[Ty::String, Ty::Int, Ty::String], variadic: None, call: gen_ca_with_key },
    Func {
        name: "genSelfSignedCert",
        params: &[Ty::String, Ty::List, Ty::List, Ty::Int],
        variadic: None,
        call: gen_self_signed,
    },
    Func {
        name: "genSelfSignedCertWithKey",
        params: &[Ty::String, Ty::List, Ty::List, Ty::Int, Ty::String],
        variadic: None,
        call: gen_self_signed_with_key,
    },
    Func {
        name: "genSignedCert",
        params: &[Ty::String, Ty::List, Ty::List, Ty::Int, Ty::Any],
        variadic: None,
        call: gen_signed,
    },
    Func {
        name: "genSignedCertWithKey",
        params: &[Ty::String, Ty::List, Ty::List, Ty::Int, Ty::Any, Ty::String],
        variadic: None,
        call: gen_signed_with_key,
    },
    Func { name: "buildCustomCert", params: &[Ty::String, Ty::String], variadic: None, call: build_custom_cert },
];

/// What certificate functions give: PEM texts of both parts.
struct Certificate {
    cert: Bytes,
    key: Bytes,
}

impl Object for Certificate {
    fn type_name(&self) -> &str {
        "sprig.certificate"
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn field(&self, name: &str) -> Option<Value> {
        match name {
            "Cert" => Some(Value::String(self.cert.clone())),
            "Key" => Some(Value::String(self.key.clone())),
            _ => None,
        }
    }

    fn display(&self) -> String {
        format!("{{{} {}}}", self.cert.lossy(), self.key.lossy())
    }

    fn to_data(&self) -> Value {
        Value::map(
            [("Cert", &self.cert), ("Key", &self.key)]
                .map(|(name, text)| (Bytes::from(name), Value::String(text.clone()))),
        )
    }
}

/// Who vouches, and with which key.
enum Signer {
    Itself,
    Other(Issuer, Key),
}

/// What a certificate is for, out of the arguments of a function.
struct Order<'a> {
    function: &'a str,
    name: Bytes,
    ips: Vec<Vec<u8>>,
    hosts: Vec<String>,
    days: i64,
    authority: bool,
    /// All arguments together, for the draw.
    seed: Vec<u8>,
}

impl<'a> Order<'a> {
    fn authority(function: &'a str, args: &[Value]) -> Order<'a> {
        let (name, days) = (bytes(args, 0), int(args.get(1)));
        let seed = [&name[..], &days.to_le_bytes()].concat();
        Order { function, name, ips: Vec::new(), hosts: Vec::new(), days, authority: true, seed }
    }

    fn leaf(vm: &mut Vm<'_>, function: &'a str, args: &[Value]) -> Result<Order<'a>, Failure> {
        let items = |at: usize| args.get(at).and_then(Value::as_list).map(|list| list.items()).unwrap_or_default();
        vm.spend(2 + items(1).len() as u64 + items(2).len() as u64, 0)?;
        let mut seed = bytes(args, 0).to_vec();
        let (mut ips, mut hosts) = (Vec::new(), Vec::new());
        for item in items(1) {
            let Some(text) = item.as_string() else {
                return Err(Failure::new(format!(
                    "error parsing ip: {} is not a string",
                    String::from_utf8_lossy(&fmt::display(item))
                )));
            };
            let address = text
                .as_str()
                .and_then(|text| text.parse().ok())
                .ok_or_else(|| Failure::new(format!("error parsing ip: {}", text.lossy())))?;
            vm.spend(1, text.len() as u64 + 32)?;
            seed.extend_from_slice(text);
            ips.push(match address {
                core::net::IpAddr::V4(four) => four.octets().to_vec(),
                core::net::IpAddr::V6(six) => {
                    six.to_ipv4_mapped().map_or_else(|| six.octets().to_vec(), |four| four.octets().to_vec())
                }
            });
        }
        for item in items(2) {
            let Some(text) = item.as_string() else {
                return Err(Failure::new(format!(
                    "error processing alternate dns name: {} is not a string",
                    String::from_utf8_lossy(&fmt::display(item))
                )));
            };
            vm.spend(1, text.len() as u64 * 4)?;
            seed.extend_from_slice(text);
            hosts.push(text.lossy().into_owned());
        }
        Ok(Order { function, name: bytes(args, 0), ips, hosts, days: int(args.get(3)), authority: false, seed })
    }

    /// Makes the certificate for a key.
    fn fill(self, vm: &mut Vm<'_>, key: Key, signer: Signer) -> Result<Value, Failure> {
        let creating = |flaw: String| Failure::new(format!("error creating certificate: {flaw}"));
        vm.spend(50, (self.name.len() as u64).saturating_mul(8) + 8192)?;
        let name = self.name.as_str().ok_or_else(|| creating("asn1: string not valid UTF-8".to_owned()))?;
        if let Some(host) = self.hosts.iter().find(|host| !host.is_ascii()) {
            return Err(creating(format!("x509: {} cannot be encoded as an IA5String", fmt::quote_text(host))));
        }
        let now = vm.host::<Host>().map_or(0, Host::now);
        let chance = draw(vm, self.function, &self.seed, 16 + 512)?;
        let request =
            Request { name, ips: &self.ips, hosts: &self.hosts, now, days: self.days, authority: self.authority };
        let cert = match &signer {
            Signer::Itself => x509::certificate(&request, &key, None, &key, &chance),
            Signer::Other(issuer, signing) => x509::certificate(&request, &key, Some(issuer), signing, &chance),
        };
        let cert = pem::encode("CERTIFICATE", &cert.map_err(creating)?);
        let key = pem::encode(key.label(), &key.der());
        Ok(Value::Object(Rc::new(Certificate { cert: Bytes::from(cert), key: Bytes::from(key) })))
    }

    fn fresh_key(&self, vm: &mut Vm<'_>) -> Result<Key, Failure> {
        vm.spend(200, 4096)?;
        let chance = draw(vm, &format!("{} key", self.function), &self.seed, key::RSA_CHANCE)?;
        Ok(Key::rsa(2048, &chance))
    }
}

fn int(value: Option<&Value>) -> i64 {
    match value {
        Some(Value::Int(value, _)) => *value,
        _ => 0,
    }
}

fn given_key(args: &[Value], at: usize) -> Result<Key, Failure> {
    Key::parse(&bytes(args, at)).map_err(|flaw| Failure::new(format!("parsing private key: {flaw}")))
}

fn gen_private_key(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let kind = bytes(args, 0);
    vm.spend(200, 8192)?;
    let chance = draw(vm, "genPrivateKey", &kind, key::RSA_CHANCE)?;
    let key = match &*kind {
        b"" | b"rsa" => Key::rsa(4096, &chance),
        b"dsa" => Key::dsa(&chance),
        b"ecdsa" => Key::ecdsa(&chance),
        b"ed25519" => Key::ed25519(&chance),
        other => return Ok(Value::text([b"Unknown type ", other].concat())),
    };
    Ok(Value::from(pem::encode(key.label(), &key.der())))
}

fn gen_ca(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let order = Order::authority("genCA", args);
    let key = order.fresh_key(vm)?;
    order.fill(vm, key, Signer::Itself)
}

fn gen_ca_with_key(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let key = given_key(args, 2)?;
    Order::authority("genCAWithKey", args).fill(vm, key, Signer::Itself)
}

fn gen_self_signed(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let order = Order::leaf(vm, "genSelfSignedCert", args)?;
    let key = order.fresh_key(vm)?;
    order.fill(vm, key, Signer::Itself)
}

fn gen_self_signed_with_key(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let key = given_key(args, 4)?;
    Order::leaf(vm, "genSelfSignedCertWithKey", args)?.fill(vm, key, Signer::Itself)
}

/// The authority among the arguments.
fn signer(value: Option<&Value>) -> Result<Signer, Failure> {
    let value = value.unwrap_or(&Value::Nil);
    let Some(authority) = value.as_object::<Certificate>() else {
        let expected = "sprig.certificate";
        return Err(Failure::new(match value {
            Value::Nil => format!("invalid value; expected {expected}"),
            value => format!("wrong type for value; expected {expected}; got {}", value.type_name()),
        }));
    };
    let (_, der) = pem::decode(&authority.cert).ok_or_else(|| Failure::new("unable to decode certificate"))?;
    let issuer = Issuer::parse(&der)
        .map_err(|flaw| Failure::new(format!("error parsing certificate: decodedSignerCert.Bytes: {flaw}")))?;
    let key = Key::parse(&authority.key).map_err(|flaw| Failure::new(format!("error parsing private key: {flaw}")))?;
    Ok(Signer::Other(issuer, key))
}

fn gen_signed(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let signer = signer(args.get(4))?;
    let order = Order::leaf(vm, "genSignedCert", args)?;
    let key = order.fresh_key(vm)?;
    order.fill(vm, key, signer)
}

fn gen_signed_with_key(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let key = given_key(args, 5)?;
    let signer = signer(args.get(4))?;
    Order::leaf(vm, "genSignedCertWithKey", args)?.fill(vm, key, signer)
}

fn build_custom_cert(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let (cert, key) = (bytes(args, 0), bytes(args, 1));
    vm.spend(1 + (cert.len() + key.len()) as u64 / 64, (cert.len() + key.len()) as u64 * 3)?;
    let cert = decode(&cert).map_err(|_| Failure::new("unable to decode base64 certificate"))?;
    let key = decode(&key).map_err(|_| Failure::new("unable to decode base64 private key"))?;
    let (_, der) = pem::decode(&cert).ok_or_else(|| Failure::new("unable to decode certificate"))?;
    Issuer::parse(&der)
        .map_err(|flaw| Failure::new(format!("error parsing certificate: decodedCert.Bytes: {flaw}")))?;
    Key::parse(&key).map_err(|flaw| Failure::new(format!("error parsing private key: {flaw}")))?;
    Ok(Value::Object(Rc::new(Certificate { cert: Bytes::from(cert), key: Bytes::from(key) })))
}

#[cfg(test)]
mod tests;
