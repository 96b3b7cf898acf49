//! What the server keeps, opened from the command line.
//!
//! In: where it is. Out: an open service. Must not know: what a command does with it.

use crate::fault::{Fault, Result};
use rules_server::{AccessSettings, App, Problem, Settings, Store};
use std::path::{Path, PathBuf};
use tokio::runtime::Runtime;

/// Where the server keeps what it has
#[derive(clap::Args)]
pub(crate) struct Place {
    /// Folder of what is kept: keys, files, and the database unless --database names one
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Address of a PostgreSQL database
    #[arg(long, value_name = "URL", env = "WEIBAO_DATABASE", hide_env_values = true)]
    pub(crate) database: Option<String>,
    /// Bucket of the files, `s3://BUCKET/PREFIX`, if they are not in the folder
    #[arg(long, value_name = "URL", env = "WEIBAO_PARTS")]
    pub(crate) parts: Option<String>,
}

/// The file of `--access`: sessions, identity provider, retention.
pub(crate) fn access(file: Option<&Path>) -> Result<AccessSettings> {
    let Some(file) = file else {
        return Ok(AccessSettings::default());
    };
    let bad =
        |what: String| Fault::new(format!("`{}`: {what}", file.display())).help("see docs/server/access.md");
    let text = std::fs::read_to_string(file).map_err(|error| bad(crate::fault::reason(&error)))?;
    // Only the message: the line that the reader would show may hold a secret.
    let settings: AccessSettings = toml::from_str(&text).map_err(|error| bad(error.message().to_owned()))?;
    settings.check().map_err(bad)?;
    Ok(settings)
}

impl Place {
    /// Does something with what the server keeps, which must be there already.
    pub(crate) fn opened<T>(&self, work: impl AsyncFnOnce(&App) -> Result<T>) -> Result<T> {
        if !self.data.join("keys").is_dir() {
            let fault = Fault::new(format!("`{}` is no server's folder", self.data.display()));
            return Err(fault.help("name the folder that `rules serve --data` was given"));
        }
        self.with(AccessSettings::default(), work)
    }

    /// Does something with what the server keeps, whether or not it runs at the same time.
    fn with<T>(&self, access: AccessSettings, work: impl AsyncFnOnce(&App) -> Result<T>) -> Result<T> {
        runtime()?.block_on(async {
            let settings = Settings {
                database: self.database.clone(),
                access,
                parts: self.parts.clone(),
                ..Settings::new(&self.data)
            };
            let app = App::open(settings, &Store::default()).await;
            let app = app.map_err(|error| Fault::new(error.to_string()))?;
            let done = work(&app).await;
            app.close().await;
            done
        })
    }
}

/// Does something with what the server keeps, or begins to keep.
pub(crate) fn with<T, W, F>(place: &Place, access: AccessSettings, work: W) -> Result<T>
where
    W: FnOnce(App) -> F,
    F: Future<Output = std::result::Result<T, Problem>>,
{
    place.with(access, async |app| work(app.clone()).await.map_err(refused))
}

/// What asynchronous work runs on.
pub(crate) fn runtime() -> Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Fault::new(format!("this cannot start: {error}")))
}

/// A problem in the command line's words.
pub(crate) fn refused(problem: Problem) -> Fault {
    let title = Problem::title(problem.kind());
    match problem.detail() {
        "" => Fault::new(title),
        detail => Fault::new(detail),
    }
}
