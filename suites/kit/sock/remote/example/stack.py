#!/usr/bin/env python3
"""The smallest stack behind the protocol of ../README.md: Python's socket module, so the sockets of
this machine. Python 3.8 or newer, on any system; options that the module does not know are known
for Linux only.

    loopmatrix run --target "stack:python3 stack.py"

With --refuse ADDRESS every call with that address fails, as on a stack without it:

    loopmatrix run --target "stack:python3 stack.py --refuse 127.0.0.2"
"""

import argparse
import base64
import errno
import ipaddress
import json
import os
import platform
import selectors
import socket
import struct
import sys
import threading
import time

LINUX = sys.platform.startswith("linux")
MOST = 1 << 20  # bytes of a message
FAMILIES = {"AF_INET": socket.AF_INET, "AF_INET6": socket.AF_INET6}
TYPES = {
    "SOCK_STREAM": socket.SOCK_STREAM,
    "SOCK_DGRAM": socket.SOCK_DGRAM,
    "SOCK_DGRAM, ICMP": socket.SOCK_DGRAM,
    "SOCK_RAW, ICMP": socket.SOCK_RAW,
    "SOCK_RAW, IPPROTO_RAW": socket.SOCK_RAW,
}
AGAIN = (errno.EAGAIN, errno.EWOULDBLOCK, errno.EINTR)
STARTED = (errno.EINPROGRESS, errno.EALREADY, errno.EWOULDBLOCK, errno.EINTR)
# The one name of those that mean the same.
ALIASES = {"EWOULDBLOCK": "EAGAIN", "ENOTSUP": "EOPNOTSUPP"}
SEND_WAIT = 3.0  # seconds: for room in the buffer, which the peer on the same host makes at once


def constant(name, on_linux=None):
    """The number of an option, None if neither Python nor this program knows it."""
    return getattr(socket, name, on_linux if LINUX else None)


IP, IP6, SOL = socket.IPPROTO_IP, socket.IPPROTO_IPV6, socket.SOL_SOCKET
IP_PKTINFO, IP_RECVTTL = constant("IP_PKTINFO", 8), constant("IP_RECVTTL", 12)
IPV6_PKTINFO, IPV6_HOPLIMIT = constant("IPV6_PKTINFO", 50), constant("IPV6_HOPLIMIT", 52)
IPV6_RECVHOPLIMIT, IPV6_RECVPKTINFO = constant("IPV6_RECVHOPLIMIT", 51), constant("IPV6_RECVPKTINFO", 49)

# Options whose value is a number, for each family: level and number.
ANY = {
    "SO_REUSEADDR": (SOL, constant("SO_REUSEADDR")),
    "SO_REUSEPORT": (SOL, constant("SO_REUSEPORT", 15)),
    "SO_EXCLUSIVEADDRUSE": (SOL, constant("SO_EXCLUSIVEADDRUSE")),
    "SO_BROADCAST": (SOL, constant("SO_BROADCAST")),
    "SO_DONTROUTE": (SOL, constant("SO_DONTROUTE")),
    "SO_SNDBUF": (SOL, constant("SO_SNDBUF")),
    "SO_RCVBUF": (SOL, constant("SO_RCVBUF")),
    "SO_BINDTOIFINDEX": (SOL, constant("SO_BINDTOIFINDEX", 62)),
    "IPV6_V6ONLY": (IP6, constant("IPV6_V6ONLY")),
}
NUMBERS = {
    socket.AF_INET: {
        **ANY,
        "IP_TTL": (IP, constant("IP_TTL")),
        "IP_RECVTTL": (IP, IP_RECVTTL),
        "IP_PKTINFO": (IP, IP_PKTINFO),
        "IP_MULTICAST_TTL": (IP, constant("IP_MULTICAST_TTL")),
        "IP_MULTICAST_LOOP": (IP, constant("IP_MULTICAST_LOOP")),
    },
    socket.AF_INET6: {
        **ANY,
        "IP_TTL": (IP6, constant("IPV6_UNICAST_HOPS")),
        "IP_RECVTTL": (IP6, IPV6_RECVHOPLIMIT),
        "IP_PKTINFO": (IP6, IPV6_RECVPKTINFO),
        "IP_MULTICAST_IF": (IP6, constant("IPV6_MULTICAST_IF")),
        "IP_MULTICAST_TTL": (IP6, constant("IPV6_MULTICAST_HOPS")),
        "IP_MULTICAST_LOOP": (IP6, constant("IPV6_MULTICAST_LOOP")),
    },
}


