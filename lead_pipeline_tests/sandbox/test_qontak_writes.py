"""Writing into the CRM, over HTTP, as the vendor's document has it."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from lead_pipeline.sandbox import Order, QontakSettings, Sandbox, SandboxSettings, running_sandbox
from lead_pipeline_tests.sandbox.crm import (
    STREAMS,
    Record,
    content_digest,
    create,
    document,
    one,
    page,
    scan,
    signed,
    write,
)
from lead_pipeline_tests.sandbox.reader import NOW, Reader

DEAL = {"name": "Enquiry 1", "crm_pipeline_id": 5201, "crm_stage_id": 61001}
NEW: dict[str, Record] = {
    "contacts": {"first_name": "Ann", "last_name": "Example", "email": "ann@example.com"},
    "companies": {"name": "Example Boats", "number_of_employees": 3, "annual_revenue": "12"},
    "deals": DEAL | {"size": 350_000_000},
    "tasks": {"name": "Call", "due_date": "2026-11-21T09:00:00+00:00", "user_id": 802},
}
every = pytest.mark.parametrize("stream", STREAMS)


@every
def test_a_new_object_is_there_for_everybody(
    own_sandbox: Sandbox, own_reader: Reader, stream: str
) -> None:
    before = list(scan(own_reader, stream))
    answered = create(own_reader, stream, NEW[stream])
    read = one(own_reader, stream, answered["id"])
    extra: Record = {"additional_fields": []} if stream == "tasks" else {}
    shown = {name: value for name, value in read.items() if name != "crm_deal_status"}
    assert answered == {**shown, **extra}
    assert list(read) == list(before[0])
    assert read["created_at"] == read["updated_at"] == "2026-11-21T01:30:00.000+07:00"
    assert stream == "tasks" or (read["creator_id"], read["creator_name"]) == (801, "Sari Admin")
    assert type(read["id"]) is type(before[0]["id"])
    assert list(scan(own_reader, stream)) == [read, *before]
    told = own_sandbox.crm_truth(NOW - timedelta(days=1), NOW)["qontak"][stream]
    assert told["alive"][str(read["id"])] == content_digest(read)
    assert str(read["id"]) in told["created"]


def test_ids_differ_and_lists_stay_in_order_of_creation(
    own_sandbox: Sandbox, own_reader: Reader
) -> None:
    for hours in range(1, 30):
        own_reader.now = NOW + timedelta(hours=hours)
        own_sandbox.set_clock(own_reader.now)
        create(own_reader, "contacts", NEW["contacts"])
    for per_page in (7, 50):
        found = list(scan(own_reader, "contacts", per_page))
        times = [datetime.fromisoformat(record["created_at"]) for record in found]
        assert all(new >= old for new, old in pairwise(times))
        total = document(own_reader, "/contacts")["total_data"]
        assert len({record["id"] for record in found}) == len(found) == total
        assert sum(record["email"] == "ann@example.com" for record in found) == 29
    late = document(own_reader, "/contacts?created_after=21-11-2026&per_page=100")
    assert sum(record["email"] == "ann@example.com" for record in late["response"]) == 29


def test_oldest_first_has_new_objects_last() -> None:
    settings = SandboxSettings(now=NOW, qontak=QontakSettings(order=Order.OLDEST_FIRST))
    with running_sandbox(settings) as sandbox, Reader(sandbox) as reader:
        before = [record["id"] for record in scan(reader, "deals", 40)]
        new = [create(reader, "deals", DEAL)["id"] for _ in range(3)]
        assert [record["id"] for record in scan(reader, "deals", 40)] == before + new


def test_a_change_answers_meta_and_leaves_the_rest(
    own_sandbox: Sandbox, own_reader: Reader
) -> None:
    before = page(own_reader, "contacts", 1)[5]
    own_reader.now = NOW + timedelta(minutes=1)
    own_sandbox.set_clock(own_reader.now)
    response = write(own_reader, "PUT", f"/contacts/{before['id']}", {"job_title": "Captain"})
    assert (response.status_code, list(response.json())) == (200, ["meta"])
    after = one(own_reader, "contacts", before["id"])
    assert {name for name in after if after[name] != before[name]} == {"job_title", "updated_at"}
    assert datetime.fromisoformat(after["updated_at"]) == own_reader.now
    told = own_sandbox.crm_truth(NOW, own_reader.now)["qontak"]["contacts"]
    assert str(before["id"]) in told["changed"]
    own_sandbox.set_clock(NOW + timedelta(days=2))
    own_reader.now = NOW + timedelta(days=2)
    assert one(own_reader, "contacts", before["id"])["job_title"] == "Captain"


def test_a_task_that_is_changed_is_answered(own_reader: Reader) -> None:
    task = create(own_reader, "tasks", NEW["tasks"])
    response = write(own_reader, "PUT", f"/tasks/{task['id']}", {"crm_task_status_id": 3})
    assert response.json()["response"] == {**task, "crm_task_status_id": 3}


@every
def test_what_is_deleted_is_gone(own_sandbox: Sandbox, own_reader: Reader, stream: str) -> None:
    before = list(scan(own_reader, stream, 40))
    new = create(own_reader, stream, NEW[stream])
    for given in (before[20]["id"], new["id"]):
        response = write(own_reader, "DELETE", f"/{stream}/{given}")
        assert (response.status_code, list(response.json())) == (200, ["meta"])
        for method, fields in (("GET", None), ("DELETE", None), ("PUT", {"name": "x"})):
            gone = write(own_reader, method, f"/{stream}/{given}", fields)
            assert (gone.status_code, list(gone.json())) == (404, ["meta"])
    assert list(scan(own_reader, stream, 40)) == [*before[:20], *before[21:]]
    total = document(own_reader, f"/{stream}")["total_data"]
    assert total == len(before) - 1
    told = own_sandbox.crm_truth(NOW - timedelta(seconds=1), NOW)["qontak"][stream]
    assert told["vanished"] == [str(before[20]["id"])]
    assert told["missed"] == [str(new["id"])]


def test_links_are_seen_from_both_sides(own_reader: Reader) -> None:
    company = create(own_reader, "companies", NEW["companies"])
    known = page(own_reader, "contacts", 1)[3]
    contact = create(own_reader, "contacts", {"first_name": "Bo", "crm_company_id": company["id"]})
    links = {"crm_lead_ids": [contact["id"], known["id"]], "crm_company_id": company["id"]}
    deal = create(own_reader, "deals", DEAL | links)
    assert deal["crm_company_id"] == [company["id"]]
    assert deal["crm_company_name"] == ["Example Boats"]
    assert deal["crm_lead_name"] == [
        "Bo",
        f"{known['first_name']} {known['last_name'] or ''}".strip(),
    ]
    for lead, others in ((contact, []), (known, known["crm_deal_ids"])):
        read = one(own_reader, "contacts", lead["id"])
        assert read["crm_deal_ids"] == [*others, deal["id"]]
        assert read["crm_deal_name"][-1] == "Enquiry 1"
    firm = one(own_reader, "companies", company["id"])
    assert (firm["crm_person_ids"], firm["crm_person_name"]) == ([contact["id"]], ["Bo"])
    assert (firm["crm_deal_ids"], firm["crm_deal_name"]) == ([deal["id"]], ["Enquiry 1"])
    ids = {"crm_person_id": contact["id"], "crm_deal_id": deal["id"]}
    task = create(own_reader, "tasks", NEW["tasks"] | ids)
    assert (task["crm_person_full_name"], task["crm_deal_name"]) == ("Bo", "Enquiry 1")
    write(own_reader, "PUT", f"/deals/{deal['id']}", {"crm_lead_ids": [known["id"]]})
    assert one(own_reader, "contacts", contact["id"])["crm_deal_ids"] == []
    assert one(own_reader, "contacts", known["id"])["crm_deal_ids"][-1] == deal["id"]


def test_a_stage_brings_its_pipeline_and_status(own_reader: Reader) -> None:
    deal = create(own_reader, "deals", DEAL)
    path = f"/deals/{deal['id']}"
    assert deal["crm_stage_name"] == "Prospek"
    assert one(own_reader, "deals", deal["id"])["crm_deal_status"] == "open"
    assert write(own_reader, "PUT", path, {"crm_stage_id": 61014}).status_code == 422
    won = {"crm_stage_id": 61005, "closed_date": "2026-11-20T18:00:00+00:00"}
    assert write(own_reader, "PUT", path, won).status_code == 200
    after = one(own_reader, "deals", deal["id"])
    assert (after["crm_stage_name"], after["crm_deal_status"]) == ("Menang", "won")
    assert after["closed_date"] == "2026-11-21T01:00:00.000+07:00"


def test_additional_fields_are_read_as_the_template_says(own_reader: Reader) -> None:
    sent = [
        {"id": 4_300_001, "name": "catatan", "value": "Minta brosur"},
        {"id": 4_300_004, "value": "421"},
        {"id": 4_300_005, "value": "435,437"},
    ]
    contact = create(own_reader, "contacts", {"first_name": "Bo", "additional_fields": sent})
    said = {
        field["name"]: (field["value"], field["value_name"])
        for field in contact["additional_fields"]
    }
    assert said == {
        "catatan": ("Minta brosur", None),
        "anggaran_juta": (None, None),
        "tanggal_survei": (None, None),
        "minat": ("421", "Apartemen"),
        "fasilitas": ("435,437", "Kolam Renang,Taman"),
    }
    later = {"additional_fields": [{"id": 4_300_003, "value": "2026-12-01"}]}
    write(own_reader, "PUT", f"/contacts/{contact['id']}", later)
    after = one(own_reader, "contacts", contact["id"])["additional_fields"]
    assert [field["value"] for field in after] == [
        *("Minta brosur", None, "2026-12-01", "421", "435,437")
    ]


REFUSED: list[tuple[str, object, str]] = [
    ("contacts", {"last_name": "Example"}, "first_name"),
    ("contacts", {"first_name": " "}, "first_name"),
    ("contacts", {"first_name": 7}, "first_name"),
    ("contacts", {"first_name": "A", "shoes": 44}, "shoes"),
    ("contacts", {"first_name": "A", "id": 5}, "id"),
    ("contacts", {"first_name": "A", "crm_company_name": "x"}, "crm_company_name"),
    ("contacts", {"first_name": "A", "crm_deal_ids": []}, "crm_deal_ids"),
    ("contacts", {"first_name": "A", "email": "nobody"}, "email"),
    ("contacts", {"first_name": "A", "telephone": "call me"}, "telephone"),
    ("contacts", {"first_name": "A", "crm_status_id": "1"}, "crm_status_id"),
    ("contacts", {"first_name": "A", "crm_status_id": True}, "crm_status_id"),
    ("contacts", {"first_name": "A", "crm_company_id": 1}, "crm_company_id"),
    ("contacts", {"first_name": "A", "date_of_birth": "01-02-1990"}, "date_of_birth"),
    ("contacts", {"first_name": "A", "income": "much"}, "income"),
    ("contacts", {"first_name": "A", "additional_fields": {}}, "additional_fields"),
    ("contacts", {"first_name": "A", "additional_fields": [{"id": 1, "value": "x"}]}, "1"),
    (
        "contacts",
        {"first_name": "A", "additional_fields": [{"id": 4_300_004, "value": "420,421"}]},
        "minat",
    ),
    ("companies", {"website": "https://example.com"}, "name"),
    ("companies", {"name": "A", "number_of_employees": "3"}, "number_of_employees"),
    ("deals", {"name": "A"}, "crm_pipeline_id"),
    ("deals", {"name": "A", "crm_pipeline_id": 5201}, "crm_stage_id"),
    ("deals", DEAL | {"crm_pipeline_id": 1}, "crm_pipeline_id"),
    ("deals", DEAL | {"crm_stage_id": 61011}, "crm_stage_id"),
    ("deals", DEAL | {"crm_stage_id": 61004}, "cara_bayar"),
    ("deals", DEAL | {"crm_stage_id": 61005}, "closed_date"),
    ("deals", DEAL | {"crm_lead_ids": [1]}, "crm_lead_ids"),
    ("deals", DEAL | {"size": "-1"}, "size"),
    ("deals", DEAL | {"start_date": "2026-11-20T18:00:00"}, "start_date"),
    ("tasks", {"name": "A", "crm_deal_id": 1}, "crm_deal_id"),
    ("tasks", {"name": "A", "additional_fields": [{"id": 1, "value": "x"}]}, "1"),
    ("tasks", {}, "body"),
    ("tasks", [{"name": "A"}], "body"),
]


@pytest.mark.parametrize(("stream", "fields", "about"), REFUSED)
def test_what_is_refused_is_named(
    shared_sandbox: Sandbox, reader: Reader, stream: str, fields: object, about: str
) -> None:
    before = len(shared_sandbox.crm_writes()["qontak"][stream]["created"])
    response = write(reader, "POST", f"/{stream}", fields)
    assert response.status_code == 422
    assert list(response.json()) == ["meta"]
    assert response.json()["meta"]["status"] == 422
    assert about in response.json()["meta"]["message"]
    assert len(shared_sandbox.crm_writes()["qontak"][stream]["created"]) == before


def test_required_fields_are_those_of_the_templates(reader: Reader) -> None:
    for stream, name in (("contacts", "first_name"), ("companies", "name")):
        template = document(reader, f"/{stream}/info")["response"]
        assert [field["name"] for field in template if field["required"]] == [name]
    deals = {field["name"]: field for field in document(reader, "/deals/info")["response"]}
    assert len(deals["name"]["required_stage_ids"]) == 11
    assert deals["cara_bayar"]["required_stage_ids"] == [61004]
    assert deals["cara_bayar"]["required_pipeline_ids"] == [5201]
    assert deals["size"]["required_stage_ids"] == []


def test_a_body_is_signed_by_its_digest(reader: Reader) -> None:
    wrong = "SHA-256=" + "A" * 43 + "="
    for digest in (None, "", wrong):
        response = write(reader, "POST", "/contacts", NEW["contacts"], Digest=digest)
        assert response.status_code == 401
        assert response.json() == {"message": "HMAC signature does not match"}
    assert write(reader, "DELETE", "/contacts/1", Digest=wrong).status_code == 401


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b'{"first_name": "A"}', "text/plain", 415),
        (b'{"first_name": "A"}', None, 415),
        (b'{"first_name": ', "application/json", 400),
        (b"\xff", "application/json; charset=utf-8", 400),
    ],
)
def test_what_is_no_json(reader: Reader, body: bytes, media_type: str | None, status: int) -> None:
    request = signed(reader, "/contacts", body, method="POST", Content_Type=media_type)
    response = reader.send(request)
    assert (response.status_code, response.json()["meta"]["status"]) == (status, status)


def test_a_query_is_signed_and_refused(reader: Reader) -> None:
    assert write(reader, "POST", "/contacts?dry_run=1", NEW["contacts"]).status_code == 422
    line = "POST /qontak/qontak/crm/contacts HTTP/1.1"
    unsigned = write(reader, "POST", "/contacts?a=1", NEW["contacts"], request_line=line)
    assert unsigned.status_code == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "/contacts"), ("POST", "/contacts/1"), ("PATCH", "/deals/1"), ("POST", "/pipelines")],
)
def test_other_methods(reader: Reader, method: str, path: str) -> None:
    assert write(reader, method, path, {"name": "x"}).status_code == 405


def test_a_refused_change_changes_nothing(reader: Reader) -> None:
    before = page(reader, "deals", 1)[0]
    fields = {"currency": "USD", "crm_priority_id": 99}
    assert write(reader, "PUT", f"/deals/{before['id']}", fields).status_code == 422
    assert one(reader, "deals", before["id"]) == before
