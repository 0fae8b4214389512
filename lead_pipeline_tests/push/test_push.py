"""People with a new enquiry are in the CRM once, with their enquiries, as the CRM counts them."""

from datetime import timedelta

import pytest

from lead_pipeline.errors import EnvironmentMismatch
from lead_pipeline.landing import claim_environment
from lead_pipeline.records import ParsedLead
from lead_pipeline.sandbox import fault_from_text
from lead_pipeline_tests.push.pushing import CREATED, Pushing, crowd, each_once, enquiry

CROWD = crowd(4)
SALE = {"crm_pipeline_id": 5_201, "crm_stage_id": 61_001}
"""Where a deal begins, in the sandbox."""
PHONE = "+6281200000001"
ANN = enquiry("ann", "Ann Lee", phone_raw=PHONE, email_raw="ann@example.com")


def test_everybody_once_every_enquiry_once(pushing: Pushing) -> None:
    pushing.enquire(*CROWD)
    outcome = pushing.push()
    assert outcome.failure is None
    each_once(pushing, 4, len(CROWD))
    assert len(pushing.created("tasks")) == len(CROWD)
    posts = pushing.posts()
    pushing.later()
    pushing.push()
    assert pushing.posts() == posts
    assert pushing.rows("SELECT count(*) FROM core.own_leads") == [(4,)]
    assert {state for _, state, _ in pushing.states()} == {"done"}
    assert pushing.crm.published("SELECT count(*) FROM ops.pushes") == [(4 + 2 * len(CROWD),)]


@pytest.mark.slow
def test_what_was_pushed_never_comes_back(pushing: Pushing) -> None:
    pushing.scan()
    before = pushing.leads_of_the_crm()
    pushing.enquire(*CROWD)
    pushing.push()
    for _ in range(3):
        pushing.later(timedelta(hours=1))
        pushing.scan()
        pushing.push()
    assert pushing.leads_of_the_crm() == before
    each_once(pushing, 4, len(CROWD))


FAULTS = (
    "gateway_timeout_after,method=POST,rate=0.5",
    "cut_before_headers,method=POST,rate=0.5",
    "cut_unseen,method=POST,rate=0.5",
    "server_error,method=POST,rate=0.5",
    "gateway_timeout,rate=0.4",
    "cut_in_body,rate=0.4",
    "too_many_requests,rate=0.5,retry_after=3",
)


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_each_once_whatever_goes_wrong(pushing: Pushing, fault: str) -> None:
    goes_wrong(pushing, CROWD, fault, runs=4)


@pytest.mark.slow
def test_each_once_though_the_crm_acts_and_does_not_answer(pushing: Pushing) -> None:
    goes_wrong(pushing, CROWD[:2], FAULTS[1], runs=1)


def goes_wrong(pushing: Pushing, crowd: list[ParsedLead], fault: str, runs: int) -> None:
    """So many runs with the fault, and one or two without; everybody is there once."""
    pushing.enquire(*crowd)
    pushing.sandbox.set_faults([fault_from_text(f"{fault},vendor=qontak")])
    for _ in range(runs):
        pushing.push()
        pushing.later()
    assert sum(one.given for one in pushing.sandbox.faults_given())
    pushing.sandbox.clear_faults()
    for _ in range(min(runs, 2)):
        pushing.push()
        pushing.later()
    each_once(pushing, len({one.phone_raw for one in crowd}), len(crowd))
    assert len(pushing.created("tasks")) == len(crowd)
    pushing.scan()
    own = {one["id"] for one in pushing.created("contacts")}
    assert not own & pushing.leads_of_the_crm()


