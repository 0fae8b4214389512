"""Killed at any moment, again and again, a push brings everybody into the CRM once."""

from random import Random
from signal import SIGKILL

import pytest

from lead_pipeline_tests.push.killed_push import Job, Worker
from lead_pipeline_tests.push.pushing import Pushing, each_once, enquiry

MOST_STEPS = 24


def killed(pushing: Pushing, worker: Worker, step: int, amid: float) -> bool:
    """Push in a process that dies at that step; whether it came so far."""
    variables = pushing.sandbox.environment()
    ended = worker.do(Job(str(pushing.path), variables, pushing.now.isoformat(), step, amid))
    assert ended in {0, -SIGKILL}
    return ended == -SIGKILL


def come(pushing: Pushing, number: int) -> None:
    """A further person enquires."""
    name = "Ann" + "".join(chr(97 + int(digit)) for digit in str(number))
    pushing.enquire(enquiry(str(number), name, phone_raw=f"+628120000{number:04}"))


@pytest.mark.slow
def test_each_once_though_it_dies_twice(pushing: Pushing) -> None:
    """First with the contact in the CRM and nobody told, then with the deal."""
    come(pushing, 0)
    with Worker() as worker:
        for step in (8, 6):
            assert killed(pushing, worker, step, 0.0)
            pushing.later()
    assert [len(pushing.created(one)) for one in ("contacts", "deals", "tasks")] == [1, 1, 0]
    pushing.push()
    each_once(pushing, 1, 1)
    assert pushing.states()["task", "done", "create"] == 1


@pytest.mark.slow
def test_each_once_though_it_dies_a_hundred_times(pushing: Pushing) -> None:
    random, people, deaths, died = Random(7), 0, 0, False
    pushing.scan()
    before = pushing.leads_of_the_crm()
    with Worker() as worker:
        while deaths < 100:
            if deaths % 4 == 0 or not died:
                come(pushing, people)
                people += 1
            amid = random.choice((0.0, random.random() / 50))
            died = killed(pushing, worker, random.randint(1, MOST_STEPS), amid)
            deaths += died
            pushing.later()
            if deaths % 10 == 0:
                pushing.scan()
                assert pushing.leads_of_the_crm() == before
    pushing.push()
    each_once(pushing, people, people)
    assert len(pushing.created("tasks")) == people
    for _ in range(3):
        pushing.later()
        pushing.scan()
    assert pushing.leads_of_the_crm() == before
