"""An experiment as a store keeps it: with what it runs beside it, so that the store can be run again from itself."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from sim.study.plan import Study


def portable(study: Study) -> dict[str, str]:
    """Return the experiment, its scenarios and its list of points as texts, by their path in the store.

    They are written as JSON, which is YAML too, with every text in quotes: nothing in them can be read as something else.
    """
    data: dict[str, Any] = study.spec.model_dump(mode="json", exclude_none=True, exclude_unset=True)
    texts = {}
    if study.scenarios:
        names = [f"scenarios/{name}.json" for name in study.scenarios]
        data.pop("scenarios", None)
        data.pop("scenario", None)
        data["scenario" if len(names) == 1 else "scenarios"] = names[0] if len(names) == 1 else names
        for name, scenario in zip(names, study.scenarios.values(), strict=True):
            texts[name] = _json(scenario.model_dump(mode="json", exclude_none=True))
    if study.spec.design is not None and study.spec.design.kind == "list":
        data["design"]["file"] = "points.csv"
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([f.name for f in study.factors])
        for point in study.points.tolist():
            writer.writerow([_cell(f.value(x)) for f, x in zip(study.factors, point, strict=True)])
        texts["points.csv"] = text.getvalue()
    texts["experiment.json"] = _json(data)
    return texts


def _cell(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def _json(data: Any) -> str:
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"
