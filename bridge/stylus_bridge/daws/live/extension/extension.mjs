// What Live loads. Experimental: written from the SDK's public documentation, never run in Live.
import { AudioTrack, initialize } from "@ableton-extensions/sdk";
import { appAt } from "./app.mjs";
import { register } from "./stylus.mjs";

/* global STYLUS_COMMAND */
export function activate(activation) {
  const context = initialize(activation, "1.0.0");
  return register(context, AudioTrack, appAt(STYLUS_COMMAND));
}
