from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lead_pipeline.sandbox import Sandbox, SandboxSettings, running_sandbox
from lead_pipeline_tests.sandbox.reader import NOW, Reader, epoch, hmac_hex, lead_times, rows

START = datetime(2026, 11, 17, tzinfo=UTC)
END = START + timedelta(days=1, seconds=-1)
EVERYTHING = {"per_page": "1000"}


@pytest.mark.parametrize("name", ["start_date", "end_date", "current_time", "hash", "id"])
def test_every_parameter_is_mandatory(reader: Reader, name: str) -> None:
    response = reader.housing(START, END, **{name: None})
    assert response.status_code == 422
    assert response.json() == {"apiErrors": {name: ["is missing"]}}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("start_date", "2026-11-17"),
        ("start_date", ""),
        ("start_date", "-1"),
        ("start_date", "1795000000000"),
        ("end_date", "1795000000.0"),
        ("end_date", "१७९५०००००"),
        ("current_time", "now"),
        ("per_page", "0"),
        ("per_page", "1001"),
        ("per_page", "ten"),
        ("project_ids", "1200,"),
        ("project_ids", "ABC"),
        ("apartment_names", ""),
        ("flat_ids", "90000"),
        ("page", "2"),
    ],
)
def test_malformed_and_unknown_parameters(reader: Reader, name: str, value: str) -> None:
    response = reader.housing(START, END, **{name: value})
    assert response.status_code == 422
    assert list(response.json()["apiErrors"]) == [name]


def test_a_parameter_given_twice(reader: Reader) -> None:
    url = f"{reader.environment['HOUSING_BASE_URL']}/api/v0/get-builder-leads"
    response = reader.get(f"{url}?id=a&id=b")
    assert response.status_code == 422
    assert response.json() == {"apiErrors": {"id": ["is given twice"]}}


@pytest.mark.parametrize("value", ["0" * 64, "", "é", "x" * 64])
def test_a_wrong_hash(reader: Reader, value: str) -> None:
    response = reader.housing(START, END, hash=value)
    assert response.status_code == (401 if value else 422)
    assert "hash" in response.json()["apiErrors"]


def test_the_hash_in_capitals_is_wrong(reader: Reader) -> None:
    signed = hmac_hex(reader.environment["HOUSING_API_KEY"], str(epoch(NOW)))
    assert reader.housing(START, END, hash=signed).status_code == 200
    assert reader.housing(START, END, hash=signed.upper()).status_code == 401


def test_the_hash_of_another_time_is_wrong(reader: Reader) -> None:
    signed = hmac_hex(reader.environment["HOUSING_API_KEY"], str(epoch(NOW) - 1))
    assert reader.housing(START, END, hash=signed).status_code == 401


def test_an_unknown_id(reader: Reader) -> None:
    response = reader.housing(START, END, id="4544")
    assert response.status_code == 401
    assert response.json() == {"apiErrors": {"id": ["is not known"]}}


@pytest.mark.parametrize(("seconds", "status"), [(900, 200), (901, 401), (-900, 200), (-901, 401)])
def test_15_minutes_either_way(shared_sandbox: Sandbox, seconds: int, status: int) -> None:
    with Reader(shared_sandbox, NOW + timedelta(seconds=seconds)) as reader:
        assert reader.housing(START, END).status_code == status


def test_a_window_backwards(reader: Reader) -> None:
    assert reader.housing(START, START).status_code == 200
    response = reader.housing(START, START - timedelta(seconds=1))
    assert response.status_code == 422
    assert "start_date" in response.json()["apiErrors"]


def test_a_window_of_more_than_two_days(reader: Reader) -> None:
    two_days = START + timedelta(days=2)
    assert reader.housing(START, two_days).status_code == 200
    response = reader.housing(START, two_days + timedelta(seconds=1))
    assert response.status_code == 422
    assert response.json() == {"apiErrors": {"end_date": ["is more than 2 days after start_date"]}}


def test_who_is_asking_is_judged_before_what_is_asked(reader: Reader) -> None:
    assert reader.housing(END, START, id="4544").status_code == 401
    assert reader.housing(END, START, id="4544", per_page="x").status_code == 422


def test_rows_are_cut_off_silently_and_the_newest_kept(reader: Reader) -> None:
    everything = rows(reader.housing(START, END, per_page="1000"))
    assert len(everything) > 100
    assert rows(reader.housing(START, END)) == everything[:100]
    assert rows(reader.housing(START, END, per_page="7")) == everything[:7]


def test_rows_come_newest_first_from_within_the_window(reader: Reader) -> None:
    times = lead_times(reader.housing(START, END, per_page="1000"))
    assert times == sorted(times, reverse=True)
    assert epoch(START) <= times[-1] <= times[0] <= epoch(END)


