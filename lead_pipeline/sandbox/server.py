"""Runs the sandbox on a loopback port: for good, or for the length of a `with`."""

import ipaddress
import shlex
import socket
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial

import uvicorn
from starlette.applications import Starlette

from lead_pipeline.sandbox.app import World
from lead_pipeline.sandbox.connection import Connection
from lead_pipeline.sandbox.faults import Fault, FaultGiven
from lead_pipeline.sandbox.qontak.by_hand import ByHand
from lead_pipeline.sandbox.qontak.logbook import CrmWrites
from lead_pipeline.sandbox.qontak.truth import CrmTruth
from lead_pipeline.sandbox.settings import SandboxSettings, environment
from lead_pipeline.sandbox.truth import Truth

_START_SECONDS = 30


class SandboxError(Exception):
    """The sandbox cannot be served as asked."""


class Sandbox:
    """A sandbox that is listening."""

    def __init__(self, world: World, base_url: str) -> None:
        self._world = world
        self.base_url = base_url

    def environment(self) -> dict[str, str]:
        """The environment variables that point a reader of all three vendors here."""
        return environment(self.base_url)

    def truth(self, first: date, last: date) -> Truth:
        """What was created on the UTC days from first to last, as `/truth` tells it."""
        return self._world.truth(first, last)

    def crm_truth(self, first: datetime, last: datetime, *, digests: bool = True) -> CrmTruth:
        """What became of the CRM between two aware moments, as `/truth/crm` tells it.

        Without digests it tells ids alone, much faster.
        """
        return self._world.crm_truth(first, last, digests=digests)

    def crm_writes(self) -> CrmWrites:
        """What was written into the CRM so far, as `/truth/crm/writes` tells it."""
        return self._world.crm_writes()

    @property
    def crm_by_hand(self) -> ByHand:
        """Somebody who works at the CRM's own pages, as `/by-hand` does."""
        return self._world.by_hand

    def set_clock(self, moment: datetime | None) -> None:
        """Hold the clock at an aware moment, or let it follow the machine's (None)."""
        self._world.clock.hold(moment)

    def set_faults(self, faults: Iterable[Fault]) -> None:
        """Put these in the place of all others; they are tried in this order. Raises FaultError."""
        self._world.rules.set(faults)

    def clear_faults(self) -> None:
        """Let all be well again; what was given is forgotten."""
        self._world.rules.set(())

    def faults_given(self) -> tuple[FaultGiven, ...]:
        """How often each fault was really given since it was set, in the order of setting."""
        return self._world.rules.given()


def serve(host: str, port: int, settings: SandboxSettings) -> None:
    """Serve until interrupted.

    Raises SandboxError for a host off loopback or a port in use, FaultError for settings whose
    faults no vendor can have.
    """
    with _bound(host, port) as listener:
        base_url = _base_url(listener)
        server = _server(World.of(settings).app(), partial(_announce, base_url))
        server.run(sockets=[listener])


def _announce(base_url: str) -> None:
    """What a shell takes is one line of the output; what a human reads goes beside it."""
    print(
        f"Sandbox listening on {base_url} until Ctrl-C. What points lead-pipeline at it, to paste "
        "into another terminal:",
        file=sys.stderr,
    )
    variables = (f"{name}={shlex.quote(value)}" for name, value in environment(base_url).items())
    print("export", *variables, flush=True)


@contextmanager
def running_sandbox(settings: SandboxSettings) -> Iterator[Sandbox]:
    """A sandbox on a free loopback port, listening inside the `with`."""
    world = World.of(settings)
    listening = threading.Event()
    with _bound("127.0.0.1", 0) as listener:
        server = _server(world.app(), listening.set)
        thread = threading.Thread(target=server.run, args=([listener],), name="sandbox")
        thread.start()
        try:
            if not listening.wait(_START_SECONDS):
                raise SandboxError(f"the sandbox did not listen within {_START_SECONDS} seconds")
            yield Sandbox(world, _base_url(listener))
        finally:
            server.should_exit = True
            thread.join()


class _AnnouncingServer(uvicorn.Server):
    """Calls back once it listens."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._announce()


def _server(app: Starlette, announce: Callable[[], None]) -> uvicorn.Server:
    config = uvicorn.Config(
        app,
        http=Connection,
        lifespan="off",
        log_level="warning",
        access_log=False,
        date_header=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    return _AnnouncingServer(config, announce)


def _bound(host: str, port: int) -> socket.socket:
    address = "127.0.0.1" if host == "localhost" else host
    try:
        is_loopback = ipaddress.ip_address(address).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        raise SandboxError(
            f"the sandbox serves loopback addresses only, and {host} is none; use 127.0.0.1"
        )
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address, port))
    except OSError as error:
        listener.close()
        raise SandboxError(
            f"port {port} on {address} cannot be used ({error.strerror}); choose another port"
        ) from error
    return listener


def _base_url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
