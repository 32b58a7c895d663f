// MQTT.js in pages of a headless Chromium: the leash of agent.mjs, held by a browser.
//
//   node browser.mjs CHROMIUM FOLDER [URL]
//
// Each client has a tab of its own, which opens when it connects and is gone when it disconnects.
// FOLDER is the home of the browser and holds what certificates it trusts and has, in
// .pki/nssdb; with URL, the one that it has is given to that server without asking anybody.
// Four commands are for the browser itself: `origin` tells the origin of the pages, `visit` opens
// an address in a tab and closes it again, `extensions` tells what a browser and the server at an
// address agree on for a WebSocket, and `picture` writes a tab to a PNG file. `vanish` closes a tab
// as somebody does who has seen enough.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { listen, say } from "./lines.mjs";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const FILES = {
  "/": ["page.html", "text/html"],
  "/client.mjs": ["client.mjs", "text/javascript"],
  "/mqtt.js": ["node_modules/mqtt/dist/mqtt.esm.js", "text/javascript"],
};

const [executablePath, home, certificateFor] = process.argv.slice(2);
const tabs = new Map();

function serve(request, response) {
  const found = FILES[request.url];
  if (!found) return response.writeHead(404).end();
  const [name, type] = found;
  response.writeHead(200, { "content-type": type });
  response.end(readFileSync(new URL(name, import.meta.url)));
}

// What the policy AutoSelectCertificateForUrls does, where only the administrator may set one.
function giveCertificateTo(url, profile) {
  const exceptions = { auto_select_certificate: { [`${url},*`]: { setting: { filters: [{}] } } } };
  const preferences = { profile: { content_settings: { exceptions } } };
  mkdirSync(join(profile, "Default"), { recursive: true });
  writeFileSync(join(profile, "Default", "Preferences"), JSON.stringify(preferences));
}

function launch() {
  const profile = join(home, "profile");
  if (certificateFor) giveCertificateTo(certificateFor, profile);
  return chromium.launchPersistentContext(profile, {
    executablePath,
    args: FLAGS,
    env: { ...process.env, HOME: home },
  });
}

async function open(client) {
  const tab = await browser.newPage();
  await tab.exposeFunction("say", (events) => events.forEach(say));
  await tab.goto(origin);
  await tab.waitForFunction(() => window.obey !== undefined);
  tabs.set(client, tab);
  return tab;
}

async function close(client) {
  await tabs.get(client)?.close();
  tabs.delete(client);
  return {};
}

async function visit(url) {
  const tab = await browser.newPage();
  try {
    await tab.goto(url);
    return { shown: true };
  } catch (error) {
    // A page that is not there was asked for all the same.
    return { shown: String(error).includes("ERR_HTTP_RESPONSE_CODE_FAILURE") };
  } finally {
    await tab.close();
  }
}

async function extensions(url) {
  const tab = await browser.newPage();
  try {
    await tab.goto(origin);
    const agreed = await tab.evaluate((to) => new Promise((resolve, reject) => {
      const socket = new WebSocket(to, "mqtt");
      socket.onopen = () => resolve(socket.extensions);
      socket.onerror = () => reject(new Error("no WebSocket"));
    }), url);
    return { agreed };
  } finally {
    await tab.close();
  }
}

async function obey(command) {
  switch (command.do) {
    case "origin":
      return { origin };
    case "visit":
      return visit(command.url);
    case "extensions":
      return extensions(command.url);
    case "vanish":
      return close(command.client);
    case "picture":
      await tabs.get(command.client).screenshot({ path: command.file });
      return {};
  }
  if (command.do === "disconnect" && !tabs.has(command.client)) return {};
  const tab = tabs.get(command.client) ?? (await open(command.client));
  const answer = await tab.evaluate((it) => window.obey(it), command);
  if (command.do === "disconnect") await close(command.client);
  return answer;
}

const pages = createServer(serve);
await new Promise((listening) => pages.listen(0, "127.0.0.1", listening));
const origin = `http://127.0.0.1:${pages.address().port}`;
const browser = await launch();
listen(obey, () => browser.close());
