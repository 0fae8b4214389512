"""What Dagster is given: nothing ships that is not written here."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg
import pytest

from lead_pipeline.components.partitions import DAILY
from lead_pipeline.definitions import load_definitions
from lead_pipeline.defs.marts import lineage
from lead_pipeline.records import LEAD_COLUMNS
from lead_pipeline_tests.house.project import ROOT, text

SCANS = ("qontak/contacts", "qontak/companies", "qontak/deals", "qontak/tasks", "qontak/pipelines")

NOTHING_RUNS = ("qontak/raw_objects", "listsmrt/webhooks")
"""They show what a vendor sends, field by field."""

MARTS = (
    "marts/daily_leads",
    "marts/people_by_source",
    "marts/source_overlap",
    "marts/deal_outcomes",
    "marts/enquiry_outcomes",
    "marts/lead_funnel",
    "marts/project_performance",
    "marts/speed_to_lead",
    "marts/listing_effect",
    "marts/data_quality",
    "marts/vendor_health",
)

ASSETS = {
    "housing/raw": "housing",
    "housing/leads": "housing",
    "aimbase/raw": "aimbase",
    "aimbase/leads": "aimbase",
    "qontak/raw": "qontak",
    "qontak/leads": "qontak",
    "qontak/raw_objects": "qontak",
    **dict.fromkeys(SCANS, "qontak"),
    "listsmrt/webhooks": "listsmrt",
    "listings": "listsmrt",
    "leads": "core",
    "person_links": "core",
    "people": "core",
    **dict.fromkeys(MARTS, "marts"),
    "published": "outlets",
    "report": "outlets",
    "verdict": "outlets",
}

CHECKS = {
    ("housing/raw", "answered"),
    ("housing/leads", "readable"),
    ("aimbase/raw", "answered"),
    ("aimbase/leads", "readable"),
    ("qontak/raw", "answered"),
    ("qontak/leads", "readable"),
    *((scan, check) for scan in SCANS for check in ("answered", "readable")),
    ("listings", "readable"),
    ("leads", "ledger_balances"),
    ("leads", "lead_id_is_unique"),
    ("person_links", "incremental_equals_rebuild"),
    ("person_links", "no_key_is_everybodys"),
    ("people", "no_person_is_many"),
    ("people", "ids_stay"),
    ("published", "every_account_has_yesterday"),
    ("published", "no_day_is_about_to_be_lost"),
    ("published", "counts_are_usual"),
    ("published", "scans_are_fresh"),
    ("report", "is_current"),
}


@pytest.fixture(scope="module")
def definitions() -> dg.Definitions:
    return load_definitions()


def specs(definitions: dg.Definitions) -> Iterator[dg.AssetSpec]:
    return iter(definitions.resolve_all_asset_specs())


def test_the_assets_are_these(definitions: dg.Definitions) -> None:
    found = {spec.key.to_user_string(): spec.group_name for spec in specs(definitions)}
    assert found == ASSETS


def test_every_asset_teaches(definitions: dg.Definitions) -> None:
    for spec in specs(definitions):
        assert spec.description, spec.key
        assert spec.owners, spec.key


def test_accounts_are_partitioned_by_utc_day_and_run_as_one(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        is_account = key.path[-1] in {"raw", "leads"} and len(key.path) == 2
        assert node.partitions_def == (DAILY if is_account else None), key
        has_days = key.to_user_string() not in (*SCANS, *NOTHING_RUNS)
        policy = dg.BackfillPolicy.single_run() if has_days else None
        assert node.backfill_policy == policy, key


def test_lead_assets_show_the_common_schema(definitions: dg.Definitions) -> None:
    for spec in specs(definitions):
        if spec.key.path[-1] == "leads":
            columns = spec.metadata["dagster/column_schema"].columns
            assert [column.name for column in columns] == [column.name for column in LEAD_COLUMNS]
            assert all(column.description for column in columns)


def test_a_column_says_what_it_is_made_of(definitions: dg.Definitions) -> None:
    """From `leads` down to the vendors' own fields: what is linked to has such a column."""
    columns = {
        spec.key.to_user_string(): {one.name: one.description or "" for one in schema.columns}
        for spec in specs(definitions)
        if (schema := spec.metadata.get("dagster/column_schema"))
    }
    links = 0
    for described in columns.values():
        for description in described.values():
            for names, assets in re.findall(r"(`[^*]*`) of ((?:\*\[.*?\)\*(?:, )?)+)", description):
                linked = re.findall(r"\[(.*?)\]\(/assets/(.*?)\)", assets)
                assert all(shown == led_to for shown, led_to in linked)
                links += len(linked)
                for asset, _ in linked:
                    assert set(re.findall("`(.*?)`", names)) <= columns[asset].keys()
    assert links > 200
    assert "`lead_phone`, `country_code` of *[housing/raw]" in columns["housing/leads"]["phone"]
    assert "`deal.size` of *[qontak/raw_objects]" in columns["qontak/deals"]["amount"]
    assert "`data.bed` of *[listsmrt/webhooks]" in columns["listings"]["bed"]
    assert columns["aimbase/raw"]["ApplicationArea"] == "ignored"


