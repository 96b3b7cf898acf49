//! Accounts of staff.
//!
//! In: names, roles, areas, passwords. Out: accounts; each change is in the chain. Must not know: how somebody logs in.

use super::{Principal, Role, password, scope, time, token};
use crate::app::App;
use crate::db::{Fault, Tx};
use crate::openapi::shapes::{Area, Label, LoginName, NewPassword, shapes};
use crate::problem::{Kind, Problem};
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use rules_core::json::Json as Value;
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::any::AnyRow;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(change))
        .routes(routes!(own_password))
}

shapes! {
    /// The role of a person.
    StaffRole = |text| text.enum_values(Some(Role::STAFF.map(Role::word)));
}

/// An account, as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// Its id.
    pub id: String,
    /// The name to log in with.
    pub name: String,
    /// What people call it.
    pub display: String,
    /// What it may do.
    pub role: Role,
    /// Division code.
    pub area: String,
    /// `password`, or `oidc` where an identity provider vouches for it.
    pub login: &'static str,
    /// When it was made.
    pub created_at: Option<String>,
    /// Since when nobody can log in with it.
    pub disabled_at: Option<String>,
    /// A password that was made for it; shown this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

/// A new account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewUser)]
pub struct New {
    /// The name to log in with: 2 to 64 letters, digits, `.`, `_`, `@` and `-`.
    #[schema(value_type = LoginName)]
    pub name: String,
    /// What people call it; the name, if not given.
    #[schema(value_type = Option<Label>)]
    pub display: Option<String>,
    /// Not `device`.
    #[schema(value_type = StaffRole)]
    pub role: Role,
    /// Division code.
    #[schema(value_type = Area)]
    pub area: String,
    /// 10 to 128 characters; if not given, one is made and shown once. Not the name, not one character again and again.
    #[schema(value_type = Option<NewPassword>)]
    pub password: Option<String>,
}

/// What is to be different of an account.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = UserChange)]
pub struct Change {
    /// What people call it.
    #[schema(value_type = Option<Label>)]
    pub display: Option<String>,
    /// Another role; not `device`.
    #[schema(value_type = Option<StaffRole>)]
    pub role: Option<Role>,
    /// Another area.
    #[schema(value_type = Option<Area>)]
    pub area: Option<String>,
    /// No more logging in, or again.
    pub disabled: Option<bool>,
    /// Another password, 10 to 128 characters; all sessions end. Not one's own: that takes the old one, at `/v1/me/password`.
    #[schema(value_type = Option<NewPassword>)]
    pub password: Option<String>,
}

const COLUMNS: &str = "id, name, display, role, area, external, created_ms, disabled_ms";

fn shown(row: &AnyRow) -> Result<User, sqlx::Error> {
    let (role, external): (String, Option<String>) = (row.try_get(3)?, row.try_get(5)?);
    Ok(User {
        id: row.try_get(0)?,
        name: row.try_get(1)?,
        display: row.try_get(2)?,
        // Only roles of this program are ever stored.
        role: Role::of(&role).unwrap_or(Role::Inspector),
        area: row.try_get(4)?,
        login: if external.is_some() { "oidc" } else { "password" },
        created_at: time(row.try_get(6)?),
        disabled_at: time(row.try_get(7)?),
        password: None,
    })
}

fn bad(at: &str, detail: &str) -> Problem {
    Problem::new(Kind::BadRequest, detail).at(at)
}

/// Is it a name to log in with?
pub(super) fn name_fits(name: &str) -> bool {
    (2..=64).contains(&name.chars().count())
        && name.chars().all(|c| c.is_alphanumeric() || "._@-".contains(c))
}

/// What a label is refused with.
pub(super) const LABEL: &str = "it has 1 to 100 characters, not only spaces, and no control characters";

/// Can people read it as what somebody or something is called?
pub(super) fn label_fits(label: &str) -> bool {
    (1..=100).contains(&label.chars().count())
        && !label.trim().is_empty()
        && !label.chars().any(char::is_control)
}

