"""Numbering plans as SQL macros, made from the phonenumbers library's own metadata.

A plan is a calling code. Only those whose phones come often are here; any other goes to the
library. The macros agree with the library because they are its patterns.
"""

from collections.abc import Callable, Iterator
from functools import cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata
from phonenumbers.phonemetadata import PhoneNumberDesc

PLANS = ("91", "1", "971", "44", "65", "61", "62", "966", "974")
"""Calling codes decided in SQL, the most frequent first."""

_NUMBER_TYPES = (
    "mobile",
    "fixed_line",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "personal_number",
    "voip",
    "pager",
    "uan",
    "voicemail",
)


@cache
def plan_macros() -> str:
    """SQL that creates every `plan_…` macro."""
    return "\n".join((_region_macro(), _international_macro(), *_plan_macros()))


def _region_macro() -> str:
    cases = (
        f"WHEN region IN ({', '.join(map(_quoted, _alike(plan)))}) THEN '{plan}'" for plan in PLANS
    )
    return _macro("plan_of_region(region)", "CASE", cases)


def _international_macro() -> str:
    cases = (f"WHEN starts_with(digits, '{plan}') THEN '{plan}'" for plan in PLANS)
    return _macro("plan_of_international(digits)", "CASE", cases)


def _plan_macros() -> Iterator[str]:
    def by_plan(signature: str, expression: Callable[[str], str]) -> str:
        return _macro(
            signature, "CASE plan", (f"WHEN '{plan}' THEN {expression(plan)}" for plan in PLANS)
        )

    yield by_plan("plan_assigns(plan, digits)", lambda plan: _full_match(_assigned(plan)))
    yield by_plan("plan_fits(plan, digits)", lambda plan: _full_match(_general(_main(plan))))
    yield by_plan("plan_prefixes(plan, digits)", lambda plan: _begins(_prefixes(plan)))
    yield by_plan("plan_trunked(plan, digits)", lambda plan: _begins(_trunk_pattern(_main(plan))))
    yield by_plan("plan_trunk(plan)", lambda plan: _quoted(_main(plan).national_prefix or "-"))
    yield by_plan("plan_allows_length(plan, size)", lambda plan: f"size IN ({_lengths(plan)})")


def _macro(signature: str, opening: str, cases: Iterator[str]) -> str:
    body = "\n    ".join(cases)
    return f"CREATE OR REPLACE TEMP MACRO {signature} AS {opening}\n    {body}\nEND;"


def _metadata(region: str) -> PhoneMetadata:
    metadata = PhoneMetadata.metadata_for_region(region)
    if metadata is None:
        raise LookupError(f"phonenumbers knows no region {region}")
    return metadata


def _regions(plan: str) -> tuple[str, ...]:
    return COUNTRY_CODE_TO_REGION_CODE[int(plan)]


def _main(plan: str) -> PhoneMetadata:
    return _metadata(_regions(plan)[0])


def _alike(plan: str) -> list[str]:
    """The plan's regions that dial as its main one does; the library decides for the others."""
    main = _dialling(_main(plan))
    return [region for region in _regions(plan) if _dialling(_metadata(region)) == main]


def _dialling(region: PhoneMetadata) -> tuple[str | None, str | None, str]:
    return region.international_prefix, region.national_prefix_for_parsing, _general(region)


def _general(region: PhoneMetadata) -> str:
    return _pattern(_description(region))


def _description(region: PhoneMetadata) -> PhoneNumberDesc:
    if region.general_desc is None:
        raise LookupError(f"phonenumbers has no description of {region.id}")
    return region.general_desc


def _assigned(plan: str) -> str:
    """A pattern of every number that some region of the plan has assigned, whatever its type."""
    patterns = (
        _pattern(description)
        for region in map(_metadata, _regions(plan))
        for kind in _NUMBER_TYPES
        if (description := getattr(region, kind)) is not None
    )
    return "|".join(dict.fromkeys(filter(None, patterns)))


def _pattern(description: PhoneNumberDesc) -> str:
    return description.national_number_pattern or ""


def _prefixes(plan: str) -> str:
    main = _main(plan)
    return "|".join(filter(None, (main.international_prefix, _trunk_pattern(main), plan)))


def _trunk_pattern(region: PhoneMetadata) -> str:
    return region.national_prefix_for_parsing or ""


def _lengths(plan: str) -> str:
    return ", ".join(map(str, _description(_main(plan)).possible_length))


def _full_match(pattern: str) -> str:
    return f"regexp_full_match(digits, {_quoted(pattern)})"


def _begins(pattern: str) -> str:
    """Plain digits need no regular expression."""
    prefixes = pattern.split("|")
    if all(prefix.isdigit() for prefix in prefixes):
        return " OR ".join(f"starts_with(digits, '{prefix}')" for prefix in prefixes)
    return f"regexp_matches(digits, {_quoted(f'^(?:{pattern})')})" if pattern else "false"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
