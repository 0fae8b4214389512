"""Search and card over HTTP: who may ask, what is told, and what a hostile name can do: nothing."""

import json
import shutil
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from lead_pipeline.pipeline.drain import drain
from lead_pipeline.pipeline.folder import DataFolder, open_folder
from lead_pipeline.sandbox.callers import signed_query
from lead_pipeline.serving.directory import Directory
from lead_pipeline.serving.links import sign_link
from lead_pipeline.settings import Settings
from lead_pipeline_tests.pipeline.test_drain import generation, receive
from lead_pipeline_tests.serving.people import NOW, publish_people
from lead_pipeline_tests.serving.wire import (
    IFRAME_SECRET,
    SEARCH_SECRET,
    Asker,
    running_gateway,
)
from lead_pipeline_tests.warehouse.fixtures import put_warehouse

ANN = {
    "person_id": "P000000001",
    "full_name": "Ann Example",
    "phone": "+919876543210",
    "email": "ann@shop.example",
    "interest_kind": "property",
    "interest_id": "P1",
    "interest_name": "Mohan Greens",
    "comments": "Please call\nin the evening",
    "marketing_consent": True,
}
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}{% raw %}",
    "\u202egnp.exe",
    "x" * 3000,
    "</style><svg onload=alert(1)>",
    "javascript:alert(1)",
    "\0\ud7ff\ufffe",
]


