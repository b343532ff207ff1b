// The app, through `stylus-daw send`: Live's host lets an extension run programs, but not read the app's folder.
import { execFile } from "node:child_process";

// What `send` says, as objects; its complaint is thrown as an Error.
function ask(command, words) {
  const [program, ...before] = command;
  return new Promise((resolve, reject) => {
    execFile(program, [...before, "send", "--json", ...words], { encoding: "utf8" }, (error, output) => {
      const told = output.split(/\r?\n/).filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
      const complaint = told.find((event) => event.code && !event.event);
      if (complaint) reject(new Error(complaint.message));
      else if (told.length === 0) reject(new Error(`stylus-daw does not work: ${error ? error.message : "it says nothing"}`));
      else resolve(told);
    });
  });
}

export function appAt(command) {
  return {
    presets: () => ask(command, ["presets"]),
    render: async (wav, preset) => (await ask(command, ["render", wav, "--preset", preset])).at(-1),
    status: async (job) => (await ask(command, ["status", job])).at(-1),
    cancel: async (job) => (await ask(command, ["cancel", job])).at(-1),
  };
}
