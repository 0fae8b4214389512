-- The key of a quarantined record says of which account and stream it is: quarantine_view.sql.
SELECT 'no table of its own';
