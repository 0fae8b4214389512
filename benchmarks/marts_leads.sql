-- A warehouse of :leads enquiries from 60 % as many people in three sources over two years, a CRM
-- with a contact for every tenth enquiry and a deal for every fiftieth, and an outbox: enough for the
-- marts, which look at no text.
INSERT INTO core.leads BY NAME
SELECT
    md5(i::VARCHAR) AS lead_id,
    CASE WHEN i % 10 = 0 THEN 'qontak' WHEN i % 2 = 0 THEN 'housing' ELSE 'aimbase' END AS source,
    source AS account,
    TIMESTAMPTZ '2025-01-01 00:00:00+00' + INTERVAL 1 SECOND * (i * 60 % 63000000) AS created_at,
    created_at + INTERVAL 15 MINUTE AS first_seen_at,
    first_seen_at AS last_seen_at,
    CASE source WHEN 'housing' THEN 'property' WHEN 'aimbase' THEN 'boat' END AS interest_kind,
    CASE source WHEN 'housing' THEN (hash(i) % 300)::VARCHAR END AS interest_id,
    CASE source WHEN 'qontak' THEN NULL ELSE 'project ' || (hash(i) % 300)::VARCHAR END AS interest_name,
    'a name' AS full_name,
    CASE WHEN i % 5 > 0 THEN '+91' || i END AS phone,
    CASE WHEN i % 5 > 0 THEN 'valid' ELSE 'missing' END AS phone_status,
    CASE WHEN i % 7 > 0 THEN i || '@example.com' END AS email,
    email AS email_raw,
    'IN' AS country
FROM range(:leads) AS numbers (i);

INSERT INTO core.assignments (lead_id, person_id)
SELECT md5(i::VARCHAR), 'P' || lpad((hash(i) % (:leads * 6 // 10))::VARCHAR, 9, '0') FROM range(:leads) AS numbers (i);

INSERT INTO ops.deliveries (load_id, receipt_id, source, account, stream, window_start, window_end, requested_at, received_at, outcome, is_latest, attempts, length, received)
SELECT
    i, i::VARCHAR, source, source, 'leads', day, day + INTERVAL 1 DAY, day + INTERVAL 1 DAY, day + INTERVAL 1 DAY + INTERVAL 2 SECOND,
    CASE WHEN i % 50 = 0 THEN 'failed' ELSE 'loaded' END, true, 1 + (i % 3 = 0)::INTEGER, 100000, 500
FROM (
    SELECT row_number() OVER () AS i, source, TIMESTAMPTZ '2024-12-31 00:00:00+00' + INTERVAL 1 HOUR * hours AS day
    FROM range(17520) AS hours (hours), (VALUES ('housing'), ('aimbase'), ('qontak')) AS sources (source)
) AS requests;

INSERT INTO core.objects BY NAME
SELECT
    md5('d' || i) AS object_id, 'qontak' AS source, 'qontak' AS account, 'deal' AS kind, 'qontak/1' AS key_version, i::VARCHAR AS natural_key,
    TIMESTAMPTZ '2025-02-01 00:00:00+00' + INTERVAL 1 SECOND * (i * 3000) AS created_at,
    json_object(
        'size', (i * 1000)::VARCHAR, 'currency', CASE WHEN i % 3 = 0 THEN 'USD' ELSE 'IDR' END,
        'crm_deal_status', CASE i % 4 WHEN 0 THEN 'won' WHEN 1 THEN 'lost' ELSE 'open' END,
        'crm_lead_ids', [i * 5, i * 5 + 1]
    ) AS fields
FROM range(:leads // 50) AS numbers (i);

INSERT INTO core.objects BY NAME
SELECT
    md5('c' || i) AS object_id, 'qontak' AS source, 'qontak' AS account, 'contact' AS kind, 'qontak/1' AS key_version, i::VARCHAR AS natural_key,
    TIMESTAMPTZ '2025-01-01 00:00:00+00' + INTERVAL 1 SECOND * (i * 600) AS created_at,
    json_object('crm_deal_ids', [i // 5]) AS fields
FROM range(:leads // 10) AS numbers (i);

INSERT INTO core.objects BY NAME
SELECT
    md5('t' || i) AS object_id, 'qontak' AS source, 'qontak' AS account, 'task' AS kind, 'qontak/1' AS key_version, i::VARCHAR AS natural_key,
    TIMESTAMPTZ '2025-03-01 00:00:00+00' + INTERVAL 1 SECOND * (i * 1200) AS updated_at,
    json_object('crm_task_status_id', i % 3 + 1, 'crm_person_id', i * 2, 'crm_deal_id', i % 1000) AS fields
FROM range(:leads // 20) AS numbers (i);

INSERT INTO ops.pushes (push_id, account, kind, person_id, lead_id, object_id, action, state, decided_at, done_at)
SELECT 'c' || i, 'qontak', 'contact', 'P' || lpad((hash(i) % (:leads * 6 // 10))::VARCHAR, 9, '0'), NULL, i::VARCHAR, 'create', 'done', now(), now()
FROM range(:leads // 10) AS numbers (i)
UNION ALL
SELECT 'd' || i, 'qontak', 'deal', 'P' || lpad((hash(i) % (:leads * 6 // 10))::VARCHAR, 9, '0'), md5(i::VARCHAR), i::VARCHAR, 'create', 'done', now(), now()
FROM range(:leads // 100) AS numbers (i);

INSERT INTO core.objects BY NAME
SELECT
    md5('g' || i) AS object_id, 'listsmrt' AS source, 'listsmrt' AS account, 'generation' AS kind, 'listsmrt/1' AS key_version, md5(i::VARCHAR) AS natural_key,
    TIMESTAMPTZ '2025-02-01 00:00:00+00' + INTERVAL 1 SECOND * (i * 20000) AS created_at, created_at AS first_seen_at,
    json_object('type', 'property.generate-content', 'property_id', (i % 300)::VARCHAR) AS fields
FROM range(1000) AS numbers (i);
