// node node_osc_host.cjs MODULES APP_PORT: a host that speaks through npm's node-osc.
// Sends each JSON line [address, ...values] from stdin; writes its port, then each message it hears, as JSON lines.
"use strict";
const { createRequire } = require("module");
const readline = require("readline");
const { Client, Server } = createRequire(process.argv[2] + "/")("node-osc");

const tell = (what) => process.stdout.write(JSON.stringify(what) + "\n");
const server = new Server(0, "127.0.0.1", () => tell(server._sock.address().port));
const client = new Client("127.0.0.1", Number(process.argv[3]));
server.on("message", (message) => tell(message));
server.on("error", (error) => tell(["error", String(error)]));
readline.createInterface({ input: process.stdin })
  .on("line", (line) => client.send(...JSON.parse(line)))
  .on("close", () => client.close(() => server.close(() => process.exit(0))));
