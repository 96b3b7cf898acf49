//! A plain JSON tree.
//!
//! In: well-formed JSON text. Out: a tree that keeps what a strict reader has to complain about: repeated keys, lone
//! surrogates, numbers too large. Must not know: forms.

/// A JSON value.
#[derive(Clone, PartialEq, Debug)]
pub enum Json {
    /// `null`.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// Any number; infinite where the text is beyond a double.
    Number(f64),
    /// Text.
    Text(String),
    /// Text with a lone surrogate, which no `String` can hold.
    Broken,
    /// `[…]`.
    List(Vec<Json>),
    /// `{…}`, in the order of the text, repeated keys included.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads a whole text.
    ///
    /// # Errors
    /// The byte at which the text stops being JSON.
    pub fn parse(text: &str) -> Result<Json, usize> {
        let mut reader = Reader {
            text: text.as_bytes(),
            at: 0,
        };
        let value = reader.value()?;
        reader.space();
        if reader.at == text.len() {
            Ok(value)
        } else {
            Err(reader.at)
        }
    }

    /// The first member of this name.
    pub fn get(&self, key: &str) -> Option<&Json> {
        match self {
            Json::Object(members) => members
                .iter()
                .find(|(name, _)| name == key)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// The items of a list; none of anything else.
    pub fn items(&self) -> &[Json] {
        if let Json::List(items) = self { items } else { &[] }
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        if let Json::Text(text) = self {
            Some(text)
        } else {
            None
        }
    }

    /// The number, if it is one.
    pub fn number(&self) -> Option<f64> {
        if let Json::Number(number) = self {
            Some(*number)
        } else {
            None
        }
    }

    /// Writes the tree; keys in their order.
    pub fn write(&self) -> String {
        match self {
            Json::Null => "null".to_owned(),
            Json::Bool(value) => value.to_string(),
            Json::Number(value) if value.is_infinite() => "1e999".to_owned(),
            Json::Number(value) => number_text(*value),
            Json::Text(text) => quoted(text),
            Json::Broken => "\"\\ud800\"".to_owned(),
            Json::List(items) => format!(
                "[{}]",
                items.iter().map(Json::write).collect::<Vec<_>>().join(",")
            ),
            Json::Object(members) => {
                let member = |(key, value): &(String, Json)| format!("{}:{}", quoted(key), value.write());
                format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(","))
            }
        }
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\u{0}'..='\u{1f}' => out.push_str(&format!("\\u{:04x}", u32::from(character))),
            _ => out.push(character),
        }
    }
    out.push('"');
    out
}

/// A number as JavaScript writes it (RFC 8785 §3.2.2.3).
pub fn number_text(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if (1e-6..1e21).contains(&value.abs()) {
        return value.to_string();
    }
    let text = format!("{value:e}");
    if text.contains("e-") {
        text
    } else {
        text.replace('e', "e+")
    }
}

/// A JSON Pointer token for a key.
pub fn token(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Skips white space, then takes this byte if it is there.
    fn takes(&mut self, byte: u8) -> bool {
        self.space();
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn wants(&mut self, byte: u8) -> Result<(), usize> {
        if self.takes(byte) { Ok(()) } else { Err(self.at) }
    }

    fn word(&mut self, word: &str, value: Json) -> Result<Json, usize> {
        if self
            .text
            .get(self.at..)
            .is_some_and(|rest| rest.starts_with(word.as_bytes()))
        {
            self.at += word.len();
            Ok(value)
        } else {
            Err(self.at)
        }
    }

    fn value(&mut self) -> Result<Json, usize> {
        self.space();
        match self.peek() {
            Some(b'n') => self.word("null", Json::Null),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'"') => Ok(self.string()?.map_or(Json::Broken, Json::Text)),
            Some(b'[') => {
                self.at += 1;
                let mut items = Vec::new();
                if self.takes(b']') {
                    return Ok(Json::List(items));
                }
                loop {
                    items.push(self.value()?);
                    if !self.takes(b',') {
                        self.wants(b']')?;
                        return Ok(Json::List(items));
                    }
                }
            }
            Some(b'{') => {
                self.at += 1;
                let mut members = Vec::new();
                if self.takes(b'}') {
                    return Ok(Json::Object(members));
                }
                loop {
                    self.space();
                    let key = self.string()?.unwrap_or_else(|| "\u{fffd}".to_owned());
                    self.wants(b':')?;
                    members.push((key, self.value()?));
                    if !self.takes(b',') {
                        self.wants(b'}')?;
                        return Ok(Json::Object(members));
                    }
                }
            }
            _ => self.number(),
        }
    }

    fn number(&mut self) -> Result<Json, usize> {
        let start = self.at;
        while matches!(self.peek(), Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')) {
            self.at += 1;
        }
        let text = self
            .text
            .get(start..self.at)
            .and_then(|bytes| str::from_utf8(bytes).ok())
            .unwrap_or("");
        text.parse().map(Json::Number).map_err(|_| start)
    }

    /// A string; `None` inside where it holds a lone surrogate.
    fn string(&mut self) -> Result<Option<String>, usize> {
        if self.peek() != Some(b'"') {
            return Err(self.at);
        }
        self.at += 1;
        let mut units: Vec<u16> = Vec::new();
        let mut bytes: Vec<u8> = Vec::new();
        let flush = |bytes: &mut Vec<u8>, units: &mut Vec<u16>| {
            units.extend(String::from_utf8_lossy(bytes).encode_utf16());
            bytes.clear();
        };
        loop {
            let byte = self.peek().ok_or(self.at)?;
            self.at += 1;
            match byte {
                b'"' => {
                    flush(&mut bytes, &mut units);
                    return Ok(String::from_utf16(&units).ok());
                }
                b'\\' => {
                    flush(&mut bytes, &mut units);
                    let escape = self.peek().ok_or(self.at)?;
                    self.at += 1;
                    units.push(match escape {
                        b'n' => 10,
                        b't' => 9,
                        b'r' => 13,
                        b'b' => 8,
                        b'f' => 12,
                        b'u' => {
                            let hex = self
                                .text
                                .get(self.at..self.at + 4)
                                .and_then(|hex| str::from_utf8(hex).ok());
                            self.at += 4;
                            hex.and_then(|hex| u16::from_str_radix(hex, 16).ok())
                                .ok_or(self.at)?
                        }
                        other => u16::from(other),
                    });
                }
                byte => bytes.push(byte),
            }
        }
    }
}
