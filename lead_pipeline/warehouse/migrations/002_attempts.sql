-- Before there were replays, each response had one attempt.
UPDATE ops.deliveries SET first_load_id = load_id, is_latest = true WHERE is_latest IS NULL;
