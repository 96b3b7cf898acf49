//! The canonical writer (RFC 8785): sorted keys, numbers as ECMAScript writes them, minimal escapes.
//!
//! In: a tree, a number, a text. Out: bytes, equal on every platform. Must not know: where they go.

use super::Json;
use alloc::string::String;
use alloc::vec::Vec;

/// Writes a tree.
pub(super) fn write(value: &Json, out: &mut String) {
    match value {
        Json::Null => out.push_str("null"),
        Json::Bool(true) => out.push_str("true"),
        Json::Bool(false) => out.push_str("false"),
        Json::Num(value) => write_number(*value, out),
        Json::Str(text) => write_string(text, out),
        Json::Arr(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Json::Obj(members) => {
            let mut sorted: Vec<&(String, Json)> = members.iter().collect();
            crate::sort::sort_by(&mut sorted, |a, b| key_order(&a.0, &b.0));
            out.push('{');
            for (i, (key, value)) in sorted.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write_string(key, out);
                out.push(':');
                write(value, out);
            }
            out.push('}');
        }
    }
}

/// The order of keys: by UTF-16 units. Bytes of UTF-8 stand in the same order up to U+DFFF, which is below the byte 0xEE.
fn key_order(a: &str, b: &str) -> core::cmp::Ordering {
    if a.bytes().chain(b.bytes()).all(|byte| byte < 0xee) {
        a.cmp(b)
    } else {
        a.encode_utf16().cmp(b.encode_utf16())
    }
}

/// Appends a whole number with at least `width` digits. What `core::fmt` brings for this is two kilobytes in every form.
pub(crate) fn push_digits(out: &mut String, value: u64, width: usize) {
    let mut digits = [b'0'; 20];
    let mut first = digits.len();
    let mut rest = value;
    for (at, digit) in digits.iter_mut().enumerate().rev() {
        if rest == 0 && 20 - at > width {
            break;
        }
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
        first = at;
    }
    out.extend(digits.iter().skip(first).map(|digit| char::from(*digit)));
}

/// Writes a number as ECMAScript does; one that is not finite as `null`.
pub fn write_number(value: f64, out: &mut String) {
    if value.is_finite() {
        out.push_str(ryu_js::Buffer::new().format_finite(if value == 0.0 { 0.0 } else { value }));
    } else {
        out.push_str("null");
    }
}

/// Writes a text with the escapes that RFC 8785 asks for.
pub fn write_string(text: &str, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push('"');
    let mut run = 0;
    for (i, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(text.get(run..i).unwrap_or(""));
        run = i + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            0x08 => out.push_str("\\b"),
            0x09 => out.push_str("\\t"),
            0x0a => out.push_str("\\n"),
            0x0c => out.push_str("\\f"),
            0x0d => out.push_str("\\r"),
            control => {
                out.push_str("\\u00");
                for digit in [control >> 4, control & 15] {
                    out.push(char::from(HEX.get(usize::from(digit)).copied().unwrap_or(b'0')));
                }
            }
        }
    }
    out.push_str(text.get(run..).unwrap_or(""));
    out.push('"');
}
