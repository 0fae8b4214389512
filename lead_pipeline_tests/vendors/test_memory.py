"""Reading a large document holds one lead at a time."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from lead_pipeline_tests.vendors.cases import person, sales_lead

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"),
    reason="the peak is read from /proc: getrusage counts the parent's before the start",
)

READ = r"""
import json, re, sys
from pathlib import Path
from lead_pipeline.vendors.aimbase import AIMBASE
def peak():
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024
with open(sys.argv[1], "rb") as small:
    list(AIMBASE.parse("leads", small, {}, {}))
before = peak()
with open(sys.argv[2], "rb") as body:
    count = sum(1 for _ in AIMBASE.parse("leads", body, {}, {}))
print(json.dumps({"count": count, "added": peak() - before}))
"""


def write(path: Path, megabytes: int) -> int:
    """A document of about so many megabytes; returns how many leads it holds."""
    padding = f"<CustomerComments><![CDATA[ {'words and more words ' * 60} ]]></CustomerComments>"
    lead = sales_lead(person(1), padding)
    count = megabytes * 1_000_000 // len(lead) + 1
    with path.open("w") as file:
        file.write('<ProcessSalesLead xmlns="http://www.starstandards.org/STAR"><DataArea>')
        for _ in range(count):
            file.write(lead)
        file.write("</DataArea></ProcessSalesLead>")
    return count


def added_by(tmp_path: Path, megabytes: int) -> float:
    small, large = tmp_path / "small.xml", tmp_path / "large.xml"
    write(small, 0)
    count = write(large, megabytes)
    command = [sys.executable, "-c", READ, str(small), str(large)]
    told = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    assert told["count"] == count
    added: float = told["added"]
    return added


def test_ten_megabytes_of_leads_add_less_than_eight(tmp_path: Path) -> None:
    assert added_by(tmp_path, 10) < 8


@pytest.mark.slow
def test_250_megabytes_of_leads_add_less_than_a_hundred(tmp_path: Path) -> None:
    assert added_by(tmp_path, 250) < 100
