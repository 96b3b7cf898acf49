-- What was received, what it was judged to be, and the chain that fixes the order of everything.
-- {blob} and {strict} are put in by db/migrations.rs; everything else is read alike by SQLite and PostgreSQL.
CREATE TABLE chain (
    position BIGINT NOT NULL PRIMARY KEY,
    time_ms BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
) {strict};
CREATE INDEX chain_by_subject ON chain (subject, position);

CREATE TABLE server_keys (
    id TEXT NOT NULL PRIMARY KEY,
    use_for TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    public TEXT NOT NULL,
    created_ms BIGINT NOT NULL
) {strict};

CREATE TABLE credentials (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    area TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT,
    revoked_ms BIGINT
) {strict};

CREATE TABLE rulesets (
    digest TEXT NOT NULL PRIMARY KEY,
    id TEXT NOT NULL,
    version TEXT NOT NULL,
    jurisdiction TEXT NOT NULL,
    effective_from TEXT,
    effective_until TEXT,
    body TEXT NOT NULL,
    published_ms BIGINT NOT NULL,
    publisher TEXT NOT NULL,
    position BIGINT NOT NULL
) {strict};
CREATE INDEX rulesets_by_id ON rulesets (id, position);

-- Reference data: every version that was ever in use. The digest is the one that a report names.
CREATE TABLE tables (
    digest TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    version BIGINT NOT NULL,
    body TEXT NOT NULL,
    about TEXT NOT NULL,
    published_ms BIGINT NOT NULL,
    publisher TEXT NOT NULL,
    position BIGINT NOT NULL
) {strict};
CREATE INDEX tables_by_name ON tables (name, position);

-- The current revision of each submission, with what lists are filtered by.
CREATE TABLE submissions (
    id TEXT NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL,
    digest TEXT NOT NULL,
    state TEXT NOT NULL,
    missing BIGINT NOT NULL,
    topic TEXT NOT NULL,
    as_of TEXT NOT NULL,
    jurisdiction TEXT,
    area TEXT NOT NULL,
    sender TEXT NOT NULL,
    received_ms BIGINT NOT NULL,
    position BIGINT NOT NULL,
    subject TEXT,
    ruleset_digest TEXT NOT NULL,
    ruleset_version TEXT,
    outcome TEXT,
    entry_outcome TEXT,
    agree BIGINT,
    same_in_force BIGINT,
    purged_ms BIGINT
) {strict};
CREATE INDEX submissions_by_position ON submissions (position);
CREATE INDEX submissions_by_area ON submissions (area, position);
CREATE INDEX submissions_by_topic ON submissions (topic, as_of);
CREATE INDEX submissions_by_state ON submissions (state, position);

-- Every revision as the bytes that were sent; a purge empties `body` and leaves the digests. `waiting` is 1 under quarantine.
CREATE TABLE revisions (
    submission TEXT NOT NULL REFERENCES submissions (id),
    revision BIGINT NOT NULL,
    digest TEXT NOT NULL,
    body {blob},
    answers TEXT NOT NULL,
    ruleset_digest TEXT NOT NULL,
    as_of TEXT NOT NULL,
    jurisdiction TEXT,
    client_report TEXT NOT NULL,
    reason TEXT,
    sender TEXT NOT NULL,
    received_ms BIGINT NOT NULL,
    position BIGINT NOT NULL,
    receipt TEXT NOT NULL,
    completion TEXT,
    waiting BIGINT NOT NULL,
    PRIMARY KEY (submission, revision)
) {strict};
CREATE INDEX revisions_by_digest ON revisions (submission, digest);
CREATE INDEX revisions_by_position ON revisions (position);
CREATE INDEX revisions_waiting ON revisions (position) WHERE waiting = 1;

-- basis: `named` (the ruleset that the client named) or `in_force` (the one in force on that day). `report` is NULL where it is
-- byte for byte that of the basis `named`.
CREATE TABLE verdicts (
    submission TEXT NOT NULL,
    revision BIGINT NOT NULL,
    basis TEXT NOT NULL,
    ruleset_digest TEXT NOT NULL,
    ruleset_version TEXT NOT NULL,
    tables TEXT NOT NULL,
    report TEXT,
    report_digest TEXT NOT NULL,
    outcome TEXT NOT NULL,
    entry_outcome TEXT NOT NULL,
    passed BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    undetermined BIGINT NOT NULL,
    faulted BIGINT NOT NULL,
    not_applicable BIGINT NOT NULL,
    engine TEXT NOT NULL,
    time_ms BIGINT NOT NULL,
    PRIMARY KEY (submission, revision, basis),
    FOREIGN KEY (submission, revision) REFERENCES revisions (submission, revision)
) {strict};
CREATE INDEX verdicts_by_ruleset ON verdicts (ruleset_digest);

-- Findings of the verdict that counts: in force, else named.
CREATE TABLE findings (
    submission TEXT NOT NULL,
    revision BIGINT NOT NULL,
    number BIGINT NOT NULL,
    rule TEXT NOT NULL,
    item TEXT NOT NULL,
    kind TEXT NOT NULL,
    severity TEXT NOT NULL,
    outcome TEXT NOT NULL,
    clauses TEXT NOT NULL,
    deadline TEXT,
    PRIMARY KEY (submission, revision, number),
    FOREIGN KEY (submission, revision) REFERENCES revisions (submission, revision)
) {strict};
CREATE INDEX findings_by_rule ON findings (rule, outcome, submission);

-- Parts that a revision names, and the parts that are here.
CREATE TABLE part_claims (
    submission TEXT NOT NULL,
    revision BIGINT NOT NULL,
    number BIGINT NOT NULL,
    digest TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (submission, revision, number),
    FOREIGN KEY (submission, revision) REFERENCES revisions (submission, revision)
) {strict};
CREATE INDEX part_claims_by_digest ON part_claims (digest, submission);

CREATE TABLE parts (
    digest TEXT NOT NULL PRIMARY KEY,
    bytes BIGINT NOT NULL,
    stored_ms BIGINT NOT NULL
) {strict};
