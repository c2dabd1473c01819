"""The site: what README.md, CHANGELOG.md and this directory say, and a reference from the docstrings.

    pip install -e '.[docs]' && sphinx-build -W --keep-going docs out/site

Sphinx with MyST reads the same Markdown that is read in a checkout, as Mesa's site is made. Nothing is written twice: pages that lie outside this
directory are taken in as they are, and a link to a module leads to its place in the reference.
"""

from __future__ import annotations

import builtins
import os
import re
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

import sim

HERE = Path(__file__).parent
ROOT = HERE.parent

project = "dilemma"
author = "The dilemma developers"
version = release = sim.__version__
extensions = [
    "myst_nb",
    "sphinx.ext.apidoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "sphinx.ext.mathjax",
    "sphinx_copybutton",
]
html_theme = "furo"
html_title = "dilemma"
html_copy_source = False
highlight_language = "none"

# Markdown as it stands: formulae between dollars, headings that links may name, the notebook with what came out when it was made.
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
nb_execution_mode = "off"

# The reference: every module, in the order of its file, with the signatures as they are written.
# With `-t pages`, of the package itself only, which is quick: the pages are what one writes.
PAGES_ONLY = tags.has("pages")  # type: ignore[name-defined]  # noqa: F821 - Sphinx hands it to this file
apidoc_modules = [
    {
        "path": str(ROOT / "sim"),
        "exclude_patterns": [str(path) for path in (ROOT / "sim").iterdir() if path.stem != "__init__"] if PAGES_ONLY else [],
        "destination": "reference",
        "separate_modules": True,
        "module_first": True,
        "max_depth": 2,
    }
]
add_module_names = False
maximum_signature_line_length = 100
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
# What a module only hands on has its place where it is written; the names of the package itself are on the page of the interface.
autodoc_default_options = {"ignore-module-all": True}
napoleon_use_ivar = True
napoleon_numpy_docstring = False
# What only an extra brings is not asked for.
autodoc_mock_imports = ["solara", "mesa.visualization", "dask", "distributed", "sklearn", "flask", "waitress", "xarray"]

_MARK = re.compile(r"<!-- taken in: (\S+) -->")
_LINK = re.compile(r"(?<=\]\()(?!https?:|#)([^)\s]+)(?=\))")
_TAKEN_IN = {
    Path(os.path.abspath(page.parent / mark[1])): page for page in HERE.glob("*.md") if (mark := _MARK.search(page.read_text(encoding="utf-8")))
}
"""Files of the checkout that are pages here, and the pages that take them in."""


def _take_in(_: Sphinx, name: str, source: list[str]) -> None:
    """Put a file of the checkout in the place of the mark that names it; links are as seen from the page, and lead to pages."""
    folder = (HERE / name).parent

    def linked(text: str, origin: Path) -> str:
        def led(link: re.Match[str]) -> str:
            path = Path(os.path.abspath(origin / link[1]))
            return os.path.relpath(_TAKEN_IN.get(path) or _TAKEN_IN.get(path / "README.md") or path, folder)

        return _LINK.sub(led, text)

    text, mark = source[0], _MARK.search(source[0])
    if mark:
        file = Path(os.path.abspath(folder / mark[1]))
        text = text.replace(mark[0], linked(file.read_text(encoding="utf-8"), file.parent))
    source[0] = text if mark else linked(text, folder)


def _docstring(app: Sphinx, kind: str, name: str, thing: object, options: object, lines: list[str]) -> None:
    """Read a docstring as it is written: what is indented stands as it stands; types are in signatures, so that no words before a colon are one."""
    for n in range(len(lines) - 1, 0, -1):
        before = next((line for line in reversed(lines[:n]) if line.strip()), "")
        if lines[n].startswith("    ") and not lines[n - 1].strip() and not before.startswith(" ") and not before.endswith("::"):
            lines[n - 1 : n] = ["", "::", ""]
    firsts = [n + 1 for n, line in enumerate(lines[:-1]) if line.strip() in ("Returns:", "Yields:")]
    for n in [0] * (kind in ("attribute", "data", "property") and bool(lines)) + firsts:
        indent = len(lines[n]) - len(lines[n].lstrip())
        lines[n] = f"{' ' * indent}: {lines[n].lstrip()}"


def _skip(app: Sphinx, kind: str, name: str, thing: object, skip: bool, options: object) -> bool | None:
    """Leave out what a class inherits from Matplotlib, whose own roles it would want."""
    return True if getattr(thing, "__module__", "").startswith("matplotlib") else None


class Links(SphinxTransform):
    """A link to a module or package of the checkout leads to the reference, one to a directory of pages to the page that lists them.

    And a type that is Python's own is no attribute of the same name.
    """

    default_priority = 5  # before anything collects what a link names

    def apply(self) -> None:
        """Rewrite the links of a page."""
        for link in list(self.document.findall(lambda node: isinstance(node, addnodes.download_reference | addnodes.pending_xref))):
            target = link["reftarget"]
            if link.get("refdomain") == "py":
                if hasattr(builtins, target):
                    link.replace_self(link.children)
                continue
            path = Path(os.path.abspath((HERE / self.env.docname).parent / target))
            if path.is_relative_to(ROOT / "sim") and (path.suffix == ".py" or path.is_dir()):
                module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                self._lead(link, reftype="mod", refdomain="py", reftarget=module)
            elif path.is_dir() and path.with_suffix(".md").is_file():
                self._lead(link, reftype="doc", refdomain="std", reftarget=f"/{path.relative_to(HERE)}")

    @staticmethod
    def _lead(link: nodes.Element, **where: str) -> None:
        link.replace_self(addnodes.pending_xref("", *link.children, refexplicit=True, refwarn=not PAGES_ONLY, **where))


def setup(app: Sphinx) -> None:
    """Add what Sphinx lacks for pages that lie elsewhere."""
    app.connect("source-read", _take_in)
    app.connect("autodoc-process-docstring", _docstring, priority=400)  # before Napoleon
    app.connect("autodoc-skip-member", _skip)
    app.add_transform(Links)
