//! Strict JSON: a pull reader over text, a small tree, and the canonical writer (RFC 8785).
//!
//! In: text of any origin. Out: tokens, a tree with the *flaws* found on the way, canonical bytes. Must not know: forms.
//! Why not a JSON crate: the contract wants duplicate keys, lone surrogates, unsafe integers and overlong exponents answered at
//! their own path with the rest of the entry still read; the crates that fit `no_std` either stop at the first or let it pass.

mod write;

use crate::limits::MAX_SAFE_INTEGER;
use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use write::write;

pub(crate) use write::push_digits;
pub use write::{write_number, write_string};

/// A JSON value. Object members keep their order.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum Json {
    /// `null`
    #[default]
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A finite number.
    Num(f64),
    /// Text.
    Str(String),
    /// Array.
    Arr(Vec<Json>),
    /// Object.
    Obj(Vec<(String, Json)>),
}

/// What is wrong with a piece of JSON that can still be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Flaw {
    /// A key stands twice in one object.
    DuplicateKey,
    /// Half of a surrogate pair.
    LoneSurrogate,
    /// An integer beyond ±(2^53−1).
    UnsafeInteger,
    /// A number that no double holds.
    NotFinite,
}

/// Why text is not JSON.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SyntaxError {
    /// Byte at which reading stopped.
    pub offset: usize,
    /// What was wrong there.
    pub kind: SyntaxKind,
}

/// The kinds of syntax errors.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SyntaxKind {
    /// The text ended early.
    End,
    /// A byte that cannot stand there.
    Unexpected,
    /// Deeper than the limit.
    TooDeep,
    /// More text after the value.
    Trailing,
}

/// What kind of value comes next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Peek {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number.
    Num,
    /// Text.
    Str,
    /// Array.
    Arr,
    /// Object.
    Obj,
}

/// A number as read.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Number {
    /// The double nearest to it; zero where there is none.
    pub value: f64,
    /// What is wrong with it.
    pub flaw: Option<Flaw>,
}

/// A pull reader. The caller checks `peek` and takes what it wants; whatever it does not want it skips.
pub struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    pos: usize,
    depth: usize,
    max_depth: usize,
}

type Read<T> = Result<T, SyntaxError>;

impl<'a> Reader<'a> {
    /// Reads `text`, refusing values nested deeper than `max_depth`.
    pub fn new(text: &'a str, max_depth: usize) -> Reader<'a> {
        Reader {
            text,
            bytes: text.as_bytes(),
            pos: 0,
            depth: 0,
            max_depth,
        }
    }

    fn error<T>(&self, kind: SyntaxKind) -> Read<T> {
        Err(SyntaxError {
            offset: self.pos,
            kind,
        })
    }

    fn unexpected<T>(&self) -> Read<T> {
        self.error(if self.pos >= self.bytes.len() {
            SyntaxKind::End
        } else {
            SyntaxKind::Unexpected
        })
    }

    #[inline]
    fn byte(&self) -> u8 {
        self.bytes.get(self.pos).copied().unwrap_or(0)
    }

    #[inline]
    fn space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(self.pos) {
            self.pos += 1;
        }
    }

    /// The kind of the next value.
    #[inline]
    pub fn peek(&mut self) -> Read<Peek> {
        self.space();
        match self.byte() {
            b'n' => Ok(Peek::Null),
            b't' | b'f' => Ok(Peek::Bool),
            b'"' => Ok(Peek::Str),
            b'[' => Ok(Peek::Arr),
            b'{' => Ok(Peek::Obj),
            b'-' | b'0'..=b'9' => Ok(Peek::Num),
            _ => self.unexpected(),
        }
    }

    fn word(&mut self, word: &str) -> Read<()> {
        if self
            .bytes
            .get(self.pos..)
            .is_some_and(|rest| rest.starts_with(word.as_bytes()))
        {
            self.pos += word.len();
            Ok(())
        } else {
            self.unexpected()
        }
    }

    /// Takes `null`.
    pub fn null(&mut self) -> Read<()> {
        self.word("null")
    }

    /// Takes `true` or `false`.
    pub fn boolean(&mut self) -> Read<bool> {
        if self.byte() == b't' {
            self.word("true").map(|()| true)
        } else {
            self.word("false").map(|()| false)
        }
    }

