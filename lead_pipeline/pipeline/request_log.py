"""A receipt for every request to an account, whether it was answered or not."""

import logging
from typing import TypedDict

from lead_pipeline.errors import PipelineError
from lead_pipeline.landing.receipts import new_receipt_id
from lead_pipeline.pipeline.account import Account
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.records import Receipt, Window
from lead_pipeline.vendors.contract import Delivery, Reading

logger = logging.getLogger(__name__)


class _About(TypedDict):
    """The fields that every receipt of one fetch shares."""

    run_id: str
    source: str
    account: str
    environment: str
    stream: str


class RequestLog:
    """The requests for one stream of one account in one run."""

    def __init__(self, folder: DataFolder, account: Account, stream: str, run_id: str) -> None:
        self._folder = folder
        self._about: _About = {
            "run_id": run_id,
            "source": account.vendor.source,
            "account": account.name,
            "environment": account.environment,
            "stream": stream,
        }

    def receipt(self, delivery: Delivery, reading: Reading) -> Receipt:
        """The receipt of an answer, not yet kept."""
        return Receipt(
            **self._about | {"stream": delivery.stream},
            receipt_id=new_receipt_id(delivery.requested_at),
            window=delivery.window,
            covers=delivery.covers,
            requested_at=delivery.requested_at,
            received_at=delivery.received_at,
            attempts=delivery.attempts,
            reading=dict(reading),
            url=delivery.url,
            status=delivery.status,
            sha256=delivery.body.sha256,
            length=delivery.body.length,
        )

    def answered(self, delivery: Delivery, reading: Reading) -> Receipt:
        """Keep the receipt of an answer whose body is in the archive. Raises LandingError."""
        logger.info(
            "%s: %s received, %d bytes",
            self._about["account"],
            delivery.window or delivery.stream,
            delivery.body.length,
        )
        receipt = self.receipt(delivery, reading)
        self._folder.receipts.write(receipt)
        return receipt

    def failed(self, error: PipelineError, window: Window | None) -> Receipt:
        """Keep the receipt of a failure; `window` is None of a scan. Raises LandingError."""
        logger.error("%s", error)
        now = self._folder.clock()
        receipt = Receipt(
            **self._about,
            receipt_id=new_receipt_id(now),
            window=window,
            covers=False,
            requested_at=now,
            received_at=now,
            attempts=0,
            reading={},
            error=type(error).__name__,
            message=str(error),
        )
        self._folder.receipts.write(receipt)
        return receipt
