"""Housing.com, Aimbase and Qontak CRM imitated on loopback, as strictly as their documents allow.

One server: `/housing`, `/aimbase` and `/qontak` answer as the vendors do; `/truth`, `/clock`,
`/by-hand`, `/state`, `/faults` and `/healthz` are the sandbox's own. People who do not exist
enquire there, more than once and in more than one place. Everything follows from seed and date: any
day can be asked for, in any order, and is the same, byte for byte; today's leads appear as the
clock passes their time, and the CRM's objects come, change and go with it. What is written into the
CRM stays as long as the sandbox runs: `crm_writes` tells of it, `crm_by_hand` is somebody there.

    with running_sandbox(SandboxSettings(now=datetime(2026, 11, 20, 18, tzinfo=UTC))) as sandbox:
        os.environ |= sandbox.environment()
        sandbox.truth(date(2026, 11, 14), date(2026, 11, 20))
        sandbox.set_faults([Fault(FaultKind.UNAVAILABLE, vendor="housing", times=2)])

`/truth` calls two leads the same person's if one person of the generator made both. Such leads are
always connected by equal phones or e-mails (`truth` says exactly how), and two people never share
either, placeholders aside.

    settings       what can be set; accounts and credentials       clock    the sandbox's time
    dice, stock    repeatable chance; Faker's names and places      people   who exists
    population     who enquires where and when                      wording  how they write
    housing, housing_rows    aimbase, aimbase_xml    qontak         the vendors
    written        keeps leads as they are sent                     front    date, count, faults
    truth          what is true                                     refusal  how a rule says no
    faults         what can go wrong on demand                      shift    pages that move
    app            put together                                     server, connection    served
"""

from lead_pipeline.sandbox.app import create_app
from lead_pipeline.sandbox.faults import (
    Fault,
    FaultError,
    FaultGiven,
    FaultKind,
    fault_from_text,
)
from lead_pipeline.sandbox.qontak.logbook import CrmWrites, StreamWrites
from lead_pipeline.sandbox.qontak.settings import Filters, Order, QontakSettings, SignedPath
from lead_pipeline.sandbox.qontak.truth import CrmTruth, StreamTruth, TrueContact
from lead_pipeline.sandbox.server import Sandbox, SandboxError, running_sandbox, serve
from lead_pipeline.sandbox.settings import SandboxSettings
from lead_pipeline.sandbox.truth import TrueLead, Truth

__all__ = [
    "CrmTruth",
    "CrmWrites",
    "Fault",
    "FaultError",
    "FaultGiven",
    "FaultKind",
    "Filters",
    "Order",
    "QontakSettings",
    "Sandbox",
    "SandboxError",
    "SandboxSettings",
    "SignedPath",
    "StreamTruth",
    "StreamWrites",
    "TrueContact",
    "TrueLead",
    "Truth",
    "create_app",
    "fault_from_text",
    "running_sandbox",
    "serve",
]
