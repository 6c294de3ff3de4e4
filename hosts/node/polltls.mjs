#!/usr/bin/env node
// The polltls command: see command/main.ts.
import { runTypeScript } from "../run-typescript.mjs";

await runTypeScript("hosts/node/command/main.ts");
