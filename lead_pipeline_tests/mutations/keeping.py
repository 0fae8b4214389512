"""Faults in what is kept: landing, journal, snapshots."""

from lead_pipeline_tests.mutations.mutation import Mutation

_DURABLE = "landing/durable.py"
_IS_DURABLE = ("landing/test_durable.py",)
_JOURNAL = ("test_journal.py",)
_QUARANTINE = "marts/quarantine.sql"
_IS_SETTLED = ("pipeline/test_import_again.py",)

KEEPING = (
    Mutation(
        "a file gets its name before it is on disk",
        _DURABLE,
        "    os.fsync(file.fileno())\n    make_folder(name.parent)\n    path.rename(name)\n",
        "    make_folder(name.parent)\n    path.rename(name)\n    os.fsync(file.fileno())\n",
        _IS_DURABLE,
    ),
    Mutation(
        "a file's name is not flushed",
        _DURABLE,
        "    path.rename(name)\n    flush_folder(name.parent)\n",
        "    path.rename(name)\n",
        _IS_DURABLE,
    ),
    Mutation(
        "a body has no checksum",
        "landing/bodies.py",
        "write_checksum=True",
        "write_checksum=False",
        ("landing/test_bodies.py",),
    ),
    Mutation(
        "receipts are named by local time",
        "landing/receipts.py",
        "requested_at.astimezone(UTC):%Y",
        "requested_at:%Y",
        ("landing/test_receipts.py",),
    ),
    Mutation(
        "a damaged receipt stops the others",
        "pipeline/delivery.py",
        "        except LandingError as error:\n            logger.error",
        "        except UnreadableDocument as error:\n            logger.error",
        ("pipeline/test_torn.py",),
    ),
    Mutation(
        "a torn line of the journal stays",
        "journal.py",
        "                file.truncate(whole)\n                file.seek(whole)\n",
        "                file.seek(0, os.SEEK_END)\n",
        _JOURNAL,
    ),
    Mutation(
        "the journal is not flushed",
        "journal.py",
        "                file.flush()\n                os.fsync(file.fileno())\n",
        "",
        _JOURNAL,
    ),
    Mutation(
        "a journal that lost its end is read",
        "journal.py",
        "if self.size() < offset:",
        "if False:",
        _JOURNAL,
    ),
    Mutation(
        "a lost pointer is not made again",
        "warehouse/publish.py",
        "is_decided and is_there:",
        "is_decided:",
        ("warehouse/test_publish.py",),
    ),
    Mutation(
        "a snapshot can be written to",
        "warehouse/publish.py",
        "part.chmod(0o440)",
        "part.chmod(0o640)",
        ("warehouse/test_publish.py",),
    ),
    Mutation(
        "what cannot be read is shown as often as it came",
        _QUARANTINE,
        "WHEN placed.place > 1 THEN 'repeated'",
        "WHEN false THEN 'repeated'",
        _IS_SETTLED,
    ),
    Mutation(
        "any later file corrects the former ones",
        _QUARANTINE,
        "AND leads.last_seen_at = files.requested_at",
        "AND false",
        _IS_SETTLED,
    ),
    Mutation(
        "an older version of an enquiry mends a newer record",
        _QUARANTINE,
        "AND later.last_seen_at > deliveries.requested_at",
        "",
        _IS_SETTLED,
    ),
    Mutation(
        "a corrected file leaves what it corrected",
        _QUARANTINE,
        "corrected_files.receipt_id IS NOT NULL OR later",
        "later",
        _IS_SETTLED,
    ),
    Mutation(
        "what was undone in vain has its effect in a rebuild",
        "identity/history.py",
        "        _heed(session, undone)\n",
        "",
        ("identity/test_overrides.py",),
    ),
)
