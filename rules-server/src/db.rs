//! The database: one portable set of statements over SQLite or PostgreSQL, and one writer that everything written passes.
//!
//! In: an address. Out: a pool to read from, and `write`, which runs work in a transaction and answers once it is durable. Must not know:
//! what is stored. Statements use `$1` and the types TEXT, BIGINT and BLOB; where the two databases differ, `dialect` says how.

mod chain;
mod dialect;
mod fault;
pub(crate) mod migrations;
mod writer;

pub use chain::Link;
pub(crate) use chain::{GENESIS, hash_of};
pub use dialect::Dialect;
pub use fault::Fault;
pub use writer::Tx;

use crate::edge::Clock;
use sqlx::AnyPool;
use sqlx::any::AnyPoolOptions;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use writer::Writer;

/// Connections that read. More would not make two cores answer faster.
const READERS: u32 = 8;

/// How long a request waits for a connection before it is told that the database is away.
const PATIENCE: Duration = Duration::from_secs(5);

/// A future that a closure returns.
pub type Boxed<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// An open database. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct Db {
    read: AnyPool,
    dialect: Dialect,
    writer: Writer,
}

impl Db {
    /// Opens (and creates) the SQLite file below `folder`, or the database at `address` (`postgres://…`), and brings its tables up to date.
    ///
    /// # Errors
    /// Where it cannot be reached, or was made by a newer program.
    pub async fn open(folder: &Path, address: Option<&str>, clock: Arc<dyn Clock>) -> Result<Db, Fault> {
        sqlx::any::install_default_drivers();
        let (dialect, address) = match address {
            Some(address) => (Dialect::of(address)?, address.to_owned()),
            None => (Dialect::Sqlite, dialect::file(&folder.join("weibao.db"))),
        };
        let pool = |size| {
            AnyPoolOptions::new()
                .max_connections(size)
                .acquire_timeout(PATIENCE)
                .after_connect(move |connection, _| Box::pin(dialect.prepare(connection)))
        };
        // The writer's own connection is made first: it creates the file, and sets what the others find.
        let write = pool(1).connect(&address).await?;
        migrations::run(&write, dialect, clock.now_ms()).await?;
        let read = pool(READERS).connect(&address).await?;
        Ok(Db {
            read,
            dialect,
            writer: Writer::start(write, dialect, clock),
        })
    }

    /// Connections to read with.
    pub fn read(&self) -> &AnyPool {
        &self.read
    }

    /// Which database it is.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Runs `work` in a transaction, alone in the order of everything that is written, and answers when it is durable. Work of several
    /// callers shares one transaction; where one of them fails, its own writes are undone and the others stand.
    ///
    /// ```ignore
    /// let id = db.write(move |tx| Box::pin(async move {
    ///     sqlx::query("INSERT INTO notes (text) VALUES ($1)").bind(text).execute(tx.sql()).await?;
    ///     Ok(tx.append("noted", "note", Json::Null).await?.position)
    /// })).await?;
    /// ```
    ///
    /// # Errors
    /// What `work` says; `Unavailable` or `Full` where the database does not take it. Then nothing was acknowledged, and the same request
    /// may be sent again.
    pub async fn write<T, W>(&self, work: W) -> Result<T, Fault>
    where
        T: Send + 'static,
        W: for<'t> FnOnce(&'t mut Tx) -> Boxed<'t, Result<T, Fault>> + Send + 'static,
    {
        self.writer.write(work).await
    }

    /// Ends the writer after what is waiting, and closes all connections.
    pub async fn close(&self) {
        self.writer.close().await;
        self.read.close().await;
    }
}
