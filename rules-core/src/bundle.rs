//! Bundles: a ruleset with its layers and included tables as one JSON text that every runtime loads.
//!
//! In: plans. Out: text, and plans again. Must not know: YAML. The same plans always give the same bytes; a changed byte, an unknown format and
//! a plan that breaks its own laws are refused, each with its own code.

use crate::digest::sha256;
use crate::json::{self, Json};
use crate::limits;
use crate::plan::{Op, Operand, Plan};
use crate::wire::Wire;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// The format that this library writes and reads.
pub const FORMAT: f64 = 1.0;

/// Why a bundle is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BundleError {
    /// Larger than the limit.
    TooLarge,
    /// Not JSON.
    NotJson {
        /// Byte.
        offset: usize,
    },
    /// JSON, but not a bundle.
    NotBundle,
    /// Written by another format.
    Format,
    /// Some byte is not what it was when the bundle was built.
    Digest,
    /// The plan breaks a law of plans: an operand after its user, an index out of bounds, too deep, too large.
    Plan,
    /// The ruleset has functions and this runtime cannot run them.
    Functions,
    /// The signature is not by the given key over these bytes.
    Signature,
}

impl BundleError {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            BundleError::TooLarge => "B0100",
            BundleError::NotJson { .. } => "B0101",
            BundleError::NotBundle => "B0102",
            BundleError::Format => "B0103",
            BundleError::Digest => "B0104",
            BundleError::Plan => "B0105",
            BundleError::Functions => "B0106",
            BundleError::Signature => "B0107",
        }
    }

    /// What it means, in Chinese and English.
    pub fn text(self) -> (&'static str, &'static str) {
        match self {
            BundleError::TooLarge => ("规则包超过大小上限", "the bundle is larger than the limit"),
            BundleError::NotJson { .. } => ("规则包不是有效的 JSON", "the bundle is not valid JSON"),
            BundleError::NotBundle => ("这不是规则包", "this is not a bundle of rules"),
            BundleError::Format => (
                "规则包的格式版本不受支持，请升级程序或重新构建规则包",
                "the bundle's format is not supported; update this program or build the bundle again",
            ),
            BundleError::Digest => (
                "规则包的内容已被改动，请重新下载",
                "the bundle has been changed; fetch it again",
            ),
            BundleError::Plan => (
                "规则包已损坏，请重新构建",
                "the bundle is damaged; build it again",
            ),
            BundleError::Functions => (
                "规则包含有函数，此运行环境未内置函数支持",
                "the ruleset has functions, which are not built into this runtime",
            ),
            BundleError::Signature => ("规则包的签名不正确", "the bundle's signature is wrong"),
        }
    }
}

/// A bundle's content.
#[derive(Clone, PartialEq, Debug)]
pub struct Content {
    /// `sha256:…` of the content.
    pub digest: String,
    /// One plan per path of layers, the base alone first.
    pub variants: Vec<Plan>,
    /// Included tables: name and data as JSON text.
    pub tables: Vec<(String, String)>,
}

fn body(variants: &[Plan], tables: &[(String, String)]) -> Json {
    let first = variants.first().and_then(|plan| plan.layers.first());
    let data = tables.iter().map(|(name, text)| {
        // Included data was made by the compiler; anything else could not have been stored.
        let tree = json::parse(text, 64).map_or(Json::Null, |(tree, _)| tree);
        (name.clone(), tree)
    });
    Json::Obj(Vec::from([
        ("bundle".to_string(), Json::from("weibao-rules")),
        ("format".to_string(), Json::from(FORMAT)),
        (
            "id".to_string(),
            Json::from(first.map_or("", |layer| layer.id.as_str())),
        ),
        (
            "version".to_string(),
            Json::from(first.map_or("", |layer| layer.version.as_str())),
        ),
        (
            "variants".to_string(),
            Json::Arr(variants.iter().map(Wire::put).collect()),
        ),
        ("tables".to_string(), Json::Obj(data.collect())),
    ]))
}

/// The digest of a bundle's content.
pub fn digest(variants: &[Plan], tables: &[(String, String)]) -> String {
    sha256(body(variants, tables).canonical().as_bytes())
}

/// Writes a bundle.
pub fn write(variants: &[Plan], tables: &[(String, String)]) -> String {
    let mut json = body(variants, tables);
    let digest = sha256(json.canonical().as_bytes());
    if let Json::Obj(members) = &mut json {
        members.push(("digest".to_string(), Json::from(digest)));
    }
    let mut text = json.canonical();
    text.push('\n');
    text
}

/// A public key that signs bundles: Ed25519, 32 bytes.
pub type PublicKey = [u8; 32];

/// What is signed: these words and the digest, so that no other text with the same key can pass for a bundle.
fn signed(digest: &str) -> String {
    let mut message = String::from("weibao-rules bundle ");
    message.push_str(digest);
    message
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|d| char::from_digit(u32::from(d), 16))
        .collect()
}

fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits: Option<Vec<u8>> = text
        .chars()
        .map(|c| c.to_digit(16).map(|digit| digit as u8))
        .collect();
    let digits = digits.filter(|digits| digits.len() == N * 2)?;
    let mut out = [0; N];
    for (byte, pair) in out.iter_mut().zip(digits.chunks(2)) {
        if let [high, low] = pair {
            *byte = high << 4 | low;
        }
    }
    Some(out)
}

