"""From the described tables to DuckDB's DDL and comments."""

from collections.abc import Iterable

from lead_pipeline.records import Column
from lead_pipeline.tables import Table


def quoted(text: str) -> str:
    """A SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def column_list(columns: Iterable[Column]) -> str:
    """`name TYPE, name TYPE …` for a CREATE TABLE."""
    return ", ".join(f'"{column.name}" {column.type}' for column in columns)


def create_table(table: Table) -> str:
    """The statement that makes the table, if it is not there."""
    return f"CREATE TABLE IF NOT EXISTS {table.name} ({column_list(table.columns)});"


def add_columns(table: Table) -> str:
    """The statements that add what columns the table does not have yet."""
    return "".join(
        f'ALTER TABLE {table.name} ADD COLUMN IF NOT EXISTS "{column.name}" {column.type};'
        for column in table.columns
    )


def comments(table: Table, kind: str = "TABLE") -> str:
    """The statements that describe the table and each of its columns."""
    lines = [f"COMMENT ON {kind} {table.name} IS {quoted(table.meaning)};"]
    lines += [
        f'COMMENT ON COLUMN {table.name}."{column.name}" IS {quoted(column.meaning)};'
        for column in table.columns
    ]
    return "\n".join(lines)
