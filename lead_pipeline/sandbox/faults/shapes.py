"""The table of the vendors' shapes, by the first segment of their paths."""

from lead_pipeline.sandbox.faults.aimbase import AIMBASE
from lead_pipeline.sandbox.faults.fault import PAGE_KINDS, FaultKind
from lead_pipeline.sandbox.faults.housing import HOUSING
from lead_pipeline.sandbox.faults.qontak import QONTAK
from lead_pipeline.sandbox.faults.shape import Shape

SHAPES: dict[str, Shape] = {"housing": HOUSING, "aimbase": AIMBASE, "qontak": QONTAK}

_IN_THE_VENDORS_WORDS = frozenset(
    [
        FaultKind.ERROR_OBJECT,
        FaultKind.EXPIRED_KEY,
        FaultKind.WEB_PAGE_MISLABELLED,
        FaultKind.GZIP_BOMB,
        FaultKind.VANISHED,
    ]
)
RECORD_KINDS = frozenset(
    [
        FaultKind.WRONG_ENCODING,
        FaultKind.MALFORMED_RECORDS,
        FaultKind.UNKNOWN_FIELD,
        FaultKind.CHANGED_TYPE,
        FaultKind.VANISHED,
        FaultKind.CHANGED,
    ]
)


def can_have(vendor: str, kind: FaultKind) -> bool:
    """Whether enough is known of a vendor for a kind of fault; what needs no shape always can."""
    if kind in PAGE_KINDS:
        return vendor in SHAPES and SHAPES[vendor].repaged is not None
    if kind is FaultKind.UNPROCESSABLE:
        return vendor in SHAPES and SHAPES[vendor].unprocessable is not None
    if kind in _IN_THE_VENDORS_WORDS:
        return vendor in SHAPES
    return kind not in RECORD_KINDS or (vendor in SHAPES and kind in SHAPES[vendor].changes)
