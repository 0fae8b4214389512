"""Records of a CRM without a usable id, night after night."""

from datetime import datetime
from pathlib import Path

import pytest

from lead_pipeline.pipeline.quarantine import dismiss, quarantined, undo_dismissal
from lead_pipeline_tests.pipeline.scanning import DAY, FIRST, LOST
from lead_pipeline_tests.pipeline.test_scans import NEXT, THIRD, Vendor, contact, crm_of
from lead_pipeline_tests.vendors.qontak_list import PagedList


@pytest.mark.slow
@pytest.mark.parametrize("read", ["by scans", "by windows"])
def test_a_record_without_an_id_is_told_until_it_is_dismissed(tmp_path: Path, read: str) -> None:
    """It may be any contact that is missing, so none is gone, whatever somebody says about it."""
    vendor = Vendor(PagedList([contact(number) for number in range(1, 10)]))
    with crm_of(vendor, tmp_path) as crm:

        def nightly(now: datetime) -> list[tuple[int, int]]:
            """Records that could not be read, and those of them that somebody should look at."""
            if read == "by scans":
                crm.scan(now, "contacts")
            else:
                crm.read_window(now)
            lines = crm.load(now)
            assert crm.verdict(now) is None
            return [(line.quarantined, line.waiting) for line in lines if line.quarantined]

        assert nightly(FIRST) == []
        vendor.paged.records[1] = contact(2) | {"id": None}
        assert nightly(NEXT) == [(1, 1)]
        (record,) = quarantined(crm.folder(NEXT), ["qontak"])
        assert (record.place, record.reason) == ("record 1, field id", "is no id that can be used")
        assert nightly(THIRD) == [(1, 1)]
        dismiss(crm.folder(THIRD), [record.quarantine_id], "ann", "known to the vendor")
        assert nightly(THIRD + DAY) == [(1, 0)]
        crm.publish(THIRD + DAY)
        assert quarantined(crm.folder(THIRD), ["qontak"]) == []
        vendor.paged.records[2] = contact(3) | {"id": ""}
        assert nightly(THIRD + 2 * DAY) == [(2, 1)]
        undo_dismissal(crm.folder(THIRD), [record.quarantine_id], "ann", "not known after all")
        assert nightly(THIRD + 3 * DAY) == [(2, 2)]
        assert crm.gone() == {}
        assert crm.rows(LOST) == []
