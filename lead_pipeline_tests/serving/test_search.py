"""People are found by what an agent types, the best match first."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lead_pipeline.pipeline.folder import DataFolder, open_folder
from lead_pipeline.serving.search import search
from lead_pipeline.serving.search_index import SearchIndex
from lead_pipeline.settings import Settings
from lead_pipeline.warehouse import Folding
from lead_pipeline_tests.serving.people import publish_people
from lead_pipeline_tests.warehouse.fixtures import put_warehouse

PEOPLE: list[dict[str, Any]] = [
    {
        "person_id": "P1",
        "full_name": "Ann Jones",
        "phone": "+919876543210",
        "email": "a.j@x.example",
    },
    {"person_id": "P2", "full_name": "Joanna O'Neil", "phone": "+442079460123"},
    {"person_id": "P3", "full_name": "José Álvarez", "email": "jose@shop.example"},
    {"person_id": "P4", "full_name": "Jo Smith", "phone": "+12025550123"},
    {"person_id": "P5", "full_name": "Smith Jonas"},
    {"person_id": "P6", "full_name": "Зоя Иванова", "phone": "+35312345678"},
    {"person_id": "P7", "full_name": "प्रिया शर्मा"},
    {"person_id": "P8", "full_name": "Jean-Luc Müller", "phone_2": "+4915112345678"},
    {"person_id": "P9", "full_name": None, "phone": "+919999999999"},
    {"person_id": "P4", "full_name": "Josephine Smith-Hall"},
]


@pytest.fixture(scope="module")
def folding() -> Folding:
    return Folding()


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    return index_of(open_folder(Settings(data_dir=tmp_path_factory.mktemp("people") / "data")))


def index_of(folder: DataFolder) -> SearchIndex:
    publish_people(folder, PEOPLE)
    return SearchIndex((folder.path / "leads.duckdb").resolve())


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("jo", "P4 P2 P3 P1 P5"),
        ("JO SM", "P4 P5"),
        ("sm jo", "P4 P5"),
        ("smith", "P5 P4"),
        ("jose", "P3 P4"),
        ("JOSÉ", "P3 P4"),
        ("alv", "P3"),
        ("neil", "P2"),
        ("o'neil", "P2"),
        ("oneil", "P2"),
        ("O\u2019NEIL", "P2"),
        ("jean luc", "P8"),
        ("jeanluc", "P8"),
        ("muller", "P8"),
        ("зоя", "P6"),
        ("प्रि", "P7"),
        ("nes", ""),
        ("ann ann smith", ""),
        ("ann", "P1"),
        ("%", ""),
        ("jo%", "P4 P2 P3 P1 P5"),
        (".*", ""),
        ("", ""),
        ("   ", ""),
        ("\0", ""),
        ("a.j@x", "P1"),
        ("A.J@X.EXAMPLE", "P1"),
        ("a.j@x.example.org", ""),
        ("@", ""),
    ],
)
def test_names_and_emails(index: SearchIndex, folding: Folding, query: str, found: str) -> None:
    assert [match.person_id for match in search(index, folding, query, 20)] == found.split()


@pytest.mark.parametrize(
    "query",
    [
        "+919876543210",
        "+91 98765 43210",
        "0091 98765-43210",
        "919876543210",
        "09876543210",
        "98765",
        "(98765) 43.210",
        "098765",
        "\u0669\u0668\u0667\u0666\u0665",
        "९८७६५",
        "\uff19\uff18\uff17\uff16\uff15",
    ],
)
def test_a_phone_in_any_writing(index: SearchIndex, folding: Folding, query: str) -> None:
    assert [match.person_id for match in search(index, folding, query, 20)] == ["P1"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("+44 (0)20 7946", "P2"),
        ("020 7946", "P2"),
        ("202 555", "P4"),
        ("+1 202", "P4"),
        ("0151 123", "P8"),
        ("353", "P6"),
        ("12345", "P6"),
        ("smith 202", "P4"),
        ("76543", ""),
        ("12", ""),
    ],
)
def test_phones_at_home_and_abroad(
    index: SearchIndex, folding: Folding, query: str, found: str
) -> None:
    assert [match.person_id for match in search(index, folding, query, 20)] == found.split()


def test_at_most_so_many_and_who_has_no_name(index: SearchIndex, folding: Folding) -> None:
    assert [match.person_id for match in search(index, folding, "jo", 2)] == ["P4", "P2"]
    assert search(index, folding, "99999", 1)[0].name == "+919999999999"


@settings(deadline=None)
@given(st.text())
def test_any_text_can_be_asked(index: SearchIndex, folding: Folding, query: str) -> None:
    assert len(search(index, folding, query, 3)) <= 3


words = st.text(st.characters(categories=["L", "N", "M"]), min_size=1, max_size=12)


@settings(
    deadline=None,
    max_examples=3,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.lists(st.lists(words, min_size=1, max_size=3).map(" ".join), min_size=10, max_size=20))
def test_everybody_is_found_by_the_beginning_of_each_word(
    tmp_path_factory: pytest.TempPathFactory, folding: Folding, names: list[str]
) -> None:
    folder = open_folder(Settings(data_dir=tmp_path_factory.mktemp("names")))
    put_warehouse(folder.path)
    publish_people(
        folder,
        [{"person_id": f"P{n}", "full_name": name} for n, name in enumerate(names)],
    )
    index = SearchIndex((folder.path / "leads.duckdb").resolve())
    for number, name in enumerate(names):
        for word in folding.words(name):
            for query in (word, word[: len(word) // 2 + 1]):
                found = {match.person_id for match in search(index, folding, query, 100)}
                assert f"P{number}" in found
