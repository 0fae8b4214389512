import duckdb

from lead_pipeline.normalise import install, normalise_leads
from lead_pipeline.records import LEAD_COLUMNS
from lead_pipeline.warehouse.session import Session
from lead_pipeline_tests.normalise.staging import normalised, stage

NOT_OF_THE_RECORD = {
    "person_id", "vanished_at", "first_seen_at", "last_seen_at",
}  # fmt: skip


def test_columns_are_those_of_the_schema(session: Session) -> None:
    stage(session, [{}])
    normalise_leads(session)
    expected = [("lead_id", "VARCHAR"), ("content_hash", "VARCHAR")] + [
        (column.name, column.type.replace("TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE"))
        for column in LEAD_COLUMNS
        if column.name not in {"lead_id", *NOT_OF_THE_RECORD}
    ]
    expected.append(("requested_at", "TIMESTAMP WITH TIME ZONE"))
    described = session.rows("DESCRIBE normalised")
    assert [(name, kind) for name, kind, *_ in described] == expected


def test_what_needs_no_normalising_is_carried_over(session: Session) -> None:
    lead = {
        "source_lead_id": "D-1",
        "updated_at": "2026-11-15 00:00:00+05:30",
        "marketing_consent": False,
        "attributes": '{"min_area": 900, "note": " kept  as sent "}',
        "record_index": 17,
    }
    columns = (
        "lead_id", "content_hash", "source", "account", "source_lead_id", "created_at::VARCHAR",
        "updated_at::VARCHAR", "marketing_consent", "attributes::VARCHAR", "record_index",
    )  # fmt: skip
    assert normalised(session, [lead], columns) == [
        (
            "0" * 32, "0" * 64, "housing", "housing", "D-1", "2026-11-14 10:00:00+00",
            "2026-11-14 18:30:00+00", False, lead["attributes"], 17,
        )
    ]  # fmt: skip


def test_no_leads_make_an_empty_table(session: Session) -> None:
    assert normalised(session, [], ("lead_id",)) == []


def test_every_row_comes_out_once_whatever_is_alike_in_it(session: Session) -> None:
    leads = [
        {"phone_raw": phone, "phone_2_raw": second, "country_raw": country, "region_raw": region}
        for phone in ("9876501234", "9876501234 / 9876501235", "x", None)
        for second in ("9876501235", "9876501234", None)
        for country in ("IN", "india", None)
        for region in ("Goa", "", None)
    ]
    rows = normalised(session, leads * 20, ("lead_id", "record_index"))
    assert rows == [(f"{index:032x}", index) for index in range(len(leads) * 20)]


def test_tables_of_any_name_and_nothing_left_behind() -> None:
    with duckdb.connect() as connection:
        session = Session(connection)
        install(session)
        stage(session, [{"phone_raw": "9876501234"}], name='odd "name"')
        before = session.rows("SELECT table_name FROM duckdb_tables() ORDER BY 1")
        with session.transaction():
            install(session)
            normalise_leads(session, staged='odd "name"', target="out put")
            normalise_leads(session, staged='odd "name"', target="out put")
        after = session.rows("SELECT table_name FROM duckdb_tables() ORDER BY 1")
        assert sorted(after) == sorted([*before, ("out put",)])
        assert session.rows("SELECT view_name FROM duckdb_views() WHERE NOT internal") == []