class Failed(Exception):
    """A call that failed without an error number of the system."""

    def __init__(self, call, name="", outcome="", text=""):
        super().__init__(text)
        self.error = {"call": call, "errno": name, "outcome": outcome, "text": text}


def parsed(text):
    """Address and port of 127.0.0.1:80, [::1]:80 or [fe80::1%2]:80."""
    host, _, port = text.rpartition(":")
    return host.strip("[]"), int(port)


def sockaddr(family, text):
    """The address for a call on a socket of this family."""
    host, port = parsed(text)
    if family == socket.AF_INET:
        return host, port
    host, _, zone = host.partition("%")
    return host, port, 0, int(zone or 0)


def text_of(name):
    """The address of a system call as text."""
    host, port = name[0], name[1]
    if len(name) == 2:
        return "%s:%d" % (host, port)
    plain = ipaddress.IPv6Address(host.partition("%")[0])
    if plain.ipv4_mapped:
        host = "::ffff:" + str(plain.ipv4_mapped)
    else:
        host = str(plain) + ("%%%d" % name[3] if name[3] else "")
    return "[%s]:%d" % (host, port)


def ready(k, writing, deadline, call):
    """Waits until a socket can be read or written, at most until the deadline."""
    with selectors.DefaultSelector() as s:
        s.register(k, selectors.EVENT_WRITE if writing else selectors.EVENT_READ)
        if not s.select(max(0, deadline - time.monotonic())) and time.monotonic() >= deadline:
            raise Failed(call, outcome="timeout")


