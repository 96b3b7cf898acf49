//! Where things are: the repository's root, what is built into it, and the files that belong to it.

use crate::fault::{Fault, Result};
use crate::run;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The repository that this command was started in.
pub(crate) struct Repo {
    root: PathBuf,
    target: PathBuf,
}

impl Repo {
    /// The workspace that holds this crate.
    pub(crate) fn find() -> Result<Repo> {
        // Cargo gives the variable when it runs us; the compiled-in value is for a binary that is started by hand.
        let here =
            std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
        let root = Path::new(&here).parent().map(Path::to_path_buf);
        match root {
            Some(root) if root.join("Cargo.toml").is_file() => {
                let target = std::env::var_os("CARGO_TARGET_DIR")
                    .map_or_else(|| root.join("target"), |dir| root.join(dir));
                Ok(Repo { root, target })
            }
            _ => Err(Fault::new(
                "the workspace root was not found",
                "run this as `cargo xtask` inside the repository",
            )),
        }
    }

    /// A path below the root.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// A path below the target folder.
    pub(crate) fn target(&self, relative: &str) -> PathBuf {
        self.target.join(relative)
    }

    /// The `rules` program of the release build.
    pub(crate) fn rules_binary(&self) -> PathBuf {
        self.target(&format!("release/rules{}", std::env::consts::EXE_SUFFIX))
    }

    /// A file's text, with its name in the error.
    pub(crate) fn read(&self, relative: &str) -> Result<String> {
        std::fs::read_to_string(self.path(relative)).map_err(|error| {
            Fault::new(
                format!("`{relative}` cannot be read: {error}"),
                "restore the file",
            )
        })
    }

    /// Every file that git tracks or would track, relative to the root, with `/` between the parts.
    pub(crate) fn files(&self) -> Result<Vec<String>> {
        let mut git = Command::new("git");
        git.args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
            "--deduplicate",
        ]);
        let text = run::output(git.current_dir(&self.root))?;
        let mut files: Vec<String> = text
            .split('\0')
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        files.retain(|name| self.path(name).is_file());
        files.sort();
        Ok(files)
    }

    /// A command that runs at the root and sees our own tools before the machine's.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("PATH", self.search_path());
        command
    }

    /// `cargo`, the one that runs us.
    pub(crate) fn cargo(&self) -> Command {
        self.command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
    }

    /// A program of `tests/`, optimised and with no arguments yet.
    pub(crate) fn test_program(&self, name: &str) -> Command {
        let mut cargo = self.cargo();
        cargo.args([
            "run",
            "--quiet",
            "--release",
            "-p",
            "rules-tests",
            "--bin",
            name,
            "--",
        ]);
        cargo
    }

    /// Where programs are looked for: installed by `setup`, then by npm, then on the machine.
    pub(crate) fn search_path(&self) -> std::ffi::OsString {
        let own = [self.target("tools/bin"), self.path("node_modules/.bin")];
        let rest = std::env::var_os("PATH").unwrap_or_default();
        let all = own.into_iter().chain(std::env::split_paths(&rest));
        std::env::join_paths(all).unwrap_or(rest)
    }

    /// The first file of that name on the search path.
    pub(crate) fn which(&self, program: &str) -> Option<PathBuf> {
        let name = format!("{program}{}", std::env::consts::EXE_SUFFIX);
        std::env::split_paths(&self.search_path())
            .map(|dir| dir.join(&name))
            .find(|file| file.is_file())
    }
}
