"""The answers to docs/how-to/questions.md, worked out without SQL from what is true.

Of the leads: the sandbox's truth. Of deals and contacts: what an independent reader of the CRM
sees. Of phones, e-mails and requests, which the truth does not know: counted over the rows.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

Row = tuple[Any, ...]


class Lead(NamedTuple):
    """One enquiry as the truth has it; `project` where its key tells."""

    lead_id: str
    source: str
    created_at: datetime
    person: str
    project: str | None


class Deal(NamedTuple):
    """A deal and the people of its contacts; `ours` is the enquiry that we opened it for."""

    deal_id: str
    created_at: datetime
    status: str
    amount: Decimal | None
    currency: str | None
    pipeline: str | None
    stage: str | None
    people: frozenset[str]
    ours: str | None


@dataclass(frozen=True)
class World:
    """What is true, by person where it says so. The first contact is the one that is shown."""

    leads: tuple[Lead, ...]
    deals: tuple[Deal, ...]
    contacts: dict[str, tuple[str, ...]]
    person_ids: dict[str, str]
    asked_since: dict[str, datetime]
    known_since: datetime
    now: datetime
    copies: tuple[tuple[str, datetime], ...]
    rows: tuple[dict[str, Any], ...]
    requests: tuple[dict[str, Any], ...]

    def of(self, source: str) -> list[Lead]:
        return [lead for lead in self.leads if lead.source == source]

    @property
    def sources(self) -> list[str]:
        return sorted({lead.source for lead in self.leads})

    @cached_property
    def first(self) -> set[str]:
        """The first enquiry of everybody."""
        return {_ordered(leads)[0].lead_id for leads in self.by_person().values()}

    def by_person(self) -> dict[str, list[Lead]]:
        found = defaultdict(list)
        for lead in self.leads:
            found[lead.person].append(lead)
        return found

    def touches(self, deal: Deal) -> list[Lead]:
        """All enquiries that it may come from, oldest first."""
        if deal.ours:
            return [lead for lead in self.leads if lead.lead_id == deal.ours]
        before = [
            x for x in self.leads if x.person in deal.people and x.created_at <= deal.created_at
        ]
        elsewhere = [lead.created_at for lead in before if lead.source != "qontak"]
        written_down = min(elsewhere, default=None)
        return _ordered(
            lead
            for lead in before
            if lead.source != "qontak" or written_down is None or lead.created_at < written_down
        )


def _ordered(leads: Iterable[Lead]) -> list[Lead]:
    return sorted(leads, key=lambda lead: (lead.created_at, lead.lead_id))


def _people(leads: Iterable[Lead]) -> set[str]:
    return {lead.person for lead in leads}


def _monday(moment: datetime) -> date:
    return moment.date() - timedelta(days=moment.weekday())


def by_day(world: World) -> list[Row]:
    last = max(lead.created_at.date() for lead in world.leads)
    days: defaultdict[tuple[date, str], list[Lead]] = defaultdict(list)
    for lead in world.leads:
        if lead.created_at.date() > last - timedelta(days=7):
            days[lead.created_at.date(), lead.source].append(lead)
    first = world.first
    return [
        (*key, len(leads), sum(lead.lead_id in first for lead in leads))
        for key, leads in sorted(days.items())
    ]


def people(world: World) -> list[Row]:
    return [(len(world.leads), len(world.by_person()))]


def people_by_source(world: World) -> list[Row]:
    def row(source: str) -> Row:
        leads = world.of(source)
        often = Counter(lead.person for lead in leads)
        new = sum(lead.lead_id in world.first for lead in leads)
        return source, len(leads), len(often), new, sum(times > 1 for times in often.values())

    return [row(source) for source in world.sources]


def shared(world: World) -> list[Row]:
    began = {lead.person: lead.source for lead in world.leads if lead.lead_id in world.first}
    found = []
    for one in world.sources:
        for other in world.sources:
            both = _people(world.of(one)) & _people(world.of(other))
            if one != other:
                found.append((one, other, len(both), sum(began[who] == one for who in both)))
    return found


def how_often(world: World) -> list[Row]:
    return sorted(Counter(len(leads) for leads in world.by_person().values()).items())


def busy_hours(world: World) -> list[Row]:
    hours = Counter(lead.created_at.hour for lead in world.leads)
    return sorted(hours.items(), key=lambda hour: (-hour[1], hour[0]))[:5]


def new_by_week(world: World) -> list[Row]:
    every = Counter(_monday(lead.created_at) for lead in world.leads)
    new = Counter(_monday(lead.created_at) for lead in world.leads if lead.lead_id in world.first)
    weeks = {*every, *(_monday(deal.created_at) for deal in world.deals if not world.touches(deal))}
    return [(week, new[week], every[week]) for week in sorted(weeks)]


def projects(world: World) -> list[Row]:
    about = defaultdict(list)
    for lead in world.of("housing"):
        about[lead.project].append(lead)
    rows = [(project, len(leads), len(_people(leads))) for project, leads in about.items()]
    return sorted(rows, key=lambda row: (-row[1], str(row[0])))[:10]


def again(world: World) -> list[Row]:
    gaps = []
    for leads in world.by_person().values():
        moments = sorted(lead.created_at for lead in leads)
        gaps += [after - before for before, after in pairwise(moments)]
    hour, day = timedelta(hours=1), timedelta(days=1)
    return [(sum(gap < hour for gap in gaps), sum(gap < day for gap in gaps), len(gaps))]


def funnel(world: World) -> list[Row]:
    last = [(touches[-1].source, deal) for deal in world.deals if (touches := world.touches(deal))]
    return [
        (
            source,
            len(world.of(source)),
            len(_people(world.of(source))),
            len(_people(world.of(source)) & world.contacts.keys()),
            sum(of == source for of, _ in last),
            sum(of == source and deal.status == "won" for of, deal in last),
        )
        for source in world.sources
    ]


def behind(world: World) -> list[Row]:
    found = []
    for deal in world.deals:
        for lead in world.touches(deal)[-1:]:
            shown = world.contacts.get(lead.person, (None,))[0]
            person = world.person_ids[lead.person]
            about = (_monday(lead.created_at), lead.source, lead.lead_id, person, shown)
            found.append((*about, deal.deal_id, deal.status))
    return sorted(found, key=lambda row: str(row[5]))


def worth(world: World) -> list[Row]:
    won: defaultdict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for deal in world.deals:
        for lead in world.touches(deal)[:1]:
            if deal.status == "won":
                won[lead.source, str(deal.currency)].append(deal.amount or Decimal())
    return [(*key, len(amounts), sum(amounts)) for key, amounts in sorted(won.items())]


def unexplained(world: World) -> list[Row]:
    def why(deal: Deal) -> str:
        if deal.ours:
            return "our enquiry"
        if world.touches(deal):
            return "touches"
        return "no enquiry before" if deal.people else "no contact"

    counted = Counter((why(deal), deal.ours is not None) for deal in world.deals)
    return [(*key, deals) for key, deals in sorted(counted.items())]


def in_the_pipeline(world: World) -> list[Row]:
    stages: defaultdict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for deal in world.deals:
        if deal.status == "open":
            stages[str(deal.pipeline), str(deal.stage)].append(deal.amount or Decimal())
    return [(*key, len(amounts), sum(amounts)) for key, amounts in sorted(stages.items())]


def not_in_the_crm(world: World) -> list[Row]:
    missing = [lead for lead in world.leads if lead.person not in world.contacts]
    counted = Counter(lead.source for lead in missing)
    return [
        (source, leads, len(_people(lead for lead in missing if lead.source == source)))
        for source, leads in sorted(counted.items())
    ]


def twice_in_the_crm(world: World) -> list[Row]:
    enquired = _people(world.leads)
    return sorted(
        (world.person_ids[who], len(ids))
        for who, ids in world.contacts.items()
        if len(ids) > 1 and who in enquired
    )


def waits(world: World) -> list[Row]:
    """All were fetched and published at one moment."""
    found: list[Row] = []
    for source in world.sources:
        live = [one for one in world.of(source) if one.created_at >= world.asked_since[source]]
        seconds = sorted(int((world.now - lead.created_at).total_seconds()) for lead in live)
        if seconds:
            half, most = (_percentile(seconds, share) for share in (50, 90))
            found.append((source, len(seconds), half, most, most))
    return found


def _percentile(ordered: list[int], share: int) -> int:
    return ordered[-(-len(ordered) * share // 100) - 1]


def copy_effect(world: World) -> list[Row]:
    """One copy of each property."""
    since = world.known_since
    found = []
    for project, moment in world.copies:
        about = [lead.created_at for lead in world.of("housing") if lead.project == project]
        before = sum(since <= created < moment for created in about)
        found.append(
            (
                project,
                1,
                _days(moment - since),
                before,
                _days(world.now - moment),
                len(about) - before,
            )
        )
    return found


def _days(span: timedelta) -> Decimal:
    return round(Decimal(int(span.total_seconds())) / 86400, 2)


def unreachable(world: World) -> list[Row]:
    found: Counter[tuple[str, str, str]] = Counter()
    for row in world.rows:
        account = row["account"]
        if row["phone_status"] not in {"valid", "possible"}:
            found[account, "phone", row["phone_status"]] += 1
        if row["email"] is None:
            why = "missing" if row["email_raw"] is None else "no address, or a placeholder"
            found[account, "email", why] += 1
        if row["email"] is None and row["phone"] is None:
            found[account, "unreachable", "neither phone nor e-mail"] += 1
    every = Counter(row["account"] for row in world.rows)
    return [(*key, records, every[key[0]]) for key, records in sorted(found.items())]


def health(world: World) -> list[Row]:
    found = []
    for source in sorted({row["source"] for row in world.requests if row["source"] != "listsmrt"}):
        rows = [row for row in world.requests if row["source"] == source and row["is_latest"]]
        answered = [row for row in rows if row["outcome"] != "failed"]
        windows = [row["attempts"] - 1 for row in answered if row["window_start"]]
        sizes = [sum(row[name] or 0 for row in rows) for name in ("length", "received")]
        found.append((source, len(rows), len(rows) - len(answered), sum(windows), *sizes))
    return found


ANSWERS: tuple[Callable[[World], list[Row]], ...] = (
    *(
        by_day,
        people,
        people_by_source,
        shared,
        how_often,
        busy_hours,
        new_by_week,
        projects,
        again,
    ),
    *(funnel, behind, worth, unexplained, in_the_pipeline, not_in_the_crm, twice_in_the_crm),
    *(waits, copy_effect, unreachable, health),
)
"""In the order of the page."""
