#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Write dmvpn-netlink(7) from the YAML spec of the netlink family.

usage: spec-man.py [--check] PAGE
  --check  change nothing, fail when PAGE is not current
"""

import pathlib
import sys

import yaml

SPEC = (pathlib.Path(__file__).parent.parent /
        "Documentation/netlink/specs/dmvpn.yaml")

HEAD = """.\\" SPDX-License-Identifier: GPL-2.0-or-later
.\\" Written by kmod/scripts/spec-man.py from the spec of the family.
.Dd November 26, 2026
.Dt DMVPN-NETLINK 7
.Os
.Sh NAME
.Nm dmvpn-netlink
.Nd generic netlink interface of Dynamic Multipoint VPN devices
.Sh SYNOPSIS
.In linux/dmvpn.h
.Sh DESCRIPTION
"""

# What the spec has no place for.
TAIL = """.Sh EXAMPLES
The cache of all devices, by the kernel's own tool
.Pa tools/net/ynl/cli.py
and the spec that is with the module's source:
.Bd -literal -offset indent
cli.py --no-schema --spec Documentation/netlink/specs/dmvpn.yaml --dump entry-get
.Ed
.Pp
The same by
.Xr dmvpn 8 :
.Pp
.Dl dmvpn -j show
.Sh SEE ALSO
.Xr netlink 7 ,
.Xr rtnetlink 7 ,
.Xr dmvpn 8 ,
.Xr dmvpnd 8
"""


def text(string):
    """Lines of text as roff: nothing in them is a request or an escape."""
    string = " ".join(string.split()).replace("\\", "\\e")
    string = string.replace("-", "\\-") if string.startswith("-") else string
    lines = []
    for sentence in string.replace(". ", ".\n").split("\n"):
        lines.append("\\&" + sentence if sentence[:1] in ".'" else sentence)
    return "\n".join(lines) + "\n"


def paragraphs(doc):
    """Text with its blank lines."""
    parts = doc.strip().split("\n\n")
    return ".Pp\n".join(text(part) for part in parts)


def constant(prefix, name):
    """The name that it has in C."""
    return (prefix + name).upper().replace("-", "_")


def kind(attr):
    """Type of an attribute, for readers."""
    words = [attr["type"]]
    if attr.get("byte-order") == "big-endian":
        words.append("network byte order")
    if "enum" in attr:
        words.append("flags" if attr.get("enum-as-flags") else "one")
        words.append("of " + attr["enum"])
    if "nested-attributes" in attr:
        words.append("of " + attr["nested-attributes"])
    return words[0] + (", " + " ".join(words[1:]) if words[1:] else "")


def attribute_list(title, names):
    """A line of a command: the attributes that it takes or tells."""
    if not names:
        return ""
    return (f".Pp\n{title}:\n" +
            " ,\n".join(f".Va {name}" for name in names) + " .\n")


def command(operation):
    """One request, notification or upcall."""
    name = operation["name"]
    out = f".It Cm {name} Pq Dv {constant('dmvpn-cmd-', name)}\n"
    out += paragraphs(operation["doc"])
    request = operation.get("do", {}).get("request", {})
    reply = operation.get("do", {}).get("reply", {})
    out += attribute_list("Takes", request.get("attributes"))
    out += attribute_list("Tells", reply.get("attributes") or
                          operation.get("event", {}).get("attributes"))
    if "dump" in operation:
        out += ".Pp\nCan be dumped.\n"
    if "notify" in operation:
        out += f".Pp\nHas the attributes of\n.Cm {operation['notify']} .\n"
    if "mcgrp" in operation:
        out += f"Group:\n.Dq {operation['mcgrp']} .\n"
    return out


def commands(title, doc, operations):
    """A section of them."""
    return (f".Sh {title}\n{doc}.Bl -tag -width indent\n" +
            "".join(command(operation) for operation in operations) + ".El\n")


def attribute_set(attrs):
    """A section of an attribute set."""
    prefix = attrs.get("name-prefix", "")
    out = f".Ss {attrs['name']}\n"
    if "doc" in attrs:
        out += paragraphs(attrs["doc"])
    out += f"In C the names begin with\n.Dv {constant(prefix, '')} .\n"
    out += ".Bl -tag -width indent\n"
    for attr in attrs["attributes"]:
        if attr["type"] == "pad":
            continue
        out += f".It Va {attr['name']} Pq {kind(attr)}\n"
        out += text(attr["doc"]) if "doc" in attr else ""
    return out + ".El\n"


def definition(values):
    """A section of an enumeration."""
    out = f".Ss {values['name']}\n{text(values['doc'])}"
    out += ".Bl -tag -width indent\n"
    bits = values["type"] == "flags"
    for number, entry in enumerate(values["entries"]):
        out += f".It {entry['name']} Pq {1 << number if bits else number}\n"
        out += text(entry["doc"])
    return out + ".El\n"


def page(spec):
    """All of it."""
    operations = spec["operations"]["list"]
    out = HEAD + paragraphs(spec["doc"])
    for value in spec["definitions"]:
        if value["type"] == "const":
            out += (f".Pp\n.Dv {constant('dmvpn-', value['name'])} is "
                    f"{value['value']}.\n{text(value['doc'])}")
    out += commands(
        "REQUESTS", "", [o for o in operations if "do" in o])
    out += commands(
        "NOTIFICATIONS", "To whoever joins the multicast group and has\n"
        ".Dv CAP_NET_ADMIN .\n", [o for o in operations if "notify" in o])
    out += commands(
        "UPCALLS", "To the owner of the device alone, see\n.Cm bind .\n",
        [o for o in operations if "event" in o])
    out += ".Sh ATTRIBUTES\n"
    out += "".join(attribute_set(attrs) for attrs in spec["attribute-sets"])
    out += ".Sh NUMBERS\n"
    out += "".join(definition(value) for value in spec["definitions"]
                   if value["type"] != "const")
    return out + TAIL


def main():
    """Write or compare."""
    check = sys.argv[1:2] == ["--check"]
    names = sys.argv[2 if check else 1:]
    if len(names) != 1:
        sys.exit(__doc__)
    target = pathlib.Path(names[0])
    now = page(yaml.safe_load(SPEC.read_text(encoding="utf-8")))
    if not check:
        target.write_text(now, encoding="utf-8")
    elif not target.exists() or target.read_text(encoding="utf-8") != now:
        sys.exit(f"{target}: not current, run kmod/scripts/spec-man.py {target}")


if __name__ == "__main__":
    main()
