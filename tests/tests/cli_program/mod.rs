//! The `rules` program as a test sees it: built once, started as a user would.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The folder with the command line's own test data.
pub(crate) fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/cli")
}

/// A fresh folder for one test.
pub(crate) fn fresh(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The program: the one that the variable `WEIBAO_RULES` names, else built by cargo like any other part of the workspace.
pub(crate) fn rules() -> Command {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    let program = PROGRAM.get_or_init(|| {
        // Built already, and with the features of one program; those of all tests together would build half of it anew.
        if let Some(program) = std::env::var_os("WEIBAO_RULES") {
            return PathBuf::from(program);
        }
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let built = Command::new(cargo)
            .args(["build", "--quiet", "-p", "rules-cli"])
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
            .status()
            .unwrap();
        assert!(built.success());
        // TARGET/debug/deps/this-test -> TARGET/debug/rules
        let own = std::env::current_exe().unwrap();
        let folder = own
            .ancestors()
            .find(|folder| folder.ends_with("debug") || folder.ends_with("release"));
        let target = folder.and_then(Path::parent).unwrap();
        target
            .join("debug")
            .join(format!("rules{}", std::env::consts::EXE_SUFFIX))
    });
    let mut command = Command::new(program);
    command.env("NO_COLOR", "1").current_dir(data());
    command
}

/// Builds a ruleset's bundle into a folder; paths are below the test data.
pub(crate) fn bundles(ruleset: impl AsRef<Path>, folder: &Path) {
    let built = rules()
        .arg("build")
        .arg(ruleset.as_ref())
        .arg("-o")
        .arg(folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success(), "{said}");
}
