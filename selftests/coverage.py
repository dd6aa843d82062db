#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Sum line coverage of the module's files from several gcov runs.

usage: coverage.py BUILD-DIR GCDA-DIR...

BUILD-DIR has the .gcno files of the module, each GCDA-DIR the counters of one
run, '#' for '/' in their names. A line is covered when any run executed any
copy of it: the unit tests include the file they test.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile


def executed(build, gcda, lines):
    """Add the counters of one .gcda to lines[file][line]."""
    name = os.path.basename(gcda).replace("#", "/")
    note = os.path.join(build, "kmod", name[:-5] + ".gcno")
    if not os.path.exists(note):
        sys.exit(f"coverage.py: {gcda}: no {note}")
    with tempfile.TemporaryDirectory() as work:
        shutil.copy(note, os.path.join(work, "unit.gcno"))
        shutil.copy(gcda, os.path.join(work, "unit.gcda"))
        out = subprocess.run(
            ["gcov", "--json-format", "--stdout", "unit.gcda"],
            cwd=work, capture_output=True, text=True, check=True).stdout
    for source in json.loads(out)["files"]:
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
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    lines = {}
    for directory in sys.argv[2:]:
        for entry in sorted(os.listdir(directory)):
            if entry.endswith(".gcda"):
                executed(sys.argv[1], os.path.join(directory, entry), lines)
    hit = total = 0
    for path, counts in sorted(lines.items()):
        covered = sum(1 for count in counts.values() if count)
        hit += covered
        total += len(counts)
        print(f"{100 * covered / len(counts):6.1f} %  "
              f"{covered:5d} of {len(counts):5d}  {path}")
    if not total:
        sys.exit("coverage.py: no counters")
    print(f"{100 * hit / total:6.1f} %  {hit:5d} of {total:5d}  kmod total")


if __name__ == "__main__":
    main()
