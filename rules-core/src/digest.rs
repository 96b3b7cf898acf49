//! Digests: SHA-256 of canonical bytes, written `sha256:` and 64 hexadecimal digits.

use alloc::string::String;
use sha2::{Digest, Sha256};

/// The digest of some bytes.
///
/// ```
/// assert!(rules_core::digest::sha256(b"").starts_with("sha256:e3b0c442"));
/// ```
pub fn sha256(bytes: &[u8]) -> String {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut out = String::with_capacity(71);
    out.push_str("sha256:");
    for byte in Sha256::digest(bytes) {
        for digit in [byte >> 4, byte & 15] {
            out.push(char::from(HEX.get(usize::from(digit)).copied().unwrap_or(b'0')));
        }
    }
    out
}
