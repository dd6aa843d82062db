#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Sum line coverage of the module's files from several gcov runs.

usage: coverage.py RESULTS-DIR...

Each RESULTS-DIR is one that vm/run.sh filled: "module" names the module that
ran, with the .gcno files beside it; gcda/ has its counters, '#' for '/' in
their names. A line is covered when any run executed any copy of it: the unit
tests include the file they test.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile


def executed(kmod, gcda, lines):
    """Add the counters of one .gcda to lines[file][line]."""
    name = os.path.basename(gcda).replace("#", "/")
    note = os.path.join(kmod, name[:-5] + ".gcno")
    if not os.path.exists(note):
        sys.exit(f"coverage.py: {gcda}: no {note}")
    with tempfile.TemporaryDirectory() as work:
        shutil.copy(note, os.path.join(work, "unit.gcno"))
        shutil.copy(gcda, os.path.join(work, "unit.gcda"))
        run = subprocess.run(
            ["gcov", "--json-format", "--stdout", "unit.gcda"],
            cwd=work, capture_output=True, text=True, check=True)
    if "mismatch" in run.stderr:
        sys.exit(f"coverage.py: {gcda}: of another build than {note}")
    for source in json.loads(run.stdout)["files"]:
        # Paths of the build, "/.../module-debug-KEY.tmp/kmod/tests/../x.c".
        path = os.path.normpath(source["file"])
        if "/kmod/" not in "/" + path or "/linux" in path.split("kmod/")[-1]:
            continue
        path = "kmod/" + ("/" + path).split("/kmod/")[-1]
        if "/tests/" in path or "/compat/" in path:
            continue
        counts = lines.setdefault(path, {})
        for line in source["lines"]:
            number = line["line_number"]
            counts[number] = counts.get(number, 0) + line["count"]


def main():
    """Print one line per file and the total."""
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    lines = {}
    for results in sys.argv[1:]:
        with open(os.path.join(results, "module"), encoding="ascii") as file:
            kmod = os.path.dirname(file.read().strip())
        counters = os.path.join(results, "gcda")
        for entry in sorted(os.listdir(counters)):
            if entry.endswith(".gcda"):
                executed(kmod, os.path.join(counters, entry), lines)
    hit = total = 0
    for path, counts in sorted(lines.items()):
        covered = sum(1 for count in counts.values() if count)
        hit += covered
        total += len(counts)
        print(f"{100 * covered / len(counts):6.1f} %  "
              f"{covered:5d} of {len(counts):5d}  {path}")
    if not total:
        sys.exit("coverage.py: no counters")
    print(f"kmod: {100 * hit / total:.1f} % of {total} lines")


if __name__ == "__main__":
    main()