    /// Enters an array or object (after `peek`), then call `more` before every item.
    pub fn enter(&mut self) -> Read<()> {
        self.depth += 1;
        if self.depth > self.max_depth {
            return self.error(SyntaxKind::TooDeep);
        }
        self.pos += 1;
        Ok(())
    }

    /// Is there another item? `first` is true before the first. Leaves the container when there is none.
    #[inline]
    pub fn more(&mut self, first: bool, close: u8) -> Read<bool> {
        self.space();
        let byte = self.byte();
        if byte == close {
            self.pos += 1;
            self.depth = self.depth.saturating_sub(1);
            return Ok(false);
        }
        if first {
            return Ok(true);
        }
        if byte != b',' {
            return self.unexpected();
        }
        self.pos += 1;
        self.space();
        if self.byte() == close {
            return self.unexpected();
        }
        Ok(true)
    }

    /// Takes a key and its colon.
    #[inline]
    pub fn key(&mut self) -> Read<Cow<'a, str>> {
        self.space();
        if self.byte() != b'"' {
            return self.unexpected();
        }
        let (key, _) = self.string()?;
        self.space();
        if self.byte() != b':' {
            return self.unexpected();
        }
        self.pos += 1;
        Ok(key)
    }

    /// Takes this key and its colon if they come next in the plainest writing; else nothing is taken. The key needs no escapes.
    #[inline]
    pub fn take_key(&mut self, key: &str) -> bool {
        let start = self.pos + 1;
        let end = start + key.len();
        let taken = self.byte() == b'"'
            && self.bytes.get(start..end) == Some(key.as_bytes())
            && self.bytes.get(end..end + 2) == Some(b"\":".as_slice());
        if taken {
            self.pos = end + 2;
        }
        taken
    }

    /// Takes a text that has no escapes, or `None`.
    #[inline]
    pub fn plain_string(&mut self) -> Option<&'a str> {
        if self.peek().ok()? != Peek::Str {
            return None;
        }
        match self.string().ok()? {
            (Cow::Borrowed(text), None) => Some(text),
            _ => None,
        }
    }

    /// Takes a text. A lone surrogate becomes U+FFFD and is told.
    #[inline]
    pub fn string(&mut self) -> Read<(Cow<'a, str>, Option<Flaw>)> {
        let start = self.pos + 1;
        let rest = self.bytes.get(start..).unwrap_or_default();
        let plain = rest
            .iter()
            .position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20));
        let end = start + plain.unwrap_or(rest.len());
        match self.bytes.get(end) {
            Some(b'"') => {
                self.pos = end + 1;
                Ok((Cow::Borrowed(self.text.get(start..end).unwrap_or("")), None))
            }
            Some(b'\\') => self.escaped(start, end),
            _ => {
                self.pos = end;
                self.unexpected()
            }
        }
    }

    fn escaped(&mut self, start: usize, end: usize) -> Read<(Cow<'a, str>, Option<Flaw>)> {
        let mut out = String::from(self.text.get(start..end).unwrap_or(""));
        let mut flaw = None;
        self.pos = end;
        loop {
            let run = self.pos;
            while !matches!(self.byte(), b'"' | b'\\' | 0..=0x1f) {
                self.pos += 1;
            }
            out.push_str(self.text.get(run..self.pos).unwrap_or(""));
            match self.byte() {
                b'"' => {
                    self.pos += 1;
                    return Ok((Cow::Owned(out), flaw));
                }
                b'\\' => {
                    self.pos += 1;
                    let byte = self.byte();
                    self.pos += 1;
                    match byte {
                        b'"' | b'\\' | b'/' => out.push(char::from(byte)),
                        b'b' => out.push('\u{8}'),
                        b'f' => out.push('\u{c}'),
                        b'n' => out.push('\n'),
                        b'r' => out.push('\r'),
                        b't' => out.push('\t'),
                        b'u' => {
                            let unit = self.hex4()?;
                            match self.scalar(unit)? {
                                Some(c) => out.push(c),
                                None => {
                                    flaw = Some(Flaw::LoneSurrogate);
                                    out.push('\u{fffd}');
                                }
                            }
                        }
                        _ => {
                            self.pos -= 1;
                            return self.unexpected();
                        }
                    }
                }
                _ => return self.unexpected(),
            }
        }
    }

    fn scalar(&mut self, unit: u32) -> Read<Option<char>> {
        if !(0xd800..0xdc00).contains(&unit) {
            return Ok(char::from_u32(unit));
        }
        if self.bytes.get(self.pos..self.pos + 2) != Some(b"\\u".as_slice()) {
            return Ok(None);
        }
        let back = self.pos;
        self.pos += 2;
        let low = self.hex4()?;
        if !(0xdc00..0xe000).contains(&low) {
            self.pos = back;
            return Ok(None);
        }
        Ok(char::from_u32(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00)))
    }

    fn hex4(&mut self) -> Read<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            match char::from(self.byte()).to_digit(16) {
                Some(digit) => unit = unit * 16 + digit,
                None => return self.unexpected(),
            }
            self.pos += 1;
        }
        Ok(unit)
    }

    /// Takes a number: the nearest double, whatever its length.
    pub fn number(&mut self) -> Read<Number> {
        let start = self.pos;
        let negative = self.byte() == b'-';
        if negative {
            self.pos += 1;
        }
        let mut mantissa: u64 = 0;
        let mut digits = 0u32;
        let leading_zero = self.byte() == b'0';
        while let digit @ b'0'..=b'9' = self.byte() {
            mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
            digits += 1;
            self.pos += 1;
        }
        if digits == 0 || (leading_zero && digits > 1) {
            self.pos = start + usize::from(negative) + usize::from(digits > 0);
            return self.unexpected();
        }
        let mut fraction = 0u32;
        if self.byte() == b'.' {
            self.pos += 1;
            while let digit @ b'0'..=b'9' = self.byte() {
                mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
                fraction += 1;
                self.pos += 1;
            }
            if fraction == 0 {
                return self.unexpected();
            }
        }
        let plain = !matches!(self.byte(), b'e' | b'E');
        if !plain {
            self.pos += 1;
            if matches!(self.byte(), b'+' | b'-') {
                self.pos += 1;
            }
            let first = self.pos;
            while self.byte().is_ascii_digit() {
                self.pos += 1;
            }
            if self.pos == first {
                return self.unexpected();
            }
        }
        // Fifteen digits and a power of ten up to 10^22 are exact, so one division rounds correctly.
        let value = match (plain && digits + fraction <= 15, POWERS.get(fraction as usize)) {
            (true, Some(power)) => {
                let value = mantissa as f64 / power;
                if negative { -value } else { value }
            }
            _ => self
                .text
                .get(start..self.pos)
                .map_or(f64::NAN, crate::decimal::nearest),
        };
        Ok(number(value))
    }

    /// Skips the next value.
    pub fn skip(&mut self) -> Read<()> {
        match self.peek()? {
            Peek::Null => self.null(),
            Peek::Bool => self.boolean().map(|_| ()),
            Peek::Num => self.number().map(|_| ()),
            Peek::Str => self.string().map(|_| ()),
            Peek::Arr => {
                self.enter()?;
                let mut first = true;
                while self.more(first, b']')? {
                    first = false;
                    self.skip()?;
                }
                Ok(())
            }
            Peek::Obj => {
                self.enter()?;
                let mut first = true;
                while self.more(first, b'}')? {
                    first = false;
                    self.key()?;
                    self.skip()?;
                }
                Ok(())
            }
        }
    }

    /// Where the reader stands.
    pub fn mark(&self) -> (usize, usize) {
        (self.pos, self.depth)
    }

    /// Goes back to where the reader stood.
    pub fn back_to(&mut self, (pos, depth): (usize, usize)) {
        self.pos = pos;
        self.depth = depth;
    }

    /// Takes the next value as a tree. Flaws are added with their pointers, relative to the value.
    pub fn tree(&mut self, at: &mut String, flaws: &mut Vec<(String, Flaw)>) -> Read<Json> {
        let value = match self.peek()? {
            Peek::Null => self.null().map(|()| Json::Null)?,
            Peek::Bool => Json::Bool(self.boolean()?),
            Peek::Num => {
                let number = self.number()?;
                flaws.extend(number.flaw.map(|flaw| (at.clone(), flaw)));
                if number.flaw == Some(Flaw::NotFinite) {
                    Json::Null
                } else {
                    Json::Num(number.value)
                }
            }
            Peek::Str => {
                let (text, flaw) = self.string()?;
                flaws.extend(flaw.map(|flaw| (at.clone(), flaw)));
                Json::Str(text.into_owned())
            }
            Peek::Arr => {
                self.enter()?;
                let mut items = Vec::new();
                while self.more(items.is_empty(), b']')? {
                    let length = at.len();
                    push_index(at, items.len());
                    items.push(self.tree(at, flaws)?);
                    at.truncate(length);
                }
                Json::Arr(items)
            }
            Peek::Obj => {
                self.enter()?;
                let mut members: Vec<(String, Json)> = Vec::new();
                // A set only for wide objects: narrow ones are searched faster than they are sorted. A map, because tables have that type already.
                let mut seen: BTreeMap<String, u32> = BTreeMap::new();
                let mut first = true;
                while self.more(first, b'}')? {
                    first = false;
                    let key = self.key()?.into_owned();
                    let length = at.len();
                    push_key(at, &key);
                    let value = self.tree(at, flaws)?;
                    if members.len() == 16 {
                        // One by one: collecting would sort first, with a sort of its own.
                        for (key, _) in &members {
                            seen.insert(key.clone(), 0);
                        }
                    }
                    let duplicate = if members.len() < 16 {
                        members.iter().any(|(k, _)| *k == key)
                    } else {
                        seen.insert(key.clone(), 0).is_some()
                    };
                    if duplicate {
                        flaws.push((at.clone(), Flaw::DuplicateKey));
                        if let Some(member) = members.iter_mut().find(|(k, _)| *k == key) {
                            member.1 = value;
                        }
                    } else {
                        members.push((key, value));
                    }
                    at.truncate(length);
                }
                Json::Obj(members)
            }
        };
        Ok(value)
    }

    /// Checks that nothing but white space follows.
    pub fn end(&mut self) -> Read<()> {
        self.space();
        if self.pos < self.bytes.len() {
            self.error(SyntaxKind::Trailing)
        } else {
            Ok(())
        }
    }
}

