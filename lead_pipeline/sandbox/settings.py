"""What a sandbox can be told, and the accounts and credentials it knows."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from lead_pipeline.sandbox.faults import Fault
from lead_pipeline.sandbox.qontak.settings import QontakSettings, qontak_environment

HOUSING_ID = "sandbox-housing-id"
HOUSING_API_KEY = "sandbox-housing-api-key"
AIMBASE_NMMA_ID = "sandbox-nmma-id"
AIMBASE_PUBLIC_KEY = "sandbox-aimbase-public-key"
AIMBASE_PRIVATE_KEY = "sandbox-aimbase-private-key"

HOUSING = "housing"
HOUSING_BROKER = "housing_broker"
AIMBASE = "aimbase"
ACCOUNTS = (HOUSING, HOUSING_BROKER, AIMBASE)


@dataclass(frozen=True)
class SandboxSettings:
    """How the imitated world looks.

    `leads_per_day` is the mean per account and UTC day. `repeats` is the share of rows that an
    answer holds twice, exactly. `whole_windows` lifts Housing's `per_page` and 2-day limits. `now`
    (aware) holds the clock still; None follows the machine's. `faults` go wrong from the start.
    `qontak` is the CRM.
    """

    seed: int = 7
    leads_per_day: int = 40
    whole_windows: bool = False
    repeats: Fraction = Fraction(0)
    now: datetime | None = None
    faults: tuple[Fault, ...] = ()
    qontak: QontakSettings = QontakSettings()  # noqa: RUF009  it is frozen

    def __post_init__(self) -> None:
        if not 1 <= self.leads_per_day <= 100_000:
            raise ValueError(f"leads_per_day is {self.leads_per_day}; it must be 1 to 100000")
        if not 0 <= self.repeats <= 1:
            raise ValueError(f"repeats is {self.repeats}; it is a share between 0 and 1")
        if self.now is not None and self.now.tzinfo is None:
            raise ValueError("now has no time zone; give an aware datetime")

    def is_repeated(self, index: int) -> bool:
        """Whether the lead with this index within its day comes twice: an even, exact share."""
        share, whole = self.repeats.numerator, self.repeats.denominator
        return (index + 1) * share // whole > index * share // whole


def environment(base_url: str) -> dict[str, str]:
    """The environment variables that point a reader of all three vendors at `base_url`."""
    return {
        "HOUSING_BASE_URL": f"{base_url}/housing",
        "HOUSING_ID": HOUSING_ID,
        "HOUSING_API_KEY": HOUSING_API_KEY,
        "AIMBASE_BASE_URL": f"{base_url}/aimbase",
        "AIMBASE_NMMA_ID": AIMBASE_NMMA_ID,
        "AIMBASE_PUBLIC_KEY": AIMBASE_PUBLIC_KEY,
        "AIMBASE_PRIVATE_KEY": AIMBASE_PRIVATE_KEY,
        **qontak_environment(base_url),
    }
