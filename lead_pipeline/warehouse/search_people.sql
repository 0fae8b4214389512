-- People are numbered by their newest enquiry: of equally good matches the smallest number is it.
CREATE OR REPLACE TEMP TABLE search_people AS
SELECT
    CAST(row_number() OVER (ORDER BY last_enquiry_at DESC NULLS LAST, person_id) - 1 AS INTEGER) AS person,
    person_id,
    coalesce(full_name, email, phone, person_id) AS name
FROM people;
