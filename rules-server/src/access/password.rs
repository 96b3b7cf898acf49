//! Passwords: hashed with Argon2id, checked in a time that does not tell whether the account exists.
//!
//! In: a password. Out: a PHC string, or whether it fits one. Must not know: whose it is.

use super::token;
use crate::app::App;
use crate::problem::{Kind, Problem};
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

/// OWASP's: 19 MiB, two passes, one lane.
fn argon() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default())
}

/// What a wrong name is checked against: the hash of bytes that nobody was told.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$d2VpYmFvLW5vYm9keS0x$6uFvnqLwEcDhIzbMvX0tXwFvPlKDhp/ER/6Ln0UDLsY";

/// Characters of a password: length is what makes it strong, and an end keeps hashing short.
pub(crate) const LENGTH: std::ops::RangeInclusive<usize> = 10..=128;

/// Is it one that may be taken?
pub(crate) fn fits(password: &str, name: &str) -> Result<(), Problem> {
    let problem = |detail: &str| Err(Problem::new(Kind::BadRequest, detail).at("/password"));
    if !LENGTH.contains(&password.chars().count()) {
        return problem("a password has 10 to 128 characters");
    }
    let first = password.chars().next();
    let named = name.chars().count() >= 4 && password.to_lowercase().contains(&name.to_lowercase());
    if named || password.chars().all(|c| Some(c) == first) {
        return problem("a password is not one character again and again, and has not the name in it");
    }
    Ok(())
}

/// One that the server makes: 80 bits, in letters and digits that are not mistaken for each other.
pub(crate) fn made(app: &App) -> Result<String, Problem> {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let bytes = token::chance(app)?;
    let letters = bytes.iter().take(16);
    let letters = letters.filter_map(|byte| LETTERS.get(usize::from(byte % 32)));
    let text: Vec<char> = letters.map(|letter| char::from(*letter)).collect();
    let groups: Vec<String> = text.chunks(4).map(|group| group.iter().collect()).collect();
    Ok(groups.join("-"))
}

/// The hash to store.
pub(crate) async fn hashed(app: &App, password: String) -> Result<String, Problem> {
    let internal = || Problem::new(Kind::Internal, "");
    let salt = token::chance(app)?;
    let _turn = app.access.hashing.acquire().await.map_err(|_| internal())?;
    let work = tokio::task::spawn_blocking(move || {
        let salt = salt.get(..16).unwrap_or(&salt);
        let hash = argon().hash_password_with_salt(password.as_bytes(), salt);
        hash.map(|hash| hash.to_string())
    });
    work.await.map_err(|_| internal())?.map_err(|_| internal())
}

/// Does it fit? Without a hash the same work is done, and it does not.
pub(crate) async fn is_right(app: &App, password: String, hash: Option<String>) -> Result<bool, Problem> {
    let internal = || Problem::new(Kind::Internal, "");
    let _turn = app.access.hashing.acquire().await.map_err(|_| internal())?;
    let work = tokio::task::spawn_blocking(move || {
        let text = hash.as_deref().unwrap_or(NOBODY);
        let verified = PasswordHash::new(text)
            .is_ok_and(|stored| argon().verify_password(password.as_bytes(), &stored).is_ok());
        verified && hash.is_some()
    });
    work.await.map_err(|_| internal())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Its parameters are those of real hashes, so that checking it takes as long.
    #[test]
    fn nobody_is_a_hash_like_any_other() {
        let hash = argon()
            .hash_password_with_salt(b"long enough", b"weibao-nobody-1")
            .map(|hash| hash.to_string())
            .unwrap_or_default();
        assert!(PasswordHash::new(NOBODY).is_ok());
        let head = |text: &str| text.split('$').take(4).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(head(NOBODY), head(&hash));
    }

    #[test]
    fn weak_passwords_are_refused() {
        for (password, fine) in [
            ("correct horse", true),
            ("正确的马电池订书钉子呢", true),
            ("short", false),
            ("aaaaaaaaaaaaaa", false),
            ("Zhang-Wei-2026", false),
        ] {
            assert_eq!(fits(password, "zhang-wei").is_ok(), fine, "{password}");
        }
        assert!(fits(&"ab".repeat(65), "x").is_err());
    }
}
