-- The common lead schema (lead_pipeline/records.py), row for row of what was staged.
CREATE OR REPLACE TEMP TABLE :target AS
WITH phones AS (
    SELECT
        raw,
        region,
        is_second,
        second,
        status,
        CASE WHEN status IN ('valid', 'possible') THEN phone END AS phone
    FROM phone_decisions
), joined AS (
    SELECT
        staged.*,
        places.country,
        places.region AS region_text,
        first_phone.phone,
        coalesce(first_phone.status, 'missing') AS phone_status,
        coalesce(second_phone.phone, other_phone.phone) AS another_phone,
        are_tidy(
            concat_ws(
                '|',
                staged.full_name_raw, staged.given_name_raw, staged.family_name_raw, staged.company_raw, staged.address_line1_raw,
                staged.address_line2_raw, staged.city_raw, staged.postal_code_raw, staged.interest_kind, staged.interest_id,
                staged.interest_name, staged.interest_locality, staged.request_type, staged.status, staged.channel
            )
        ) AS is_tidy
    FROM :staged AS staged
    JOIN lead_places AS places
        ON places.country_raw IS NOT DISTINCT FROM staged.country_raw
        AND places.region_raw IS NOT DISTINCT FROM staged.region_raw
        AND places.phone_country_code IS NOT DISTINCT FROM staged.phone_country_code
        AND places.default_country IS NOT DISTINCT FROM staged.default_country
    LEFT JOIN phones AS first_phone
        ON first_phone.raw = staged.phone_raw
        AND first_phone.region = places.phone_region
        AND NOT first_phone.is_second
    LEFT JOIN phones AS second_phone
        ON second_phone.raw = staged.phone_2_raw
        AND second_phone.region = places.phone_region
        AND second_phone.is_second
    LEFT JOIN phones AS other_phone
        ON other_phone.raw = first_phone.second
        AND other_phone.region = places.phone_region
        AND other_phone.is_second
), swept AS (
    -- The untidy leads' texts in one list, so that the expressions are compiled once, not per
    -- column; below, each column takes its place of it.
    SELECT
        *,
        CASE
            WHEN NOT is_tidy THEN list_transform(
                [
                    full_name_raw,
                    given_name_raw,
                    family_name_raw,
                    company_raw,
                    address_line1_raw,
                    address_line2_raw,
                    city_raw,
                    postal_code_raw,
                    interest_kind,
                    interest_id,
                    interest_name,
                    interest_locality,
                    request_type,
                    status,
                    channel
                ],
                lambda text: unless_blank(tidied_text(text))
            )
        END AS tidied
    FROM joined
), tidy AS (
    SELECT
        lead_id,
        content_hash,
        source,
        account,
        source_lead_id,
        created_at,
        updated_at,
        CASE WHEN is_tidy THEN full_name_raw ELSE tidied[1] END AS full_name,
        CASE WHEN is_tidy THEN given_name_raw ELSE tidied[2] END AS given_name,
        CASE WHEN is_tidy THEN family_name_raw ELSE tidied[3] END AS family_name,
        CASE WHEN is_tidy THEN company_raw ELSE tidied[4] END AS company,
        email_text(email_raw) AS email_text,
        email_raw,
        phone,
        phone_raw,
        phone_status,
        another_phone,
        CASE WHEN is_tidy THEN address_line1_raw ELSE tidied[5] END AS address_line1,
        CASE WHEN is_tidy THEN address_line2_raw ELSE tidied[6] END AS address_line2,
        CASE WHEN is_tidy THEN city_raw ELSE tidied[7] END AS city,
        region_text AS region,
        CASE WHEN is_tidy THEN postal_code_raw ELSE tidied[8] END AS postal_code,
        country,
        CASE WHEN is_tidy THEN interest_kind ELSE tidied[9] END AS interest_kind,
        CASE WHEN is_tidy THEN interest_id ELSE tidied[10] END AS interest_id,
        CASE WHEN is_tidy THEN interest_name ELSE tidied[11] END AS interest_name,
        CASE WHEN is_tidy THEN interest_locality ELSE tidied[12] END AS interest_locality,
        CASE WHEN is_tidy THEN request_type ELSE tidied[13] END AS request_type,
        CASE WHEN is_tidy THEN status ELSE tidied[14] END AS status,
        CASE WHEN is_tidy THEN channel ELSE tidied[15] END AS channel,
        marketing_consent,
        comments,
        attributes,
        delivery_sha256,
        record_index,
        requested_at
    FROM swept
)
SELECT
    lead_id,
    content_hash,
    source,
    account,
    source_lead_id,
    created_at,
    updated_at,
    coalesce(
        full_name,
        CASE WHEN given_name IS NULL THEN family_name ELSE given_name || coalesce(' ' || family_name, '') END
    ) AS full_name,
    given_name,
    family_name,
    company,
    CASE WHEN is_email_address(email_text) THEN email_text END AS email,
    email_raw,
    phone,
    phone_raw,
    phone_status,
    CASE WHEN another_phone IS DISTINCT FROM phone THEN another_phone END AS phone_2,
    address_line1,
    address_line2,
    city,
    region,
    upper(postal_code) AS postal_code,
    country,
    interest_kind,
    interest_id,
    interest_name,
    interest_locality,
    request_type,
    status,
    channel,
    marketing_consent,
    clean_lines(comments) AS comments,
    attributes::JSON AS attributes,
    delivery_sha256,
    record_index,
    requested_at
FROM tidy;
