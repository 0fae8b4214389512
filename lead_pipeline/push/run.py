"""One push of one account: choose, send, and show what came of it."""

import logging
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, fields

from lead_pipeline.errors import (
    ConfigError,
    EnvironmentMismatch,
    PipelineError,
    VendorError,
    VendorUnavailable,
)
from lead_pipeline.landing import environments_of
from lead_pipeline.landing.lock import HeldError, held
from lead_pipeline.outbox import Kind, State
from lead_pipeline.pipeline.account import Account
from lead_pipeline.pipeline.fetch import MonotonicDeadline
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.pipeline.outcome import publish_snapshot, resolve_people, settle
from lead_pipeline.pipeline.report import write_report
from lead_pipeline.push.circuit import Circuit, GivenUpError
from lead_pipeline.push.dry import DryJournal, DryWriter, Planned
from lead_pipeline.push.items import Item, Items
from lead_pipeline.push.lookup import LookUp
from lead_pipeline.push.merges import Merge, merges_of
from lead_pipeline.push.outbox import Outbox
from lead_pipeline.push.people import Chosen, Person, choose
from lead_pipeline.push.schema import read_schema
from lead_pipeline.push.settings import Mode, PushSettings
from lead_pipeline.push.work import Work
from lead_pipeline.records import Subject
from lead_pipeline.vendors.contract import Deadline
from lead_pipeline.vendors.qontak import QontakClient, Writer

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PushOutcome:
    """How a push went. `failure` says why it stopped early; what was left waits.

    `rows` counts the rows of the people concerned by kind and state; `planned` is what a dry run
    would have sent; `merges` what a human should look at in the CRM.
    """

    people: int
    rows: Counter[tuple[str, str]]
    planned: tuple[Planned, ...]
    merges: tuple[Merge, ...]
    failure: str | None


def push(folder: DataFolder, account: Account, settings: PushSettings) -> PushOutcome:
    """Bring everybody with a new enquiry into the account's CRM, as the mode says.

    Raises EnvironmentMismatch, ConfigError, WarehouseBusy, JournalError.
    """
    refuse_other_environments(folder, account)
    client = account.require_client()
    if not isinstance(client, QontakClient):
        raise ConfigError(
            "only a Qontak account can be pushed to",
            state="nothing was asked and nothing was written",
            next_step="take the push block out of its defs.yaml",
            subject=Subject(account.vendor.source, account.name),
        )
    try:
        with closing(client), held(folder.path / "push" / f"{account.name}.lock", "the push"):
            return _push(folder, account, client, settings)
    except HeldError as other:
        raise VendorUnavailable(
            f"{other.holder} is pushing, so this one did not",
            state="nothing was written; what the other one sends is sent once",
            next_step=f"wait for it to end, then lead-pipeline push --account {account.name}",
            subject=client.subject(),
        ) from None


def refuse_other_environments(folder: DataFolder, account: Account) -> None:
    """Raise EnvironmentMismatch where the folder holds anything of another environment."""
    known = {*environments_of(folder.path)}
    if known != {account.environment}:
        others = sorted(known - {account.environment}) or ["no environment that it names"]
        raise EnvironmentMismatch(
            f"the folder {folder.path} holds data of {' and '.join(others)}, "
            f"and this account is of {account.environment}: it is not pushed there",
            state="nothing was asked and nothing was written",
            next_step="set LEAD_PIPELINE_DATA_DIR to a folder that holds data of "
            f"{account.environment} alone, then lead-pipeline push --account {account.name}",
            subject=Subject(account.vendor.source, account.name),
        )


def _push(
    folder: DataFolder, account: Account, client: QontakClient, settings: PushSettings
) -> PushOutcome:
    is_dry = settings.mode is not Mode.ON
    resolve_people(folder)
    source = account.vendor.source
    with folder.warehouse.open() as session:
        chosen = choose(session, source, account.name, settings.start(folder.clock()))
        merges = merges_of(session, account.name)
    deadline = MonotonicDeadline(settings.deadline_seconds)
    writer = _dry(client.writer()) if is_dry else client.writer()
    journal = DryJournal(folder.journal.path) if is_dry else folder.journal
    outbox = Outbox(journal, folder.clock, (source, account.name), chosen.rows, chosen.owners)
    failure = _all(writer, client, settings, chosen, outbox, deadline) if chosen.people else None
    if outbox.written and not is_dry:
        merges = _show(folder, account.name)
    return PushOutcome(
        people=len(chosen.people),
        rows=Counter((row.kind, row.state) for row in outbox.rows.values()),
        planned=tuple(writer.planned) if isinstance(writer, DryWriter) else (),
        merges=tuple(merges),
        failure=failure,
    )


def _all(
    writer: Writer,
    client: QontakClient,
    settings: PushSettings,
    chosen: Chosen,
    outbox: Outbox,
    deadline: Deadline,
) -> str | None:
    """Do all the work; why it stopped early, None where it did not."""
    try:
        schema = read_schema(writer, settings, client.subject(), deadline)
        work = Work(
            writer=writer,
            look_up=LookUp(writer, client.reading["default_country"], deadline),
            outbox=outbox,
            items=Items(client.account, settings, schema),
            settings=settings,
            chosen=chosen,
            circuit=Circuit(settings.give_up_after, deadline),
        )
        outbox.decide(_undecided(work))
        for person in sorted(chosen.people, key=lambda one: _turn(outbox, one)):
            work.do(person)
    except GivenUpError as reason:
        logger.error("%s: the push stopped: %s", client.account, reason)
        return f"{reason}; what was not sent waits for the next run"
    except VendorError as error:
        logger.error("%s", error)
        return str(error)
    return None


def _turn(outbox: Outbox, person: Person) -> tuple[bool, int]:
    """Whose contact may be in the CRM comes first: that is known before others are looked up.

    Who was tried in vain comes last, so that they keep nobody waiting.
    """
    row = outbox.contact_of(person.person_id)
    is_open = row is not None and row.state == State.SENT
    return not is_open, row.attempts if row is not None and row.state == State.WAITING else 0


def _undecided(work: Work) -> list[Item]:
    """What is to be sent and is not written down yet."""
    found = []
    for person in work.chosen.people:
        row = work.outbox.contact_of(person.person_id)
        contact = [] if row else [work.outbox.new_contact_id(person.person_id)]
        found += [work.items.contact(person, push_id) for push_id in contact]
        found += [work.items.deal(person, enquiry) for enquiry in person.enquiries]
    return [item for item in found if item.hold is None and item.push_id not in work.outbox.rows]


def _dry(writer: Writer) -> DryWriter:
    return DryWriter(**{one.name: getattr(writer, one.name) for one in fields(writer)})


def _show(folder: DataFolder, account: str) -> list[Merge]:
    """Let the warehouse and the snapshot have what the journal says now."""
    with folder.warehouse.open() as session:
        settle(folder, session)
        merges = merges_of(session, account)
    publish_snapshot(folder)
    try:
        write_report(folder)
    except PipelineError as error:
        logger.warning("%s", error)
    return merges


FINISHED = frozenset({State.DONE, State.HELD})
"""States in which nothing is left to be done."""


def unfinished(outcome: PushOutcome) -> int:
    """How many contacts and deals are not there yet, though they should be."""
    return sum(
        count
        for (kind, state), count in outcome.rows.items()
        if state not in FINISHED and kind in {Kind.CONTACT, Kind.DEAL}
    )
