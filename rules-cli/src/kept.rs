//! What a server keeps, opened by a command: the folder, the database.
//!
//! In: `--data`, `--database`. Out: an open service. Must not know: what the command does with it.

use crate::fault::{Fault, Result};
use rules_server::{App, Settings, Store, System};
use std::path::PathBuf;
use std::sync::Arc;

/// Where a server keeps its things.
#[derive(clap::Args)]
pub(crate) struct Kept {
    /// The server's folder: `--data` of `rules serve`
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Address of its PostgreSQL database, where it has one
    #[arg(long, value_name = "URL", env = "WEIBAO_DATABASE", hide_env_values = true)]
    database: Option<String>,
}

impl Kept {
    /// Runs work with the open service, and closes it.
    pub(crate) fn with<T>(&self, work: impl AsyncFnOnce(&App) -> Result<T>) -> Result<T> {
        if !self.data.join("keys").is_dir() {
            let fault = Fault::new(format!("`{}` is no server's folder", self.data.display()));
            return Err(fault.help("name the folder that `rules serve --data` was given"));
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(|error| Fault::new(format!("the command cannot start: {error}")))?;
        runtime.block_on(async {
            let settings = Settings {
                data: self.data.clone(),
                database: self.database.clone(),
                clock: Arc::new(System),
                random: Arc::new(System),
                access: rules_server::AccessSettings::default(),
            };
            let app = App::open(settings, &Store::default()).await;
            let app = app.map_err(|error| Fault::new(error.to_string()))?;
            let done = work(&app).await;
            app.close().await;
            done
        })
    }
}