class Stack:
    """The sockets by their numbers, and a method for each call."""

    def __init__(self, refused):
        self.refused, self.last, self.sockets, self.lock = refused, 0, {}, threading.Lock()
        self.via = {}  # numbers of sockets: what goes with each datagram (IP_PKTINFO (send))

    def keep(self, k):
        k.setblocking(False)
        with self.lock:
            self.last += 1
            self.sockets[self.last] = k
            return self.last

    def answer(self, q):
        """The answer to a request."""
        a = {}
        call = q["call"]
        try:
            method = getattr(self, "do_" + call, None)
            if method is None:
                raise Failed(call, "ENOSYS")
            self.refuse(call, q.get("address", ""))
            a = (method(q) if call == "socket" else method(q, self.find(q))) or {}
        except Failed as e:
            a = {"error": e.error}
        except OSError as e:
            name = errno.errorcode.get(e.errno or 0, "")
            a = {"error": {"call": call, "errno": ALIASES.get(name, name), "number": e.errno or 0, "text": e.strerror or str(e)}}
        a["id"] = q["id"]
        return a

    def find(self, q):
        with self.lock:
            k = self.sockets.get(q.get("socket", 0))
        if k is None:
            raise Failed(q["call"], text="there is no socket %d" % q.get("socket", 0))
        return k

    def refuse(self, call, address):
        if self.refused and address and parsed(address)[0] == self.refused:
            raise Failed(call, "EADDRNOTAVAIL")

    def do_socket(self, q):
        family, kind = FAMILIES.get(q["family"]), q["type"]
        if family is None:
            raise Failed("socket", "EAFNOSUPPORT")
        if kind not in TYPES:
            raise Failed("socket", "EPROTONOSUPPORT")
        protocol = 0
        if kind.endswith("IPPROTO_RAW"):
            protocol = socket.IPPROTO_RAW
        elif kind.endswith("ICMP"):
            protocol = socket.IPPROTO_ICMP if family == socket.AF_INET else socket.IPPROTO_ICMPV6
        return {"socket": self.keep(socket.socket(family, TYPES[kind], protocol))}

    def do_bind(self, q, k):
        k.bind(sockaddr(k.family, q["address"]))

    def do_listen(self, q, k):
        k.listen(q.get("backlog", 0))

    def do_accept(self, q, k):
        deadline = time.monotonic() + q.get("wait_ms", 0) / 1000
        while True:
            try:
                peer, name = k.accept()
                return {"socket": self.keep(peer), "address": text_of(name)}
            except OSError as e:
                if e.errno not in AGAIN:
                    raise
            ready(k, False, deadline, "accept")

    def do_connect(self, q, k):
        deadline = time.monotonic() + q.get("wait_ms", 0) / 1000
        number = k.connect_ex(sockaddr(k.family, q["address"]))
        if number in STARTED:
            ready(k, True, deadline, "connect")
            number = k.getsockopt(SOL, socket.SO_ERROR)
        if number:
            raise OSError(number, os.strerror(number))

    def do_send(self, q, k):
        self.send(q, k, None)

    def do_sendto(self, q, k):
        self.send(q, k, sockaddr(k.family, q["address"]))

    def send(self, q, k, to):
        data, deadline, waited = base64.b64decode(q.get("data", "")), time.monotonic() + SEND_WAIT, False
        control = self.via.get(q["socket"], [])
        while True:
            try:
                if control:
                    n = k.sendmsg([data], control, 0, to)
                else:
                    n = k.send(data) if to is None else k.sendto(data, to)
                data = data[n:]
                if not data or k.type != socket.SOCK_STREAM:
                    return
            except OSError as e:
                if e.errno not in AGAIN or waited and k.type != socket.SOCK_STREAM:
                    raise
                ready(k, True, deadline, q["call"])
                waited = True

    def do_recvmsg(self, q, k):
        deadline = time.monotonic() + q.get("wait_ms", 0) / 1000
        while True:
            try:
                return self.received(k, q.get("size", 0))
            except OSError as e:
                if e.errno not in AGAIN:
                    raise
            ready(k, False, deadline, "recvmsg")

    def received(self, k, size):
        control = []
        if k.type == socket.SOCK_STREAM or not hasattr(k, "recvmsg"):
            data, name = (k.recv(size), None) if k.type == socket.SOCK_STREAM else k.recvfrom(size)
        else:
            data, control, _, name = k.recvmsg(size, 512)
        a = {"data": base64.b64encode(data).decode()}
        if name:
            a["from"] = text_of(name) if k.type == socket.SOCK_DGRAM and k.proto in (0, socket.IPPROTO_UDP) else text_of((name[0], 0, *name[2:]))
        for level, kind, b in control:
            if level == IP and kind == IP_PKTINFO and len(b) >= 12:
                a["interface"], a["to"] = struct.unpack("=i", b[:4])[0], socket.inet_ntoa(b[8:12])
            elif level == IP and kind in (constant("IP_TTL"), IP_RECVTTL):
                a["ttl"] = struct.unpack("=i", b[:4])[0] if len(b) >= 4 else b[0]
            elif level == IP6 and kind == IPV6_PKTINFO and len(b) >= 20:
                a["to"] = parsed(text_of((socket.inet_ntop(socket.AF_INET6, b[:16]), 0, 0, 0)))[0]
                a["interface"] = struct.unpack("=I", b[16:20])[0]
            elif level == IP6 and kind == IPV6_HOPLIMIT:
                a["ttl"] = struct.unpack("=i", b[:4])[0]
        return a

    def number(self, q, k):
        """Level and number of an option."""
        level, number = NUMBERS[k.family].get(q["option"], (0, None))
        if number is None:
            raise Failed(q["call"], "ENOPROTOOPT")
        return level, number

    def do_setsockopt(self, q, k):
        option, value, six = q["option"], q.get("value", 0), k.family == socket.AF_INET6
        if option == "IP_ADD_MEMBERSHIP":
            group, index = socket.inet_pton(k.family, q["group"]), q.get("interface", 0)
            if six:
                return k.setsockopt(IP6, socket.IPV6_JOIN_GROUP, group + struct.pack("=I", index))
            return k.setsockopt(IP, socket.IP_ADD_MEMBERSHIP, group + struct.pack("=4xi", index))
        if option == "SO_LINGER":
            return k.setsockopt(SOL, socket.SO_LINGER, struct.pack("=hh" if os.name == "nt" else "=ii", 1, value))
        if option == "SO_BINDTODEVICE" and LINUX:
            return k.setsockopt(SOL, socket.SO_BINDTODEVICE, socket.if_indextoname(value).encode() if value else b"")
        if option == "IP_UNICAST_IF" and LINUX:
            return k.setsockopt(IP6 if six else IP, 76 if six else 50, struct.pack("!i", value))
        if option == "IP_MULTICAST_IF" and not six:
            return k.setsockopt(IP, socket.IP_MULTICAST_IF, struct.pack("=8xi", value))
        if option == "IP_PKTINFO (send)" and LINUX:
            self.via[q["socket"]] = [(IP6, IPV6_PKTINFO, struct.pack("=16xI", value)) if six else (IP, IP_PKTINFO, struct.pack("=i8x", value))]
            return None
        level, number = self.number(q, k)
        k.setsockopt(level, number, value)

    def do_getsockopt(self, q, k):
        if q["option"] == "SO_BINDTODEVICE" and LINUX:
            name = k.getsockopt(SOL, socket.SO_BINDTODEVICE, 16).rstrip(b"\0").decode()
            return {"value": socket.if_nametoindex(name) if name else 0}
        if q["option"] == "IP_UNICAST_IF" and LINUX:
            six = k.family == socket.AF_INET6
            return {"value": struct.unpack("!i", k.getsockopt(IP6 if six else IP, 76 if six else 50, 4))[0]}
        return {"value": k.getsockopt(*self.number(q, k))}

    def do_getsockname(self, q, k):
        return {"address": text_of(k.getsockname())}

    def do_getpeername(self, q, k):
        return {"address": text_of(k.getpeername())}

    def do_close(self, q, k):
        with self.lock:
            del self.sockets[q["socket"]]
        self.via.pop(q["socket"], None)
        k.close()


