"""Field templates (`/info`), and the additional fields that a company has added.

The document names neither the types of fields nor the form of their options: both are our reading.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lead_pipeline.sandbox.dice import Dice
from lead_pipeline.sandbox.qontak.pipelines import PIPELINES, Stage
from lead_pipeline.sandbox.qontak.written import Record

TEXT = "Single-line text"
NUMBER = "Number"
DATE = "Date"
ONE_OF = "Dropdown select"
MANY_OF = "Multiple select"

_FIRST_DAY = date(2026, 1, 1)
_REMARKS = ("Minta brosur", "Telepon sore hari", "Sudah survei lokasi", "Menunggu KPR", "& <baru>")


@dataclass(frozen=True, slots=True)
class Option:
    """One of the values to choose from."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Additional:
    """A field that a company has added."""

    id: int
    name: str
    label: str
    type: str
    options: tuple[Option, ...] = ()

    def filled(self, dice: Dice) -> Record:
        """The field in an object; three in ten are left empty."""
        value, value_name = (None, None) if dice.chance(30) else self._value(dice)
        return self.saying(value, value_name)

    def _value(self, dice: Dice) -> tuple[str, str | None]:
        if self.type == TEXT:
            return dice.pick(_REMARKS), None
        if self.type == NUMBER:
            return str(250 * (1 + dice.below(40))), None
        if self.type == DATE:
            return (_FIRST_DAY + timedelta(days=dice.below(365))).isoformat(), None
        first = dice.below(len(self.options))
        last = first + 1 + (dice.below(3) if self.type == MANY_OF else 0)
        return chosen(self.options[first:last])

    def saying(self, value: str | None, value_name: str | None) -> Record:
        """The field with a value."""
        return {"id": self.id, "name": self.name, "value": value, "value_name": value_name}

    def template(self) -> Record:
        """The field in a template."""
        options = [{"id": option.id, "name": option.name} for option in self.options]
        return {
            "id": self.id,
            "name": self.name,
            "name_alias": self.label,
            "additional_field": True,
            "type": self.type,
            "dropdown": options or None,
        }


def chosen(options: Sequence[Option]) -> tuple[str, str]:
    """Their ids and their names."""
    ids = ",".join(str(option.id) for option in options)
    return ids, ",".join(option.name for option in options)


def _options(first: int, *names: str) -> tuple[Option, ...]:
    return tuple(Option(first + place, name) for place, name in enumerate(names))


_OF_BOOKINGS = "cara_bayar"
_FACILITIES = _options(435, "Kolam Renang", "Pusat Kebugaran", "Taman", "Parkir", "Keamanan 24 Jam")

OF_CONTACTS = (
    Additional(4_300_001, "catatan", "Catatan", TEXT),
    Additional(4_300_002, "anggaran_juta", "Anggaran (juta)", NUMBER),
    Additional(4_300_003, "tanggal_survei", "Tanggal Survei", DATE),
    Additional(
        4_300_004, "minat", "Minat", ONE_OF, _options(420, "Rumah", "Apartemen", "Ruko", "Kapal")
    ),
    Additional(4_300_005, "fasilitas", "Fasilitas", MANY_OF, _FACILITIES),
)
OF_COMPANIES = (
    Additional(4_400_001, "skala", "Skala", ONE_OF, _options(450, "Kecil", "Menengah", "Besar")),
    Additional(4_400_002, "tanggal_berdiri", "Tanggal Berdiri", DATE),
)
OF_DEALS = (
    Additional(4_500_001, "luas_tanah", "Luas Tanah (m2)", NUMBER),
    Additional(4_500_002, _OF_BOOKINGS, "Cara Bayar", ONE_OF, _options(460, "Tunai", "KPR")),
    Additional(4_500_003, "tambahan", "Tambahan", MANY_OF, _FACILITIES),
)
ADDITIONAL = {"contacts": OF_CONTACTS, "companies": OF_COMPANIES, "deals": OF_DEALS, "tasks": ()}
"""By stream."""

_OWN_CONTACT_FIELDS = (
    ("first_name", "First Name", TEXT),
    ("last_name", "Last Name", TEXT),
    ("job_title", "Job Title", TEXT),
    ("email", "Email", "Email"),
    ("telephone", "Telephone", "Phone"),
    ("crm_status_id", "Status", ONE_OF),
    ("crm_source_id", "Source", ONE_OF),
    ("date_of_birth", "Date of Birth", DATE),
    ("income", "Income", NUMBER),
)
_OWN_COMPANY_FIELDS = (
    ("name", "Company Name", TEXT),
    ("website", "Website", "URL"),
    ("telephone", "Telephone", "Phone"),
    ("industry_id", "Industry", ONE_OF),
    ("annual_revenue", "Annual Revenue", NUMBER),
)
_OWN_DEAL_FIELDS = (
    ("name", "Deal Name", TEXT),
    ("size", "Deal Size", NUMBER),
    ("crm_pipeline_id", "Pipeline", ONE_OF),
    ("crm_stage_id", "Stage", ONE_OF),
    ("closed_date", "Closed Date", DATE),
)
_OWN_TASK_FIELDS = (
    ("name", "Task Name", TEXT),
    ("due_date", "Due Date", DATE),
    ("detail", "Detail", "Text Area"),
)


REQUIRED = {
    "contacts": frozenset(["first_name"]),
    "companies": frozenset(["name"]),
    "deals": frozenset(["name", "crm_pipeline_id", "crm_stage_id"]),
    "tasks": frozenset(["name"]),
}
"""What no object of a stream may be without."""


def contact_template() -> list[Record]:
    """`/contacts/info`, whose fields the contract does not list: as those of companies."""
    return _template(_OWN_CONTACT_FIELDS, OF_CONTACTS, _required("contacts"))


def company_template() -> list[Record]:
    """`/companies/info`."""
    return _template(_OWN_COMPANY_FIELDS, OF_COMPANIES, _required("companies"))


def deal_template() -> list[Record]:
    """`/deals/info`: a field is required of a deal whose pipeline and stage are both named."""

    def required(name: str) -> Record:
        stages = stages_that_require(name)
        return {
            "required_pipeline_ids": [
                pipeline.id for pipeline in PIPELINES if set(stages) & set(pipeline.stages())
            ],
            "required_stage_ids": [stage.id for stage in stages],
        }

    return _template(_OWN_DEAL_FIELDS, OF_DEALS, required)


def stages_that_require(name: str) -> list[Stage]:
    """The stages in which a deal needs a field: what it is called and where it is, in all."""
    if name in REQUIRED["deals"]:
        return [stage for pipeline in PIPELINES for stage in pipeline.stages()]
    if name == "closed_date":
        return [stage for pipeline in PIPELINES for stage in (pipeline.won, pipeline.lost)]
    if name == _OF_BOOKINGS:
        return [PIPELINES[0].open_stages[-1]]
    return []


def task_template() -> list[Record]:
    """`/tasks/info`."""
    return _template(_OWN_TASK_FIELDS, (), lambda _: {"checklist_details_attributes": None})


def _required(stream: str) -> Callable[[str], Record]:
    return lambda name: {"required": name in REQUIRED[stream]}


def _template(
    own: tuple[tuple[str, str, str], ...],
    added: tuple[Additional, ...],
    more: Callable[[str], Record],
) -> list[Record]:
    fields = [
        {
            "id": None,
            "name": name,
            "name_alias": label,
            "additional_field": False,
            "type": type_name,
            "dropdown": None,
        }
        for name, label, type_name in own
    ]
    all_of_them = (*fields, *(field.template() for field in added))
    return [{**field, **more(field["name"])} for field in all_of_them]
