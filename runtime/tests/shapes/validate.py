"""Says of each document on the standard input whether the JSON Schema of its shape accepts it.

A line is the name of the shape, a tab and the document; the answer is a line, `true` or `false`.
JSON Schema takes 1.0 for an integer, and PostgreSQL and Rust don't, so here an integer is what has
no point.
"""

import json
import sys
from pathlib import Path

from jsonschema import Draft202012Validator, FormatChecker, validators


def whole(text):
    # What is longer is beyond all integers of a shape, and read as every reader of doubles reads it.
    return int(text) if len(text) < 40 else float(text)


def is_integer(checker, value):
    return isinstance(value, int) and not isinstance(value, bool)


def judge(path):
    schema = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    types = Draft202012Validator.TYPE_CHECKER.redefine("integer", is_integer)
    kind = validators.extend(Draft202012Validator, type_checker=types)
    return kind(schema, format_checker=FormatChecker())


judges = {}
sys.stdin.reconfigure(encoding="utf-8", newline="\n")
for line in sys.stdin:
    shape, document = line.rstrip("\n").split("\t", 1)
    if shape not in judges:
        judges[shape] = judge(Path(sys.argv[1]) / f"{shape}.schema.json")
    valid = judges[shape].is_valid(json.loads(document, parse_int=whole))
    print("true" if valid else "false")
