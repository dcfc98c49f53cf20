#!/usr/bin/env python3
"""Holds configs/scenario.schema.json and the loader to the same verdict on every scenario.

Usage: schema_test.py CHECK_SCENARIO SCHEMA FOLDER...

Scenarios are read as editors read them: by YAML 1.2's core schema. What no schema can judge is
listed below with the reason; a file that needs no exception is not to be listed.
"""

import json
import math
import pathlib
import re
import subprocess
import sys

import jsonschema
import yaml

CANNOT_JUDGE = {
    "a schema sees neither bytes nor file names": ["bad name"],
    "how a value was written is gone once YAML has read it": [
        "boolean_is_capital",
        "count_with_an_exponent",
        "seed_is_hexadecimal",
        "seed_is_octal",
    ],
    "of duplicate keys one is left once YAML has read them": [
        "duplicate_key_in_quotes",
        "duplicate_keys",
    ],
    "JSON has no such number, what validators do with it differs": ["rate_is_not_a_number"],
    "validators compute in doubles, which miss decimals by a little": ["rate_has_seven_places"],
    "a schema cannot compute with durations": [
        "delay_is_too_long",
        "duration_in_parts_of_nanoseconds",
        "duration_is_too_long",
    ],
    "a schema cannot compare two values, add or multiply them": [
        "delay_range_is_bad",
        "links_twice",
        "multiplier_makes_rates_too_fast",
        "multiplier_makes_rates_too_slow",
        "ports_overlap",
        "ports_run_out",
        "quantiles_fall",
        "random_alone",
        "random_has_too_many_peers",
        "rate_range_is_upside_down",
        "sweep_is_huge",
    ],
    "a schema does not know what a key that is swept takes": [
        "sweep_makes_bad_points",
        "sweep_of_bad_values",
    ],
    "a schema knows no names from other parts of the file": [
        "unknown_vms",
        "unknown_vms_by_number",
    ],
    "whether file names differ depends on names and ports": [
        "log_file_by_rate",
        "log_file_by_unknown_port",
        "log_file_is_ambiguous",
        "log_file_is_too_long",
        "log_file_of_the_run",
        "log_file_of_the_run_by_name",
        "log_file_without_vm",
    ],
}


class CoreLoader(yaml.SafeLoader):
    """YAML 1.2, core schema: `yes` is text, 010 is ten, 1e3 is a number."""

    yaml_implicit_resolvers = {}


def number(text):
    if text.lower().lstrip("+-") in (".inf", ".nan"):
        return math.nan if "n" == text[-1].lower() else math.copysign(math.inf, float(text[0] + "1"))
    for prefix, base in (("0x", 16), ("0o", 8)):
        if text.startswith(prefix):
            return int(text[2:], base)
    return int(text) if re.fullmatch(r"[-+]?[0-9]+", text) else float(text)


CORE = {
    "tag:yaml.org,2002:null": (r"~|null|Null|NULL|", lambda text: None),
    "tag:yaml.org,2002:bool": (r"true|True|TRUE|false|False|FALSE", lambda t: t.lower() == "true"),
    "tag:yaml.org,2002:float": (
        r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
        r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        number,
    ),
}
for tag, (pattern, construct) in CORE.items():
    CoreLoader.add_implicit_resolver(tag, re.compile(f"^(?:{pattern})$"), None)
    CoreLoader.add_constructor(
        tag, lambda loader, node, construct=construct: construct(loader.construct_scalar(node))
    )


def with_text_keys(value):
    """JSON's keys are text."""
    if isinstance(value, dict):
        return {str(key): with_text_keys(item) for key, item in value.items()}
    return [with_text_keys(item) for item in value] if isinstance(value, list) else value


def schema_says(validator, path):
    try:
        document = with_text_keys(yaml.load(path.read_bytes(), CoreLoader))
    except (yaml.YAMLError, UnicodeDecodeError, TypeError, RecursionError):
        return "bad"  # No editor can read it either.
    return "good" if validator.is_valid(document) else "bad"


def loader_says(program, paths):
    names = [str(path) for path in paths]
    output = subprocess.run([program, *names], capture_output=True, text=True, check=True).stdout
    verdicts = dict(reversed(line.split(" ", 1)) for line in output.splitlines())
    return [verdicts[name] for name in names]


def main():
    program, schema_path, *folders = sys.argv[1:]
    schema = json.loads(pathlib.Path(schema_path).read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    paths = sorted(path for folder in folders for path in pathlib.Path(folder).glob("*.yaml"))
    differing = {}
    for path, loader in zip(paths, loader_says(program, paths)):
        judged = schema_says(validator, path)
        if judged != loader:
            differing[path.stem] = f"{path}: the schema says {judged}, the loader says {loader}"
    excepted = {name for names in CANNOT_JUDGE.values() for name in names}
    problems = [text for name, text in differing.items() if name not in excepted]
    problems += [
        f"{name}: can be judged, take it off the list" for name in sorted(excepted - set(differing))
    ]
    print(f"{len(paths)} scenarios, {len(excepted)} of them beyond a schema")
    print("\n".join(problems))
    return 1 if problems or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
