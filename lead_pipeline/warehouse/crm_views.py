"""From the described tables of the CRM to the views that are published under their names."""

from lead_pipeline.crm_tables import CRM_LINKS, CRM_VIEWS, LINKS, CrmView
from lead_pipeline.warehouse.tables import comments

_ID_LIST = """
CASE json_type(fields->'$.{field}')
    WHEN 'ARRAY' THEN fields->>'$.{field}[*]'
    ELSE [fields->>'$.{field}']
END
"""


def crm_views() -> str:
    """The statements that make and describe them."""
    return "".join([*map(create_view, CRM_VIEWS), _create_links()])


def create_view(view: CrmView) -> str:
    """The statements that make and describe one."""
    columns = ",\n    ".join(
        f'{value} AS "{column.name}"'
        for value, column in zip(view.values, view.table.columns, strict=True)
    )
    return (
        f"CREATE OR REPLACE VIEW {view.table.name} AS\nSELECT\n    {columns}\n"
        f"FROM core.objects\nWHERE kind = '{view.kind}';\n{comments(view.table, 'VIEW')}\n"
    )


def _create_links() -> str:
    said = "\nUNION ALL\n".join(
        "SELECT source, account, kind AS from_kind, natural_key AS from_id, "
        f"'{to_kind}' AS to_kind, unnest({_ID_LIST.format(field=field)}) AS to_id\n"
        f"FROM core.objects WHERE kind = '{kind}' AND vanished_at IS NULL"
        for kind, field, to_kind in LINKS
    )
    return (
        f"CREATE OR REPLACE VIEW {CRM_LINKS.name} AS\n"
        f"WITH said AS (\n{said}\n), links AS (SELECT * FROM said WHERE to_id IS NOT NULL)\n"
        "SELECT source, account, from_kind, from_id, to_kind, to_id FROM links\n"
        "UNION\n"
        "SELECT source, account, to_kind, to_id, from_kind, from_id FROM links;\n"
        f"{comments(CRM_LINKS, 'VIEW')}\n"
    )
