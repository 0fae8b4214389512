"""The authorize URL says what the document lets it say, and nothing else."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_pipeline.vendors.listsmrt.authorize import (
    Listing,
    NotExpressible,
    authorize_url,
    listing_of,
    spoken,
)
from lead_pipeline.vendors.listsmrt.options import (
    COMMERCIAL_TYPES,
    FEATURES,
    RESIDENTIAL_TYPES,
    CampaignType,
    LandStatus,
    Language,
    PerfectFor,
    ToneOfVoice,
)

DOCUMENTED = {
    "address": "SydneyNSW,Australia",
    "type": "House",
    "bed": "2",
    "bath": "1",
    "garage": "1",
    "parking": "1",
    "metadata": "propertyId:1,userId:1",
}
plain = st.text(st.characters(exclude_characters=",:", exclude_categories=["Cs"]), min_size=1)
listings = st.builds(
    Listing,
    highlight=st.text(st.characters(exclude_categories=["Cs"])),
    campaign_type=st.none() | st.sampled_from(CampaignType),
    type=st.just("Land") | st.just(""),
    bed=st.integers(0, 10),
    land_status=st.none() | st.sampled_from(LandStatus),
    feature_details_id=st.lists(st.sampled_from(sorted(FEATURES)), unique=True).map(tuple),
    perfect_for=st.lists(st.sampled_from(PerfectFor), unique=True).map(tuple),
    tone_of_voice=st.sampled_from(ToneOfVoice),
    language_output=st.sampled_from(Language),
    metadata=st.dictionaries(plain, plain),
)


def read_back(url: str) -> dict[str, str]:
    parts = urlsplit(url)
    assert parts.scheme + "://" + parts.netloc == "https://api-app.listsmrt.com"
    assert parts.path == "/api/v1/client/authorize/"
    pairs = parse_qs(parts.query, keep_blank_values=True, strict_parsing=True, errors="strict")
    assert all(len(values) == 1 for values in pairs.values())
    return {name: values[0] for name, values in pairs.items()}


def test_the_documents_own_example() -> None:
    url = authorize_url("key", listing_of(DOCUMENTED))
    assert read_back(url) == {"api_key": "key", **DOCUMENTED}


def test_the_lists_are_the_documents() -> None:
    sizes = (CampaignType, LandStatus, PerfectFor, ToneOfVoice, Language)
    assert [len(options) for options in sizes] == [4, 2, 8, 9, 26]
    assert (len(RESIDENTIAL_TYPES), len(COMMERCIAL_TYPES)) == (10, 16)
    assert {"Land"} == RESIDENTIAL_TYPES & COMMERCIAL_TYPES
    assert (min(FEATURES), max(FEATURES), FEATURES[31]) == (1, 31, "Courtyard")
    assert len(Listing.__dataclass_fields__) == 20


def test_what_is_usual_is_left_out() -> None:
    assert read_back(authorize_url("key", Listing())) == {"api_key": "key"}
    assert Listing().tone_of_voice == "Neutral"
    assert (Listing().language_input, Listing().bed) == ("en", 0)


@given(listings)
def test_all_that_can_be_said_is_read_back(listing: Listing) -> None:
    found = read_back(authorize_url("a key/&=", listing))
    assert found.pop("api_key") == "a key/&="
    assert found == listing.parameters()
    assert listing_of(found) == listing


@pytest.mark.parametrize(
    "texts",
    [
        {"bed": "11"},
        {"bed": "-1"},
        {"bath": "1.5"},
        {"garage": "\u0661"},
        {"campaign_type": "Sale"},
        {"type": "Castle"},
        {"type": "Offices", "campaign_type": "Residential Sale"},
        {"type": "House", "campaign_type": "Commercial Lease"},
        {"land_status": "new construction"},
        {"tone_of_voice": "Angry"},
        {"language_output": "xx"},
        {"feature_details_id": "0"},
        {"feature_details_id": "32"},
        {"feature_details_id": "1,1"},
        {"feature_details_id": "1,"},
        {"perfect_for": "Singles,Nobody"},
        {"perfect_for": "Singles,Singles"},
        {"metadata": "a"},
        {"metadata": "a:b,a:c"},
        {"metadata": "a:b:c"},
        {"metadata": ":b"},
        {"metadata": "a:"},
        {"api_key": "x"},
        {"colour": "red"},
    ],
)
def test_what_cannot_be_said_is_refused(texts: dict[str, str]) -> None:
    with pytest.raises(NotExpressible):
        listing_of(texts)


@pytest.mark.parametrize("metadata", [{"a,b": "c"}, {"a": "b,c"}, {"a:b": "c"}, {"": "c"}])
def test_metadata_that_has_no_escape_is_refused(metadata: dict[str, str]) -> None:
    with pytest.raises(NotExpressible, match="metadata"):
        Listing(metadata=metadata)


def test_a_key_is_needed_and_text_must_be_unicode() -> None:
    with pytest.raises(NotExpressible, match="api_key"):
        authorize_url("", Listing())
    with pytest.raises(NotExpressible, match="Unicode"):
        authorize_url("key", Listing(address="\ud800"))


def test_names_and_values_of_a_command_line() -> None:
    assert spoken(["bed=2", "address=1=2"]) == {"bed": "2", "address": "1=2"}
    for wrong in (["bed"], ["bed=1", "bed=2"]):
        with pytest.raises(NotExpressible):
            spoken(wrong)
