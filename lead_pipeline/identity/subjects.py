"""Whom somebody means by a lead, a person, a phone or an e-mail."""

import re

from lead_pipeline.errors import ConfigError
from lead_pipeline.warehouse import Session

_BETWEEN_DIGITS = re.compile(r"[\s().-]+")

BY_LEAD = "SELECT lead_id FROM core.assignments WHERE lead_id = $subject"
BY_PERSON = "SELECT lead_id FROM core.assignments WHERE person_id = $subject ORDER BY lead_id"
# An id that ended: the enquiries that it had last, wherever they are now.
BY_FORMER = """
SELECT lead_id FROM core.past_assignments
WHERE person_id = $subject AND ended_at = (
    SELECT max(ended_at) FROM core.past_assignments WHERE person_id = $subject
)
ORDER BY lead_id
"""
BY_PHONE = """
SELECT lead_id FROM core.enquiries
WHERE $subject IN (phone, phone_2) AND lead_id IN (SELECT lead_id FROM core.assignments)
ORDER BY lead_id
"""
BY_EMAIL = """
SELECT lead_id FROM core.enquiries
WHERE email_key(email) = email_key(lower($subject))
    AND lead_id IN (SELECT lead_id FROM core.assignments)
ORDER BY lead_id
"""


def leads_meant(session: Session, subject: str) -> list[str]:
    """The leads of a lead id, a person id, a phone with its country code, or an e-mail.

    Raises ConfigError where nobody is meant. Needs the macro `email_key`.
    """
    subject = subject.strip()
    if subject.startswith("+"):
        subject = _BETWEEN_DIGITS.sub("", subject)
    found: list[str] = []
    for statement in _ways(subject):
        found = found or [lead_id for (lead_id,) in session.rows(statement, {"subject": subject})]
    if not found:
        raise ConfigError(
            "no enquiry has that lead id, person id, phone or e-mail",
            state="nothing was changed",
            next_step="lead-pipeline people explain with a lead_id or person_id of leads.duckdb, a "
            "phone with its country code such as +919812345678, or an e-mail; who has a name, ask "
            'the people table: lead-pipeline export --sql "FROM people WHERE full_name ILIKE '
            "'%asha%'\" people.csv",
        )
    return found


def persons_of(session: Session, leads: list[str]) -> list[str]:
    """Who these leads belong to."""
    rows = session.rows(
        "SELECT DISTINCT person_id FROM core.assignments WHERE lead_id IN "
        "(SELECT unnest($leads)) ORDER BY person_id",
        {"leads": leads},
    )
    return [person for (person,) in rows]


def _ways(subject: str) -> tuple[str, ...]:
    if re.fullmatch(r"P\d{9,}", subject):
        return (BY_PERSON, BY_FORMER)
    if subject.startswith("+"):
        return (BY_PHONE,)
    return (BY_EMAIL,) if "@" in subject else (BY_LEAD,)
