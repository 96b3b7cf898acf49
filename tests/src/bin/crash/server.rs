//! The server as a program: started, killed, stopped, audited.
//!
//! In: the command line. Out: a server. Must not know: what it is sent.

use crate::http::send;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// What the command line says.
#[derive(Debug)]
pub(crate) struct Given {
    /// The `rules` program.
    program: PathBuf,
    bundles: PathBuf,
    pub(crate) data: PathBuf,
    /// Address of an empty PostgreSQL database.
    pub(crate) database: Option<String>,
    /// The command that stops and starts the cluster: words before `stop` and `start`.
    pub(crate) cluster: Vec<String>,
    pub(crate) ruleset: String,
    pub(crate) runs: u64,
    pub(crate) seed: u64,
    pub(crate) fault: Option<String>,
    /// How many submissions to fill it with.
    pub(crate) fill: Option<u64>,
    /// How many bodies to write into the folder.
    pub(crate) write: Option<u64>,
    /// A shell command that gives the full disk more room.
    pub(crate) room: Option<String>,
}

impl Given {
    pub(crate) fn read() -> Given {
        let mut words = std::env::args().skip(1);
        let mut flags = std::collections::BTreeMap::new();
        while let Some(name) = words.next() {
            let value = words.next().unwrap_or_else(|| panic!("`{name}` has no value"));
            flags.insert(name.trim_start_matches("--").to_owned(), value);
        }
        let mut take = |name: &str| flags.remove(name);
        let given = Given {
            program: take("program").unwrap().into(),
            bundles: take("bundles").unwrap().into(),
            data: take("data").unwrap().into(),
            database: take("database"),
            cluster: take("cluster")
                .map(|words| words.split('\u{1f}').map(str::to_owned).collect())
                .unwrap_or_default(),
            ruleset: take("ruleset").unwrap_or_else(|| "venue".to_owned()),
            runs: take("runs").map_or(10, |runs| runs.parse().unwrap()),
            seed: take("seed").map_or(1, |seed| seed.parse().unwrap()),
            fault: take("fault"),
            fill: take("fill").map(|count| count.parse().unwrap()),
            write: take("write").map(|count| count.parse().unwrap()),
            room: take("room"),
        };
        assert!(flags.is_empty(), "what is {flags:?}?");
        given
    }
}

/// The program with its data.
#[derive(Debug)]
pub(crate) struct Program<'a> {
    given: &'a Given,
}

impl<'a> Program<'a> {
    pub(crate) fn new(given: &'a Given) -> Program<'a> {
        Program { given }
    }

    pub(crate) fn name(&self) -> &'static str {
        if self.given.database.is_some() {
            "PostgreSQL"
        } else {
            "SQLite"
        }
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.given.program);
        command.args(words).arg("--data").arg(&self.given.data);
        if let Some(database) = &self.given.database {
            command.args(["--database", database]);
        }
        command
    }

    /// Starts it; with `first`, it makes a token.
    pub(crate) fn start(&self, first: bool) -> Server {
        let mut command = self.command(&["serve", "--port", "0", "--rate", "0"]);
        command.arg("--bundles").arg(&self.given.bundles);
        if first {
            command.arg("--demo");
        }
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.given.data.with_extension("log"))
            .unwrap();
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines
            .next()
            .unwrap_or_else(|| panic!("it did not start, see the log"))
            .unwrap();
        let token = match first {
            true => lines
                .next()
                .unwrap()
                .unwrap()
                .trim_start_matches("device ")
                .to_owned(),
            false => String::new(),
        };
        Server {
            child,
            address: address
                .trim_start_matches("http://")
                .trim_end_matches('/')
                .to_owned(),
            token,
        }
    }

    /// Verifies all that is stored; gives the numbers of receipts and of parts.
    pub(crate) fn audit(&self) -> (u64, u64) {
        let output = self.command(&["audit", "verify"]).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success(),
            "{text}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let line = text.lines().find(|line| line.contains("all is well")).unwrap();
        let numbers: Vec<u64> = line.split(' ').filter_map(|word| word.parse().ok()).collect();
        match numbers.as_slice() {
            [_, receipts, parts] => (*receipts, *parts),
            _ => panic!("{line}"),
        }
    }
}

/// A server that runs.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
    /// Of a device, where it was started to make one.
    pub(crate) token: String,
}

impl Server {
    /// Id and digest of a ruleset that it has.
    pub(crate) fn ruleset(&self, id: &str) -> (String, String) {
        let list = send(&self.address, "GET", "/v1/rulesets", &[], &[]).unwrap();
        let json: serde_json::Value = serde_json::from_str(&list.body).unwrap();
        let all = json["rulesets"].as_array().unwrap();
        let one = all.iter().find(|one| one["id"] == id).unwrap();
        (id.to_owned(), one["digest"].as_str().unwrap().to_owned())
    }

    /// SIGKILL.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, and it has to end well.
    pub(crate) fn stop(mut self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").arg(id).status().unwrap().success());
        assert!(self.child.wait().unwrap().success(), "it did not stop in order");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Where a check has failed: nothing of ours goes on.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
