//! Tokens and accounts to try the service with.
//!
//! In: a role, an area. Out: secrets that are made anew each time. Must not know: what they are used for.

use super::{Role, devices, password, sessions, users};
use crate::app::App;
use crate::problem::Problem;
use sqlx::Row;

/// An account and its password.
#[derive(Clone, Debug)]
pub struct Account {
    /// The name to log in with.
    pub name: String,
    /// The password, in clear: for trying out.
    pub password: String,
    /// What it may do.
    pub role: Role,
}

/// Where a try-out reaches: everywhere.
const AREA: &str = "000000";

impl App {
    /// A token for a try-out, for the whole country.
    ///
    /// # Errors
    /// Where it cannot be stored.
    pub async fn demo_token(&self, role: Role) -> Result<String, Problem> {
        self.demo_token_in(role, AREA).await
    }

    /// A token for a try-out: of a device, or of a session.
    ///
    /// # Errors
    /// Where it cannot be stored.
    pub async fn demo_token_in(&self, role: Role, area: &str) -> Result<String, Problem> {
        if role == Role::Device {
            let days = self.access.settings.device_days;
            return Ok(devices::issue(self, "demo", area, days, "demo").await?.token);
        }
        let id = account(self, role, area).await?;
        Ok(sessions::begin(self, &id).await?.token)
    }

    /// One account a role, each with a new password: for trying it out.
    ///
    /// # Errors
    /// Where they cannot be stored.
    pub async fn demo_accounts(&self) -> Result<Vec<Account>, Problem> {
        let mut all = Vec::new();
        for role in Role::STAFF {
            let id = account(self, role, AREA).await?;
            let password = password::made(self)?;
            let change = users::Change {
                password: Some(password.clone()),
                disabled: Some(false),
                ..users::Change::default()
            };
            let name = users::alter(self, &id, change, "demo").await?.name;
            all.push(Account { name, password, role });
        }
        Ok(all)
    }
}

/// The id of the account for a role and an area, which is made where there is none.
async fn account(app: &App, role: Role, area: &str) -> Result<String, Problem> {
    let name = match area {
        AREA => format!("demo-{}", role.word()),
        area => format!("demo-{}-{area}", role.word()),
    };
    let found = sqlx::query("SELECT id FROM users WHERE name = $1")
        .bind(&name)
        .fetch_optional(app.db.read())
        .await?;
    if let Some(row) = found {
        return Ok(row.try_get(0)?);
    }
    let entry = users::Entry {
        display: name.clone(),
        name,
        role,
        area: area.to_owned(),
        // Nobody logs in with it before it gets one.
        password: None,
        external: None,
        by: "demo".to_owned(),
    };
    Ok(users::stored(app, entry).await?.id)
}
