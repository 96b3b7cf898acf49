//! The identity provider over HTTP: what it says of itself, where to log in, the token for a code.
//!
//! In: its address. Out: a verified person. Must not know: accounts, sessions.

use super::claims::{OidcSettings, Person, person};
use crate::app::App;
use crate::problem::{Kind, Problem};
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreResponseType,
    CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, AuthenticationFlow, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken,
    EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse,
    IdTokenFields, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    StandardErrorResponse, StandardTokenResponse, TokenResponse,
};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// All claims that the standard does not name.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Others(serde_json::Map<String, serde_json::Value>);

impl AdditionalClaims for Others {}

type Fields = IdTokenFields<
    Others,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

type Party = Client<
    Others,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<Fields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// How long what the provider says of itself is believed. Its keys change; a login takes minutes.
const FRESH_MS: i64 = 5 * 60_000;

/// An answer is some kilobytes.
const ANSWER: u64 = 1 << 20;

/// The provider, as it last described itself.
#[derive(Debug, Default)]
pub(crate) struct Provider {
    known: Mutex<Option<(i64, Arc<CoreProviderMetadata>)>>,
}

/// Why it could not be asked.
#[derive(Debug)]
struct Unreachable(String);

impl std::fmt::Display for Unreachable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unreachable {}

/// One request. Redirections are not followed: nobody but the provider is to be asked.
async fn http(request: HttpRequest) -> Result<HttpResponse, Unreachable> {
    let work = tokio::task::spawn_blocking(move || {
        let tls = ureq::tls::TlsConfig::builder().root_certs(ureq::tls::RootCerts::PlatformVerifier);
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(10)))
            .tls_config(tls.build())
            .build()
            .new_agent();
        let (parts, mut body) = agent.run(request)?.into_parts();
        let body = body.with_config().limit(ANSWER).read_to_vec()?;
        Ok(HttpResponse::from_parts(parts, body))
    });
    let done = work.await.map_err(|error| Unreachable(error.to_string()))?;
    done.map_err(|error: ureq::Error| Unreachable(error.to_string()))
}

fn away(error: &dyn std::error::Error) -> Problem {
    tracing::error!(%error, "the identity provider cannot be asked");
    Problem::new(Kind::Unavailable, "the identity provider does not answer")
}

impl Provider {
    async fn party(&self, app: &App, settings: &OidcSettings) -> Result<Party, Problem> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let now = app.clock.now_ms();
        let fresh = known.filter(|(since, _)| since.saturating_add(FRESH_MS) > now);
        let metadata = match fresh {
            Some((_, metadata)) => metadata,
            None => {
                let issuer = IssuerUrl::new(settings.issuer.clone()).map_err(|error| away(&error))?;
                let found = CoreProviderMetadata::discover_async(issuer, &http).await;
                let found = Arc::new(found.map_err(|error| away(&error))?);
                *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, found.clone()));
                found
            }
        };
        let origin = app.access.settings.origin.as_deref().unwrap_or("");
        let back = format!("{}/v1/oidc/callback", origin.trim_end_matches('/'));
        let party: Party = Client::from_provider_metadata(
            CoreProviderMetadata::clone(&metadata),
            ClientId::new(settings.client_id.clone()),
            settings.client_secret.clone().map(ClientSecret::new),
        );
        Ok(party.set_redirect_uri(RedirectUrl::new(back).map_err(|error| away(&error))?))
    }

    /// Where a browser goes to log in.
    pub(crate) async fn login(
        &self,
        app: &App,
        settings: &OidcSettings,
        state: &str,
        nonce: &str,
        verifier: &str,
    ) -> Result<String, Problem> {
        let party = self.party(app, settings).await?;
        let challenge =
            PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(verifier.to_owned()));
        let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let (state, nonce) = (state.to_owned(), nonce.to_owned());
        let request = party.authorize_url(flow, || CsrfToken::new(state), || Nonce::new(nonce));
        let scopes = settings.scopes.iter().cloned().map(Scope::new);
        let (address, _, _) = request.add_scopes(scopes).set_pkce_challenge(challenge).url();
        Ok(address.into())
    }

    /// Who the code stands for: the token is fetched, its signature, issuer, audience, time and nonce are verified.
    pub(crate) async fn person(
        &self,
        app: &App,
        settings: &OidcSettings,
        code: String,
        verifier: String,
        nonce: String,
    ) -> Result<Person, Problem> {
        let party = self.party(app, settings).await?;
        let refused = |error: &dyn std::error::Error| {
            tracing::warn!(%error, "a login was not believed");
            Problem::new(
                Kind::LoginFailed,
                "the identity provider's answer is not believed; begin again",
            )
        };
        let request = party.exchange_code(AuthorizationCode::new(code));
        let request = request.map_err(|error| away(&error))?;
        let answer = request
            .set_pkce_verifier(PkceCodeVerifier::new(verifier))
            .request_async(&http)
            .await
            .map_err(|error| refused(&error))?;
        let none = || {
            Problem::new(
                Kind::LoginFailed,
                "the identity provider sent no token of identity",
            )
        };
        let identity = answer.id_token().ok_or_else(none)?;
        let now = app.clock.now_ms();
        let verifier = party
            .id_token_verifier()
            .set_time_fn(move || chrono::DateTime::from_timestamp_millis(now).unwrap_or_default());
        let claims = identity
            .claims(&verifier, &Nonce::new(nonce))
            .map_err(|error| refused(&error))?;
        let others = serde_json::Value::Object(claims.additional_claims().0.clone());
        let name = claims.preferred_username().map(|name| name.to_string());
        let display = claims.name().and_then(|name| name.get(None));
        person(
            settings,
            claims.subject().to_string(),
            name,
            display.map(|name| name.to_string()),
            &others,
        )
    }
}
