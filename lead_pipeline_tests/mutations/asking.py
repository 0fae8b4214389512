"""Faults in asking vendors."""

from lead_pipeline_tests.mutations.mutation import Mutation

_HTTP = "vendors/http.py"
_HOUSING = "vendors/housing/client.py"
_AIMBASE = "vendors/aimbase/client.py"
_SUITE = ("vendors/test_every_vendor.py",)
_WAITS = ("vendors/test_every_vendor_waits.py",)
_OF_HOUSING = ("vendors/test_housing_client.py",)
_OF_AIMBASE = ("vendors/test_aimbase_client.py",)

ASKING = (
    Mutation(
        "a retry keeps the first signature",
        _HTTP,
        "attempts(self._attempt, request, sign, asking, bodies, deadline)",
        "attempts(self._attempt, sign(request, self.clock()), lambda signed, _: signed, asking, "
        "bodies, deadline)",
        _SUITE,
    ),
    Mutation(
        "Retry-After is ignored",
        _HTTP,
        "        if asked is None:\n            backoff",
        "        if asked is None or asked >= 0:\n            backoff",
        _WAITS,
    ),
    Mutation(
        "Retry-After has no upper limit",
        _HTTP,
        "return wait if wait >= deadline.remaining() else min(wait, settings.longest_retry_after)",
        "return wait",
        _WAITS,
    ),
    Mutation(
        "retries outlast the time limit",
        _HTTP,
        "return state.upcoming_sleep >= deadline.remaining()",
        "return False",
        _WAITS,
    ),
    Mutation(
        "429 is not asked again",
        "vendors/refusals.py",
        "return status == TOO_MANY_REQUESTS or status >= 500",
        "return status >= 500",
        _SUITE,
    ),
    Mutation(
        "a web page with 200 is an answer",
        "vendors/refusals.py",
        "return _web_page(heard, asking) if _is_html(heard.content_type) else None",
        "return None",
        _SUITE,
    ),
    Mutation(
        "a cut gzip body is taken for whole",
        "vendors/inflate.py",
        '        raise CutShortError("the compressed body was cut short")',
        "        return",
        _WAITS,
    ),
    Mutation(
        "the signed URL is kept",
        _HTTP,
        "        url = redacted(request.url)\n",
        "        url = signed.url\n",
        _SUITE,
    ),
    Mutation(
        "only the page size tells a cut answer",
        _HOUSING,
        "count not in (self._per_page, DEFAULT_ROWS)",
        "count != self._per_page",
        _OF_HOUSING,
    ),
    Mutation(
        "a split leaves out its boundary second",
        _HOUSING,
        "return Window(middle, window.end), Window(window.start, middle)",
        "return Window(middle + SECOND, window.end), Window(window.start, middle)",
        _OF_HOUSING,
    ),
    Mutation(
        "a cut answer covers its window",
        _HOUSING,
        "yield answer.delivery(stream, window, covers=whole)",
        "yield answer.delivery(stream, window, covers=True)",
        _OF_HOUSING,
    ),
    Mutation(
        "Housing is asked for the future",
        _HOUSING,
        "min(_ceiling(window.end), _floor(now))",
        "_ceiling(window.end)",
        _SUITE,
    ),
    Mutation(
        "Aimbase's horizon is a day too long",
        _AIMBASE,
        "today - self._horizon * DAY)",
        "today - (self._horizon + 1) * DAY)",
        _OF_AIMBASE,
    ),
    Mutation(
        "Aimbase's days are those of UTC",
        _AIMBASE,
        "return datetime.combine(day, time(), self._zone).astimezone(UTC)",
        "return datetime.combine(day, time(), UTC)",
        _OF_AIMBASE,
    ),
    Mutation(
        "the call that moves the cursor is made again",
        _AIMBASE,
        "bodies, deadline, once=True)",
        "bodies, deadline)",
        ("vendors/test_aimbase_incremental.py",),
    ),
    Mutation(
        "an open call of the cursor is not marked",
        "pipeline/fetch.py",
        "        cursor.open()\n",
        "",
        ("pipeline/test_incremental.py",),
    ),
    Mutation(
        "of what was not asked any more only the first piece is missing",
        "pipeline/fetch.py",
        "lost = Window(piece.start, plan[-1].end) if stop else piece",
        "lost = piece",
        ("pipeline/test_one_account_down.py::test_a_wrong_key",),
    ),
)