def test_the_checks_are_these(definitions: dg.Definitions) -> None:
    keys = definitions.resolve_asset_graph().asset_check_keys
    assert {(key.asset_key.to_user_string(), key.name) for key in keys} == CHECKS


def test_the_architecture_names_all_that_runs_and_checks(definitions: dg.Definitions) -> None:
    page = text(ROOT / "docs" / "architecture.md")
    names = {name for _, name in CHECKS} | {"arrived"}
    for some in (definitions.jobs, definitions.schedules, definitions.sensors):
        names |= {one.name for one in some or ()}
    assert {name for name in names if f"`{name}`" not in page} == set()


def test_a_scan_has_a_job_and_a_night_of_its_own(definitions: dg.Definitions) -> None:
    of_leads = definitions.resolve_job_def("all_leads").asset_layer.executable_asset_keys
    assert not {key.to_user_string() for key in of_leads} & {*SCANS}
    of_scans = definitions.resolve_job_def("crm_scan").asset_layer.executable_asset_keys
    after = {key for key, group in ASSETS.items() if group in {"core", "marts", "outlets"}}
    assert {key.to_user_string() for key in of_scans} == {*SCANS} | after
    schedule = definitions.resolve_schedule_def("nightly_scan")
    assert schedule.default_status == dg.DefaultScheduleStatus.STOPPED
    moment = datetime(2026, 11, 20, 3, tzinfo=UTC)
    assert schedule(dg.build_schedule_context(scheduled_execution_time=moment))


def test_the_sensors_work_from_the_start(definitions: dg.Definitions) -> None:
    sensors = {sensor.name: sensor for sensor in definitions.sensors or ()}
    assert sensors.keys() == {"tell_of_failures", "tell_of_recoveries", "webhooks_wait"}
    for sensor in sensors.values():
        assert sensor.default_status == dg.DefaultSensorStatus.RUNNING
        assert sensor.description


@pytest.mark.parametrize(
    ("name", "first_day"), [("nightly", "2026-11-13"), ("today_every_15_minutes", "2026-11-20")]
)
def test_schedules_ask_for_trailing_days_in_one_run(
    definitions: dg.Definitions, name: str, first_day: str
) -> None:
    schedule = definitions.resolve_schedule_def(name)
    assert schedule.default_status == dg.DefaultScheduleStatus.STOPPED
    context = dg.build_schedule_context(
        scheduled_execution_time=datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
    )
    request = schedule(context)
    assert isinstance(request, dg.RunRequest)
    assert request.tags["dagster/asset_partition_range_start"] == first_day
    assert request.tags["dagster/asset_partition_range_end"] == "2026-11-20"


def test_a_mart_shows_what_its_columns_are_made_of(definitions: dg.Definitions) -> None:
    """Of every account that a table is of; a mart comes after the marts it reads."""
    kept_in = {"crm_deals": [dg.AssetKey(["qontak", "deals"])], "leads": [dg.AssetKey("leads")]}
    made_of = lineage("deal_outcomes", kept_in)
    (amount,) = made_of["amount"]
    assert (amount.asset_key.to_user_string(), amount.column_name) == ("qontak/deals", "amount")
    assert {dep.column_name for dep in made_of["first_touch_lead_id"]} == {
        *("lead_id", "created_at", "person_id")
    }
    before = {
        spec.key.to_user_string(): {dep.asset_key.to_user_string() for dep in spec.deps}
        for spec in specs(definitions)
    }
    assert before["marts/lead_funnel"] == {"marts/enquiry_outcomes", "marts/deal_outcomes"}
    assert before["marts/listing_effect"] == {"people", "listings"}
    assert before["published"] >= {*MARTS, "people", "listings"}
