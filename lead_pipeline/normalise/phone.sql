-- Phones as people write them. `phones` and `blank_phone` come from placeholders.csv.

CREATE OR REPLACE TEMP MACRO ascii_digits(text) AS
    CASE
        WHEN strlen(text) = length(text) THEN text
        ELSE translate(
            text,
            '＋०१२३४५६७८९٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹０１２３４５６７８９',
            '+0123456789012345678901234567890123456789'
        )
    END;

-- From the first digit or plus on, as the library reads it; `98…10.0` is a spreadsheet's number;
-- two whole numbers with only a blank between them are two.
CREATE OR REPLACE TEMP MACRO tidied_phone(raw) AS
    regexp_replace(
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    regexp_replace(ascii_digits(raw), '\p{Cf}', '', 'g'), '[\p{Zs}\t]+', ' ', 'g'
                ),
                '(?s:^[^+0-9]+)|\s+$',
                '',
                'g'
            ),
            '^([+]?[0-9]{7,15})[.]0+$',
            '\1'
        ),
        '^([+]?[0-9]{10,13}) ([+]?[0-9]{10,13})$',
        '\1/\2'
    );

CREATE OR REPLACE TEMP MACRO phone_text(raw) AS
    CASE
        WHEN regexp_full_match(raw, '[+]?[(]?[0-9][0-9 ().-]*[0-9]')
            AND strlen(raw) <= 20
            AND NOT contains(raw, '.0')
            THEN raw
        ELSE tidied_phone(raw)
    END;

-- `a / b`, `a, b`, `a or b`: part 1 and part 2, where part 1 has the seven digits of a number;
-- of other text both are empty.
CREATE OR REPLACE TEMP MACRO phone_part(text, part) AS
    regexp_extract(
        text,
        '(?is)^((?:[^0-9]*[0-9]){7,}?[^0-9/,;|&\n]*?) *(?:[/,;|&\n]| or | and )(.*)$',
        part
    );

-- Digits with a plus where one was written; null for what only the library can read.
CREATE OR REPLACE TEMP MACRO phone_number(text) AS
    CASE
        WHEN regexp_full_match(text, '[+]?[0-9]+') THEN text
        WHEN regexp_full_match(text, '[+]?[(]?[0-9][0-9 ().-]*')
            THEN regexp_replace(text, '[ ().-]', '', 'g')
    END;

-- Takes a phone without a digit in it.
CREATE OR REPLACE TEMP MACRO is_phone_blank(raw) AS
    regexp_full_match(raw, '(?is:[\pZ\pC]*(?:{blank}|{blank_phone})?[\pZ\pC]*)');

CREATE OR REPLACE TEMP MACRO is_phone_placeholder(digits) AS
    regexp_full_match(digits, '0+|1+|2+|3+|4+|5+|6+|7+|8+|9+|{phones}');

-- The published status, from what the plans or the library said of it.
CREATE OR REPLACE TEMP MACRO phone_status(raw, text, number, national, judgement) AS
    CASE
        WHEN judgement IS NULL THEN NULL
        WHEN is_phone_placeholder(national) THEN 'placeholder'
        WHEN judgement = 'valid' THEN 'valid'
        WHEN is_phone_placeholder(ltrim(number, '+')) THEN 'placeholder'
        WHEN text = '' AND is_phone_blank(raw) THEN 'missing'
        ELSE judgement
    END;
