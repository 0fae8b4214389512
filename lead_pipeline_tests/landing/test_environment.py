from pathlib import Path

import pytest

from lead_pipeline.errors import EnvironmentMismatch, LandingError
from lead_pipeline.landing import claim_environment


def test_an_empty_folder_is_claimed_once_and_for_all(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    claim_environment(folder, "loopback")
    marker = (folder / "environment.json").read_bytes()
    claim_environment(folder, "loopback")
    assert (folder / "environment.json").read_bytes() == marker


def test_another_environment_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    claim_environment(tmp_path, "loopback")
    marker = (tmp_path / "environment.json").read_bytes()
    with pytest.raises(EnvironmentMismatch) as refused:
        claim_environment(tmp_path, "production")
    assert "loopback" in refused.value.what
    assert "production" in refused.value.what
    assert "--accept-environment" in refused.value.next_step
    assert (tmp_path / "environment.json").read_bytes() == marker


def test_an_accepted_environment_stays_accepted(tmp_path: Path) -> None:
    claim_environment(tmp_path, "loopback")
    claim_environment(tmp_path, "production", accept=True)
    claim_environment(tmp_path, "production")
    claim_environment(tmp_path, "loopback")
    with pytest.raises(EnvironmentMismatch, match="loopback and production"):
        claim_environment(tmp_path, "staging")


@pytest.mark.parametrize("content", [b"", b"{", b"{}", b"[]", b'{"environments": null}'])
def test_an_unreadable_mark_is_never_taken_for_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "environment.json").write_bytes(content)
    with pytest.raises(LandingError, match="cannot be read"):
        claim_environment(tmp_path, "loopback", accept=True)
    assert (tmp_path / "environment.json").read_bytes() == content


def test_what_the_disk_refuses_is_a_typed_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LandingError, match="could not be written"):
        claim_environment(tmp_path / "file" / "data", "loopback")


def test_only_owner_and_group_may_read_it(tmp_path: Path) -> None:
    claim_environment(tmp_path / "data", "loopback")
    assert (tmp_path / "data" / "environment.json").stat().st_mode & 0o777 == 0o640
