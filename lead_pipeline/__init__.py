"""Leads from systems that do not know each other: every lead, once, on time.

fetch      vendors/    ask each account for a window of time
land       landing/    keep every answer byte for byte, with a receipt, before anything reads it
parse      vendors/    walk over what was kept: leads, records that cannot be read, new fields
normalise  normalise/  phone, e-mail, name, address, country, in the common lead schema
load       warehouse/  one transaction per answer, with a line in the ledger that balances
resolve    identity/   who is the same person; decided once, in journal.py
build      marts/      the reports, one .sql each
publish    warehouse/  an immutable snapshot, and the pointer leads.duckdb to it

`pipeline/` knows this order; `components/` and `defs/` show it to Dagster; `cli/` runs it.
"""
