"""What breaks is told once, and once when it is whole again: to the log, and to a webhook."""

import logging
from datetime import UTC, datetime, timedelta

from lead_pipeline.pipeline.alert import AlertError, deliver, message
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.pipeline.incident_file import Incident, IncidentFile, Incidents
from lead_pipeline.pipeline.trouble import (
    RunReport,
    Trouble,
    account_key,
    missing_days,
    still_missing,
)

logger = logging.getLogger(__name__)

MOST_WORDS = 600
"""Characters of one incident's reason."""


def report_run(folder: DataFolder, report: RunReport) -> None:
    """Take what a run showed into account, and tell what is new.

    A report that comes twice or late changes nothing. A webhook that does not take the message
    gets it with the next report.
    """
    file = IncidentFile(folder.path)
    with file.hold():
        incidents = file.read()
        _take_in(incidents, folder, report)
        file.write(incidents)
        if (incidents.untold or incidents.over) and _is_told(incidents, folder):
            for incident in incidents.untold:
                incident.told = True
            incidents.over.clear()
            file.write(incidents)


def _take_in(incidents: Incidents, folder: DataFolder, report: RunReport) -> None:
    """What each part does counts from its newest run; an account, by what it misses now."""
    for trouble in report.troubles:
        if not _is_older(report.ended_at, incidents.sound.get(trouble.key)):
            _break(incidents, trouble, report.ended_at)
    for key in sorted(report.sound):
        if not _is_older(report.ended_at, incidents.sound.get(key)):
            incidents.sound[key] = report.ended_at
        if key in incidents.broken and report.ended_at >= incidents.broken[key].failed_at:
            _mend(incidents, key, report.ended_at)
    amiss = missing_days(folder, report.judged)
    for account in report.judged:
        key = account_key(account)
        if missing := amiss.get(key):
            _break(incidents, missing, report.ended_at)
        elif key in amiss and key in incidents.broken:
            remark = still_missing(folder, account, incidents.broken[key].since)
            _mend(incidents, key, report.ended_at, remark)


def _is_older(moment: datetime, other: datetime | None) -> bool:
    return other is not None and moment < other


def _break(incidents: Incidents, trouble: Trouble, now: datetime) -> None:
    known = incidents.broken.get(trouble.key)
    if known:
        known.failed_at = max(now, known.failed_at)
        return
    incidents.broken[trouble.key] = Incident(
        key=trouble.key,
        what=_shortened(trouble.what),
        next_step=trouble.next_step,
        since=now,
        failed_at=now,
    )
    logger.error("incident: %s: %s", trouble.key, _shortened(trouble.what))


def _mend(incidents: Incidents, key: str, now: datetime, remark: str = "") -> None:
    incident = incidents.broken.pop(key)
    incident.over_at = max(now, incident.since)
    incident.remark = remark
    incidents.over.append(incident)
    logger.warning("incident over: %s", _recovery(incident))


def _shortened(words: str) -> str:
    return words if len(words) <= MOST_WORDS else f"{words[: MOST_WORDS - 1]}…"


def _is_told(incidents: Incidents, folder: DataFolder) -> bool:
    """Whether everything new has reached whom it should; the log has had it."""
    url = folder.settings.alert_webhook_url
    if url is None:
        return True
    try:
        deliver(url.get_secret_value(), _text(incidents, folder.path.name))
    except AlertError as error:
        logger.warning("the alert webhook did not take it (%s); the next run tells it", error)
        return False
    return True


def _text(incidents: Incidents, folder: str) -> str:
    failed, over = len(incidents.untold), len(incidents.over)
    counts = [f"{failed} failed"] * bool(failed) + [f"{over} recovered"] * bool(over)
    return message(
        f"lead-pipeline, data folder {folder}: {', '.join(counts)}",
        [
            *map(_failure, incidents.untold),
            *(f"• recovered: {_recovery(i)}" for i in incidents.over),
        ],
    )


def _failure(incident: Incident) -> str:
    return (
        f"• failed: {incident.key}, since {_moment(incident.since)}\n"
        f"  {incident.what}\n  Next: {incident.next_step}"
    )


def _recovery(incident: Incident) -> str:
    lasted = _duration((incident.over_at or incident.failed_at) - incident.since)
    remark = f", {incident.remark}" if incident.remark else ""
    return f"{incident.key}, after {lasted} (failed {_moment(incident.since)}){remark}"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _duration(time: timedelta) -> str:
    """E.g. `2 days, 1 hour, 0 minutes`."""
    hours, minutes = divmod(int(time.total_seconds()) // 60, 60)
    days, hours = divmod(hours, 24)
    parts = [(days, "day"), (hours, "hour"), (minutes, "minute")]
    while len(parts) > 1 and parts[0][0] == 0:
        parts.pop(0)
    return ", ".join(f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in parts)
