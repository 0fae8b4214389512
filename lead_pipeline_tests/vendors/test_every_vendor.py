"""What holds of every vendor: one suite, run over all of them."""

import json
import logging
from datetime import timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest

from lead_pipeline.errors import UnreadableDelivery, VendorError, VendorRefused, VendorUnavailable
from lead_pipeline.records import ParsedLead, ParsedObject, Window
from lead_pipeline.vendors.contract import (
    Client,
    NewField,
    Unreadable,
    UnreadableDocument,
)
from lead_pipeline.vendors.http import HttpClient, HttpSettings
from lead_pipeline_tests.vendors.cases import (
    CREDENTIALS,
    HOSTILE,
    NOW,
    SECRET,
    WINDOW,
    Case,
    aimbase_client,
    housing_client,
    person,
    qontak_client,
)
from lead_pipeline_tests.vendors.conftest import (
    BenchOf,
    Unlimited,
    good,
    leads_of,
    new_fields_of,
    read,
    unreadable_of,
)
from lead_pipeline_tests.vendors.scripted import Reply, one_after_another


def test_clients_are_what_the_contract_says() -> None:
    with HttpClient() as http:
        clients: list[Client] = [
            housing_client("https://example.org/", http),
            aimbase_client("https://example.org", http),
            qontak_client("https://example.org", http),
        ]
    assert [client.vendor.source for client in clients] == ["housing", "aimbase", "qontak"]
    assert {client.base_url for client in clients} == {"https://example.org"}


# Asking


def test_an_answer_becomes_a_delivery_with_its_bytes(bench: BenchOf, case: Case) -> None:
    b = bench(one_after_another(good(case)))
    (delivery,) = b.fetch()
    with delivery.body.open() as body:
        assert body.read() == good(case).body
    assert delivery.covers
    assert (delivery.stream, delivery.window, delivery.status) == (case.stream, WINDOW, 200)
    assert delivery.requested_at == delivery.received_at == NOW
    assert delivery.attempts == 1
    assert len(leads_of(b.items(delivery))) == 3


def test_every_attempt_is_signed_anew(bench: BenchOf, case: Case) -> None:
    b = bench(one_after_another(Reply(status=429, headers={"Retry-After": "7"}), good(case)))
    b.fetch()
    signatures = {case.signed_part(asked.target, asked.headers) for asked in b.vendor.asked}
    assert len(b.vendor.asked) == len(signatures) == 2


def test_a_401_is_asked_once_and_names_the_key(bench: BenchOf) -> None:
    b = bench(one_after_another(Reply(b"no: jane@example.org", status=401)))
    b.vendor.date = format_datetime(NOW, usegmt=True)
    with pytest.raises(VendorRefused) as raised:
        b.fetch()
    assert len(b.vendor.asked) == 1
    assert raised.value.status == 401
    assert all(name in str(raised.value) for name in CREDENTIALS)
    assert "lead-pipeline doctor --account main" in raised.value.next_step
    assert "jane" not in str(raised.value)


def test_a_401_names_the_clock_when_it_is_off(bench: BenchOf) -> None:
    b = bench(one_after_another(Reply(status=401)))
    b.vendor.date = format_datetime(NOW + timedelta(seconds=4000), usegmt=True)
    with pytest.raises(VendorRefused, match="4000 seconds behind"):
        b.fetch()


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422])
def test_a_refusal_is_not_asked_twice(bench: BenchOf, status: int) -> None:
    b = bench(one_after_another(Reply(b"private", status=status)))
    with pytest.raises(VendorRefused, match=str(status)) as raised:
        b.fetch()
    assert len(b.vendor.asked) == 1
    assert "private" not in str(raised.value)
    assert raised.value.subject.window == WINDOW


@pytest.mark.parametrize("status", [301, 302, 308])
def test_a_redirect_is_refused_not_followed(bench: BenchOf, status: int) -> None:
    b = bench(one_after_another(Reply(status=status, headers={"Location": "/elsewhere"})))
    with pytest.raises(VendorRefused, match="base_url"):
        b.fetch()
    assert len(b.vendor.asked) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429])
def test_a_failure_that_passes_is_asked_again(bench: BenchOf, case: Case, status: int) -> None:
    b = bench(one_after_another(Reply(status=status), Reply(status=status), good(case)))
    (delivery,) = b.fetch()
    assert delivery.attempts == 3
    assert len(b.time.slept) == 2


