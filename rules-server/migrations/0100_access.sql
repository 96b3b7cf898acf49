-- Who may enter, and who read what.
CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    display TEXT NOT NULL,
    role TEXT NOT NULL,
    area TEXT NOT NULL,
    -- A PHC string of argon2; none where another service knows the password.
    password TEXT,
    -- `issuer subject` of an account that an identity provider vouches for.
    external TEXT UNIQUE,
    created_ms BIGINT NOT NULL,
    disabled_ms BIGINT
) {strict};

CREATE TABLE sessions (
    token_hash TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES users (id),
    created_ms BIGINT NOT NULL,
    seen_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    ended_ms BIGINT
) {strict};
CREATE INDEX sessions_by_account ON sessions (account);

ALTER TABLE credentials ADD COLUMN issued_by TEXT;
CREATE INDEX credentials_by_area ON credentials (area, created_ms);

CREATE TABLE access_log (
    number BIGINT NOT NULL PRIMARY KEY,
    time_ms BIGINT NOT NULL,
    principal TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    area TEXT NOT NULL,
    address TEXT NOT NULL,
    purpose TEXT NOT NULL,
    filter TEXT NOT NULL,
    ids TEXT NOT NULL,
    entries BIGINT NOT NULL
) {strict};
CREATE INDEX access_log_by_area ON access_log (area, number);
