"""The gateway while snapshots are published: 50 senders of webhooks, and agents who type.

.venv/bin/python -m benchmarks.gateway [people] [seconds]
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

from lead_pipeline.sandbox.callers import signature_header, signed_query

SENDERS, AGENTS = 50, 10
WEBHOOKS_APART, LETTERS_APART = 0.5, 0.25
"""Seconds from an answer to the next request of one sender, of one agent."""

SECRET = "benchmark"
LIMIT_MILLISECONDS = 100
GIVEN = ("aarav", "arjun", "ananya", "priya", "sara", "john", "jose", "zoe", "wei")
FAMILY = ("sharma", "patel", "singh", "smith", "muller", "oneil", "garcia", "kim")

_Request = Callable[[int], bytes]


def webhook(number: int) -> bytes:
    """A generation, signed now."""
    body = b'{"type":"property.generate-content","data":{"bed":3},"result":"%d %s"}' % (
        number,
        b"copy " * 200,
    )
    return (
        f"POST /listsmrt/webhook HTTP/1.1\r\nHost: gateway\r\nContent-Length: {len(body)}\r\n"
        f"ListSMRT-Signature: {signature_header(body, SECRET, int(time.time()))}\r\n\r\n"
    ).encode() + body


def letter(number: int) -> bytes:
    """A search, a letter longer each time."""
    person = number // 12
    given, family = GIVEN[person % len(GIVEN)], FAMILY[person // 7 % len(FAMILY)]
    kinds = (
        f"{given}{chr(97 + person % 26)} {family}",
        f"{family}{chr(97 + person // 3 % 26)} {given}",
        f"98{person * 7919 % 10**8:08}",
        f"user{person % 10**6}@example",
    )
    typed = kinds[person % len(kinds)][: 1 + number % 12]
    query = signed_query([("q", typed), ("expires", str(int(time.time()) + 60))], SECRET)
    return f"GET /socialsignin/search?{query} HTTP/1.1\r\nHost: gateway\r\n\r\n".encode()


async def ask(port: int, request: _Request, apart: float, until: float, start: int) -> list[float]:
    """Milliseconds of each answer. Raises AssertionError where one is not 200."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    taken = []
    number = start
    await asyncio.sleep(apart * (start % 97) / 97)
    while time.monotonic() < until:
        message = request(number)
        began = time.perf_counter()
        writer.write(message)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        await reader.readexactly(length)
        taken.append((time.perf_counter() - began) * 1000)
        assert head.startswith(b"HTTP/1.1 200"), head
        number += 1
        await asyncio.sleep(apart)
    writer.close()
    return taken


async def measure(port: int, seconds: float) -> dict[str, list[float]]:
    """Both kinds of requests at once."""
    until = time.monotonic() + seconds
    kinds = {
        "webhook": (webhook, WEBHOOKS_APART, SENDERS),
        "search": (letter, LETTERS_APART, AGENTS),
    }
    found: dict[str, list[float]] = {}
    async with asyncio.TaskGroup() as group:
        tasks = {
            name: [
                group.create_task(ask(port, request, apart, until, n * 1_000_003))
                for n in range(many)
            ]
            for name, (request, apart, many) in kinds.items()
        }
    for name, asked in tasks.items():
        found[name] = sorted(one for task in asked for one in task.result())
    return found


def inside(folder: Path) -> dict[str, list[float]]:
    """Milliseconds as the gateway itself counted them, without the wire and the sender."""
    found: dict[str, list[float]] = {}
    for line in map(json.loads, (folder / "gateway.log").read_text().splitlines()):
        if line.get("status") == 200:
            found.setdefault(line["route"].rpartition("/")[2], []).append(line["ms"])
    return {kind: sorted(taken) for kind, taken in found.items()}


def start_gateway(folder: Path) -> tuple[subprocess.Popen[str], int]:
    """It, and its port."""
    secrets = ("LISTSMRT_SIGNING_SECRETS", "SOCIALSIGNIN_SEARCH_SECRET")
    process = subprocess.Popen(
        [sys.executable, "-m", "lead_pipeline.cli", "gateway", "--port", "0"],
        env={**os.environ, "LEAD_PIPELINE_DATA_DIR": str(folder)} | dict.fromkeys(secrets, SECRET),
        stderr=(folder / "gateway.log").open("w"),
        text=True,
    )
    while "listens on" not in (log := (folder / "gateway.log").read_text()):
        assert process.poll() is None, log
        time.sleep(0.1)
    return process, int(log.partition("127.0.0.1:")[2].partition('"')[0])


def main(people: int = 1_000_000, seconds: float = 60) -> int:
    """The exit code: 1 where a 99th percentile is above the limit."""
    with TemporaryDirectory() as name, ExitStack() as ending:
        folder = Path(name)
        publisher = subprocess.Popen(
            ["nice", sys.executable, "-m", "benchmarks.gateway_people", name, str(people)],
            stdout=subprocess.PIPE,
            text=True,
        )
        ending.callback(publisher.kill)
        assert publisher.stdout
        first = float(publisher.stdout.readline())
        gateway, port = start_gateway(folder)
        ending.callback(gateway.kill)
        found = asyncio.run(measure(port, seconds))
        snapshots = len(list((folder / "snapshots").glob("*.duckdb")))
        found |= {f"{kind}, inside": taken for kind, taken in inside(folder).items()}
    print(f"{people:,} people, published in {first:.1f} s; {snapshots} snapshots by the end")
    worst = 0.0
    for kind, taken in found.items():
        cuts = quantiles(taken, n=100)
        worst = max(worst, cuts[98])
        print(
            f"{kind:16} {len(taken):6,} answers: median {cuts[49]:.1f} ms, "
            f"p99 {cuts[98]:.1f} ms, most {taken[-1]:.1f} ms"
        )
    return int(worst > LIMIT_MILLISECONDS)


if __name__ == "__main__":
    sys.exit(main(*(int(text) for text in sys.argv[1:])))
