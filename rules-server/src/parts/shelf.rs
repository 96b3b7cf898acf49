//! Where the bytes of parts lie: finished ones in an object store, unfinished ones in files of their own.
//!
//! In: bytes. Out: bytes. Must not know: the database.

use crate::app::OpenError;
use crate::problem::{Kind, Problem};
use axum::body::Body;
use futures_util::StreamExt;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use rules_core::digest::sha256;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::io::AsyncWriteExt;
use tokio::sync::{Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard, Semaphore};

/// Uploads that go on at the same time and do not wait for one another, at most.
const LOCKS: usize = 64;

/// Parts that are held in memory at the same time, each up to 20 MiB.
const IN_MEMORY: usize = 4;

/// The store of parts.
#[derive(Debug)]
pub struct Shelf {
    store: Arc<dyn ObjectStore>,
    uploads: PathBuf,
    locks: Vec<Mutex<()>>,
    memory: Semaphore,
    removing: RwLock<()>,
}

impl Shelf {
    /// Parts in a bucket, where one is named, else in `folder`.
    ///
    /// # Errors
    /// Where either cannot be used.
    pub(crate) async fn open(bucket: Option<&str>, folder: &Path) -> Result<Shelf, OpenError> {
        match bucket {
            Some(address) => Shelf::in_bucket(address, folder).await,
            None => Shelf::on_disk(folder).map_err(|error| OpenError::Io(folder.to_owned(), error)),
        }
    }

    /// Parts in `folder`; each is flushed to the disk, and its folder, before it counts as stored.
    ///
    /// # Errors
    /// Where the folder cannot be used.
    pub fn on_disk(folder: &Path) -> std::io::Result<Shelf> {
        let parts = folder.join("parts");
        std::fs::create_dir_all(&parts)?;
        let store = LocalFileSystem::new_with_prefix(&parts).map_err(std::io::Error::other)?;
        Shelf::over(Arc::new(store.with_fsync(true)), folder)
    }

    /// Parts in a bucket, `s3://BUCKET/PREFIX`; unfinished ones in `folder`. The environment says how the bucket is reached: `AWS_ACCESS_KEY_ID`,
    /// `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, and for another service than Amazon's `AWS_ENDPOINT` and, where it has no TLS, `AWS_ALLOW_HTTP`.
    ///
    /// # Errors
    /// Where the address cannot be one, or the bucket does not answer.
    async fn in_bucket(address: &str, folder: &Path) -> Result<Shelf, OpenError> {
        let refused = |what: &str| OpenError::Settings(format!("the store of parts, `{address}`: {what}"));
        let bucket = address.strip_prefix("s3://").unwrap_or("");
        let (bucket, prefix) = bucket.split_once('/').unwrap_or((bucket, ""));
        if bucket.is_empty() {
            return Err(refused(
                "an address of a bucket is written s3://BUCKET or s3://BUCKET/PREFIX",
            ));
        }
        // Where another part of the program was first, it chose the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let built = AmazonS3Builder::from_env().with_bucket_name(bucket).build();
        let store = PrefixStore::new(built.map_err(|error| refused(&error.to_string()))?, prefix);
        // A store that cannot be reached is found now, and not by the first photo.
        if let Some(Err(error)) = store.list(Some(&Key::from("00"))).next().await {
            return Err(refused(&error.to_string()));
        }
        Shelf::over(Arc::new(store), folder).map_err(|error| OpenError::Io(folder.to_owned(), error))
    }

    /// Parts in any object store; unfinished ones in `folder`.
    ///
    /// # Errors
    /// Where the folder cannot be used.
    pub fn over(store: Arc<dyn ObjectStore>, folder: &Path) -> std::io::Result<Shelf> {
        let uploads = folder.join("uploads");
        std::fs::create_dir_all(&uploads)?;
        Ok(Shelf {
            store,
            uploads,
            locks: (0..LOCKS).map(|_| Mutex::new(())).collect(),
            memory: Semaphore::new(IN_MEMORY),
            removing: RwLock::new(()),
        })
    }

