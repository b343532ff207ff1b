// node extension_lab.mjs EXTENSION_FOLDER SCENARIO: runs the extension under a strict fake of Live's Extensions SDK 1.0.
// Unknown names, wrong arguments and handles that nobody gave are fatal. Writes what happens as JSON lines.
import { copyFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, scenarioText] = process.argv.slice(2);
const scenario = JSON.parse(scenarioText);
const tell = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);

function fatal(text) {
  tell({ fatal: text });
  process.exit(1);
}

// An object of which only `members` may be read and only `settable` ones written.
function strict(name, members, settable = []) {
  return new Proxy(members, {
    get(target, key) {
      if (typeof key === "symbol" || key === "then" || key === "toJSON") return undefined;
      if (!(key in target)) fatal(`the SDK has no ${name}.${key}`);
      return target[key];
    },
    set(target, key, value) {
      if (!settable.includes(key)) fatal(`${name}.${String(key)} cannot be set`);
      target[key] = value;
      return true;
    },
  });
}

function checked(name, types, body) {
  return (...values) => {
    if (values.length !== types.length) fatal(`${name} takes ${types.length} arguments, not ${values.length}`);
    types.forEach((type, i) => typeof values[i] === type || fatal(`${name}: argument ${i + 1} is not a ${type}`));
    return body(...values);
  };
}

class AudioTrack {}
const tracks = [];

function makeTrack(name) {
  const track = strict("AudioTrack", { name, clips: [], createAudioClip: checked("createAudioClip", ["object"], createClip) }, ["name"]);
  tracks.push(track);
  return track;

  async function createClip(args) {
    const { filePath, startTime, isWarped, ...others } = args;
    if (Object.keys(others).length) fatal(`createAudioClip takes no ${Object.keys(others)}`);
    if (!filePath.endsWith("imported.wav")) fatal("the clip's file was not imported into the project");
    if (scenario.misbehaves === "throws") throw new Error("the disk is full");
    const duration = scenario.end - scenario.start + (scenario.misbehaves === "stretches" ? 0.5 : 0);
    const warping = scenario.misbehaves === "warps" ? true : isWarped;
    const clip = strict("AudioClip", { name: "", startTime, duration, warping }, ["name"]);
    track.clips.push(clip);
    return clip;
  }
}

const user = makeTrack("Keys");
const handle = { id: 7n };
const commands = {};
const actions = [];
let commandOf = null;

const song = strict("Song", {
  createAudioTrack: checked("createAudioTrack", [], async () => makeTrack("Audio")),
  deleteTrack: checked("deleteTrack", ["object"], async (track) => {
    if (track === user) fatal("the extension deleted a track of the user's");
    tracks.splice(tracks.indexOf(track), 1);
  }),
});

const ui = strict("Ui", {
  registerContextMenuAction: checked("registerContextMenuAction", ["string", "string", "string"], async (scope, title, id) => {
    if (scope !== "AudioTrack.ArrangementSelection") fatal(`unknown scope ${scope}`);
    actions.push(title);
    commandOf = id;
    return async () => {};
  }),
  showModalDialog: checked("showModalDialog", ["string", "number", "number"], async (url) => {
    const html = decodeURIComponent(url.slice("data:text/html;charset=utf-8,".length));
    if (!html.includes("close_and_send")) fatal("the dialog cannot be closed");
    if (!html.includes("<select")) {
      tell({ told: html.replace(/<script>.*<\/script>|<style>.*<\/style>|<title>.*<\/title>/g, "").replace(/<[^>]*>/g, " ").trim() });
      return "";
    }
    tell({ offered: [...html.matchAll(/<option value="([^"]*)">/g)].map((match) => match[1]) });
    return scenario.preset;
  }),
  withinProgressDialog: checked("withinProgressDialog", ["string", "object", "function"], async (text, options, callback) => {
    const abort = new AbortController();
    const update = checked("update", ["string", "number"], async (words, percent) => {
      tell({ progress: percent, words });
      if (scenario.aborts) abort.abort();
    });
    return callback(update, abort.signal);
  }),
});

const context = strict("context", {
  application: strict("Application", { song }),
  commands: strict("Commands", {
    registerCommand: checked("registerCommand", ["string", "function"], (id, callback) => { commands[id] = callback; }),
  }),
  resources: strict("Resources", {
    renderPreFxAudio: checked("renderPreFxAudio", ["object", "number", "number"], async (track, start, end) => {
      if (track !== user) fatal("another track than the selected one was rendered");
      tell({ rendered: [start, end] });
      return scenario.wav;
    }),
    importIntoProject: checked("importIntoProject", ["string"], async (path) => {
      copyFileSync(path, `${scenario.project}/imported.wav`);
      return `${scenario.project}/imported.wav`;
    }),
  }),
  ui,
  getObjectFromHandle: checked("getObjectFromHandle", ["object", "function"], (given, type) => {
    if (given !== handle || type !== AudioTrack) fatal("a handle that Live has not given, or of another type");
    return user;
  }),
});

globalThis.liveLab = {
  AudioTrack,
  initialize: checked("initialize", ["object", "string"], (activation, version) => {
    if (version !== "1.0.0") fatal(`unknown API version ${version}`);
    return context;
  }),
};
globalThis.STYLUS_COMMAND = scenario.command;
process.on("unhandledRejection", (problem) => fatal(`nobody has caught: ${problem.stack}`));

const { activate } = await import(pathToFileURL(`${folder}/extension.mjs`).href);
await activate({ hostApiVersion: "1.0.0" });
tell({ actions });
const selection = { time_selection_start: scenario.start, time_selection_end: scenario.end, selected_lanes: [handle] };
await commands[commandOf](selection);
const seen = tracks.map(({ name, clips }) => ({ name, clips: clips.map((clip) => ({ ...clip })) }));
tell({ tracks: seen });
