"""Faults of what goes into the CRM."""

from lead_pipeline_tests.mutations.mutation import Mutation

_WORK = "push/work.py"
_PUSH = ("push/test_push.py",)

PUSHING = (
    Mutation(
        "what is sent is not written down before",
        _WORK,
        "        self.outbox.sending(item, Action.CREATE, **of)\n",
        "",
        ("push/test_killed.py::test_each_once_though_it_dies_twice",),
    ),
    Mutation(
        "what may be there is not looked up",
        "outbox/rows.py",
        "return Next.LOOK_UP",
        "return Next.SEND",
        ("outbox/test_rows.py",),
    ),
    Mutation(
        "what may still arrive is sent again at once",
        "outbox/rows.py",
        "row.sent_at is None or now - row.sent_at >= settle",
        "True",
        ("outbox/test_rows.py",),
    ),
    Mutation(
        "a contact that we created comes back",
        "push/outbox.py",
        "own = item.kind == Kind.CONTACT and action == Action.CREATE",
        "own = False",
        _PUSH,
    ),
    Mutation(
        "what may be ours is not held back",
        "outbox/table.py",
        "WHERE leads.created_at >= unresolved.since::TIMESTAMPTZ",
        "WHERE false",
        ("outbox/test_table.py",),
    ),
    Mutation(
        "what a human entered is overwritten",
        "push/mapping.py",
        "if name != ADDITIONAL and is_empty(record.get(name))",
        "if name != ADDITIONAL",
        ("push/test_mapping.py",),
    ),
    Mutation(
        "who did not agree is pushed",
        "push/items.py",
        "is_held = self._settings.hold_refusals and not person.may_be_contacted",
        "is_held = False",
        _PUSH,
    ),
    Mutation(
        "the journal's entries of a push are jumped over",
        "identity/history.py",
        "SET journal_bytes = $end WHERE journal_bytes = $start",
        "SET journal_bytes = $end WHERE $start IS NOT NULL",
        ("outbox/test_table.py",),
    ),
    Mutation(
        "a folder of two environments is pushed",
        "push/run.py",
        "    refuse_other_environments(folder, account)\n    client",
        "    client",
        _PUSH,
    ),
)
