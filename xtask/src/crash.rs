//! `replay [--entries N] [--database …]`: a server is filled with generated submissions, and all of them are judged again.
//!
//! `crash [--runs N] [--database sqlite|postgres|both] [--seed S]`: the server is killed at random points under load, its disk fills up, its
//! database goes away; every receipt that it gave has to be there afterwards.
//!
//! The work is done by the program `crash` of the tests; this starts it over each database and prepares the faults.

use crate::fault::{Fault, Result};
use crate::flags::Flags;
use crate::repo::Repo;
use crate::setup::Cluster;
use crate::{build, run, setup};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Kills a database in `test`.
pub(crate) const CI: u64 = 10;

/// Room of a disk that is to fill up, and what it is given afterwards.
const SMALL: &str = "size=16m";
const LARGE: &str = "size=512m";

pub(crate) fn run(repo: &Repo, mut flags: Flags) -> Result<()> {
    let runs = flags.number("--runs", 200)?;
    let seed = flags.number("--seed", 1)?;
    let (sqlite, postgres) = databases(&mut flags)?;
    flags.finish()?;
    build::command_line(repo)?;
    check(repo, runs, seed, sqlite, postgres)
}

/// Fills a server and replays it.
pub(crate) fn replay(repo: &Repo, mut flags: Flags) -> Result<()> {
    let entries = flags.number("--entries", 100_000_u64)?.to_string();
    let (sqlite, postgres) = databases(&mut flags)?;
    flags.finish()?;
    build::command_line(repo)?;
    let folder = prepare(repo, "replay")?;
    let fill_and_replay = |data: &Path, database: Option<&str>| -> Result<()> {
        let mut fill = program(repo, data);
        fill.args(["--fill", &entries]);
        let mut again = repo.command(repo.rules_binary());
        again.arg("replay").arg("--data").arg(data);
        for command in [&mut fill, &mut again] {
            run::visible(command.args(database.iter().flat_map(|address| ["--database", address])))?;
        }
        Ok(())
    };
    if sqlite {
        fill_and_replay(&folder.join("sqlite"), None)?;
    }
    if postgres {
        let cluster = setup::postgres(repo)?;
        fill_and_replay(&folder.join("postgres"), Some(&cluster.create("replay")?))?;
    }
    Ok(())
}

pub(crate) fn databases(flags: &mut Flags) -> Result<(bool, bool)> {
    match flags.value("--database")?.as_deref() {
        None | Some("both") => Ok((true, true)),
        Some("sqlite") => Ok((true, false)),
        Some("postgres") => Ok((false, true)),
        Some(other) => Err(Fault::new(
            format!("there is no database `{other}`"),
            "say sqlite, postgres or both",
        )),
    }
}

/// Builds the program, and an empty folder for its data.
pub(crate) fn prepare(repo: &Repo, name: &str) -> Result<PathBuf> {
    run::visible(
        repo.cargo()
            .args(["build", "--release", "-p", "rules-tests", "--bin", "crash"]),
    )?;
    let folder = repo.target("tmp").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).map_err(|error| {
        Fault::new(
            format!("`{}` cannot be made: {error}", folder.display()),
            "look at its permissions",
        )
    })?;
    Ok(folder)
}

/// Kills and faults; `runs` kills a database.
pub(crate) fn check(repo: &Repo, runs: u64, seed: u64, sqlite: bool, postgres: bool) -> Result<()> {
    let folder = prepare(repo, "crash")?;
    let (runs, seed) = (runs.to_string(), seed.to_string());
    if sqlite {
        let mut kills = program(repo, &folder.join("sqlite"));
        run::visible(kills.args(["--runs", &runs, "--seed", &seed]))?;
        full(repo, &folder.join("full-sqlite"), None)?;
    }
    if postgres {
        let cluster = setup::postgres(repo)?;
        let mut kills = program(repo, &folder.join("postgres"));
        kills.args(["--runs", &runs, "--seed", &seed]);
        run::visible(kills.args(["--database", &cluster.create("crash")?]))?;
        full(repo, &folder.join("full-postgres"), Some(&cluster))?;
        let mut away = program(repo, &folder.join("away"));
        away.args([
            "--fault",
            "away",
            "--runs",
            "4",
            "--database",
            &cluster.create("away")?,
        ]);
        let control = cluster.control();
        let words: Vec<_> = std::iter::once(control.get_program())
            .chain(control.get_args())
            .map(|word| word.to_string_lossy().into_owned())
            .collect();
        // The one word with a space in it is between `-o` and the end.
        run::visible(away.arg("--cluster").arg(words.join("\u{1f}")))?;
    }
    Ok(())
}

pub(crate) fn program(repo: &Repo, data: &Path) -> Command {
    let mut command = repo.command(repo.target(&format!("release/crash{}", std::env::consts::EXE_SUFFIX)));
    command.arg("--program").arg(repo.rules_binary());
    command.arg("--bundles").arg(repo.target("bundles"));
    command.arg("--data").arg(data);
    command
}

/// Fills a disk of 16 MB. That needs a file system of its own, which only root can mount.
fn full(repo: &Repo, data: &Path, cluster: Option<&Cluster>) -> Result<()> {
    let disk = match cluster {
        None => data.to_owned(),
        Some(cluster) => cluster.folder().join("small"),
    };
    let Some(mounted) = Mounted::new(&disk) else {
        println!("disk full: left out, for this user or system cannot mount a tmpfs");
        return Ok(());
    };
    let mut program = program(repo, data);
    let room = format!("mount -o remount,{LARGE} '{}'", mounted.0.display());
    program.args(["--fault", "full", "--room", &room]);
    if let Some(cluster) = cluster {
        run::output(Command::new("chown").arg("postgres").arg(&disk))?;
        cluster.sql(&format!("CREATE TABLESPACE small LOCATION '{}'", disk.display()))?;
        cluster.sql("CREATE DATABASE small TABLESPACE small")?;
        program.args(["--database", &cluster.database("small")]);
    }
    let done = run::visible(&mut program);
    if let Some(cluster) = cluster {
        cluster.sql("DROP DATABASE small WITH (FORCE)")?;
        cluster.sql("DROP TABLESPACE small")?;
    }
    done
}

/// A small file system in memory, gone when this is dropped.
struct Mounted(PathBuf);

impl Mounted {
    fn new(folder: &Path) -> Option<Mounted> {
        std::fs::create_dir_all(folder).ok()?;
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", SMALL, "tmpfs"]).arg(folder);
        run::output(&mut mount).ok().map(|_| Mounted(folder.to_owned()))
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = run::output(Command::new("umount").arg(&self.0));
    }
}
