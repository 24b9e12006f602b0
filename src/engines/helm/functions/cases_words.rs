//! Where a name has its words: `HTTPServer2x` to `http_server_2x`, `some_words` to `SomeWords`.
use super::runes::{decode, is_letter, is_number, is_punct, is_space, is_upper, push, runes, to_lower, to_upper};

/// What a run of characters is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Nothing,
    Number,
    /// Begins with an upper case letter.
    Upper,
    /// Letters that do not begin with an upper case one.
    Alphabet,
    Connector,
    Punctuation,
    Other,
}

/// A run of characters of one kind.
#[derive(Clone, Copy)]
struct Word<'a> {
    kind: Kind,
    text: &'a [u8],
}

/// Cuts words off a text.
struct Words<'a>(&'a [u8]);

fn is_connector(rune: char) -> bool {
    rune == '-' || rune == '_' || is_space(rune)
}

/// Letters of alphabets: all but Han characters.
fn is_alphabet(rune: char) -> bool {
    is_letter(rune) && !matches!(rune, '\u{3400}'..='\u{4d85}' | '\u{4e00}'..='\u{9fcc}' | '\u{20000}'..='\u{2b81d}')
}

/// The first rune that is no decoding error, and the bytes up to and with it; `otherwise` when there is none.
fn valid(text: &[u8], otherwise: char) -> (char, usize) {
    let mut size = 0;
    while size < text.len() {
        let (rune, width) = decode(&text[size..]);
        size += width;
        if rune != char::REPLACEMENT_CHARACTER {
            return (rune, size);
        }
    }
    (otherwise, size)
}

/// How far a run goes from `from` on.
fn run(text: &[u8], from: usize, first: char, belongs: impl Fn(char) -> bool) -> usize {
    let (mut end, mut before) = (from, first);
    while end < text.len() {
        let (rune, size) = valid(&text[end..], before);
        if !belongs(rune) {
            break;
        }
        before = rune;
        end += size;
    }
    end
}

impl<'a> Words<'a> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn next(&mut self) -> Word<'a> {
        let text = self.0;
        if text.is_empty() {
            return Word { kind: Kind::Nothing, text };
        }
        let (first, size) = valid(text, char::REPLACEMENT_CHARACTER);
        let small = |rune| is_alphabet(rune) && !is_upper(rune);
        let (kind, end) = if first == char::REPLACEMENT_CHARACTER {
            (Kind::Nothing, size)
        } else if is_connector(first) {
            (Kind::Connector, run(text, size, first, is_connector))
        } else if is_punct(first) {
            (Kind::Punctuation, run(text, size, first, is_punct))
        } else if is_upper(first) {
            (Kind::Upper, upper_word(text, size, first))
        } else if is_alphabet(first) {
            (Kind::Alphabet, run(text, size, first, small))
        } else if is_number(first) {
            (Kind::Number, run(text, size, first, is_number))
        } else {
            let other = |rune| !(is_connector(rune) || is_alphabet(rune) || is_number(rune) || is_punct(rune));
            (Kind::Other, run(text, size, first, other))
        };
        self.0 = &text[end..];
        Word { kind, text: &text[..end] }
    }
}

/// The end of a word that begins with an upper case letter: `Server`, or `HTTP` in `HTTPServer`.
fn upper_word(text: &[u8], size: usize, first: char) -> usize {
    if size == text.len() {
        return size;
    }
    let (second, second_size) = valid(&text[size..], first);
    if is_upper(second) {
        let (mut end, mut last, mut before) = (size + second_size, second_size, second);
        while end < text.len() {
            let (rune, width) = valid(&text[end..], before);
            if !is_upper(rune) {
                // The last capital belongs to the next word.
                return if is_alphabet(rune) { end - last } else { end };
            }
            (before, last) = (rune, width);
            end += width;
        }
        return end;
    }
    match is_alphabet(second) {
        true => run(text, size + second_size, second, |rune| is_alphabet(rune) && !is_upper(rune)),
        false => size,
    }
}

