//! `size`: what a form downloads, compressed as servers do it (brotli, quality 11), against the budget. Counted are the
//! runtime module and every script that the package's entry reaches by relative imports; wasm-bindgen's glue is in it. The
//! portable module has a budget of its own; the author build is measured too, and has none.

mod imports;

use crate::fault::{Fault, Result};
use crate::repo::Repo;
use crate::run;

/// The most that a form may download for its rules engine, in bytes.
const BUDGET: u64 = 120_000;
/// The most that the portable module may be: what a mini program's package of 2 MB can spare for it, with distances outside a check.
const PORTABLE: u64 = 90_000;

const PACKAGE: &str = "rules-wasm/npm";
const MODULE: &str = "rules_wasm_bg.wasm";

/// Node compresses: it has brotli built in, and what it prints is one size a file.
const COMPRESS: &str = "const {readFileSync} = require('fs'), {brotliCompressSync, constants: c} = require('zlib');\
for (const file of process.argv.slice(1)) { const bytes = readFileSync(file); console.log(bytes.length, \
brotliCompressSync(bytes, {params: {[c.BROTLI_PARAM_QUALITY]: 11, [c.BROTLI_PARAM_LGWIN]: 24, \
[c.BROTLI_PARAM_SIZE_HINT]: bytes.length}}).length) }";

pub(crate) fn run(repo: &Repo) -> Result<()> {
    println!("== size (bytes, brotli quality 11)");
    let runtime = table(repo, "runtime", &shipped(repo, "wasm", "dist/index.js"))?;
    if repo.path(PACKAGE).join("dist/author.js").is_file() {
        table(
            repo,
            "author build (no budget)",
            &shipped(repo, "wasm-author", "dist/author.js"),
        )?;
    }
    let portable = table(repo, "portable module", &["wasm-portable/rules.wasm".to_owned()])?;
    table(
        repo,
        "portable script (no budget)",
        &["dist/portable.js".to_owned()],
    )?;
    within("runtime", runtime, BUDGET)?;
    within("portable module", portable, PORTABLE)
}

fn within(what: &str, size: u64, budget: u64) -> Result<()> {
    println!("size: {what} {size} of {budget} bytes");
    if size > budget {
        return Err(Fault::new(
            format!(
                "the {what} is {} bytes above its budget of {budget}",
                size - budget
            ),
            "find what grew (`cargo bloat`, `twiggy`), or change the budget in xtask/src/size.rs and say why",
        ));
    }
    Ok(())
}

/// A module and the scripts that load it.
fn shipped(repo: &Repo, folder: &str, entry: &str) -> Vec<String> {
    let mut files = vec![format!("{folder}/{MODULE}")];
    files.extend(imports::reached(&repo.path(PACKAGE), entry));
    if files.len() == 1 {
        // Not built: the table says so.
        files.push(entry.to_owned());
    }
    files
}

/// Prints a table and gives the compressed total.
fn table(repo: &Repo, title: &str, files: &[String]) -> Result<u64> {
    let package = repo.path(PACKAGE);
    if let Some(absent) = files.iter().find(|file| !package.join(file).is_file()) {
        return Err(Fault::new(
            format!("`{PACKAGE}/{absent}` is not built"),
            "run `cargo xtask build`",
        ));
    }
    let mut node = repo.command("node");
    let printed = run::output(
        node.current_dir(&package)
            .args(["-e", COMPRESS, "--"])
            .args(files),
    )?;
    let mut sum = (0, 0);
    println!("{title}");
    println!("  {:>9} {:>9}  file", "raw", "brotli");
    for (file, line) in files.iter().zip(printed.lines()) {
        let (raw, small) = line.split_once(' ').unwrap_or_default();
        let sizes: (u64, u64) = (raw.parse().unwrap_or(0), small.parse().unwrap_or(u64::MAX));
        println!("  {:>9} {:>9}  {file}", sizes.0, sizes.1);
        sum = (sizes.0.saturating_add(sum.0), sizes.1.saturating_add(sum.1));
    }
    println!("  {:>9} {:>9}  together", sum.0, sum.1);
    Ok(sum.1)
}
