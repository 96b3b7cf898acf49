//! What the addresses that store something share.
//!
//! In: a data folder, a database, bundles. Out: an open service. Must not know: single addresses.

use crate::access::{Access, AccessSettings};
use crate::db::{Db, Fault};
use crate::edge::{Clock, Random, System, rfc3339};
use crate::library::Library;
use crate::parts::Shelf;
use crate::prepared::Cache;
use crate::receipts::{Algorithm, Keys};
use crate::sealed::SealingKey;
use crate::store::Store;
use rules_core::domain::date::Date;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Where and with what the service is opened.
#[derive(Debug)]
pub struct Settings {
    /// Folder of keys, parts and, without `database`, the SQLite file.
    pub data: PathBuf,
    /// Address of a PostgreSQL database.
    pub database: Option<String>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub random: Arc<dyn Random>,
    /// Sessions, proxies, retention.
    pub access: AccessSettings,
    /// How receipts are signed; not given: by the key that is there, by a new Ed25519 key where there is none.
    pub signature: Option<Algorithm>,
    /// Where parts lie; not given: in `data`.
    pub parts: Option<String>,
}

/// Why the service could not be opened.
#[derive(Debug)]
pub enum OpenError {
    /// A file or folder.
    Io(PathBuf, std::io::Error),
    /// A key that cannot be one.
    Key(PathBuf),
    /// Settings that do not fit together.
    Settings(String),
    /// The database.
    Database(Fault),
}

impl std::fmt::Display for OpenError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            OpenError::Io(path, error) => write!(f, "`{}`: {error}", path.display()),
            OpenError::Key(path) => write!(
                f,
                "`{}` holds no key; restore it from a backup, for receipts are verified by it",
                path.display()
            ),
            OpenError::Settings(what) => f.write_str(what),
            OpenError::Database(fault) => write!(f, "the database: {fault}"),
        }
    }
}

impl std::error::Error for OpenError {}

impl From<Fault> for OpenError {
    fn from(fault: Fault) -> OpenError {
        OpenError::Database(fault)
    }
}

/// An open service. Cloning is cheap; the state of every handler.
#[derive(Clone, Debug)]
pub struct App(Arc<Shared>);

/// What the handlers share.
#[derive(Debug)]
pub struct Shared {
    /// The database.
    pub db: Db,
    /// Rulesets by digest, by id and day; tables.
    pub library: Arc<Library>,
    /// Rulesets with tables that are ready to judge by.
    pub prepared: Cache,
    /// The server's keys.
    pub keys: Keys,
    /// The key that bodies are sealed to.
    pub sealing: SealingKey,
    /// The bytes of parts.
    pub parts: Shelf,
    /// What is counted.
    pub metrics: crate::ops::metrics::Metrics,
    /// Checks under way. Each may keep a core busy; more at once would only make all of them late.
    pub checks: Arc<Semaphore>,
    /// Folder of keys and parts.
    pub data: PathBuf,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub random: Arc<dyn Random>,
    /// What is kept in memory about who may enter.
    pub access: Access,
}

impl Settings {
    /// A folder, the machine's own time and chance, and everything else as it is where nothing is said.
    pub fn new(data: impl Into<PathBuf>) -> Settings {
        Settings {
            data: data.into(),
            database: None,
            clock: Arc::new(System),
            random: Arc::new(System),
            access: AccessSettings::default(),
            signature: None,
            parts: None,
        }
    }
}

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl App {
    /// Opens the service: makes the folder, the keys and the tables where there are none, and publishes the bundles that are new.
    ///
    /// # Errors
    /// Where the folder or the database cannot be used.
    pub async fn open(settings: Settings, bundles: &Store) -> Result<App, OpenError> {
        let Settings {
            data,
            database,
            clock,
            random,
            access,
            signature,
            parts,
        } = settings;
        access.check().map_err(OpenError::Settings)?;
        std::fs::create_dir_all(&data).map_err(|error| OpenError::Io(data.clone(), error))?;
        let parts = Shelf::open(parts.as_deref(), &data).await?;
        let keys = Keys::open(&data.join("keys"), signature, &*random)?;
        let sealing = SealingKey::open(&data.join("keys"), &*random)?;
        let db = Db::open(&data, database.as_deref(), clock.clone()).await?;
        keys.record(&db).await?;
        let library = Library::open(&db).await?;
        for bundle in bundles.bundles() {
            library.publish(&db, bundle.clone(), "start").await?;
        }
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let app = App(Arc::new(Shared {
            db,
            library: Arc::new(library),
            prepared: Cache::default(),
            keys,
            sealing,
            parts,
            metrics: crate::ops::metrics::Metrics::new(),
            checks: Arc::new(Semaphore::new(cores)),
            data,
            clock,
            random,
            access: Access::new(access),
        }));
        crate::submissions::release(&app).await.map_err(Fault::from)?;
        Ok(app)
    }

    /// Publishes a ruleset, and judges what was waiting for it. Says whether it is new.
    ///
    /// # Errors
    /// Where it cannot be stored.
    pub async fn publish(&self, bundle: crate::store::Bundle, publisher: &str) -> Result<bool, Fault> {
        let published = self.library.publish(&self.db, bundle, publisher).await?;
        if published.first {
            crate::submissions::release(self).await?;
        }
        Ok(published.first)
    }

    /// The day that it is in China: rulesets hold by days there.
    pub(crate) fn today(&self) -> Option<Date> {
        const EAST: i64 = 8 * 3_600_000;
        let text = rfc3339(self.clock.now_ms() + EAST);
        text.get(..10).and_then(|day| Date::parse(day).ok())
    }

    /// Ends after what is being written.
    pub async fn close(&self) {
        self.db.close().await;
    }
}
