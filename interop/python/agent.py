#!/usr/bin/python3
"""Python paho on a leash: reads one JSON command a line, answers with one JSON line.

The integration tests start this program and tell it what to do, so that the same scenario runs
with every client library. One process can hold several clients; each has a name.

A command is {"n": 1, "do": "connect", "client": "a", ...}; its answer has the same "n" and either
results or an "error". What happens by itself is an event: {"client": "a", "event": "message", ...}
or {"client": "a", "event": "closed", ...}. Bytes travel as text of the same code points (Latin-1).
"""

import json
import queue
import sys
import threading

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

VERSIONS = {"3.1": mqtt.MQTTv31, "3.1.1": mqtt.MQTTv311, "5": mqtt.MQTTv5}
PATIENCE = 30
write_lock = threading.Lock()


def say(thing):
    with write_lock:
        sys.stdout.write(json.dumps(thing) + "\n")
        sys.stdout.flush()


def bytes_of(text):
    return text.encode("latin-1")


def message_properties(packet, given):
    """The properties of a message as paho wants them, from their JSON form."""
    properties = Properties(packet)
    if "user" in given:
        properties.UserProperty = [(pair["name"], pair["value"]) for pair in given["user"]]
    if "contentType" in given:
        properties.ContentType = given["contentType"]
    if "responseTopic" in given:
        properties.ResponseTopic = given["responseTopic"]
    if "correlation" in given:
        properties.CorrelationData = bytes_of(given["correlation"])
    if "expiry" in given:
        properties.MessageExpiryInterval = given["expiry"]
    if "payloadFormat" in given:
        properties.PayloadFormatIndicator = given["payloadFormat"]
    if "topicAlias" in given:
        properties.TopicAlias = given["topicAlias"]
    return properties


def message_as_json(message):
    result = {
        "topic": message.topic,
        "payload": message.payload.decode("latin-1"),
        "qos": message.qos,
        "retain": bool(message.retain),
    }
    given = getattr(message, "properties", None)
    if given is None:
        return result
    properties = {}
    names = {
        "ContentType": "contentType",
        "ResponseTopic": "responseTopic",
        "MessageExpiryInterval": "expiry",
        "PayloadFormatIndicator": "payloadFormat",
    }
    for theirs, ours in names.items():
        if hasattr(given, theirs):
            properties[ours] = getattr(given, theirs)
    if hasattr(given, "CorrelationData"):
        properties["correlation"] = given.CorrelationData.decode("latin-1")
    if hasattr(given, "UserProperty"):
        properties["user"] = [{"name": n, "value": v} for n, v in given.UserProperty]
    if hasattr(given, "SubscriptionIdentifier"):
        ids = given.SubscriptionIdentifier
        properties["subscriptionIds"] = ids if isinstance(ids, list) else [ids]
    result["properties"] = properties
    return result


def number_of(reason):
    """A reason code as a number: paho has plain numbers for 3.x and objects for 5.0."""
    return reason if isinstance(reason, int) else reason.value


