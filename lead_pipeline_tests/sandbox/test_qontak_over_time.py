"""However objects are written, at any moment lists, look-ups and the truth agree."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from lead_pipeline.sandbox import Order, QontakSettings, SandboxSettings
from lead_pipeline.sandbox.app import World
from lead_pipeline.sandbox.population import milliseconds
from lead_pipeline_tests.sandbox.crm import STREAMS, Record
from lead_pipeline_tests.sandbox.reader import NOW

EVERYTHING = 10**6


def everything(world: World, stream: str, at: datetime) -> dict[str, Record]:
    records = world.store.page(stream, milliseconds(at), 0, EVERYTHING)
    return {str(record["id"]): record for record in records}


def new(pick: Callable[[str], str]) -> dict[str, Record]:
    """A new object of each stream."""
    deal = {"name": "D", "crm_pipeline_id": 5202, "crm_stage_id": 61011}
    links = {"crm_lead_ids": [int(pick("contacts"))], "crm_company_id": int(pick("companies"))}
    return {
        "contacts": {"first_name": "A", "crm_company_id": int(pick("companies"))},
        "companies": {"name": "C"},
        "deals": deal | links,
        "tasks": {"name": "T", "crm_deal_id": int(pick("deals"))},
    }


def write(world: World, chance: random.Random, now: datetime) -> None:
    """Create, change or delete something."""

    def pick(stream: str) -> str:
        return chance.choice(list(everything(world, stream, now)))

    stream, by_hand = chance.choice(STREAMS), world.by_hand
    match chance.choice(("create", "change", "link", "delete")):
        case "create":
            by_hand.create(stream, new(pick)[stream])
        case "change":
            field = "first_name" if stream == "contacts" else "name"
            by_hand.change(stream, pick(stream), {field: "B"})
        case "link":
            by_hand.change("deals", pick("deals"), {"crm_lead_ids": [int(pick("contacts"))]})
        case "delete":
            by_hand.delete(stream, pick(stream))


def check_pages(world: World, stream: str, at: datetime, length: int, order: Order) -> None:
    store, moment, whole = world.store, milliseconds(at), everything(world, stream, at)
    starts = range(0, len(whole) + length, length)
    pages = [one for start in starts for one in store.page(stream, moment, start, length)]
    assert pages == list(whole.values())
    assert len(pages) == store.total(stream, moment)
    times = [datetime.fromisoformat(record["created_at"]) for record in pages]
    assert times == sorted(times, reverse=order is Order.NEWEST_FIRST)
    for since in times[:: len(times) // 3]:
        later = [one for one, created in zip(pages, times, strict=True) if created >= since]
        start = milliseconds(since)
        assert store.page(stream, moment, 0, EVERYTHING, start) == later
        assert store.total(stream, moment, start) == len(later)


def check_truth(world: World, stream: str, first: datetime, last: datetime) -> None:
    before, after = (everything(world, stream, at) for at in (first, last))
    told = world.crm_truth(first, last)["qontak"][stream]
    assert told["alive"].keys() == after.keys()
    assert set(told["created"]) == after.keys() - before.keys()
    assert set(told["vanished"]) == before.keys() - after.keys()
    both = before.keys() & after.keys()
    assert set(told["changed"]) == {one for one in both if before[one] != after[one]}


def check_links(world: World, at: datetime) -> None:
    deals = everything(world, "deals", at).values()
    for contact in everything(world, "contacts", at):
        named = [deal for deal in deals if int(contact) in deal["crm_lead_ids"]]
        found = world.store.found("deals", milliseconds(at), {"contact_ids": contact})
        assert found == named


@pytest.mark.slow
@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_is_written_all_ways_to_read_agree(order: Order, seed: int) -> None:
    chance, now = random.Random(seed), NOW
    qontak = QontakSettings(contacts=25, companies=10, deals=15, tasks=10, life_days=3, order=order)
    world = World.of(SandboxSettings(seed=seed, now=NOW, qontak=qontak))
    moments = [NOW]
    for step in range(60):
        now += timedelta(minutes=chance.randrange(90))
        world.clock.hold(now)
        moments.append(now)
        write(world, chance, now)
        if step % 6 == 0:
            first, last = sorted(chance.sample(moments, 2))
            for stream in STREAMS:
                check_pages(world, stream, last, chance.randrange(1, 30), order)
                check_truth(world, stream, first, last)
            check_links(world, last)
