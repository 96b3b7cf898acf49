//! The server's keys: made at the first start, kept in a folder that nobody else may read.
//!
//! In: a folder, chance. Out: signatures. Must not know: what is signed.

use super::signature::{Algorithm, SecretKey};
use super::{base64url, unbase64url};
use crate::app::OpenError;
use crate::db::{Db, Fault};
use crate::edge::Random;
use rules_core::digest::sha256;
use std::io::Write;
use std::path::Path;

/// The server's keys.
pub struct Keys {
    secret: SecretKey,
    public: Vec<u8>,
    id: String,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The secret half is nobody's business.
        f.debug_struct("Keys")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl Keys {
    /// Reads the key of a folder; makes it where there is none. Without `wanted` it is the one that is there, of two the Ed25519 key.
    ///
    /// # Errors
    /// Where the folder cannot be used, or a file holds no key.
    pub fn open(folder: &Path, wanted: Option<Algorithm>, random: &dyn Random) -> Result<Keys, OpenError> {
        let there = |one: &Algorithm| folder.join(one.file()).is_file();
        let algorithm = wanted
            .or_else(|| Algorithm::ALL.into_iter().find(there))
            .unwrap_or_default();
        let path = folder.join(algorithm.file());
        let key = SecretKey::new(algorithm, secret(&path, random)?);
        let secret = key.ok_or_else(|| OpenError::Key(path.clone()))?;
        let public = secret.public();
        let id = id_of(&public);
        Ok(Keys { secret, public, id })
    }

    /// Names the key that signs.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// How it signs.
    pub fn algorithm(&self) -> Algorithm {
        self.secret.algorithm()
    }

    /// The public half: 32 bytes of Ed25519, the 65 of the uncompressed point of SM2.
    pub fn public(&self) -> &[u8] {
        &self.public
    }

    /// The same bytes have the same signature.
    pub(crate) fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self.secret.sign(bytes)
    }

    /// Writes the public half into the database: a receipt is verified by it when the key itself is long gone.
    pub(crate) async fn record(&self, db: &Db) -> Result<(), Fault> {
        let (id, public) = (self.id.clone(), base64url(self.public()));
        let algorithm = self.algorithm().word();
        db.write(move |tx| {
            Box::pin(async move {
                let now = tx.now_ms;
                sqlx::query("INSERT INTO server_keys (id, use_for, algorithm, public, created_ms) VALUES ($1, 'signing', $2, $3, $4) ON CONFLICT (id) DO NOTHING")
                    .bind(id)
                    .bind(algorithm)
                    .bind(public)
                    .bind(now)
                    .execute(tx.sql())
                    .await?;
                Ok(())
            })
        })
        .await
    }
}

/// A key's name: the first 16 digits of its hash.
pub(crate) fn id_of(public: &[u8]) -> String {
    let digest = sha256(public);
    let hex = digest.trim_start_matches("sha256:");
    hex.get(..16).unwrap_or(hex).to_owned()
}

/// 32 secret bytes of a file; made, and on the disk before they are used, where there is none.
pub(crate) fn secret(path: &Path, random: &dyn Random) -> Result<[u8; 32], OpenError> {
    let io = |error| OpenError::Io(path.to_owned(), error);
    match std::fs::read_to_string(path) {
        Ok(text) => unbase64url(text.trim())
            .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
            .ok_or_else(|| OpenError::Key(path.to_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let bytes = random.bytes().map_err(io)?;
            durable(path, format!("{}\n", base64url(&bytes)).as_bytes()).map_err(io)?;
            Ok(bytes)
        }
        Err(error) => Err(io(error)),
    }
}

/// Writes a file that only its owner may read, whole or not at all: also where the power fails.
fn durable(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let draft = path.with_extension("new");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
        options.mode(0o600);
    }
    let mut file = options.open(&draft)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&draft, path)?;
    #[cfg(unix)]
    std::fs::File::open(folder)?.sync_all()?;
    Ok(())
}
