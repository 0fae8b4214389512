import csv
from importlib.resources import files

import pytest

from lead_pipeline.warehouse.session import Session
from lead_pipeline_tests.normalise.staging import normalised

COUNTRIES = (
    ("US", "US"),
    ("usa", "US"),
    ("U.S.A.", "US"),
    ("United States of America", "US"),
    ("united states", "US"),
    ("The United States", "US"),
    ("UK", "GB"),
    ("England", "GB"),
    ("Bharat", "IN"),
    ("भारत", "IN"),
    (" india ", "IN"),
    ("IND", "IN"),
    ("Türkiye", "TR"),
    ("Côte d\u2019Ivoire", "CI"),
    ("Cote d'Ivoire", "CI"),
    ("Korea, Republic of", "KR"),
    ("Viet Nam", "VN"),
    ("nowhere", None),
    ("null", None),
    (None, None),
)


def test_country(session: Session) -> None:
    leads = [{"country_raw": written} for written, _ in COUNTRIES]
    rows = normalised(session, leads, ("country",))
    assert [(text, *row) for (text, _), row in zip(COUNTRIES, rows, strict=True)] == list(COUNTRIES)


WITNESSES: tuple[tuple[dict[str, object], str | None], ...] = (
    ({"phone_country_code": "+91"}, "IN"),
    ({"phone_country_code": "0091", "default_country": "in"}, "IN"),
    ({"phone_country_code": "+91", "country_raw": "n/a"}, "IN"),
    ({"phone_country_code": "+1", "default_country": "US"}, "US"),
    ({"phone_country_code": "+1", "default_country": "CA"}, "CA"),
    ({"phone_country_code": "+971"}, None),
    ({"phone_country_code": "+91", "country_raw": "nowhere"}, None),
    ({"phone_country_code": "+91", "country_raw": "UAE"}, "AE"),
    ({"phone_raw": "+919876501234"}, None),
    ({}, None),
)


def test_the_default_country_tells_only_with_a_witness(session: Session) -> None:
    rows = normalised(session, [lead for lead, _ in WITNESSES], ("country",))
    assert [(lead, *row) for (lead, _), row in zip(WITNESSES, rows, strict=True)] == list(WITNESSES)


REGIONS: tuple[tuple[dict[str, object], str | None], ...] = (
    ({"region_raw": "Florida", "country_raw": "US"}, "FL"),
    ({"region_raw": " new  york", "country_raw": "USA"}, "NY"),
    ({"region_raw": "fl", "country_raw": "US"}, "FL"),
    ({"region_raw": "D.C.", "country_raw": "US"}, "DC"),
    ({"region_raw": "Québec", "country_raw": "Canada"}, "QC"),
    ({"region_raw": "Ontario", "country_raw": "US"}, "Ontario"),
    ({"region_raw": "Florida", "default_country": "US"}, "FL"),
    ({"region_raw": "Florida", "default_country": "US", "country_raw": "nowhere"}, "Florida"),
    ({"region_raw": "Georgia", "default_country": "IN"}, "Georgia"),
    ({"region_raw": "Karnataka", "country_raw": "India"}, "Karnataka"),
    ({"region_raw": "n/a", "country_raw": "US"}, None),
)


def test_region(session: Session) -> None:
    rows = normalised(session, [lead for lead, _ in REGIONS], ("region",))
    assert [(lead, *row) for (lead, _), row in zip(REGIONS, rows, strict=True)] == list(REGIONS)


def test_the_countries_are_those_of_iso_3166() -> None:
    table = files("tzdata").joinpath("zoneinfo", "iso3166.tab").read_text(encoding="utf-8")
    expected = {line.split("\t")[0] for line in table.splitlines() if not line.startswith("#")}
    text = files("lead_pipeline.normalise").joinpath("countries.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["alpha_2"] for row in rows] == sorted(expected)
    assert len({row["alpha_3"] for row in rows}) == len(rows)


@pytest.mark.parametrize(
    ("table", "keys"),
    [
        ("country_spellings", "spelling"),
        ("region_spellings", "country, spelling"),
        ("phone_regions", "region"),
        ("(SELECT calling_code FROM phone_regions WHERE is_main)", "calling_code"),
    ],
)
def test_no_spelling_means_two_things(session: Session, table: str, keys: str) -> None:
    assert session.rows(f"SELECT {keys} FROM {table} GROUP BY {keys} HAVING count(*) > 1") == []
    assert session.rows(f"SELECT count(*) > 10 FROM {table}") == [(True,)]
