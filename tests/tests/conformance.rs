//! One suite for every database: random requests, and a model in memory that says what each has to be answered.
//!
//! The model is a second witness of the contract: a few maps, no transactions, no chain. SQLite, PostgreSQL and the model have to agree on
//! every answer.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may end where it fails"
)]

mod cli_program;
mod served;

use rules_core::digest::sha256;
use served::{Answer, Served, body, each, id};
use std::collections::{BTreeMap, BTreeSet};

/// Bytes of the parts that there are.
const PARTS: [&[u8]; 3] = [b"the first", b"the second part", b"3"];

struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

#[derive(Clone, Debug)]
enum Request {
    Submit {
        id: u64,
        known: bool,
        entry: u64,
        parts: Vec<usize>,
        reason: bool,
        tag: Tag,
    },
    Put {
        id: u64,
        part: usize,
        damaged: bool,
    },
    Patch {
        id: u64,
        part: usize,
        offset: usize,
        length: usize,
    },
    Head {
        id: u64,
        part: usize,
    },
    Receipt {
        id: u64,
    },
}

#[derive(Clone, Copy, Debug)]
enum Tag {
    None,
    Current,
    First,
    Wrong,
}

fn request(chance: &mut Chance) -> Request {
    let (id, part) = (chance.below(4), chance.below(3) as usize);
    match chance.below(10) {
        0..=3 => Request::Submit {
            id,
            known: chance.below(5) > 0,
            entry: chance.below(3),
            parts: (0..chance.below(3)).map(|_| chance.below(3) as usize).collect(),
            reason: chance.below(2) > 0,
            tag: [
                Tag::None,
                Tag::None,
                Tag::Current,
                Tag::Current,
                Tag::First,
                Tag::Wrong,
            ][chance.below(6) as usize],
        },
        4 => Request::Put {
            id,
            part,
            damaged: chance.below(3) == 0,
        },
        5 | 6 => Request::Patch {
            id,
            part,
            offset: chance.below(4) as usize * 3,
            length: 3 * (1 + chance.below(4) as usize),
        },
        7 => Request::Head { id, part },
        _ => Request::Receipt { id },
    }
}

#[derive(Clone, Debug)]
struct Revision {
    digest: String,
    known: bool,
    parts: Vec<usize>,
}

#[derive(Debug, Default)]
struct Model {
    submissions: BTreeMap<u64, Vec<Revision>>,
    parts: BTreeSet<usize>,
    uploads: BTreeMap<(u64, usize), Vec<u8>>,
}

/// What an answer has to say.
#[derive(Debug, Default, PartialEq, Eq)]
struct Expected {
    status: u16,
    revision: Option<u64>,
    state: Option<&'static str>,
    missing: Option<Vec<String>>,
    offset: Option<usize>,
}

impl Expected {
    fn status(status: u16) -> Expected {
        Expected {
            status,
            ..Expected::default()
        }
    }
}

impl Model {
    fn envelope(&self, status: u16, id: u64, number: usize) -> Expected {
        let revision = &self.submissions[&id][number];
        let mut missing: Vec<String> = Vec::new();
        for part in &revision.parts {
            let digest = sha256(PARTS[*part]);
            if !self.parts.contains(part) && !missing.contains(&digest) {
                missing.push(digest);
            }
        }
        let state = match (revision.known, missing.is_empty()) {
            (false, _) => "quarantined",
            (true, true) => "complete",
            (true, false) => "incomplete",
        };
        Expected {
            status,
            revision: Some(number as u64 + 1),
            state: Some(state),
            missing: Some(missing),
            offset: None,
        }
    }

    fn submit(&mut self, id: u64, new: Revision, reason: bool, tag: Option<&str>) -> Expected {
        let revisions = self.submissions.entry(id).or_default();
        let number = match revisions.last() {
            None if tag.is_some() => {
                self.submissions.remove(&id);
                return Expected::status(412);
            }
            None => 0,
            Some(current) => {
                let same = revisions.iter().rposition(|there| there.digest == new.digest);
                if current.digest == new.digest {
                    return self.envelope(200, id, self.submissions[&id].len() - 1);
                }
                if tag == Some(&current.digest) {
                    if !reason {
                        return Expected::status(422);
                    }
                } else if let Some(earlier) = same {
                    return self.envelope(200, id, earlier);
                } else {
                    return Expected::status(if tag.is_some() { 412 } else { 409 });
                }
                revisions.len()
            }
        };
        let status = if new.known { 201 } else { 202 };
        revisions.push(new);
        self.envelope(status, id, number)
    }

