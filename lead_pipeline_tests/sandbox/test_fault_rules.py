"""Which request gets which fault; how faults are set, told and cleared."""

import re
from collections.abc import Callable
from dataclasses import fields

import orjson
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from starlette.routing import Mount

from lead_pipeline.cli import main
from lead_pipeline.sandbox import (
    Fault,
    FaultError,
    FaultGiven,
    FaultKind,
    Sandbox,
    SandboxSettings,
    create_app,
    fault_from_text,
    running_sandbox,
)
from lead_pipeline.sandbox.faults.fault import PAGE_KINDS, fault_as_json, faults_from_json
from lead_pipeline.sandbox.faults.shapes import SHAPES, can_have
from lead_pipeline_tests.house.project import ROOT
from lead_pipeline_tests.sandbox.crm import signed
from lead_pipeline_tests.sandbox.reader import NOW, Reader
from lead_pipeline_tests.sandbox.wire import VENDORS, ask

DOWN = FaultKind.UNAVAILABLE
NEEDED: dict[FaultKind, dict[str, float]] = {
    FaultKind.SLOW: {"seconds": 1.0},
    FaultKind.CLOCK_SKEW: {"seconds": -3600.0},
    FaultKind.GZIP_BOMB: {"bytes": 2**30},
    FaultKind.MALFORMED_RECORDS: {"share": 0.25},
    FaultKind.VANISHED: {"share": 0.25},
    FaultKind.CHANGED: {"share": 0.25},
    FaultKind.PAGE_REPEATS: {"share": 0.25},
    FaultKind.PAGE_SKIPS: {"share": 0.25},
}


def fault_of(kind: FaultKind) -> Fault:
    return Fault(kind, **NEEDED.get(kind, {}))  # type: ignore[arg-type]  # each of its own type


def statuses(reader: Reader, count: int, vendor: str = "housing") -> list[int]:
    return [ask(reader, vendor).status_code for _ in range(count)]


def test_after_and_times(faulty_sandbox: Sandbox, faulty_reader: Reader) -> None:
    faulty_sandbox.set_faults([Fault(DOWN, after=2, times=3)])
    assert statuses(faulty_reader, 7) == [200, 200, 503, 503, 503, 200, 200]
    assert [one.given for one in faulty_sandbox.faults_given()] == [3]


def test_without_times_it_is_for_ever(faulty_sandbox: Sandbox, faulty_reader: Reader) -> None:
    faulty_sandbox.set_faults([Fault(DOWN)])
    assert statuses(faulty_reader, 5) == [503] * 5


def test_the_vendor_decides(faulty_sandbox: Sandbox, faulty_reader: Reader) -> None:
    faulty_sandbox.set_faults([Fault(DOWN, vendor="aimbase", times=1)])
    assert statuses(faulty_reader, 2, "housing") == [200, 200]
    assert statuses(faulty_reader, 2, "aimbase") == [503, 200]


def test_the_query_decides(faulty_sandbox: Sandbox, faulty_reader: Reader) -> None:
    faulty_sandbox.set_faults([Fault(DOWN, query="Date=11/19/2026")])
    days = ["18", "19", "20", "19"]
    answered = [faulty_reader.aimbase(f"?Date=11/{day}/2026").status_code for day in days]
    assert answered == [200, 503, 200, 503]


def test_the_first_rule_that_takes_a_request_wins(
    faulty_sandbox: Sandbox, faulty_reader: Reader
) -> None:
    faulty_sandbox.set_faults(
        [
            Fault(FaultKind.SERVER_ERROR, after=1, times=1),
            Fault(FaultKind.TOO_MANY_REQUESTS, vendor="aimbase"),
            Fault(DOWN, times=2),
        ]
    )
    assert statuses(faulty_reader, 4) == [503, 500, 503, 200]
    assert [one.given for one in faulty_sandbox.faults_given()] == [1, 0, 2]


def test_a_rate_is_decided_by_seed_and_number(
    faulty_sandbox: Sandbox, faulty_reader: Reader
) -> None:
    def seen() -> list[int]:
        faulty_sandbox.set_faults([Fault(DOWN, rate=0.3)])
        return statuses(faulty_reader, 60)

    first = seen()
    assert 8 <= first.count(503) <= 28
    assert seen() == first
    with running_sandbox(SandboxSettings(now=NOW, seed=8)) as other, Reader(other) as reader:
        other.set_faults([Fault(DOWN, rate=0.3)])
        assert statuses(reader, 60) != first


