-- `found` against what was found before of the same keys: links that came or went.
CREATE OR REPLACE TEMP TABLE stored AS
SELECT rowid AS place, key, rule, names, low, high, low_member, high_member
FROM core.evidence
WHERE key IN (SELECT key FROM dirty);

CREATE OR REPLACE TEMP TABLE added AS
SELECT found.key, found.rule, found.names, found.low, found.high, found.low_member, found.high_member
FROM found
LEFT JOIN stored
    ON stored.key = found.key
    AND stored.names = found.names
    AND stored.low = found.low
    AND stored.high = found.high
    AND stored.low_member = found.low_member
    AND stored.high_member = found.high_member
WHERE stored.key IS NULL;

CREATE OR REPLACE TEMP TABLE removed AS
SELECT stored.place, stored.rule, stored.names, stored.low, stored.high
FROM stored
LEFT JOIN found
    ON found.key = stored.key
    AND found.names = stored.names
    AND found.low = stored.low
    AND found.high = stored.high
    AND found.low_member = stored.low_member
    AND found.high_member = stored.high_member
WHERE found.key IS NULL;

CREATE OR REPLACE TEMP TABLE changed_links AS
SELECT rule, names, low, high FROM added
UNION ALL
SELECT rule, names, low, high FROM removed;

CREATE OR REPLACE TEMP VIEW altered AS
SELECT changed_links.low, changed_links.high, weights.is_merging
FROM changed_links
INNER JOIN weights ON weights.rule = changed_links.rule AND weights.names = changed_links.names;

DELETE FROM core.evidence WHERE rowid IN (SELECT place FROM removed);
