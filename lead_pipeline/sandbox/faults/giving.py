"""One request gets its fault."""

from dataclasses import replace

from starlette.types import ASGIApp

from lead_pipeline.sandbox.faults.exchange import Answer, Exchange
from lead_pipeline.sandbox.faults.fault import PAGE_KINDS, FaultKind
from lead_pipeline.sandbox.faults.instead import instead, refused
from lead_pipeline.sandbox.faults.records import spoiled
from lead_pipeline.sandbox.faults.rules import Rule, vendor_of
from lead_pipeline.sandbox.faults.shapes import RECORD_KINDS, SHAPES
from lead_pipeline.sandbox.faults.wire import WIRE_KINDS, first_half, send_bomb, send_broken
from lead_pipeline.sandbox.shift import shifted

_OK = 200
_SHIFTS = {FaultKind.PAGE_REPEATS: -1, FaultKind.PAGE_SKIPS: 1}


async def give(rule: Rule, exchange: Exchange, app: ASGIApp, seed: int) -> None:
    """Answer with the rule's fault; the clock is already skewed if that is the fault."""
    fault, vendor = rule.fault, vendor_of(exchange.scope["path"])
    replacement = instead(fault, vendor)
    if replacement is not None:
        await exchange.send_whole(replacement)
    elif fault.kind is FaultKind.CUT_UNSEEN:
        await exchange.cut()
    elif fault.kind is FaultKind.GZIP_BOMB:
        await send_bomb(exchange, SHAPES[vendor].media_type, fault.bytes or 0)
    elif fault.kind is FaultKind.CLOCK_SKEW:
        await app(exchange.scope, exchange.receive, exchange.send)
    elif fault.kind in _SHIFTS:
        await _shift(rule, exchange, app)
    else:
        await _spoil(rule, exchange, await exchange.answered_by(app), seed)


async def _shift(rule: Rule, exchange: Exchange, app: ASGIApp) -> None:
    with shifted(_SHIFTS[rule.fault.kind] * (rule.fault.share or 0.0)) as shift:
        answer = await exchange.answered_by(app)
    if not shift.took_place:
        rule.take_back()
    await exchange.send_whole(answer.sized())


async def _spoil(rule: Rule, exchange: Exchange, answer: Answer, seed: int) -> None:
    kind = rule.fault.kind
    if answer.status != _OK:
        rule.take_back()
        await exchange.send_whole(answer)
    elif kind is FaultKind.GATEWAY_TIMEOUT_AFTER:
        await exchange.send_whole(refused(rule.fault))
    elif kind in WIRE_KINDS:
        await send_broken(exchange, answer, rule.fault)
    elif kind in RECORD_KINDS:
        shape = SHAPES[vendor_of(exchange.scope["path"])]
        body, hit = spoiled(answer.body, rule.fault, shape, seed)
        rule.records += hit
        if not hit:
            rule.take_back()
        await exchange.send_whole(replace(answer, body=body))
    elif kind in PAGE_KINDS:
        await _repage(rule, exchange, answer, seed)
    else:
        await exchange.send_whole(_shortened(answer, kind))


async def _repage(rule: Rule, exchange: Exchange, answer: Answer, seed: int) -> None:
    repaged = SHAPES[vendor_of(exchange.scope["path"])].repaged
    body = None if repaged is None else repaged(answer.body, rule.fault.kind, seed)
    if body is None:
        rule.take_back()
    await exchange.send_whole(replace(answer, body=answer.body if body is None else body).sized())


def _shortened(answer: Answer, kind: FaultKind) -> Answer:
    if kind is FaultKind.NO_CONTENT:
        return Answer(204, (), b"")
    body = b"" if kind is FaultKind.EMPTY else first_half(answer.body)
    return replace(answer, body=body).sized()
