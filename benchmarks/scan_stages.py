"""A scan of all contacts and deals, landed and loaded: CPU seconds and peak memory as JSON."""

import json
import os

from benchmarks.stages import SECONDS, peak_mebibytes, stage
from lead_pipeline.pipeline.account import Account
from lead_pipeline.pipeline.folder import open_folder
from lead_pipeline.pipeline.load import load_account
from lead_pipeline.pipeline.scan import scan_stream
from lead_pipeline.settings import Settings, read_settings
from lead_pipeline.vendors.contract import StreamKind
from lead_pipeline.vendors.http import HttpClient
from lead_pipeline.vendors.qontak import QONTAK, QontakClient


def main() -> None:
    """Scan and load; the first load of a warehouse is that of an empty list, and does not count."""
    settings = read_settings()
    folder = open_folder(settings)
    load_account(folder, QONTAK, "qontak")
    for name in ("contacts", "deals"):
        with stage(f"fetch and land {name}"):
            stream = QONTAK.require(name, StreamKind.SCANNED)
            outcome = scan_stream(folder, account(settings), stream, "benchmark")
        if not outcome.verdict or not outcome.verdict.complete:
            raise SystemExit(str(outcome))
    with stage("parse, normalise and load"):
        load_account(folder, QONTAK, "qontak")
    print(json.dumps({"seconds": SECONDS, "peak": peak_mebibytes()}))


def account(settings: Settings) -> Account:
    """The account, not gentle."""
    client = QontakClient(
        account="qontak",
        base_url=os.environ["QONTAK_BASE_URL"],
        client_id=os.environ["QONTAK_CLIENT_ID"],
        client_secret=os.environ["QONTAK_CLIENT_SECRET"],
        sso_id=os.environ["QONTAK_SSO_ID"],
        requests_per_second=1000,
        http=HttpClient(clock=settings.clock),
    )
    return Account("qontak", QONTAK, "loopback", client)


if __name__ == "__main__":
    main()
