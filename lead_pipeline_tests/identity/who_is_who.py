"""The rules of identity, written once more, in plain Python."""

from collections.abc import Mapping
from typing import NamedTuple

from lead_pipeline.warehouse import Session


class Contact(NamedTuple):
    """How a lead can be reached."""

    phone: str | None = None
    phone_2: str | None = None
    email: str | None = None

    def keys(self) -> set[tuple[str, str]]:
        phones = {("phone", phone) for phone in (self.phone, self.phone_2) if phone}
        return phones | ({("e-mail", self.email)} if self.email else set())


Groups = set[frozenset[str]]


def connected(contacts: Mapping[str, Contact]) -> Groups:
    """Leads that share a key, directly or through others."""
    groups: list[tuple[set[str], set[tuple[str, str]]]] = []
    for lead, contact in contacts.items():
        leads, keys = {lead}, contact.keys()
        apart = []
        for group in groups:
            if group[1] & keys:
                leads |= group[0]
                keys |= group[1]
            else:
                apart.append(group)
        groups = [*apart, (leads, keys)]
    return {frozenset(leads) for leads, _ in groups}


def assigned(session: Session) -> dict[str, str]:
    """Person by natural key, which the tests write into source_lead_id."""
    return dict(session.rows("SELECT source_lead_id, person_id FROM leads"))


def forget(session: Session) -> None:
    """Leave the warehouse as it was made, as a rebuild finds it."""
    for table in (
        *("core.leads", "core.lead_history", "core.touched_leads", "core.assignments", "people"),
        *("core.past_assignments", "core.overrides", "core.override_leads", "core.evidence"),
        *("core.identity_leads", "core.identity_keys", "core.identity_clusters"),
    ):
        session.run(f"DELETE FROM {table}")
    session.run("UPDATE core.progress SET journal_bytes = 0, minted_people = 0")
    session.run(
        "UPDATE core.identity_state SET version = '', next_number = 1, leads = 0, checksum = 0"
    )


def groups_of(people: Mapping[str, str]) -> Groups:
    return {
        frozenset(lead for lead, its_person in people.items() if its_person == person)
        for person in people.values()
    }


def check_continuity(before: Mapping[str, str], after: Mapping[str, str], used: set[str]) -> None:
    """What must hold from one resolution to the next; `used` are all ids that ever were."""
    was, now = groups_of(before), groups_of(after)
    for group in now:
        (person,) = {after[lead] for lead in group}
        known = {before[lead] for lead in group if lead in before}
        assert person in known or person not in used, "an id is never given to others"
        whole = {person for person in known if _members(before, person) <= group}
        if whole:
            assert person <= min(whole), "the oldest of those who merged stays"
        if group in was:
            assert known == {person}, "who neither merged nor split keeps the id"
    for person in set(before.values()):
        stayed = [lead for lead in _members(before, person) if after[lead] == person]
        parts = {after[lead] for lead in _members(before, person)}
        assert stayed or person not in after.values()
        if len(parts) == 1 and parts != {person}:
            assert min(parts) < person, "who is merged goes to somebody older"


def _members(people: Mapping[str, str], person: str) -> set[str]:
    return {lead for lead, its_person in people.items() if its_person == person}
