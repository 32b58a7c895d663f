"""What the three programs of the smart home have in common: how they reach the broker."""

import argparse
import logging
import signal
import sys
import time

import paho.mqtt.client as mqtt

AT_LEAST_ONCE = 1
EXACTLY_ONCE = 2


def arguments(description):
    """The options that every program of the home has."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--host", default="127.0.0.1", help="where the broker is")
    parser.add_argument("--port", type=int, default=1883, help="the broker's port")
    parser.add_argument("--home", default="home", help="the first level of all topics")
    return parser


def client(client_id, clean_session=True):
    """A client that says on the console what happens to its connection.

    With clean_session=False the broker keeps its subscriptions and queues its messages while it
    is away.
    """
    logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(message)s")
    connection = mqtt.Client(
        client_id=client_id, clean_session=clean_session, protocol=mqtt.MQTTv311
    )
    connection.on_disconnect = lambda _client, _userdata, reason: say(
        "gone" if reason == 0 else f"connection lost ({reason}), trying again"
    )
    return connection


def say(line):
    logging.info("%s", line)


def run(connection, options):
    """Connects, and works until Ctrl-C. A broker that is not there yet is waited for."""
    # Whoever stops a service sends SIGTERM: the same as Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    while True:
        try:
            connection.connect(options.host, options.port, keepalive=15)
            break
        except OSError as error:
            say(f"no broker at {options.host}:{options.port} ({error}), trying again")
            time.sleep(1)
    try:
        connection.loop_forever()
    except KeyboardInterrupt:
        connection.disconnect()
