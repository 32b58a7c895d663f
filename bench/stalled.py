"""A subscriber that takes nothing, or with a number at the end a publisher of that many messages of 1 KiB a second."""

import socket
import struct
import sys
import time

host, port, topic, *rate = sys.argv[1:]


def text(value):
    raw = value.encode()
    return struct.pack(">H", len(raw)) + raw


def packet(first, body):
    length, encoded = len(body), b""
    while True:
        length, low = length >> 7, length & 127
        encoded += bytes([low | (128 if length else 0)])
        if not length:
            return bytes([first]) + encoded + body


client = "publisher" if rate else "stalled"
link = socket.create_connection((host, int(port)))
link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
link.sendall(packet(0x10, text("MQTT") + b"\x04\x02\x00\x00" + text(client)))
link.recv(4)
if rate:
    message, due = packet(0x30, text(topic) + bytes(1024)), time.monotonic()
    while True:
        link.sendall(message)
        due += 1 / int(rate[0])
        time.sleep(max(0, due - time.monotonic()))
else:
    link.sendall(packet(0x82, b"\x00\x01" + text(topic) + b"\x00"))
    link.recv(5)
    time.sleep(3600)