@pytest.mark.parametrize("content_type", ["text/html", "Text/HTML; charset=utf-8"])
def test_a_web_page_with_200_names_the_base_url(bench: BenchOf, content_type: str) -> None:
    page = Reply(b"<html>Welcome, jane@example.org</html>", content_type=content_type)
    b = bench(one_after_another(page))
    with pytest.raises(UnreadableDelivery, match="base_url") as raised:
        b.fetch()
    assert b.vendor.base_url in str(raised.value)
    assert "jane" not in str(raised.value)


def test_a_vendor_that_is_not_there_is_unavailable(bench: BenchOf, case: Case) -> None:
    b = bench(one_after_another(good(case)))
    client = case.client("http://127.0.0.1:9", b.http)
    with pytest.raises(VendorUnavailable, match="no connection"):
        list(client.fetch(case.stream, WINDOW, b.bodies, Unlimited()))


# Planning


def test_nothing_is_planned_for_the_future(bench: BenchOf, case: Case) -> None:
    b = bench(one_after_another(good(case)))
    beginning = Window(NOW, NOW + timedelta(days=2))
    assert all(piece.end == NOW for piece in b.client.plan(case.stream, beginning, NOW))
    future = Window(NOW + timedelta(days=2), NOW + timedelta(days=3))
    assert b.client.plan(case.stream, future, NOW) == ()


def test_the_plan_ends_now_and_touches_all_of_the_window(bench: BenchOf, case: Case) -> None:
    b = bench(one_after_another(good(case)))
    window = Window(NOW - timedelta(days=5), NOW + timedelta(days=1))
    plan = b.client.plan(case.stream, window, NOW)
    assert plan[0].start <= window.start
    assert plan[-1].end == NOW
    assert all(piece.end == after.start for piece, after in pairwise(plan))


def test_an_unknown_stream_is_no_empty_stream(bench: BenchOf, case: Case) -> None:
    b = bench(one_after_another(good(case)))
    with pytest.raises(ValueError, match="contacts"):
        b.client.plan("contacts", WINDOW, NOW)
    with pytest.raises(ValueError, match="contacts"):
        list(b.client.fetch("contacts", WINDOW, b.bodies, Unlimited()))
    with pytest.raises(ValueError, match="leads"):
        b.client.scan("leads", None, b.bodies, Unlimited())


# Probing


def test_a_probe_keeps_nothing_and_tells_the_clocks(bench: BenchOf, case: Case) -> None:
    b = bench(one_after_another(good(case)))
    b.vendor.date = format_datetime(NOW - timedelta(seconds=30), usegmt=True)
    probe = b.client.probe()
    assert probe.accepted
    assert probe.clock_offset_seconds == -30
    assert b.bodies.files() == []


def test_a_probe_explains_a_refusal(bench: BenchOf) -> None:
    probe = bench(one_after_another(Reply(status=401))).client.probe()
    assert not probe.accepted
    assert all(name in probe.explanation for name in CREDENTIALS)


# Secrets


@pytest.mark.parametrize("answer", [Reply(status=401), Reply(status=400), Reply(status=503)])
def test_no_secret_or_signature_is_ever_shown(
    bench: BenchOf, caplog: pytest.LogCaptureFixture, answer: Reply
) -> None:
    caplog.set_level(logging.DEBUG)
    b = bench(one_after_another(answer), HttpSettings(attempts=2))
    with pytest.raises(VendorError) as raised:
        b.fetch()
    shown = f"{raised.value}{raised.value!r}{b.client!r}{b.http!r}{b.client.probe()}{caplog.text}"
    shown += "".join(f"{record.args}" for record in caplog.records)
    _assert_no_secret(b.case, b.vendor.asked[0].target, b.vendor.asked[0].headers, shown)
    assert raised.value.__cause__ is None


