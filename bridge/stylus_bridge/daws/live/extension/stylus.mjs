// From a time selection in the arrangement to a stem on a new audio track, unwarped, at the beat where the selection begins.
import { choosePreset, tell } from "./dialogs.mjs";

const COMMAND = "stylus.render";
const ENDED = ["done", "cancelled", "failed"];
const PLACE_BEATS = 1e-6;
const LENGTH_BEATS = 1e-3; // a sample or so

export function register(context, AudioTrack, app, lookEveryMs = 1000) {
  context.commands.registerCommand(COMMAND, (selection) =>
    renderSelection(context, AudioTrack, app, selection, lookEveryMs).catch((problem) => {
      console.error(`Stylus: ${problem.stack || problem}`);
      return tell(context, `Stylus: ${problem.message || problem}`);
    }),
  );
  return context.ui.registerContextMenuAction("AudioTrack.ArrangementSelection", "Stylus: render…", COMMAND);
}

async function renderSelection(context, AudioTrack, app, selection, lookEveryMs) {
  const { time_selection_start: start, time_selection_end: end, selected_lanes: lanes } = selection;
  if (!(end > start)) throw new Error("Select a range of time on an audio track first.");
  const tracks = lanes.map((lane) => context.getObjectFromHandle(lane, AudioTrack));
  const preset = await choosePreset(context, (await app.presets()).filter((listed) => listed.id));
  if (!preset) return;
  for (const track of tracks) {
    const options = { progress: 0 };
    const isDone = await context.ui.withinProgressDialog(`Stylus: ${track.name}`, options, (update, signal) =>
      renderTrack({ context, app, track, start, end, preset, update, signal, lookEveryMs }),
    );
    if (!isDone) return;
  }
}

// Whether the stem stands in the set; false if the user cancelled.
async function renderTrack({ context, app, track, start, end, preset, update, signal, lookEveryMs }) {
  const wav = await context.resources.renderPreFxAudio(track, start, end);
  const queued = await app.render(wav, preset); // copies the file at once: Live may write over it
  const last = await ended(app, queued, update, signal, lookEveryMs);
  if (last.event === "failed") throw new Error(last.message);
  if (last.event === "cancelled") return false;
  await insert(context, last, `${track.name} - ${preset}`, start, end);
  return true;
}

async function ended(app, queued, update, signal, lookEveryMs) {
  let last = queued;
  while (!ENDED.includes(last.event)) {
    if (signal.aborted) return cancelled(app, queued.job);
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    last = await app.status(queued.job);
    if (last.event === "progressed") await update(`Stylus: ${last.stage}`, Math.round(last.fraction * 100));
  }
  return signal.aborted ? { ...last, event: "cancelled" } : last;
}

async function cancelled(app, job) {
  try {
    await app.cancel(job);
  } catch (problem) {
    console.error(`Stylus: ${problem.message}`); // it has ended just now; its stem is not inserted
  }
  return { event: "cancelled", job };
}

// Only the file's copy in the project and a new track of our own; the track goes again if Live bends the stem.
async function insert(context, done, name, start, end) {
  const song = context.application.song;
  const filePath = await context.resources.importIntoProject(done.stem_path);
  const track = await song.createAudioTrack();
  let problem = "";
  try {
    const clip = await track.createAudioClip({ filePath, startTime: start, isWarped: false });
    problem = inexactness(clip, start, end);
    track.name = name;
    clip.name = name;
  } catch (error) {
    problem = error.message || String(error);
  }
  if (problem) {
    await song.deleteTrack(track);
    throw new Error(`Live did not take the stem as it is (${problem}). Drag it in from ${done.stem_path}`);
  }
}

function inexactness(clip, start, end) {
  if (clip.warping) return "it is warped";
  if (Math.abs(clip.startTime - start) > PLACE_BEATS) return `it begins at beat ${clip.startTime}, not ${start}`;
  if (Math.abs(clip.duration - (end - start)) > LENGTH_BEATS) return `it lasts ${clip.duration} beats, not ${end - start}`;
  return "";
}
