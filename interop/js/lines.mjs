// JSON lines: one command a line comes in, one answer goes out for each, and events between them.

import { createInterface } from "node:readline";

export function say(thing) {
  process.stdout.write(JSON.stringify(thing) + "\n");
}

// Calls `obey` with each command; its answer, or what it failed with, carries the command's number.
// Ends with the input, after `farewell`.
export function listen(obey, farewell = () => {}) {
  createInterface({ input: process.stdin })
    .on("line", async (line) => {
      const command = JSON.parse(line);
      try {
        say({ n: command.n, ...(await obey(command)) });
      } catch (error) {
        say({ n: command.n, error: String(error) });
      }
    })
    .on("close", async () => {
      await farewell();
      process.exit(0);
    });
}