const POWERS: [f64; 16] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];

fn number(value: f64) -> Number {
    if !value.is_finite() {
        Number {
            value: 0.0,
            flaw: Some(Flaw::NotFinite),
        }
    } else if value.abs() > MAX_SAFE_INTEGER {
        Number {
            value,
            flaw: Some(Flaw::UnsafeInteger),
        }
    } else {
        Number { value, flaw: None }
    }
}

/// Appends `/key` to a JSON Pointer (RFC 6901).
pub fn push_key(pointer: &mut String, key: &str) {
    pointer.push('/');
    for c in key.chars() {
        match c {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            c => pointer.push(c),
        }
    }
}

/// Appends `/index` to a JSON Pointer.
pub fn push_index(pointer: &mut String, index: usize) {
    pointer.push('/');
    push_digits(pointer, index as u64, 1);
}

/// Reads a whole text as a tree with its flaws.
///
/// # Errors
/// Where the text is not JSON, or nests deeper than `max_depth`.
pub fn parse(text: &str, max_depth: usize) -> Result<(Json, Vec<(String, Flaw)>), SyntaxError> {
    let mut reader = Reader::new(text, max_depth);
    let mut flaws = Vec::new();
    let tree = reader.tree(&mut String::new(), &mut flaws)?;
    reader.end()?;
    Ok((tree, flaws))
}

