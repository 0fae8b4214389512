"""The least code that reads seven days of both vendors into DuckDB: the floor of the main job.

httpx + orjson + one-walk lxml + Arrow into DuckDB, delete + insert; no landing, no normalising, no
ledger, no error handling. Prints its CPU seconds as JSON.
"""

import hashlib
import hmac
import io
import json
import os
import secrets
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import httpx
import orjson
import pandas as pd  # noqa: F401  pyarrow imports it for its first array; imports do not count
import pyarrow as pa
from lxml import etree

NAMESPACE = "{http://www.starstandards.org/STAR}"


def main(database: Path, first: date, last: date) -> None:
    """Read every day from first to last (UTC)."""
    now = datetime.fromisoformat(os.environ["LEAD_PIPELINE_NOW"])
    started = time.process_time()
    connection = duckdb.connect(str(database))
    with httpx.Client(timeout=600, trust_env=False) as client:
        for body in housing(client, first, last, now):
            load(connection, "housing", housing_rows(body))
        for body in aimbase(client, first, last, now):
            load(connection, "aimbase", aimbase_rows(body))
    connection.close()
    print(json.dumps({"floor": time.process_time() - started}))


def housing(client: httpx.Client, first: date, last: date, now: datetime) -> Iterator[bytes]:
    """Windows of two days."""
    start = datetime(first.year, first.month, first.day, tzinfo=UTC)
    end = min(datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=1), now)
    key = os.environ["HOUSING_API_KEY"].encode()
    while start < end:
        stop = min(start + timedelta(days=2), end)
        moment = str(int(now.timestamp()))
        yield (
            client.get(
                f"{os.environ['HOUSING_BASE_URL']}/api/v0/get-builder-leads",
                params={
                    "start_date": int(start.timestamp()),
                    "end_date": int(stop.timestamp()),
                    "current_time": moment,
                    "hash": hmac.new(key, moment.encode(), hashlib.sha256).hexdigest(),
                    "id": os.environ["HOUSING_ID"],
                    "per_page": 1000,
                },
            )
            .raise_for_status()
            .content
        )
        start = stop


def aimbase(client: httpx.Client, first: date, last: date, now: datetime) -> Iterator[bytes]:
    """One call per vendor day."""
    public, private = os.environ["AIMBASE_PUBLIC_KEY"], os.environ["AIMBASE_PRIVATE_KEY"]
    day = first - timedelta(days=1)
    while day <= last:
        timestamp, nonce = int(now.timestamp()), secrets.token_hex(25)
        message = f"{timestamp}{nonce}{public}".encode()
        signature = hmac.new(private.encode(), message, hashlib.sha256).hexdigest()
        yield (
            client.get(
                f"{os.environ['AIMBASE_BASE_URL']}/api/IncrementalLeadExport/"
                f"{os.environ['AIMBASE_NMMA_ID']}",
                params={"Date": day.strftime("%m/%d/%Y")},
                headers={
                    "Authenticate": f'Bearer timestamp="{timestamp}",nonce="{nonce}",'
                    f'signature="{signature}",publickey="{public}"'
                },
            )
            .raise_for_status()
            .content
        )
        day += timedelta(days=1)


def housing_rows(body: bytes) -> list[dict[str, str]]:
    """Rows as they are, with a key."""
    found = orjson.loads(body)
    rows = found if isinstance(found, list) else found["data"]
    for row in rows:
        row["key"] = f"{row.get('project_id')}|{row.get('lead_date')}|{row.get('lead_phone')}"
    return rows


def aimbase_rows(body: bytes) -> Iterator[dict[str, str]]:
    """One walk over each lead: the text of each element under its name."""
    for _, lead in etree.iterparse(io.BytesIO(body), tag=f"{NAMESPACE}SalesLead"):
        row: dict[str, str] = {}
        for element in lead.iter():
            text = element.text
            if text is not None and (text := text.strip()):
                row[element.tag] = text
        lead.clear()
        while lead.getprevious() is not None:
            del lead.getparent()[0]
        yield {name.removeprefix(NAMESPACE): text for name, text in row.items()} | {
            "key": row[f"{NAMESPACE}DocumentId"]
        }


COLUMNS = {
    "housing": (
        "key", "lead_name", "lead_phone", "lead_email", "project_id", "project_name", "locality",
        "locality_name", "lead_date", "country_code", "apartment_names", "service_type",
        "category_type", "city_name", "min_area", "max_area", "min_price", "max_price",
        "property_field",
    ),
    "aimbase": (
        "key", "DocumentDateTime", "DocumentId", "LeadSource", "CustomerComments", "GivenName",
        "FamilyName", "MarketingMailInd", "AddressLine", "City", "StateOrProvince", "Country",
        "PostalCode", "Telephone", "EmailAddress", "PurchaseEarliestDate", "OwnedType",
        "LeadStatus", "LeadIndustryType", "LeadRequestType", "ModelDescription",
        "BoatingActivities", "BoatOwnershipStatus",
    ),
}  # fmt: skip


def load(connection: duckdb.DuckDBPyConnection, table: str, rows: object) -> None:
    """Delete what has one of the keys, insert each key once, in one transaction."""
    names = COLUMNS[table]
    columns: dict[str, list[str | None]] = {name: [] for name in names}
    for row in rows:  # type: ignore[attr-defined]
        for name in names:
            value = row.get(name)
            columns[name].append(None if value is None else str(value))
    batch = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    listed = ", ".join(f'"{name}" VARCHAR' for name in names)
    connection.register("batch", batch)
    connection.execute(f"CREATE TABLE IF NOT EXISTS {table} ({listed})")
    connection.execute("BEGIN")
    connection.execute(f"DELETE FROM {table} WHERE key IN (SELECT key FROM batch)")
    connection.execute(f"INSERT INTO {table} SELECT DISTINCT ON (key) * FROM batch")
    connection.execute("COMMIT")
    connection.unregister("batch")


if __name__ == "__main__":
    main(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]), date.fromisoformat(sys.argv[3]))
