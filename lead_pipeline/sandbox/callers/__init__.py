"""The two systems that call: ListSMRT with generated copy, SocialSignIn with look-ups.

Each signs as its own document says, and takes the addresses that its user would have entered.

    listsmrt      signs and sends webhooks        generations   what is in them
    socialsignin  signs searches and iframes      agents        whom an agent looks up
    caller        one request and its answer
"""

from lead_pipeline.sandbox.callers.agents import wanted
from lead_pipeline.sandbox.callers.caller import Answered
from lead_pipeline.sandbox.callers.generations import generation
from lead_pipeline.sandbox.callers.listsmrt import ListSmrt, signature_header
from lead_pipeline.sandbox.callers.socialsignin import SocialSignIn, signed_query

__all__ = [
    "Answered",
    "ListSmrt",
    "SocialSignIn",
    "generation",
    "signature_header",
    "signed_query",
    "wanted",
]
