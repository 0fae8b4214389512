"""A program whose children push, and are killed at a step: before or after they write or send.

A line on its standard input is a `Job`, a line on its standard output how the child ended.
"""

import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any, NamedTuple, Self

import orjson

from lead_pipeline.journal import Journal
from lead_pipeline.push import push
from lead_pipeline.vendors.http import HttpClient
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


class Worker:
    """The program, started once; each job has a child of its own."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "lead_pipeline_tests.push.killed_push"]
        self._program = Popen(command, stdin=PIPE, stdout=PIPE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._program:
            assert self._program.stdin
            self._program.stdin.close()

    def do(self, job: Job) -> int:
        """How the child that did the job ended."""
        assert self._program.stdin
        assert self._program.stdout
        self._program.stdin.write(orjson.dumps(list(job)) + b"\n")
        self._program.stdin.flush()
        return int(self._program.stdout.readline())


def _do(job: Job) -> None:
    now = datetime.fromisoformat(job.now)
    crm = Crm(Path(job.folder), job.variables)
    kill_at(job.step, job.amid)
    push(crm.folder(now), crm.account(now, BRIEF), settings())


def _child(job: Job) -> None:
    code = 1
    try:
        _do(job)
        code = 0
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    HttpClient().close()
    for line in sys.stdin.buffer:
        child = os.fork()
        if not child:
            _child(Job(*orjson.loads(line)))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
