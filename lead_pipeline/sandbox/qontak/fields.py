"""Field templates (`/info`), and the additional fields that a company has added.

The document names neither the types of fields nor the form of their options: both are our reading.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lead_pipeline.sandbox.dice import Dice
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
        return {"id": self.id, "name": self.name, "value": value, "value_name": value_name}

    def _value(self, dice: Dice) -> tuple[str, str | None]:
        if self.type == TEXT:
            return dice.pick(_REMARKS), None
        if self.type == NUMBER:
            return str(250 * (1 + dice.below(40))), None
        if self.type == DATE:
            return (_FIRST_DAY + timedelta(days=dice.below(365))).isoformat(), None
        first = dice.below(len(self.options))
        last = first + 1 + (dice.below(3) if self.type == MANY_OF else 0)
        return _chosen(self.options[first:last])

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


def _chosen(options: Sequence[Option]) -> tuple[str, str]:
    ids = ",".join(str(option.id) for option in options)
    return ids, ",".join(option.name for option in options)


def _options(first: int, *names: str) -> tuple[Option, ...]:
    return tuple(Option(first + place, name) for place, name in enumerate(names))


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
    Additional(4_500_002, "cara_bayar", "Cara Bayar", ONE_OF, _options(460, "Tunai", "KPR")),
    Additional(4_500_003, "tambahan", "Tambahan", MANY_OF, _FACILITIES),
)

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


def contact_template() -> list[Record]:
    """`/contacts/info`, whose fields the contract does not list: as those of tasks."""
    return _template(_OWN_CONTACT_FIELDS, OF_CONTACTS, {})


def company_template() -> list[Record]:
    """`/companies/info`."""
    return _template(_OWN_COMPANY_FIELDS, OF_COMPANIES, {"required": False})


def deal_template(pipelines: Sequence[int], stages: Sequence[int]) -> list[Record]:
    """`/deals/info`; the first pipeline and its first stage require what they can."""
    required = {
        "required_pipeline_ids": list(pipelines[:1]),
        "required_stage_ids": list(stages[:1]),
    }
    return _template(_OWN_DEAL_FIELDS, OF_DEALS, required)


def task_template() -> list[Record]:
    """`/tasks/info`."""
    return _template(_OWN_TASK_FIELDS, (), {"checklist_details_attributes": None})


def _template(
    own: tuple[tuple[str, str, str], ...], added: tuple[Additional, ...], more: Record
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
    return [{**field, **more} for field in (*fields, *(field.template() for field in added))]
