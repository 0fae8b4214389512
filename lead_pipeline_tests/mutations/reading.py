"""Faults in reading and normalising what vendors sent."""

from lead_pipeline_tests.mutations.mutation import Mutation

_HOUSING = "vendors/housing/parse.py"
_SUITE = ("vendors/test_every_vendor.py",)
_OF_HOUSING = ("vendors/test_housing_parse.py",)
_OF_AIMBASE = ("vendors/test_aimbase_parse.py",)
_LINEAGE = ("components/test_lineage.py",)
_KEY = ("vendors/test_housing_key.py",)

READING = (
    Mutation("a cut document is read", "vendors/xml.py", "recover=False", "recover=True", _SUITE),
    Mutation(
        "a DOCTYPE is let through",
        "vendors/xml.py",
        '        raise UnreadableDocument("the document declares a DOCTYPE, which is refused")',
        "        return",
        _SUITE,
    ),
    Mutation(
        "a document without leads is an empty one",
        "vendors/xml.py",
        "        if not self._parents:\n",
        "        if False:\n",
        _SUITE,
    ),
    Mutation(
        "an error object among rows goes unseen",
        _HOUSING,
        'if any(value for name, value in document.items() if "error" in name.lower()):',
        'if document.get("error"):',
        ("vendors/test_housing_client.py",),
    ),
    Mutation(
        "no list of rows is no rows",
        _HOUSING,
        "    if not isinstance(found, list):\n        raise",
        "    if not found:\n        return [], []\n"
        "    if not isinstance(found, list):\n        raise",
        _SUITE,
    ),
    Mutation(
        "a new field is dropped",
        _HOUSING,
        "for name, value in row.items() if name not in _USED}",
        "for name, value in row.items() if name in _KEPT}",
        _SUITE,
    ),
    Mutation(
        "a new element is dropped",
        "vendors/aimbase/thorough.py",
        "        self.sheet.news.append(path)\n        _flatten(element, path, "
        "self.sheet.attributes)",
        "        return",
        _SUITE,
    ),
    Mutation(
        "milliseconds are taken for seconds",
        _HOUSING,
        "_MILLISECONDS_FROM = 10**11",
        "_MILLISECONDS_FROM = 10**14",
        _OF_HOUSING,
    ),
    Mutation(
        "a time without an offset is taken for UTC",
        "vendors/aimbase/sheet.py",
        '            raise BadFieldError("DocumentDateTime", "has no offset from UTC")',
        "            moment = moment.replace(tzinfo=UTC)",
        _OF_AIMBASE,
    ),
    Mutation(
        "the natural key minds capitals",
        "vendors/housing/key.py",
        "name.strip().casefold()",
        "name.strip()",
        _KEY,
    ),
    Mutation(
        "the natural key holds the phone as written",
        "vendors/housing/key.py",
        'digits = _NOT_A_DIGIT.sub("", phone)[-10:]',
        "digits = phone",
        _KEY,
    ),
    Mutation(
        "e-mails keep their capitals",
        "normalise/email.sql",
        "THEN lower(raw)",
        "THEN raw",
        ("normalise/test_emails.py",),
    ),
    Mutation(
        "dots count in a mailbox that ignores them",
        "normalise/email.sql",
        "THEN replace(parts.local_part, '.', '') || '@gmail.com'",
        "THEN parts.local_part || '@gmail.com'",
        ("normalise/test_emails.py",),
    ),
    Mutation(
        "the receipt's country is not used",
        "pipeline/delivery.py",
        'country = receipt.reading.get("default_country")',
        "country = None",
        ("pipeline/test_delivery.py",),
    ),
    Mutation(
        "a placeholder is kept as a phone",
        "normalise/leads.sql",
        "CASE WHEN status IN ('valid', 'possible') THEN phone END AS phone",
        "phone",
        ("normalise/test_phones.py",),
    ),
    Mutation(
        "lineage says another column than the parser fills",
        "vendors/housing/lineage.py",
        '"country_code": "phone_country_code"',
        '"country_code": "country_raw"',
        _LINEAGE,
    ),
    Mutation(
        "lineage forgets what a country tells of a phone",
        "normalise/lineage.py",
        '(*_ALL_PHONES, "country", "region")',
        '("country", "region")',
        _LINEAGE,
    ),
    Mutation(
        "lineage overlooks what lies inside of what is read",
        "components/lineage.py",
        ' or sent.startswith(f"{read}.")',
        "",
        _LINEAGE,
    ),
)
