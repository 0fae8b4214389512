-- The outbox of what goes into a CRM: ops.pushes, described in lead_pipeline/push_tables.py.
SELECT 'no table beside it';
