// An MQTT.js client that does what it is told, in Node and in a page alike.
//
// The commands, answers and events are those of ../python/agent.py.

import mqtt from "mqtt";

const LEVELS = { 3.1: 3, "3.1.1": 4, 5: 5 };
const WINDOW = 20;

const bytesOf = (text) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const textOf = (bytes) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");

// MQTT.js keeps user properties by name: values of one name stay in order among themselves.
function userProperties(pairs) {
  const byName = {};
  for (const { name, value } of pairs) {
    byName[name] = byName[name] === undefined ? value : [byName[name], value].flat();
  }
  return byName;
}

function propertiesToSend(given) {
  const properties = {};
  if (given.user) properties.userProperties = userProperties(given.user);
  if (given.contentType !== undefined) properties.contentType = given.contentType;
  if (given.responseTopic !== undefined) properties.responseTopic = given.responseTopic;
  if (given.correlation !== undefined) properties.correlationData = bytesOf(given.correlation);
  if (given.expiry !== undefined) properties.messageExpiryInterval = given.expiry;
  if (given.payloadFormat !== undefined) properties.payloadFormatIndicator = given.payloadFormat === 1;
  if (given.topicAlias !== undefined) properties.topicAlias = given.topicAlias;
  return properties;
}

function propertiesAsJson(given) {
  const properties = {};
  if (given.userProperties) {
    properties.user = Object.entries(given.userProperties).flatMap(([name, values]) =>
      [values].flat().map((value) => ({ name, value })),
    );
  }
  if (given.contentType !== undefined) properties.contentType = given.contentType;
  if (given.responseTopic !== undefined) properties.responseTopic = given.responseTopic;
  if (given.correlationData) properties.correlation = textOf(given.correlationData);
  if (given.messageExpiryInterval !== undefined) properties.expiry = given.messageExpiryInterval;
  if (given.payloadFormatIndicator !== undefined) {
    properties.payloadFormat = given.payloadFormatIndicator ? 1 : 0;
  }
  if (given.subscriptionIdentifier !== undefined) {
    properties.subscriptionIds = [given.subscriptionIdentifier].flat();
  }
  return properties;
}

class Client {
  constructor(name, version, say) {
    this.name = name;
    this.say = say;
    this.level = LEVELS[version];
  }

  get isFive() {
    return this.level === 5;
  }

  connect(url, ca, login) {
    const options = {
      ...(ca && { ca }),
      protocolVersion: this.level,
      protocolId: this.level === 3 ? "MQIsdp" : "MQTT",
      clientId: login.clientId,
      clean: login.clean,
      keepalive: login.keepAlive,
      reschedulePings: false,
      reconnectPeriod: 0,
      resubscribe: false,
    };
    if (this.isFive) options.properties = this.connectProperties(login);
    if (login.will) options.will = this.will(login);
    return new Promise((resolve, reject) => {
      this.mqtt = mqtt.connect(url, options);
      this.mqtt.on("connect", (ack) =>
        resolve({
          sessionPresent: ack.sessionPresent,
          reason: ack.reasonCode ?? ack.returnCode ?? 0,
          clientId: ack.properties?.assignedClientIdentifier ?? "",
        }),
      );
      this.mqtt.on("error", (error) =>
        typeof error.code === "number"
          ? resolve({ sessionPresent: false, reason: error.code, clientId: "" })
          : reject(error),
      );
      // What the library does not hand to the callback of a publish.
      this.mqtt.on("packetreceive", ({ cmd, reasonCode }) => {
        if (cmd === "puback" || cmd === "pubrec") this.acknowledged = reasonCode;
      });
      this.mqtt.on("disconnect", (packet) => (this.reason = packet.reasonCode));
      this.mqtt.on("close", () => {
        // Of no effect on who was accepted.
        reject(new Error("the connection was closed before it was accepted"));
        this.say({ client: this.name, event: "closed", reason: this.reason ?? 0 });
      });
      this.mqtt.on("message", (topic, payload, packet) => this.arrived(topic, payload, packet));
    });
  }

