"""What holds for any text at all."""

import unicodedata
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lead_pipeline.normalise import leads as leads_module
from lead_pipeline.warehouse.session import Session
from lead_pipeline_tests.normalise.staging import normalised

TEXT_COLUMNS = (
    "full_name_raw", "given_name_raw", "family_name_raw", "company_raw", "address_line1_raw",
    "address_line2_raw", "city_raw", "region_raw", "postal_code_raw", "comments", "interest_name",
)  # fmt: skip
CLEAN_COLUMNS = tuple(column.removesuffix("_raw") for column in TEXT_COLUMNS)
AWKWARD = st.text(
    " \t\n\r\u00a0\u200b\u200c\u200d\u0301\u093c\u0928ANna/-.|'\u2000\u212a\u0130", max_size=9
)
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
TEXTS = st.lists(st.one_of(ANY_TEXT, AWKWARD), min_size=30, max_size=60)
EMAIL_TEXT = st.one_of(
    ANY_TEXT,
    st.emails(),
    st.text("aB.@+-<>:,'\" \u00e9\u0130\u0345com", max_size=20),
    st.builds("{}@{}.com".format, ANY_TEXT, AWKWARD),
)
PROPERTY = settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def cleaned(session: Session, texts: Sequence[str | None]) -> list[tuple[str | None, ...]]:
    leads = [dict.fromkeys(TEXT_COLUMNS, text) for text in texts]
    return normalised(session, leads, CLEAN_COLUMNS)


@PROPERTY
@given(texts=TEXTS)
def test_clean_text_is_clean_and_invents_nothing(session: Session, texts: list[str]) -> None:
    for text, values in zip(texts, cleaned(session, texts), strict=True):
        name, comments = values[0], values[CLEAN_COLUMNS.index("comments")]
        if name is not None:
            assert name == name.strip()
            assert "  " not in name
            assert "\n" not in name
        for value in (name, comments):
            if value is not None:
                sent = unicodedata.normalize("NFKD", text)
                assert set(unicodedata.normalize("NFKD", value)) <= {*sent, " ", "\n"}


@PROPERTY
@given(texts=TEXTS)
def test_cleaning_twice_changes_nothing(session: Session, texts: list[str]) -> None:
    once = cleaned(session, texts)
    again = [dict(zip(TEXT_COLUMNS, values, strict=True)) for values in once]
    assert normalised(session, again, CLEAN_COLUMNS) == once


@PROPERTY
@given(texts=st.lists(EMAIL_TEXT, min_size=30, max_size=60))
def test_an_email_is_its_own_email(session: Session, texts: list[str]) -> None:
    emails = normalised(session, [{"email_raw": text} for text in texts], ("email",))
    assert normalised(session, [{"email_raw": email} for (email,) in emails], ("email",)) == emails
    for (email,) in emails:
        assert email is None or (email.count("@") == 1 and email == email.strip())


@PROPERTY
@given(
    texts=st.lists(st.text("0123456789+-. ()/x९", max_size=22), min_size=30, max_size=60),
    region=st.sampled_from(["IN", "US", "GB", "IT", "AR"]),
    library_alone=st.sampled_from([0, 1_000]),
)
def test_a_phone_is_its_own_phone(
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    texts: list[str],
    region: str,
    library_alone: int,
) -> None:
    monkeypatch.setattr(leads_module, "LIBRARY_ALONE", library_alone)
    leads = [{"phone_raw": text, "default_country": region} for text in texts]
    judged = normalised(session, leads, ("phone", "phone_status"))
    again = [{"phone_raw": phone, "default_country": region} for phone, _ in judged if phone]
    assert normalised(session, again, ("phone", "phone_status")) == [
        row for row in judged if row[0]
    ]


@PROPERTY
@given(texts=TEXTS, library_alone=st.sampled_from([0, 1_000]))
def test_any_text_anywhere_keeps_every_row(
    session: Session, monkeypatch: pytest.MonkeyPatch, texts: list[str], library_alone: int
) -> None:
    monkeypatch.setattr(leads_module, "LIBRARY_ALONE", library_alone)
    columns = (*TEXT_COLUMNS, "phone_raw", "phone_2_raw", "phone_country_code", "country_raw")
    leads = [
        {**dict.fromkeys(columns, text), "email_raw": text, "default_country": other}
        for text, other in zip(texts, reversed(texts), strict=True)
    ]
    rows = normalised(session, leads, ("record_index", "phone_raw", "email_raw", "phone_status"))
    assert [row[:3] for row in rows] == [(i, text, text) for i, text in enumerate(texts)]
    assert {row[3] for row in rows} <= {"valid", "possible", "impossible", "placeholder", "missing"}


@pytest.mark.parametrize(
    "text", ["9" * 200_000, "a@" * 100_000, " \u00a0x" * 70_000, "+" * 200_000]
)
def test_huge_text(session: Session, text: str) -> None:
    lead = dict.fromkeys((*TEXT_COLUMNS, "phone_raw", "email_raw", "country_raw"), text)
    assert len(normalised(session, [lead], ("phone_status",))) == 1