@pytest.mark.slow
def test_a_person_who_is_in_the_crm_is_completed_and_nothing_is_overwritten(
    pushing: Pushing,
) -> None:
    by_hand = {"first_name": "Anne", "telephone": "0812-0000-0001", "job_title": "Captain"}
    contact = str(pushing.sandbox.crm_by_hand.create("contacts", by_hand)["id"])
    pushing.scan()
    pushing.enquire(ANN)
    pushing.push(contact_additional_fields={"catatan": "{source}"}, keep=["Catatan"])
    assert pushing.created("contacts") == []
    (changed,) = pushing.sandbox.crm_writes()["qontak"]["contacts"]["changed"]
    assert (changed["id"], {*changed["sent"]}) == (contact, {"last_name", "email"})
    assert [one["sent"]["crm_lead_ids"] for one in pushing.created("deals")] == [[int(contact)]]
    assert contact in pushing.leads_of_the_crm()
    assert pushing.states()["contact", "done", "complete"] == 1


@pytest.mark.slow
def test_a_person_who_came_after_the_scan_is_found_live(pushing: Pushing) -> None:
    pushing.scan()
    by_hand = {"first_name": "Ann", "email": "Ann@Example.com"}
    pushing.sandbox.crm_by_hand.create("contacts", by_hand)
    pushing.enquire(ANN)
    pushing.push()
    assert pushing.created("contacts") == []
    assert len(pushing.created("deals")) == 1


@pytest.mark.slow
def test_what_changes_later_fills_what_is_empty(pushing: Pushing) -> None:
    pushing.enquire(enquiry("one", "Ann Lee", phone_raw="+6281200000001"))
    pushing.push()
    (contact,) = pushing.created("contacts")
    pushing.sandbox.crm_by_hand.change("contacts", contact["id"], {"last_name": "Lim"})
    pushing.later()
    pushing.enquire(
        enquiry("two", "Ann Lee", phone_raw="+6281200000001", email_raw="ann@example.com")
    )
    pushing.push()
    each_once(pushing, 1, 2)
    changes = pushing.sandbox.crm_writes()["qontak"]["contacts"]["changed"]
    assert [one["sent"] for one in changes if one["by"] == "client"] == [["email"]]


@pytest.mark.slow
def test_an_older_enquiry_and_one_of_the_crm_are_not_pushed(pushing: Pushing) -> None:
    old = CREATED - timedelta(days=30)
    pushing.enquire(enquiry("old", "Old Hand", phone_raw="+6281200000009", created_at=old))
    pushing.scan()
    outcome = pushing.push()
    assert (outcome.people, pushing.posts()) == (0, 0)


@pytest.mark.slow
def test_who_did_not_agree_is_held(pushing: Pushing) -> None:
    pushing.enquire(ANN._replace(marketing_consent=False))
    pushing.push()
    pushing.push()
    assert pushing.posts() == 0
    assert pushing.rows(
        "SELECT DISTINCT state, attempts, reason LIKE '%agree%' FROM ops.pushes"
    ) == [("held", 0, True)]
    pushing.push(hold_refusals=False)
    each_once(pushing, 1, 1)


@pytest.mark.slow
def test_a_refusal_names_the_field_and_no_value(pushing: Pushing) -> None:
    pushing.enquire(ANN)
    contact = {"first_name": "{first_name}", "telephone": "{phone}", "shoe_size": "44 and a half"}
    pushing.push(contact=contact)
    assert pushing.rows("SELECT reason FROM ops.pushes WHERE kind = 'contact'") == [
        ("the CRM refused it with 422: shoe_size",)
    ]


def test_a_dry_run_writes_nothing(pushing: Pushing) -> None:
    pushing.enquire(*CROWD, ANN._replace(marketing_consent=False))
    outcome = pushing.push(mode="dry-run")
    assert pushing.posts() == 0
    assert pushing.rows("SELECT * FROM ops.pushes") == []
    assert {(one.action, one.kind) for one in outcome.planned} == {
        ("create", kind) for kind in ("contact", "deal", "task")
    }
    assert [one.kind for one in outcome.planned].count("contact") == 4


