"""Which environment an account's data are of, by where it is asked."""

import pytest

from lead_pipeline.cli.accounts import load_accounts


@pytest.mark.parametrize(
    ("base_url", "environment"),
    [
        ("https://api.mekari.com", "production"),
        ("https://api.mekari.io", "staging"),
        ("https://api.mekari.io/", "staging"),
        ("http://127.0.0.1:8899/qontak", "loopback"),
    ],
)
def test_the_staging_of_the_crm_is_not_its_production(
    monkeypatch: pytest.MonkeyPatch, base_url: str, environment: str
) -> None:
    monkeypatch.setenv("QONTAK_BASE_URL", base_url)
    qontak = next(one for one in load_accounts()[1] if one.account == "qontak")
    assert qontak.open_account().environment == environment
