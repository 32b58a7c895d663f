"""What bench/footprint asks of Python: clocks that are finer than a shell's, and its table.

    ready.py port PORT            prints the time, in ns since 1970, at which a broker there says CONNACK
    ready.py command COMMAND...   prints how many ms a command takes
    ready.py table IDLE RESULTS VERSIONS
"""

import socket
import statistics
import subprocess
import sys
import time

CONNECT = bytes.fromhex("10 10 00 04 4d 51 54 54 04 02 00 3c 00 04") + b"idle"
PATIENCE = 60


def ready(port):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as link:
                link.sendall(CONNECT)
                if link.recv(4)[:1] == b"\x20":
                    return time.time_ns()
        except OSError:
            pass
        time.sleep(0.002)
    sys.exit("nobody answers")


def milliseconds(command):
    began = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return (time.perf_counter() - began) * 1000


def spread(values, form):
    return f"{statistics.median(values):{form}} ({min(values):{form}}–{max(values):{form}})"


def table(idle, results, versions):
    brokers = {}
    for line in open(results):
        name, kind, *numbers = line.split()
        brokers.setdefault(name, {}).setdefault(kind, []).append([float(number) for number in numbers])
    print(f"| broker | ready, ms | resident then, MB | {idle} s alone, MB | size, MB |")
    print("| --- | --- | --- | --- | --- |")
    for name, its in brokers.items():
        (resident, size), = its["idle"]
        ready_us, then = zip(*its["ready"])
        print(
            f"| {name} | {spread([us / 1000 for us in ready_us], '.0f')} | {spread(then, '.1f')}"
            f" | {resident:.1f} | {size / 1e6:.1f} |"
        )
    commands = {}
    for line in open(versions):
        command, took = line.rsplit(" ", 1)
        commands.setdefault(command, []).append(float(took))
    print()
    for command, took in commands.items():
        print(f"`{command}`: {spread(took, '.0f')} ms")


match sys.argv[1:]:
    case ["port", port]:
        print(ready(int(port)))
    case ["command", *command]:
        print(f"{milliseconds(command):.1f}")
    case ["table", idle, results, versions]:
        table(idle, results, versions)
    case _:
        sys.exit(__doc__)
