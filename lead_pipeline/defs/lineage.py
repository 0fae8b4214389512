"""What the columns of `leads` and of `people` are made of."""

from collections.abc import Iterable

import dagster as dg

from lead_pipeline.components.account import AccountComponent
from lead_pipeline.components.lineage import Deps
from lead_pipeline.identity.evidence import COMPARED
from lead_pipeline.tables import GOLDEN_FIELDS, LEADS


def lineage_of_leads(accounts: Iterable[AccountComponent]) -> Deps:
    """Each column is the accounts' own; person_id is decided of what the rules compare."""
    loading = [[one.account, "leads"] for one in accounts]
    read = {column.name: (column.name,) for column in LEADS.columns} | {"person_id": COMPARED}
    return {
        column: [dg.TableColumnDep(key, name) for key in loading for name in names]
        for column, names in read.items()
    }


def lineage_of_people() -> Deps:
    """Of each field the enquiries' own, with the source and the time of the one that survives."""
    golden = {
        f"{column.name}{suffix}": name or column.name
        for column in GOLDEN_FIELDS
        for suffix, name in (("", ""), ("_source", "source"), ("_at", "created_at"))
    }
    counted = {
        "person_id": "person_id",
        "first_enquiry_at": "created_at",
        "last_enquiry_at": "created_at",
        "first_source": "source",
        "enquiries": "lead_id",
        "sources": "source",
        "enquiries_by_source": "source",
    }
    return {
        column: [dg.TableColumnDep("leads", name)] for column, name in (golden | counted).items()
    }
