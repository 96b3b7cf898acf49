//! A client with an outbox, as a phone has it: what was not answered is sent again, the same bytes.
//!
//! In: a seed. Out: receipts that it was given. Must not know: when the server dies.

use crate::chance::Chance;
use crate::http::{Answer, send};
use crate::server::Server;
use rules_core::digest::sha256;
use serde_json::Value;
use std::collections::VecDeque;

/// How a step ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Ended {
    Answered,
    /// No whole answer.
    Broken,
    /// The server said that it cannot now.
    Refused(u16),
}

/// A receipt that was given, and for what.
#[derive(Clone, Debug)]
pub(crate) struct Receipt {
    id: String,
    body: String,
    digest: String,
    revision: i64,
    receipt: String,
}

#[derive(Clone, Debug)]
enum Task {
    Submit {
        id: String,
        body: String,
        replaces: Option<String>,
        parts: Vec<Vec<u8>>,
    },
    Part {
        id: String,
        digest: String,
        bytes: Vec<u8>,
        pieces: bool,
    },
}

/// A client.
#[derive(Debug)]
pub(crate) struct Client {
    number: u64,
    chance: Chance,
    token: String,
    ruleset: (String, String),
    made: u64,
    outbox: VecDeque<Task>,
    /// Receipts in the order in which they came.
    pub(crate) given: Vec<Receipt>,
    parts: Vec<String>,
}

impl Client {
    pub(crate) fn new(number: u64, seed: u64, token: &str, ruleset: &(String, String)) -> Client {
        Client {
            number,
            chance: Chance::new(seed ^ (number + 1).wrapping_mul(0x1234_5678_9abc_def1)),
            token: format!("Bearer {token}"),
            ruleset: ruleset.clone(),
            made: 0,
            outbox: VecDeque::new(),
            given: Vec::new(),
            parts: Vec::new(),
        }
    }

