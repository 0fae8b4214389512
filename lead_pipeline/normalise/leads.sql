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
        places.region,
        first_phone.phone,
        coalesce(first_phone.status, 'missing') AS phone_status,
        coalesce(second_phone.phone, other_phone.phone) AS another_phone
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
        clean_text(full_name_raw),
        clean_text(concat_ws(' ', clean_text(given_name_raw), clean_text(family_name_raw)))
    ) AS full_name,
    clean_text(given_name_raw) AS given_name,
    clean_text(family_name_raw) AS family_name,
    clean_text(company_raw) AS company,
    email_address(email_raw) AS email,
    email_raw,
    phone,
    phone_raw,
    phone_status,
    CASE WHEN another_phone IS DISTINCT FROM phone THEN another_phone END AS phone_2,
    clean_text(address_line1_raw) AS address_line1,
    clean_text(address_line2_raw) AS address_line2,
    clean_text(city_raw) AS city,
    region,
    upper(clean_text(postal_code_raw)) AS postal_code,
    country,
    clean_text(interest_kind) AS interest_kind,
    clean_text(interest_id) AS interest_id,
    clean_text(interest_name) AS interest_name,
    clean_text(interest_locality) AS interest_locality,
    clean_text(request_type) AS request_type,
    clean_text(status) AS status,
    clean_text(channel) AS channel,
    marketing_consent,
    clean_lines(comments) AS comments,
    attributes::JSON AS attributes,
    record_index
FROM joined;
