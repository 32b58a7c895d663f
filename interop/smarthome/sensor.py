#!/usr/bin/python3
"""A temperature and motion sensor: what a small device does.

It takes its readings from the console, one a line, as if it had measured them:

    21.5        publishes 21.5 to home/ROOM/temperature
    motion      publishes "motion" to home/ROOM/motion

Its status is a retained message, so that whoever subscribes later knows at once whether the sensor
is there: "online" when it connects, "offline" when it says goodbye. If it dies, it cannot say so;
for that it leaves a will with the broker, which publishes "lost" in its place.
"""

import sys

import home


def main():
    parser = home.arguments("A temperature and motion sensor.")
    parser.add_argument("--room", default="kitchen")
    options = parser.parse_args()

    room = f"{options.home}/{options.room}"
    status = f"{room}/sensor/status"

    sensor = home.client(f"sensor-{options.room}-{options.home}")
    # The will must be there before connecting: it travels in the CONNECT packet.
    sensor.will_set(status, "lost", qos=home.AT_LEAST_ONCE, retain=True)

    def on_connect(_client, _userdata, _flags, _reason):
        sensor.publish(status, "online", qos=home.AT_LEAST_ONCE, retain=True)
        home.say(f"{options.room} sensor is online")

    sensor.on_connect = on_connect
    sensor.connect(options.host, options.port, keepalive=15)
    # The network runs in a thread of its own, since this one waits for the console.
    sensor.loop_start()

    for line in sys.stdin:
        reading = line.strip()
        if reading == "motion":
            sent = sensor.publish(f"{room}/motion", reading, qos=home.EXACTLY_ONCE)
        else:
            # Retained: a display that is switched on later has a value to show.
            sent = sensor.publish(
                f"{room}/temperature", reading, qos=home.EXACTLY_ONCE, retain=True
            )
        # Waits until the broker has taken responsibility for it.
        sent.wait_for_publish()
        home.say(f"sent {reading}")

    sensor.publish(status, "offline", qos=home.AT_LEAST_ONCE, retain=True).wait_for_publish()
    sensor.disconnect()
    sensor.loop_stop()


if __name__ == "__main__":
    main()
