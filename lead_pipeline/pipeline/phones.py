"""What would become of the phones in a file, before anything of it is kept."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from lead_pipeline import normalise
from lead_pipeline.pipeline.history import HistoryFile, read_rows
from lead_pipeline.records import Origin, ParsedLead
from lead_pipeline.warehouse import Warehouse
from lead_pipeline.warehouse.staging import stage

COUNTS = """
SELECT
    count(leads.phone_raw),
    count(*) FILTER (WHERE leads.phone_status IN ('impossible', 'placeholder')),
    count(*) FILTER (
        WHERE leads.phone_status = 'impossible'
            AND NOT regexp_matches(leads.phone_raw, '^[\\s(]*(\\+|00)')
            AND leads.country IS NULL
            AND staged.phone_country_code IS NULL
            AND staged.default_country IS NULL
    )
FROM normalised AS leads
INNER JOIN staged ON staged.record_index = leads.record_index
"""


class Phones(NamedTuple):
    """Rows with a phone, those that cannot be called, and those of these without any country.

    The last have no international prefix, and neither row nor mapping says where they are.
    """

    sent: int
    not_callable: int
    without_country: int


def check_phones(file: HistoryFile) -> Phones:
    """Normalise every row that can be read, in a warehouse of its own that is thrown away.

    Raises UnreadableFile.
    """
    with (
        TemporaryDirectory() as folder,
        Warehouse(Path(folder) / "check.duckdb", wait_seconds=0).open() as session,
    ):
        mapping = file.mapping
        normalise.install(session)
        stage(session, _leads(file), mapping.source, file.account, mapping.default_country)
        normalise.normalise_leads(session)
        ((sent, not_callable, without_country),) = session.rows(COUNTS)
    return Phones(sent, not_callable, without_country)


def _leads(file: HistoryFile) -> Iterator[tuple[Origin, ParsedLead]]:
    origin = Origin("", datetime.fromtimestamp(0, UTC))
    for item in read_rows(file):
        if isinstance(item, ParsedLead):
            yield origin, item
