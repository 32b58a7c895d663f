"""A broker under test and the least client that can put a load on it, for what mqload does not do."""

import atexit
import pathlib
import re
import socket
import struct
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
WINDOW = 500


class Broker:
    """A Sotto with its data in a folder.

    settings: further lines of its configuration
    """

    def __init__(self, folder, settings=""):
        self.folder = folder
        self.config = folder / "sotto.yaml"
        self.config.write_text("log: {level: info}\nlimits: {login-failures: unlimited}\n" + settings)

    def start(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        log = open(self.folder / "log", "w")
        began = time.monotonic()
        self.process = subprocess.Popen(
            [ROOT / "sotto", "serve", "--config", self.config, "--port", str(self.port),
             "--data", self.folder / "data"],
            stdout=subprocess.PIPE, stderr=log, text=True)
        # Also where what is measured fails.
        atexit.register(self.process.kill)
        ready = self.process.stdout.readline()
        if "listens on" not in ready:
            sys.exit((self.folder / "log").read_text())
        return time.monotonic() - began

    def kill(self):
        self.process.kill()
        self.process.wait()

    def told(self):
        found = re.search(r"store: (.*) are back after ([\d.,]+ \w+)", (self.folder / "log").read_text())
        return found.group(1), found.group(2)

    def memory(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) // 1024


def text(value):
    return struct.pack(">H", len(value)) + value


def packet(kind, body):
    length, size = b"", len(body)
    while True:
        size, low = size >> 7, size & 127
        length += bytes([low | (128 if size else 0)])
        if not size:
            return bytes([kind]) + length + body


class Client:
    """3.1.1; one with a name keeps its session, and has the one that was kept, if it is to."""

    def __init__(self, port, name=b"", kept=True):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.settimeout(60)
        self.buffer = bytearray()
        self.send(packet(0x10, text(b"MQTT") + bytes([4, 0 if name and kept else 2, 0, 0]) + text(name)))
        self.expect(0x20)

    def send(self, data):
        self.socket.sendall(data)

    def receive(self):
        """The next packet: its first byte and its body."""
        while True:
            size, shift, at = 0, 0, 1
            while at < len(self.buffer):
                size |= (self.buffer[at] & 127) << shift
                at, shift = at + 1, shift + 7
                if self.buffer[at - 1] < 128:
                    if len(self.buffer) >= at + size:
                        kind, body = self.buffer[0], bytes(self.buffer[at : at + size])
                        del self.buffer[: at + size]
                        return kind, body
                    break
            data = self.socket.recv(1 << 16)
            if not data:
                raise EOFError("the broker closed the connection")
            self.buffer += data

    def expect(self, kind):
        found, body = self.receive()
        if found & 0xF0 != kind:
            raise ValueError(f"packet {found:#x}, not {kind:#x}")
        return body

    def subscribe(self, name, qos):
        self.send(packet(0x82, b"\0\1" + text(name) + bytes([qos])))

    def close(self):
        self.send(b"\xe0\0")
        self.socket.close()


def publish_all(port, messages, flags):
    """Publishes at QoS 1 and returns when the last one is acknowledged; how long it took."""
    client = Client(port)
    began, open_, number = time.monotonic(), 0, 0
    for topic, payload in messages:
        number = number % 65_535 + 1
        client.send(packet(0x32 | flags, text(topic) + struct.pack(">H", number) + payload))
        open_ += 1
        if open_ == WINDOW:
            for _ in range(WINDOW // 2):
                client.expect(0x40)
            open_ -= WINDOW // 2
    for _ in range(open_):
        client.expect(0x40)
    client.close()
    return time.monotonic() - began
