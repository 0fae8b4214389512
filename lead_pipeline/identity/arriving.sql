-- What became different since people were last resolved: `arriving`, the leads that are new or
-- changed, with a number each, and `gone`, those that are no more.
CREATE OR REPLACE TEMP TABLE gone AS
SELECT known.number, known.lead_id, clusters.person
FROM known_leads AS known
INNER JOIN core.identity_clusters AS clusters ON clusters.number = known.number
WHERE known.lead_id NOT IN (SELECT lead_id FROM read_leads);

-- Components that a lead has gone from.
CREATE OR REPLACE TEMP TABLE bereft AS
SELECT DISTINCT component FROM core.identity_clusters
WHERE number IN (SELECT number FROM gone);

CREATE OR REPLACE TEMP TABLE arriving AS
SELECT
    numbered.number,
    numbered.is_new,
    leads.lead_id,
    leads.version_number,
    leads.fingerprint,
    leads.name,
    name_kind(leads.name)::UTINYINT AS kind,
    leads.phone,
    leads.phone_2,
    CASE WHEN NOT is_role_mailbox(leads.mailbox) THEN leads.mailbox END AS mailbox,
    CASE WHEN is_role_mailbox(leads.mailbox) THEN leads.mailbox END AS role_mailbox,
    leads.address,
    leads.company,
    leads.postal_code,
    leads.city
FROM read_leads AS leads
INNER JOIN (
    SELECT known.lead_id, known.number, false AS is_new
    FROM known_leads AS known
    INNER JOIN read_leads AS read ON read.lead_id = known.lead_id
    WHERE {is_anew} OR known.fingerprint <> read.fingerprint
    UNION ALL
    SELECT
        lead_id,
        ((SELECT next_number FROM core.identity_state) - 1 + row_number() OVER (
            ORDER BY first_seen_at, created_at, lead_id
        ))::INTEGER AS number,
        true AS is_new
    FROM read_leads
    WHERE lead_id NOT IN (SELECT lead_id FROM known_leads)
) AS numbered ON numbered.lead_id = leads.lead_id;

-- Those that were looked at and say what they said, maybe in a version of their own.
CREATE OR REPLACE TEMP TABLE unchanged AS
SELECT known.number, read.version_number
FROM known_leads AS known
INNER JOIN read_leads AS read ON read.lead_id = known.lead_id
WHERE known.number NOT IN (SELECT number FROM arriving);
