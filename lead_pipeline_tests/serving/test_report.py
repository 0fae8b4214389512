"""The report over the wire: for whoever has the token, in a browser too."""

import base64

import pytest

from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.pipeline.report import REPORT
from lead_pipeline_tests.serving.wire import Answer, running_gateway

TOKEN = "a token: with a colon, ü"
PAGE = "<!doctype html><html><head><style>p { color: red; }</style></head><p>ü</p></html>"


def sent(scheme: str, value: str) -> str:
    encoded = value.encode()
    if scheme == "Basic":
        encoded = base64.b64encode(encoded)
    return f"{scheme} {encoded.decode('latin-1')}"


def is_private(answer: Answer) -> bool:
    return (
        answer.headers["cache-control"] == "no-store"
        and answer.headers["x-content-type-options"] == "nosniff"
        and answer.headers["referrer-policy"] == "no-referrer"
    )


def test_a_browser_is_asked_for_the_token_and_shows_the_page(folder: DataFolder) -> None:
    (folder.path / REPORT).write_text(PAGE)
    with running_gateway(folder, report_token=TOKEN) as gateway:
        asked = gateway.ask("GET", "/report")
        assert asked.status == 401
        assert asked.headers["www-authenticate"].startswith("Basic ")
        assert is_private(asked)
        shown = gateway.ask("GET", "/report", Authorization=sent("Basic", f"anybody:{TOKEN}"))
    assert (shown.status, shown.body.decode()) == (200, PAGE)
    assert shown.headers["content-type"] == "text/html; charset=utf-8"
    policy = shown.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'sha256-" in policy
    assert "unsafe" not in policy
    assert is_private(shown)


def test_a_program_sends_it_as_a_bearer_token(folder: DataFolder) -> None:
    (folder.path / REPORT).write_text(PAGE)
    with running_gateway(folder, report_token="plain") as gateway:
        assert gateway.ask("GET", "/report", Authorization=sent("Bearer", "plain")).status == 200


@pytest.mark.parametrize(
    "header",
    [
        *("Basic", "Basic !!!", "Bearer", "Bearer ", "Digest plain", "plain", "Basic cGxhaW4="),
        sent("Basic", "plain:"),
        sent("Basic", "x:plain "),
        sent("Bearer", "plainer"),
    ],
)
def test_anything_else_is_refused(folder: DataFolder, header: str) -> None:
    (folder.path / REPORT).write_text(PAGE)
    with running_gateway(folder, report_token="plain") as gateway:
        assert gateway.ask("GET", "/report", Authorization=header).status == 401


def test_without_a_token_or_a_page_it_answers_503_and_says_why(folder: DataFolder) -> None:
    with running_gateway(folder, report_token="plain") as gateway:
        answer = gateway.ask("GET", "/report", Authorization=sent("Bearer", "plain"))
        assert (answer.status, "lead-pipeline report" in answer.json()["error"]) == (503, True)
    (folder.path / REPORT).write_text(PAGE)
    with running_gateway(folder, report_token="") as gateway:
        answer = gateway.ask("GET", "/report", Authorization=sent("Bearer", ""))
        assert (answer.status, "LEAD_PIPELINE_REPORT_TOKEN" in answer.json()["error"]) == (
            503,
            True,
        )
        assert is_private(answer)
