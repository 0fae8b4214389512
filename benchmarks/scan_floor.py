"""The least code that reads all contacts and deals of the CRM into DuckDB: the floor of a scan.

httpx + orjson + Arrow into DuckDB, delete + insert; no landing, no verdict on the list, no ledger,
no history, no enquiries, no error handling. Prints its CPU seconds as JSON.
"""

import base64
import hmac
import json
import os
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb
import httpx
import orjson
import pandas as pd  # noqa: F401  pyarrow imports it for its first array; imports do not count
import pyarrow as pa

PER_PAGE = 100
ROWS_AT_ONCE = 2_000
ID, TEXT = pa.int64(), pa.string()
TIME, MONEY = pa.timestamp("ms", "UTC"), pa.decimal128(38, 10)
IDS, TEXTS = pa.list_(ID), pa.list_(TEXT)
CONTACT = pa.schema({
    "id": ID, "first_name": TEXT, "last_name": TEXT, "slug": TEXT, "created_at": TIME,
    "updated_at": TIME, "job_title": TEXT, "creator_id": ID, "creator_name": TEXT, "email": TEXT,
    "telephone": TEXT, "crm_status_id": ID, "crm_status_name": TEXT, "date_of_birth": TEXT,
    "crm_source_id": ID, "crm_source_name": TEXT, "crm_gender_id": ID, "crm_gender_name": TEXT,
    "income": TEXT, "upload_id": ID, "customer_id": ID, "crm_company_id": ID,
    "crm_company_name": TEXT, "crm_deal_ids": IDS, "crm_deal_name": TEXTS,
    "additional_fields": TEXT,
})  # fmt: skip
DEAL = pa.schema({
    "id": ID, "name": TEXT, "slug": TEXT, "created_at": TIME, "updated_at": TIME, "currency": TEXT,
    "size": MONEY, "closed_date": TIME, "creator_id": ID, "creator_name": TEXT,
    "crm_source_id": ID, "crm_source_name": TEXT, "crm_lost_reason_id": ID,
    "crm_lost_reason_name": TEXT, "crm_pipeline_id": ID, "crm_pipeline_name": TEXT,
    "crm_stage_id": ID, "crm_stage_name": TEXT, "crm_deal_status": TEXT, "start_date": TIME,
    "expired_date": TIME, "crm_priority_id": ID, "crm_priority_name": TEXT, "crm_company_id": IDS,
    "crm_company_name": TEXTS, "crm_lead_ids": IDS, "crm_lead_name": TEXTS,
    "product_association_ids": IDS, "product_association_name": TEXTS,
    "product_association_quantity": TEXTS, "product_association_price": TEXTS,
    "product_association_total_price": TEXTS, "additional_fields": TEXT,
})  # fmt: skip


def main(database: Path) -> None:
    """Read both lists from their first page to their last."""
    now = datetime.fromisoformat(os.environ["LEAD_PIPELINE_NOW"])
    started = time.process_time()
    connection = duckdb.connect(str(database))
    with httpx.Client(timeout=600, trust_env=False) as client:
        for stream, schema in (("contacts", CONTACT), ("deals", DEAL)):
            rows: list[dict[str, Any]] = []
            for page in pages(client, stream, now):
                rows += page
                if len(rows) >= ROWS_AT_ONCE:
                    load(connection, f"crm_{stream}", frame(rows, schema))
                    rows = []
            load(connection, f"crm_{stream}", frame(rows, schema))
    connection.close()
    print(json.dumps({"floor": time.process_time() - started}))


def pages(client: httpx.Client, stream: str, now: datetime) -> Iterator[list[dict[str, Any]]]:
    """Signed requests, until a page is short."""
    base = urlsplit(os.environ["QONTAK_BASE_URL"])
    client_id, sso_id = os.environ["QONTAK_CLIENT_ID"], os.environ["QONTAK_SSO_ID"]
    secret, moment = os.environ["QONTAK_CLIENT_SECRET"].encode(), format_datetime(now, usegmt=True)
    page = 0
    rows: list[dict[str, Any]] = [{}] * PER_PAGE
    while len(rows) == PER_PAGE:
        page += 1
        target = f"{base.path}/qontak/crm/{stream}?page={page}&per_page={PER_PAGE}"
        message = f"date: {moment}\nGET {target} HTTP/1.1".encode()
        signature = base64.b64encode(hmac.digest(secret, message, "sha256")).decode()
        answer = client.get(
            f"{base.scheme}://{base.netloc}{target}",
            headers={
                "Date": moment,
                "Authorization": f'hmac username="{client_id}", algorithm="hmac-sha256", '
                f'headers="date request-line", signature="{signature}"',
                "X-Crm-User-Sso-Id": sso_id,
            },
        ).raise_for_status()
        rows = orjson.loads(answer.content)["response"]
        yield rows


def frame(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    """The documented fields by their types, the account's own fields as JSON."""
    columns = []
    for field in schema:
        values = [row.get(field.name) for row in rows]
        if field.name == "additional_fields":
            values = [orjson.dumps(value).decode() for value in values]
        written = field.type in (TIME, MONEY)
        column = pa.array(values, TEXT if written else field.type)
        columns.append(column.cast(field.type) if written else column)
    return pa.table(columns, schema=schema)


def load(connection: duckdb.DuckDBPyConnection, table: str, batch: pa.Table) -> None:
    """Delete what has one of the ids, insert each id once, in one transaction."""
    connection.register("batch", batch)
    connection.execute(f"""
        CREATE TABLE IF NOT EXISTS {table} AS
        SELECT * REPLACE (additional_fields::JSON AS additional_fields) FROM batch LIMIT 0
    """)
    connection.execute("BEGIN")
    connection.execute(f"DELETE FROM {table} WHERE id IN (SELECT id FROM batch)")
    connection.execute(f"INSERT INTO {table} SELECT DISTINCT ON (id) * FROM batch")
    connection.execute("COMMIT")
    connection.unregister("batch")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
