UPDATE core.objects
SET vanished_at = vanished.vanished_at
FROM vanished
WHERE vanished.object_id = objects.object_id
    AND vanished.vanished_at IS DISTINCT FROM objects.vanished_at;

UPDATE core.leads
SET vanished_at = vanished.vanished_at
FROM vanished
WHERE vanished.lead_id = leads.lead_id
    AND vanished.vanished_at IS DISTINCT FROM leads.vanished_at;
