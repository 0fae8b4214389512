"""Every error that this product raises on purpose, in one tree.

PipelineError
├── ConfigError            a setting is missing, wrong or contradicts another: nothing was asked or written
│   ├── EnvironmentMismatch   data of one environment meets a folder that holds another's
│   └── UnreadableFile        a file to be imported cannot be read, or its mapping does not fit
├── VendorError            a vendor did not give what was asked for
│   ├── VendorRefused         it answered and said no (400, 401, 403, 404, 422): asking again changes nothing
│   ├── VendorUnavailable     no usable answer after every retry (5xx, 429, time-outs, cut connections)
│   └── UnreadableDelivery    a 2xx answer whose whole document cannot be read (HTML, error object, broken XML)
├── LandingError           raw bytes or a receipt could not be written or read back
├── JournalError           the journal could not be written or read
├── WarehouseBusy          another process holds the warehouse
├── WarehouseUnusable      the warehouse cannot be opened, or was made by a newer version
│   └── WarehouseDamaged      its bytes are not what was written: it is set aside and filled anew
├── RunHistoryError        Dagster could not write or read its history of runs; what had landed is whole
├── ReportFailed           the report page could not be drawn or written; the snapshot is not touched by it
└── RunIncomplete          the verdict of a run: some accounts are missing some days

Each says what happened, to what, what state things are in, and the next command to type.
None carries a secret, a signature or a personal datum.
"""

from datetime import timedelta

from lead_pipeline.records import Subject, Window


class PipelineError(Exception):
    """The root of the tree.

    `what` is one sentence without personal data; `state` says what was kept and what was not;
    `next_step` starts with the command to type.
    """

    def __init__(
        self, what: str, *, state: str, next_step: str, subject: Subject | None = None
    ) -> None:
        self.what = what
        self.state = state
        self.next_step = next_step
        self.subject = subject
        super().__init__(what)

    def __str__(self) -> str:
        about = f"{self.subject}: " if self.subject else ""
        return f"{about}{self.what}\n  State: {self.state}\n  Next:  {self.next_step}"


class ConfigError(PipelineError):
    """A setting is missing, wrong or contradicts another."""


class EnvironmentMismatch(ConfigError):
    """The data folder belongs to another environment."""


class UnreadableFile(ConfigError):
    """A file to be imported cannot be read, or its mapping does not fit it."""


class VendorError(PipelineError):
    """A vendor did not give what was asked for. The subject is always set."""

    subject: Subject


class VendorRefused(VendorError):
    """The vendor answered and said no. `status` is its HTTP status.

    `fields` names those of the fields sent that its reason speaks of.
    """

    def __init__(
        self,
        what: str,
        *,
        state: str,
        next_step: str,
        subject: Subject,
        status: int,
        fields: tuple[str, ...] = (),
    ) -> None:
        super().__init__(what, state=state, next_step=next_step, subject=subject)
        self.status = status
        self.fields = fields


class VendorUnavailable(VendorError):
    """No usable answer after every retry that the deadline allowed.

    Of the last attempt: `status` is that of its answer, if it had one; `retry_after` (seconds) what
    the vendor asked to wait; `may_have_acted` is false where the vendor surely did nothing.
    """

    status: int | None = None
    retry_after: float | None = None
    may_have_acted: bool = True


class UnreadableDelivery(VendorError):
    """A 2xx answer whose document as a whole cannot be read."""


class LandingError(PipelineError):
    """Raw bytes or a receipt could not be written or read back."""


class JournalError(PipelineError):
    """The journal could not be written or read."""


class RunHistoryError(PipelineError):
    """Dagster's history of runs could not be written or read."""


class WarehouseBusy(PipelineError):
    """Another process holds the warehouse."""


class WarehouseUnusable(PipelineError):
    """The warehouse cannot be opened, or was made by a newer version.

    `wants_memory`: it failed with less memory than it may use.
    """

    wants_memory: bool = False


class WarehouseDamaged(WarehouseUnusable):
    """The warehouse's bytes are not what was written. `inode` is that of its file, if it is there."""

    def __init__(self, what: str, *, state: str, next_step: str, inode: int | None) -> None:
        super().__init__(what, state=state, next_step=next_step)
        self.inode = inode


class ReportFailed(PipelineError):
    """The report page could not be drawn or written."""


class RunIncomplete(PipelineError):
    """The verdict of a run in which some account is missing some day."""


def run_command(account: str, window: Window) -> str:
    """The command that asks an account again for every UTC day that the window touches."""
    last_day = (window.end - timedelta(microseconds=1)).date()
    return f"lead-pipeline run --account {account} --from {window.start.date()} --to {last_day}"


def scan_command(account: str) -> str:
    """The command that reads all of an account's CRM again."""
    return f"lead-pipeline run --scan --account {account}"
