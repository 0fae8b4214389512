"""The CRM's endpoints, against the vendor's contract."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from lead_pipeline.sandbox import Order, QontakSettings, Sandbox, SandboxSettings, running_sandbox
from lead_pipeline.sandbox.qontak.rate import Rate
from lead_pipeline_tests.sandbox.crm import STREAMS, document, get, page, scan
from lead_pipeline_tests.sandbox.reader import NOW, Reader

JAKARTA = timedelta(hours=7)
every = pytest.mark.parametrize("stream", STREAMS)


@every
def test_the_envelope_of_a_list(reader: Reader, stream: str) -> None:
    found = document(reader, f"/{stream}")
    assert list(found) == ["meta", "response", "page", "total_page", "current_data", "total_data"]
    assert found["meta"]["status"] == 200
    assert (found["page"], found["current_data"], len(found["response"])) == (1, 25, 25)
    assert found["total_page"] == -(-found["total_data"] // 25)


@every
@pytest.mark.parametrize("per_page", [7, 100])
def test_the_pages_are_the_whole_and_totals_say_how_much(
    reader: Reader, stream: str, per_page: int
) -> None:
    found = document(reader, f"/{stream}?per_page={per_page}")
    records = list(scan(reader, stream, per_page))
    assert len({record["id"] for record in records}) == len(records) == found["total_data"]
    last = document(reader, f"/{stream}?per_page={per_page}&page={found['total_page']}")
    assert 0 < last["current_data"] == len(last["response"]) <= per_page
    past = document(reader, f"/{stream}?per_page={per_page}&page={found['total_page'] + 1}")
    assert (past["response"], past["current_data"]) == ([], 0)


def test_a_page_is_never_longer_than_100(reader: Reader) -> None:
    found = document(reader, "/contacts?per_page=500")
    assert (found["current_data"], found["total_page"]) == (100, -(-found["total_data"] // 100))


@pytest.mark.parametrize(
    "query",
    [
        *("page=0", "page=-1", "page=", "page=1.0", "per_page=0", "per_page=all", "page=1&page=1"),
        *("perpage=10", "name=Budi", "updated_after=01-01-2026", "created_after=2026-11-20"),
        *("created_after=31-02-2026", "created_after=1-1-2026", "created_after="),
    ],
)
def test_queries_that_are_refused(reader: Reader, query: str) -> None:
    response = get(reader, f"/contacts?{query}")
    assert response.status_code == 422
    assert response.json()["meta"]["status"] == 422


@pytest.mark.parametrize("stream", ["companies", "deals", "tasks"])
def test_only_contacts_are_asked_by_day(reader: Reader, stream: str) -> None:
    assert get(reader, f"/{stream}?created_after=01-11-2026").status_code == 422


def created(record: dict[str, str]) -> datetime:
    return datetime.fromisoformat(record["created_at"])


@pytest.mark.parametrize("in_utc", [False, True])
@pytest.mark.parametrize("exclusive", [False, True])
def test_created_after(in_utc: bool, exclusive: bool) -> None:
    qontak = QontakSettings(created_after_utc=in_utc, created_after_exclusive=exclusive)
    with (
        running_sandbox(SandboxSettings(now=NOW, qontak=qontak)) as sandbox,
        Reader(sandbox) as reader,
    ):
        everything = list(scan(reader, "contacts"))
        found = document(reader, "/contacts?created_after=12-11-2026&per_page=100")
        start = datetime(2026, 11, 12, tzinfo=UTC) + timedelta(days=exclusive)
        start -= timedelta(0) if in_utc else JAKARTA
        expected = [record for record in everything if created(record) >= start]
        assert found["response"] == expected[:100]
        assert found["total_data"] == len(expected) > 60
        second = document(reader, "/contacts?created_after=12-11-2026&per_page=30&page=2")
        assert second["response"] == expected[30:60]


@pytest.mark.parametrize("order", Order)
def test_lists_come_in_order_of_creation(order: Order) -> None:
    settings = SandboxSettings(now=NOW, qontak=QontakSettings(order=order))
    with running_sandbox(settings) as sandbox, Reader(sandbox) as reader:
        times = [created(record) for record in scan(reader, "contacts")]
    assert times == sorted(times, reverse=order is Order.NEWEST_FIRST)


def test_a_single_contact_is_answered_as_a_list(reader: Reader) -> None:
    record = page(reader, "contacts", 1)[3]
    found = document(reader, f"/contacts/{record['id']}")
    assert found["response"] == [record]
    assert (found["total_data"], found["current_data"]) == (1, 1)


@pytest.mark.parametrize("stream", ["companies", "deals", "tasks", "pipelines"])
def test_any_other_single_object_is_an_object(reader: Reader, stream: str) -> None:
    record = document(reader, f"/{stream}")["response"][0]
    found = document(reader, f"/{stream}/{record['id']}")
    assert (list(found), found["response"]) == (["meta", "response"], record)


@pytest.mark.parametrize(
    "path",
    [
        *("/contacts/1", "/contacts/x", "/contacts/010000001", "/companies/1"),
        *("/deals/99999999999", "/pipelines/1", "/pipelines/1/stages", "/tasks/1"),
        *("/tasks/5F0000000000000000000001", "/tasks/5f0000000000000000000000"),
    ],
)
def test_what_is_not_there_is_404_without_a_response(reader: Reader, path: str) -> None:
    response = get(reader, path)
    assert response.status_code == 404
    assert list(response.json()) == ["meta"]
    assert response.json()["meta"]["status"] == 404


def test_pipelines_ignore_pages_and_have_stages(reader: Reader) -> None:
    found = document(reader, "/pipelines")
    assert list(found) == ["meta", "response"]
    assert document(reader, "/pipelines?page=2&per_page=1") == found
    for pipeline in found["response"]:
        stages = document(reader, f"/pipelines/{pipeline['id']}/stages")["response"]
        assert {stage["crm_pipeline_id"] for stage in stages} == {pipeline["id"]}
        assert all(one["order"] < other["order"] for one, other in pairwise(stages))


def test_the_quirks_of_the_fields(reader: Reader) -> None:
    contacts, companies, deals, tasks = (list(scan(reader, stream)) for stream in STREAMS)
    assert all(isinstance(task["id"], str) for task in tasks)
    assert all(isinstance(one["id"], int) for one in (*contacts, *companies, *deals))
    assert all(isinstance(deal["size"], str) and float(deal["size"]) > 0 for deal in deals)
    assert {type(deal["crm_company_id"]) for deal in deals} == {list}
    assert {type(task["crm_company_id"]) for task in tasks} == {int, type(None)}
    assert {type(contact["crm_company_id"]) for contact in contacts} == {int, type(None)}
    offsets = {one["updated_at"][-6:] for one in (*contacts, *companies, *deals, *tasks)}
    assert offsets == {"+07:00", "+00:00"}
    assert {deal["crm_deal_status"] for deal in deals} == {"open", "won", "lost"}


def test_links_point_at_each_other(reader: Reader) -> None:
    contacts, companies, deals, tasks = (
        {record["id"]: record for record in scan(reader, stream)} for stream in STREAMS
    )
    told = [
        (lead, deal)
        for deal in deals.values()
        for lead in deal["crm_lead_ids"]
        if lead in contacts and contacts[lead]["updated_at"] > deal["created_at"]
    ]
    assert len(told) > 30
    assert sum(1 for lead in contacts.values() if lead["crm_deal_ids"]) > 30
    for contact in contacts.values():
        for deal in contact["crm_deal_ids"]:
            assert deal not in deals or deals[deal]["crm_lead_ids"] == [contact["id"]]
    employed = [one for one in contacts.values() if one["crm_company_id"] in companies]
    assert len(employed) > 60
    staff = [person for one in companies.values() for person in one["crm_person_ids"]]
    assert {contacts[one]["crm_company_id"] is not None for one in staff if one in contacts} == {
        True
    }
    assert sum(1 for task in tasks.values() if task["crm_deal_id"] in deals) > 60


@pytest.mark.parametrize("stream", ["contacts", "companies", "deals"])
def test_additional_fields_are_as_the_template_says(reader: Reader, stream: str) -> None:
    template = document(reader, f"/{stream}/info")["response"]
    added = {field["id"]: field for field in template if field["additional_field"]}
    assert None not in added
    assert {field["id"] for field in template if not field["additional_field"]} == {None}
    values = set()
    for record in scan(reader, stream):
        assert [field["id"] for field in record["additional_fields"]] == list(added)
        for field in record["additional_fields"]:
            told = added[field["id"]]
            assert field["name"] == told["name"]
            if field["value"] is not None and told["dropdown"]:
                names = {str(option["id"]): option["name"] for option in told["dropdown"]}
                chosen = field["value"].split(",")
                assert ",".join(names[one] for one in chosen) == field["value_name"]
                values.add((told["type"], len(chosen) > 1))
    assert ("Dropdown select", False) in values
    assert ("Dropdown select", True) not in values
    assert (("Multiple select", True) in values) is (stream != "companies")


def test_the_templates_wear_their_own_envelopes(reader: Reader) -> None:
    keys = {stream: list(document(reader, f"/{stream}/info")) for stream in STREAMS}
    assert keys.pop("companies") == ["response"]
    assert set(map(tuple, keys.values())) == {("meta", "response")}


def test_the_rate_limit_says_how_long_to_wait() -> None:
    settings = SandboxSettings(now=NOW, qontak=QontakSettings(requests_per_minute=2))
    with running_sandbox(settings) as sandbox, Reader(sandbox) as reader:
        answers = [get(reader, "/pipelines") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[2].headers["Retry-After"]) <= 30
    assert "Retry-After" not in answers[1].headers


def test_a_rate_recovers_as_time_passes() -> None:
    now = [100.0]
    rate = Rate(2, lambda: now[0])
    assert [rate.wait_seconds() for _ in range(3)] == [0, 0, 30]
    now[0] += 29
    assert rate.wait_seconds() == 1
    now[0] += 1
    assert [rate.wait_seconds() for _ in range(2)] == [0, 30]
    now[0] += 3600
    assert [rate.wait_seconds() for _ in range(3)] == [0, 0, 30]


def test_a_large_crm_is_served_at_any_depth() -> None:
    qontak = QontakSettings(contacts=200_000, life_days=400)
    with (
        running_sandbox(SandboxSettings(now=NOW, qontak=qontak)) as sandbox,
        Reader(sandbox) as reader,
    ):
        first = document(reader, "/contacts?per_page=100")
        assert 195_000 < first["total_data"] < 205_000
        deep = document(reader, f"/contacts?per_page=100&page={first['total_page'] - 1}")
        assert deep["current_data"] == 100
        ids = {record["id"] for record in (*first["response"], *deep["response"])}
        assert len(ids) == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"contacts": 0},
        {"tasks": 10**7},
        {"life_days": 0},
        {"gateway_status": 500},
        {"most_per_page": 0},
        {"requests_per_minute": 0},
    ],
)
def test_settings_that_make_no_sense(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must be"):
        QontakSettings(**wrong)  # type: ignore[arg-type]  # integers only


def test_the_sandbox_names_its_variables(shared_sandbox: Sandbox) -> None:
    assert {name for name in shared_sandbox.environment() if name.startswith("QONTAK")} == {
        "QONTAK_BASE_URL",
        "QONTAK_CLIENT_ID",
        "QONTAK_CLIENT_SECRET",
        "QONTAK_SSO_ID",
    }