/// Writes a word in lower case; connectors become `connector`.
fn write(out: &mut Vec<u8>, word: Word<'_>, connector: char) {
    if word.kind != Kind::Upper && word.kind != Kind::Connector {
        out.extend_from_slice(word.text);
        return;
    }
    let mut text = word.text;
    while !text.is_empty() {
        let (rune, width) = decode(text);
        text = &text[width..];
        push(
            out,
            if is_connector(rune) {
                connector
            } else if is_upper(rune) {
                to_lower(rune)
            } else {
                rune
            },
        );
    }
}

/// `snake_case` and `kebab-case`.
pub(super) fn separated(text: &[u8], connector: char) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 8);
    let mut words = Words(text);
    let mut word = words.next();
    while !words.is_empty() {
        if word.kind != Kind::Connector {
            write(&mut out, word, connector);
        }
        let before = word;
        word = words.next();
        match before.kind {
            Kind::Number => {
                word = attached(&mut out, &mut words, word, connector);
                if !matches!(word.kind, Kind::Nothing | Kind::Punctuation | Kind::Connector) {
                    push(&mut out, connector);
                }
            }
            Kind::Connector => write(&mut out, before, connector),
            Kind::Punctuation => {}
            _ => word = after_letters(&mut out, &mut words, word, connector),
        }
    }
    write(&mut out, word, connector);
    out
}

/// Writes letters and numbers that belong to the number before them; gives the word after them.
fn attached<'a>(out: &mut Vec<u8>, words: &mut Words<'a>, mut word: Word<'a>, connector: char) -> Word<'a> {
    while matches!(word.kind, Kind::Alphabet | Kind::Number) {
        write(out, word, connector);
        word = words.next();
    }
    word
}

/// Decides what comes between letters and `word`, which follows them; gives the word to go on with.
fn after_letters<'a>(out: &mut Vec<u8>, words: &mut Words<'a>, word: Word<'a>, connector: char) -> Word<'a> {
    if word.kind != Kind::Number {
        if !matches!(word.kind, Kind::Connector | Kind::Punctuation) {
            push(out, connector);
        }
        return word;
    }
    if words.is_empty() {
        return word;
    }
    let number = word;
    let word = words.next();
    if word.kind != Kind::Alphabet {
        // The number belongs to the word before it: `Bld4Floor` is `bld4_floor`.
        write(out, number, connector);
        if !matches!(word.kind, Kind::Connector | Kind::Punctuation) {
            push(out, connector);
        }
        return word;
    }
    // Small letters after the number draw it to them: `HTTP2xx` is `http_2xx`.
    push(out, connector);
    write(out, number, connector);
    let word = attached(out, words, word, connector);
    if !matches!(word.kind, Kind::Nothing | Kind::Connector | Kind::Punctuation) {
        push(out, connector);
    }
    word
}

/// `PascalCase`, which Sprig calls `camelcase`.
pub(super) fn pascal(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = runes(text).peekable();
    // Connectors at the beginning stay.
    while let Some(rune) = rest.next_if(|rune| is_connector(*rune)) {
        push(&mut out, rune);
    }
    let Some(first) = rest.next() else {
        // A name of nothing but connectors gets its last one twice.
        if let Some(last) = runes(text).last() {
            push(&mut out, last);
        }
        return out;
    };
    // Whether everything since the beginning of the word was upper case: such a word is written in lower case.
    let mut shouting = is_upper(first);
    let mut held = to_upper(first);
    for rune in rest {
        let next = if is_connector(held) {
            if is_connector(rune) {
                push(&mut out, held);
                rune
            } else {
                shouting = is_upper(rune);
                to_upper(rune)
            }
        } else {
            push(&mut out, held);
            match shouting && is_upper(rune) {
                true => to_lower(rune),
                false => {
                    shouting = false;
                    rune
                }
            }
        };
        held = next;
    }
    push(&mut out, held);
    out
}