fn display_fits(display: &str) -> Result<(), Problem> {
    label_fits(display)
        .then_some(())
        .ok_or_else(|| bad("/display", LABEL))
}

fn role_fits(role: Role) -> Result<(), Problem> {
    let fits = Role::STAFF.contains(&role);
    fits.then_some(())
        .ok_or_else(|| bad("/role", "inspector, reviewer, office or admin"))
}

fn area_fits(area: &str) -> Result<(), Problem> {
    let fits = scope::is_area(area);
    fits.then_some(())
        .ok_or_else(|| bad("/area", "a division code of six digits, or 000000"))
}

fn facts(role: &str, area: &str, by: &str) -> Value {
    Value::Obj(vec![
        ("area".to_owned(), area.into()),
        ("by".to_owned(), by.into()),
        ("role".to_owned(), role.into()),
    ])
}

/// Is there an administrator who can log in?
pub(super) async fn has_admin(app: &App) -> Result<bool, Problem> {
    let found = sqlx::query("SELECT 1 FROM users WHERE role = 'admin' AND disabled_ms IS NULL LIMIT 1")
        .fetch_optional(app.db.read())
        .await?;
    Ok(found.is_some())
}

/// Makes an account. `by` is whose doing it is.
///
/// # Errors
/// 422 where something does not fit, 409 where the name is taken.
pub(crate) async fn add(app: &App, new: New, by: &str) -> Result<User, Problem> {
    let New {
        name,
        display,
        role,
        area,
        password,
    } = new;
    if !name_fits(&name) {
        return Err(bad(
            "/name",
            "a name has 2 to 64 letters, digits, `.`, `_`, `@` and `-`",
        ));
    }
    let display = display.unwrap_or_else(|| name.clone());
    display_fits(&display)?;
    role_fits(role)?;
    area_fits(&area)?;
    let made = match &password {
        Some(password) => {
            password::fits(password, &name)?;
            None
        }
        None => Some(password::made(app)?),
    };
    let password = password.or_else(|| made.clone()).unwrap_or_default();
    let hash = password::hashed(app, password).await?;
    let user = stored(
        app,
        Entry {
            name,
            display,
            role,
            area,
            password: Some(hash),
            external: None,
            by: by.to_owned(),
        },
    )
    .await?;
    Ok(User {
        password: made,
        ..user
    })
}

/// A row to be.
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) display: String,
    pub(super) role: Role,
    pub(super) area: String,
    pub(super) password: Option<String>,
    pub(super) external: Option<String>,
    pub(super) by: String,
}

pub(super) async fn stored(app: &App, entry: Entry) -> Result<User, Problem> {
    let id = token::id(app)?;
    let written = app.db.write(move |tx| {
        Box::pin(async move {
            let taken = sqlx::query("SELECT 1 FROM users WHERE name = $1")
                .bind(&entry.name)
                .fetch_optional(tx.sql())
                .await?;
            if taken.is_some() {
                return Err(Problem::new(Kind::Conflict, "an account has this name").at("/name").into());
            }
            let now = tx.now_ms;
            sqlx::query("INSERT INTO users (id, name, display, role, area, password, external, created_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
                .bind(&id)
                .bind(entry.name)
                .bind(entry.display)
                .bind(entry.role.word())
                .bind(&entry.area)
                .bind(entry.password)
                .bind(entry.external)
                .bind(now)
                .execute(tx.sql())
                .await?;
            tx.append("user_added", &id, facts(entry.role.word(), &entry.area, &entry.by))
                .await?;
            one(tx, &id).await
        })
    });
    Ok(written.await?)
}

async fn one(tx: &mut Tx, id: &str) -> Result<User, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM users WHERE id = $1");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(id)
        .fetch_one(tx.sql())
        .await?;
    Ok(shown(&row)?)
}

