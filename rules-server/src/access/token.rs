//! Tokens: secrets that stand for somebody. Only their hash is stored.
//!
//! In: chance. Out: texts `wb_<kind>_<base64url>`. Must not know: what a token allows.

use crate::app::App;
use crate::problem::{Kind, Problem};
use crate::receipts::base64url;
use rules_core::digest::sha256;

/// How a device's token begins.
pub(crate) const DEVICE: &str = "wb_device_";

/// How a session's token begins.
pub(crate) const SESSION: &str = "wb_session_";

/// What is kept of a token.
pub(crate) fn hash(token: &str) -> String {
    sha256(token.as_bytes())
}

/// Bytes that nobody can guess.
pub(crate) fn chance(app: &App) -> Result<[u8; 32], Problem> {
    let bytes = app.random.bytes();
    bytes.map_err(|_| Problem::new(Kind::Internal, "the system gives no random bytes"))
}

/// A new token; it exists nowhere else.
pub(crate) fn fresh(app: &App, kind: &str) -> Result<String, Problem> {
    Ok(format!("{kind}{}", base64url(&chance(app)?)))
}

/// A new id: 72 bits, so that it need not be asked for whether it is taken.
pub(crate) fn id(app: &App) -> Result<String, Problem> {
    let bytes = chance(app)?;
    Ok(base64url(bytes.get(..9).unwrap_or(&bytes)))
}