class Client:
    """One paho client. Every method waits for the broker's answer and returns it."""

    def __init__(self, name, version):
        self.name = name
        self.version = VERSIONS[version]
        self.answers = {}
        self.new_answer = threading.Condition()
        self.connected = queue.Queue()
        self.topics = {}
        self.paho = None

    @property
    def is_five(self):
        return self.version == mqtt.MQTTv5

    def connect(self, port, login):
        clean = {} if self.is_five else {"clean_session": login["clean"]}
        self.paho = mqtt.Client(
            client_id=login["clientId"],
            protocol=self.version,
            reconnect_on_failure=False,
            **clean,
        )
        self.paho.max_queued_messages_set(0)
        self.paho.on_connect = self.on_connect
        self.paho.on_disconnect = self.on_disconnect
        self.paho.on_message = self.on_message
        self.paho.on_publish = lambda _c, _u, mid: self.answer(("publish", mid), 0)
        self.paho.on_subscribe = lambda _c, _u, mid, codes, *_: self.answer(("subscribe", mid), codes)
        self.paho.on_unsubscribe = self.on_unsubscribe
        self.set_will(login)
        options = {}
        if self.is_five:
            options = {"clean_start": login["clean"], "properties": self.connect_properties(login)}
        self.paho.connect("127.0.0.1", port, keepalive=login["keepAlive"], **options)
        self.paho.loop_start()
        return self.connected.get(timeout=PATIENCE)

    def connect_properties(self, login):
        properties = Properties(PacketTypes.CONNECT)
        names = {
            "sessionExpiry": "SessionExpiryInterval",
            "receiveMaximum": "ReceiveMaximum",
            "topicAliasMaximum": "TopicAliasMaximum",
            "maximumPacketSize": "MaximumPacketSize",
        }
        for ours, theirs in names.items():
            if ours in login:
                setattr(properties, theirs, login[ours])
        return properties

    def set_will(self, login):
        will = login.get("will")
        if will is None:
            return
        options = {}
        if self.is_five:
            properties = message_properties(PacketTypes.WILLMESSAGE, will["properties"])
            if "willDelay" in login:
                properties.WillDelayInterval = login["willDelay"]
            options = {"properties": properties}
        self.paho.will_set(
            will["topic"], bytes_of(will["payload"]), will["qos"], will["retain"], **options
        )

    def subscribe(self, subscription):
        if self.is_five:
            options = SubscribeOptions(
                qos=subscription["qos"],
                noLocal=subscription["noLocal"],
                retainAsPublished=subscription["retainAsPublished"],
                retainHandling=subscription["retainHandling"],
            )
            properties = Properties(PacketTypes.SUBSCRIBE)
            if "id" in subscription:
                properties.SubscriptionIdentifier = subscription["id"]
            _, mid = self.paho.subscribe(
                subscription["filter"], options=options, properties=properties
            )
        else:
            _, mid = self.paho.subscribe(subscription["filter"], subscription["qos"])
        return {"reason": number_of(self.await_answer(("subscribe", mid))[0])}

    def unsubscribe(self, topic_filter):
        _, mid = self.paho.unsubscribe(topic_filter)
        return {"reason": self.await_answer(("unsubscribe", mid))}

    def publish(self, message):
        options = {}
        if self.is_five:
            options["properties"] = message_properties(PacketTypes.PUBLISH, message["properties"])
        sent = self.paho.publish(
            message["topic"],
            bytes_of(message["payload"]),
            message["qos"],
            message["retain"],
            **options,
        )
        self.await_answer(("publish", sent.mid))
        # paho 1.6 does not hand out the reason code of an acknowledgement.
        return {}

    def flood(self, topic, qos, count):
        last = None
        for i in range(count):
            last = self.paho.publish(topic, str(i), qos)
        self.await_answer(("publish", last.mid))
        return {}

    def disconnect(self):
        self.paho.disconnect()
        self.paho.loop_stop()
        return {}

    def on_connect(self, _client, _userdata, flags, reason, properties=None):
        self.connected.put(
            {
                "sessionPresent": bool(flags["session present"]),
                "reason": number_of(reason),
                "clientId": getattr(properties, "AssignedClientIdentifier", ""),
            }
        )

    def on_disconnect(self, _client, _userdata, reason, *_):
        say({"client": self.name, "event": "closed", "reason": number_of(reason)})

    def on_message(self, _client, _userdata, message):
        result = message_as_json(message)
        # paho 1.6 leaves the aliases that the broker uses to the application.
        alias = getattr(getattr(message, "properties", None), "TopicAlias", None)
        if alias is not None:
            if message.topic:
                self.topics[alias] = message.topic
            result["topic"] = self.topics[alias]
        say({"client": self.name, "event": "message", "message": result})

    def on_unsubscribe(self, _client, _userdata, mid, *rest):
        codes = rest[1] if len(rest) > 1 else 0
        if isinstance(codes, list):
            codes = codes[0]
        self.answer(("unsubscribe", mid), number_of(codes))

    def answer(self, key, value):
        with self.new_answer:
            self.answers[key] = value
            self.new_answer.notify_all()

    def await_answer(self, key):
        with self.new_answer:
            if not self.new_answer.wait_for(lambda: key in self.answers, PATIENCE):
                raise TimeoutError(f"no answer to {key[0]} within {PATIENCE} s")
            return self.answers.pop(key)


def obey(clients, command):
    name = command["client"]
    action = command["do"]
    if action == "connect":
        clients[name] = Client(name, command["version"])
        return clients[name].connect(command["port"], command["login"])
    client = clients[name]
    if action == "subscribe":
        return client.subscribe(command["subscription"])
    if action == "unsubscribe":
        return client.unsubscribe(command["filter"])
    if action == "publish":
        return client.publish(command["message"])
    if action == "flood":
        return client.flood(command["topic"], command["qos"], command["count"])
    if action == "disconnect":
        return client.disconnect()
    raise ValueError(f"unknown command {action}")


def run(clients, command):
    try:
        say({"n": command["n"], **obey(clients, command)})
    except Exception as error:  # whatever it is, the test must read it
        say({"n": command["n"], "error": f"{type(error).__name__}: {error}"})


def main():
    clients = {}
    for line in sys.stdin:
        # A thread each: two clients may wait for one another.
        threading.Thread(target=run, args=(clients, json.loads(line)), daemon=True).start()


if __name__ == "__main__":
    main()
