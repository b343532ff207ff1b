// node bitwig_lab.js SCRIPT: runs a controller script under a strict fake of Bitwig's API, with a real UDP port.
// Reads commands as JSON lines, writes what the script does as JSON lines. Unknown names and wrong types are fatal.
"use strict";
const dgram = require("dgram");
const fs = require("fs");
const readline = require("readline");
const vm = require("vm");

function tell(event) { process.stdout.write(JSON.stringify(event) + "\n"); }

function fatal(text) {
  tell({ fatal: text });
  process.exit(1);
}

// Only what a type declares may be read; arguments are checked against their declared types.
function strict(name, methods) {
  return new Proxy({}, {
    get(_, key) {
      if (typeof key === "symbol") return undefined;
      if (!(key in methods)) fatal(`Bitwig has no ${name}.${key}`);
      const [types, body] = methods[key];
      return (...values) => {
        if (values.length !== types.length) fatal(`${name}.${key} takes ${types.length} arguments, not ${values.length}`);
        types.forEach((type, i) => { if (typeof values[i] !== type) fatal(`${name}.${key}: argument ${i + 1} is not a ${type}`); });
        return body(...values);
      };
    },
    set(_, key) { return fatal(`${name}.${key} cannot be set`); },
  });
}

let isInit = false;
function onlyInInit(what) { if (!isInit) fatal(`${what} can only be called during init`); }

class Value {
  constructor(name, value) {
    let isMarked = false;
    this.value = value;
    this.api = strict(name, {
      markInterested: [[], () => { onlyInInit(`${name}.markInterested`); isMarked = true; }],
      get: [[], () => { if (!isMarked) fatal(`${name} was not marked in init`); return this.value; }],
    });
  }
}

class Slot {
  constructor(index) {
    this.index = index;
    this.exists = new Value("Slot.exists", index < 4);
    this.hasContent = new Value("Slot.hasContent", false);
    this.isSelected = new Value("Slot.isSelected", false);
    this.takes = true;
    const point = strict("InsertionPoint", { insertFile: [["string"], (path) => this.insert(path)] });
    this.api = strict("ClipLauncherSlot", {
      exists: [[], () => this.exists.api],
      hasContent: [[], () => this.hasContent.api],
      isSelected: [[], () => this.isSelected.api],
      replaceInsertionPoint: [[], () => point],
    });
  }
  insert(path) {
    if (this.hasContent.value) fatal("the script replaced a clip of the user's");
    tell({ inserted: path, slot: this.index });
    this.hasContent.value = this.takes;
  }
}

const slots = Array.from({ length: 64 }, (_, i) => new Slot(i));
const track = { exists: new Value("Track.exists", true), name: new Value("Track.name", "Keys"), type: new Value("Track.trackType", "Audio") };
const automatic = new Value("insert at once", false);
const methods = {};
let press = null;

const bank = strict("ClipLauncherSlotBank", { getItemAt: [["number"], (i) => slots[i].api] });
const cursor = strict("CursorTrack", {
  exists: [[], () => track.exists.api],
  name: [[], () => track.name.api],
  trackType: [[], () => track.type.api],
  clipLauncherSlotBank: [[], () => bank],
});
const space = strict("OscAddressSpace", {
  setName: [["string"], () => {}],
  registerMethod: [["string", "string", "string", "function"], (address, types, text, callback) => {
    onlyInInit("registerMethod");
    methods[address] = callback;
  }],
  registerDefaultMethod: [["function"], (callback) => { methods["*"] = callback; }],
});
const osc = strict("OscModule", {
  createAddressSpace: [[], () => space],
  createUdpServer: [["number", "object"], (port) => { onlyInInit("createUdpServer"); open(port); }],
});
const api = strict("ControllerHost", {
  setShouldFailOnDeprecatedUse: [["boolean"], () => {}],
  defineController: [["string", "string", "string", "string", "string"], (vendor, name, version, id) => {
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) fatal("the id is not a UUID");
  }],
  defineMidiPorts: [["number", "number"], () => {}],
  createCursorTrack: [["string", "string", "number", "number", "boolean"], () => { onlyInInit("createCursorTrack"); return cursor; }],
  getPreferences: [[], () => strict("Preferences", {
    getBooleanSetting: [["string", "string", "boolean"], () => { onlyInInit("getBooleanSetting"); return automatic.api; }],
  })],
  getDocumentState: [[], () => strict("DocumentState", {
    getSignalSetting: [["string", "string", "string"], () => {
      onlyInInit("getSignalSetting");
      return strict("Signal", { addSignalObserver: [["function"], (callback) => { press = callback; }] });
    }],
  })],
  getOscModule: [[], () => osc],
  showPopupNotification: [["string"], (text) => tell({ popup: text })],
  println: [["string"], () => {}],
  errorln: [["string"], (text) => tell({ error: text })],
  scheduleTask: [["function", "number"], (callback, ms) => { if (ms < 100) fatal("too soon"); setTimeout(callback, 50); }],
});

function message(values, types) {
  const typed = (want) => (i) => types[i] === want ? values[i] : fatal(`argument ${i} is ${types[i]}, not ${want}`);
  return strict("OscMessage", { getString: [["number"], typed("s")], getInt: [["number"], typed("i")], getFloat: [["number"], typed("f")] });
}

function decode(packet) {
  let at = 0;
  const text = () => {
    const end = packet.indexOf(0, at);
    const found = packet.toString("utf8", at, end);
    at = (Math.floor(end / 4) + 1) * 4;
    return found;
  };
  const address = text();
  const types = text().slice(1);
  const values = Array.from(types, (type) => {
    if (type === "s") return text();
    at += 4;
    return type === "i" ? packet.readInt32BE(at - 4) : packet.readFloatBE(at - 4);
  });
  return { address, types, values };
}

function open(port) {
  const socket = dgram.createSocket("udp4");
  socket.on("message", (packet) => {
    const { address, types, values } = decode(packet);
    const callback = methods[address] || methods["*"];
    callback(strict("OscConnection", {}), message(values, types));
  });
  socket.bind(0, "127.0.0.1", () => tell({ listens: socket.address().port, wanted: port }));
}

const context = vm.createContext({ host: api, loadAPI: (version) => { if (typeof version !== "number") fatal("loadAPI takes a number"); } });
vm.runInContext(fs.readFileSync(process.argv[2], "utf8"), context, { filename: process.argv[2] });
isInit = true;
context.init();
isInit = false;

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const command = JSON.parse(line);
  if (command.press) press();
  if ("automatic" in command) automatic.value = command.automatic;
  if ("type" in command) track.type.value = command.type;
  if ("slot" in command) {
    const slot = slots[command.slot];
    for (const key of ["hasContent", "isSelected", "exists"]) if (key in command) slot[key].value = command[key];
    if ("takes" in command) slot.takes = command.takes;
  }
  tell({ ok: true });
}).on("close", () => { context.exit(); process.exit(0); });
