#!/usr/bin/python3
"""The app on a phone: shows what happens at home, also what happened while it was away.

Its session is persistent: the client id is always the same and clean_session is False. The broker
remembers its subscriptions and queues what arrives for it, so that after a ride through a tunnel
the app catches up, in order, and with QoS 2 without a repetition.

Every message becomes one line: TOPIC PAYLOAD.
"""

import home


def main():
    parser = home.arguments("Shows what happens at home.")
    parser.add_argument("--id", default="phone", help="the name of this phone")
    options = parser.parse_args()

    phone = home.client(f"{options.id}-{options.home}", clean_session=False)

    def on_connect(_client, _userdata, flags, _reason):
        if flags["session present"]:
            home.say("phone is back; the broker has kept its session")
            return
        # Only the first time: the subscriptions are part of the session.
        phone.subscribe(
            [
                (f"{options.home}/+/+/set", home.EXACTLY_ONCE),
                (f"{options.home}/+/sensor/status", home.AT_LEAST_ONCE),
            ]
        )

    def on_message(_client, _userdata, message):
        home.say(f"{message.topic} {message.payload.decode()}")

    phone.on_connect = on_connect
    phone.on_subscribe = lambda *_: home.say("phone is subscribed")
    phone.on_message = on_message
    home.run(phone, options)


if __name__ == "__main__":
    main()
