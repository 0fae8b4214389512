"""Faults in scanning a CRM and in telling what is gone."""

from lead_pipeline_tests.mutations.mutation import Mutation

_VANISHED = "warehouse/vanished.sql"
_SCANS = "pipeline/test_scans.py::"
_QUARANTINED = (f"{_SCANS}test_a_scan_with_quarantined_records_misses_nobody",)

SCANNING = (
    Mutation(
        "what an incomplete scan did not see is gone",
        _VANISHED,
        "        AND complete\n",
        "",
        (f"{_SCANS}test_an_incomplete_scan_misses_nobody_whatever_it_saw",),
    ),
    Mutation(
        "what could not be read is gone",
        _VANISHED,
        "(deliveries.outcome <> 'loaded' OR deliveries.quarantined > 0)",
        "deliveries.outcome <> 'loaded'",
        _QUARANTINED,
    ),
    Mutation(
        "the enquiry of a contact that is gone stays",
        "warehouse/mark_vanished.sql",
        "WHERE vanished.lead_id = leads.lead_id\n",
        "WHERE false AND vanished.lead_id = leads.lead_id\n",
        _QUARANTINED,
    ),
    Mutation(
        "a scan that was cut short begins again",
        "pipeline/scan.py",
        "client.scan(self._stream.name, scan.resume, scan, deadline)",
        "client.scan(self._stream.name, None, scan, deadline)",
        (f"{_SCANS}test_a_scan_that_is_cut_short_goes_on_where_it_stopped",),
    ),
    Mutation(
        "a former version keeps when its object had vanished",
        "warehouse/load.py",
        '_OF_PAST.get(name, f"known.{name}")',
        'f"known.{name}"',
        (f"{_SCANS}test_the_order_of_loading_leaves_no_trace",),
    ),
    Mutation(
        "a page that came twice is counted again",
        "warehouse/load_pool.sql",
        "SELECT DISTINCT ON (record_id, origin, kept_hash) *",
        "SELECT *",
        (f"{_SCANS}test_a_page_that_is_read_twice_is_counted_twice",),
    ),
    Mutation(
        "a scan is whole although a pack of it was not loaded",
        "pipeline/open_scans.sql",
        "scans.complete AND unreadable.scan_id IS NULL AS is_whole",
        "scans.complete AS is_whole",
        (f"{_SCANS}test_a_page_that_the_loader_cannot_read_is_red",),
    ),
    Mutation(
        "a list that changed while it was read is taken for whole",
        "pipeline/fetch.py",
        "is_whole = delivery.covers",
        "is_whole = True",
        ("pipeline/test_faults.py::test_a_fault",),
    ),
)
