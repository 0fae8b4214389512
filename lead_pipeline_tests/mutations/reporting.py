"""Faults in the marts, and in what is remembered of publications."""

from lead_pipeline_tests.mutations.mutation import Mutation

_FUNNEL = ("marts/test_lead_funnel.py",)
_SPEED = ("marts/test_speed_to_lead.py",)
_PUBLICATIONS = ("warehouse/test_publications.py",)

REPORTING = (
    Mutation(
        "an enquiry that was written down later is a touch",
        "marts/deal_outcomes.sql",
        "WHERE NOT is_contact OR coalesce(created_at < enquired_elsewhere_at, true)",
        "WHERE true",
        _FUNNEL,
    ),
    Mutation(
        "a deal of ours goes to the first touch of its people",
        "marts/deal_outcomes.sql",
        "CASE WHEN deals.our_lead_id IS NULL THEN touches.first_lead_id ELSE own.lead_id END",
        "coalesce(touches.first_lead_id, own.lead_id)",
        _FUNNEL,
    ),
    Mutation(
        "an enquiry after the deal is a touch",
        "marts/deal_outcomes.sql",
        "AND enquiries.created_at <= deals.created_at",
        "",
        _FUNNEL,
    ),
    Mutation(
        "a contact stays with a person that is no more",
        "marts/mart_contacts.sql",
        "coalesce(redirects.now_person_id, pushes.person_id)",
        "pushes.person_id",
        _FUNNEL,
    ),
    Mutation(
        "a contact that is gone counts",
        "marts/enquiry_outcomes.sql",
        "WHERE person_id IS NOT NULL AND NOT is_vanished",
        "WHERE person_id IS NOT NULL",
        _FUNNEL,
    ),
    Mutation(
        "the amount of a deal that is gone counts",
        "marts/lead_funnel.sql",
        "WHERE outcome = 'won' AND NOT is_vanished AND is_counted",
        "WHERE outcome = 'won' AND is_counted",
        _FUNNEL,
    ),
    Mutation(
        "what could not be quick is measured",
        "marts/enquiry_outcomes.sql",
        "coalesce(enquiries.created_at < asked.first_asked_at, false)",
        "false",
        _SPEED,
    ),
    Mutation(
        "an enquiry of the moment of a copy is before and after it",
        "marts/listing_effect.sql",
        "enquiries.created_at < spans.generated_at",
        "enquiries.created_at <= spans.generated_at",
        ("marts/test_listing_effect.py",),
    ),
    Mutation(
        "nobody remembers what was published when",
        "warehouse/publish.py",
        "    remember_publication(session, version, now)\n",
        "",
        _PUBLICATIONS,
    ),
    Mutation(
        "what failed counts as published",
        "warehouse/publications.py",
        "WHERE version >= ?",
        "WHERE version > ?",
        _PUBLICATIONS,
    ),
)
