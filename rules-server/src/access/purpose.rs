//! Why somebody reads entries, and the log that says who read what for which reason.
//!
//! In: the header `x-purpose`; what is about to leave. Out: a line of the access log, before it leaves. Must not know: how entries are read.
//! The Regulation on the Protection of Minors in Cyberspace, article 36, has staff access minors' data with the least authority, with an approval and a
//! record of the access.

use super::Principal;
use crate::app::App;
use crate::problem::{Kind, Problem};
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use rules_core::json::Json;
use sqlx::Row;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The header. A browser's header holds ASCII only, so other characters are percent-encoded UTF-8.
pub(crate) const HEADER: &str = "x-purpose";

/// Characters of a purpose: two are a word in Chinese, and nobody reads more than two lines in a log.
const LENGTH: std::ops::RangeInclusive<usize> = 2..=200;

/// Why somebody reads. A handler of an address that asks for a purpose takes it, and calls `log` before it answers.
#[derive(Clone, Debug)]
pub(crate) struct Purpose {
    text: Arc<str>,
    logged: Arc<AtomicBool>,
}

/// What leaves.
#[derive(Debug)]
pub(crate) struct Reading {
    /// The address as the table spells it.
    pub(crate) address: &'static str,
    /// Ids of the entries; of a stream that is too long for that, none.
    pub(crate) ids: Vec<String>,
    /// What was asked for, without texts that somebody searched for.
    pub(crate) filter: Json,
    /// How many entries.
    pub(crate) count: i64,
}

impl Purpose {
    /// The purpose in a request's headers.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Purpose, Problem> {
        let missing = |detail: &str| Problem::new(Kind::PurposeRequired, detail);
        let mut given = headers.get_all(HEADER).iter();
        let (Some(value), None) = (given.next(), given.next()) else {
            return Err(missing(
                "say why in one header `x-purpose`, such as `review` or percent-encoded text",
            ));
        };
        let text = percent_encoding::percent_decode(value.as_bytes()).decode_utf8();
        let text = text.map_err(|_| missing("`x-purpose` is percent-encoded UTF-8"))?;
        let text = text.trim();
        if !LENGTH.contains(&text.chars().count()) || text.chars().any(char::is_control) {
            return Err(missing(
                "`x-purpose` has 2 to 200 characters and no control characters",
            ));
        }
        Ok(Purpose {
            text: text.into(),
            logged: Arc::default(),
        })
    }

    /// Was it written down?
    pub(super) fn is_logged(&self) -> bool {
        self.logged.load(Ordering::Acquire)
    }

    /// Writes down who reads what. When this is done, it may leave.
    ///
    /// # Errors
    /// Where it could not be written; then nothing may leave.
    pub(crate) async fn log(
        &self,
        app: &App,
        principal: &Principal,
        reading: Reading,
    ) -> Result<(), Problem> {
        let (who, purpose) = (principal.clone(), self.text.clone());
        let ids = Json::Arr(reading.ids.iter().map(|id| id.as_str().into()).collect()).canonical();
        let filter = reading.filter.canonical();
        let written = app.db.write(move |tx| {
            Box::pin(async move {
                let last = sqlx::query("SELECT COALESCE(MAX(number), 0) FROM access_log")
                    .fetch_one(tx.sql())
                    .await?;
                let number: i64 = last.try_get(0)?;
                let now = tx.now_ms;
                sqlx::query("INSERT INTO access_log (number, time_ms, principal, name, role, area, address, purpose, filter, ids, entries) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
                    .bind(number + 1)
                    .bind(now)
                    .bind(who.id)
                    .bind(who.name)
                    .bind(who.role.word())
                    .bind(who.area)
                    .bind(reading.address)
                    .bind(purpose.as_ref())
                    .bind(filter)
                    .bind(ids)
                    .bind(reading.count)
                    .execute(tx.sql())
                    .await?;
                Ok(())
            })
        });
        written.await?;
        self.logged.store(true, Ordering::Release);
        Ok(())
    }
}

impl FromRequestParts<App> for Purpose {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Purpose, Problem> {
        let found = parts.extensions.get::<Purpose>().cloned();
        // The table does not say that this address asks for one: a mistake of ours.
        found.ok_or_else(|| Problem::new(Kind::Internal, ""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn purposes_are_read_or_refused() {
        let cases: &[(&[&[u8]], Option<&str>)] = &[
            (&[b"review"], Some("review")),
            (&[b" complaint 12 "], Some("complaint 12")),
            (&[b"%E5%A4%8D%E6%A0%B8"], Some("复核")),
            (&["复核".as_bytes()], Some("复核")),
            (&[], None),
            (&[b""], None),
            (&[b"x"], None),
            (&[b"%20%20%20"], None),
            (&[b"a%0Ab"], None),
            (&[b"%FF%FE"], None),
            (&[&[b'a'; 201]], None),
            (&[b"one", b"two"], None),
        ];
        for (given, text) in cases {
            let mut headers = HeaderMap::new();
            for value in *given {
                if let Ok(value) = HeaderValue::from_bytes(value) {
                    headers.append(HEADER, value);
                }
            }
            let read = Purpose::of(&headers).ok();
            assert_eq!(
                read.as_ref().map(|purpose| purpose.text.as_ref()),
                *text,
                "{given:?}"
            );
        }
    }
}