impl Json {
    /// The member of an object.
    pub fn get(&self, key: &str) -> Option<&Json> {
        match self {
            Json::Obj(members) => members.iter().find(|(k, _)| k == key).map(|(_, v)| v),
            Json::Null | Json::Bool(_) | Json::Num(_) | Json::Str(_) | Json::Arr(_) => None,
        }
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        if let Json::Str(text) = self {
            Some(text)
        } else {
            None
        }
    }

    /// The value of a number.
    pub fn as_num(&self) -> Option<f64> {
        if let Json::Num(value) = self {
            Some(*value)
        } else {
            None
        }
    }

    /// The items of an array.
    pub fn as_arr(&self) -> Option<&[Json]> {
        if let Json::Arr(items) = self {
            Some(items)
        } else {
            None
        }
    }

    /// Canonical text (RFC 8785): sorted keys, shortest numbers, minimal escapes.
    pub fn canonical(&self) -> String {
        let mut out = String::new();
        write(self, &mut out);
        out
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Json {
        Json::Str(text.into())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Json {
        Json::Str(text)
    }
}

impl From<f64> for Json {
    fn from(value: f64) -> Json {
        Json::Num(value)
    }
}

impl From<u32> for Json {
    fn from(value: u32) -> Json {
        Json::Num(f64::from(value))
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Json {
        Json::Bool(value)
    }
}
