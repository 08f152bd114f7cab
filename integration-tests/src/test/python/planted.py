"""Bugs on purpose: each makes Hydrocell behave as if it had that bug, and the tests of kills.py must find it."""

import asyncio

from messages import Faults

MERGE, ACKNOWLEDGED, EXECUTE = 4, 2, 2
LATE_S = 0.5


def varint(data, at):
    number, shift = 0, 0
    while True:
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return number, at


def as_varint(number):
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(out + bytes([number]))


def merge_of(wire, frame):
    """The request's id and the key of a merge that is sent to the node; (None, None) for anything else."""
    if wire.role != "node" or not wire.to_server:
        return None, None
    request, at = varint(frame, 0)
    if frame[at] != MERGE:
        return None, None
    length, at = varint(frame, at + 1)
    return request, frame[at : at + length].decode()


def is_manifest(key):
    return key is not None and key.startswith("session/") and key.split("/")[2:3] == ["m"]


def acknowledgement(request):
    """Changed, at some version, durable in the log."""
    return as_varint(request) + bytes([ACKNOWLEDGED, 1]) + (1).to_bytes(8, "big") + bytes([1])


class Planted(Faults):
    """Nothing but the bug. Both directions of a connection are needed, to answer in the node's place."""

    def __init__(self):
        super().__init__(0, 0, 0)
        self.answer = {}

    async def carry(self, wire, receive, send):
        if not wire.to_server:
            self.answer[wire.connection] = send
        await super().carry(wire, receive, send)

    def later(self, wire, frame, send):
        """Sends a frame late, unless the sender has died by then. Its own answer goes astray."""

        async def send_late():
            await asyncio.sleep(LATE_S)
            if not wire.ended:
                await send(frame)

        asyncio.ensure_future(send_late())

    async def acknowledge(self, wire, request):
        self.done[wire.role, "planted"] += 1
        await self.answer[wire.connection](acknowledgement(request))


class ReplyBeforeAcknowledgement(Planted):
    """Who merges into a manifest is told that it is in the log before it is."""

    async def pass_on(self, wire, frame, receive, send):
        request, key = merge_of(wire, frame)
        if is_manifest(key):
            await self.acknowledge(wire, request)
            self.later(wire, frame, send)
        else:
            await send(frame)


class ManifestBeforeValues(Planted):
    """The manifest names values that are not stored yet."""

    async def pass_on(self, wire, frame, receive, send):
        request, key = merge_of(wire, frame)
        if key is not None and "/v/" in key:
            await self.acknowledge(wire, request)
            self.later(wire, frame, send)
        else:
            await send(frame)


class RetryUnderTheSameStamp(Planted):
    """A cell is sent once more as if its executor had been lost: another request, the same stamp."""

    async def pass_on(self, wire, frame, receive, send):
        await send(frame)
        if wire.role == "executor" and wire.to_server and frame[0] == EXECUTE and wire.chance.random() < 0.5:
            self.done[wire.role, "planted"] += 1
            count, at = varint(frame, 1)
            request, after = varint(frame, at)
            await send(frame[:at] + as_varint(request + 1_000_000) + frame[after:])


BUGS = {
    "manifest-before-values": ManifestBeforeValues,
    "retry-under-the-same-stamp": RetryUnderTheSameStamp,
    "reply-before-acknowledgement": ReplyBeforeAcknowledgement,
}
