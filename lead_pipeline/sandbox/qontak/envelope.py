"""How the vendor wraps what it answers."""

from collections.abc import Sequence

from lead_pipeline.sandbox.qontak.written import Record


def found(response: object) -> Record:
    """An object, or a list that has no pages."""
    return {"meta": meta(200, "Success"), "response": response}


def listed(response: Sequence[Record], page: int, per_page: int, total: int) -> Record:
    """One page of a list."""
    return {
        **found(response),
        "page": page,
        "total_page": -(-total // per_page),
        "current_data": len(response),
        "total_data": total,
    }


def refused(status: int, message: str) -> Record:
    """An error: no `response`."""
    return {"meta": meta(status, message)}


def meta(status: int, message: str) -> Record:
    """The document shows no more of it than `status`."""
    return {"status": status, "type": "OK" if status == 200 else "ERROR", "message": message}
