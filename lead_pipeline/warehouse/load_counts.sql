-- What a delivery was made of, from `ranking`: one number per kind, in the order of the ledger.
SELECT
    count(*) FILTER (WHERE incoming.leads_its_origin AND known.record_id IS NULL) AS new,
    count(*) FILTER (
        WHERE incoming.leads_its_origin
            AND known.kept_hash <> incoming.content_hash
            AND incoming.place = 1
    ) AS changed,
    count(*) FILTER (
        WHERE incoming.leads_its_origin AND known.kept_hash = incoming.content_hash
    ) AS unchanged,
    count(*) FILTER (
        WHERE incoming.leads_its_origin
            AND known.kept_hash <> incoming.content_hash
            AND incoming.place > 1
    ) AS stale,
    count(*) FILTER (WHERE NOT incoming.leads_its_origin) AS repeated
FROM ranking AS incoming
LEFT JOIN ranking AS known ON known.record_id = incoming.record_id AND known.origin = 'current'
WHERE incoming.origin = 'incoming'
