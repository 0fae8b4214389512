"""Rows whose outcome is not known, is no, or was overtaken by who is who."""

from datetime import timedelta

import pytest

from lead_pipeline.pipeline.people import merge_people, split_person, undo_decision
from lead_pipeline.pipeline.rebuild import rebuild
from lead_pipeline.sandbox import fault_from_text
from lead_pipeline_tests.push.pushing import Pushing, crowd, each_once, enquiry

ANN = enquiry("ann", "Ann Lee", phone_raw="+6281200000001", email_raw="ann@example.com")
BOB = enquiry("bob", "Bob Roe", phone_raw="+6281200000002", email_raw="bob@example.com")

pytestmark = pytest.mark.slow


def faults(pushing: Pushing, *texts: str) -> None:
    pushing.sandbox.set_faults([fault_from_text(f"{text},vendor=qontak") for text in texts])


def test_what_may_have_been_created_is_held_back_until_that_is_known(pushing: Pushing) -> None:
    pushing.scan()
    before = pushing.leads_of_the_crm()
    pushing.enquire(ANN)
    faults(
        pushing, "cut_before_headers,method=POST", "server_error,method=GET,query=email=,after=1"
    )
    pushing.push()
    assert pushing.states()["contact", "sent", "create"] == 1
    pushing.sandbox.clear_faults()
    pushing.later(timedelta(minutes=1))
    pushing.scan()
    (contact,) = pushing.created("contacts")
    assert len(pushing.rows("SELECT * FROM core.held_leads")) == 1
    assert pushing.leads_of_the_crm() == before
    pushing.push()
    pushing.later()
    pushing.scan()
    assert pushing.rows("SELECT * FROM core.held_leads") == []
    assert pushing.leads_of_the_crm() == before
    assert [
        row[0] for row in pushing.rows("SELECT object_id FROM ops.pushes WHERE kind = 'contact'")
    ] == [contact["id"]]
    each_once(pushing, 1, 1)


def test_what_is_refused_is_sent_again_only_when_it_is_another(pushing: Pushing) -> None:
    pushing.enquire(ANN, BOB)
    faults(pushing, "unprocessable,method=POST,body=ann@example.com")
    pushing.push()
    posts = pushing.posts()
    for _ in range(2):
        pushing.later()
        assert pushing.push().failure is None
    assert pushing.posts() == posts
    ((reason, attempts),) = pushing.rows(
        "SELECT reason, attempts FROM ops.pushes WHERE state = 'refused'"
    )
    assert (reason, attempts) == ("the CRM refused it with 422", 1)
    pushing.enquire(ANN._replace(email_raw="ann.lee@example.com", updated_at=pushing.now))
    pushing.push()
    each_once(pushing, 2, 2)


def test_a_crm_that_is_down_is_left_alone_and_nothing_is_lost(pushing: Pushing) -> None:
    people = crowd(6)
    pushing.enquire(*people)
    faults(pushing, "unavailable,method=POST")
    outcome = pushing.push(give_up_after=2, since=None, days=1)
    assert "2 failures in a row" in str(outcome.failure)
    assert pushing.posts() == 0
    assert pushing.states()["deal", "waiting", ""] == len(people)
    pushing.sandbox.clear_faults()
    pushing.later(timedelta(days=3))
    assert pushing.push(since=None, days=1).failure is None
    each_once(pushing, 6, len(people))


def test_who_turns_out_to_be_one_is_told_and_who_turns_out_to_be_two(pushing: Pushing) -> None:
    pushing.enquire(ANN, BOB)
    pushing.push()
    ann, bob = sorted(key for (key,) in pushing.rows("SELECT person_id FROM people"))
    folder = pushing.crm.folder(pushing.now)
    event = merge_people(folder, ann, bob, "Kim", "the same").event
    pushing.later()
    pushing.enquire(enquiry("new", "Bob Roe", phone_raw="+6281200000002"))
    outcome = pushing.push()
    contacts = tuple(sorted(one["id"] for one in pushing.created("contacts")))
    assert [(one.what, one.contacts) for one in outcome.merges] == [("merge", contacts)]
    each_once(pushing, 2, 3)
    undo_decision(folder, event, "Kim", "they are two")
    pushing.later()
    outcome = pushing.push()
    each_once(pushing, 2, 3)
    assert "merge" not in {one.what for one in outcome.merges}


def test_who_is_split_gets_a_contact_of_their_own_for_what_comes_next(pushing: Pushing) -> None:
    again = ANN._replace(natural_key="two", source_lead_id="two")
    third = ANN._replace(natural_key="three", source_lead_id="three")
    pushing.enquire(ANN, again, third)
    pushing.push()
    ((person, lead),) = pushing.rows(
        "SELECT person_id, lead_id FROM leads WHERE source_lead_id = 'two'"
    )
    split_person(pushing.crm.folder(pushing.now), person, [lead], "Kim", "the wife")
    pushing.later()
    outcome = pushing.push()
    ((contact,),) = {(one["id"],) for one in pushing.created("contacts")[:1]}
    assert [(one.what, one.contacts) for one in outcome.merges] == [("split", (contact,))]
    assert len(pushing.created("deals")) == 3


def test_a_rebuild_makes_the_same_rows(pushing: Pushing) -> None:
    pushing.scan()
    pushing.enquire(ANN, BOB._replace(marketing_consent=False))
    pushing.push()
    table = "SELECT * FROM ops.pushes ORDER BY push_id"
    before = pushing.rows(table)
    assert len(before) == 5
    rebuild(pushing.crm.folder(pushing.now), [pushing.crm.account(pushing.now)], lambda all_: all_)
    assert pushing.rows(table) == before
