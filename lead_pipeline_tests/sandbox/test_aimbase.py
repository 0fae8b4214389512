import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from lead_pipeline.sandbox import Sandbox
from lead_pipeline_tests.sandbox.reader import NOW, Reader, epoch, sales_leads, text, texts

CENTRAL = ZoneInfo("America/Chicago")
EVERY_DATE = [f"?Date=11/{day}/2026" for day in range(13, 21)]


def moments(response_leads: list[etree._Element]) -> list[datetime]:
    return [datetime.fromisoformat(text(lead, "DocumentDateTime")) for lead in response_leads]


def ids(leads: list[etree._Element]) -> list[str]:
    return [text(lead, "DocumentId") for lead in leads]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("Basic ", "Bearer "),
        ('timestamp="x', 'timestamp="'),
        ('",  nonce', '",nonce'),
        ('nonce="+', 'nonce="'),
        ("Timestamp=", "timestamp="),
        ('signature=""', r'signature="[0-9a-f]+"'),
        ("", r',publickey="[^"]*"'),
        ('publickey="a",x="b"', r'publickey="[^"]*"'),
    ],
)
def test_a_malformed_header(reader: Reader, wrong: str, right: str) -> None:
    header = re.sub(right, wrong, reader.authenticate(), count=1)
    response = reader.aimbase("?Days=1", header)
    assert response.status_code == 400
    assert "Authenticate" in response.text


def test_a_missing_header(reader: Reader) -> None:
    assert reader.aimbase("?Days=1", header="").status_code == 400


def test_a_nonce_has_50_alphanumerics(reader: Reader) -> None:
    for nonce in ("a" * 49, "a" * 51, "a" * 49 + "-", "a" * 49 + " "):
        assert reader.aimbase("?Days=1", reader.authenticate(nonce=nonce)).status_code == 400


def test_a_nonce_is_good_for_once(reader: Reader) -> None:
    header = reader.authenticate()
    assert reader.aimbase("?Days=1", header).status_code == 200
    response = reader.aimbase("?Days=1", header)
    assert response.status_code == 401
    assert "nonce" in response.text


def test_a_refused_signature_does_not_use_up_the_nonce(reader: Reader) -> None:
    nonce = "n" * 50
    forged = reader.authenticate(nonce=nonce, private_key="guess")
    assert reader.aimbase("?Days=1", forged).status_code == 401
    assert reader.aimbase("?Days=1", reader.authenticate(nonce=nonce)).status_code == 200


def test_a_wrong_private_key(reader: Reader) -> None:
    response = reader.aimbase("?Days=1", reader.authenticate(private_key="another"))
    assert response.status_code == 401
    assert "signature" in response.text


def test_the_signature_in_capitals_is_wrong(reader: Reader) -> None:
    header = re.sub(
        r'signature="(\w+)"',
        lambda found: f'signature="{found[1].upper()}"',
        reader.authenticate(),
    )
    assert reader.aimbase("?Days=1", header).status_code == 401


def test_an_unknown_public_key(reader: Reader) -> None:
    response = reader.aimbase("?Days=1", reader.authenticate(public_key="another"))
    assert response.status_code == 401
    assert "publickey" in response.text


def test_another_nmma_id(reader: Reader) -> None:
    response = reader.aimbase("?Days=1", nmma_id="12345")
    assert response.status_code == 401
    assert "NMMA-ID" in response.text


@pytest.mark.parametrize(("seconds", "status"), [(900, 200), (901, 401), (-900, 200), (-901, 401)])
def test_15_minutes_either_way(reader: Reader, seconds: int, status: int) -> None:
    header = reader.authenticate(timestamp=str(epoch(NOW) + seconds))
    response = reader.aimbase("?Days=1", header)
    assert response.status_code == status
    assert status == 200 or "timestamp" in response.text


@pytest.mark.parametrize(
    "query",
    [
        "?Days=0",
        "?Days=8",
        "?Days=",
        "?Days=01",
        "?Days=-1",
        "?Days=1.0",
        "?Days=%E0%A5%A7",
        "?days=1",
        "?Days=1&Days=2",
        "?Days=1&Date=11/20/2026",
        "?Days=1&page=2",
        "?x=",
        "?Date=2026-11-20",
        "?Date=20/11/2026",
        "?Date=11/20/26",
        "?Date=11/31/2026",
        "?Date=1/2/2026",
        "?Date=",
        "?Date=11/21/2026",
        "?Date=11/12/2026",
        "?Date=12/31/9999",
        "?Date=01/01/0000",
    ],
)
def test_refused_parameters(reader: Reader, query: str) -> None:
    assert reader.aimbase(query).status_code == 400


@settings(max_examples=40, deadline=None)
@given(
    name=st.sampled_from(["Days", "Date"]),
    value=st.text(max_size=3) | st.from_regex(r"[0-9]{2}/[0-9]{2}/(19|2[1-9])[0-9]{2}"),
)
def test_no_text_breaks_it(reader: Reader, name: str, value: str) -> None:
    response = reader.aimbase(f"?{name}={quote(value, errors='replace')}")
    is_asked_well = name == "Days" and value in set("1234567")
    assert response.status_code == (200 if is_asked_well else 400)


def test_dates_are_central_days_and_join_without_a_seam(reader: Reader) -> None:
    read: list[str] = []
    for day, query in enumerate(EVERY_DATE, start=13):
        leads = sales_leads(reader.aimbase(query))
        assert {moment.astimezone(CENTRAL).day for moment in moments(leads)} == {day}
        read += ids(leads)
    assert len(read) == len(set(read))
    assert read == sorted(read, key=int)
    assert ids(sales_leads(reader.aimbase("?Days=7"))) == [
        *read[len(ids(sales_leads(reader.aimbase(EVERY_DATE[0])))) :]
    ]