/// Adds a signature to a bundle; `seed` is the 32 secret bytes of an Ed25519 key. The digest and the verdicts stay as they were.
///
/// # Errors
/// Where the text is no sound bundle.
pub fn sign(text: &str, seed: [u8; 32]) -> Result<String, BundleError> {
    let content = read(text)?;
    let pair = ed25519_compact::KeyPair::from_seed(ed25519_compact::Seed::new(seed));
    let signature = pair.sk.sign(signed(&content.digest), None);
    let (mut json, _) =
        json::parse(text, 32).map_err(|error| BundleError::NotJson { offset: error.offset })?;
    if let Json::Obj(members) = &mut json {
        members.retain(|(key, _)| key != "signature");
        members.push((
            "signature".to_string(),
            Json::Obj(Vec::from([
                ("key".to_string(), hex(pair.pk.as_slice()).into()),
                ("value".to_string(), hex(signature.as_slice()).into()),
            ])),
        ));
    }
    let mut text = json.canonical();
    text.push('\n');
    Ok(text)
}

/// The public key of a seed.
pub fn public_key(seed: [u8; 32]) -> PublicKey {
    *ed25519_compact::KeyPair::from_seed(ed25519_compact::Seed::new(seed)).pk
}

/// Does the signature of a bundle, already read, hold, and is it by one of `keys`?
fn signature_holds(json: Option<&Json>, digest: &str, keys: &[PublicKey]) -> bool {
    let text = |key: &str| json.and_then(|json| json.get(key)).and_then(Json::as_str);
    let key = text("key").and_then(unhex::<32>).filter(|key| keys.contains(key));
    let (Some(key), Some(value)) = (key, text("value").and_then(unhex::<64>)) else {
        return false;
    };
    ed25519_compact::PublicKey::new(key)
        .verify(signed(digest), &ed25519_compact::Signature::new(value))
        .is_ok()
}

/// Reads a bundle that must be signed by one of `keys`.
///
/// # Errors
/// As [`read`]; `Signature` where it is not signed, by another key, or over other bytes.
pub fn read_signed(text: &str, keys: &[PublicKey]) -> Result<Content, BundleError> {
    let content = read(text)?;
    let (json, _) = json::parse(text, 32).map_err(|error| BundleError::NotJson { offset: error.offset })?;
    if signature_holds(json.get("signature"), &content.digest, keys) {
        Ok(content)
    } else {
        Err(BundleError::Signature)
    }
}

/// Reads a bundle, whoever built it; a signature is not looked at.
///
/// # Errors
/// Where the text is no bundle, of another format, changed, or holds a plan that breaks the laws of plans.
pub fn read(text: &str) -> Result<Content, BundleError> {
    if text.len() > limits::BUNDLE_BYTES {
        return Err(BundleError::TooLarge);
    }
    let (mut json, flaws) =
        json::parse(text, 32).map_err(|error| BundleError::NotJson { offset: error.offset })?;
    let word = json.get("bundle").and_then(Json::as_str);
    if word != Some("weibao-rules") || !flaws.is_empty() {
        return Err(BundleError::NotBundle);
    }
    if json.get("format").and_then(Json::as_num) != Some(FORMAT) {
        return Err(BundleError::Format);
    }
    let stated = json
        .get("digest")
        .and_then(Json::as_str)
        .unwrap_or("")
        .to_string();
    if let Json::Obj(members) = &mut json {
        members.retain(|(key, _)| key != "digest" && key != "signature");
    }
    if sha256(json.canonical().as_bytes()) != stated {
        return Err(BundleError::Digest);
    }
    let variants: Vec<Plan> = json
        .get("variants")
        .and_then(Wire::take)
        .ok_or(BundleError::Plan)?;
    if variants.is_empty() || !variants.iter().all(sound) {
        return Err(BundleError::Plan);
    }
    let tables = match json.get("tables") {
        Some(Json::Obj(members)) => members
            .iter()
            .map(|(name, tree)| (name.clone(), tree.canonical()))
            .collect(),
        _ => Vec::new(),
    };
    Ok(Content {
        digest: stated,
        variants,
        tables,
    })
}

/// The laws of plans that evaluation rests on: operands stand before their users, expressions are not too deep, sizes are bounded.
/// Every other index is looked up safely where it is used.
pub fn sound(plan: &Plan) -> bool {
    let sizes = plan.nodes.len() <= limits::NODES
        && plan.rules.len() <= limits::RULES
        && plan
            .form
            .scopes
            .iter()
            .all(|scope| scope.fields.len() <= limits::SLOTS)
        && plan.tables.len() <= usize::from(u16::MAX)
        && plan.reasons.len() <= usize::from(u16::MAX)
        && !plan.layers.is_empty()
        && !plan.form.scopes.is_empty();
    let mut depths: Vec<u32> = Vec::with_capacity(plan.nodes.len());
    for node in &plan.nodes {
        let Some(row) = Op::ALL.get(node.op as usize) else {
            return false;
        };
        let slots = [node.a, node.b, node.c];
        let mut deepest = Some(0u32);
        let mut below = |child: u32| {
            deepest = match (deepest, depths.get(child as usize)) {
                (Some(deepest), Some(depth)) => Some(deepest.max(*depth)),
                _ => None,
            };
        };
        for (i, (kind, operand)) in row.2.iter().zip(slots).enumerate() {
            match kind {
                Operand::Node => below(operand),
                Operand::Args => {
                    let len = slots.get(i + 1).copied().unwrap_or(0) as usize;
                    let start = operand as usize;
                    match plan.args.get(start..start.saturating_add(len)) {
                        Some(children) => children.iter().for_each(|child| below(*child)),
                        None => return false,
                    }
                }
                Operand::None | Operand::Flag | Operand::Index => {}
            }
        }
        if node.op == Op::Let {
            match plan.lets.get(node.a as usize) {
                Some(derived) => below(derived.node),
                None => return false,
            }
        }
        match deepest {
            Some(depth) if depth < limits::EXPRESSION_DEPTH * 2 => depths.push(depth + 1),
            _ => return false,
        }
    }
    sizes
}