@pytest.mark.parametrize(("rate", "status"), [(0.0, 200), (1.0, 503)])
def test_the_ends_of_a_rate(
    faulty_sandbox: Sandbox, faulty_reader: Reader, rate: float, status: int
) -> None:
    faulty_sandbox.set_faults([Fault(DOWN, rate=rate)])
    assert set(statuses(faulty_reader, 20)) == {status}


@pytest.mark.parametrize("page", ["/healthz", "/clock", "/state", "/faults", "/nowhere"])
def test_the_sandboxs_own_pages_are_never_touched(
    faulty_sandbox: Sandbox, faulty_reader: Reader, page: str
) -> None:
    before = faulty_reader.get(page).status_code
    faulty_sandbox.set_faults([Fault(DOWN)])
    assert faulty_reader.get(page).status_code == before != 503


def test_cleared_faults_are_gone(faulty_sandbox: Sandbox, faulty_reader: Reader) -> None:
    faulty_sandbox.set_faults([Fault(DOWN)])
    assert statuses(faulty_reader, 1) == [503]
    faulty_sandbox.clear_faults()
    assert statuses(faulty_reader, 1) == [200]
    assert faulty_sandbox.faults_given() == ()


def test_faults_from_the_start_and_the_truth_without_them() -> None:
    fault = Fault(FaultKind.VANISHED, share=0.5)
    with (
        running_sandbox(SandboxSettings(now=NOW, faults=(fault,))) as faulty,
        running_sandbox(SandboxSettings(now=NOW)) as well,
        Reader(faulty) as reader,
    ):
        assert len(ask(reader, "housing").json()) < 40
        assert faulty.faults_given()[0].fault == fault
        assert faulty.truth(NOW.date(), NOW.date()) == well.truth(NOW.date(), NOW.date())


def test_faults_over_http(faulty_sandbox: Sandbox, faulty_reader: Reader) -> None:
    assert faulty_reader.get("/faults").json() == []
    rule = {"kind": "unavailable", "vendor": "housing", "times": 1, "retry_after": "0"}
    told = faulty_reader.put("/faults", [rule])
    assert (told.status_code, told.json()[0]["given"]) == (200, 0)
    assert statuses(faulty_reader, 2) == [503, 200]
    fault = {**rule, "after": 0, "rate": 1.0}
    assert faulty_reader.get("/faults").json() == [{"fault": fault, "given": 1, "records": 0}]
    assert faulty_sandbox.faults_given() == (
        FaultGiven(Fault(DOWN, vendor="housing", times=1, retry_after="0"), 1, 0),
    )
    assert faulty_reader.delete("/faults").json() == []


WRONG: list[tuple[object, str]] = [
    ({}, "valid array"),
    ([5], "0: "),
    ([{}], "0.kind: "),
    ([{"kind": "meteor"}], "0.kind: "),
    ([{"kind": "unavailable", "color": "red"}], "0.color: "),
    ([{"kind": "unavailable", "times": 0}], "0.times: "),
    ([{"kind": "unavailable", "times": "2"}], "0.times: "),
    ([{"kind": "unavailable", "times": True}], "0.times: "),
    ([{"kind": "unavailable", "after": -1}], "0.after: "),
    ([{"kind": "unavailable", "rate": 1.5}], "0.rate: "),
    (
        [{"kind": "unavailable", "vendor": "pizza"}],
        "vendor pizza is none of aimbase, housing, qontak",
    ),
    ([{"kind": "unavailable", "retry_after": "1\r\nX: 2"}], "0.retry_after: "),
    ([{"kind": "unavailable", "seconds": 1}], "unavailable takes no seconds"),
    ([{"kind": "empty"}, {"kind": "slow"}], "1: slow needs seconds"),
    ([{"kind": "slow", "seconds": -1}], "less than 0"),
    ([{"kind": "clock_skew", "seconds": 1e12}], "0.seconds: "),
    ([{"kind": "gzip_bomb", "bytes": 0}], "0.bytes: "),
    ([{"kind": "vanished", "share": 2}], "0.share: "),
    ([{"kind": "vanished"}], "vanished needs share"),
]


@pytest.mark.parametrize(("wrong", "words"), WRONG)
def test_wrong_faults_are_refused_and_change_nothing(
    faulty_sandbox: Sandbox, faulty_reader: Reader, wrong: object, words: str
) -> None:
    faulty_sandbox.set_faults([Fault(DOWN)])
    refused = faulty_reader.put("/faults", wrong)
    assert refused.status_code == 400
    assert words in refused.json()["error"]
    assert [one.fault.kind for one in faulty_sandbox.faults_given()] == [DOWN]


