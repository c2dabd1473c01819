"""Where the classroom's pages are looked at: an address by name, and what stands there when it has been answered."""

from __future__ import annotations

PLACES = {
    "begin": ("begin?trail=1&level=1&move=0", "() => document.querySelector('#frontier svg')"),
    "dilemma": ("dilemma", "() => document.querySelector('.take-away')"),
    "history": ("history?scenario=northern-mali-2012&seed=2&month=30", "() => document.querySelector('#view .panel')"),
    "history, the longest": ("history?scenario=aqim&seed=2&month=230", "() => document.querySelector('#view .panel')"),
    "what-if": ("what-if?scenario=dilemma-101&event=0&month=100", "() => document.querySelector('#after .panel')"),
    "what-if, with real names": ("what-if?scenario=tunisia-chaambi&event=0&month=60", "() => document.querySelector('#after .panel')"),
    "policies": (
        "policies?scenario=dilemma-101&groups=North:5.0.0.0.5.0;The%20group%20in%20the%20back%20row%20on%20the%20left:1.1.2.2.2.2",
        "() => document.querySelector('#outcomes')?.dataset.rows === '3'",
    ),
    "lessons": ("lessons", "() => document.querySelector('.cards')"),
    **{
        f"lesson, step {step + 1}": (
            f"lessons?lesson=dilemma&choice=0&step={step}&n=20&hands=3.4.5&why=because",
            "() => document.querySelector('.step:not([hidden])')" if step < 3 else "() => document.querySelector('#verdicts .verdict')",
        )
        for step in range(6)
    },
}
"""By name the address after ``#/``, and an expression that holds when the page has been answered."""
