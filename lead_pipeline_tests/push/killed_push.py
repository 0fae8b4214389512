"""A program that pushes and is killed at a step, before or after it writes or sends something."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from lead_pipeline.journal import Journal
from lead_pipeline.push import push
from lead_pipeline.vendors.qontak.access import Access
from lead_pipeline_tests.pipeline.scanning import Crm
from lead_pipeline_tests.push.pushing import BRIEF, settings


class Job(NamedTuple):
    """Push in `folder` at `now`; killed at this step, or so many seconds (`amid`) after it."""

    folder: str
    variables: dict[str, str]
    now: str
    step: int
    amid: float


def kill_at(step: int, amid: float) -> None:
    """Count what is written and sent, and end the process at that count."""
    left = step

    def count() -> None:
        nonlocal left
        left -= 1
        if left == 0 and not amid:
            os.kill(os.getpid(), signal.SIGKILL)
        if left == 0:
            threading.Timer(amid, os.kill, (os.getpid(), signal.SIGKILL)).start()

    for owner, name in ((Journal, "append"), (Access, "tell")):
        setattr(owner, name, _counted(getattr(owner, name), count))


def _counted(method: Callable[..., Any], count: Callable[[], None]) -> Callable[..., Any]:
    def counted(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - any method
        count()
        result = method(*arguments, **named)
        count()
        return result

    return counted


def main() -> None:
    job = Job(*orjson.loads(sys.argv[1]))
    now = datetime.fromisoformat(job.now)
    crm = Crm(Path(job.folder), job.variables)
    kill_at(job.step, job.amid)
    push(crm.folder(now), crm.account(now, BRIEF), settings())


if __name__ == "__main__":
    main()
