"""Staged leads, to the common lead schema."""

import pandas as pd

from lead_pipeline.normalise.phone_library import decide_phone
from lead_pipeline.normalise.reference import statement
from lead_pipeline.warehouse.session import Session

LIBRARY_ALONE = 500
"""Up to so many different phones, asking the library costs less than compiling the plans."""


def normalise_leads(session: Session, staged: str = "staged", target: str = "normalised") -> None:
    """Make the temporary table `target` from `staged`; `install` has been called.

    `staged` has the columns of `records.ParsedLead` (but natural_key and key_version are not
    read), `lead_id`, `content_hash`, `source`, `account` and `default_country` (ISO alpha-2).
    `target` has `lead_id`, `content_hash` and what of `records.LEAD_COLUMNS` a record itself can
    tell, in that order, one row for each staged one.

    `country` is what the lead says; where it says nothing, the account's default country if the
    lead states that country's calling code, else null. A phone without an international prefix is
    read in the region of the calling code sent, else of the country sent, else the default's.
    """
    session.run(statement("lead_places", staged=staged))
    session.run(statement("phone_values", staged=staged))
    decide_phones(session)
    session.run(statement("leads", staged=staged, target=target))
    session.run("DROP TABLE lead_places; DROP TABLE phone_values; DROP TABLE phone_decisions")


def decide_phones(session: Session) -> int:
    """Make phone_decisions from phone_values: by the numbering plans in SQL, and by the library.

    Returns how many different numbers the library was asked about.
    """
    ((values, seconds),) = session.rows("SELECT count(*), count(second) FROM phone_values")
    if seconds:
        session.run(statement("phone_seconds"))
    session.run(statement("phone_decisions" if values > LIBRARY_ALONE else "phone_undecided"))
    residue = session.frame(
        "SELECT raw, region, is_second, text, number, second FROM phone_decisions WHERE status IS NULL"
    )
    if not residue.empty:
        with session.offered("phone_residue", _decided(residue)):
            session.run(statement("phone_residue"))
    return len(residue)


def _decided(residue: pd.DataFrame) -> pd.DataFrame:
    decisions = [
        decide_phone(text, region)
        for text, region in zip(residue["text"], residue["region"], strict=True)
    ]
    return residue.assign(
        phone=[decision.phone for decision in decisions],
        judgement=[decision.judgement for decision in decisions],
        national=[decision.national for decision in decisions],
    )
