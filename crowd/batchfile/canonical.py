"""What a batch says, as its digest has it: files and columns may be called anything."""

import orjson

from crowd.batches.spec import BatchSpec

_CAME_LATER: dict[str, object] = {
    "practice_pass": None, "ordered": False, "combine": "whole", "spoiler": False, "protected": False,
    "seconds": None, "graded": False, "spoken_instructions": {},
}  # fmt: skip
"""Fields that batches posted before did not have, and what says nothing new: these are still recognised."""


def canonical(spec: BatchSpec) -> bytes:
    """What the batch says, whatever its files and columns are called; of spoken instructions, what is heard."""
    said = spec.model_dump(mode="json", exclude={"items", "columns", "price", "budget"})
    said["spoken_instructions"] = {code: spoken.sound.name for code, spoken in spec.spoken_instructions.items()}
    said = {name: value for name, value in said.items() if name not in _CAME_LATER or value != _CAME_LATER[name]}
    said |= {"price": spec.price_micros} | ({"budget": spec.budget_micros} if spec.budget is not None else {})
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS) + b"\n"
