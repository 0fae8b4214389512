"""The outside world: one package per vendor, each written from its vendor's page.

`contract.py` says what a pulled vendor is, `http.py` is the one way to ask, `json.py` and `xml.py`
the one way each to read. Nothing here knows Dagster, DuckDB, pandas or the settings.
"""
