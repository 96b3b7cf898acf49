-- Parts that a purge has taken off the list and whose bytes are still to be removed: a purge that is cut off goes on here.
CREATE TABLE part_removals (
    digest TEXT NOT NULL PRIMARY KEY,
    since_ms BIGINT NOT NULL
) {strict};
