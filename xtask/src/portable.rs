//! The portable module: built from `rules-abi`, and in its test step held against what old and odd hosts take: the first WebAssembly, a size, and
//! reports that are equal, byte for byte, in Node, in Python and in C.

use crate::fault::{Fault, Result};
use crate::repo::Repo;
use crate::stamp::Stamp;
use crate::{parity, run, setup};
use std::path::{Path, PathBuf};

/// The module in the npm package.
pub(crate) const MODULE: &str = "rules-wasm/npm/wasm-portable/rules.wasm";

/// Where the exported names are written.
const EXPORTS: &str = "rules-abi/src/exports.rs";

/// Submissions a ruleset that are judged natively, and of each folder of them the most that a host judges.
const SUBMISSIONS: usize = 300;

/// What wasm-opt does. `flatten` and `rereloop` straighten the code's branches, which makes a twentieth less of it.
const PASSES: [&str; 10] = [
    "--mvp-features",
    "-Oz",
    "--generate-global-effects",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--reorder-functions",
    "--strip-debug",
    "--strip-producers",
];

/// Builds the module unless its inputs are as they were.
pub(crate) fn build(repo: &Repo) -> Result<()> {
    println!("== build: wasm-portable");
    let inputs = [
        "rules-core",
        "rules-abi",
        "xtask/src/portable.rs",
        "Cargo.toml",
        "Cargo.lock",
        ".cargo",
        "rust-toolchain.toml",
        "package-lock.json",
    ];
    let stamp = Stamp::new(repo, "wasm-portable", &inputs, &[])?;
    let module = repo.path(MODULE);
    if stamp.holds(std::slice::from_ref(&module)) {
        println!("up to date");
        return Ok(());
    }
    run::visible(repo.cargo().args([
        "build",
        "--quiet",
        "-p",
        "rules-abi",
        "--target",
        "wasm32v1-none",
        "--profile",
        "portable",
    ]))?;
    let built = repo.target("wasm32v1-none/portable/rules_abi.wasm");
    let (graph, bare) = (
        repo.target("wasm32v1-none/portable/exports.json"),
        repo.target("wasm32v1-none/portable/rules_abi.bare.wasm"),
    );
    write(&graph, &kept(&repo.read(EXPORTS)?))?;
    if let Some(folder) = module.parent() {
        std::fs::create_dir_all(folder).map_err(|error| unwritten(folder, &error))?;
    }
    // The linker exports globals of its own, which WeChat on iOS refuses.
    let mut strip = repo.command("wasm-metadce");
    strip
        .arg(&built)
        .arg("--mvp-features")
        .arg("--graph-file")
        .arg(&graph);
    run::output(strip.arg("-o").arg(&bare))?;
    let mut shrink = repo.command("wasm-opt");
    run::visible(shrink.arg(&bare).args(PASSES).arg("-o").arg(&module))?;
    stamp.keep()
}

/// What stays exported, as wasm-metadce reads it: the memory and every call of the protocol.
fn kept(source: &str) -> String {
    let calls = source.lines().filter_map(|line| {
        let (name, _) = line.trim_start().strip_prefix("fn ")?.split_once('(')?;
        name.starts_with("rules_").then_some(name)
    });
    let names: Vec<&str> = std::iter::once("memory").chain(calls).collect();
    let nodes = names
        .iter()
        .map(|name| format!(",{{\"name\":\"{name}\",\"export\":\"{name}\"}}"));
    format!(
        "[{{\"name\":\"host\",\"root\":true,\"reaches\":[\"{}\"]}}{}]",
        names.join("\",\""),
        nodes.collect::<String>()
    )
}

/// The test step.
pub(crate) fn check(repo: &Repo) -> Result<()> {
    println!("-- the first WebAssembly, and no more");
    run::visible(repo.test_program("mvp").arg(MODULE))?;
    println!("-- submissions");
    parity::submissions(repo, SUBMISSIONS, FOLDERS)?;
    let folders = parity::folders(repo, FOLDERS)?;
    println!("-- Node");
    let mut node = repo.command("node");
    node.args(["tests/js/parity/run.mjs", "--portable"])
        .args(&folders);
    run::visible(&mut node)?;
    println!("-- Python");
    let hosts = setup::hosts(repo)?;
    let count = SUBMISSIONS.to_string();
    let mut python = repo.command(&hosts.python);
    python
        .args(["-B", "tests/hosts/python/parity.py", MODULE, &count])
        .args(&folders);
    run::visible(&mut python)?;
    println!("-- C");
    let host = c_host(repo, &hosts.wasm2c)?;
    run::visible(repo.command(host).arg(&count).args(&folders))
}

const FOLDERS: &str = "target/parity-portable";

/// The module as C, compiled with its host.
fn c_host(repo: &Repo, runtime: &Path) -> Result<PathBuf> {
    let folder = repo.target("hosts");
    std::fs::create_dir_all(&folder).map_err(|error| unwritten(&folder, &error))?;
    let (source, host) = (folder.join("rules.c"), folder.join("host"));
    let mut translate = repo.command("wasm2c");
    run::visible(translate.arg(MODULE).args(["-n", "rules", "-o"]).arg(&source))?;
    let mut compile = repo.command("cc");
    compile
        .args(["-O1", "-w", "-I"])
        .arg(&folder)
        .arg("-I")
        .arg(runtime)
        .arg(&source)
        .arg(runtime.join("wasm-rt-impl.c"))
        .args(["tests/hosts/c/host.c", "-lm", "-o"])
        .arg(&host);
    run::visible(&mut compile)?;
    Ok(host)
}

fn write(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text).map_err(|error| unwritten(path, &error))
}

fn unwritten(path: &Path, error: &std::io::Error) -> Fault {
    Fault::new(
        format!("`{}` cannot be written: {error}", path.display()),
        "free some disk space",
    )
}

#[cfg(test)]
mod tests {
    use super::kept;

    #[test]
    fn the_protocol_and_the_memory_stay() {
        let source =
            "fn engine<T>() {}\nexports! {\n    /// Text.\n    fn rules_load(at, len) = |engine| 1;\n}\n";
        assert_eq!(
            kept(source),
            "[{\"name\":\"host\",\"root\":true,\"reaches\":[\"memory\",\"rules_load\"]},{\"name\":\"memory\",\"export\":\"memory\"},\
             {\"name\":\"rules_load\",\"export\":\"rules_load\"}]"
        );
    }
}