class Page(HTMLParser):
    """What a browser would make of it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        if "style" not in self.tags[-1:]:
            self.text += data


@pytest.fixture(scope="module")
def published_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = open_folder(Settings(data_dir=tmp_path_factory.mktemp("ann")))
    put_warehouse(folder.path)
    publish_people(folder, [ANN])
    return folder.path


@pytest.fixture
def with_ann(published_once: Path, tmp_path: Path) -> DataFolder:
    """A folder in which Ann alone is published."""
    path = shutil.copytree(published_once, tmp_path / "data", symlinks=True)
    return open_folder(Settings(data_dir=path))


def test_searching(folder: DataFolder) -> None:
    publish_people(folder, [ANN, {"person_id": "P2", "full_name": "Anna Other"}])
    with running_gateway(folder) as gateway:
        answer = gateway.search("ann")
        assert answer.status == 200
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.json() == {
            "results": [
                {"id": "P000000001", "name": "Ann Example"},
                {"id": "P2", "name": "Anna Other"},
            ]
        }
        assert gateway.search("nobody").json() == {"results": []}
        assert gateway.search("ann", int(time.time()) - 5).json() == {
            "status": "error",
            "error": "request expired",
        }
        empty = gateway.search("")
        assert (empty.status, empty.json()["error"]) == (400, "q empty or not specified")
        wrong = gateway.look_up("search", "q", "ann", IFRAME_SECRET)
        assert (wrong.status, wrong.json()["error"]) == (403, "Signature mismatch")
        assert gateway.ask("GET", "/socialsignin/search").status == 400


def test_the_unsigned_parameters_change_nothing(with_ann: DataFolder) -> None:
    query = signed_query([("q", "ann"), ("expires", str(int(time.time()) + 60))], SEARCH_SECRET)
    with running_gateway(with_ann) as gateway:
        for extra, status in (("message_sentiment=0", 200), ("message_other=0", 403)):
            assert gateway.ask("GET", f"/socialsignin/search?{query}&{extra}").status == status


def test_the_card(folder: DataFolder) -> None:
    receive(folder, generation(1))
    drain(folder)
    publish_people(folder, [ANN, {**ANN, "phone": "+442079460123", "interest_name": None}])
    with running_gateway(folder) as gateway:
        answer = gateway.iframe("P000000001")
        missing = [gateway.iframe(text).status for text in ("P9", "0", "", "' OR 1=1")]
    assert answer.status == 200
    assert missing == [404, 404, 400, 404]
    page = Page(answer.body.decode())
    for shown in (
        "Ann Example",
        "+919876543210",
        "+442079460123",
        "ann@shop.example",
        "agreed",
        "Mohan Greens",
        "20 Nov 2026, 12:00 UTC",
        "Please call\nin the evening",
        "copy 1",
        "not in the CRM",
        "2 enquiries",
    ):
        assert shown in page.text, shown
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors https://app.socialsignin.net;" in policy
    assert "script" not in policy
    expected = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
    assert expected.items() <= answer.headers.items()
    assert answer.headers["referrer-policy"] == "no-referrer"
    views = [
        json.loads(line) for line in (folder.path / "audit/views.jsonl").read_text().splitlines()
    ]
    assert [(view["event"], view["person_id"]) for view in views] == [("card viewed", "P000000001")]
    assert "Ann" not in str(views)


def test_settings_decide_what_is_shown(with_ann: DataFolder) -> None:
    with running_gateway(
        with_ann, card_fields="since", frame_ancestors="https://a.example https://b.example"
    ) as gateway:
        answer = gateway.iframe("P000000001")
    text = Page(answer.body.decode()).text
    assert "Ann Example" in text
    assert not any(part in text for part in ("+91", "@", "agreed", "evening", "CRM"))
    assert (
        "frame-ancestors https://a.example https://b.example;"
        in (answer.headers["content-security-policy"])
    )


def _clean(text: str) -> str:
    return text.replace("\0", "")


@pytest.fixture(scope="module")
def among_hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    """Who asks for Ann, and for one whose every field is the hostile text of that number."""
    folder = open_folder(Settings(data_dir=tmp_path_factory.mktemp("hostile")))
    put_warehouse(folder.path)
    fields = ("full_name", "email", "interest_name", "interest_locality", "comments", "phone")
    people = [
        {"person_id": f"H{number}", **dict.fromkeys(fields, _clean(text))}
        for number, text in enumerate(HOSTILE)
    ]
    publish_people(folder, [ANN, *people])
    with running_gateway(folder) as gateway:
        yield gateway


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_becomes_markup(among_hostile: Asker, text: str) -> None:
    clean, number = _clean(text), HOSTILE.index(text)
    plain, hostile = (
        Page(among_hostile.iframe(one).body.decode()) for one in ("P000000001", f"H{number}")
    )
    assert among_hostile.search(clean[:20]).status in {200, 400}
    assert {*hostile.tags} <= {*plain.tags}
    assert not {"script", "img", "svg"} & {*hostile.tags}
    assert not [name for name, _ in hostile.attributes if name.startswith("on")]
    links = [value or "" for name, value in hostile.attributes if name == "href"]
    assert all(link.startswith(("tel:", "https://crm.example/")) for link in links)
    # What would turn the direction of the text around it is left out.
    assert clean.strip().strip("\u202e") in hostile.text.replace("\ufffd", "\ufffe")


def test_an_id_that_ended_leads_to_whom_it_stands_for(with_ann: DataFolder) -> None:
    with with_ann.warehouse.open() as session:
        session.run(
            "INSERT INTO core.past_assignments (lead_id, person_id, assigned_at, ended_at) "
            "SELECT lead_id, 'P7', now() - INTERVAL 2 DAY, now() - INTERVAL 1 DAY "
            "FROM core.assignments"
        )
    publish_people(with_ann, [])
    with running_gateway(with_ann) as gateway:
        assert "Ann Example" in gateway.iframe("P7").body.decode()
        assert gateway.iframe("P8").status == 404


def test_each_is_off_without_its_secret(folder: DataFolder) -> None:
    with running_gateway(folder, search_secret="", iframe_secret="") as gateway:
        for answer, name in ((gateway.search("a"), "SEARCH"), (gateway.iframe("a"), "IFRAME")):
            assert answer.status == 503
            assert f"SOCIALSIGNIN_{name}_SECRET" in answer.json()["error"]


def test_before_anything_is_published(folder: DataFolder) -> None:
    with running_gateway(folder) as gateway:
        assert gateway.search("ann").status == 503
        assert gateway.iframe("P1").status == 503
        publish_people(folder, [ANN])
        _until_found(gateway.search, "ann")
        _until_ready(gateway)


@pytest.mark.slow
def test_no_request_fails_while_snapshots_are_published(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lead_pipeline.serving.directory.SECONDS_BETWEEN_LOOKS", 0.01)
    publish_people(folder, [ANN])
    statuses: set[int] = set()
    stop = threading.Event()
    with running_gateway(folder) as gateway:

        def asking() -> None:
            while not stop.is_set():
                statuses.add(gateway.search("ann").status)
                statuses.add(gateway.iframe("P000000001").status)

        askers = [threading.Thread(target=asking) for _ in range(3)]
        for asker in askers:
            asker.start()
        for number in range(4):
            publish_people(folder, [{"person_id": f"Q{number}", "full_name": f"New {number}"}])
            _until_found(gateway.search, f"new {number}")
        stop.set()
        for asker in askers:
            asker.join()
    assert statuses == {200}


def test_links_open_the_form_with_what_is_known(folder: DataFolder) -> None:
    receive(folder, generation(1, campaign_type="Sale", type="Townhouse", bath=2))
    drain(folder)
    publish_people(folder, [{**ANN, "interest_locality": "Pune"}])
    later = int(time.time()) + 60
    with running_gateway(folder) as gateway:
        good = sign_link("secret of links", "P1", {"bed": "4", "metadata": "userId:5"}, later)
        answer = gateway.ask("GET", good)
        assert answer.status == 303
        assert answer.headers["referrer-policy"] == "origin"
        assert answer.headers["location"] == (
            "https://api-app.listsmrt.com/api/v1/client/authorize/?api_key=the-api-key"
            "&address=Mohan%20Greens%2C%20Pune&type=Townhouse&bed=4&bath=2"
            "&feature_details_id=1%2C22&language_output=fr&metadata=userId%3A5%2CpropertyId%3AP1"
        )
        ended = sign_link("secret of links", "P1", {}, int(time.time()) - 1)
        other = sign_link("another", "P1", {}, later)
        for bad in (ended, other, good + "0", good.replace("bed=4", "bed=5")):
            assert gateway.ask("GET", bad).status == 403
        for bad in (good.replace("/P1/", "/P2/"), "/listings/P1/generate"):
            assert gateway.ask("GET", bad).status == 403
        odd = gateway.ask("GET", sign_link("secret of links", "a,b", {}, later))
        assert odd.status == 400
        slashed = gateway.ask("GET", sign_link("secret of links", "a/b c", {}, later))
        assert slashed.headers["location"].endswith("metadata=propertyId%3Aa%2Fb%20c")


def test_an_older_snapshot_is_said(with_ann: DataFolder) -> None:
    for path in (with_ann.path / "snapshots").glob("*.arrow"):
        path.unlink()
    with running_gateway(with_ann) as gateway:
        assert gateway.search("ann").status == 503


def test_the_directory_tells_when_it_was_published(with_ann: DataFolder) -> None:
    directory = Directory(with_ann)
    directory.refresh()
    assert directory.published_at
    assert abs(directory.published_at - with_ann.clock()) < timedelta(minutes=5)
    assert with_ann.clock() > NOW
    directory.close()


def _until_ready(gateway: Asker) -> None:
    """It answers from a snapshot a moment before it has read when that was published."""
    for _ in range(2000):
        if gateway.ask("GET", "/readyz").json()["ready"]:
            return
    raise AssertionError("it is never ready")


def _until_found(search: object, text: str) -> None:
    for _ in range(2000):
        answer = search(text)  # type: ignore[operator]  # a gateway's search
        if answer.status == 200 and answer.json()["results"]:
            return
    raise AssertionError(text)
