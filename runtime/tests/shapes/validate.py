"""Says of each document on the standard input, a line each, whether a JSON Schema accepts it.

Numbers are read as they stand: JSON Schema takes 1.0 for an integer, and PostgreSQL and Rust don't,
so here an integer is what has no point.
"""

import json
import sys

from jsonschema import Draft202012Validator, FormatChecker, validators


def whole(text):
    # Beyond all integers of a shape, and the nearest double as every reader of doubles has it.
    return int(text) if len(text) < 40 else float(text)


def is_integer(checker, value):
    return isinstance(value, int) and not isinstance(value, bool)


with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
Draft202012Validator.check_schema(schema)
types = Draft202012Validator.TYPE_CHECKER.redefine("integer", is_integer)
Judge = validators.extend(Draft202012Validator, type_checker=types)
judge = Judge(schema, format_checker=FormatChecker())
sys.stdin.reconfigure(encoding="utf-8", newline="\n")
for line in sys.stdin.read().split("\n"):
    valid = judge.is_valid(json.loads(line, parse_int=whole))
    print("true" if valid else "false")
