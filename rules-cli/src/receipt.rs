//! `rules receipt verify`: did this server sign this receipt?
//!
//! In: a receipt, the server's public keys, perhaps the bytes that were sent. Out: yes or no. Must not know: the server.

use crate::fault::{Fault, Result, Status};
use crate::files;
use crate::term;
use rules_core::digest::sha256;
use rules_core::json::{Json, parse};
use rules_server::{Forged, SigningPublicKey, unbase64url, verify};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  curl https://SERVER/v1/keys > keys.json
  rules receipt verify --keys keys.json receipt.json
  rules receipt verify --keys keys.json receipt.json --body submission.json    and is it for these bytes?

The receipt may stand alone or in the answer that the server gave. Exit status: 0 it is valid; 1 it is not.";

/// Verify a receipt against a server's public keys
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Verify a receipt
    Verify {
        /// What the server answers at /v1/keys
        #[arg(long, value_name = "FILE")]
        keys: PathBuf,
        /// The receipt, or the answer that it stands in
        receipt: PathBuf,
        /// The body that was sent
        #[arg(long, value_name = "FILE")]
        body: Option<PathBuf>,
    },
}

/// The largest file that is read.
const LARGEST: usize = 4 << 20;

/// Nesting of an answer with its receipt.
const DEPTH: usize = 8;

pub(crate) fn run(args: &Args) -> Result<Status> {
    let What::Verify { keys, receipt, body } = &args.what;
    let read = |path: &PathBuf| -> Result<Json> {
        let text = files::read(path, LARGEST)?;
        let (json, _) = parse(&text, DEPTH).map_err(|error| {
            Fault::new(format!("`{}` is not JSON: byte {}", path.display(), error.offset))
        })?;
        Ok(json)
    };
    let keys = read(keys)?;
    let given = read(receipt)?;
    let receipt = given
        .get("receipt")
        .filter(|inner| inner.as_num().is_none())
        .unwrap_or(&given);
    let key = receipt.get("key").and_then(Json::as_str).unwrap_or("");
    let listed = keys.get("signing").and_then(Json::as_arr).unwrap_or_default();
    let public = listed
        .iter()
        .find(|one| one.get("id").and_then(Json::as_str) == Some(key))
        .and_then(|one| {
            let public = unbase64url(one.get("public")?.as_str()?)?;
            SigningPublicKey::read(one.get("alg")?.as_str()?, &public)
        });
    let Some(public) = public else {
        return no("its key is not among the server's keys");
    };
    match verify(&receipt.canonical(), key, &public) {
        Ok(()) => {}
        Err(Forged::NotReceipt) => return no("this is no receipt"),
        Err(Forged::OtherKey) => return no("it is by another key"),
        Err(Forged::Signature) => return no("the signature is not over this receipt"),
    }
    if let Some(path) = body {
        let digest = sha256(&files::read_bytes(path, LARGEST)?);
        if receipt.get("digest").and_then(Json::as_str) != Some(digest.as_str()) {
            return no("it is for other bytes");
        }
    }
    let text = |name: &str| receipt.get(name).and_then(Json::as_str).unwrap_or("");
    term::print(&format!(
        "valid: submission {} at {}\n",
        text("submission"),
        text("time")
    ))?;
    Ok(Status::Ok)
}

fn no(why: &str) -> Result<Status> {
    term::print(&format!("not valid: {why}\n"))?;
    Ok(Status::Failed)
}
