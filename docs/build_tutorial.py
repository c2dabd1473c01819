"""Run docs/tutorial.py cell by cell and write it, with what came out, as docs/tutorial.ipynb. Needs: pip install nbclient ipykernel."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).parent


def cells(source: str) -> list[tuple[str, str]]:
    """Return the cells of a script whose cells begin with ``# %%``: kind (markdown or code) and text."""
    found = []
    for part in source.split("# %%")[1:]:
        head, _, body = part.partition("\n")
        if "[markdown]" in head:
            lines = [line.removeprefix("#").removeprefix(" ") for line in body.strip().splitlines()]
            found.append(("markdown", "\n".join(lines)))
        else:
            found.append(("code", body.strip()))
    return found


def main() -> None:
    """Build the notebook."""
    notebook = nbformat.v4.new_notebook()
    for number, (kind, text) in enumerate(cells((HERE / "tutorial.py").read_text(encoding="utf-8"))):
        cell = nbformat.v4.new_markdown_cell(text) if kind == "markdown" else nbformat.v4.new_code_cell(text)
        # Identifiers by place, so that building it again changes only what came out otherwise.
        cell["id"] = f"cell-{number:02d}"
        notebook.cells.append(cell)
    NotebookClient(notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(HERE)}}).execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    nbformat.write(notebook, HERE / "tutorial.ipynb")


if __name__ == "__main__":
    main()
