//! Sealed bodies: what a phone encrypts to the server's key, so that nothing of it can be read on the way or on the phone afterwards.
//!
//! In: a sealed body, the id that it is sent under. Out: the plain body. Must not know: what is in it.
//!
//! HPKE (RFC 9180) in base mode: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM; `info` is `weibao submission`, `aad` the
//! submission's id.

use crate::app::OpenError;
use crate::edge::Random;
use crate::openapi::shapes::Base64Url;
use crate::problem::{Kind, Problem};
use crate::receipts::{id_of, secret, unbase64url};
use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::DhP256HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, Serializable};
use serde::Deserialize;
use std::path::Path;
use utoipa::ToSchema;

/// The media type of a sealed body.
pub const MEDIA_TYPE: &str = "application/vnd.weibao.sealed+json";

const INFO: &[u8] = b"weibao submission";

/// A sealed body.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    /// 1
    #[schema(minimum = 1, maximum = 1)]
    sealed: u8,
    /// Id of the server's sealing key.
    key: String,
    /// base64url of the encapsulated key, an uncompressed point.
    #[schema(value_type = Base64Url)]
    enc: String,
    /// base64url
    #[schema(value_type = Base64Url)]
    ciphertext: String,
}

/// The key that bodies are sealed to.
pub struct SealingKey {
    id: String,
    public: Vec<u8>,
    private: <DhP256HkdfSha256 as Kem>::PrivateKey,
}

impl std::fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The secret half is nobody's business.
        f.debug_struct("SealingKey")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl SealingKey {
    /// Reads the key of a folder; makes it where there is none.
    ///
    /// # Errors
    /// Where the folder cannot be used, or the file holds no key.
    pub(crate) fn open(folder: &Path, random: &dyn Random) -> Result<SealingKey, OpenError> {
        let seed = secret(&folder.join("sealing.key"), random)?;
        Ok(SealingKey::of(&seed))
    }

    /// The key of a seed (RFC 9180, 7.1.3).
    pub fn of(seed: &[u8]) -> SealingKey {
        let (private, public) = DhP256HkdfSha256::derive_keypair(seed);
        let public = public.to_bytes().to_vec();
        SealingKey {
            id: id_of(&public),
            public,
            private,
        }
    }

    /// Names the key.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The public half, an uncompressed point.
    pub fn public(&self) -> &[u8] {
        &self.public
    }

    /// The plain body of a sealed one that was sent under `id`.
    ///
    /// # Errors
    /// `bad-request` where it is none, `not-opened` where it is sealed to another key, for another id, or damaged.
    pub fn open_body(&self, body: &[u8], id: &str) -> Result<Vec<u8>, Problem> {
        let sealed: Sealed = serde_json::from_slice(body).map_err(|error| match error.is_data() {
            true => Problem::new(
                Kind::BadRequest,
                "a sealed body has `sealed`, `key`, `enc` and `ciphertext`",
            ),
            false => Problem::new(Kind::BadJson, ""),
        })?;
        if sealed.sealed != 1 {
            return Err(Problem::new(Kind::BadRequest, "this server knows version 1").at("/sealed"));
        }
        if sealed.key != self.id {
            let detail = "it is sealed to another key; GET /v1/keys has the present one";
            return Err(Problem::new(Kind::NotOpened, detail).at("/key"));
        }
        let bytes = |text: &str, at: &str| {
            unbase64url(text).ok_or_else(|| Problem::new(Kind::BadRequest, "this is not base64url").at(at))
        };
        let enc = bytes(&sealed.enc, "/enc")?;
        let ciphertext = bytes(&sealed.ciphertext, "/ciphertext")?;
        let closed = || {
            Problem::new(
                Kind::NotOpened,
                "it is damaged, or was sealed for another submission",
            )
        };
        let enc =
            <DhP256HkdfSha256 as Kem>::EncappedKey::from_bytes(&enc).map_err(|_| closed().at("/enc"))?;
        hpke::single_shot_open::<AesGcm256, HkdfSha256, DhP256HkdfSha256>(
            &OpModeR::Base,
            &self.private,
            &enc,
            INFO,
            &ciphertext,
            id.as_bytes(),
        )
        .map_err(|_| closed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01935c3a-7a00-7000-8000-000000000001";

    /// `ikmR` of RFC 9180, appendix A.3.1.
    const SEED: &str = "668b37171f1072f3cf12ea8a236a45df23fc13b82af3609ad1e354f6ef817550";

    fn key() -> SealingKey {
        let digits = SEED.as_bytes().chunks(2);
        let bytes = digits.filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
        SealingKey::of(&bytes.collect::<Vec<u8>>())
    }

    /// Sealed by `@hpke/core` 1 in Node, to the key of the seed above.
    fn sealed() -> String {
        format!(
            r#"{{"sealed":1,"key":"{}","enc":"BM0qQknP2CJZyOctLl4kBYjCFbMHh8y_x0_LNFVcizeN5UuJ65uduaLS_jqmmhtEEU6nLUP-y33Q44nSF6YYzFs","ciphertext":"U6xUnSRMDzHch1gDiwIkHpBZwpzC3oseP_At6b5-Hg"}}"#,
            key().id()
        )
    }

    #[test]
    fn the_key_of_a_seed_is_that_of_the_standard() {
        let hex: String = key().public().iter().map(|byte| format!("{byte:02x}")).collect();
        // `pkRm` of A.3.1.
        assert_eq!(
            hex,
            "04fe8c19ce0905191ebc298a9245792531f26f0cece2460639e8bc39cb7f706a826a779b4cf969b8a0e539c7f62fb3d30ad6aa8f80e30f1d128aafd68a2ce72ea0"
        );
    }

    #[test]
    fn what_another_implementation_sealed_is_opened() {
        let plain = key().open_body(sealed().as_bytes(), ID);
        assert_eq!(plain.unwrap_or_default(), "{\"未保\":true}".as_bytes());
    }

    #[test]
    fn what_was_sealed_otherwise_is_not() {
        let good = sealed();
        let kind = |body: &str, id: &str| {
            key()
                .open_body(body.as_bytes(), id)
                .err()
                .map(|problem| problem.kind())
        };
        assert_eq!(
            kind(&good, "01935c3a-7a00-7000-8000-000000000002"),
            Some(Kind::NotOpened)
        );
        assert_eq!(kind(&good.replace("U6xU", "U6xV"), ID), Some(Kind::NotOpened));
        assert_eq!(kind(&good.replace("BM0q", "BM0r"), ID), Some(Kind::NotOpened));
        assert_eq!(kind(&good.replace(key().id(), "0"), ID), Some(Kind::NotOpened));
        assert_eq!(
            kind(&good.replace("\"sealed\":1", "\"sealed\":2"), ID),
            Some(Kind::BadRequest)
        );
        assert_eq!(kind(&good.replace("U6xU", "!!!!"), ID), Some(Kind::BadRequest));
        assert_eq!(kind("{}", ID), Some(Kind::BadRequest));
        assert_eq!(kind("{", ID), Some(Kind::BadJson));
    }
}
