//! Character sets and their default collations.
use crate::engines::schema::catalog::{Dialect, Server};

/// Name, longest character in bytes, default collation.
const SETS: [(&str, u32, &str); 41] = [
    ("armscii8", 1, "armscii8_general_ci"),
    ("ascii", 1, "ascii_general_ci"),
    ("big5", 2, "big5_chinese_ci"),
    ("binary", 1, "binary"),
    ("cp1250", 1, "cp1250_general_ci"),
    ("cp1251", 1, "cp1251_general_ci"),
    ("cp1256", 1, "cp1256_general_ci"),
    ("cp1257", 1, "cp1257_general_ci"),
    ("cp850", 1, "cp850_general_ci"),
    ("cp852", 1, "cp852_general_ci"),
    ("cp866", 1, "cp866_general_ci"),
    ("cp932", 2, "cp932_japanese_ci"),
    ("dec8", 1, "dec8_swedish_ci"),
    ("eucjpms", 3, "eucjpms_japanese_ci"),
    ("euckr", 2, "euckr_korean_ci"),
    ("gb18030", 4, "gb18030_chinese_ci"),
    ("gb2312", 2, "gb2312_chinese_ci"),
    ("gbk", 2, "gbk_chinese_ci"),
    ("geostd8", 1, "geostd8_general_ci"),
    ("greek", 1, "greek_general_ci"),
    ("hebrew", 1, "hebrew_general_ci"),
    ("hp8", 1, "hp8_english_ci"),
    ("keybcs2", 1, "keybcs2_general_ci"),
    ("koi8r", 1, "koi8r_general_ci"),
    ("koi8u", 1, "koi8u_general_ci"),
    ("latin1", 1, "latin1_swedish_ci"),
    ("latin2", 1, "latin2_general_ci"),
    ("latin5", 1, "latin5_turkish_ci"),
    ("latin7", 1, "latin7_general_ci"),
    ("macce", 1, "macce_general_ci"),
    ("macroman", 1, "macroman_general_ci"),
    ("sjis", 2, "sjis_japanese_ci"),
    ("swe7", 1, "swe7_swedish_ci"),
    ("tis620", 1, "tis620_thai_ci"),
    ("ucs2", 2, "ucs2_general_ci"),
    ("ujis", 3, "ujis_japanese_ci"),
    ("utf16", 4, "utf16_general_ci"),
    ("utf16le", 4, "utf16le_general_ci"),
    ("utf32", 4, "utf32_general_ci"),
    ("utf8mb3", 3, "utf8mb3_general_ci"),
    ("utf8mb4", 4, "utf8mb4_general_ci"),
];

/// What a server knows of character sets.
#[derive(Debug, Clone, Copy)]
pub(in crate::engines::schema::mysql) struct Charsets(pub(in crate::engines::schema::mysql) Server);

impl Charsets {
    /// The name that the server stores: lower case, `utf8` is `utf8mb3`.
    pub(in crate::engines::schema::mysql) fn canonical(self, name: &str) -> String {
        let name = name.to_ascii_lowercase();
        match name.as_str() {
            "utf8" => "utf8mb3".to_owned(),
            _ => match name.strip_prefix("utf8_") {
                Some(rest) => format!("utf8mb3_{rest}"),
                None => name,
            },
        }
    }

    /// The collation of a character set when none is named.
    pub(in crate::engines::schema::mysql) fn collation(self, charset: &str) -> String {
        let charset = self.canonical(charset);
        let newer = |major, minor| self.0.version >= (major, minor);
        match (self.0.dialect, charset.as_str()) {
            (Dialect::MySql, "utf8mb4") if newer(8, 0) => "utf8mb4_0900_ai_ci".to_owned(),
            (Dialect::MariaDb, "utf8mb3" | "utf8mb4" | "ucs2" | "utf16" | "utf32") if newer(11, 5) => {
                format!("{charset}_uca1400_ai_ci")
            }
            _ => SETS
                .iter()
                .find(|(name, ..)| *name == charset)
                .map_or(charset.clone(), |(.., collation)| (*collation).to_owned()),
        }
    }

    /// The character set of a collation.
    pub(in crate::engines::schema::mysql) fn of(self, collation: &str) -> String {
        self.canonical(collation).split('_').next().unwrap_or_default().to_owned()
    }

    /// Bytes of the longest character of a collation's set.
    pub(in crate::engines::schema::mysql) fn width(self, collation: &str) -> u32 {
        let charset = self.of(collation);
        SETS.iter().find(|(name, ..)| *name == charset).map_or(4, |(_, width, _)| *width)
    }

    /// The collation of a database that nobody has set.
    pub(in crate::engines::schema::mysql) fn of_server(self) -> String {
        match (self.0.dialect, self.0.version) {
            (Dialect::MySql, version) if version < (8, 0) => "latin1_swedish_ci".to_owned(),
            // Debian's packages set utf8mb4; MariaDB's own default was latin1 until 11.6.
            _ => self.collation("utf8mb4"),
        }
    }
}
