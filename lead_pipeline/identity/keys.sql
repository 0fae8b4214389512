-- From `arriving` what each lead may share with others: `arriving_keys`. The number in each is the
-- rule of rules/evidence.csv. A rule with a name in its key ties equal names alone. The name by
-- itself (9) is kept with phone and e-mail; of the phone `phone_halves` makes the keys 7 and 8.
CREATE OR REPLACE TEMP TABLE arriving_keys AS
WITH names AS (
    SELECT *, CASE WHEN kind > 0 THEN name ELSE '' END AS sorted FROM arriving
), shared AS (
    SELECT 1::UTINYINT AS rule, hash(1, phone) AS key, number, kind, sorted
    FROM names WHERE phone IS NOT NULL
    UNION ALL
    SELECT 1, hash(1, phone_2), number, kind, sorted
    FROM names WHERE phone_2 IS NOT NULL AND phone_2 IS DISTINCT FROM phone
    UNION ALL
    SELECT 2, hash(2, mailbox), number, kind, sorted FROM names WHERE mailbox IS NOT NULL
    UNION ALL
    SELECT 3, hash(3, sorted, role_mailbox), number, kind, sorted
    FROM names WHERE kind = 2 AND role_mailbox IS NOT NULL
    UNION ALL
    SELECT 4, hash(4, sorted, address), number, kind, sorted
    FROM names WHERE kind = 2 AND address IS NOT NULL
    UNION ALL
    SELECT 5, hash(5, sorted, company), number, kind, sorted
    FROM names WHERE kind = 2 AND company IS NOT NULL
    UNION ALL
    SELECT 6, hash(6, sorted, postal_code), number, kind, sorted
    FROM names WHERE kind = 2 AND postal_code IS NOT NULL
)
SELECT
    key,
    rule,
    CASE WHEN kind = 0 THEN 0 ELSE hash(sorted) END AS member,
    kind,
    number,
    NULL::UBIGINT AS phone,
    NULL::UBIGINT AS mailbox
FROM shared
UNION ALL
SELECT
    hash(9, sorted),
    9,
    CASE WHEN city IS NULL THEN 0 ELSE hash(city) END,
    kind,
    number,
    substr(phone, 2)::UBIGINT,
    CASE WHEN mailbox IS NOT NULL THEN hash(mailbox) END
FROM names
WHERE kind = 2
UNION ALL
-- What was decided by hand ties whoever it names.
SELECT hash(0, named.event_id, named.side), 0, 1, 2, names.number, NULL, NULL
FROM names
INNER JOIN core.override_leads AS named ON named.lead_id = names.lead_id
INNER JOIN core.overrides AS overrides ON overrides.event_id = named.event_id
WHERE overrides.is_active;
