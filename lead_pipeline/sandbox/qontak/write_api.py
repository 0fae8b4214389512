"""How POST, PUT and DELETE are answered: PUT and DELETE with `meta` alone, but for tasks' PUT."""

from collections.abc import Callable

from lead_pipeline.sandbox.qontak import additional, envelope
from lead_pipeline.sandbox.qontak.asked import Asked
from lead_pipeline.sandbox.qontak.changes import By
from lead_pipeline.sandbox.qontak.store import DEALS, TASKS
from lead_pipeline.sandbox.qontak.writing import Writer
from lead_pipeline.sandbox.qontak.written import Record

_SUCCESS = {"meta": envelope.meta(200, "Success")}


def created(writer: Writer, stream: str) -> Callable[[Asked], Record]:
    """POST."""

    def answer(asked: Asked) -> Record:
        writer.logbook.asked(stream, "POST")
        asked.query()
        record = writer.create(stream, asked.fields(), asked.now, By.CLIENT)
        return envelope.found(_answered(stream, record))

    return answer


def changed(writer: Writer, stream: str) -> Callable[[Asked], Record]:
    """PUT."""

    def answer(asked: Asked) -> Record:
        writer.logbook.asked(stream, "PUT")
        asked.query()
        record = writer.change(stream, asked.id, asked.fields(), asked.now, By.CLIENT)
        return envelope.found(_answered(stream, record)) if stream == TASKS else _SUCCESS

    return answer


def deleted(writer: Writer, stream: str) -> Callable[[Asked], Record]:
    """DELETE."""

    def answer(asked: Asked) -> Record:
        asked.query()
        writer.delete(stream, asked.id, asked.now, By.CLIENT)
        return _SUCCESS

    return answer


def _answered(stream: str, record: Record) -> Record:
    """As the contract has it: tasks say one thing more than elsewhere, deals one less."""
    if stream == TASKS:
        return {**record, additional.NAME: []}
    if stream == DEALS:
        return {name: value for name, value in record.items() if name != "crm_deal_status"}
    return record
