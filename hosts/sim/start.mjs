// `npm start`: see start.ts.
import { runTypeScript } from "../run-typescript.mjs";

await runTypeScript("hosts/sim/start.ts");
