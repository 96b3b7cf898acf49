//! The reference server as a child, with a fresh folder and the tokens of the demo, for commands that ask it something.
//!
//! In: where it keeps what it is sent. Out: an address and tokens. Must not know: what is asked.

use crate::fault::{Fault, Result};
use crate::repo::Repo;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

/// A server that runs until this is dropped.
pub(crate) struct Serving {
    child: Child,
    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub(crate) address: String,
    /// What a phone sends by.
    pub(crate) device: String,
    /// What an administrator asks by.
    pub(crate) admin: String,
}

impl Serving {
    /// Starts a server over an empty folder `target/tmp/NAME`, or over `database`.
    pub(crate) fn start(repo: &Repo, name: &str, database: Option<&str>, more: &[&str]) -> Result<Serving> {
        let _ = std::fs::remove_dir_all(repo.target("tmp").join(name));
        Serving::over(repo, name, database, more)
    }

    /// Starts a server over what is in `target/tmp/NAME`. Its log goes into `target/tmp/NAME.log`.
    pub(crate) fn over(repo: &Repo, name: &str, database: Option<&str>, more: &[&str]) -> Result<Serving> {
        let folder = repo.target("tmp").join(name);
        let failed =
            |why: String| Fault::new(format!("the server did not start: {why}"), "look at target/tmp");
        std::fs::create_dir_all(&folder).map_err(|error| failed(error.to_string()))?;
        let log = File::create(folder.with_extension("log")).map_err(|error| failed(error.to_string()))?;
        let mut serve = repo.command(repo.rules_binary());
        serve
            .args(["serve", "--demo", "--port", "0", "--rate", "0", "--bundles"])
            .arg(repo.target("bundles"))
            .arg("--data")
            .arg(&folder);
        serve.args(database.iter().flat_map(|address| ["--database", address]));
        serve.args(more).stdout(Stdio::piped()).stderr(log);
        let mut child = serve.spawn().map_err(|error| failed(error.to_string()))?;
        let out = child.stdout.take();
        let mut serving = Serving {
            child,
            address: String::new(),
            device: String::new(),
            admin: String::new(),
        };
        let lines = out.map(|out| BufReader::new(out).lines().map_while(std::io::Result::ok));
        for line in lines.into_iter().flatten() {
            match line.split(' ').collect::<Vec<_>>().as_slice() {
                [address] if address.starts_with("http") => {
                    address.trim_end_matches('/').clone_into(&mut serving.address);
                }
                ["device", token] => (*token).clone_into(&mut serving.device),
                ["admin", token] => (*token).clone_into(&mut serving.admin),
                _ => {}
            }
            if ![&serving.address, &serving.device, &serving.admin]
                .iter()
                .any(|text| text.is_empty())
            {
                return Ok(serving);
            }
        }
        Err(failed(format!("see target/tmp/{name}.log")))
    }

    /// The number that the system knows it by.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
