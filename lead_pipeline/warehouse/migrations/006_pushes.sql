-- The outbox of what goes into a CRM: ops.pushes, described in lead_pipeline/push_tables.py, and
-- OUTBOX_TABLES in lead_pipeline/warehouse/migrate.py.
SELECT 'no table beside them';
