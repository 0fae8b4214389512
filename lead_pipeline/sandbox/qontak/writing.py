"""Creates, changes and deletes objects, as strictly as the templates and the contract say.

An object shows who links to it: a deal is in the list of its contacts and companies, a contact in
that of its company. Like every change, that moves their `updated_at`.
"""

from typing import Any

from lead_pipeline.sandbox.qontak import additional
from lead_pipeline.sandbox.qontak.changes import By, Change, Link
from lead_pipeline.sandbox.qontak.contacts import CREATORS
from lead_pipeline.sandbox.qontak.fields import REQUIRED, stages_that_require
from lead_pipeline.sandbox.qontak.logbook import Logbook
from lead_pipeline.sandbox.qontak.pipelines import PIPELINES
from lead_pipeline.sandbox.qontak.store import COMPANIES, CONTACTS, DEALS, TASKS, Store
from lead_pipeline.sandbox.qontak.writable import DEFAULTS, WRITABLE
from lead_pipeline.sandbox.qontak.written import Record, moment, slug
from lead_pipeline.sandbox.refusal import Refusal

_SHOWN_BY = {
    (CONTACTS, "crm_company_id"): (COMPANIES, "crm_person_ids", "crm_person_name"),
    (DEALS, "crm_lead_ids"): (CONTACTS, "crm_deal_ids", "crm_deal_name"),
    (DEALS, "crm_company_id"): (COMPANIES, "crm_deal_ids", "crm_deal_name"),
}
_CREATORS = {By.CLIENT: CREATORS[0], By.HAND: CREATORS[1]}


class There:
    """What a client may link to at a moment."""

    def __init__(self, store: Store, at: int) -> None:
        self._store = store
        self._at = at

    def name_of(self, stream: str, given: object) -> str | None:
        """The name of the object with an id; None if there is none."""
        record = None
        if type(given) is int:
            record = self._store.by_id(stream, str(given), self._at)
        return None if record is None else name_of(record)


