-- What lists are searched by, the rectification ledger, and tables in versions.
-- `words`: name, kind and place of the subject in lower case, for a search.
ALTER TABLE submissions ADD COLUMN words TEXT;
CREATE INDEX submissions_by_topic_position ON submissions (topic, position);
CREATE INDEX submissions_by_outcome ON submissions (outcome, position);
CREATE INDEX submissions_by_day ON submissions (as_of, position);
CREATE INDEX submissions_by_sender ON submissions (sender, position);
CREATE INDEX verdicts_by_report ON verdicts (report_digest);

-- `versions`: id and version of all layers that took part; bundles with the same have the same content.
ALTER TABLE rulesets ADD COLUMN versions TEXT;

-- One item for each rule (and item of a list) that a submission fails. `number` is the order of the list.
CREATE TABLE rectifications (
    id TEXT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    version BIGINT NOT NULL,
    submission TEXT NOT NULL REFERENCES submissions (id),
    revision BIGINT NOT NULL,
    rule TEXT NOT NULL,
    item TEXT NOT NULL,
    kind TEXT NOT NULL,
    severity TEXT NOT NULL,
    clauses TEXT NOT NULL,
    problem TEXT NOT NULL,
    remedy TEXT,
    duty TEXT,
    topic TEXT NOT NULL,
    area TEXT NOT NULL,
    as_of TEXT NOT NULL,
    state TEXT NOT NULL,
    measure TEXT,
    due TEXT,
    unit TEXT,
    done_on TEXT,
    evidence TEXT,
    reviewed_by TEXT,
    review_note TEXT,
    created_ms BIGINT NOT NULL,
    updated_ms BIGINT NOT NULL
) {strict};
CREATE INDEX rectifications_by_submission ON rectifications (submission, number);
CREATE INDEX rectifications_by_area ON rectifications (area, number);
CREATE INDEX rectifications_by_due ON rectifications (due, number);

CREATE TABLE rectification_events (
    rectification TEXT NOT NULL REFERENCES rectifications (id),
    number BIGINT NOT NULL,
    time_ms BIGINT NOT NULL,
    actor TEXT NOT NULL,
    event TEXT NOT NULL,
    from_state TEXT,
    to_state TEXT NOT NULL,
    changes TEXT NOT NULL,
    note TEXT,
    PRIMARY KEY (rectification, number)
) {strict};

-- The same content may be published again, or under another name; nothing was ever stored in the table that is replaced.
DROP TABLE tables;
CREATE TABLE tables (
    name TEXT NOT NULL,
    version BIGINT NOT NULL,
    digest TEXT NOT NULL,
    body TEXT NOT NULL,
    about TEXT NOT NULL,
    published_ms BIGINT NOT NULL,
    publisher TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (name, version)
) {strict};
CREATE INDEX tables_by_digest ON tables (digest, name);
