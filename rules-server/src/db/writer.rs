//! The writer: one task that takes all work that is waiting, does it in one transaction, and answers when that is durable.
//!
//! In: work. Out: its result, once it cannot be lost. Must not know: what the work writes. One order of everything is what the chain
//! needs, and one flush of the disk for many submissions is what makes it quick.

use super::{Boxed, Dialect, Fault, Link};
use crate::edge::Clock;
use futures_util::FutureExt;
use sqlx::any::Any;
use sqlx::pool::PoolConnection;
use sqlx::{AnyConnection, AnyPool, Executor};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// Work that may wait before callers have to: a bound on memory, far above what phones of one office send at once.
const WAITING: usize = 1024;

/// Work in one transaction. With more, the first would wait long for the last.
const TOGETHER: usize = 128;

/// How long a caller waits. Afterwards it cannot tell whether its work was done, and asks again.
const PATIENCE: Duration = Duration::from_secs(25);

/// What work writes with.
#[derive(Debug)]
pub struct Tx {
    connection: PoolConnection<Any>,
    /// When this transaction began, in milliseconds since 1970: the time of all that it writes.
    pub now_ms: i64,
    pub(super) head: Option<Link>,
}

impl Tx {
    /// The connection, for statements.
    pub fn sql(&mut self) -> &mut AnyConnection {
        &mut self.connection
    }
}

trait Work: Send {
    fn run<'t>(&'t mut self, tx: &'t mut Tx) -> Boxed<'t, Result<(), Fault>>;
    /// Tells the caller; `all` is what the whole transaction came to.
    fn tell(self: Box<Self>, all: Option<&Fault>);
}

struct One<T, W> {
    work: Option<W>,
    result: Option<Result<T, Fault>>,
    caller: oneshot::Sender<Result<T, Fault>>,
}

impl<T, W> Work for One<T, W>
where
    T: Send + 'static,
    W: for<'t> FnOnce(&'t mut Tx) -> Boxed<'t, Result<T, Fault>> + Send + 'static,
{
    fn run<'t>(&'t mut self, tx: &'t mut Tx) -> Boxed<'t, Result<(), Fault>> {
        let Some(work) = self.work.take() else {
            return Box::pin(std::future::ready(Ok(())));
        };
        Box::pin(async move {
            let done = AssertUnwindSafe(work(tx)).catch_unwind().await;
            match done.unwrap_or(Err(Fault::Broken)) {
                Ok(value) => {
                    self.result = Some(Ok(value));
                    Ok(())
                }
                // Told as it is to its caller; the transaction only has to know how far it reaches.
                Err(fault) => {
                    let reach = if fault.is_of_all() {
                        fault.same()
                    } else {
                        Fault::Refused(Box::new(crate::problem::Problem::new(
                            crate::problem::Kind::Internal,
                            "",
                        )))
                    };
                    self.result = Some(Err(fault));
                    Err(reach)
                }
            }
        })
    }

    fn tell(self: Box<Self>, all: Option<&Fault>) {
        let result = match (self.result, all) {
            (Some(Err(fault)), _) => Err(fault),
            (_, Some(fault)) => Err(fault.same()),
            (Some(Ok(value)), None) => Ok(value),
            (None, None) => Err(Fault::Broken),
        };
        // Nobody listens where the caller has gone away.
        let _ = self.caller.send(result);
    }
}

enum Message {
    Work(Box<dyn Work>),
    End(oneshot::Sender<()>),
}

/// The way to the writer.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    queue: mpsc::Sender<Message>,
}

impl Writer {
    pub(super) fn start(pool: AnyPool, dialect: Dialect, clock: Arc<dyn Clock>) -> Writer {
        let (queue, work) = mpsc::channel(WAITING);
        tokio::spawn(run(pool, dialect, clock, work));
        Writer { queue }
    }

    pub(super) async fn write<T, W>(&self, work: W) -> Result<T, Fault>
    where
        T: Send + 'static,
        W: for<'t> FnOnce(&'t mut Tx) -> Boxed<'t, Result<T, Fault>> + Send + 'static,
    {
        let (caller, answer) = oneshot::channel();
        let one = One {
            work: Some(work),
            result: None,
            caller,
        };
        let asked = async {
            self.queue
                .send(Message::Work(Box::new(one)))
                .await
                .map_err(|_| Fault::Unavailable)?;
            answer.await.map_err(|_| Fault::Unavailable)?
        };
        tokio::time::timeout(PATIENCE, asked)
            .await
            .unwrap_or(Err(Fault::Unavailable))
    }

    pub(super) async fn close(&self) {
        let (done, ended) = oneshot::channel();
        if self.queue.send(Message::End(done)).await.is_ok() {
            // An error is as good: the writer has ended.
            let _ = ended.await;
        }
    }
}

async fn run(pool: AnyPool, dialect: Dialect, clock: Arc<dyn Clock>, mut queue: mpsc::Receiver<Message>) {
    let mut waiting = Vec::with_capacity(TOGETHER);
    while queue.recv_many(&mut waiting, TOGETHER).await > 0 {
        let mut batch: Vec<Box<dyn Work>> = Vec::with_capacity(waiting.len());
        let mut end = None;
        for message in waiting.drain(..) {
            match message {
                Message::Work(work) => batch.push(work),
                Message::End(done) => end = Some(done),
            }
        }
        if !batch.is_empty() {
            let all = together(&pool, dialect, clock.now_ms(), &mut batch).await.err();
            if let Some(fault) = &all {
                tracing::error!(%fault, work = batch.len(), "nothing of a transaction was written");
            }
            for work in batch {
                work.tell(all.as_ref());
            }
        }
        if let Some(done) = end {
            pool.close().await;
            let _ = done.send(());
            return;
        }
    }
}

/// One transaction. After an error the connection is given up: what state it is in is not known.
async fn together(
    pool: &AnyPool,
    dialect: Dialect,
    now_ms: i64,
    batch: &mut [Box<dyn Work>],
) -> Result<(), Fault> {
    let mut tx = Tx {
        connection: pool.acquire().await?,
        now_ms,
        head: None,
    };
    let done = attempt(&mut tx, dialect, batch).await;
    if done.is_err() {
        let connection = tx.connection.detach();
        // Dropped and not closed in order: the other side may be gone. An open transaction ends with its connection.
        drop(connection);
    }
    done
}

async fn attempt(tx: &mut Tx, dialect: Dialect, batch: &mut [Box<dyn Work>]) -> Result<(), Fault> {
    dialect.begin(tx.sql()).await?;
    for work in batch {
        tx.sql().execute("SAVEPOINT work").await?;
        let head = tx.head.clone();
        match work.run(tx).await {
            Ok(()) => {
                tx.sql().execute("RELEASE SAVEPOINT work").await?;
            }
            Err(fault) if fault.is_of_all() => return Err(fault),
            Err(_) => {
                tx.head = head;
                tx.sql().execute("ROLLBACK TO SAVEPOINT work").await?;
                tx.sql().execute("RELEASE SAVEPOINT work").await?;
            }
        }
    }
    tx.sql().execute("COMMIT").await?;
    Ok(())
}
