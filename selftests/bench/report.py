#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Make a table of what data.sh printed: medians, their spread, and ratios.

usage: report.py FILE [UNIT]

UNIT is the name of what was counted (default ns). The spread is that of the
middle half of the samples, in percent of the median.
"""

import statistics
import sys

# What is held against what: name, one case, the other one, the target
RATIOS = (
    ("1 peer, clear: dmvpn / ip_gre multipoint", ("dmvpn", 1), ("mgre", 1), 0.75),
    ("10000 peers, clear: dmvpn / ip_gre multipoint",
     ("dmvpn", 10000), ("mgre", 10000), 0.60),
    ("1 peer, ESP: dmvpn / ip_gre multipoint",
     ("dmvpn-esp", 1), ("mgre-esp", 1), 0.60),
    ("10000 peers, ESP: dmvpn / ip_gre multipoint",
     ("dmvpn-esp", 10000), ("mgre-esp", 10000), 0.50),
    ("1 peer, clear: dmvpn / ip_gre to one peer", ("dmvpn", 1), ("gre", 1), 1.00),
    ("clear: dmvpn with 10000 peers / with 1",
     ("dmvpn", 10000), ("dmvpn", 1), 1.10),
    ("ESP: dmvpn with 10000 peers / with 1",
     ("dmvpn-esp", 10000), ("dmvpn-esp", 1), 1.10),
)


def read(path):
    """Return the samples of each (case, peers)."""
    samples = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            fields = line.split()
            if len(fields) != 4:
                sys.exit(f"report.py: not a sample: {line.rstrip()}")
            key = (fields[0], int(fields[1]))
            samples.setdefault(key, []).append(float(fields[3]))
    return samples


def spread(values):
    """Return the width of the middle half, in percent of the median."""
    if len(values) < 4:
        return 100 * (max(values) - min(values)) / statistics.median(values)
    low, _, high = statistics.quantiles(values, n=4)
    return 100 * (high - low) / statistics.median(values)


def main():
    """Print the tables."""
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    samples = read(sys.argv[1])
    unit = sys.argv[2] if len(sys.argv) == 3 else "ns"
    medians = {key: statistics.median(v) for key, v in samples.items()}
    needed = {("floor", 1)}.union(*({one, other} for _, one, other, _ in RATIOS))
    for case, peers in sorted(needed - medians.keys()):
        sys.exit(f"report.py: {sys.argv[1]}: no sample of {case}, {peers} peers")
    floor = medians[("floor", 1)]
    print(f"| case | peers | {unit} a packet | above the floor | spread |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for key in sorted(medians):
        print(f"| {key[0]} | {key[1]} | {medians[key]:.0f} "
              f"| {medians[key] - floor:.0f} | {spread(samples[key]):.1f} % |")
    print()
    print("| ratio | whole | above the floor | target |")
    print("| --- | ---: | ---: | ---: |")
    for name, one, other, target in RATIOS:
        whole = medians[one] / medians[other]
        above = (medians[one] - floor) / (medians[other] - floor)
        print(f"| {name} | {whole:.3f} | {above:.3f} | {target:.2f} |")


if __name__ == "__main__":
    main()
