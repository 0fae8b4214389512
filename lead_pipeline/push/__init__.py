"""The push: people with a new enquiry go into a CRM, once, each with a deal per enquiry.

settings    what an account's YAML says          mapping     its fields, filled in (pure)
people      who is to be pushed                  recognise   who a contact of the CRM is (pure)
items       what is to be there                  outbox      the rows, written before sending
work        find, create, complete               check       the mapping against the templates
run         all of it, under one lock            merges      what a human should merge
"""

from lead_pipeline.push.check import problems_of
from lead_pipeline.push.merges import Merge, merges_of
from lead_pipeline.push.run import PushOutcome, push
from lead_pipeline.push.settings import Mode, PushSettings, push_settings

__all__ = [
    "Merge",
    "Mode",
    "PushOutcome",
    "PushSettings",
    "merges_of",
    "problems_of",
    "push",
    "push_settings",
]
