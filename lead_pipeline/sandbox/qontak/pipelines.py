"""The deals' pipelines and their stages. They stay as they are."""

from dataclasses import dataclass

from lead_pipeline.sandbox.qontak.written import Record

TEAM_ID = 7_100
ORGANIZATION_ID = 9_400
_CREATED = "2024-01-15T09:00:00.000+07:00"
_UPDATED = "2024-03-01T02:30:00.000+00:00"


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a pipeline."""

    id: int
    name: str
    win_probability: str


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Its open stages in their order, then the one of deals won and the one of deals lost."""

    id: int
    name: str
    slug: str
    base_millions: int
    open_stages: tuple[Stage, ...]
    won: Stage
    lost: Stage

    def record(self) -> Record:
        """As the vendor answers it."""
        return {
            "id": self.id,
            "name": self.name,
            "alias_name": None,
            "slug": self.slug,
            "active": True,
            "team_id": TEAM_ID,
            "organization_id": ORGANIZATION_ID,
            "created_at": _CREATED,
            "updated_at": _UPDATED,
        }

    def stages(self) -> tuple[Stage, ...]:
        """All of them, in their order."""
        return (*self.open_stages, self.won, self.lost)

    def stage_records(self) -> list[Record]:
        """As the vendor answers them."""
        return [
            {
                "id": stage.id,
                "name": stage.name,
                "active": True,
                "order": order,
                "crm_status_id": None,
                "crm_type_id": None,
                "crm_pipeline_id": self.id,
                "win_probability": stage.win_probability,
                "crm_stage_additional_field_id": None,
                "created_at": _CREATED,
                "updated_at": _UPDATED,
            }
            for order, stage in enumerate(self.stages(), 1)
        ]


PIPELINES = (
    Pipeline(
        5_201,
        "Penjualan Properti",
        "penjualan-properti",
        350,
        (
            Stage(61_001, "Prospek", "10.0"),
            Stage(61_002, "Survei Lokasi", "30.0"),
            Stage(61_003, "Negosiasi", "60.0"),
            Stage(61_004, "Pemesanan", "80.0"),
        ),
        Stage(61_005, "Menang", "100.0"),
        Stage(61_006, "Kalah", "0.0"),
    ),
    Pipeline(
        5_202,
        "Penjualan Kapal",
        "penjualan-kapal",
        900,
        (
            Stage(61_011, "Kontak Awal", "15.0"),
            Stage(61_012, "Uji Layar", "45.0"),
            Stage(61_013, "Penawaran", "70.0"),
        ),
        Stage(61_014, "Menang", "100.0"),
        Stage(61_015, "Kalah", "0.0"),
    ),
)
