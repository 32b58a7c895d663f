#!/usr/bin/python3
"""The brain of the home: listens to every sensor and switches AC, heater and lights.

The rules:

    warmer than 26 degrees              AC on, heater off
    colder than 18 degrees              heater on, AC off
    between 20 and 24 degrees           both off
    motion while it is dark             light on
    the sun rises                       all lights off

Whether it is dark it learns from a time message: home/time carries "sunset" or "sunrise", retained.

Commands go to home/ROOM/DEVICE/set with QoS 2: a command that comes twice could undo what a person
has switched by hand in between.
"""

import home

TOO_WARM = 26
TOO_COLD = 18
COMFORTABLE_FROM, COMFORTABLE_TO = 20, 24


class Automation:
    def __init__(self, options):
        self.home = options.home
        self.dark = False
        self.lit_rooms = set()
        # A session that is kept: what the sensors say while this program restarts is not lost.
        self.client = home.client(f"automation-{options.home}", clean_session=False)
        self.client.on_connect = self.on_connect
        self.client.on_subscribe = lambda *_: home.say("automation is ready")
        # A callback for each kind of message, instead of one that looks at the topic.
        self.client.message_callback_add(f"{self.home}/+/temperature", self.on_temperature)
        self.client.message_callback_add(f"{self.home}/+/motion", self.on_motion)
        self.client.message_callback_add(f"{self.home}/time", self.on_time)

    def on_connect(self, _client, _userdata, flags, _reason):
        # Every time: the retained message says at once whether it is dark now.
        filters = [(f"{self.home}/time", home.AT_LEAST_ONCE)]
        if not flags["session present"]:
            # Only the first time: the subscriptions are part of the session. To subscribe again
            # would bring every retained temperature once more, and the rules would undo what a
            # person has switched since.
            filters += [
                (f"{self.home}/+/temperature", home.EXACTLY_ONCE),
                (f"{self.home}/+/motion", home.EXACTLY_ONCE),
            ]
        self.client.subscribe(filters)

    def on_temperature(self, _client, _userdata, message):
        room = self.room_of(message.topic)
        try:
            degrees = float(message.payload)
        except ValueError:
            home.say(f"{room}: {message.payload!r} is no temperature")
            return
        if degrees > TOO_WARM:
            self.command(room, "ac", "on")
            self.command(room, "heater", "off")
        elif degrees < TOO_COLD:
            self.command(room, "heater", "on")
            self.command(room, "ac", "off")
        elif COMFORTABLE_FROM <= degrees <= COMFORTABLE_TO:
            self.command(room, "ac", "off")
            self.command(room, "heater", "off")

    def on_motion(self, _client, _userdata, message):
        room = self.room_of(message.topic)
        if self.dark:
            self.lit_rooms.add(room)
            self.command(room, "light", "on")
        else:
            home.say(f"{room}: motion by day")

    def on_time(self, _client, _userdata, message):
        self.dark = message.payload == b"sunset"
        home.say("it is dark" if self.dark else "it is day")
        if not self.dark:
            for room in sorted(self.lit_rooms):
                self.command(room, "light", "off")
            self.lit_rooms.clear()

    def command(self, room, device, state):
        # Inside a callback nobody may wait for the broker: the network runs in this very thread.
        self.client.publish(f"{self.home}/{room}/{device}/set", state, qos=home.EXACTLY_ONCE)
        home.say(f"{room}: {device} {state}")

    def room_of(self, topic):
        return topic.removeprefix(f"{self.home}/").split("/")[0]


def main():
    options = home.arguments("Switches AC, heater and lights.").parse_args()
    home.run(Automation(options).client, options)


if __name__ == "__main__":
    main()
