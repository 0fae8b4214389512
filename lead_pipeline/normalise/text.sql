-- Text as people type and paste it. `blank` is a pattern of the spellings that say nothing
-- (placeholders.csv, kind blank). A macro names its parameter as seldom as it can: DuckDB writes
-- the argument out at each place, and nested macros multiply.

-- Marks that take no room and join nothing: soft hyphen, zero-width space, direction marks, byte
-- order mark. The joiners U+200C and U+200D stay: Indic and Persian words are spelt with them.
-- NUL becomes a blank here already: at it nfc_normalize would end the text.
CREATE OR REPLACE TEMP MACRO without_invisible(text) AS translate(text, chr(0) || '{invisible}', ' ');

-- NFC; every run of blanks of any kind is one space, and none is outside. A joiner after a blank
-- joins nothing and goes with it.
CREATE OR REPLACE TEMP MACRO tidied_text(text) AS
    trim(
        regexp_replace(
            nfc_normalize(without_invisible(text)),
            '(?:^[\x{200C}\x{200D}]|[{blank_marks} \n])[{blank_marks} \n\x{200C}\x{200D}]*',
            ' ',
            'g'
        )
    );

-- The same, but a run of blanks with a line break in it stays one line break.
CREATE OR REPLACE TEMP MACRO tidied_lines(text) AS
    trim(
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    nfc_normalize(without_invisible(text)),
                    '\r\n|[\r\x{0B}\x{0C}\x{85}\x{2028}\x{2029}]',
                    chr(10),
                    'g'
                ),
                '(?:^[\x{200C}\x{200D}]|[{blank_marks} ])[{blank_marks} \x{200C}\x{200D}]*',
                ' ',
                'g'
            ),
            ' ?\n[ \x{200C}\x{200D}]*',
            chr(10),
            'g'
        ),
        chr(10) || ' '
    );

CREATE OR REPLACE TEMP MACRO unless_blank(text) AS
    nullif(regexp_replace(text, '^(?i:{blank})$', ''), '');

-- One line of text; null where it says nothing. Nearly all text is tidy: one expression sees that.
CREATE OR REPLACE TEMP MACRO clean_text(text) AS
    CASE
        WHEN NOT regexp_matches(text, '^ |  | $|[{untidy_marks}\n]|^(?i:{blank})?$')
            THEN nfc_normalize(text)
        ELSE unless_blank(tidied_text(text))
    END;

-- The same, with the line breaks kept.
CREATE OR REPLACE TEMP MACRO clean_lines(text) AS
    CASE
        WHEN NOT regexp_matches(text, '^[ \n]| [ \n]|\n | $|\n$|[{untidy_marks}]|^(?i:{blank})?$')
            THEN nfc_normalize(text)
        ELSE unless_blank(tidied_lines(text))
    END;

-- Whether texts joined by `|` are all tidy in themselves; a bar inside one can only say no. The
-- first expression lets through letters that NFC leaves alone, for NFC is slow.
CREATE OR REPLACE TEMP MACRO are_tidy(texts) AS
    CASE
        WHEN NOT regexp_matches(
            texts, '(?:^|[|])(?: |(?i:{blank})?(?:[|]|$))|  | (?:[|]|$)|[^ -~{inert_letters}]'
        )
            THEN true
        WHEN regexp_matches(
            texts, '(?:^|[|])(?: |(?i:{blank})?(?:[|]|$))|  | (?:[|]|$)|[{untidy_marks}\n]'
        )
            THEN false
        ELSE texts = nfc_normalize(texts)
    END;

CREATE OR REPLACE TEMP MACRO fold_accents(text) AS strip_accents(text);

-- The form in which spellings of countries and regions are compared.
CREATE OR REPLACE TEMP MACRO fold_spelling(text) AS
    regexp_replace(
        fold_accents(lower(nfc_normalize(text))), '^the |[^a-z0-9\x{80}-\x{1FFF}\x{2C00}-\x{10FFFF}]', '', 'g'
    );
