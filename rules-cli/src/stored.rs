//! What the server keeps, opened from the command line.
//!
//! In: where it is. Out: an open service. Must not know: what a command does with it.

use crate::fault::{Fault, Result};
use rules_server::{AccessSettings, App, Problem, Settings, Store, System};
use std::path::PathBuf;
use std::sync::Arc;

/// Where the server keeps what it has
#[derive(clap::Args)]
pub(crate) struct Place {
    /// Folder of what is kept: keys, files, and the database unless --database names one
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Address of a PostgreSQL database
    #[arg(long, value_name = "URL", env = "WEIBAO_DATABASE", hide_env_values = true)]
    pub(crate) database: Option<String>,
}

/// Does something with what the server keeps, whether or not it runs at the same time.
pub(crate) fn with<T, W, F>(place: &Place, access: AccessSettings, work: W) -> Result<T>
where
    W: FnOnce(App) -> F,
    F: Future<Output = std::result::Result<T, Problem>>,
{
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Fault::new(format!("this cannot start: {error}")))?;
    runtime.block_on(async {
        let settings = Settings {
            data: place.data.clone(),
            database: place.database.clone(),
            clock: Arc::new(System),
            random: Arc::new(System),
            access,
        };
        let app = App::open(settings, &Store::default()).await;
        let app = app.map_err(|error| Fault::new(error.to_string()))?;
        let done = work(app.clone()).await;
        app.close().await;
        done.map_err(refused)
    })
}

/// A problem in the command line's words.
pub(crate) fn refused(problem: Problem) -> Fault {
    let title = Problem::title(problem.kind());
    match problem.detail() {
        "" => Fault::new(title),
        detail => Fault::new(detail),
    }
}
