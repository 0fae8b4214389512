"""The mapping is held against the templates, and every problem names its setting."""

from contextlib import closing
from typing import Any

import pytest

from lead_pipeline.errors import ConfigError
from lead_pipeline.push import problems_of
from lead_pipeline.vendors.deadline import Countdown
from lead_pipeline.vendors.qontak import QontakClient
from lead_pipeline_tests.push.pushing import BLOCK, NOW, Pushing, settings


def problems(pushing: Pushing, **changes: Any) -> list[str]:  # noqa: ANN401 - settings
    client = pushing.crm.account(NOW).client
    assert isinstance(client, QontakClient)
    with closing(client):
        return problems_of(client, settings(**changes), Countdown(60))


def test_the_mapping_is_held_against_the_templates(pushing: Pushing) -> None:
    assert problems(pushing) == []
    found = problems(
        pushing,
        contact={"last_name": "{surname}", "shoe_size": 44},
        contact_additional_fields={"minat": {"from": "source", "values": {"housing": "Burung"}}},
        deal={"pipeline": 5201, "stage": "Pemesanan"},
    )
    assert [one.split(";")[0] for one in found] == [
        "push.contact lacks first_name, which the CRM requires",
        "push.contact maps shoe_size, which is no field of the CRM's template",
        "push.contact.minat may be 'Burung', which is none of its choices",
        "push.deal lacks cara_bayar, which the CRM requires",
        "push.contact names {surname}, which is no column",
    ]
    found = problems(
        pushing,
        contact={"first_name": "{first_name}", "Job Title": "Buyer", "minat": "Rumah"},
        contact_additional_fields={"Catatan": "{source}", "email": "{email}"},
        keep=["job_title", "Fasilitas", "crm_company_id", "jobtitle"],
        deal={"pipeline": 5201, "stage": "Pemesanan", "additional_fields": {"Cara Bayar": 460}},
    )
    assert [one.split(": write")[0] for one in found] == [
        "push.contact maps Job Title by what people call it: the CRM's name is job_title",
        (
            "push.contact maps minat, which is one of the account's own fields: "
            "it belongs under push.contact_additional_fields"
        ),
        "push.contact_additional_fields maps email, which every account has",
        "push.keep names jobtitle, which is no field of the CRM's template",
    ]
    with pytest.raises(ConfigError, match="no such stage; it has Prospek"):
        problems(pushing, deal={"pipeline": 5201, "stage": "Mars"})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"mode": "perhaps"}, "push.mode"),
        ({"deal": {"pipeline": 1}}, "push.deal.stage"),
        ({"days": 0}, "push.days"),
        ({"contacts": {}}, "push.contacts"),
    ],
)
def test_a_wrong_setting_is_named(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        settings(**change)


def test_yaml_reads_on_and_off_as_true_and_false() -> None:
    assert [settings(mode=mode).mode for mode in (True, False, "dry-run")] == [
        "on",
        "off",
        "dry-run",
    ]
    assert BLOCK["mode"] is True
