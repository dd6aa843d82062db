#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Make tables and JSON of samples: what each case costs, the spread, and ratios.

usage: report.py [--instructions] [--json FILE] TITLE SAMPLES...

SAMPLES are files of what the parts of the benchmark print, see lib.sh. With
--instructions two nanoseconds are an instruction, and of the samples of a case the
median counts; the spread is that of their middle half, in percent of it. Of times
the least counts, as nothing makes a sample faster than it is; the spread is how
much more the quickest quarter took. What is "above the floor" is without what the
same packet costs where there is no tunnel.
"""

import argparse
import json
import statistics
import sys

# WHAT: unit, and whether that is of time
UNITS = {
    "tx": ("a packet", True),
    "rx": ("a packet", True),
    "path": ("a packet", True),
    "tcp": ("1000 octets", True),
    "copies": ("a copy", True),
    "miss": ("a packet", True),
    "hairpin": ("a packet", True),
    "register": ("a registration", True),
    "back": ("a registration", True),
    "register-wait": ("median of requests", True),
    "register-longest": ("longest request", True),
    "register-again": ("sent again", False),
    "back-wait": ("median of requests", True),
    "back-longest": ("longest request", True),
    "back-again": ("sent again", False),
    "memory-kernel": ("octets a spoke", False),
    "memory-daemon": ("octets a spoke", False),
    "show": ("all", True),
    "restart": ("all", True),
    "load": ("all", True),
    "dump": ("all", True),
    "flush": ("all", True),
    "upcalls": ("a second", False),
    "lost": ("packets", False),
}

# Ratios by the floor: name, what is held against what, target
ABOVE = (
    ("send, clear, 1 peer: dmvpn / ip_gre multipoint",
     ("tx", "dmvpn", "none", 1, 64), ("tx", "mgre", "none", 1, 64), 0.75),
    ("send, clear, 10000 peers: dmvpn / ip_gre multipoint",
     ("tx", "dmvpn", "none", 10000, 64), ("tx", "mgre", "none", 10000, 64), 0.60),
    ("send, ESP, 1 peer: dmvpn / ip_gre multipoint",
     ("tx", "dmvpn", "null", 1, 64), ("tx", "mgre", "null", 1, 64), 0.60),
    ("send, ESP, 10000 peers: dmvpn / ip_gre multipoint",
     ("tx", "dmvpn", "null", 10000, 64), ("tx", "mgre", "null", 10000, 64), 0.50),
    ("send, clear, 1 peer: dmvpn / ip_gre to one peer",
     ("tx", "dmvpn", "none", 1, 64), ("tx", "gre", "none", 1, 64), 1.00),
    ("send, clear: dmvpn, 10000 peers / 1",
     ("tx", "dmvpn", "none", 10000, 64), ("tx", "dmvpn", "none", 1, 64), 1.10),
    ("send, ESP: dmvpn, 10000 peers / 1",
     ("tx", "dmvpn", "null", 10000, 64), ("tx", "dmvpn", "null", 1, 64), 1.10),
    ("receive, clear: dmvpn / ip_gre multipoint",
     ("rx", "dmvpn", "none", 1, 64), ("rx", "mgre", "none", 1, 64), 1.00),
    ("receive, ESP: dmvpn / ip_gre multipoint",
     ("rx", "dmvpn", "null", 1, 64), ("rx", "mgre", "null", 1, 64), 1.00),
    ("receive, clear: dmvpn / ip_gre to one peer",
     ("rx", "dmvpn", "none", 1, 64), ("rx", "gre", "none", 1, 64), 1.00),
    ("receive, ESP: dmvpn / ip_gre to one peer",
     ("rx", "dmvpn", "null", 1, 64), ("rx", "gre", "null", 1, 64), 1.00),
    ("both routers, 1400 octets: dmvpn, ChaCha20-Poly1305 / WireGuard",
     ("path", "dmvpn", "chacha", 1, 1400),
     ("path", "wireguard", "chacha", 1, 1400), 1.00),
    ("both routers, 1400 octets: dmvpn, AES-GCM / WireGuard",
     ("path", "dmvpn", "gcm", 1, 1400),
     ("path", "wireguard", "chacha", 1, 1400), 1.00),
)

# Ratios of the whole, of one or of sums of several; "least" for a target that is
# to be reached, not kept
WHOLE = (
    ("TCP throughput, clear: dmvpn / ip_gre",
     [("tcp", "gre", "none", 1, 0)], [("tcp", "dmvpn", "none", 1, 0)],
     1.00, "least"),
    ("1000 multicast copies: kernel / program",
     [("copies", "dmvpn", "none", 1000, 64)],
     [("copies", "loop", "none", 1000, 64)], 0.10, ""),
    ("registrations a second, 10000 spokes: dmvpnd / nhrpd",
     [("register", "nhrpd", "none", 10000, 0)],
     [("register", "dmvpnd", "none", 10000, 0)], 10, "least"),
    ("memory of a registered spoke: dmvpn / nhrpd",
     [("memory-kernel", "dmvpnd", "none", 10000, 0),
      ("memory-daemon", "dmvpnd", "none", 10000, 0)],
     [("memory-kernel", "nhrpd", "none", 10000, 0),
      ("memory-daemon", "nhrpd", "none", 10000, 0)], 0.25, ""),
    ("load: an entry of 100000 / of 10000, times 10",
     [("load", "kernel", "none", 100000, 0)],
     [("load", "kernel", "none", 10000, 0)] * 10, 1.20, ""),
    ("dump: an entry of 100000 / of 10000, times 10",
     [("dump", "kernel", "none", 100000, 0)],
     [("dump", "kernel", "none", 10000, 0)] * 10, 1.20, ""),
)


def read(paths):
    """Return the samples of each (what, tunnel, cipher, peers, octets)."""
    samples = {}
    for path in paths:
        with open(path, encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                fields = line.split()
                if len(fields) != 6 or fields[0] not in UNITS:
                    sys.exit(f"report.py: {path}:{number}: not a sample: "
                             f"{line.rstrip()}")
                key = (*fields[:3], int(fields[3]), int(fields[4]))
                samples.setdefault(key, []).append(float(fields[5]))
    return samples


def figure(values, least):
    """Return what counts of the samples of a case."""
    return min(values) if least else statistics.median(values)


def spread(values, least):
    """Return the width of what is around that, in percent of it."""
    middle = figure(values, least)
    if len(values) < 2 or not middle:
        return 0.0
    if len(values) < 4:
        return 100 * (max(values) - min(values)) / middle
    low, _, high = statistics.quantiles(values, n=4)
    return 100 * ((low - middle) if least else (high - low)) / middle


def floor_of(key, figures):
    """Return what the packet costs without a tunnel, or None."""
    what, _, _, peers, octets = key
    return figures.get((what, "floor", "none", peers, octets),
                       figures.get((what, "floor", "none", 1, octets)))


def ratios(figures):
    """Yield name, ratio above the floor or None, whole ratio, target, whether it
    is met; those whose samples are there."""
    for name, one, other, target in ABOVE:
        if one not in figures or other not in figures:
            continue
        above = ((figures[one] - floor_of(one, figures)) /
                 (figures[other] - floor_of(other, figures)))
        yield (name, above, figures[one] / figures[other],
               f"<= {target:.2f}", above <= target)
    for name, one, other, target, kind in WHOLE:
        if any(key not in figures for key in one + other):
            continue
        whole = (sum(figures[key] for key in one) /
                 sum(figures[key] for key in other))
        if kind == "least":
            yield name, None, whole, f">= {target:.2f}", whole >= target
        else:
            yield name, None, whole, f"<= {target:.2f}", whole <= target


def print_tables(title, unit, samples, figures):
    """Print the ratios, then all cases."""
    least = unit == "ns"
    print(f"## {title}\n")
    print("| ratio | above the floor | whole | target | met |")
    print("| --- | ---: | ---: | ---: | --- |")
    for name, above, whole, target, met in ratios(figures):
        above = "" if above is None else f"{above:.3f}"
        print(f"| {name} | {above} | {whole:.3f} | {target} "
              f"| {'yes' if met else 'no'} |")
    for what, (each, timed) in UNITS.items():
        keys = sorted(key for key in samples if key[0] == what)
        if not keys:
            continue
        each = f"{unit}, {each}" if timed else each
        print(f"\n### {what}: {each}\n")
        print("| tunnel | cipher | peers | octets "
              f"| {'least' if least else 'median'} | above the floor | spread |")
        print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
        for key in keys:
            floor = floor_of(key, figures)
            above = "" if floor is None else f"{figures[key] - floor:.0f}"
            print(f"| {key[1]} | {key[2]} | {key[3]} | {key[4]} "
                  f"| {figures[key]:.0f} | {above} "
                  f"| {spread(samples[key], least):.1f} % |")


def main():
    """Print the tables, write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--instructions", action="store_true")
    parser.add_argument("--json")
    parser.add_argument("title")
    parser.add_argument("samples", nargs="+")
    args = parser.parse_args()
    unit = "instructions" if args.instructions else "ns"
    samples = read(args.samples)
    if args.instructions:
        for key in samples:
            if UNITS[key[0]][1]:
                samples[key] = [value / 2 for value in samples[key]]
    least = not args.instructions
    figures = {key: figure(v, least) for key, v in samples.items()}
    print_tables(args.title, unit, samples, figures)
    if not args.json:
        return
    names = ("what", "tunnel", "cipher", "peers", "octets")
    result = {
        "title": args.title,
        "unit": unit,
        "samples": [dict(zip(names, key), figure=figures[key],
                         spread=spread(values, least), values=values)
                    for key, values in sorted(samples.items())],
        "ratios": [dict(zip(("name", "above", "whole", "target", "met"), row))
                   for row in ratios(figures)],
    }
    with open(args.json, "w", encoding="utf-8") as out:
        json.dump(result, out, indent=1)
        out.write("\n")


if __name__ == "__main__":
    main()
