-- E-mail addresses. `emails`, `locals` and `domains` are the placeholders of placeholders.csv,
-- `meant_domain` the corrections of email_typos.csv.

-- Lower case; letters of any script stand for themselves (RFC 6531).
CREATE OR REPLACE TEMP MACRO is_email_shaped(text) AS
    regexp_full_match(
        text,
        '[{local_letters}-][{local_letters}''-]*(?:[.][{local_letters}''-]+)*@(?:[{domain_letters}](?:[{domain_letters}-]*[{domain_letters}])?[.])+(?:[{top_letters}]{2,}|xn--[a-z0-9-]*[a-z0-9])'
    );

CREATE OR REPLACE TEMP MACRO is_email_placeholder(email) AS
    regexp_matches(email, '^(?:{emails}|(?:{locals})@.*|.*@(?:{domains}))$');

-- `Name <a@b.c>` and `<mailto:a@b.c?subject=x>` give what is inside; of a list, the first.
CREATE OR REPLACE TEMP MACRO unwrapped_email(text) AS
    regexp_replace(
        regexp_extract(
            regexp_replace(
                regexp_replace(text, '^[^<]*<([^<>]*@[^<>]*)>.*$', '\1'),
                '^ *mailto:([^?]*).*$',
                '\1'
            ),
            '^[ ,;''"`(\[<]*([^ ,;]*)',
            1
        ),
        '[.:''"`)\]>]+$',
        ''
    );

-- What may be an address, in the form an address has; most are so but for capitals.
CREATE OR REPLACE TEMP MACRO email_text(raw) AS
    CASE
        WHEN regexp_full_match(raw, '[A-Za-z0-9@._+-]*[A-Za-z]') THEN lower(raw)
        ELSE unwrapped_email(nfc_normalize(lower(tidied_text(raw))))
    END;

-- Takes an email_text: whether one can write to it.
CREATE OR REPLACE TEMP MACRO is_email_address(text) AS
    is_email_shaped(text)
    AND strlen(text) <= 254
    AND strpos(text, '@') <= 65
    AND NOT is_email_placeholder(text);

CREATE OR REPLACE TEMP MACRO untagged_local(local_part) AS
    regexp_replace(local_part, '^([^+]+)[+].*$', '\1');

-- What two spellings of one mailbox have in common; takes an `email`, is shown to nobody.
-- Without the plus tag; without dots where the provider ignores them; with the domain meant.
CREATE OR REPLACE TEMP MACRO email_key(email) AS
    list_transform(
        [{'local_part': untagged_local(split_part(email, '@', 1)), 'domain': split_part(email, '@', 2)}],
        lambda parts: CASE {meant_domain}
            WHEN 'gmail.com' THEN replace(parts.local_part, '.', '') || '@gmail.com'
            ELSE parts.local_part || '@' || {meant_domain}
        END
    )[1];
