"""What an account's CRM is like: its templates, and where its deals begin."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from lead_pipeline.errors import ConfigError
from lead_pipeline.push.recognise import plain
from lead_pipeline.push.settings import DealSettings, PushSettings
from lead_pipeline.records import Subject
from lead_pipeline.vendors.contract import Deadline
from lead_pipeline.vendors.qontak import Writer

Record = Mapping[str, Any]


class Schema(NamedTuple):
    """The field templates by kind, and the ids of pipeline and stage."""

    templates: dict[str, list[dict[str, Any]]]
    pipeline_id: int
    stage_id: int

    def required(self, kind: str) -> set[str]:
        """The fields without which the CRM takes no object of this kind."""
        return {
            str(entry.get("name")) for entry in self.templates[kind] if self._is_required(entry)
        }

    def entry_of(self, kind: str, name: str) -> Record | None:
        """A field of the template, by its name or else by what people call it."""
        return next(
            (
                entry
                for key in ("name", "name_alias")
                for entry in self.templates[kind]
                if plain(name) == plain(str(entry.get(key)))
            ),
            None,
        )

    def name_of(self, kind: str, name: str) -> str:
        """What the CRM calls a field that is named so; the same where it has no such field."""
        return str((self.entry_of(kind, name) or {}).get("name", name))

    def _is_required(self, entry: Record) -> bool:
        """Where stages are named, in these alone; else in the pipelines that are named."""
        stages = entry.get("required_stage_ids") or ()
        if entry.get("required") is True or self.stage_id in stages:
            return True
        return not stages and self.pipeline_id in (entry.get("required_pipeline_ids") or ())


def kinds_of(settings: PushSettings) -> list[str]:
    """The kinds of objects that are pushed."""
    more = {"company": settings.company, "task": settings.task}
    return ["contact", "deal", *(kind for kind, block in more.items() if block is not None)]


def read_schema(
    writer: Writer, settings: PushSettings, subject: Subject, deadline: Deadline
) -> Schema:
    """Ask the CRM. Raises VendorError, ConfigError where pipeline or stage is none of its own."""
    templates = {kind: writer.template(kind, deadline) for kind in kinds_of(settings)}
    pipelines = list(writer.listed("pipelines", (), deadline))
    pipeline = _named(pipelines, settings.deal, "pipeline", subject)
    stages = list(writer.listed(f"pipelines/{pipeline}/stages", (), deadline))
    return Schema(templates, pipeline, _named(stages, settings.deal, "stage", subject))


def _named(records: list[dict[str, Any]], deal: DealSettings, what: str, subject: Subject) -> int:
    """The id of what the settings name by its id or its name."""
    wanted = str(getattr(deal, what))
    for record in records:
        if wanted == str(record.get("id")) or plain(wanted) == plain(str(record.get("name"))):
            return int(record["id"])
    names = ", ".join(_names(records)) or "none"
    raise ConfigError(
        f"push.deal.{what} is {wanted!r}, and the CRM has no such {what}; it has {names}",
        state="nothing was written into the CRM",
        next_step=f"correct push.deal.{what} in the account's defs.yaml, then lead-pipeline doctor "
        f"--account {subject.account}",
        subject=subject,
    )


def _names(records: list[dict[str, Any]]) -> Iterator[str]:
    return (str(record.get("name")) for record in records)
