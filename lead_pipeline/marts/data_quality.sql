-- What is wrong with what vendors sent, by account: how many records, and out of how many. Of an
-- enquiry only its newest version counts; of records that could not be read, those that still wait
-- in quarantine; of fields nobody has named, the answers that had one. Each issue has its own
-- `out_of`: enquiries, records received, answers.
CREATE OR REPLACE TABLE marts.data_quality AS
WITH totals AS (
    SELECT source, account, count(*) AS enquiries FROM mart_enquiries GROUP BY source, account
),
answers AS (
    SELECT source, account, coalesce(sum(received), 0)::BIGINT AS records, count(*) AS answers
    FROM ops.deliveries
    WHERE is_latest AND outcome <> 'failed'
    GROUP BY source, account
),
phones AS (
    SELECT source, account, phone_status AS detail, count(*) AS records
    FROM mart_enquiries
    GROUP BY source, account, phone_status
),
gaps AS (
    SELECT
        source,
        account,
        count(*) FILTER (WHERE NOT has_email AND NOT was_email_sent) AS email_missing,
        count(*) FILTER (WHERE NOT has_email AND was_email_sent) AS email_unusable,
        count(*) FILTER (WHERE NOT has_email AND NOT has_phone) AS unreachable,
        count(*) FILTER (WHERE NOT has_name) AS name_missing,
        count(*) FILTER (WHERE NOT has_country) AS country_unknown
    FROM mart_enquiries
    GROUP BY source, account
),
quarantined AS (
    SELECT source, account, concat_ws(': ', place, reason) AS detail, count(*) AS records
    FROM ops.quarantine
    WHERE state = 'waiting'
    GROUP BY source, account, concat_ws(': ', place, reason)
),
new_fields AS (
    SELECT source, account, trim(field) AS detail, count(*) AS records
    FROM (
        SELECT source, account, unnest(string_split(new_fields, ',')) AS field
        FROM ops.deliveries
        WHERE is_latest AND new_fields <> ''
    ) AS named
    GROUP BY source, account, trim(field)
),
issues AS (
    SELECT source, account, 'phone' AS issue, detail, records, 'enquiries' AS counted FROM phones WHERE detail NOT IN ('valid', 'possible')
    UNION ALL
    SELECT source, account, 'email' AS issue, 'missing' AS detail, email_missing AS records, 'enquiries' AS counted FROM gaps
    UNION ALL
    SELECT source, account, 'email' AS issue, 'no address, or a placeholder' AS detail, email_unusable AS records, 'enquiries' AS counted FROM gaps
    UNION ALL
    SELECT source, account, 'unreachable' AS issue, 'neither phone nor e-mail' AS detail, unreachable AS records, 'enquiries' AS counted FROM gaps
    UNION ALL
    SELECT source, account, 'name' AS issue, 'missing' AS detail, name_missing AS records, 'enquiries' AS counted FROM gaps
    UNION ALL
    SELECT source, account, 'country' AS issue, 'unknown' AS detail, country_unknown AS records, 'enquiries' AS counted FROM gaps
    UNION ALL
    SELECT source, account, 'quarantine' AS issue, detail, records, 'records' AS counted FROM quarantined
    UNION ALL
    SELECT source, account, 'new field' AS issue, detail, records, 'answers' AS counted FROM new_fields
)
SELECT
    issues.source,
    issues.account,
    issues.issue,
    issues.detail,
    issues.records,
    CASE issues.counted WHEN 'enquiries' THEN totals.enquiries WHEN 'records' THEN answers.records ELSE answers.answers END AS out_of,
    issues.counted
FROM issues
LEFT JOIN totals ON totals.source = issues.source AND totals.account = issues.account
LEFT JOIN answers ON answers.source = issues.source AND answers.account = issues.account
WHERE issues.records > 0
ORDER BY issues.source, issues.account, issues.issue, issues.records DESC, issues.detail;

COMMENT ON TABLE marts.data_quality IS 'One row per account and thing that is wrong with some of its records';
-- from leads.source
COMMENT ON COLUMN marts.data_quality.source IS 'The vendor''s system';
-- from leads.account
COMMENT ON COLUMN marts.data_quality.account IS 'The account';
-- from leads.phone_status
COMMENT ON COLUMN marts.data_quality.issue IS 'phone, email, unreachable, name, country, quarantine, new field';
-- from leads.phone_status, ops.quarantine.place, ops.quarantine.reason, ops.deliveries.new_fields
COMMENT ON COLUMN marts.data_quality.detail IS 'leads.phone_status, where it cannot be called; place and reason of ops.quarantine; name of the field';
-- from leads.phone_status, leads.email, leads.email_raw, leads.phone, leads.full_name, leads.country, ops.quarantine.quarantine_id, ops.deliveries.new_fields
COMMENT ON COLUMN marts.data_quality.records IS 'How many have it; of new field the answers';
-- from leads.lead_id, ops.deliveries.received
COMMENT ON COLUMN marts.data_quality.out_of IS 'Of how many';
-- from leads.lead_id, ops.deliveries.received
COMMENT ON COLUMN marts.data_quality.counted IS 'What is counted: enquiries, records (received), answers';
