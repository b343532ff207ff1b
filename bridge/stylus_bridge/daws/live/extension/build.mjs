// npm run build: everything in one file, as Live's host wants it. The command of the app is written into it, because Live
// does not know the PATH of your shell; STYLUS_COMMAND (JSON, as in ["/path/to/stylus-daw"]) names another.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { build } from "esbuild";

function found() {
  const lookUp = process.platform === "win32" ? "where" : "which";
  return [execFileSync(lookUp, ["stylus-daw"], { encoding: "utf8" }).split(/\r?\n/)[0]];
}

const command = process.env.STYLUS_COMMAND ? JSON.parse(process.env.STYLUS_COMMAND) : found();
await build({
  entryPoints: ["extension.mjs"],
  outfile: JSON.parse(readFileSync("manifest.json", "utf8")).entry,
  bundle: true,
  format: "cjs",
  platform: "node",
  define: { STYLUS_COMMAND: JSON.stringify(command) },
});