def test_data_of_another_environment_is_not_pushed(pushing: Pushing) -> None:
    pushing.enquire(ANN)
    claim_environment(pushing.path, "production", accept=True)
    with pytest.raises(EnvironmentMismatch, match="production"):
        pushing.push()
    assert pushing.posts() == 0


def test_data_of_no_known_environment_is_not_pushed(pushing: Pushing) -> None:
    pushing.enquire(ANN)
    (pushing.path / "environment.json").unlink()
    with pytest.raises(EnvironmentMismatch, match="no environment"):
        pushing.push()
    assert pushing.posts() == 0


def test_a_failure_opens_no_deals_for_what_was_asked_long_ago(pushing: Pushing) -> None:
    old = CREATED - timedelta(days=400)
    pushing.enquire(
        ANN, *(enquiry(f"old {n}", "Ann Lee", phone_raw=PHONE, created_at=old) for n in "ab")
    )
    pushing.sandbox.set_faults([fault_from_text("server_error,method=POST,vendor=qontak")])
    pushing.push()
    pushing.sandbox.clear_faults()
    pushing.later()
    pushing.push()
    assert (len(pushing.created("contacts")), len(pushing.created("deals"))) == (1, 1)


def test_nobody_is_sent_who_could_not_be_found_again(pushing: Pushing) -> None:
    pushing.enquire(enquiry("mail", "Ann Lee", email_raw="ann@example.com"))
    pushing.push(contact={"first_name": "{first_name}", "telephone": "{phone}"})
    assert pushing.posts() == 0
    assert pushing.states()["contact", "held", ""] == 1


@pytest.mark.slow
def test_who_lost_their_name_meanwhile_is_found_by_what_was_sent(pushing: Pushing) -> None:
    """The contact of somebody without a name is called by the phone; then a name is learnt."""
    pushing.enquire(enquiry("ann", "", phone_raw=PHONE))
    acts = "gateway_timeout_after,method=POST,vendor=qontak"
    pushing.sandbox.set_faults(
        [fault_from_text(acts), fault_from_text("server_error,vendor=qontak")]
    )
    pushing.push()
    pushing.sandbox.clear_faults()
    pushing.later()
    pushing.enquire(enquiry("again", "Budi Santoso", phone_raw=PHONE))
    pushing.push()
    assert len(pushing.created("contacts")) == 1


def test_who_withdrew_is_not_completed(pushing: Pushing) -> None:
    there = pushing.sandbox.crm_by_hand.create(
        "contacts", {"first_name": "Ann", "telephone": PHONE}
    )
    pushing.enquire(ANN)
    pushing.sandbox.set_faults([fault_from_text("gateway_timeout,method=PUT,vendor=qontak")])
    pushing.push()
    pushing.sandbox.clear_faults()
    pushing.later()
    no = ANN._replace(natural_key="no", source_lead_id="no", marketing_consent=False)
    pushing.enquire(no._replace(created_at=CREATED + timedelta(hours=1)))
    pushing.push()
    changed = pushing.sandbox.crm_writes()["qontak"]["contacts"]["changed"]
    assert (there, changed) == (there, [])


@pytest.mark.slow
def test_what_arrives_after_a_failure_was_told_is_found(pushing: Pushing) -> None:
    pushing.enquire(ANN)
    told = "server_error,method=POST,body=Lake View,vendor=qontak"
    pushing.sandbox.set_faults([fault_from_text(told)])
    pushing.push()
    pushing.sandbox.clear_faults()
    assert pushing.states()["deal", "sent", "create"] == 1
    ((push_id,),) = pushing.rows("SELECT push_id FROM ops.pushes WHERE kind = 'deal'")
    late = {"name": f"Lake View [{push_id[:12]}]", **SALE}
    pushing.sandbox.crm_by_hand.create("deals", late)
    pushing.later()
    pushing.push()
    assert pushing.created("deals") == []
    assert pushing.states()["deal", "done", "create"] == 1