def read(n):
    """So many bytes of standard input, fewer at its end."""
    return sys.stdin.buffer.read(n)


WRITING = threading.Lock()


def write(message):
    """Writes a message: its length in four bytes, and its JSON. What is empty or 0 is left out."""
    if "error" in message:
        message["error"] = {k: v for k, v in message["error"].items() if v}
    text = json.dumps({k: v for k, v in message.items() if v or k in ("id", "ttl")}).encode()
    with WRITING:
        sys.stdout.buffer.write(struct.pack("!I", len(text)) + text)
        sys.stdout.buffer.flush()


def main():
    flags = argparse.ArgumentParser()
    flags.add_argument("--refuse", default="", metavar="ADDRESS", help="fail every call with this address")
    stack = Stack(flags.parse_args().refuse)
    write({"protocol": "loopmatrix stack", "version": 1, "name": "Python socket",
           "release": platform.python_version(), "second_process": True})
    while True:
        length = read(4)
        if len(length) < 4:
            return
        n = struct.unpack("!I", length)[0]
        if n > MOST:
            sys.exit("a message of %d bytes" % n)
        q = json.loads(read(n))
        if "wait_ms" in q or q["call"] == "send":  # a call that waits must not keep others waiting
            threading.Thread(target=lambda q: write(stack.answer(q)), args=(q,), daemon=True).start()
        else:
            write(stack.answer(q))


if __name__ == "__main__":
    main()
