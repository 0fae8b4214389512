"""A sandbox whose CRM has as many contacts and deals as asked for, until its standard input ends.

Prints the variables that point at it as JSON. Run by benchmarks/scan.py in a process of its own.
"""

import json
import sys
from datetime import datetime

from lead_pipeline.sandbox import QontakSettings, SandboxSettings, running_sandbox


def main(objects: int, now: datetime) -> None:
    """Serve until nobody listens any more."""
    crm = QontakSettings(contacts=objects, deals=objects, companies=objects // 5, tasks=1)
    with running_sandbox(SandboxSettings(now=now, qontak=crm)) as sandbox:
        print(json.dumps(sandbox.environment()), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(int(sys.argv[1]), datetime.fromisoformat(sys.argv[2]))
