"""What a card holds, by what the CRM says."""

from lead_pipeline.serving.card import read_card
from lead_pipeline.warehouse import Session
from lead_pipeline_tests.marts.scripted import at, contact, crm_object, insert


def test_tasks_that_are_done_are_left_out_where_it_is_known_which_are(session: Session) -> None:
    insert(session, "people", person_id="P1", full_name="Ann Example", enquiries=1)
    contact(session, "7", "P1", at(3))
    for name, status in (("call", 1), ("visit", 3), ("write", None)):
        fields = {"name": name, "crm_task_status_id": status, "crm_person_id": 7}
        crm_object(session, "task", name, at(4), fields)
    every, some = read_card(session, "P1"), read_card(session, "P1", ("3", "4"))
    assert every
    assert some
    assert {one.name for one in every.tasks} == {"call", "visit", "write"}
    assert {one.name for one in some.tasks} == {"call", "write"}
