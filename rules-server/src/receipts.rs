//! Receipts: what the server signs, and the keys that it signs with.
//!
//! In: facts of something received. Out: canonical JSON with a signature. Must not know: how anything is stored.

mod keys;
mod signature;

pub use keys::Keys;
pub(crate) use keys::{id_of, secret};
pub use signature::{Algorithm, SigningPublicKey};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rules_core::json::Json;

/// Bytes as a URL and a JSON text can hold them.
pub fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes again.
pub fn unbase64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Signs an object: adds `key` and `signature`, the latter over the canonical bytes of everything else, and gives canonical bytes.
pub(crate) fn signed(keys: &Keys, mut members: Vec<(String, Json)>) -> String {
    members.push(("key".to_owned(), keys.id().into()));
    let bytes = Json::Obj(members.clone()).canonical();
    members.push((
        "signature".to_owned(),
        base64url(&keys.sign(bytes.as_bytes())).into(),
    ));
    Json::Obj(members).canonical()
}

/// Why a receipt is not believed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Forged {
    /// It is not the JSON of a receipt.
    NotReceipt,
    /// It is by another key.
    OtherKey,
    /// The signature is not over these bytes.
    Signature,
}

/// Does a receipt (or a completion) carry a valid signature by the key with this id?
///
/// # Errors
/// Why not.
pub fn verify(receipt: &str, id: &str, public: &SigningPublicKey) -> Result<(), Forged> {
    let Ok((Json::Obj(mut members), flaws)) = rules_core::json::parse(receipt, 8) else {
        return Err(Forged::NotReceipt);
    };
    if !flaws.is_empty() {
        return Err(Forged::NotReceipt);
    }
    let text = |name: &str| {
        members
            .iter()
            .find(|(key, _)| key == name)
            .and_then(|(_, value)| value.as_str())
    };
    if text("key") != Some(id) {
        return Err(Forged::OtherKey);
    }
    let signature = text("signature")
        .and_then(unbase64url)
        .and_then(|bytes| <[u8; 64]>::try_from(bytes).ok())
        .ok_or(Forged::NotReceipt)?;
    members.retain(|(key, _)| key != "signature");
    let bytes = Json::Obj(members).canonical();
    if public.holds(bytes.as_bytes(), &signature) {
        Ok(())
    } else {
        Err(Forged::Signature)
    }
}
