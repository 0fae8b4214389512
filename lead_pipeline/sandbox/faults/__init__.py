"""Faults on demand: what may go wrong between a vendor and its reader, by rule or by rate.

The vendors stay strict and know nothing of this. A fault is answered instead of the vendor, or
spoils what the vendor answered; `front` asks `Rules` which one a request gets.

    fault    what can be asked for, and in which words      rules    who gets it, and how often
    giving   one request gets its fault                     wire     cuts, stalls, drips, bombs
    instead  answers that no vendor made                    records  faults of single leads
    shape    what faults need to know of a vendor           shapes   the table of them
    housing, aimbase, qontak    the shapes                  exchange request and answer
    page     /faults
"""

from lead_pipeline.sandbox.faults.fault import Fault, FaultError, FaultKind, fault_from_text
from lead_pipeline.sandbox.faults.rules import FaultGiven, Rules

__all__ = ["Fault", "FaultError", "FaultGiven", "FaultKind", "Rules", "fault_from_text"]
