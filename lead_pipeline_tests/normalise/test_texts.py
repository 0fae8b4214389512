from lead_pipeline.warehouse.session import Session
from lead_pipeline_tests.normalise.staging import normalised

PERSIAN = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
NAMES = (
    ("Rahul Sharma", "Rahul Sharma"),
    ("  Rahul \u00a0\t Sharma\n", "Rahul Sharma"),
    ("Rahul\u200bSharma", "RahulSharma"),
    ("Rahul \u200b Sharma", "Rahul Sharma"),
    ("\ufeffRahul\u3000Sharma", "Rahul Sharma"),
    ("rAHUL sharma", "rAHUL sharma"),
    ("Jose\u0301", "José"),
    ("Zoë Núñez-O'Brien", "Zoë Núñez-O'Brien"),
    ("राहुल शर्मा", "राहुल शर्मा"),
    ("क्\u200dष", "क्\u200dष"),
    (
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    ),
    ("ന്\u200d", "ന്\u200d"),
    ("\u200dRahul", "Rahul"),
    ("Jos\u00e9\x00Nu\u00f1ez", "Jos\u00e9 Nu\u00f1ez"),
    ("\x00", None),
    ("李 雷", "李 雷"),
    ("Rahul 😀", "Rahul 😀"),
    ("X", "X"),
    ("Nan", "Nan"),
    ("Na", "Na"),
    ("Nullah", "Nullah"),
    ("A | B", "A | B"),
    ("A  | B", "A | B"),
    ("null", None),
    ("NULL", None),
    (" n/a ", None),
    ("-", None),
    ("---", None),
    ("", None),
    (" \u00a0", None),
    ("\u200d", None),
    (None, None),
)


def test_name(session: Session) -> None:
    leads = [{"full_name_raw": written} for written, _ in NAMES]
    rows = normalised(session, leads, ("full_name",))
    assert [(written, *row) for (written, _), row in zip(NAMES, rows, strict=True)] == list(NAMES)


PARTS = (
    (None, " Rahul ", "Sharma", ("Rahul Sharma", "Rahul", "Sharma")),
    ("null", "Rahul", "Sharma", ("Rahul Sharma", "Rahul", "Sharma")),
    (None, "Rahul", "n/a", ("Rahul", "Rahul", None)),
    (None, None, "Sharma", ("Sharma", None, "Sharma")),
    (None, "-", "null", (None, None, None)),
    ("R. Sharma", "Rahul", "Sharma", ("R. Sharma", "Rahul", "Sharma")),
)


def test_full_name_from_its_parts(session: Session) -> None:
    leads = [
        {"full_name_raw": full, "given_name_raw": given, "family_name_raw": family}
        for full, given, family, _ in PARTS
    ]
    rows = normalised(session, leads, ("full_name", "given_name", "family_name"))
    assert rows == [expected for *_, expected in PARTS]


COMMENTS = (
    ("One\nTwo", "One\nTwo"),
    ("One \r\n  Two\rThree\u2028Four", "One\nTwo\nThree\nFour"),
    (" One  two\t three \n", "One two three"),
    ("One\n\nTwo", "One\n\nTwo"),
    ("One|  |Two", "One| |Two"),
    ("\n \n", None),
    ("null", None),
    (None, None),
)


def test_comments_keep_their_lines(session: Session) -> None:
    rows = normalised(session, [{"comments": written} for written, _ in COMMENTS], ("comments",))
    assert rows == [(comments,) for _, comments in COMMENTS]


TEXT_COLUMNS = (
    ("company_raw", "company"),
    ("address_line1_raw", "address_line1"),
    ("address_line2_raw", "address_line2"),
    ("city_raw", "city"),
    ("region_raw", "region"),
    ("interest_kind", "interest_kind"),
    ("interest_id", "interest_id"),
    ("interest_name", "interest_name"),
    ("interest_locality", "interest_locality"),
    ("request_type", "request_type"),
    ("status", "status"),
    ("channel", "channel"),
)


def test_every_text_column_is_cleaned_into_itself(session: Session) -> None:
    """Each lead has text in one column alone, so that no column can get another's."""
    written = (" Two  words\u00a0", "plain", " ")
    leads = [{raw: text} for raw, _ in TEXT_COLUMNS for text in written]
    columns = [column for _, column in TEXT_COLUMNS]
    expected = [
        tuple(text if column == own else None for column in columns)
        for own in columns
        for text in ("Two words", "plain", None)
    ]
    assert normalised(session, leads, columns) == expected


def test_postal_code_is_upper_case(session: Session) -> None:
    leads = [{"postal_code_raw": text} for text in (" k1a  0b1 ", "560001", "")]
    assert normalised(session, leads, ("postal_code",)) == [("K1A 0B1",), ("560001",), (None,)]
