"""Parameters of papermill in Java notebooks.

papermill loads this module when it starts (entry point `papermill.engine`) and then knows how to write
and to read cells with parameters in Java. A parameter takes the type that its variable has in the
notebook: the cell that is put in says `%%parameters`, and the kernel knows the types.
"""

import json
import re

from papermill.engines import NBClientEngine
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators

DECLARATION = re.compile(
    r"^\s*(?:final\s+)?(?P<type>[A-Za-z_][\w.]*(?:\s*<[^=;]*>)?(?:\s*\[\s*\])*)\s+"
    r"(?P<name>[A-Za-z_$][\w$]*)\s*=\s*(?P<value>.*?)\s*;\s*(?://\s*(?P<help>.*?)\s*)?$",
    re.MULTILINE,
)


class JavaTranslator(Translator):
    """Writes parameters as `NAME = JSON`, one a line."""

    @classmethod
    def codify(cls, parameters, comment="Parameters"):
        lines = [f"{name} = {cls.translate(value)}" for name, value in parameters.items()]
        return "\n".join([f"%%parameters // {comment}", *lines]) + "\n"

    @classmethod
    def translate(cls, val):
        return json.dumps(val, ensure_ascii=False, allow_nan=True, default=str)

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}".strip()

    @classmethod
    def inspect(cls, parameters_cell):
        """The declarations of a parameters cell, for `papermill --help-notebook`."""
        return [
            Parameter(
                name=found["name"],
                inferred_type_name=found["type"] if found["type"] != "var" else "None",
                default=found["value"],
                help=found["help"] or "",
            )
            for found in DECLARATION.finditer(parameters_cell["source"])
        ]


class HydrocellEngine(NBClientEngine):
    """papermill's usual engine, under a name of ours: `--engine hydrocell`."""


papermill_translators.register("java", JavaTranslator)
papermill_translators.register("hydrocell", JavaTranslator)
