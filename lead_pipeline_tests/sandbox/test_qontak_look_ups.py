"""Finding what may be there already, and telling who wrote what."""

from collections import Counter
from datetime import timedelta
from urllib.parse import quote_plus

import pytest

from lead_pipeline.sandbox import Filters, QontakSettings, Sandbox, SandboxSettings, running_sandbox
from lead_pipeline_tests.sandbox.crm import Record, create, document, one, page, scan, write
from lead_pipeline_tests.sandbox.reader import NOW, Reader

ANN = {"first_name": "Ann", "telephone": "+62 811-0000-0001", "email": "Ann@Example.com"}
DEAL = {"name": "Enquiry 1", "crm_pipeline_id": 5201, "crm_stage_id": 61001}


def found(reader: Reader, stream: str, **query: object) -> list[Record]:
    text = "&".join(f"{name}={quote_plus(str(value))}" for name, value in query.items())
    answer = document(reader, f"/{stream}?{text}")
    assert answer["total_data"] == len(answer["response"]) == answer["current_data"]
    records: list[Record] = answer["response"]
    return records


def test_contacts_by_phone_and_e_mail(own_reader: Reader) -> None:
    everybody = list(scan(own_reader, "contacts"))
    for field, name in (("telephone", "phone"), ("email", "email")):
        wanted = next(record[field] for record in everybody if record[field])
        expected = [record for record in everybody if record[field] == wanted]
        assert found(own_reader, "contacts", **{name: wanted}) == expected
        assert found(own_reader, "contacts", **{name: f"9{wanted}"}) == []
    ann = create(own_reader, "contacts", ANN)
    assert found(own_reader, "contacts", phone=ANN["telephone"]) == [ann]
    assert found(own_reader, "contacts", phone=ANN["telephone"], email="ann@example.com") == [ann]
    assert found(own_reader, "contacts", phone="081100000001") == []
    write(own_reader, "PUT", f"/contacts/{ann['id']}", {"telephone": "0811 0000 0002"})
    assert found(own_reader, "contacts", phone=ANN["telephone"]) == []
    assert len(found(own_reader, "contacts", phone="0811 0000 0002")) == 1
    write(own_reader, "DELETE", f"/contacts/{ann['id']}")
    assert found(own_reader, "contacts", email="ann@example.com") == []


def test_any_writing_of_a_phone_or_no_filter_at_all() -> None:
    for filters, count in ((Filters.LOOSE, 1), (Filters.IGNORED, 100)):
        settings = SandboxSettings(now=NOW, qontak=QontakSettings(filters=filters))
        with running_sandbox(settings) as sandbox, Reader(sandbox) as reader:
            create(reader, "contacts", ANN)
            answer = document(reader, "/contacts?phone=081100000001&per_page=100")
            assert len(answer["response"]) == count


def test_deals_by_contact_and_name_and_companies_by_name(own_reader: Reader) -> None:
    ann = create(own_reader, "contacts", ANN)
    deals = [create(own_reader, "deals", DEAL | {"crm_lead_ids": [ann["id"]]}) for _ in range(2)]
    for query in ({"contact_ids": ann["id"]}, {"name": "enquiry 1"}):
        assert [deal["id"] for deal in found(own_reader, "deals", **query)] == [
            deals[1]["id"],
            deals[0]["id"],
        ]
    made_up = next(
        one for one in page(own_reader, "deals", 1) if one["crm_lead_ids"] != [ann["id"]]
    )
    assert made_up in found(own_reader, "deals", name=made_up["name"])
    company = page(own_reader, "companies", 1)[0]
    assert company in found(own_reader, "companies", name=company["name"])


def test_it_is_told_who_wrote_what(own_sandbox: Sandbox, own_reader: Reader) -> None:
    known = page(own_reader, "contacts", 1)[0]
    for _ in range(2):
        create(own_reader, "contacts", ANN)
    assert write(own_reader, "POST", "/contacts", {}).status_code == 422
    deal = create(own_reader, "deals", DEAL | {"crm_lead_ids": [known["id"]]})
    fields = {"job_title": "Captain", "first_name": known["first_name"]}
    write(own_reader, "PUT", f"/contacts/{known['id']}", fields)
    told = own_reader.get("/truth/crm/writes").json()["qontak"]
    contacts = told["contacts"]
    assert (contacts["posts"], contacts["puts"]) == (3, 1)
    people = Counter((one["phone"], one["email"]) for one in contacts["created"])
    assert people == {("6281100000001", "ann@example.com"): 2}
    assert contacts["created"][0]["sent"] == ANN
    (change,) = contacts["changed"]
    assert change == {
        "id": str(known["id"]),
        "at": NOW.isoformat(),
        "by": "client",
        "sent": ["first_name", "job_title"],
        "fields": {"job_title": [known["job_title"], "Captain"]},
    }
    assert [(one["id"], one["name"]) for one in told["deals"]["created"]] == [
        (str(deal["id"]), "Enquiry 1")
    ]
    assert own_sandbox.crm_writes()["qontak"]["deals"]["posts"] == 1


def test_somebody_works_at_the_crm(own_sandbox: Sandbox, own_reader: Reader) -> None:
    own_sandbox.set_clock(NOW + timedelta(minutes=5))
    own_reader.now = NOW + timedelta(minutes=5)
    entered = own_sandbox.crm_by_hand.create("contacts", ANN)
    path = f"/by-hand/contacts/{entered['id']}"
    assert one(own_reader, "contacts", entered["id"])["creator_name"] == "Budi Sales"
    answer = own_reader.put(path, {"last_name": "Wu"})
    assert answer.json()["last_name"] == "Wu"
    assert one(own_reader, "contacts", entered["id"]) == answer.json()
    assert own_reader.put(path, {"last_name": 1}).status_code == 422
    assert own_reader.put("/by-hand/contacts/1", {"last_name": "x"}).status_code == 404
    assert own_reader.delete(path).status_code == 200
    assert own_reader.delete(path).status_code == 404
    told = own_sandbox.crm_writes()["qontak"]["contacts"]
    assert (told["posts"], told["puts"]) == (0, 0)
    for kind in (told["created"], told["changed"], told["deleted"]):
        assert [(one["id"], one["by"]) for one in kind] == [(str(entered["id"]), "hand")]


@pytest.mark.parametrize("query", ["name=Budi", "crm_company_id=1", "phone=1&phone=2"])
def test_other_filters_stay_refused(reader: Reader, query: str) -> None:
    assert write(reader, "GET", f"/contacts?{query}").status_code == 422