def test_both_ends_of_a_window_are_inclusive(reader: Reader) -> None:
    times = lead_times(reader.housing(START, END, per_page="1000"))
    newer, older = (datetime.fromtimestamp(times[place], UTC) for place in (3, 9))
    expected = [moment for moment in times if epoch(older) <= moment <= epoch(newer)]
    assert lead_times(reader.housing(older, newer)) == expected


@settings(max_examples=20, deadline=None)
@given(cut=st.integers(min_value=0, max_value=86_398))
def test_two_halves_are_the_whole(reader: Reader, cut: int) -> None:
    middle = START + timedelta(seconds=cut)
    older = rows(reader.housing(START, middle, per_page="1000"))
    newer = rows(reader.housing(middle + timedelta(seconds=1), END, per_page="1000"))
    assert newer + older == rows(reader.housing(START, END, per_page="1000"))


def test_both_envelopes_occur_and_a_window_keeps_its_own(reader: Reader) -> None:
    windows = [(START, START + timedelta(minutes=minutes)) for minutes in range(1, 20)]
    shapes = [type(reader.housing(*window).json()) for window in windows]
    assert set(shapes) == {list, dict}
    assert shapes == [type(reader.housing(*window).json()) for window in windows]


def test_the_future_is_empty(reader: Reader) -> None:
    later = NOW + timedelta(seconds=1)
    assert rows(reader.housing(later, later + timedelta(days=1))) == []


def test_the_irregularities_of_the_fields(reader: Reader) -> None:
    found = rows(reader.housing(START, END, per_page="1000"))
    assert {type(row["project_id"]) for row in found} == {int, str}
    assert {type(row["lead_date"]) for row in found} == {int, str}
    assert {"", None, "null"} <= {row["lead_email"] for row in found}
    assert all(("locality" in row) != ("locality_name" in row) for row in found)
    assert {"locality" in row for row in found} == {True, False}
    assert {row.get("country_code") for row in found} == {None, "+91", "+1"}
    assert any(str(row["lead_name"])[0] > "ऀ" for row in found)
    assert not any("flat_id" in row or "pg_name" in row for row in found)
    optional = {"apartment_names", "min_price", "max_area", "property_field", "city_name"}
    assert all({field in row for row in found} == {True, False} for field in optional)


def test_brokers_have_leads_of_their_own(reader: Reader) -> None:
    brokers = rows(reader.housing(START, END, "broker", per_page="1000"))
    builders = rows(reader.housing(START, END, per_page="1000"))
    assert all("flat_id" in row and "pg_name" in row for row in brokers)
    assert not {str(row) for row in brokers} & {str(row) for row in builders}


@pytest.mark.parametrize(
    ("kind", "parameter", "field"),
    [
        ("builder", "project_ids", "project_id"),
        ("broker", "project_ids", "project_id"),
        ("broker", "flat_ids", "flat_id"),
    ],
)
def test_filters_by_number(reader: Reader, kind: str, parameter: str, field: str) -> None:
    everything = rows(reader.housing(START, END, kind, per_page="1000"))
    wanted = {str(row[field]) for row in everything[:2]}
    found = rows(reader.housing(START, END, kind, per_page="1000", **{parameter: ",".join(wanted)}))
    assert found == [row for row in everything if str(row[field]) in wanted]


def test_filter_by_apartment(reader: Reader) -> None:
    everything = rows(reader.housing(START, END, per_page="1000"))
    found = rows(reader.housing(START, END, per_page="1000", apartment_names="Studio,4 BHK"))
    assert found == [
        row
        for row in everything
        if {"Studio", "4 BHK"} & set(str(row.get("apartment_names")).split(","))
    ]
    assert 0 < len(found) < len(everything)


def test_whole_windows_know_no_limits() -> None:
    week = START - timedelta(days=4)
    with running_sandbox(SandboxSettings(now=NOW, whole_windows=True)) as sandbox:
        counted = sandbox.truth(week.date(), END.date())["accounts"]["housing"]
        with Reader(sandbox) as reader:
            assert len(rows(reader.housing(week, END))) == sum(counted.values()) > 100


def test_repeats_are_exact_and_as_many_as_told() -> None:
    with (
        running_sandbox(SandboxSettings(now=NOW, repeats=Fraction(1, 10))) as sandbox,
        Reader(sandbox) as reader,
    ):
        counted = sandbox.truth(START.date(), START.date())["accounts"]["housing"]["2026-11-17"]
        found = [str(row) for row in rows(reader.housing(START, END))]
    assert len(set(found)) == counted
    assert len(found) == counted + counted // 10


def test_leads_appear_as_the_clock_passes_their_time(own_sandbox: Sandbox) -> None:
    own_sandbox.set_clock(END)
    with Reader(own_sandbox, END) as reader:
        times = lead_times(reader.housing(START, END))
    moment = datetime.fromtimestamp(times[10], UTC)
    for at, expected in ((moment, times[10:]), (moment - timedelta(seconds=1), times[11:])):
        own_sandbox.set_clock(at)
        with Reader(own_sandbox, at) as reader:
            assert lead_times(reader.housing(START, END)) == expected