/// Changes an account. Where it loses something, its sessions end.
///
/// # Errors
/// 404 where there is none, 422 where something does not fit.
pub(crate) async fn alter(app: &App, id: &str, change: Change, by: &str) -> Result<User, Problem> {
    let Change {
        display,
        role,
        area,
        disabled,
        password,
    } = change;
    display.as_deref().map(display_fits).transpose()?;
    role.map(role_fits).transpose()?;
    area.as_deref().map(area_fits).transpose()?;
    let hash = match password {
        Some(password) => {
            password::fits(&password, &user(app, id).await?.name)?;
            Some(password::hashed(app, password).await?)
        }
        None => None,
    };
    let ends = hash.is_some() || disabled == Some(true) || role.is_some();
    let (id, by) = (id.to_owned(), by.to_owned());
    let written = app.db.write(move |tx| {
        Box::pin(async move {
            let now = tx.now_ms;
            let none = || Fault::from(Problem::new(Kind::NotFound, ""));
            let found = sqlx::query("SELECT external FROM users WHERE id = $1")
                .bind(&id)
                .fetch_optional(tx.sql())
                .await?;
            let external: Option<String> = found.ok_or_else(none)?.try_get(0)?;
            if external.is_some() && hash.is_some() {
                return Err(bad("/password", "the identity provider keeps this account's password").into());
            }
            // COALESCE leaves what is not to change; a parameter without a value is cast, for PostgreSQL asks its type.
            sqlx::query(
                "UPDATE users SET display = COALESCE(CAST($1 AS TEXT), display), role = COALESCE(CAST($2 AS TEXT), role), \
                 area = COALESCE(CAST($3 AS TEXT), area), password = COALESCE(CAST($4 AS TEXT), password) WHERE id = $5",
            )
            .bind(display)
            .bind(role.map(Role::word))
            .bind(area)
            .bind(hash)
            .bind(&id)
            .execute(tx.sql())
            .await?;
            if let Some(disabled) = disabled {
                sqlx::query("UPDATE users SET disabled_ms = $1 WHERE id = $2")
                    .bind(disabled.then_some(now))
                    .bind(&id)
                    .execute(tx.sql())
                    .await?;
            }
            if ends {
                super::sessions::end_all(tx, &id).await?;
            }
            let user = one(tx, &id).await?;
            let kind = if disabled == Some(true) { "user_disabled" } else { "user_changed" };
            tx.append(kind, &id, facts(user.role.word(), &user.area, &by)).await?;
            Ok(user)
        })
    });
    Ok(written.await?)
}

/// The account with this id.
async fn user(app: &App, id: &str) -> Result<User, Problem> {
    let sql = format!("SELECT {COLUMNS} FROM users WHERE id = $1");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(id)
        .fetch_optional(app.db.read())
        .await?;
    match row {
        Some(row) => Ok(shown(&row)?),
        None => Err(Problem::new(Kind::NotFound, "")),
    }
}

/// The accounts of an area.
pub(crate) async fn all(app: &App, pattern: &str) -> Result<Vec<User>, Problem> {
    let sql = format!("SELECT {COLUMNS} FROM users WHERE area LIKE $1 ORDER BY name");
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(pattern)
        .fetch_all(app.db.read())
        .await?;
    Ok(rows.iter().map(shown).collect::<Result<_, _>>()?)
}

/// A list of accounts.
#[derive(Serialize, ToSchema)]
struct Users {
    items: Vec<User>,
}

/// The accounts of one's area and below.
#[utoipa::path(get, path = "/v1/users", tag = "access", responses((status = 200, body = Users)), security(("token" = [])))]
async fn list(State(app): State<App>, principal: Principal) -> Result<Json<Users>, Problem> {
    let items = all(&app, &scope::pattern(&principal.area)).await?;
    Ok(Json(Users { items }))
}

/// Makes an account.
#[utoipa::path(post, path = "/v1/users", tag = "access", request_body = New,
    responses((status = 201, body = User), (status = 403, description = "The area is not within one's own"), (status = 409, description = "The name is taken"), (status = 422)),
    security(("token" = [])))]
