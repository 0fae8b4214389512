"""Faults in loading, in deciding who is who, and in coverage."""

from lead_pipeline_tests.mutations.mutation import Mutation

_RANKING = "warehouse/load_ranking.sql"
_LOAD = "warehouse/load.sql"
_ORDER = ("warehouse/test_load_order.py",)
_LOADS = ("warehouse/test_load.py",)
_IDENTITY = ("identity",)
_GOLDEN = ("identity/test_golden_record.py",)
_COVERAGE = ("marts/test_coverage.py",)

LOADING = (
    Mutation("stale wins", _RANKING, "                requested_at DESC,\n", "", _ORDER),
    Mutation(
        "the vendor's time of change is ignored",
        _RANKING,
        "                updated_at DESC,\n",
        "",
        _ORDER,
    ),
    Mutation(
        "first_seen_at is when it was last seen",
        _RANKING,
        "min(first_seen_at) AS first_seen_at",
        "max(first_seen_at) AS first_seen_at",
        _ORDER,
    ),
    Mutation(
        "history of what came late is lost",
        _LOAD,
        "INNER JOIN ranking ON ranking.incoming_row = incoming.rowid\n"
        "WHERE ranking.leads_its_content AND ",
        "INNER JOIN ranking ON ranking.incoming_row = incoming.rowid\nWHERE false AND ",
        _ORDER,
    ),
    Mutation(
        "history of what was replaced is lost",
        _LOAD,
        "ranking.origin = 'current'\nWHERE ranking.leads_its_content AND ",
        "ranking.origin = 'current'\nWHERE false AND ",
        _ORDER,
    ),
    Mutation(
        "seeing an old version again is not noted",
        _LOAD,
        "SET first_seen_at = ranking.first_seen_at, last_seen_at = ranking.last_seen_at",
        "SET last_seen_at = ranking.last_seen_at",
        _ORDER,
    ),
    Mutation(
        "changed and stale are swapped in the ledger",
        "warehouse/load_counts.sql",
        "AND incoming.place = 1\n    ) AS changed",
        "AND incoming.place > 1\n    ) AS changed",
        _ORDER,
    ),
    Mutation(
        "repeated records are not counted",
        "warehouse/load_counts.sql",
        "count(*) FILTER (WHERE NOT incoming.leads_its_origin) AS repeated",
        "0 AS repeated",
        _ORDER,
    ),
    Mutation(
        "a better reading does not replace the former one",
        "warehouse/load_reread.sql",
        "AND incoming.delivery_sha256 = known.delivery_sha256",
        "AND false",
        ("warehouse/test_reread.py",),
    ),
    Mutation(
        "a lead's id does not know its account",
        "warehouse/staging.py",
        '"$source, $account, key_version, natural_key"',
        '"$source, key_version, natural_key"',
        _LOADS,
    ),
    Mutation(
        "an earlier attempt stays the latest",
        "warehouse/load.py",
        "SET is_latest = false WHERE",
        "SET is_latest = is_latest WHERE",
        _LOADS,
    ),
    Mutation(
        "quarantined records are swallowed",
        "pipeline/delivery.py",
        "quarantine(session, receipt, reader.refused, folder.clock())",
        "quarantine(session, receipt, (), folder.clock())",
        ("pipeline/test_delivery.py",),
    ),
    Mutation(
        "quarantined records are not counted as received",
        "pipeline/delivery.py",
        "self.received = len(self.refused) + (self.objects or self.leads)",
        "self.received = self.objects or self.leads",
        ("pipeline/test_delivery.py",),
    ),
    Mutation(
        "a delivery and its line are not one transaction",
        "pipeline/delivery.py",
        "        with session.transaction():\n            country",
        "        if True:\n            country",
        ("pipeline/test_killed.py::test_after_many_kills_the_next_run_makes_it_right",),
    ),
    Mutation(
        "a person's id is given again",
        "identity/history.py",
        "        newest = max(newest, int(person",
        "        newest = min(newest, int(person",
        _IDENTITY,
    ),
    Mutation(
        "when people merge the newest id stays",
        "identity/votes.sql",
        "min(person) AS person",
        "max(person) AS person",
        _IDENTITY,
    ),
    Mutation(
        "what the journal says is not taken over",
        "identity/resolve.py",
        "        catch_up(session, journal)\n",
        "",
        _IDENTITY,
    ),
    Mutation(
        "an enquiry that came again is looked for where it was",
        "identity/take_in.sql",
        "SET version_number = unchanged.version_number",
        "SET version_number = leads.version_number",
        ("identity/test_changes.py",),
    ),
    Mutation(
        "who is erased keeps a person that only the journal numbers",
        "identity/history.py",
        "    SELECT lead_id, number FROM gone\n",
        "    SELECT lead_id, number FROM gone WHERE false\n",
        ("identity/test_changes.py",),
    ),
    Mutation(
        "a slip in the end of a phone hides its owner",
        "identity/names.sql",
        "hash(7, key, phone // 1000000)",
        "hash(7, key, phone)",
        _IDENTITY,
    ),
    Mutation(
        "a slip in the beginning of a phone hides its owner",
        "identity/names.sql",
        "hash(8, key, phone % 1000000)",
        "hash(8, key, phone)",
        _IDENTITY,
    ),
    Mutation(
        "a second phone ties nobody",
        "identity/keys.sql",
        "FROM names WHERE phone_2 IS NOT NULL AND",
        "FROM names WHERE false AND",
        _IDENTITY,
    ),
    Mutation(
        "who enquired often is in the list twice",
        "identity/golden_record.py",
        "\nWHERE person NOT IN (SELECT person FROM frequent)",
        "",
        _GOLDEN,
    ),
    Mutation(
        "who enquired once has sources of what nobody said",
        "identity/golden_record.py",
        'f"CASE WHEN {field} IS NOT NULL THEN"',
        '"CASE WHEN true THEN"',
        _GOLDEN,
    ),
    Mutation(
        "what arrives gets no memory",
        "warehouse/staging.py",
        "    allow_memory_to_load(session, arrived)\n",
        "",
        ("warehouse/test_memory.py",),
    ),
    Mutation(
        "a day is complete before it has ended",
        "marts/coverage.sql",
        "deliveries.requested_at >= days.day_end AS is_final",
        "deliveries.requested_at >= days.day_start AS is_final",
        _COVERAGE,
    ),
    Mutation(
        "a cut answer completes a day",
        "marts/coverage.sql",
        "deliveries.outcome = 'loaded' AND deliveries.covers AND",
        "deliveries.outcome = 'loaded' AND",
        _COVERAGE,
    ),
)
