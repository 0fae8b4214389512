import pytest

from lead_pipeline.warehouse.session import Session
from lead_pipeline_tests.normalise.staging import normalised

WRITTEN = (
    ("rahul.k@gmail.com", "rahul.k@gmail.com"),
    ("  Rahul.K@Gmail.COM ", "rahul.k@gmail.com"),
    ("Rahul.K@Gmail.COM", "rahul.k@gmail.com"),
    ("mailto:rahul@x.in", "rahul@x.in"),
    ("MAILTO:Rahul@x.in?subject=Flat", "rahul@x.in"),
    ("Rahul Sharma <Rahul@x.in>", "rahul@x.in"),
    ('"Sharma, Rahul" <rahul@x.in>', "rahul@x.in"),
    ("<rahul@x.in>", "rahul@x.in"),
    ("rahul@x.in.", "rahul@x.in"),
    ("rahul@x.in,", "rahul@x.in"),
    ("rahul@x.in; priya@x.in", "rahul@x.in"),
    ("rahul@x.in,priya@x.in", "rahul@x.in"),
    ("'rahul@x.in'", "rahul@x.in"),
    ("(rahul@x.in)", "rahul@x.in"),
    ("rahul\u200b@x.in", "rahul@x.in"),
    ("\u00a0rahul@x.in\u00a0", "rahul@x.in"),
    ("rahul+flat@x.in", "rahul+flat@x.in"),
    ("o'brien@x.co.uk", "o'brien@x.co.uk"),
    ("rahul@gmial.com", "rahul@gmial.com"),
    ("राहुल@डाटामेल.भारत", "राहुल@डाटामेल.भारत"),
    ("JOSÉ@ejemplo.es", "josé@ejemplo.es"),
    ("jose\u0301@ejemplo.es", "josé@ejemplo.es"),
    ("a@xn--bcher-kva.example", "a@xn--bcher-kva.example"),
    ("info@x.in", "info@x.in"),
    (None, None),
    ("", None),
    ("null", None),
    ("rahul", None),
    ("rahul@", None),
    ("@x.in", None),
    ("rahul@x", None),
    ("rahul@x..in", None),
    ("rahul..k@x.in", None),
    (".rahul@x.in", None),
    ("rahul@-x.in", None),
    ("rahul@x-.in", None),
    ("rahul@@x.in", None),
    ("rahul sharma@", None),
    ("rahul@10.0.0.1", None),
    ("a" * 65 + "@x.in", None),
    ("a@" + "x" * 260 + ".in", None),
    ("test@test.com", None),
    ("Test@Test.com", None),
    ("<na@na.com>", None),
    ("noreply@housing.example", None),
    ("No-Reply@x.in", None),
    ("rahul@noemail.com", None),
)


def test_email(session: Session) -> None:
    rows = normalised(session, [{"email_raw": text} for text, _ in WRITTEN], ("email_raw", "email"))
    assert rows == list(WRITTEN)


@pytest.mark.parametrize(
    ("email", "key"),
    [
        ("rahul.k+flat@gmail.com", "rahulk@gmail.com"),
        ("rahul.k@googlemail.com", "rahulk@gmail.com"),
        ("rahul.k@gmial.com", "rahulk@gmail.com"),
        ("rahul.k+a+b@yahoo.com", "rahul.k@yahoo.com"),
        ("rahul.k@yaho.com", "rahul.k@yahoo.com"),
        ("+rahul@x.in", "+rahul@x.in"),
        ("rahul@x.in", "rahul@x.in"),
        (None, None),
    ],
)
def test_email_key(session: Session, email: str | None, key: str | None) -> None:
    assert session.rows("SELECT email_key(?)", [email]) == [(key,)]
