//! Checksums as migration tools keep them.
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256, Sha384};

/// What sqlx keeps: SHA-384 of the file, in hexadecimal.
pub(super) fn sqlx(bytes: &[u8]) -> String {
    hex(&Sha384::digest(bytes))
}

/// What Prisma and Drizzle keep: SHA-256 of the file, in hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What Flyway keeps: CRC-32 over the lines without their ends and without a byte order mark, as a signed number.
pub(super) fn flyway(text: &str) -> String {
    let mut crc = u32::MAX;
    // A carriage return alone ends a line too.
    for byte in text.trim_start_matches('\u{feff}').bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')) {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
        }
    }
    (!crc).cast_signed().to_string()
}

/// The lines that `atlas.sum` should have: the sum of all, then each file with the sum of everything up to it.
pub(super) fn atlas<'a>(files: impl Iterator<Item = (&'a str, &'a [u8])>) -> (String, Vec<(String, String)>) {
    let (mut so_far, mut lines) = (Sha256::new(), Vec::new());
    for (name, bytes) in files {
        so_far.update(name.as_bytes());
        so_far.update(bytes);
        lines.push((name.to_owned(), STANDARD.encode(so_far.clone().finalize())));
    }
    let mut all = Sha256::new();
    for (name, sum) in &lines {
        all.update(name.as_bytes());
        all.update(sum.as_bytes());
    }
    (format!("h1:{}", STANDARD.encode(all.finalize())), lines)
}

#[cfg(test)]
mod tests {
    use super::{flyway, sha256, sqlx};

    #[test]
    fn sums_are_those_of_the_standards() {
        // The check value of CRC-32 for "123456789" is cbf43926; line ends and the mark do not count.
        assert_eq!(flyway("\u{feff}123\r45\r\n6789\n"), 0xcbf4_3926_u32.cast_signed().to_string());
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert!(sqlx(b"abc").starts_with("cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163"));
    }
}