def test_what_is_no_json_is_refused(faulty_reader: Reader) -> None:
    assert faulty_reader.put_bytes("/faults", b"[{").status_code == 400
    assert faulty_reader.put_bytes("/faults", b"").status_code == 400


@pytest.mark.parametrize("kind", list(FaultKind))
def test_every_kind_is_written_and_read_alike(kind: FaultKind) -> None:
    fault = fault_of(kind)
    text = ",".join([kind, *(f"{name}={value}" for name, value in NEEDED.get(kind, {}).items())])
    assert fault_from_text(text) == fault
    assert faults_from_json(orjson.dumps([fault_as_json(fault)])) == [fault]


def test_the_path_decides(faulty_sandbox: Sandbox, faulty_reader: Reader) -> None:
    faulty_sandbox.set_faults([Fault(DOWN, path="/crm/deals")])
    paths = ["/contacts", "/deals", "/deals/info", "/tasks"]
    answered = [faulty_reader.send(signed(faulty_reader, path)).status_code for path in paths]
    assert answered == [200, 503, 503, 200]


def test_a_fault_of_pages_is_only_for_vendors_with_pages(faulty_sandbox: Sandbox) -> None:
    faulty_sandbox.set_faults([Fault(FaultKind.PAGE_EMPTY, vendor="qontak")])
    with pytest.raises(FaultError, match="page_empty is not known of housing"):
        faulty_sandbox.set_faults([Fault(FaultKind.PAGE_EMPTY, vendor="housing")])


@given(
    st.builds(
        Fault,
        kind=st.just(DOWN),
        vendor=st.sampled_from(["housing", None]),
        path=st.none() | st.text(alphabet="aZ0/", min_size=1),
        query=st.none() | st.text(alphabet="aZ0=&%/", min_size=1),
        after=st.integers(0, 9),
        times=st.none() | st.integers(1, 9),
        rate=st.floats(0, 1),
        retry_after=st.sampled_from([None, "0", "Fri, 20 Nov 2026 18:30:07 GMT", "soon"]),
    )
)
def test_the_command_line_says_all_that_a_rule_can_say(fault: Fault) -> None:
    fields = fault_as_json(fault)
    kind = fields.pop("kind")
    text = ",".join([str(kind), *(f"{name}={value}" for name, value in fields.items())])
    assert fault_from_text(text) == fault


@pytest.mark.parametrize(
    "text", ["", "meteor", "slow", "slow,seconds=soon", "empty,color=red", "empty,after=1,after=2"]
)
def test_what_the_command_line_refuses(text: str) -> None:
    with pytest.raises(FaultError):
        fault_from_text(text)
    refused = CliRunner().invoke(main, ["sandbox", "--port", "0", "--fault", text])
    assert refused.exit_code == 2
    assert "--fault" in refused.output


def test_the_command_line_refuses_a_vendor_that_is_not_there() -> None:
    text = "unavailable,vendor=pizza"
    refused = CliRunner().invoke(main, ["sandbox", "--port", "0", "--fault", text])
    assert refused.exit_code == 2
    assert "vendor pizza is none of aimbase, housing, qontak" in refused.output


@pytest.mark.parametrize(
    "make",
    [lambda: Fault(FaultKind.SLOW), lambda: Fault(DOWN, share=1), lambda: Fault(DOWN, rate=2)],
)
def test_a_fault_that_makes_no_sense(make: Callable[[], Fault]) -> None:
    with pytest.raises(ValueError, match=r"needs|takes no|less than"):
        make()


def test_every_vendor_can_have_every_fault() -> None:
    of_qontak = {*PAGE_KINDS, FaultKind.UNPROCESSABLE}
    mounted = {
        route.path for route in create_app(SandboxSettings()).routes if isinstance(route, Mount)
    }
    assert mounted == {f"/{vendor}" for vendor in SHAPES} == {f"/{vendor}" for vendor in VENDORS}
    assert [
        (vendor, kind)
        for vendor in SHAPES
        for kind in FaultKind
        if not can_have(vendor, kind) and not (kind in of_qontak and vendor != "qontak")
    ] == []
    assert not any(can_have("housing", kind) for kind in of_qontak)
    assert not can_have("another", FaultKind.CHANGED)
    assert can_have("another", FaultKind.STALLED)


def test_the_page_names_every_kind_and_field() -> None:
    page = (ROOT / "docs" / "how-to" / "sandbox.md").read_text()
    named = set(re.findall(r"`([a-z0-9_]+)`", page))
    assert {*FaultKind} <= named
    assert {field.name for field in fields(Fault)} - {"kind"} <= named
