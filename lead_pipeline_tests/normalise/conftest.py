from collections.abc import Iterator

import duckdb
import pytest

from lead_pipeline.normalise import install
from lead_pipeline.warehouse.session import Session


@pytest.fixture(scope="session")
def session() -> Iterator[Session]:
    connection = duckdb.connect()
    connection.execute("SET threads = 2; SET TimeZone = 'UTC'")
    session = Session(connection)
    install(session)
    yield session
    connection.close()
