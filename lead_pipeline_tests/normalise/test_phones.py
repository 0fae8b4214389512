import pytest

from lead_pipeline.warehouse.session import Session
from lead_pipeline_tests.normalise.staging import normalised

COLUMNS = ("phone_status", "phone", "phone_2")


ONE_INDIAN_MOBILE = (
    "9876501234",
    "98765 01234",
    "98765-01234",
    "098765 01234",
    "919876501234",
    "91 98765 01234",
    "+91 98765 01234",
    "+91-9876501234",
    "+91 0 9876501234",
    "(+91) 98765 01234",
    "0091 98765 01234",
    "00919876501234",
    "'9876501234",
    "9876501234.0",
    "9876501234.00",
    "919876501234.0",
    "tel:+91-98765-01234",
    "Mob: 98765 01234",
    "9876501234 x123",
    "9876501234 ext. 5",
    "9876501234;ext=12",
    "98765.01234",
    "  9876501234\n",
    "\uff19\uff18\uff17\uff16\uff15\uff10\uff11\uff12\uff13\uff14",
    "९८७६५०१२३४",
    "٩٨٧٦٥٠١٢٣٤",
    "۹۸۷۶۵۰۱۲۳۴",
    "\uff0b91 9876501234",
    "\u202a+91 98765 01234\u202c",
    "98765\u00a001234",
    "98765\u201301234",
    "9876501234/",
    "9876501234 / 35",
)


def test_what_people_write_for_one_indian_mobile(session: Session) -> None:
    leads = [{"phone_raw": written} for written in ONE_INDIAN_MOBILE]
    rows = normalised(session, leads, ("phone_raw", *COLUMNS))
    expected = ("valid", "+919876501234", None)
    assert rows == [(written, *expected) for written in ONE_INDIAN_MOBILE]


AMERICAN_ACCOUNT = (
    ("1-800-FLOWERS", "+18003569377"),
    ("(305) 555-0134", "+13055550134"),
    ("305.555.0134", "+13055550134"),
    ("305.555.0000", "+13055550000"),
    ("1 305 555 0134 ext 9", "+13055550134"),
    ("0044 20 7946 0018", "+442079460018"),
    ("+971 50 123 4567", "+971501234567"),
    ("+49 1512 3456789", "+4915123456789"),
)


def test_writings_of_an_american_account(session: Session) -> None:
    leads = [{"phone_raw": written, "default_country": "US"} for written, _ in AMERICAN_ACCOUNT]
    assert normalised(session, leads, ("phone_raw", "phone")) == list(AMERICAN_ACCOUNT)


REGIONS: tuple[tuple[dict[str, object], str | None], ...] = (
    ({"phone_country_code": "+91"}, "+919876501234"),
    ({"phone_country_code": "91"}, "+919876501234"),
    ({"phone_country_code": "0091"}, "+919876501234"),
    ({"phone_country_code": "+91", "country_raw": "USA"}, "+919876501234"),
    ({"country_raw": "India"}, "+919876501234"),
    ({"country_raw": "India", "default_country": "us"}, "+919876501234"),
    ({"country_raw": "nowhere", "default_country": "IN"}, "+919876501234"),
    ({"country_raw": "Antarctica", "default_country": "in"}, "+919876501234"),
    ({"phone_country_code": "999", "default_country": "IN"}, "+919876501234"),
    ({"phone_country_code": "null", "default_country": "IN"}, "+919876501234"),
    ({"phone_country_code": "+1", "country_raw": "India"}, "+19876501234"),
    ({"default_country": None}, None),
    ({"default_country": "ZZ"}, None),
)


def test_the_region_in_which_a_phone_is_read(session: Session) -> None:
    leads = [{"phone_raw": "9876501234", "default_country": "US", **lead} for lead, _ in REGIONS]
    rows = normalised(session, leads, ("phone",))
    assert [(lead, phone) for (lead, _), (phone,) in zip(REGIONS, rows, strict=True)] == list(
        REGIONS
    )


def test_an_explicit_prefix_wins_over_what_the_lead_says(session: Session) -> None:
    lead = {"phone_raw": "+44 20 7946 0018", "phone_country_code": "+91", "country_raw": "US"}
    assert normalised(session, [lead], ("phone",)) == [("+442079460018",)]


STATUSES = (
    (None, "missing"),
    ("", "missing"),
    (" \u200b ", "missing"),
    ("null", "missing"),
    ("N/A", "missing"),
    ("NA", "missing"),
    ("-", "missing"),
    ("not available", "missing"),
    ("9999999999", "placeholder"),
    ("+91 99999 99999", "placeholder"),
    ("09999999999", "placeholder"),
    ("0000000000", "placeholder"),
    ("+910000000000", "placeholder"),
    ("0", "placeholder"),
    ("1234567890", "placeholder"),
    ("+91-1234567890", "placeholder"),
    ("0123456789", "placeholder"),
    ("1111111111", "placeholder"),
    ("123", "placeholder"),
    ("98765", "impossible"),
    ("98765012345678", "impossible"),
    ("call me", "impossible"),
    ("+", "impossible"),
    ("+999 12345678", "impossible"),
    ("5012345678", "possible"),
    ("9876501234", "valid"),
)


@pytest.mark.parametrize("times", [1, 100], ids=["by the library", "by the plans"])
def test_status(session: Session, times: int) -> None:
    leads = [{"phone_raw": written} for written, _ in STATUSES] * times
    assert normalised(session, leads, ("phone_raw", "phone_status")) == list(STATUSES) * times
    unusable = session.rows("SELECT DISTINCT phone_status FROM normalised WHERE phone IS NULL")
    assert set(unusable) == {("missing",), ("placeholder",), ("impossible",)}
    usable = session.rows("SELECT DISTINCT phone_status FROM normalised WHERE phone IS NOT NULL")
    assert set(usable) == {("possible",), ("valid",)}


TWO_PHONES = (
    ("9876501234 / 9876501235", None, ("valid", "+919876501234", "+919876501235")),
    ("9876501234,9876501235", None, ("valid", "+919876501234", "+919876501235")),
    ("9876501234 or +1 305 555 0134", None, ("valid", "+919876501234", "+13055550134")),
    ("9876501234\n9876501235", None, ("valid", "+919876501234", "+919876501235")),
    ("9876501234 / 9876501235 / 9876501236", None, ("valid", "+919876501234", "+919876501235")),
    ("9876501234 / 9876501235", "9876501236", ("valid", "+919876501234", "+919876501236")),
    ("9876501234 / 9876501235", "9999999999", ("valid", "+919876501234", "+919876501235")),
    ("9876501234", "098765 01234", ("valid", "+919876501234", None)),
    ("9876501234 / 9876501234", None, ("valid", "+919876501234", None)),
    ("9876501234", "12", ("valid", "+919876501234", None)),
    ("9999999999 / 9876501235", None, ("placeholder", None, "+919876501235")),
    (None, "9876501235", ("missing", None, "+919876501235")),
)


@pytest.mark.parametrize("times", [1, 100], ids=["by the library", "by the plans"])
def test_second_phone(session: Session, times: int) -> None:
    leads = [{"phone_raw": first, "phone_2_raw": second} for first, second, _ in TWO_PHONES]
    rows = normalised(session, leads * times, COLUMNS)
    expected = [(first, second, row) for first, second, row in TWO_PHONES] * times
    assert [(*given[:2], row) for given, row in zip(expected, rows, strict=True)] == expected


def test_the_raw_text_is_kept(session: Session) -> None:
    written = " '098765 01234 / x "
    assert normalised(session, [{"phone_raw": written}], ("phone_raw",)) == [(written,)]
