//! `rules build`: one bundle per ruleset with its layers. The same ruleset always gives the same bytes.

use crate::fault::{Fault, Result, Status};
use crate::files;
use crate::project::Project;
use crate::term::{self, BOLD, DIM, styled};
use rules_core::{Ruleset, bundle};
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  rules build rulesets -o bundles             one ID.rules.json per ruleset
  rules build rulesets/venue -o bundles
  rules build rulesets -o bundles --sign key.hex

A key is 64 hexadecimal digits (the 32 secret bytes of an Ed25519 key), for example of `openssl rand -hex 32`.";

/// Build bundles that every runtime loads
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Ruleset files, topic folders or the folder of all rulesets
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Folder for the bundles
    #[arg(short, long, value_name = "DIR")]
    out: PathBuf,
    /// Sign the bundles with the key in this file
    #[arg(long, value_name = "FILE")]
    sign: Option<PathBuf>,
}

pub(crate) fn run(args: &Args) -> Result<Status> {
    let key = args.sign.as_deref().map(key).transpose()?;
    let project = Project::load(&args.paths)?.sound()?;
    let mut built = Vec::new();
    for family in &project.families {
        let mut text = bundle::write(&family.plans(), &family.tables);
        if let Some(key) = key {
            text = bundle::sign(&text, key).map_err(|error| {
                Fault::new(format!(
                    "`{}` cannot be signed: {} ({})",
                    family.id,
                    error.text().1,
                    error.code()
                ))
            })?;
        }
        // What is handed out is what was loaded here once.
        let ruleset = Ruleset::load(&text).map_err(|error| {
            Fault::new(format!(
                "`{}` does not load: {} ({})",
                family.id,
                error.text().1,
                error.code()
            ))
        })?;
        built.push((family, text, ruleset));
    }
    // Nothing is written unless all of it can be.
    let mut out = String::new();
    for (family, text, ruleset) in built {
        let path = args.out.join(format!("{}.rules.json", family.id));
        files::write(&path, &text)?;
        let layers = family.asts.len().saturating_sub(1);
        out.push_str(&format!(
            "{}  {} bytes, {layers} layer{}  {}\n",
            styled(BOLD, path.display()),
            text.len(),
            if layers == 1 { "" } else { "s" },
            styled(DIM, ruleset.digest()),
        ));
    }
    term::print(&out)?;
    Ok(Status::Ok)
}

/// A key in a file: 64 hexadecimal digits.
pub(crate) fn key(path: &Path) -> Result<[u8; 32]> {
    let text = files::read(path, 1 << 10)?;
    let text = text.trim();
    let mut key = [0; 32];
    let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(16)).collect();
    let fault =
        || Fault::new(format!("`{}` holds no key", path.display())).help("a key is 64 hexadecimal digits");
    let digits = digits.filter(|digits| digits.len() == 64).ok_or_else(fault)?;
    for (byte, pair) in key.iter_mut().zip(digits.chunks(2)) {
        let value = pair.iter().fold(0, |value, digit| value * 16 + digit);
        *byte = u8::try_from(value).map_err(|_| fault())?;
    }
    Ok(key)
}
