from collections.abc import Iterator

import pytest

from lead_pipeline.sandbox import Sandbox, SandboxSettings, running_sandbox
from lead_pipeline_tests.sandbox.reader import NOW, Reader


@pytest.fixture(scope="session")
def shared_sandbox() -> Iterator[Sandbox]:
    """For tests that change nothing: its clock stands at NOW."""
    with running_sandbox(SandboxSettings(now=NOW, leads_per_day=150)) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def reader(shared_sandbox: Sandbox) -> Iterator[Reader]:
    with Reader(shared_sandbox) as reader:
        yield reader


@pytest.fixture(scope="session")
def shared_faulty_sandbox() -> Iterator[Sandbox]:
    with running_sandbox(SandboxSettings(now=NOW)) as sandbox:
        yield sandbox


@pytest.fixture
def faulty_sandbox(shared_faulty_sandbox: Sandbox) -> Iterator[Sandbox]:
    """For tests that set faults and nothing else; each begins with none."""
    shared_faulty_sandbox.clear_faults()
    yield shared_faulty_sandbox
    shared_faulty_sandbox.clear_faults()


@pytest.fixture
def faulty_reader(faulty_sandbox: Sandbox) -> Iterator[Reader]:
    with Reader(faulty_sandbox) as reader:
        yield reader


@pytest.fixture
def own_sandbox() -> Iterator[Sandbox]:
    """For tests that set the clock or move the cursor."""
    with running_sandbox(SandboxSettings(now=NOW)) as sandbox:
        yield sandbox


@pytest.fixture
def own_reader(own_sandbox: Sandbox) -> Iterator[Reader]:
    with Reader(own_sandbox) as reader:
        yield reader