    fn claimed(&self, id: u64, part: usize) -> bool {
        let revisions = self.submissions.get(&id);
        revisions.is_some_and(|all| all.iter().any(|revision| revision.parts.contains(&part)))
    }

    fn arrived(&mut self, id: u64, part: usize, bytes: &[u8]) -> bool {
        self.uploads.remove(&(id, part));
        if bytes == PARTS[part] {
            self.parts.insert(part);
        }
        bytes == PARTS[part]
    }

    fn part(&mut self, request: &Request) -> Expected {
        let (Request::Put { id, part, .. } | Request::Patch { id, part, .. } | Request::Head { id, part }) =
            request
        else {
            panic!("{request:?}");
        };
        let whole = PARTS[*part];
        if !self.claimed(*id, *part) {
            return Expected::status(404);
        }
        let here = self.parts.contains(part);
        let had = self.uploads.get(&(*id, *part)).map_or(0, Vec::len);
        let at = |status, offset| Expected {
            status,
            offset: Some(offset),
            ..Expected::default()
        };
        match request {
            Request::Head { .. } => at(200, if here { whole.len() } else { had }),
            Request::Put { .. } if here => Expected::status(204),
            Request::Put { damaged, .. } => {
                let bytes = if *damaged { b"damaged" } else { whole };
                Expected::status(if self.arrived(*id, *part, bytes) { 201 } else { 422 })
            }
            Request::Patch { .. } if here => at(204, whole.len()),
            Request::Patch { offset, .. } if *offset != had => at(409, had),
            Request::Patch { offset, length, .. } => {
                let end = whole.len().min(offset + length);
                let upload = self.uploads.entry((*id, *part)).or_default();
                upload.extend_from_slice(&whole[*offset..end]);
                let bytes = upload.clone();
                if bytes.len() == whole.len() {
                    self.arrived(*id, *part, &bytes);
                }
                at(204, end)
            }
            _ => panic!("{request:?}"),
        }
    }

    fn tag(&self, id: u64, tag: Tag) -> Option<String> {
        let revisions = self.submissions.get(&id);
        let wrong = || format!("sha256:{}", "9".repeat(64));
        match tag {
            Tag::None => None,
            Tag::Wrong => Some(wrong()),
            Tag::Current => Some(revisions.map_or_else(wrong, |all| all[all.len() - 1].digest.clone())),
            Tag::First => Some(revisions.map_or_else(wrong, |all| all[0].digest.clone())),
        }
    }
}

