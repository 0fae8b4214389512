"""One delivery with a record that cannot be read and a field that nobody knows."""

from pathlib import Path

import orjson

from lead_pipeline import normalise
from lead_pipeline.pipeline.delivery import load_receipts
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.records import Receipt
from lead_pipeline.settings import Settings
from lead_pipeline.vendors.housing import HOUSING
from lead_pipeline.warehouse.load import Counts
from lead_pipeline_tests.vendors.cases import NOW, WINDOW, housing_row, person

BAD = housing_row(person(1)) | {"lead_date": "yesterday"}
ROWS = [housing_row(person(0)), BAD, housing_row(person(2)) | {"pets": 2}]


def receipt(folder: DataFolder) -> Receipt:
    body = folder.bodies.store([orjson.dumps(ROWS)])
    return Receipt(
        receipt_id="20261120T120000000000Z-0123456789ab",
        run_id="run",
        source="housing",
        account="main",
        environment="loopback",
        stream="leads",
        window=WINDOW,
        covers=True,
        requested_at=NOW,
        received_at=NOW,
        attempts=1,
        reading={"default_country": "IN"},
        status=200,
        sha256=body.sha256,
        length=body.length,
    )


def test_what_can_be_read_is_loaded_and_the_rest_is_kept_and_said(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path, Settings(data_dir=tmp_path, now=NOW))
    kept = receipt(folder)
    folder.receipts.write(kept)
    path = folder.receipts.path(kept.source, kept.account, kept.stream, kept.receipt_id)
    with folder.warehouse.open() as session:
        normalise.install(session)
        (line,) = load_receipts(folder, session, [(HOUSING, path)])
        assert (line.outcome, line.received, line.counts) == ("loaded", 3, Counts(new=2))
        assert (line.quarantined, line.new_fields) == (1, ("pets",))
        ledger = "SELECT outcome, received, new, quarantined, new_fields FROM ops.deliveries"
        assert session.rows(ledger) == [("loaded", 3, 2, 1, "pets")]
        phones = "SELECT phone FROM core.leads ORDER BY record_index"
        assert session.rows(phones) == [("+919876500000",), ("+919876500002",)]
        refused = "SELECT record_index, stage, place FROM ops.quarantine"
        assert session.rows(refused) == [(1, "parse", "record 1, field lead_date")]
        ((content,),) = session.rows("SELECT content FROM core.quarantined_content")
        assert orjson.loads(content) == BAD
