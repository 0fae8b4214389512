"""Staged leads, to the common lead schema."""

import pandas as pd

from lead_pipeline.normalise.phone_library import PhoneDecision, decide_phone
from lead_pipeline.normalise.reference import quoted_name, statement
from lead_pipeline.warehouse.session import Session

LIBRARY_ALONE = 1_000
"""Up to so many leads, asking the library of each phone costs less than compiling the plans."""


def normalise_leads(session: Session, staged: str = "staged", target: str = "normalised") -> None:
    """Make the temporary table `target` from `staged`; `install` has been called.

    `staged` has the columns of `records.ParsedLead` (but natural_key and key_version are not
    read), `lead_id`, `content_hash`, `source`, `account`, `default_country` (ISO alpha-2), and of
    the answer that held the record `delivery_sha256` and `requested_at`. `target` has `lead_id`,
    `content_hash`, what of `records.LEAD_COLUMNS` a record and its answer can tell, in that order,
    and `requested_at`, one row for each staged one.

    `country` is what the lead says; where it says nothing, the account's default country if the
    lead states that country's calling code, else null. A phone without an international prefix is
    read in the region of the calling code sent, else of the country sent, else the default's.
    """
    decide_phones(session, staged)
    session.run(statement("leads", staged=staged, target=target))
    session.run("DROP VIEW phone_values; DROP TABLE phone_decisions; DROP TABLE lead_places")


def decide_phones(session: Session, staged: str) -> int:
    """Make lead_places and phone_decisions; return how many phones the library was asked about."""
    ((leads,),) = session.rows(f"SELECT count(*) FROM {quoted_name(staged)}")
    session.run(statement("lead_places", staged=staged) + statement("phone_values", staged=staged))
    if leads > LIBRARY_ALONE:
        session.run(statement("phone_decisions"))
    else:
        session.run(statement("phone_undecided"))
    ((seconds,),) = session.rows("SELECT count(second) FROM phone_decisions")
    if seconds:
        session.run(statement("phone_seconds"))
    return _ask_library(session)


def _ask_library(session: Session) -> int:
    residue = session.frame(
        "SELECT raw, region, is_second, text, number, second FROM phone_decisions "
        "WHERE status IS NULL"
    )
    if not residue.empty:
        with session.offered("phone_residue", _decided(residue)):
            session.run(statement("phone_residue"))
    return len(residue)


def _decided(residue: pd.DataFrame) -> pd.DataFrame:
    decisions = pd.DataFrame(
        map(decide_phone, residue["text"], residue["region"]),
        columns=list(PhoneDecision._fields),
        index=residue.index,
    )
    return residue.join(decisions)
