"""Killed under load, again and again, the gateway loses nothing it acknowledged, nor doubles it."""

import os
import random
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from http.client import HTTPException

import orjson
import pytest

from lead_pipeline.pipeline.drain import drain
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline_tests.serving.wire import SECRETS, Asker

# The command without the parts of Dagster that it would load.
PROGRAM = """
from lead_pipeline.pipeline.folder import open_folder
from lead_pipeline.serving.configuration import read_gateway_settings
from lead_pipeline.serving.log import log_as_json_lines
from lead_pipeline.serving.server import serve
from lead_pipeline.settings import read_settings

log_as_json_lines()
serve(open_folder(read_settings()), read_gateway_settings(), "127.0.0.1", 0)
"""
KILLS = 100
SENDERS = 8
LONGEST = 60
"""Seconds that a gateway may take to acknowledge a few dozen events."""


def start(folder: DataFolder) -> tuple[subprocess.Popen[str], Asker]:
    """A gateway in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        env={
            **os.environ,
            "LEAD_PIPELINE_DATA_DIR": str(folder.path),
            "LISTSMRT_SIGNING_SECRETS": SECRETS[0],
        },
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr
    for line in process.stderr:
        message = orjson.loads(line)["message"]
        if "listens on" in message:
            return process, Asker(int(message.rpartition(":")[2]))
    raise AssertionError("it does not listen")


class Senders:
    """Send events until told to stop; what was not acknowledged is sent again."""

    def __init__(self) -> None:
        self.acknowledged: set[str] = set()
        self.target: Asker | None = None
        self._stop = threading.Event()
        self._heard = threading.Condition()
        self._threads = [
            threading.Thread(target=self._send, args=(number,)) for number in range(SENDERS)
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def acknowledge(self, count: int) -> bool:
        """Wait until so many more are acknowledged; whether they are."""
        with self._heard:
            enough = len(self.acknowledged) + count
            return self._heard.wait_for(lambda: len(self.acknowledged) >= enough, LONGEST)

    def _send(self, sender: int) -> None:
        number = 0
        while not self._stop.is_set():
            target, name = self.target, f"{sender}-{number}"
            if target is None:
                self._stop.wait(0.01)
                continue
            with suppress(OSError, HTTPException):
                if target.send(orjson.dumps({"type": "x", "result": name})).status == 200:
                    number += 1
                    with self._heard:
                        self.acknowledged.add(name)
                        self._heard.notify()


def kept(folder: DataFolder) -> list[str]:
    with folder.warehouse.open() as session:
        return [name for (name,) in session.rows("SELECT result FROM listing_versions")]


def run(folder: DataFolder, kills: int) -> None:
    chance = random.Random(7)
    senders = Senders()
    try:
        for number in range(kills):
            process, senders.target = start(folder)
            try:
                assert senders.acknowledge(20 + chance.randrange(40)), process.poll()
            finally:
                process.kill()
                senders.target = None
                process.communicate()
            if number % 10 == 0:
                drain(folder)
    finally:
        senders.stop()
    drain(folder)
    names = kept(folder)
    assert len(names) == len(set(names))
    assert senders.acknowledged <= set(names)
    assert len(names) <= len(senders.acknowledged) + kills * SENDERS
    assert folder.spool.segments() == []


@pytest.mark.slow
def test_killed_three_times(folder: DataFolder) -> None:
    run(folder, 3)


@pytest.mark.slow
def test_killed_a_hundred_times(folder: DataFolder) -> None:
    run(folder, KILLS)


def test_told_to_stop_it_ends_by_itself(folder: DataFolder) -> None:
    process, gateway = start(folder)
    try:
        assert gateway.send(b'{"type": "x"}').status == 200
        process.terminate()
        assert process.wait(20) in {0, -signal.SIGTERM}
    finally:
        process.kill()
        process.communicate()
    assert [path.name[0] for path in folder.spool.folder.iterdir()] == ["2"]
