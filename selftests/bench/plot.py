#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Draw what report.py wrote as JSON, by gnuplot.

usage: plot.py JSON DIRECTORY

Writes DIRECTORY/NAME.svg for each of the plots whose samples are there.
"""

import json
import subprocess
import sys

HEAD = """set terminal svg noenhanced size 760,420 font "sans,13" background "white"
set output "{out}"
set title "{title}"
set ylabel "{ylabel}"
set yrange [0:*]
set grid ytics lc rgb "#dddddd"
set key outside right top
set style line 1 lc rgb "#999999" lw 2 pt 7 ps 0.6
set style line 2 lc rgb "#d95f02" lw 2 pt 7 ps 0.6
set style line 3 lc rgb "#7570b3" lw 2 pt 7 ps 0.6
set style line 4 lc rgb "#1b9e77" lw 3 pt 7 ps 0.8
set style line 5 lc rgb "#66a61e" lw 2 pt 7 ps 0.6
"""

# Of lines over the number of peers: file, title, unit, what, cipher, octets,
# tunnels with their names and styles
SEND = (("floor", "no tunnel", 1), ("mgre", "ip_gre multipoint", 2),
        ("dmvpn", "dmvpn", 4))
CURVES = (
    ("send-clear", "A router sends: clear, 64 octets", "a packet",
     "tx", "none", 64, SEND),
    ("send-esp", "A router sends: ESP, null cipher, 64 octets", "a packet",
     "tx", "null", 64, SEND),
    ("receive-esp", "A router receives: ESP, null cipher, 64 octets",
     "a packet", "rx", "null", 64, SEND),
    ("multicast", "Multicast, 64 octets", "a copy", "copies", "none", 64,
     (("loop", "a program, ip_gre", 2), ("dmvpn", "dmvpn", 4))),
    ("register", "Clients register", "a registration", "register", "none", 0,
     (("nhrpd", "FRR nhrpd", 2), ("dmvpnd", "dmvpnd", 4))),
)

# Bars of both routers: what stands for each way
WAYS = (("floor", "none", "no tunnel"), ("gre", "none", "ip_gre"),
        ("dmvpn", "none", "dmvpn"), ("gre", "gcm", "ip_gre, AES-GCM"),
        ("dmvpn", "gcm", "dmvpn, AES-GCM"),
        ("gre", "chacha", "ip_gre, ChaCha20"),
        ("dmvpn", "chacha", "dmvpn, ChaCha20"),
        ("wireguard", "chacha", "WireGuard"))


def gnuplot(script):
    """Have the script drawn."""
    subprocess.run(["gnuplot"], input=script, text=True, check=True)


def curve(samples, unit, directory, plot):
    """Draw lines over the number of peers."""
    name, title, each, what, cipher, octets, tunnels = plot
    blocks, parts = [], []
    for tunnel, label, style in tunnels:
        points = [(peers, samples[key]) for key in sorted(samples)
                  for peers in (key[3],) if key[:3] in (
                      (what, tunnel, cipher), (what, tunnel, "none"))
                  and key[4] == octets
                  and (key[2] == cipher or tunnel == "floor")]
        if not points:
            continue
        blocks.append(f"$d{style} << END\n" +
                      "\n".join(f"{x} {y:.1f}" for x, y in points) + "\nEND\n")
        parts.append(f'$d{style} using 1:2 with linespoints ls {style} '
                     f'title "{label}"')
    if not any(tunnel == "dmvpn" or tunnel == "dmvpnd"
               for tunnel, _, style in tunnels
               if any(f"$d{style} " in part for part in parts)):
        return
    gnuplot(HEAD.format(out=f"{directory}/{name}.svg", title=title,
                        ylabel=f"{unit}, {each}") +
            'set logscale x\nset xlabel "peers"\n' + "".join(blocks) +
            "plot " + ", ".join(parts) + "\n")


def bars(samples, unit, directory):
    """Draw the ways through both routers, for each size."""
    sizes = (64, 512, 1400)
    rows = []
    for tunnel, cipher, label in WAYS:
        values = [samples.get(("path", tunnel, cipher, 1, size))
                  for size in sizes]
        if None in values:
            return
        rows.append(f'"{label}" ' + " ".join(f"{v:.0f}" for v in values))
    gnuplot(HEAD.format(out=f"{directory}/path.svg",
                        title="Through two routers and the tunnel",
                        ylabel=f"{unit}, a packet") +
            "set style data histogram\nset style histogram cluster gap 1\n"
            "set style fill solid\nset xtics rotate by -30\n"
            "$d << END\n" + "\n".join(rows) + "\nEND\n"
            "plot " + ", ".join(
                f'$d using {i + 2}:xtic(1) ls {i + 2} title "{size} octets"'
                for i, size in enumerate(sizes)) + "\n")


def main():
    """Draw all that can be."""
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        result = json.load(file)
    samples = {(s["what"], s["tunnel"], s["cipher"], s["peers"], s["octets"]):
               s["figure"] for s in result["samples"]}
    for plot in CURVES:
        curve(samples, result["unit"], sys.argv[2], plot)
    bars(samples, result["unit"], sys.argv[2])


if __name__ == "__main__":
    main()