    /// Digests of the parts that it has sent, or has still to send.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(String::as_str)
    }

    /// Sends what is first in the outbox; makes something new where it is empty.
    pub(crate) fn step(&mut self, address: &str) -> Ended {
        if self.outbox.is_empty() {
            let task = self.invent();
            self.outbox.push_back(task);
        }
        let Some(task) = self.outbox.front().cloned() else {
            return Ended::Answered;
        };
        let ended = match &task {
            Task::Submit {
                id,
                body,
                replaces,
                parts,
            } => self.submit(address, id, body, replaces.as_deref(), parts),
            Task::Part {
                id,
                digest,
                bytes,
                pieces: false,
            } => self.whole(address, id, digest, bytes),
            Task::Part {
                id,
                digest,
                bytes,
                pieces: true,
            } => self.in_pieces(address, id, digest, bytes),
        };
        if ended == Ended::Answered {
            self.outbox.pop_front();
        }
        ended
    }

    fn invent(&mut self) -> Task {
        self.made += 1;
        let edits = !self.given.is_empty() && self.chance.below(6) == 0;
        let earlier = edits.then(|| {
            let number = self.chance.below(self.given.len() as u64) as usize;
            let id = self.given.get(number).unwrap().id.clone();
            // The newest revision of that submission.
            let newest = self.given.iter().filter(|receipt| receipt.id == id);
            newest.max_by_key(|receipt| receipt.revision).unwrap().clone()
        });
        let parts: Vec<Vec<u8>> = (0..self.chance.below(3)).map(|_| self.photo()).collect();
        let claims: Vec<String> = parts
            .iter()
            .map(|bytes| {
                format!(
                    r#"{{"digest":"{}","bytes":{},"type":"image/jpeg","at":"/photos/0"}}"#,
                    sha256(bytes),
                    bytes.len()
                )
            })
            .collect();
        let words = "检".repeat(self.chance.below(300) as usize);
        let (ruleset, digest) = &self.ruleset;
        // Sometimes a ruleset that the server does not have: that is stored, too.
        let digest = match self.chance.below(10) {
            0 => format!("sha256:{}", "5".repeat(64)),
            _ => digest.clone(),
        };
        let body = format!(
            r#"{{"ruleset":{{"id":"{ruleset}","digest":"{digest}"}},"asOf":"2026-03-02","jurisdiction":"520402","entry":{{"note":"{words}{} of {}"}},"report":"sha256:{}","parts":[{}]{}}}"#,
            self.made,
            self.number,
            "0".repeat(64),
            claims.join(","),
            if edits { r#","reason":"补充""# } else { "" },
        );
        let (id, replaces) = match earlier {
            Some(receipt) => (receipt.id, Some(receipt.digest)),
            None => {
                let (a, b) = (self.chance.next() & 0xfff, self.chance.next() & 0xffff_ffff);
                (
                    format!(
                        "01935c3a-7a00-7{a:03x}-8{:03x}-{:04x}{b:08x}",
                        self.number,
                        self.made & 0xffff
                    ),
                    None,
                )
            }
        };
        Task::Submit {
            id,
            body,
            replaces,
            parts,
        }
    }

    fn photo(&mut self) -> Vec<u8> {
        let length = 1 + self.chance.below(120_000) as usize;
        (0..length.div_ceil(8))
            .flat_map(|_| self.chance.next().to_le_bytes())
            .take(length)
            .collect()
    }

    fn submit(
        &mut self,
        address: &str,
        id: &str,
        body: &str,
        replaces: Option<&str>,
        parts: &[Vec<u8>],
    ) -> Ended {
        let Some(answer) = self.put(address, id, body, replaces) else {
            return Ended::Broken;
        };
        match answer.status {
            200..=202 => {}
            503 | 507 | 408 => return Ended::Refused(answer.status),
            other => panic!("{other} for a good submission: {}", answer.body),
        }
        let json: Value = serde_json::from_str(&answer.body).unwrap();
        let receipt = receipt_bytes(&answer.body);
        assert_eq!(
            json["receipt"]["digest"],
            sha256(body.as_bytes()),
            "a receipt for other bytes"
        );
        self.given.push(Receipt {
            id: id.to_owned(),
            body: body.to_owned(),
            digest: sha256(body.as_bytes()),
            revision: json["receipt"]["revision"].as_i64().unwrap(),
            receipt,
        });
        for bytes in parts {
            let digest = sha256(bytes);
            self.parts.push(digest.clone());
            let pieces = self.chance.below(2) == 0;
            self.outbox.push_back(Task::Part {
                id: id.to_owned(),
                digest,
                bytes: bytes.clone(),
                pieces,
            });
        }
        Ended::Answered
    }

    fn put(&self, address: &str, id: &str, body: &str, replaces: Option<&str>) -> Option<Answer> {
        let tag = replaces.map(|digest| format!("\"{digest}\""));
        let mut headers = vec![
            ("authorization", self.token.as_str()),
            ("content-type", "application/json"),
        ];
        if let Some(tag) = &tag {
            headers.push(("if-match", tag));
        }
        send(
            address,
            "PUT",
            &format!("/v1/submissions/{id}"),
            &headers,
            body.as_bytes(),
        )
    }

    fn whole(&self, address: &str, id: &str, digest: &str, bytes: &[u8]) -> Ended {
        let answer = send(
            address,
            "PUT",
            &part(id, digest),
            &[("authorization", &self.token)],
            bytes,
        );
        ended(answer, &[201, 204])
    }

    fn in_pieces(&mut self, address: &str, id: &str, digest: &str, bytes: &[u8]) -> Ended {
        let path = part(id, digest);
        let Some(progress) = send(address, "HEAD", &path, &[("authorization", &self.token)], &[]) else {
            return Ended::Broken;
        };
        if progress.status != 200 {
            return ended(Some(progress), &[200]);
        }
        let mut offset: usize = progress.header("upload-offset").unwrap().parse().unwrap();
        while offset < bytes.len() {
            let size = 1 + self.chance.below(50_000) as usize;
            let piece = bytes.get(offset..bytes.len().min(offset + size)).unwrap();
            let place = offset.to_string();
            let headers = [("authorization", self.token.as_str()), ("upload-offset", &place)];
            let answer = send(address, "PATCH", &path, &headers, piece);
            let next = answer
                .as_ref()
                .and_then(|answer| answer.header("upload-offset")?.parse().ok());
            match ended(answer, &[204]) {
                Ended::Answered => offset = next.unwrap(),
                other => return other,
            }
        }
        // Everything is here, and perhaps the answer that said so was lost: whole and idempotent settles it.
        self.whole(address, id, digest, bytes)
    }

    /// Sends the same bytes again: it has to be there, with the same receipt.
    pub(crate) fn ask_again(&self, server: &Server, number: usize) {
        let receipt = self.given.get(number).unwrap();
        let answer = self
            .put(&server.address, &receipt.id, &receipt.body, None)
            .unwrap();
        assert_eq!(
            answer.status, 200,
            "LOST: {} revision {}: {}",
            receipt.id, receipt.revision, answer.body
        );
        assert_eq!(
            receipt_bytes(&answer.body),
            receipt.receipt,
            "another receipt for {}",
            receipt.id
        );
    }

    /// Sends what is in the outbox until it is empty.
    pub(crate) fn settle(&mut self, server: &Server) {
        while !self.outbox.is_empty() {
            assert_eq!(self.step(&server.address), Ended::Answered);
        }
    }
}

/// The receipt as the bytes that it was sent as: it stands first in the answer.
fn receipt_bytes(answer: &str) -> String {
    let start = answer.strip_prefix(r#"{"receipt":"#).unwrap();
    let end = start.find('}').unwrap();
    start.get(..=end).unwrap().to_owned()
}

fn part(id: &str, digest: &str) -> String {
    format!(
        "/v1/submissions/{id}/parts/{}",
        digest.trim_start_matches("sha256:")
    )
}

fn ended(answer: Option<Answer>, good: &[u16]) -> Ended {
    match answer {
        None => Ended::Broken,
        Some(answer) if good.contains(&answer.status) => Ended::Answered,
        Some(answer) if [503, 507, 408].contains(&answer.status) => Ended::Refused(answer.status),
        Some(answer) => panic!("{} for a good part: {}", answer.status, answer.body),
    }
}
