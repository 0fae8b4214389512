"""Generated copy for properties, as ListSMRT sends it: the same for the same seed and number.

The properties are Housing's projects, so the copy belongs to the leads on them. What the document's
samples disagree about differs here, too: fields that come or not, a campaign type outside the list,
metadata with a secret of the client's own.
"""

from datetime import UTC, datetime
from typing import Any

import orjson

from lead_pipeline.sandbox.dice import Dice, scattered
from lead_pipeline.sandbox.stock import Project, projects

_TYPES = ("House", "Apartment/Unit", "Townhouse", "Villa", "Semi/Duplex")
_CAMPAIGNS = ("Residential Sale", "Residential Lease", "Sale")
_AUDIENCES = ("First Home Buyers", "Singles", "Upsizers", "Young Couples", "Families", "Investors")
_TONES = ("Formal", "Luxurious", "Professional", "Neutral", "Friendly", "Calm", "Excited")
_FEATURES = (
    *("Ensuite", "Dishwasher", "Study", "Built in wardrobes", "Alarm system", "Broadband"),
    *("Floorboards", "Gym", "Rumpus room", "Workshop", "Indoor spa", "Fireplace", "Intercom"),
)
_HIGHLIGHTS = ("Strategic location", "Lake views", "Café on the corner", "Walk to the metro", "")
_WORDS = {
    "en": "Discover this {bed} bedroom {type} at {name}, {locality}. Enjoy the {feature}. {close}",
    "es": "Descubra {name} en {locality}: {bed} habitaciones, baño y balcón. {close}",
    "hi": "{locality} में {name}: {bed} कमरे. {close}",
}
_LANGUAGES = (*["en"] * 8, "es", "hi")
_CLOSES = (
    "Don't miss it! #ForSale",
    "Call today.",
    'The "best" in town & <more>.',
    "Inspect soon.",
)
_EMPTY = (
    *("land_size", "land_rates", "land_status", "tenure_type", "water_rates", "strata_rates"),
    *("land_area_max", "land_area_min", "floor_area_max", "floor_area_min"),
    "nabers_energy_rating",
)
_STREAM = 91


def generation(seed: int, number: int, created: datetime) -> bytes:
    """The event with this number, created at an aware moment, as it goes over the wire."""
    dice = Dice(scattered(seed, _STREAM, number) << 128 | scattered(seed, _STREAM, number, 1))
    project = dice.pick(projects())
    moment = created.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    data = _data(dice, project, number)
    return orjson.dumps(
        {
            "created": moment,
            "type": "property.generate-content",
            "data": data,
            "result": _result(dice, project, data),
        }
    )


def _data(dice: Dice, project: Project, number: int) -> dict[str, Any]:
    features = sorted({1 + dice.below(len(_FEATURES)) for _ in range(3)})
    audience = ",".join(dict.fromkeys((dice.pick(_AUDIENCES), dice.pick(_AUDIENCES))))
    data: dict[str, Any] = {
        "bed": 1 + dice.below(5),
        "bath": 1 + dice.below(4),
        "type": dice.pick(_TYPES),
        "garage": dice.below(3),
        "address": f"{project.name}, {project.locality}, {project.city}",
        "parking": dice.below(3),
        "highlight": dice.pick(_HIGHLIGHTS),
        "perfect_for": None if dice.chance(40) else audience,
        "weekly_rent": "",
        **dict.fromkeys(_EMPTY, ""),
        "campaign_type": dice.pick(_CAMPAIGNS),
        "tone_of_voice": dice.pick(_TONES),
        "language_input": "en",
        "language_output": dice.pick(_LANGUAGES),
        "feature_details_id": ",".join(map(str, features)),
    }
    if dice.chance(50):
        data["the_location"] = True
    data["metadata"] = _metadata(dice, project, number)
    return data


def _metadata(dice: Dice, project: Project, number: int) -> dict[str, str]:
    metadata = {"propertyId": str(project.project_id), "userId": str(1 + dice.below(9))}
    if dice.chance(20):
        metadata |= {"requestId": f"request-{number}", "secretKey": f"made-up-{number:08x}"}
    return metadata


def _result(dice: Dice, project: Project, data: dict[str, Any]) -> str:
    feature = _FEATURES[int(data["feature_details_id"].partition(",")[0]) - 1]
    return _WORDS[data["language_output"]].format(
        bed=data["bed"],
        type=data["type"].lower(),
        name=project.name,
        locality=project.locality,
        feature=feature.lower(),
        close=dice.pick(_CLOSES),
    )
