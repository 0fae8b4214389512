"""Who reads what is kept, by source and stream: enough for an archive without any account."""

from collections.abc import Mapping

from lead_pipeline.errors import ConfigError
from lead_pipeline.vendors.aimbase import AIMBASE
from lead_pipeline.vendors.contract import Vendor
from lead_pipeline.vendors.history import STREAM as HISTORY
from lead_pipeline.vendors.history import history_of
from lead_pipeline.vendors.housing import HOUSING
from lead_pipeline.vendors.listsmrt import LISTSMRT
from lead_pipeline.vendors.qontak import QONTAK

SOURCES: Mapping[str, Vendor] = {
    vendor.source: vendor for vendor in (AIMBASE, HOUSING, LISTSMRT, QONTAK)
}

PUSHED: tuple[tuple[Vendor, str], ...] = ((LISTSMRT, LISTSMRT.source),)
"""Who sends without being asked, and the account that is kept under."""


def vendor_of(source: str, stream: str) -> Vendor:
    """Who reads that stream of the source. Raises ConfigError where this version knows nobody."""
    if stream == HISTORY:
        return history_of(source)
    try:
        return SOURCES[source]
    except KeyError:
        raise ConfigError(
            f"the archive holds answers of {source}, which this version cannot read",
            state="nothing was changed",
            next_step="use the version of lead_pipeline that wrote them, then the same command",
        ) from None
