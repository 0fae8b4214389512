-- Listing copy: views on core.objects, described in lead_pipeline/listing_tables.py.
SELECT 'no table of its own';
