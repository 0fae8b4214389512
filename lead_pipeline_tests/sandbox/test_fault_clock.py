"""A vendor whose clock is off."""

import re
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest

from lead_pipeline.sandbox import Fault, FaultKind, Sandbox, SandboxSettings, running_sandbox
from lead_pipeline_tests.sandbox.reader import NOW, Reader
from lead_pipeline_tests.sandbox.wire import VENDORS, ask, asked, request, until_closed, written

both = pytest.mark.parametrize("vendor", VENDORS)


@both
@pytest.mark.parametrize(("too_far", "status"), [(-1, 200), (1, 401)])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_clock_that_is_off_is_judged_by_the_vendors_own_rule(
    faulty_sandbox: Sandbox,
    faulty_reader: Reader,
    vendor: str,
    too_far: int,
    sign: int,
    status: int,
) -> None:
    seconds = sign * ((300 if vendor == "qontak" else 900) + too_far)
    faulty_sandbox.set_faults([Fault(FaultKind.CLOCK_SKEW, seconds=seconds, times=1)])
    response = ask(faulty_reader, vendor)
    assert response.status_code == status
    assert parsedate_to_datetime(response.headers["Date"]) == NOW + timedelta(seconds=seconds)
    for _ in range(3):
        response = ask(faulty_reader, vendor)
        assert response.status_code == 200
        assert parsedate_to_datetime(response.headers["Date"]) == NOW


@both
def test_a_clock_that_is_off_is_right_again_for_a_request_sent_along(
    faulty_sandbox: Sandbox, faulty_reader: Reader, vendor: str
) -> None:
    faulty_sandbox.set_faults([Fault(FaultKind.CLOCK_SKEW, seconds=901, times=1)])
    second = request(faulty_reader, vendor)
    second.headers["Connection"] = "close"
    with asked(faulty_reader, vendor) as connection:
        connection.sendall(written(second))
        received = until_closed(connection)
    assert re.findall(rb"HTTP/1.1 (\d+)", received) == [b"401", b"200"]
    dates = re.findall(rb"(?i)\r\ndate: .*?(\d\d:\d\d:\d\d) GMT", received)
    assert dates == [b"18:45:01", b"18:30:00"]


@pytest.mark.slow
def test_a_clock_that_is_off_makes_no_leads_and_moves_no_cursor_ahead() -> None:
    before, after = NOW - timedelta(hours=1), NOW + timedelta(hours=1)
    with (
        running_sandbox(SandboxSettings(now=NOW, leads_per_day=5000)) as sandbox,
        Reader(sandbox) as reader,
    ):
        rows = reader.housing(before, after).content
        leads = reader.aimbase("?Days=1").content.partition(b"<DataArea>")[2]
        sandbox.set_faults([Fault(FaultKind.CLOCK_SKEW, seconds=899)])
        assert reader.housing(before, after).content == rows
        assert reader.aimbase("?Days=1").content.partition(b"<DataArea>")[2] == leads
        assert reader.aimbase().status_code == 200
        assert reader.get("/state").json()["cursors"]["aimbase"] == NOW.isoformat()
