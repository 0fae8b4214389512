"""The report page of a million enquiries: seconds and bytes.

.venv/bin/python -m benchmarks.report [leads]
"""

import resource
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.stages import peak_mebibytes
from lead_pipeline.marts import build_marts
from lead_pipeline.pipeline.folder import DataFolder, open_folder
from lead_pipeline.pipeline.report import write_report
from lead_pipeline.settings import Settings
from lead_pipeline.warehouse import publish

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
MOST_SECONDS, MOST_BYTES = 15, 2_000_000

COVERAGE = """
INSERT INTO ops.coverage (source, account, day, status, leads, last_asked_at)
SELECT source, source, CAST(day AS DATE), 'complete', 0, TIMESTAMPTZ '2026-06-01 09:00:00+00'
FROM (VALUES ('housing'), ('aimbase'), ('qontak')) AS sources (source)
CROSS JOIN generate_series(DATE '2026-01-01', DATE '2026-05-31', INTERVAL 1 DAY) AS days (day)
"""

PEOPLE = """
INSERT INTO people BY NAME
SELECT
    person_id,
    min(first_at) AS first_enquiry_at,
    sum(number)::BIGINT AS enquiries,
    count(*) AS sources,
    map_from_entries(list((source, number))) AS enquiries_by_source
FROM (
    SELECT person_id, source, min(created_at) AS first_at, count(*)::UBIGINT AS number
    FROM leads
    GROUP BY person_id, source
)
GROUP BY person_id
"""


def main(leads: int = 1_000_000) -> int:
    """The exit code: 1 where a limit is passed."""
    with TemporaryDirectory() as name:
        _fill(_folder(Path(name)), leads)
        began = time.perf_counter()
        words = (sys.executable, "-m", "benchmarks.report", "write", name)
        peak = float(subprocess.run(words, check=True, stdout=subprocess.PIPE).stdout)
        seconds = time.perf_counter() - began
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        size = (Path(name) / "report.html").stat().st_size
    print(
        f"{leads:,} leads: {seconds:.1f} s in a process of its own "
        f"({used.ru_utime + used.ru_stime:.1f} s of CPU, {peak:.0f} MiB), "
        f"{size:,} bytes"
    )
    return int(seconds > MOST_SECONDS or size > MOST_BYTES)


def _folder(path: Path) -> DataFolder:
    return open_folder(Settings(data_dir=path, now=NOW))


def _fill(folder: DataFolder, leads: int) -> None:
    sql = (resources.files("benchmarks") / "marts_leads.sql").read_text()
    with folder.warehouse.open() as session:
        session.run("SET memory_limit = '2GB'")
        session.run(sql.replace(":leads", str(leads)))
        session.run(PEOPLE)
        session.run(COVERAGE)
        build_marts(session)
        publish(session, folder.path, folder.clock())


if __name__ == "__main__":
    if sys.argv[1:2] == ["write"]:
        write_report(_folder(Path(sys.argv[2])))
        print(peak_mebibytes())
    else:
        sys.exit(main(*(int(text) for text in sys.argv[1:])))
