-- Leads made from row numbers: the same ones in every run. Six in ten from Housing, four from
-- Aimbase; the person is drawn so that three quarters of the phones differ.
CREATE OR REPLACE TEMP MACRO drawn(i, salt, size) AS
    (md5_number_lower(concat(i, '/', salt)) % size)::INTEGER;

CREATE OR REPLACE TEMP TABLE staged AS
WITH drawn_leads AS (
    SELECT
        i,
        i % 10 < 6 AS housing,
        CASE WHEN drawn(i, 'again', 100) < 35 THEN drawn(i, 'person', :leads // 10) ELSE i + :leads END AS person,
        drawn(i, 'missing', 1000) AS missing
    FROM range(:leads) AS numbers(i)
), people AS (
    SELECT
        i,
        housing,
        person,
        drawn(person, 'way', 1000) AS way,
        missing,
        CASE
            WHEN housing THEN concat(
                ['98', '99', '97', '96', '95', '94', '93', '90', '88', '70', '63', '81'][1 + drawn(person, 'series', 12)],
                lpad(drawn(person, 'subscriber', 100000000)::VARCHAR, 8, '0')
            )
            ELSE concat(
                ['212', '305', '954', '561', '941', '813', '727', '206', '619', '713', '312', '416', '604', '231', '757', '410', '781', '401', '203', '987'][1 + drawn(person, 'area', 20)],
                2 + drawn(person, 'exchange', 8),
                lpad(drawn(person, 'line', 1000000)::VARCHAR, 6, '0')
            )
        END AS digits,
        ['Rahul', 'Priya', 'Amit', 'Sunita', 'Vikram', 'Anjali', 'Suresh', 'राहुल', 'Lakshmi', 'José', 'John', 'Mary', 'Linda', 'Robert', 'Jean-Luc', 'Emily'][1 + drawn(person, 'given', 16)] AS given,
        ['Sharma', 'Patel', 'Iyer', 'Reddy', 'Khan', 'Gupta', 'शर्मा', 'Nair', 'Smith', 'Johnson', 'O''Brien', 'Müller', 'Garcia', 'Brown', 'Lee', 'Wilson'][1 + drawn(person, 'family', 16)] AS family
    FROM drawn_leads
)
SELECT
    md5(i::VARCHAR) AS lead_id,
    md5(concat('content', i)) AS content_hash,
    md5(concat('body', i // 1000)) AS delivery_sha256,
    TIMESTAMPTZ '2026-11-20 12:00:00+00' AS requested_at,
    CASE WHEN housing THEN 'housing' ELSE 'aimbase' END AS source,
    CASE WHEN housing THEN 'housing' ELSE 'aimbase' END AS account,
    CASE WHEN housing THEN 'IN' ELSE 'US' END AS default_country,
    (i % 1000)::INTEGER AS record_index,
    TIMESTAMPTZ '2026-11-14 00:00:00+00' + to_seconds(i % 604800) AS created_at,
    CASE WHEN NOT housing THEN md5(concat('document', i)) END AS source_lead_id,
    NULL::TIMESTAMPTZ AS updated_at,
    CASE
        WHEN housing AND way % 40 = 0 THEN concat(given, '  ', family, ' ')
        WHEN housing THEN concat(given, ' ', family)
    END AS full_name_raw,
    CASE WHEN NOT housing THEN given END AS given_name_raw,
    CASE WHEN NOT housing THEN family END AS family_name_raw,
    NULL::VARCHAR AS company_raw,
    CASE
        WHEN missing < 120 THEN NULL
        WHEN missing < 150 THEN 'null'
        WHEN missing < 155 THEN 'test@test.com'
        WHEN way < 80 THEN concat(upper(left(md5(person::VARCHAR), 1)), substr(md5(person::VARCHAR), 2, 11), '@Gmail.com')
        WHEN way < 90 THEN concat(' ', left(md5(person::VARCHAR), 12), '@gmial.com')
        ELSE concat(left(md5(person::VARCHAR), 12), '.', person % 97, ['@gmail.com', '@yahoo.com', '@rediffmail.com', '@outlook.com'][1 + person % 4])
    END AS email_raw,
    CASE
        WHEN missing >= 980 THEN NULL
        WHEN missing >= 970 THEN '9999999999'
        WHEN missing >= 965 THEN left(digits, 7)
        WHEN way < 600 AND housing THEN digits
        WHEN way < 700 AND housing THEN concat('+91', digits)
        WHEN way < 800 AND housing THEN concat('+91-', digits)
        WHEN way < 850 AND housing THEN concat('91', digits)
        WHEN way < 900 AND housing THEN concat('0', digits)
        WHEN way < 950 AND housing THEN concat('+91 ', left(digits, 5), ' ', right(digits, 5))
        WHEN way < 970 AND housing THEN concat('0091', digits)
        WHEN way < 975 AND housing THEN concat('+97150', right(digits, 7))
        WHEN way < 976 AND housing THEN concat('+49 151 ', right(digits, 8))
        WHEN way < 985 AND housing THEN concat(digits, '.0')
        WHEN way < 990 AND housing THEN concat(digits, ' / 98', right(digits, 8))
        WHEN housing THEN concat('''', digits)
        WHEN way < 350 THEN digits
        WHEN way < 650 THEN concat('(', left(digits, 3), ') ', substr(digits, 4, 3), '-', right(digits, 4))
        WHEN way < 850 THEN concat(left(digits, 3), '-', substr(digits, 4, 3), '-', right(digits, 4))
        WHEN way < 900 THEN concat(left(digits, 3), '.', substr(digits, 4, 3), '.', right(digits, 4))
        WHEN way < 950 THEN concat('+1', digits)
        WHEN way < 980 THEN concat('1', digits)
        WHEN way < 985 THEN concat(digits, ' x', way)
        ELSE concat('1-', left(digits, 3), '-', substr(digits, 4, 3), '-', right(digits, 4))
    END AS phone_raw,
    CASE WHEN NOT housing AND way % 20 = 0 THEN concat('(', left(digits, 3), ') 555-', right(digits, 4)) END AS phone_2_raw,
    CASE WHEN housing AND way % 2 = 0 THEN '+91' END AS phone_country_code,
    CASE WHEN NOT housing THEN concat(person % 9000, ' Harbor View Drive') END AS address_line1_raw,
    CASE WHEN NOT housing AND way % 5 = 0 THEN concat('Apt ', way) END AS address_line2_raw,
    CASE WHEN housing THEN ['Mumbai', 'Pune', 'Bengaluru', 'Delhi'][1 + way % 4] ELSE ['Miami', 'Seattle', 'San Diego', 'Houston'][1 + way % 4] END AS city_raw,
    CASE WHEN NOT housing THEN ['FL', 'Washington', 'California', 'TX', 'Ontario'][1 + way % 5] END AS region_raw,
    CASE WHEN NOT housing THEN lpad((person % 99999)::VARCHAR, 5, '0') END AS postal_code_raw,
    CASE WHEN NOT housing THEN ['US', 'USA', 'United States', 'US', 'Canada'][1 + way % 5] END AS country_raw,
    CASE WHEN housing THEN 'property' ELSE 'boat' END AS interest_kind,
    CASE WHEN housing THEN (person % 5000)::VARCHAR END AS interest_id,
    CASE WHEN housing THEN concat('Lakeview Residency Phase ', person % 50) ELSE concat('Model ', person % 400, ' Cruiser') END AS interest_name,
    CASE WHEN housing THEN ['Andheri West', 'Baner', 'Whitefield', 'Dwarka'][1 + way % 4] END AS interest_locality,
    CASE WHEN NOT housing THEN 'Request a Brochure' ELSE 'buy' END AS request_type,
    CASE WHEN NOT housing THEN 'New' END AS status,
    'website' AS channel,
    CASE WHEN NOT housing THEN way % 3 = 0 END AS marketing_consent,
    CASE WHEN NOT housing AND way % 4 = 0 THEN concat('I would like to see the boat on the ', way % 28, 'th.', chr(10), 'Please call in the evening, and send the price list for the model with the larger engine.') END AS comments,
    concat('{"min_area":', way, ',"max_price":', person, ',"service_type":"buy"}') AS attributes
FROM people;
