"""`lead-pipeline sandbox-send`: the systems that call the gateway, imitated."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import click
import orjson

from lead_pipeline.cli.sandbox import NOW_FORMATS
from lead_pipeline.sandbox import SandboxSettings
from lead_pipeline.sandbox.callers import Answered, ListSmrt, SocialSignIn, generation, wanted

_TO = click.option(
    "--to", default="http://127.0.0.1:8080", show_default=True, help="Where the gateway is."
)
_COUNT = click.option(
    "--count", type=click.IntRange(1, 1_000_000), default=50, show_default=True, help="How many."
)
_SEED = click.option("--seed", default=7, show_default=True, help="Which population.")
_NOW = click.option("--now", type=click.DateTime(NOW_FORMATS), help="The present (UTC).")


@click.group("sandbox-send")
def sandbox_send() -> None:
    """Call a gateway as ListSMRT and SocialSignIn do, signed with its own secrets."""


@sandbox_send.command("webhooks")
@_TO
@_COUNT
@_SEED
@_NOW
@click.option("--twice", is_flag=True, help="Send each twice: the button was pressed again.")
@click.option("--secret", envvar="LISTSMRT_SIGNING_SECRETS", help="Else LISTSMRT_SIGNING_SECRETS.")
def webhooks(
    to: str, count: int, seed: int, now: datetime | None, twice: bool, secret: str | None
) -> None:
    """Send made-up copy for the sandbox's Housing projects; same seed and --now, same copy."""
    key = _needed(secret, "LISTSMRT_SIGNING_SECRETS").split(",")[0].strip()
    present = _present(now)
    answers = Counter[str]()
    with ListSmrt(f"{to}/listsmrt/webhook", key) as sender:
        for number in range(count):
            body = generation(seed, number, present - timedelta(seconds=count - number))
            for _ in range(2 if twice else 1):
                answers[_said(sender.send(body))] += 1
    _tell("webhooks", answers)


@sandbox_send.command("look-ups")
@_TO
@_COUNT
@_SEED
@_NOW
@click.option(
    "--leads-per-day",
    type=click.IntRange(1, 100_000),
    default=40,
    show_default=True,
    help="As the sandbox was told.",
)
@click.option("--search-secret", envvar="SOCIALSIGNIN_SEARCH_SECRET", help="Else that variable.")
@click.option("--iframe-secret", envvar="SOCIALSIGNIN_IFRAME_SECRET", help="Else that variable.")
def look_ups(
    to: str,
    count: int,
    seed: int,
    now: datetime | None,
    leads_per_day: int,
    search_secret: str | None,
    iframe_secret: str | None,
) -> None:
    """Search for people who enquired this week, and open the card of the first one found."""
    settings = SandboxSettings(seed=seed, leads_per_day=leads_per_day)
    search = _needed(search_secret, "SOCIALSIGNIN_SEARCH_SECRET")
    iframe = _needed(iframe_secret, "SOCIALSIGNIN_IFRAME_SECRET")
    searches, cards, found = Counter[str](), Counter[str](), 0
    with SocialSignIn(
        (f"{to}/socialsignin/search", search), (f"{to}/socialsignin/iframe", iframe)
    ) as agent:
        for text in wanted(settings, _present(now), count):
            answer = agent.search(text)
            searches[_said(answer)] += 1
            results = orjson.loads(answer.body)["results"] if answer.status == 200 else []
            if results:
                found += 1
                cards[_said(agent.iframe(results[0]["id"]))] += 1
    click.echo(f"{found} of {count} searches found somebody")
    _tell("searches", searches)
    _tell("cards", cards)


def _present(now: datetime | None) -> datetime:
    return now.replace(tzinfo=UTC) if now else datetime.now(UTC)


def _needed(value: str | None, variable: str) -> str:
    if not value:
        raise click.UsageError(f"{variable} is not set; set it as the gateway has it")
    return value


def _said(answer: Answered) -> str:
    return answer.body.decode() if answer.status is None else str(answer.status)


def _tell(what: str, answers: Counter[str]) -> None:
    """Print how they were answered. Exits with 1 if any was not taken."""
    told = ", ".join(f"{status} x {count}" for status, count in sorted(answers.items()))
    click.echo(f"{what}: {told or 'none'}")
    if answers.keys() - {"200"}:
        raise SystemExit(1)
