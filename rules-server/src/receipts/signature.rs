//! The two ways to sign: Ed25519 everywhere, SM2 with SM3 where Chinese commercial cryptography is required.
//!
//! In: secret bytes, bytes. Out: signatures of 64 bytes. Must not know: what is signed. Both are deterministic (RFC 8032; the number that SM2
//! needs is derived as RFC 6979 says), so the same bytes have the same signature.

use ed25519_compact::{KeyPair, Seed};
use sm2::dsa::signature::{Signer, Verifier};
use sm2::dsa::{Signature as Sm2Signature, SigningKey, VerifyingKey};

/// The signer's identity that enters an SM2 signature: the one that GM/T 0009-2012 sets where parties agreed on no other.
const SM2_ID: &str = "1234567812345678";

/// How receipts are signed.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Algorithm {
    /// RFC 8032.
    #[default]
    Ed25519,
    /// SM2 digital signatures with SM3 (GB/T 32918.2, GB/T 32905).
    Sm2,
}

impl Algorithm {
    /// All of them.
    pub const ALL: [Algorithm; 2] = [Algorithm::Ed25519, Algorithm::Sm2];

    /// Its name in `GET /v1/keys` and in the database.
    ///
    /// ```
    /// assert_eq!(rules_server::Algorithm::Sm2.word(), "SM2");
    /// ```
    pub fn word(self) -> &'static str {
        match self {
            Algorithm::Ed25519 => "Ed25519",
            Algorithm::Sm2 => "SM2",
        }
    }

    /// The algorithm of that name, in whatever case.
    pub fn of_word(word: &str) -> Option<Algorithm> {
        Self::ALL
            .into_iter()
            .find(|one| one.word().eq_ignore_ascii_case(word))
    }

    pub(super) fn file(self) -> &'static str {
        match self {
            Algorithm::Ed25519 => "signing.key",
            Algorithm::Sm2 => "signing-sm2.key",
        }
    }
}

/// The half that signs.
pub(super) enum SecretKey {
    Ed25519(KeyPair),
    Sm2(Box<SigningKey>),
}

impl SecretKey {
    /// Nothing where the bytes are no secret of that algorithm: an SM2 key is a number between 1 and the order of the curve, which all
    /// but one in 2^32 texts of 32 bytes are.
    pub(super) fn new(algorithm: Algorithm, secret: [u8; 32]) -> Option<SecretKey> {
        match algorithm {
            Algorithm::Ed25519 => Some(SecretKey::Ed25519(KeyPair::from_seed(Seed::new(secret)))),
            Algorithm::Sm2 => {
                let key = SigningKey::from_slice(SM2_ID, &secret).ok()?;
                Some(SecretKey::Sm2(Box::new(key)))
            }
        }
    }

    pub(super) fn algorithm(&self) -> Algorithm {
        match self {
            SecretKey::Ed25519(_) => Algorithm::Ed25519,
            SecretKey::Sm2(_) => Algorithm::Sm2,
        }
    }

    /// 32 bytes of Ed25519, the 65 of the uncompressed point of SM2.
    pub(super) fn public(&self) -> Vec<u8> {
        match self {
            SecretKey::Ed25519(pair) => pair.pk.as_slice().to_vec(),
            SecretKey::Sm2(key) => key.verifying_key().to_sec1_bytes().to_vec(),
        }
    }

    pub(super) fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        match self {
            SecretKey::Ed25519(pair) => *pair.sk.sign(bytes, None),
            SecretKey::Sm2(key) => {
                let signature: Sm2Signature = key.sign(bytes);
                signature.to_bytes().into()
            }
        }
    }
}

/// The half that anybody may know.
#[derive(Clone, Debug)]
pub struct SigningPublicKey(Inner);

#[derive(Clone, Debug)]
enum Inner {
    Ed25519(ed25519_compact::PublicKey),
    Sm2(Box<VerifyingKey>),
}

impl SigningPublicKey {
    /// Reads what `GET /v1/keys` gives: `alg`, and the bytes of `public`. Nothing where they are no key.
    pub fn read(alg: &str, public: &[u8]) -> Option<SigningPublicKey> {
        let inner = match Algorithm::of_word(alg)? {
            Algorithm::Ed25519 => Inner::Ed25519(ed25519_compact::PublicKey::from_slice(public).ok()?),
            Algorithm::Sm2 => Inner::Sm2(Box::new(VerifyingKey::from_sec1_bytes(SM2_ID, public).ok()?)),
        };
        Some(SigningPublicKey(inner))
    }

    /// Is this its signature over these bytes?
    pub(super) fn holds(&self, bytes: &[u8], signature: &[u8; 64]) -> bool {
        match &self.0 {
            Inner::Ed25519(key) => key
                .verify(bytes, &ed25519_compact::Signature::new(*signature))
                .is_ok(),
            Inner::Sm2(key) => Sm2Signature::from_bytes(signature.into())
                .is_ok_and(|signature| key.verify(bytes, &signature).is_ok()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Algorithm, SecretKey, SigningPublicKey};

    #[test]
    fn only_its_own_signature_over_the_same_bytes_holds() {
        for algorithm in Algorithm::ALL {
            let proven = || {
                let [one, other] = [[7; 32], [9; 32]].map(|secret| SecretKey::new(algorithm, secret));
                let (one, other) = (one?, other?);
                let public = SigningPublicKey::read(algorithm.word(), &one.public())?;
                let signature = one.sign(b"bytes");
                Some([
                    signature == one.sign(b"bytes"),
                    public.holds(b"bytes", &signature),
                    !public.holds(b"byteS", &signature),
                    !public.holds(b"bytes", &other.sign(b"bytes")),
                    !public.holds(b"bytes", &[0; 64]),
                    !public.holds(b"bytes", &[0xff; 64]),
                ])
            };
            assert_eq!(proven(), Some([true; 6]), "{algorithm:?}");
        }
    }

    #[test]
    fn what_is_no_key_is_none() {
        assert!(SecretKey::new(Algorithm::Sm2, [0; 32]).is_none());
        assert!(SecretKey::new(Algorithm::Sm2, [0xff; 32]).is_none());
        assert!(SigningPublicKey::read("SM2", &[4; 65]).is_none());
        assert!(SigningPublicKey::read("Ed25519", &[1; 31]).is_none());
        assert!(SigningPublicKey::read("RSA", &[1; 32]).is_none());
    }
}
