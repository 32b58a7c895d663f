// MQTT.js on a leash, on Node: reads one JSON command a line, answers with one JSON line.
//
// The integration tests start this program and tell it what to do, so that the same scenario runs
// with every client library.

import { readFileSync } from "node:fs";
import { servant } from "./client.mjs";
import { listen, say } from "./lines.mjs";

const obey = servant(say);

listen((command) => obey(command.ca ? { ...command, ca: readFileSync(command.ca) } : command));
