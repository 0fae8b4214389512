"""When the CRM's objects come, change and go."""

from hypothesis import given, settings
from hypothesis import strategies as st

from lead_pipeline.sandbox.qontak.lives import Lives

DAY = 86_400_000
AT = 20_777 * DAY + 12_345

times = st.integers(min_value=0, max_value=30_000 * DAY)
worlds = st.builds(
    Lives,
    seed=st.integers(0, 99),
    stream=st.integers(1, 4),
    alive=st.integers(1, 3000),
    life=st.integers(1, 400).map(lambda days: days * DAY),
)


def plainly_alive(lives: Lives, at: int) -> list[int]:
    newest = at // lives.step + 1
    oldest = max(0, newest - 2 * 3000)
    return [number for number in range(oldest, newest + 1) if lives.is_alive(number, at)]


@settings(max_examples=40, deadline=None)
@given(lives=worlds, at=times, back=st.integers(-50, 2000))
def test_numbers_and_count_are_those_that_are_alive(lives: Lives, at: int, back: int) -> None:
    since = max(0, at // lives.step - back)
    expected = [number for number in plainly_alive(lives, at) if number >= since]
    assert list(lives.numbers(at, since, newest_first=False)) == expected
    assert list(lives.numbers(at, since, newest_first=True)) == expected[::-1]
    assert lives.count(at, since) == len(expected)


@settings(max_examples=40, deadline=None)
@given(
    lives=worlds,
    at=times,
    start=st.integers(0, 4000),
    length=st.integers(1, 200),
    up=st.booleans(),
)
def test_a_page_is_a_slice(lives: Lives, at: int, start: int, length: int, up: bool) -> None:
    whole = list(lives.numbers(at, 0, newest_first=up))
    found = list(lives.page(at, 0, start, length, newest_first=up))
    assert found == whole[start : start + length]


@settings(max_examples=200, deadline=None)
@given(lives=worlds, number=st.integers(0, 10**7), at=times)
def test_one_life(lives: Lives, number: int, at: int) -> None:
    created = lives.created(number)
    assert created < lives.created(number + 1)
    assert created < lives.vanished(number)
    assert lives.is_alive(number, created)
    assert not lives.is_alive(number, created - 1)
    assert not lives.is_alive(number, lives.vanished(number))
    revision = lives.revision(number, max(at, created))
    assert lives.updated(number, 0) == created
    assert lives.updated(number, revision) <= max(at, created) < lives.updated(number, revision + 1)
    assert lives.first_created(created) == number
    assert lives.first_created(created + 1) == number + 1
    assert list(lives.created_within(created, created + 1)) == [number]


def test_as_many_are_there_as_were_asked_for() -> None:
    lives = Lives(7, 1, 5000, 30 * DAY)
    counts = [lives.count(AT + days * DAY, 0) for days in range(0, 60, 7)]
    assert all(4750 < count < 5250 for count in counts)


def test_streams_and_seeds_differ() -> None:
    streams = [Lives(seed, stream, 300, 30 * DAY) for seed in (1, 2) for stream in (1, 2)]
    assert len({lives.created(10**5) for lives in streams}) == 4


@settings(max_examples=20, deadline=None)
@given(lives=worlds, number=st.integers(0, 10**6))
def test_to_the_millisecond(lives: Lives, number: int) -> None:
    created, vanished = lives.created(number), lives.vanished(number)
    moments = (created - 1, created, vanished - 1, vanished)
    there = [number in lives.numbers(at, number, newest_first=True) for at in moments]
    assert there == [False, True, True, False]
    counts = [lives.count(at, 0) - lives.count(at, number + 1) for at in moments]
    alive = [sum(one <= number for one in plainly_alive(lives, at)) for at in moments]
    assert counts == alive