    /// Waits until nobody else adds to this upload.
    pub(super) async fn alone(&self, upload: &str) -> Option<MutexGuard<'_, ()>> {
        let mut hasher = DefaultHasher::new();
        upload.hash(&mut hasher);
        let number = usize::try_from(hasher.finish() % LOCKS as u64).unwrap_or(0);
        match self.locks.get(number) {
            Some(lock) => Some(lock.lock().await),
            None => None,
        }
    }

    /// Until this is dropped no bytes are removed: they would be those of a part that just arrives again.
    pub(super) async fn keeping(&self) -> RwLockReadGuard<'_, ()> {
        self.removing.read().await
    }

    /// Until this is dropped no part arrives.
    pub(super) async fn removing(&self) -> RwLockWriteGuard<'_, ()> {
        self.removing.write().await
    }

    fn file(&self, upload: &str) -> PathBuf {
        self.uploads.join(upload)
    }

    /// How much of an upload is here.
    pub(super) async fn length(&self, upload: &str) -> Result<u64, Problem> {
        match tokio::fs::metadata(self.file(upload)).await {
            Ok(about) => Ok(about.len()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
            Err(error) => Err(disk(&error)),
        }
    }

    /// Begins anew.
    pub(super) async fn begin(&self, upload: &str) -> Result<(), Problem> {
        match tokio::fs::remove_file(self.file(upload)).await {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(disk(&error)),
            _ => Ok(()),
        }
    }

    /// Adds bytes behind the `offset` that are here, and gives how many there are now. What came before a connection broke is kept.
    pub(super) async fn add(
        &self,
        upload: &str,
        offset: u64,
        limit: u64,
        body: Body,
    ) -> Result<u64, Problem> {
        let mut options = tokio::fs::OpenOptions::new();
        let file = options.create(true).append(true).open(self.file(upload)).await;
        let mut file = file.map_err(|error| disk(&error))?;
        let (mut length, mut pieces) = (offset, body.into_data_stream());
        let ended = loop {
            match pieces.next().await {
                None => break Ok(length),
                Some(Ok(piece)) => {
                    let next = length + piece.len() as u64;
                    if next > limit {
                        break Err(Problem::new(
                            Kind::TooLarge,
                            "the part has more bytes than it may",
                        ));
                    }
                    if let Err(error) = file.write_all(&piece).await {
                        break Err(disk(&error));
                    }
                    length = next;
                }
                Some(Err(_)) => break Err(Problem::new(Kind::BrokenOff, "")),
            }
        };
        file.flush().await.map_err(|error| disk(&error))?;
        ended
    }

    /// Makes an upload a part, if its bytes have this digest; else it is thrown away. Gives its length.
    pub(super) async fn finish(&self, upload: &str, digest: &str) -> Result<u64, Problem> {
        let _turn = self
            .memory
            .acquire()
            .await
            .map_err(|_| Problem::new(Kind::Internal, ""))?;
        let bytes = tokio::fs::read(self.file(upload))
            .await
            .map_err(|error| disk(&error))?;
        let hashed = tokio::task::spawn_blocking(move || (sha256(&bytes), bytes)).await;
        let (found, bytes) = hashed.map_err(|_| Problem::new(Kind::Internal, ""))?;
        if found != digest {
            self.begin(upload).await?;
            let detail = "the bytes have another digest than the address; they were not kept";
            return Err(Problem::new(Kind::WrongDigest, detail).with("received", found));
        }
        let length = bytes.len() as u64;
        self.store
            .put(&key(digest), PutPayload::from(bytes))
            .await
            .map_err(|error| store(&error))?;
        Ok(length)
    }

    /// The bytes of a part; nothing where it is not here.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn read(&self, digest: &str) -> Result<Option<axum::body::Bytes>, Problem> {
        match self.store.get(&key(digest)).await {
            Ok(found) => found.bytes().await.map(Some).map_err(|error| store(&error)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(store(&error)),
        }
    }

    /// Stores a part whose digest is known to be that of its bytes, as a restored backup does.
    ///
    /// # Errors
    /// Where the store does not take it.
    pub async fn restore(&self, digest: &str, bytes: Vec<u8>) -> Result<(), Problem> {
        let put = self.store.put(&key(digest), PutPayload::from(bytes)).await;
        put.map(|_| ()).map_err(|error| store(&error))
    }

    /// Removes a part, as a purge does.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn remove(&self, digest: &str) -> Result<(), Problem> {
        match self.store.delete(&key(digest)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(store(&error)),
        }
    }
}

/// `ab/abcdef…`: no folder holds more than a 256th of all.
fn key(digest: &str) -> Key {
    let hex = digest.trim_start_matches("sha256:");
    Key::from(format!("{}/{hex}", hex.get(..2).unwrap_or("")))
}

fn disk(error: &std::io::Error) -> Problem {
    tracing::error!(fault = %error, "parts");
    let kind = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => Kind::StorageFull,
        _ => Kind::Unavailable,
    };
    Problem::new(
        kind,
        "nothing was acknowledged; send the same request again later",
    )
}

fn store(error: &object_store::Error) -> Problem {
    // The cause is below: the store's own error wraps it.
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(cause) = source {
        if let Some(io) = cause.downcast_ref::<std::io::Error>() {
            return disk(io);
        }
        source = cause.source();
    }
    tracing::error!(fault = %error, "parts");
    Problem::new(
        Kind::Unavailable,
        "nothing was acknowledged; send the same request again later",
    )
}