def test_the_horizon_goes_by_the_day_in_chicago(own_sandbox: Sandbox) -> None:
    for hour, oldest in ((5, "11/12/2026"), (6, "11/13/2026")):
        moment = datetime(2026, 11, 20, hour, 59, tzinfo=UTC)
        own_sandbox.set_clock(moment)
        before = datetime.strptime(oldest, "%m/%d/%Y").replace(tzinfo=UTC) - timedelta(days=1)
        with Reader(own_sandbox, moment) as reader:
            assert reader.aimbase(f"?Date={oldest}").status_code == 200
            assert reader.aimbase(f"?Date={before:%m/%d/%Y}").status_code == 400


def test_days_are_calendar_days_in_chicago(reader: Reader) -> None:
    for days in range(1, 8):
        first = min(moments(sales_leads(reader.aimbase(f"?Days={days}")))).astimezone(CENTRAL)
        assert first.date() == (NOW - timedelta(days=days - 1)).astimezone(CENTRAL).date()


def test_nothing_comes_from_the_future(reader: Reader) -> None:
    for query in ("?Days=1", EVERY_DATE[-1]):
        assert max(moments(sales_leads(reader.aimbase(query)))) <= NOW


def cursor(reader: Reader) -> str | None:
    found = reader.get("/state").json()["cursors"]["aimbase"]
    assert found is None or isinstance(found, str)
    return found


def test_only_incremental_calls_move_the_cursor(own_reader: Reader) -> None:
    own_reader.aimbase("?Days=7")
    own_reader.aimbase(EVERY_DATE[-1])
    own_reader.aimbase("?Days=9")
    own_reader.aimbase(header=own_reader.authenticate(private_key="another"))
    assert cursor(own_reader) is None
    own_reader.aimbase()
    assert cursor(own_reader) == NOW.isoformat()


def test_incremental_calls_return_each_lead_once(own_sandbox: Sandbox) -> None:
    calls: list[list[str]] = []
    for hours in (0, 0, 5, 29):
        moment = NOW + timedelta(hours=hours)
        own_sandbox.set_clock(moment)
        with Reader(own_sandbox, moment) as reader:
            calls.append(ids(sales_leads(reader.aimbase())))
            week = ids(sales_leads(reader.aimbase("?Days=7")))
    read = [found for call in calls for found in call]
    assert len(calls[0]) > 200
    assert calls[1] == []
    assert calls[2]
    assert len(read) == len(set(read))
    assert set(week) <= set(read)


def test_a_lead_at_the_very_moment_of_the_cursor_comes_once(own_sandbox: Sandbox) -> None:
    with Reader(own_sandbox) as reader:
        moment = moments(sales_leads(reader.aimbase("?Days=3")))[-1]
    own_sandbox.set_clock(moment)
    with Reader(own_sandbox, moment) as reader:
        assert moments(sales_leads(reader.aimbase()))[-1] == moment
        assert sales_leads(reader.aimbase()) == []


def test_an_incremental_call_does_not_reach_past_the_horizon(own_sandbox: Sandbox) -> None:
    with Reader(own_sandbox) as reader:
        first = sales_leads(reader.aimbase())
    later = NOW + timedelta(days=9)
    own_sandbox.set_clock(later)
    with Reader(own_sandbox, later) as reader:
        second = sales_leads(reader.aimbase())
    assert min(moments(first)) >= NOW - timedelta(days=7)
    assert min(moments(second)) >= later - timedelta(days=7)


def test_an_empty_result_has_a_data_area_without_leads(own_reader: Reader) -> None:
    own_reader.aimbase()
    response = own_reader.aimbase()
    assert sales_leads(response) == []
    assert "<DataArea>\n    </DataArea>\n</ProcessSalesLead>" in response.text


def test_the_document_is_laid_out_as_the_sample(reader: Reader) -> None:
    body = reader.aimbase("?Days=1").text
    assert body.startswith("<ProcessSalesLead xmlns:xsi=")
    assert 'xsi:schemaLocation="http://www.starstandards.org/STAR"' in body
    assert "<?xml" not in body
    assert "<CreationDateTime>2026-11-20T18:30:00.0000000Z</CreationDateTime>" in body
    assert f"<DestinationNameCode>{reader.environment['AIMBASE_NMMA_ID']}</" in body
    assert re.search(
        r"\n {24}<FamilyName>\n {28}<!\[CDATA\[ [^\]]+ \]\]>\n {24}</FamilyName>", body
    )


def test_what_leads_carry_and_lack(reader: Reader) -> None:
    leads = sales_leads(reader.aimbase("?Days=7"))
    for name in ("Address", "CustomerComments", "GivenName", "OwnedVehicle", "SalesVehicle"):
        assert {bool(list(lead.iter("{*}" + name))) for lead in leads} == {True, False}, name
    for name in ("PurchaseEarliestDate", "MarketingMailInd", "Telephone", "EmailAddress"):
        assert {bool(texts(lead, name)) for lead in leads} == {True, False}, name
    assert max(len(texts(lead, "Telephone")) for lead in leads) == 2
    assert max(len(texts(lead, "EmailAddress")) for lead in leads) == 2
    assert len({phone.get("desc") for lead in leads for phone in lead.iter("{*}Telephone")}) > 3
    zones = {text(lead, "DocumentDateTime")[-6:] for lead in leads}
    assert {zone if zone == "-06:00" else zone[-1] for zone in zones} == {"-06:00", "Z"}
