"""Read a scanned stream of an account whole, and land every answer before anything reads it."""

import logging
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta

from lead_pipeline.errors import ConfigError, VendorError, VendorUnavailable, scan_command
from lead_pipeline.landing import claim_environment
from lead_pipeline.landing.lock import HeldError
from lead_pipeline.landing.open_scan import OpenScan
from lead_pipeline.pipeline.account import Account
from lead_pipeline.pipeline.fetch import READINGS, MonotonicDeadline
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.pipeline.request_log import RequestLog
from lead_pipeline.records import Receipt
from lead_pipeline.vendors.contract import Client, Delivery, ScanVerdict, Stream

logger = logging.getLogger(__name__)

RESUME_WITHIN = timedelta(hours=12)
"""A scan that began longer ago begins anew: too much has changed under it."""
CHUNK_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class ScanOutcome:
    """How a run's scan of one stream went: `failure` is None where it came to a verdict."""

    pages: int
    length: int
    verdict: ScanVerdict | None
    failure: Receipt | None


def scan_stream(folder: DataFolder, account: Account, stream: Stream, run_id: str) -> ScanOutcome:
    """Read the stream from where the last scan of it stopped, or from its start.

    A vendor's failure, or a half-set account, becomes a receipt, so that the others go on.
    Raises EnvironmentMismatch, LandingError.
    """
    claim_environment(folder.path, account.environment, accept=folder.settings.accept_environment)
    return _Scan(folder, account, stream, run_id).run()


class _Scan:
    """The scan of one stream of one account in one run."""

    def __init__(self, folder: DataFolder, account: Account, stream: Stream, run_id: str) -> None:
        self._folder = folder
        self._account = account
        self._stream = stream
        self._requests = RequestLog(folder, account, stream.name, run_id)
        self._pages = 0
        self._length = 0

    def run(self) -> ScanOutcome:
        try:
            with closing(self._account.require_client()) as client:
                return self._outcome(verdict=self._read(client))
        except (ConfigError, VendorError) as error:
            return self._outcome(failure=self._requests.failed(error, None))

    def _outcome(
        self, verdict: ScanVerdict | None = None, failure: Receipt | None = None
    ) -> ScanOutcome:
        return ScanOutcome(self._pages, self._length, verdict, failure)

    def _read(self, client: Client) -> ScanVerdict:
        """Read until a verdict says that nothing is missing, but not for ever."""
        for _ in range(READINGS):
            verdict = self._read_once(client)
            if verdict.complete:
                break
            logger.warning(
                "%s: %s: not complete: %s", client.account, verdict.stream, verdict.reason
            )
        return verdict

    def _read_once(self, client: Client) -> ScanVerdict:
        now = self._folder.clock()
        about = (client.vendor.source, client.account, self._stream.name)
        try:
            with self._folder.scans.hold(*about, now, RESUME_WITHIN) as scan:
                if scan.resume:
                    logger.info("%s: %s: going on where it stopped", client.account, about[-1])
                return self._go_through(client, scan)
        except HeldError as held:
            raise VendorUnavailable(
                f"{held.holder} is scanning {about[-1]}, so this one did not",
                state="nothing was asked; what the other one lands is loaded by either",
                next_step=f"wait for it to end, then {scan_command(client.account)}",
                subject=client.subject(),
            ) from None

    def _go_through(self, client: Client, scan: OpenScan) -> ScanVerdict:
        deadline = MonotonicDeadline(self._folder.settings.scan_deadline_seconds)
        for found in client.scan(self._stream.name, scan.resume, scan, deadline):
            if isinstance(found, ScanVerdict):
                scan.end(found.complete, found.reason, self._folder.clock())
                logger.info(
                    "%s: %s: %d pages read: %s",
                    client.account,
                    found.stream,
                    self._pages,
                    found.reason,
                )
                return found
            self._land(client, scan, found)
        raise AssertionError(f"the scan of {self._stream.name} ended without a verdict")

    def _land(self, client: Client, scan: OpenScan, delivery: Delivery) -> None:
        """Keep a page in the scan; a document that parsing needs is kept by itself."""
        self._pages += 1
        self._length += delivery.body.length
        if delivery.stream in self._stream.side_documents:
            self._keep(client, delivery)
            return
        scan.write(self._requests.receipt(delivery, client.reading), delivery.resume)

    def _keep(self, client: Client, delivery: Delivery) -> None:
        with delivery.body.open() as content:
            body = self._folder.bodies.store(iter(lambda: content.read(CHUNK_BYTES), b""))
        self._requests.answered(replace(delivery, body=body), client.reading)
