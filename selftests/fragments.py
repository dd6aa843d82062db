#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Fragments of an outer packet with GRE and an IPv4 packet of 200 octets in it.

usage: fragments.py FROM TO ID [first] [rest]

FROM and TO are NBMA addresses, FROM may be anybody's; ID is that of the packet,
of which the first part, the rest or both are sent.
"""
import socket
import struct
import sys

CUT = 104


def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def inner():
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 200, 0, 0, 64, 253, 0,
                       socket.inet_aton("10.0.0.2"),
                       socket.inet_aton("10.0.0.1"))
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + bytes(180)


def packet4(src, dst, number, offset, more, payload):
    return struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), number,
                       offset // 8 | more << 13, 64, 47, 0,
                       socket.inet_aton(src), socket.inet_aton(dst)) + payload


def packet6(src, dst, number, offset, more, payload):
    payload = struct.pack("!BBHI", 47, 0, offset | more, number) + payload
    return struct.pack("!IHBB", 6 << 28, len(payload), 44, 64) + \
        socket.inet_pton(socket.AF_INET6, src) + \
        socket.inet_pton(socket.AF_INET6, dst) + payload


def main():
    src, dst, number, parts = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]
    v6 = ":" in dst
    packet = packet6 if v6 else packet4
    gre = struct.pack("!HH", 0, 0x0800) + inner()
    family = socket.AF_INET6 if v6 else socket.AF_INET
    # A raw socket of this protocol takes the header with the packet.
    with socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_RAW) as sock:
        for part, offset, more in (("first", 0, 1), ("rest", CUT, 0)):
            if part not in parts:
                continue
            data = gre[offset:offset + CUT] if more else gre[offset:]
            sock.sendto(packet(src, dst, number, offset, more, data), (dst, 0))


main()