  connectProperties(login) {
    const properties = {};
    if (login.sessionExpiry !== undefined) properties.sessionExpiryInterval = login.sessionExpiry;
    if (login.receiveMaximum !== undefined) properties.receiveMaximum = login.receiveMaximum;
    if (login.topicAliasMaximum !== undefined) properties.topicAliasMaximum = login.topicAliasMaximum;
    if (login.maximumPacketSize !== undefined) properties.maximumPacketSize = login.maximumPacketSize;
    return properties;
  }

  will({ will, willDelay }) {
    const { topic, payload, qos, retain } = will;
    const result = { topic, payload: bytesOf(payload), qos, retain };
    if (this.isFive) {
      result.properties = propertiesToSend(will.properties);
      if (willDelay !== undefined) result.properties.willDelayInterval = willDelay;
    }
    return result;
  }

  arrived(topic, payload, packet) {
    const { qos, retain } = packet;
    const message = { topic, payload: textOf(payload), qos, retain };
    if (packet.properties) message.properties = propertiesAsJson(packet.properties);
    this.say({ client: this.name, event: "message", message });
  }

  subscribe({ filter, qos, noLocal, retainAsPublished, retainHandling, id }) {
    const options = { qos };
    if (this.isFive) {
      options.nl = noLocal;
      options.rap = retainAsPublished;
      options.rh = retainHandling;
      if (id !== undefined) options.properties = { subscriptionIdentifier: id };
    }
    return new Promise((resolve, reject) => {
      this.mqtt.subscribe(filter, options, (error, _granted, packet) => {
        const reason = packet?.granted?.[0];
        if (error && reason === undefined) reject(error);
        else resolve({ reason });
      });
    });
  }

  unsubscribe(filter) {
    return new Promise((resolve, reject) => {
      this.mqtt.unsubscribe(filter, (error, packet) => {
        // In 5.0 a reason code other than 0 comes as an error; the packet has it all the same.
        const reason = packet?.granted?.[0] ?? error?.code ?? 0;
        if (error && typeof reason !== "number") reject(error);
        else resolve({ reason });
      });
    });
  }

  publish(message) {
    const { topic, payload, qos, retain, properties } = message;
    const options = { qos, retain };
    if (this.isFive) options.properties = propertiesToSend(properties);
    return new Promise((resolve, reject) => {
      this.mqtt.publish(topic, bytesOf(payload), options, (error) => {
        if (error && typeof error.code !== "number") reject(error);
        else resolve({ reason: qos === 0 ? 0 : (this.acknowledged ?? 0) });
      });
    });
  }

  // As many as the window holds are under way at a time; their order stays.
  flood(topic, qos, count) {
    return new Promise((resolve, reject) => {
      let sent = 0;
      let done = 0;
      const next = () => {
        if (sent === count) return;
        this.mqtt.publish(topic, String(sent++), { qos }, (error) => {
          if (error && typeof error.code !== "number") reject(error);
          else if (++done === count) resolve({});
          else next();
        });
      };
      for (let i = 0; i < WINDOW; i++) next();
    });
  }

  disconnect() {
    return new Promise((resolve) => this.mqtt.end(false, {}, () => resolve({})));
  }
}

// What obeys: a function of a command, whose events go to `say`.
export function servant(say) {
  const clients = new Map();
  return (command) => {
    if (command.do === "connect") {
      const client = new Client(command.client, command.version, say);
      clients.set(command.client, client);
      const url = command.url ?? `mqtt://127.0.0.1:${command.port}`;
      return client.connect(url, command.ca, command.login);
    }
    const client = clients.get(command.client);
    switch (command.do) {
      case "subscribe":
        return client.subscribe(command.subscription);
      case "unsubscribe":
        return client.unsubscribe(command.filter);
      case "publish":
        return client.publish(command.message);
      case "flood":
        return client.flood(command.topic, command.qos, command.count);
      case "disconnect":
        return client.disconnect();
      default:
        throw new Error(`unknown command ${command.do}`);
    }
  };
}
