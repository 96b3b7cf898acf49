//! A private PostgreSQL cluster for tests: made in a folder of its own, reached by a socket there, gone afterwards.
//!
//! In: the system's PostgreSQL, installed where it is missing. Out: an address, and a command that stops and starts the cluster. PostgreSQL does
//! not run as root, so root lends it to the user `postgres`.

use super::browser::packages;
use super::say;
use crate::fault::{Fault, Result};
use crate::repo::Repo;
use crate::run;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where Debian and Ubuntu, Fedora and Homebrew keep the programs; the newest version comes last.
const PLACES: [&str; 3] = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"];

/// A cluster that runs, and is removed when this is dropped.
pub(crate) struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
    as_root: bool,
}

/// Installs PostgreSQL where it is missing, and starts a cluster.
pub(crate) fn provide(repo: &Repo) -> Result<Cluster> {
    let programs = match find(repo) {
        Some(programs) => programs,
        None => {
            say("postgresql", "installing the system's");
            packages(repo, &["postgresql"])?;
            find(repo).ok_or_else(|| {
                Fault::new(
                    "PostgreSQL's initdb was not found",
                    "install PostgreSQL and put its programs on the PATH",
                )
            })?
        }
    };
    let as_root = run::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    // Short and outside the repository: a socket's path has at most 107 bytes, and `postgres` may not read root's folders.
    let folder = std::env::temp_dir().join(format!("weibao-pg-{}", std::process::id()));
    let failed = |error| {
        Fault::new(
            format!("`{}` cannot be made: {error}", folder.display()),
            "look at its permissions",
        )
    };
    std::fs::create_dir_all(&folder).map_err(failed)?;
    let cluster = Cluster {
        folder,
        programs,
        as_root,
    };
    if as_root {
        run::output(Command::new("chown").arg("postgres").arg(&cluster.folder))?;
    }
    let data = cluster.folder.join("data");
    let mut initdb = cluster.command("initdb");
    initdb.args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-D"]);
    run::output(initdb.arg(&data))?;
    run::output(cluster.control().arg("-w").arg("start"))?;
    say(
        "postgresql",
        &format!("a cluster in {}", cluster.folder.display()),
    );
    Ok(cluster)
}

impl Cluster {
    /// Its address, with the database that every cluster has.
    pub(crate) fn address(&self) -> String {
        self.database("postgres")
    }

    /// The address of one of its databases.
    pub(crate) fn database(&self, name: &str) -> String {
        format!(
            "postgres://postgres@localhost/{name}?host={}",
            self.folder.display()
        )
    }

    /// Makes a database.
    pub(crate) fn create(&self, name: &str) -> Result<String> {
        self.sql(&format!("CREATE DATABASE {name}"))?;
        Ok(self.database(name))
    }

    /// Runs a statement.
    pub(crate) fn sql(&self, statement: &str) -> Result<()> {
        let mut psql = self.command("psql");
        psql.args(["-q", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", "postgres"]);
        run::output(psql.arg("-h").arg(&self.folder).args(["-c", statement])).map(|_| ())
    }

    /// The folder that belongs to the cluster's user.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// `pg_ctl` for this cluster; `start` and `stop` go behind it.
    pub(crate) fn control(&self) -> Command {
        let mut command = self.command("pg_ctl");
        // Only a socket; nobody else's port is taken.
        let options = format!("-k {} -h ''", self.folder.display());
        command
            .arg("-s")
            .arg("-D")
            .arg(self.folder.join("data"))
            .arg("-l")
            .arg(self.folder.join("log"))
            .arg("-o")
            .arg(options);
        command
    }

    fn command(&self, program: &str) -> Command {
        let path = self.programs.join(program);
        // The client may stand elsewhere than the server's programs.
        let path = if path.is_file() {
            path
        } else {
            PathBuf::from(program)
        };
        let mut command = if self.as_root {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(path);
            command
        } else {
            Command::new(path)
        };
        command.current_dir(&self.folder);
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // What cannot be stopped or removed is left: it is in the system's folder for such things.
        let _ = run::output(self.control().args(["-m", "immediate", "stop"]));
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn find(repo: &Repo) -> Option<PathBuf> {
    if let Some(program) = repo.which("initdb") {
        // Often a link to where all the programs are.
        let program = program.canonicalize().unwrap_or(program);
        return program.parent().map(Path::to_path_buf);
    }
    let mut found: Vec<PathBuf> = PLACES
        .iter()
        .filter_map(|place| std::fs::read_dir(place).ok())
        .flat_map(|entries| entries.flatten())
        .map(|entry| entry.path().join("bin"))
        .filter(|bin| bin.join("initdb").is_file() && bin.join("pg_ctl").is_file())
        .collect();
    found.sort();
    found.pop()
}
