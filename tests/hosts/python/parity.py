"""Judges the submissions of parity folders in Python and compares the reports byte for byte: `parity.py MODULE COUNT FOLDER…`.

COUNT submissions a folder at most. The folders are those of tests/js/parity/README.md.
"""

import itertools
import json
import pathlib
import sys

from weibao_rules import Module, Ruleset, RulesError


def refusals(module, ruleset):
    """What is no report has its code."""
    for expected, call in [
        ("B0101", lambda: Ruleset(module, b"{")),
        ("not_utf8", lambda: Ruleset(module, b"\xff")),
        ("bad_as_of", lambda: ruleset.prepare({"asOf": "2026-02-30"})),
        ("bad_option", lambda: ruleset.prepare({"asOf": "2026-03-02", "explian": True})),
        ("bad_handle", lambda: ruleset.check(4711, b"{}")),
        ("bad_table", lambda: ruleset.tables({"no such table": []})),
    ]:
        try:
            call()
        except RulesError as error:
            assert error.code == expected, f"{error.code} instead of {expected}"
        else:
            raise AssertionError(f"{expected} was not refused")


def example(module_path, bundle):
    """The lines of docs/embed.md, which a test compares with these; gives the outcome."""
    module = Module(module_path)
    ruleset = Ruleset(module, bundle)
    prepared = ruleset.prepare({"asOf": "2026-03-02"})
    report = ruleset.check(prepared, b'{"venue_kind": "internet_cafe"}')
    return json.loads(report)["verdict"]["outcome"]


def main(module_path, count, folders):
    compared = examples = 0
    for folder in map(pathlib.Path, folders):
        module = Module(module_path)
        ruleset = Ruleset(module, (folder / "bundle.rules.json").read_bytes())
        options = json.loads((folder / "options.json").read_bytes())
        tables = options.pop("tables", None)
        prepared = ruleset.prepare(options, ruleset.tables(tables) if tables else 0)
        with open(folder / "answers.ndjson", "rb") as answers, open(folder / "expected.ndjson", "rb") as reports:
            for answer, expected in itertools.islice(zip(answers, reports), count):
                report = ruleset.check(prepared, answer.rstrip(b"\n"))
                if report != expected.rstrip(b"\n"):
                    print(f"{folder}: another report for {answer.decode()}\nexpected {expected.decode()}actual   {report.decode()}")
                    return 1
                compared += 1
        refusals(module, ruleset)
        if folder.name.startswith("venue"):
            assert example(module_path, (folder / "bundle.rules.json").read_bytes()) == "undetermined"
            examples += 1
    print(f"python: {compared} reports equal")
    assert examples > 0, "no folder of `venue`: the example of docs/embed.md was not run"
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), sys.argv[3:]))