async fn create(
    State(app): State<App>,
    principal: Principal,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let new: New = super::read(&headers, body)?;
    principal
        .within(&new.area)
        .map_err(|problem| problem.at("/area"))?;
    let user = add(&app, new, &principal.id).await?;
    Ok((StatusCode::CREATED, Json(user)).into_response())
}

/// Changes an account: role, area, name shown, password; or disables it.
#[utoipa::path(patch, path = "/v1/users/{id}", tag = "access", request_body = Change,
    params(("id" = String, Path, description = "The account's id")),
    responses((status = 200, body = User), (status = 404), (status = 422)), security(("token" = [])))]
async fn change(
    State(app): State<App>,
    principal: Principal,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<User>, Problem> {
    let change: Change = super::read(&headers, body)?;
    let there = user(&app, &id).await?;
    if !principal.reaches(&there.area) {
        return Err(Problem::new(Kind::NotFound, ""));
    }
    if let Some(area) = &change.area {
        principal.within(area).map_err(|problem| problem.at("/area"))?;
    }
    let own = id == principal.id;
    if own && (change.disabled.is_some() || change.role.is_some() || change.area.is_some()) {
        return Err(Problem::new(
            Kind::BadRequest,
            "another administrator changes your role, your area or whether you may log in",
        ));
    }
    if own && change.password.is_some() {
        // A session that somebody left open must not become an account that somebody else has.
        let detail = "your own password is changed at /v1/me/password, which asks for the old one";
        return Err(bad("/password", detail));
    }
    Ok(Json(alter(&app, &id, change, &principal.id).await?))
}

/// Old and new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Passwords {
    old: String,
    /// 10 to 128 characters.
    #[schema(value_type = NewPassword)]
    new: String,
}

/// Changes one's own password; all sessions end, this one too.
#[utoipa::path(put, path = "/v1/me/password", tag = "access", request_body = Passwords,
    responses((status = 204), (status = 401, description = "The old password is another"), (status = 422)), security(("token" = [])))]
async fn own_password(
    State(app): State<App>,
    principal: Principal,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<StatusCode, Problem> {
    let Passwords { old, new } = super::read(&headers, body)?;
    let now = app.clock.now_ms();
    let [limit, ..] = &app.access.logins;
    if let Some(seconds) = limit.waits(&principal.id, now) {
        return Err(Problem::wait(seconds, ""));
    }
    let row = sqlx::query("SELECT password FROM users WHERE id = $1")
        .bind(&principal.id)
        .fetch_one(app.db.read())
        .await?;
    if !password::is_right(&app, old, row.try_get(0)?).await? {
        limit.wrong(&principal.id, now);
        return Err(Problem::new(Kind::WrongPassword, "").at("/old"));
    }
    let change = Change {
        password: Some(new),
        ..Change::default()
    };
    alter(&app, &principal.id, change, &principal.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl App {
    /// All accounts, by name.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn users(&self) -> Result<Vec<User>, Problem> {
        all(self, "%").await
    }

    /// Makes an account. `by` is whose doing it is, for the chain.
    ///
    /// # Errors
    /// 422 where something does not fit, 409 where the name is taken.
    pub async fn add_user(&self, new: New, by: &str) -> Result<User, Problem> {
        add(self, new, by).await
    }

    /// Changes the account with this name.
    ///
    /// # Errors
    /// 404 where there is none, 422 where something does not fit.
    pub async fn change_user(&self, name: &str, change: Change, by: &str) -> Result<User, Problem> {
        let row = sqlx::query("SELECT id FROM users WHERE name = $1")
            .bind(name)
            .fetch_optional(self.db.read())
            .await?;
        let row = row.ok_or_else(|| Problem::new(Kind::NotFound, "no account has this name"))?;
        let id: String = row.try_get(0)?;
        alter(self, &id, change, by).await
    }

    /// A password that nobody has had before.
    ///
    /// # Errors
    /// Where the system gives no random bytes.
    pub fn fresh_password(&self) -> Result<String, Problem> {
        password::made(self)
    }
}