def test_a_delivery_shows_no_secret_or_signature(
    bench: BenchOf, case: Case, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    b = bench(one_after_another(good(case)))
    (delivery,) = b.fetch()
    asked = b.vendor.asked[0]
    _assert_no_secret(case, asked.target, asked.headers, f"{delivery}{caplog.text}")
    assert delivery.url.startswith(b.vendor.base_url)


def _assert_no_secret(case: Case, target: str, headers: dict[str, str], shown: str) -> None:
    assert SECRET not in shown
    assert case.signed_part(target, headers) not in shown
    assert "hash=" not in shown
    assert "nonce" not in shown


# Reading


def test_no_leads_is_an_empty_result(case: Case) -> None:
    assert read(case, case.document([])) == []


def test_what_is_no_list_of_leads_is_never_empty(case: Case) -> None:
    for content in case.refusals_with_200:
        with pytest.raises(UnreadableDocument):
            read(case, content)


def test_a_cut_document_is_unreadable(case: Case) -> None:
    whole = case.document([person(number) for number in range(3)])
    for length in range(len(whole) - 1):
        with pytest.raises(UnreadableDocument):
            read(case, whole[:length])


def test_a_fetch_of_a_refusal_with_200_keeps_it(bench: BenchOf, case: Case) -> None:
    for content in case.refusals_with_200:
        b = bench(one_after_another(Reply(content, content_type=case.content_type)))
        deliveries = []
        try:
            for delivery in b.client.fetch(case.stream, WINDOW, b.bodies, Unlimited()):
                deliveries.append(delivery)  # noqa: PERF402 - what came before the error counts
        except VendorError:
            assert case.unreadable_in_fetch
        assert len(deliveries) == 1
        assert deliveries[0].covers is not case.unreadable_in_fetch
        with pytest.raises(UnreadableDocument):
            b.items(deliveries[0])


def test_an_unknown_field_is_kept_and_reported_once(case: Case) -> None:
    content = case.with_unknown_field(person(1), "SwimmingPool", HOSTILE)
    items = read(case, content)
    (lead,) = leads_of(items)
    (path,) = new_fields_of(items)
    assert path.endswith("SwimmingPool")
    without = leads_of(read(case, case.document([person(1)])))[0]
    assert lead._replace(attributes=without.attributes) == without
    assert HOSTILE in _values(lead)


def _values(lead: ParsedLead) -> list[object]:
    values: list[object] = list(json.loads(lead.attributes).values())
    return values


def test_a_malformed_record_stands_alone(case: Case) -> None:
    items = read(case, case.without_date)
    assert [lead.record_index for lead in leads_of(items)] == [0, 2]
    (unreadable,) = unreadable_of(items)
    assert unreadable.record_index == 1
    assert unreadable.place.startswith("record 1, field ")
    assert b"Person 1" in unreadable.content
    assert "Person" not in unreadable.reason


def test_reading_again_reads_the_same(case: Case) -> None:
    content = case.document([person(number) for number in range(20)])
    assert read(case, content) == read(case, content)


def test_every_lead_is_read_in_order(case: Case) -> None:
    people = [person(number) for number in range(250)]
    leads = leads_of(read(case, case.document(people)))
    assert [lead.record_index for lead in leads] == list(range(250))
    assert [lead.email_raw for lead in leads] == [fields["email"] for fields in people]
    assert [lead.phone_raw for lead in leads] == [fields["phone"] for fields in people]
    assert all(lead.created_at.utcoffset() == timedelta(0) for lead in leads)
    assert [int(lead.created_at.timestamp()) for lead in leads] == [
        int(fields["created"]) for fields in people
    ]


def test_the_key_does_not_depend_on_other_fields(case: Case) -> None:
    plain = leads_of(read(case, case.document([person(1)])))[0]
    other = person(1, interest="Harbour Court", email="other@example.org")
    changed = leads_of(read(case, case.document([other])))[0]
    assert getattr(changed, case.interest) == "Harbour Court"
    assert (plain.key_version, plain.natural_key) == (changed.key_version, changed.natural_key)


def test_two_enquiries_have_two_keys(case: Case) -> None:
    leads = leads_of(read(case, case.document([person(n) for n in range(50)])))
    assert len({lead.natural_key for lead in leads}) == 50


def test_hostile_text_is_kept_byte_for_byte(case: Case) -> None:
    fields = person(1, name=HOSTILE, interest=HOSTILE)
    (lead,) = leads_of(read(case, case.document([fields])))
    assert HOSTILE in {lead.full_name_raw, lead.given_name_raw}
    assert getattr(lead, case.interest) == HOSTILE


def test_huge_values_neither_break_nor_vanish(case: Case) -> None:
    fields = person(1, phone="9" * 5000, name="n" * 100_000)
    (lead,) = leads_of(read(case, case.document([fields])))
    assert lead.phone_raw == "9" * 5000
    assert "n" * 100_000 in {lead.full_name_raw, lead.given_name_raw}


def test_items_are_of_the_contract(case: Case) -> None:
    for item in read(case, case.without_date):
        assert isinstance(item, ParsedLead | ParsedObject | Unreadable | NewField)
