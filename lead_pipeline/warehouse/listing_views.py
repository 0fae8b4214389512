"""From the described tables of listing copy to the views that are published under their names."""

from lead_pipeline.listing_tables import LISTING_VERSIONS, LISTINGS
from lead_pipeline.warehouse.crm_views import create_view
from lead_pipeline.warehouse.tables import comments

# Of two at one time the one that came later, whatever order they were loaded in.
_LISTINGS = f"""
CREATE OR REPLACE VIEW {LISTINGS.name} AS
WITH ranked AS (
    SELECT
        *,
        count(*) OVER (PARTITION BY property_id) AS versions,
        row_number() OVER (
            PARTITION BY property_id
            ORDER BY created_at DESC NULLS LAST, received_at DESC, generation_id
        ) AS place
    FROM {LISTING_VERSIONS.table.name}
    WHERE property_id IS NOT NULL AND event_type = 'property.generate-content'
), enquiries AS (
    SELECT interest_id, count(*) AS leads
    FROM core.enquiries
    WHERE interest_kind = 'property'
    GROUP BY interest_id
)
SELECT
    {", ".join(column.name for column in LISTINGS.columns[:-1])},
    coalesce(enquiries.leads, 0) AS leads
FROM ranked
LEFT JOIN enquiries ON enquiries.interest_id = ranked.property_id
WHERE place = 1;
"""


def listing_views() -> str:
    """The statements that make and describe them."""
    return create_view(LISTING_VERSIONS) + _LISTINGS + comments(LISTINGS, "VIEW") + "\n"
