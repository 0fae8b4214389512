"""A person in words: their enquiries, what makes them one, and who they are not."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Told = Mapping[str, Any]
"""What `pipeline.people.explain_person` tells of one person."""


def lines_of(told: Told) -> Iterator[str]:
    """Line by line. Enquiries are numbered, so that what is said of two can be followed."""
    person, leads = told["person"], told["leads"]
    numbers = {lead["lead_id"]: number for number, lead in enumerate(leads, 1)}
    yield f"{person['person_id']}: {_known(person)}"
    yield f"  {len(leads)} {'enquiry' if len(leads) == 1 else 'enquiries'}:"
    for lead in leads:
        when = f"{lead['created_at']:%Y-%m-%d %H:%M}"
        yield f"  {numbers[lead['lead_id']]:>4}  {when} UTC, {lead['source']}: {_known(lead)}"
        yield f"        lead {lead['lead_id']}"
    yield from _links(told["links"], numbers)
    yield from _decisions(told)
    yield from _near_misses(told["near_misses"], numbers)
    yield from _next(told)


def _links(links: Sequence[Told], numbers: Mapping[str, int]) -> Iterator[str]:
    """Why they are one person, pair by pair: the surest first."""
    if not links:
        yield "  No other enquiry shares enough with it to be the same person's."
        return
    yield "  One person, because (1 would be certain):"
    pairs: dict[tuple[int, ...], list[Told]] = defaultdict(list)
    for link in links:
        pair = (numbers[link[name]] for name in ("lead_id", "linked_lead_id"))
        pairs[tuple(sorted(pair))].append(link)
    for (one, other), of_pair in pairs.items():
        reasons = "; ".join(link["reason"] for link in of_pair)
        yield f"  {one:>4} and {other}: {reasons} ({of_pair[0]['weight']:.3f})"
    versions = ", ".join(sorted({str(link["rules_version"]) for link in links}))
    yield f"  By the rules {versions}: docs/how-to/people.md."


def _decisions(told: Told) -> Iterator[str]:
    for event in told["events"]:
        undone = (
            f", taken back by {event['undone_by']}"
            if event["undone_by"]
            else f" (lead-pipeline people undo {event['event_id']} takes it back)"
        )
        yield (
            f"  {event['event_id']}: {event['kind']} by {event['made_by']} "
            f"{event['decided_at']:%Y-%m-%d %H:%M} UTC: {event['reason']}{undone}"
        )
    for ended in told["former_ids"]:
        yield f"  Was {ended['person_id']} until {ended['valid_from']:%Y-%m-%d %H:%M} UTC"


def _near_misses(near_misses: Sequence[Told], numbers: Mapping[str, int]) -> Iterator[str]:
    if near_misses:
        yield "  Somebody else, though something is the same:"
    for near in near_misses:
        yield (
            f"  {numbers[near['lead_id']]:>4} and {near['other_person_id']} "
            f"({near['other_name'] or 'no name'}): {near['reason']}"
        )
        yield f"        lead {near['other_lead_id']}"


def _next(told: Told) -> Iterator[str]:
    """What to type where that is wrong."""
    person_id = told["person"]["person_id"]
    if len(told["leads"]) > 1:
        yield f"  Not one person? lead-pipeline people split {person_id} LEAD... --reason ..."
    if told["near_misses"]:
        other = told["near_misses"][0]["other_person_id"]
        yield f"  The same after all? lead-pipeline people merge {person_id} {other} --reason ..."


def _known(row: Told) -> str:
    known = (row[field] for field in ("full_name", "phone", "email", "city"))
    return ", ".join(str(value) for value in known if value) or "nothing known"
