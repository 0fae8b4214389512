-- Who they are is to be decided again.
INSERT INTO core.touched_leads (lead_id)
SELECT record_id FROM ranking WHERE origin = 'incoming' AND place = 1