class Writer:
    """Writes into one store; `logbook` tells of it. Every method raises Refusal."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.logbook = Logbook()

    def create(self, stream: str, sent: Record, at: int, by: By) -> Record:
        """A new object."""
        blank = self._blank(stream, at)
        said = self._read(stream, blank, sent, at)
        _check(stream, blank | said, {*REQUIRED[stream], *sent, "crm_stage_id"})
        number = self.store.create(stream, at, self._stamped(stream, blank | said, at, by))
        record = self.store.record(stream, number, at)
        self._show(stream, blank, record, at)
        self.store.look_up.note(stream, number, record)
        self.logbook.created(stream, record, sent, at, by)
        return self.store.record(stream, number, at)

    def change(self, stream: str, given: str, sent: Record, at: int, by: By) -> Record:
        """What an object says from now on; what is not sent stays as it is."""
        number, before = self._found(stream, given, at)
        said = self._read(stream, before, sent, at)
        _check(stream, before | said, set(sent))
        self.store.change(stream, number, Change(at, said))
        record = self.store.record(stream, number, at)
        self._show(stream, before, record, at)
        self.store.look_up.note(stream, number, record)
        self.logbook.changed(stream, before, record, sent, at, by)
        return record

    def delete(self, stream: str, given: str, at: int, by: By) -> None:
        """Let an object be gone; what links to it goes on doing so."""
        number, record = self._found(stream, given, at)
        self.store.end(stream, number, at)
        self.logbook.deleted(stream, record, at, by)

    def _found(self, stream: str, given: str, at: int) -> tuple[int, Record]:
        number = self.store.number(stream, given, at)
        if number is None:
            raise Refusal(404, "record", "is not found")
        return number, self.store.record(stream, number, at)

    def _blank(self, stream: str, at: int) -> Record:
        """The fields of any object of the stream, all empty."""
        kind = self.store.streams[stream]
        made_up = kind.write(self.store.links, kind.lives.span(at)[-1], 0)
        empty: Record = {
            name: [] if isinstance(said, list) else None for name, said in made_up.items()
        }
        blank = empty | DEFAULTS[stream]
        if additional.NAME in blank:
            blank[additional.NAME] = additional.empty(stream)
        return blank

    def _read(self, stream: str, before: Record, sent: Record, at: int) -> Record:
        there, said = There(self.store, at), dict[str, Any]()
        for name, value in sent.items():
            if name == additional.NAME:
                said[name] = additional.merged(stream, before.get(name, []), value)
            elif name in WRITABLE[stream]:
                said |= WRITABLE[stream][name](name, value, there)
            else:
                known = name in before
                raise Refusal(422, name, "cannot be written" if known else "is not a field")
        if stream == TASKS:
            said.pop(additional.NAME, None)
        if said.keys() & {"crm_pipeline_id", "crm_stage_id"}:
            said |= _progress(before | said)
        return said

    def _stamped(self, stream: str, record: Record, at: int, by: By) -> Record:
        """With all that the vendor fills in; the store gives the id."""
        time = moment(at, in_utc=False)
        creator_id, creator_name = _CREATORS[by]
        ours = {
            "created_at": time,
            "updated_at": time,
            "creator_id": creator_id,
            "creator_name": creator_name,
            "slug": slug(name_of(record), self.store.own[stream].next_number),
        }
        return record | {name: value for name, value in ours.items() if name in record}

    def _show(self, stream: str, before: Record, after: Record, at: int) -> None:
        """Let those that an object links to show it, or show it no more."""
        for (source, field), (target, ids, names) in _SHOWN_BY.items():
            if source != stream:
                continue
            old, new = _ids(before[field]), _ids(after[field])
            for one in old ^ new:
                number = self.store.number(target, str(one), at)
                if number is not None:
                    link = Link(ids, names, after["id"], name_of(after), one in new)
                    self.store.change(target, number, Change(at, {}, (link,)))


def name_of(record: Record) -> str:
    """What others call an object."""
    if "first_name" in record:
        return f"{record['first_name'] or ''} {record['last_name'] or ''}".strip()
    return record["name"] or ""


def _ids(field: int | list[int] | None) -> set[int]:
    return set(field if isinstance(field, list) else [] if field is None else [field])


def _progress(deal: Record) -> Record:
    """All that goes with a stage. Raises Refusal for one of another pipeline."""
    for pipeline in PIPELINES:
        if deal["crm_pipeline_id"] != pipeline.id:
            continue
        if deal["crm_stage_id"] not in {stage.id for stage in pipeline.stages()}:
            raise Refusal(422, "crm_stage_id", "is no stage of the pipeline")
        closed = {pipeline.won.id: "won", pipeline.lost.id: "lost"}
        status = closed.get(deal["crm_stage_id"], "open")
        names = ("crm_pipeline_id", "crm_pipeline_name", "crm_stage_id", "crm_stage_name")
        kept = {name: deal[name] for name in (*names, "closed_date")}
        return {**kept, "crm_deal_status": status}
    return {}


def _check(stream: str, record: Record, touched: set[str]) -> None:
    """Raises Refusal for what is required and empty, of the fields that were touched."""
    required = touched & REQUIRED[stream]
    for name in sorted(required):
        if not str(record[name] if record[name] is not None else "").strip():
            raise Refusal(422, name, "is required")
    if stream != DEALS or not touched & {"crm_stage_id", additional.NAME, "closed_date"}:
        return
    values = record | {one["name"]: one["value"] for one in record[additional.NAME]}
    for name in ("closed_date", *(one["name"] for one in record[additional.NAME])):
        stages = {stage.id for stage in stages_that_require(name)}
        if record["crm_stage_id"] in stages and values[name] in (None, ""):
            raise Refusal(422, name, "is required at this stage")
