//! What tests of the server need from Python: schemathesis, which asks a server everything that its OpenAPI document allows, and moto, which speaks
//! S3. Both are in an environment below `target`.

use super::browser::packages;
use super::hosts::environment;
use super::say;
use crate::fault::{Fault, Result};
use crate::repo::Repo;
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const REQUIREMENTS: &str = "tests/services/requirements.txt";

/// A service that speaks S3 and forgets everything when this is dropped.
pub(crate) struct Bucket {
    child: Child,
    address: String,
}

fn python(repo: &Repo) -> Result<PathBuf> {
    environment(repo, "python services", "services", REQUIREMENTS)
}

/// The load tool, from the system's packages.
pub(crate) fn wrk(repo: &Repo) -> Result<()> {
    if repo.which("wrk").is_some() {
        return Ok(());
    }
    say("wrk", "installing the system's");
    packages(repo, &["wrk"]).map_err(|fault| Fault::new(fault.to_string(), "install wrk"))
}

/// The program, ready to run.
pub(crate) fn schemathesis(repo: &Repo) -> Result<Command> {
    Ok(repo.command(python(repo)?.with_file_name("schemathesis")))
}

/// Starts a service that speaks S3.
pub(crate) fn bucket(repo: &Repo) -> Result<Bucket> {
    let port = free_port()?;
    let program = python(repo)?.with_file_name("moto_server");
    let mut command = repo.command(program);
    command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let failed = |why: String| {
        Fault::new(
            format!("the service for S3 did not start: {why}"),
            format!("look at {REQUIREMENTS}"),
        )
    };
    let child = child.map_err(|error| failed(error.to_string()))?;
    let bucket = Bucket {
        child,
        address: format!("127.0.0.1:{port}"),
    };
    for _ in 0..300 {
        if TcpStream::connect(&bucket.address).is_ok() {
            say("s3", &format!("a service at {}", bucket.address));
            return Ok(bucket);
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Err(failed("nobody answers after 30 s".to_owned()))
}

/// A port that nobody uses just now.
fn free_port() -> Result<u16> {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let port = port.map_err(|error| Fault::new(format!("there is no free port: {error}"), "free some"))?;
    Ok(port.port())
}

impl Bucket {
    /// What a program finds it by.
    pub(crate) fn variables(&self) -> [(&'static str, String); 6] {
        let address = format!("http://{}", self.address);
        [
            ("WEIBAO_TEST_S3", address.clone()),
            ("AWS_ENDPOINT", address),
            ("AWS_ALLOW_HTTP", "true".to_owned()),
            ("AWS_REGION", "us-east-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", "test".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "test".to_owned()),
        ]
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
