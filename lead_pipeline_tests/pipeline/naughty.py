"""Texts that have broken somebody's pipeline."""

# ruff: noqa: RUF001 - letters that look like others are what this file is for

NAUGHTY: tuple[str, ...] = (
    # Spellings of nothing, of numbers and of programs' own words
    *("null", "NULL", "None", "nil", "undefined", "NaN", "Infinity", "true", "FALSE", "n/a", "-"),
    *("0", "-0", "1e400", "0x1F", "1_000", "1,000.00", "9" * 400, "1/0", "-1.7976931348623157e309"),
    *("[]", "{}", '{"$ne": null}', "[object Object]", "\\N", "NULL;", "constructor", "__proto__"),
    # Blanks, and what looks like nothing
    *(
        "",
        " ",
        "\t\r\n",
        "\u00a0",
        "\u3000 \u2003",
        "\u200b",
        "\ufeff",
        "\u2060",
        "\u180e",
        "\u3164",
    ),
    *(
        "two  blanks",
        "tab\there",
        "line\nbreak",
        "return\r\nline",
        "para\u2029graph",
        "next\u0085line",
    ),
    # Directions, joiners, marks that pile up
    *(
        "\u202eevil\u202c.txt",
        "\u200f\u05d0\u05d1\u200e ab",
        "\u2066isolated\u2069",
        "مرحبا 123 שלום",
    ),
    *("👩\u200d👩\u200d👧\u200d👦", "🏳️\u200d🌈", "👍🏽", "🇮🇳🇺🇸", "1️⃣", "क्\u200dष", "می\u200cخواهم"),
    *(
        "Z\u0351\u036b\u0343\u032aa\u0302\u0363l\u034a\u0364g\u030c\u0352o\u0300",
        "e\u0301",
        "\u00e9",
    ),
    *("\u1e9b\u0323", "\uac01", "\u1100\u1161\u11a8", "\u212b", "\ufb01", "½", "①", "ｆｕｌｌ"),
    # Letters that look alike, that change their length in another case, and from far planes
    *(
        "раураl",
        "ıİiI",
        "Straße STRASSE ﬀ",
        "Ω\u2126",
        "Σίσυφος",
        "田中さん",
        "𠜎𠜱",
        "𝕋𝕙𝕖",
        "\U0010fffd",
    ),
    *("\ufffd", "\ufffe", "\uffff", "\ufdd0", "\ue000", "\u034f", "\u061c", "\u0378"),
    # Other languages' words: SQL, HTML, XML, spreadsheets, templates, shells, paths, headers
    *(
        "'; DROP TABLE leads; --",
        "' OR '1'='1",
        "Robert'); DELETE FROM leads;--",
        "%s%d%n",
        "%",
        "_",
    ),
    *(
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "javascript:alert(1)",
        "&lt;b&gt;",
    ),
    *("]]>", "<![CDATA[x]]>", "<!--x-->", "<?x?>", "&amp;amp;", "&#0;", "<!ENTITY x 'y'>"),
    *("=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", '"quoted", "comma"', "semi;colon\ttab"),
    *(
        "{{7*7}}",
        "${7*7}",
        "#{7*7}",
        "<%= 7 %>",
        "{0}",
        "%(name)s",
        "$(reboot)",
        "`reboot`",
        "| true",
    ),
    *(
        "../../../etc/passwd",
        "..\\..\\windows",
        "C:\\nul",
        "file:///etc/passwd",
        "/dev/null",
        "CON",
    ),
    *("a\\", "\\u0041", "\\x00", "\\", "'", '"', "`", "\\'", '\\"', "a,b", "a|b", "x\x7fy", "\x1f"),
    # Long ones
    "long " * 2_000,
    "x" * 10_000,
    "e\u0301" * 5_000,
    "\u0301" * 1_000,
    "👍" * 2_500,
)

CONTROLS = (
    "nul\x00l",
    "é\x00é",
    "\x00",
    "bell\x07",
    "\x1b[31mred\x1b[0m",
    "back\x08space",
    "\x01\x02",
)
"""What JSON may hold and XML may not."""
