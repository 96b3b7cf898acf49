//! The service described as OpenAPI, and a page to try it on.
//!
//! In: what the areas say of themselves. Out: one document, and the page. Must not know: how anything is answered.

pub(crate) mod shapes;

use crate::problem::{self, Problem};
use axum::Router;
use utoipa::openapi::path::{Operation, Parameter};
use utoipa::openapi::schema::{Schema, SchemaType, Type};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{Content, Ref, RefOr, Response};
use utoipa::{OpenApi, PartialSchema};
use utoipa_swagger_ui::{Config, SwaggerUi};

/// Where the document is.
pub const DOCUMENT: &str = "/openapi.json";

/// Where the page is.
pub const PAGE: &str = "/docs";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Weibao Rules · 未保规则",
        description = "Rechecks form entries, receives and keeps inspections, replays their verdicts.\n\nEvery fault is an RFC 9457 problem (`application/problem+json`) whose `type` never changes its meaning.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    tags(
        (name = "recheck", description = "Judge an entry again; stores nothing"),
        (name = "submissions", description = "Send what was inspected, get a signed receipt"),
        (name = "parts", description = "Photos and other files of a submission"),
        (name = "library", description = "Rulesets, and what one would change"),
        (name = "tables", description = "Registers: reference data that checks are given"),
        (name = "reading", description = "What was received, as lists, one by one, exported, counted"),
        (name = "ledger", description = "What has to be put right, by whom and until when"),
        (name = "replay", description = "Is every verdict still what it was?"),
        (name = "audit", description = "The chain of everything that was received"),
        (name = "access", description = "Who may do what"),
        (name = "ops", description = "Condition and keys of the service"),
    )
)]
struct Document;

/// What every address may answer besides what it says itself.
const FAULTS: [(&str, &str); 2] = [
    ("4XX", "The request is at fault; `type` says how"),
    ("5XX", "The server is at fault, or away; `type` says how"),
];

/// Name of the schema of problems.
const PROBLEM: &str = "Problem";

/// The document around what the areas say.
pub(crate) fn document(areas: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    let mut whole = Document::openapi();
    whole.merge(areas);
    let bearer = Http::builder()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A device's token, or that of a session."))
        .build();
    let components = whole.components.get_or_insert_default();
    components
        .security_schemes
        .insert("token".to_owned(), SecurityScheme::Http(bearer).into());
    components.schemas.insert(PROBLEM.to_owned(), Problem::schema());
    for (path, item) in &mut whole.paths.paths {
        let operations = [
            ("get", &mut item.get),
            ("head", &mut item.head),
            ("put", &mut item.put),
            ("post", &mut item.post),
            ("patch", &mut item.patch),
            ("delete", &mut item.delete),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                // Handlers of several areas have one name; whatever is made from the document needs one for each.
                operation.operation_id = Some(identified(method, path));
                completed(operation, method != "head");
            }
        }
    }
    whole
}

/// `get_submissions_id`: method and address, which are one operation.
fn identified(method: &str, path: &str) -> String {
    let words = path.split(|c: char| !c.is_ascii_alphanumeric());
    words
        .filter(|word| !word.is_empty() && *word != "v1")
        .fold(method.to_owned(), |id, word| format!("{id}_{word}"))
}

/// Adds what is true of every operation, so that no area has to say it again.
fn completed(operation: &mut Operation, has_body: bool) {
    for parameter in operation.parameters.iter_mut().flatten() {
        if let RefOr::T(parameter) = parameter {
            given(parameter);
        }
    }
    let responses = &mut operation.responses.responses;
    for (status, description) in FAULTS {
        let fault = || RefOr::T(Response::new(description));
        responses.entry(status.to_owned()).or_insert_with(fault);
    }
    let faults = responses
        .iter_mut()
        .filter(|(status, _)| status.starts_with(['4', '5']));
    for (_, response) in faults {
        if let RefOr::T(response) = response
            && has_body
            && response.content.is_empty()
        {
            let content = Content::new(Some(Ref::from_schema_name(PROBLEM)));
            response
                .content
                .insert(problem::MEDIA_TYPE.to_owned(), RefOr::T(content));
        }
    }
}

/// A parameter that need not be there is left out; it is never `null`, which JSON alone has.
fn given(parameter: &mut Parameter) {
    let schema = match parameter.schema.take() {
        Some(RefOr::T(Schema::OneOf(mut one))) => {
            one.items.retain(|item| !is_null(item));
            match (one.items.pop(), one.items.is_empty()) {
                (Some(only), true) => Some(only),
                (last, _) => {
                    one.items.extend(last);
                    Some(RefOr::T(Schema::OneOf(one)))
                }
            }
        }
        Some(RefOr::T(Schema::Object(mut object))) => {
            if let SchemaType::Array(types) = &mut object.schema_type {
                types.retain(|one| *one != Type::Null);
                if types.len() == 1
                    && let Some(only) = types.pop()
                {
                    object.schema_type = SchemaType::Type(only);
                }
            }
            Some(RefOr::T(Schema::Object(object)))
        }
        other => other,
    };
    parameter.schema = schema;
}

fn is_null(schema: &RefOr<Schema>) -> bool {
    matches!(schema, RefOr::T(Schema::Object(object)) if object.schema_type == SchemaType::Type(Type::Null))
}

/// The document at its address and the page that shows it, from this server alone.
pub(crate) fn routes(document: utoipa::openapi::OpenApi) -> Router {
    let config = Config::default().try_it_out_enabled(true).validator_url("none");
    Router::from(SwaggerUi::new(PAGE).url(DOCUMENT, document).config(config))
}

#[cfg(test)]
mod tests {
    use super::identified;
    use std::collections::BTreeMap;
    use std::path::Path;

    #[test]
    fn method_and_address_are_one_word() {
        assert_eq!(identified("get", "/healthz"), "get_healthz");
        let id = identified("put", "/v1/submissions/{id}/parts/{hex}");
        assert_eq!(id, "put_submissions_id_parts_hex");
        let id = identified("get", "/v1/bundles/by-digest/{hex}");
        assert_eq!(id, "get_bundles_by_digest_hex");
    }

    /// Two types of one name would be one component, and one of them would be described as the other.
    #[test]
    fn every_component_is_of_one_type() -> std::io::Result<()> {
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder)? {
                let path = entry?.path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                for name in components(&std::fs::read_to_string(&path)?) {
                    let other = seen.insert(name.clone(), path.display().to_string());
                    assert_eq!(other, None, "{name} is a component of {}, too", path.display());
                }
            }
        }
        assert!(seen.len() > 50 && seen.contains_key("SubmissionBody") && seen.contains_key("Sha256"));
        Ok(())
    }

    /// Names of the components that a file makes: the one given by `as`, else that of the type; and the shapes.
    fn components(text: &str) -> Vec<String> {
        let shape = |line: &str| Some(line.strip_prefix("    ")?.split_once(" = |text|")?.0.to_owned());
        let derived = text.split("derive(").skip(1).filter_map(|derived| {
            let (traits, rest) = derived.split_once(')')?;
            let item = ["struct ", "enum "]
                .iter()
                .filter_map(|kind| rest.find(kind))
                .min()?;
            let (attributes, item) = rest.split_at_checked(item)?;
            let name = match attributes.split_once("#[schema(as = ") {
                Some((_, given)) => given,
                None => item.split_once(' ')?.1,
            };
            let end = name.find(|c: char| !c.is_alphanumeric())?;
            traits.contains("ToSchema").then(|| name.get(..end))?
        });
        let derived = derived.map(str::to_owned);
        text.lines().filter_map(shape).chain(derived).collect()
    }
}