async fn step(server: &Served, model: &mut Model, ruleset: &str, request: &Request) -> (Answer, Expected) {
    let path = |id: u64, part: usize| {
        let digest = sha256(PARTS[part]);
        format!("/v1/submissions/{}/parts/{}", served::id(id), &digest[7..])
    };
    match request {
        Request::Submit {
            id: number,
            known,
            entry,
            parts,
            reason,
            tag,
        } => {
            let claims: Vec<String> = parts
                .iter()
                .map(|part| {
                    format!(
                        r#"{{"digest":"{}","bytes":{},"type":"image/png","at":""}}"#,
                        sha256(PARTS[*part]),
                        PARTS[*part].len()
                    )
                })
                .collect();
            let reasoned = if *reason { r#","reason":"更正""# } else { "" };
            let more = format!(r#","parts":[{}]{reasoned}"#, claims.join(","));
            let unknown = format!("sha256:{}", "8".repeat(64));
            let sent = body(
                if *known { ruleset } else { &unknown },
                &format!(r#"{{"kind":"shop","guests":[{{"age":{}}}]}}"#, entry + 16),
                &more,
            );
            let wanted = model.tag(*number, *tag);
            let new = Revision {
                digest: sha256(sent.as_bytes()),
                known: *known,
                parts: parts.clone(),
            };
            let expected = model.submit(*number, new, *reason, wanted.as_deref());
            let tag = wanted.map(|digest| format!("\"{digest}\""));
            let headers: Vec<(&str, &str)> = tag.iter().map(|tag| ("if-match", tag.as_str())).collect();
            (server.submit(&id(*number), &sent, &headers).await, expected)
        }
        Request::Receipt { id: number } => {
            let expected = match model.submissions.get(number) {
                None => Expected::status(404),
                Some(revisions) => model.envelope(200, *number, revisions.len() - 1),
            };
            let path = format!("/v1/submissions/{}/receipt", id(*number));
            (server.get(&path, &server.device).await, expected)
        }
        Request::Put { id, part, damaged } => {
            let expected = model.part(request);
            let bytes = if *damaged { b"damaged" } else { PARTS[*part] };
            (
                server
                    .send("PUT", &path(*id, *part), &server.device, &[], bytes.to_vec())
                    .await,
                expected,
            )
        }
        Request::Patch {
            id,
            part,
            offset,
            length,
        } => {
            let expected = model.part(request);
            let whole = PARTS[*part];
            let from = whole.len().min(*offset);
            let piece = whole[from..whole.len().min(offset + length)].to_vec();
            let offset = offset.to_string();
            let headers = [("upload-offset", offset.as_str())];
            (
                server
                    .send("PATCH", &path(*id, *part), &server.device, &headers, piece)
                    .await,
                expected,
            )
        }
        Request::Head { id, part } => {
            let expected = model.part(request);
            let nothing = axum::body::Body::empty();
            (
                server
                    .send("HEAD", &path(*id, *part), &server.device, &[], nothing)
                    .await,
                expected,
            )
        }
    }
}

fn said(answer: &Answer, expected: &Expected) -> Expected {
    let json: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let strings = |value: &serde_json::Value| -> Option<Vec<String>> {
        Some(
            value
                .as_array()?
                .iter()
                .map(|one| one.as_str().unwrap().to_owned())
                .collect(),
        )
    };
    let states = ["complete", "incomplete", "quarantined"];
    let offset = answer
        .headers
        .get("upload-offset")
        .map(|value| value.to_str().unwrap().parse().unwrap());
    Expected {
        status: answer.status,
        revision: json["receipt"]["revision"].as_u64(),
        state: states.into_iter().find(|state| json["state"] == *state),
        missing: strings(&json["missing"]),
        offset: offset.filter(|_| expected.offset.is_some()),
    }
}

#[tokio::test]
async fn every_database_answers_as_the_model_does() {
    let rounds = if std::env::var_os("FAST").is_some() { 2 } else { 6 };
    let mut seen: BTreeMap<u16, u64> = BTreeMap::new();
    for seed in 0..rounds {
        for server in each().await {
            let ruleset = server.ruleset().await;
            let (mut chance, mut model) = (Chance(seed), Model::default());
            // Every receipt that was ever given, by submission and revision: it never changes.
            let mut receipts: BTreeMap<(u64, u64), String> = BTreeMap::new();
            for number in 0..150 {
                let request = request(&mut chance);
                let (answer, expected) = step(&server, &mut model, &ruleset, &request).await;
                let said = said(&answer, &expected);
                assert_eq!(
                    said,
                    expected,
                    "seed {seed}, request {number}: {request:?}: {}",
                    answer.text()
                );
                *seen.entry(answer.status).or_default() += 1;
                if let (Some(revision), Request::Submit { id, .. } | Request::Receipt { id }) =
                    (said.revision, &request)
                {
                    let receipt = answer.json()["receipt"].to_string();
                    assert_eq!(
                        receipts.entry((*id, revision)).or_insert_with(|| receipt.clone()),
                        &receipt
                    );
                }
            }
            let audit = rules_server::audit::verify(&server.app, None).await.unwrap();
            assert_eq!(audit.faults, [] as [&str; 0], "seed {seed}");
            let revisions: usize = model.submissions.values().map(Vec::len).sum();
            assert_eq!(
                (audit.revisions, audit.parts),
                (revisions as u64, model.parts.len() as u64)
            );
        }
    }
    for status in [200, 201, 202, 204, 404, 409, 412, 422] {
        assert!(seen.contains_key(&status), "never answered {status}: {seen:?}");
    }
}
