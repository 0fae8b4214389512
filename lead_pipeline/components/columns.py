"""The columns that an asset shows: what each means, and what it is made of.

Dagster takes column lineage with each materialization, but its open-source pages have no view of
it. They show the description of each column, so that says it too, with a link to each asset.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import dagster as dg

from lead_pipeline.components.lineage import Deps, MadeOf
from lead_pipeline.records import Column
from lead_pipeline.tables import Table
from lead_pipeline.vendors.lineage import SentField
from lead_pipeline.warehouse import Session

_PERSONAL = {"personal": "true"}


def table_metadata(table: Table, deps: Deps | None = None) -> dict[str, Any]:
    """Name and columns of an asset that is a table."""
    rows = [(one.name, one.type.lower(), one.meaning, one.personal) for one in table.columns]
    return {
        "dagster/column_schema": _schema(rows, deps or {}),
        "dagster/table_name": table.name,
    }


def column_lineage(deps: Deps) -> dict[str, Any]:
    """What a materialization says of where its columns come from."""
    return {"dagster/column_lineage": dg.TableColumnLineage(deps)}


def built_columns(session: Session, schema: str, table: str, deps: Deps) -> dict[str, Any]:
    """Columns of a table whose own SQL describes it."""
    rows = session.rows(
        "SELECT column_name, lower(data_type), coalesce(comment, ''), false FROM duckdb_columns() "
        "WHERE schema_name = ? AND table_name = ? ORDER BY column_index",
        (schema, table),
    )
    return {"dagster/column_schema": _schema(rows, deps), **column_lineage(deps)}


def sent_columns(
    fields: Iterable[SentField], made_of: MadeOf, table: Table, prefix: str = ""
) -> list[dg.TableColumn]:
    """The vendor's own fields as columns, each with what becomes of it in the table."""
    becomes = {
        field.name: [one for one in table.columns if field.name in made_of.get(one.name, ())]
        for field in fields
    }
    return [
        dg.TableColumn(
            f"{prefix}{name}",
            "as sent",
            description=_becomes(columns, table),
            tags=_PERSONAL if is_personal(columns) else None,
        )
        for name, columns in becomes.items()
    ]


def is_personal(columns: Sequence[Column]) -> bool:
    """Whether what becomes of a field is; of a JSON, which holds much, only if that is all."""
    named = [column for column in columns if column.type != "JSON"]
    return any(column.personal for column in named or columns)


def _becomes(columns: Sequence[Column], table: Table) -> str:
    others_first = sorted(columns, key=lambda column: column.name == "lead_id")
    names = ", ".join(f"`{column.name}`" for column in others_first)
    return f"becomes {names} of `{table.name}`" if names else "ignored"


def _schema(rows: Iterable[tuple[str, str, str, bool]], deps: Deps) -> dg.TableSchema:
    """Of name, type, meaning and whether it is personal."""
    columns = [
        dg.TableColumn(
            name,
            kind,
            description=meaning + _origins(deps.get(name, ())),
            tags=_PERSONAL if personal else None,
        )
        for name, kind, meaning, personal in rows
    ]
    return dg.TableSchema(columns=columns)


def _origins(deps: Sequence[dg.TableColumnDep]) -> str:
    """A paragraph that says what a column is made of, with a link to each asset.

    Their colour alone would not tell links from the text around them.
    """
    by_asset: dict[str, list[str]] = {}
    for dep in deps:
        by_asset.setdefault(dep.asset_key.to_user_string(), []).append(f"`{dep.column_name}`")
    by_names: dict[str, list[str]] = {}
    for key, names in by_asset.items():
        by_names.setdefault(", ".join(names), []).append(f"*[{key}](/assets/{key})*")
    origins = "; ".join(f"{names} of {', '.join(assets)}" for names, assets in by_names.items())
    return f"\n\nfrom {origins}" if origins else ""
