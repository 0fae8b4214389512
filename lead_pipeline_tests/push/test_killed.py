"""Killed at any moment, again and again, a push brings everybody into the CRM once."""

import subprocess
import sys
from random import Random
from signal import SIGKILL

import orjson
import pytest

from lead_pipeline_tests.push.killed_push import Job
from lead_pipeline_tests.push.pushing import CREATED, Pushing, each_once, enquiry

MOST_STEPS = 24


def killed(pushing: Pushing, step: int, amid: float) -> bool:
    """Push in a process that dies at that step; whether it came so far."""
    variables = pushing.sandbox.environment()
    job = Job(str(pushing.path), variables, pushing.now.isoformat(), step, amid)
    command = [sys.executable, "-m", "lead_pipeline_tests.push.killed_push"]
    ended = subprocess.run([*command, orjson.dumps(list(job)).decode()], check=False)
    assert ended.returncode in {0, -SIGKILL}
    return ended.returncode == -SIGKILL


@pytest.mark.parametrize("kills", [2, pytest.param(100, marks=pytest.mark.slow)])
def test_each_once_however_often_it_is_killed(pushing: Pushing, kills: int) -> None:
    random, people, deaths, died = Random(7), 0, 0, False
    pushing.scan()
    before = pushing.leads_of_the_crm()
    while deaths < kills:
        if deaths % 4 == 0 or not died:
            phone = f"+628120000{people:04}"
            name = "Ann" + "".join(chr(97 + int(digit)) for digit in str(people))
            pushing.enquire(enquiry(str(people), name, phone_raw=phone, created_at=CREATED))
            people += 1
        # The first dies with the contact in the CRM, and nobody told.
        step = 6 if not deaths else random.randint(1, MOST_STEPS)
        amid = random.choice((0.0, random.random() / 50)) if deaths else 0.0
        died = killed(pushing, step, amid)
        deaths += died
        pushing.later()
    pushing.scan()
    pushing.push()
    each_once(pushing, people, people)
    assert len(pushing.created("tasks")) == people
    for _ in range(3 if kills > 10 else 1):
        pushing.later()
        pushing.scan()
    assert pushing.leads_of_the_crm() == before
