// `npm test`: every check of the project, group by group, and one closing line with the counts.
//
//   npm test                    all groups
//   npm test -- unit house      these groups only
//   npm test -- unit/der        test files whose path holds the text
//   npm run test:xs             the test files that use the XS engine
//   REQUIRE_PEERS=1 npm test    a peer program that isn't installed is a failure, not a skip
//
// A group is a folder of test/ with *.test.ts or *.test.mjs files; typecheck and lint are groups of their own.
// Exit code 0 if all passed, 1 if one failed or none ran, 2 for a name that fits nothing.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const binaries = join(root, "node_modules", ".bin");
const cores = Math.max(1, Math.min(availableParallelism(), 4));
// Cheap ones first, so that a slip shows at once. A folder that isn't named here comes after these.
const order = ["typecheck", "lint", "house", "unit", "vectors", "transcripts", "pair", "memory", "fuzz", "interop", "moddable"];
const commands = {
	typecheck: readdirSync(root)
		.filter((name) => /^tsconfig(\.(engine|moddable))?\.json$/.test(name))
		.map((name) => ({ name: `tsc -p ${name}`, run: [join(binaries, "tsc"), "-p", name] })),
	lint: [{ name: "biome check", run: [join(binaries, "biome"), "check", "--colors=off", "--max-diagnostics=15"] }],
};
// A file that hangs must not hang everything.
const fileTimeout = 420_000;
/** How long a file may take until its first test begins. */
const beginTimeout = 60_000;
/** Seconds of the processor that it takes until there; a file that has worked for longer is at its tests. */
const BEGINNING = 5;

function testFiles(folder) {
	if (!existsSync(folder)) return [];
	return readdirSync(folder, { recursive: true })
		.map((name) => join(folder, String(name)))
		.filter((name) => /\.test\.(ts|mjs)$/.test(name))
		.sort();
}

function findGroups() {
	const folders = readdirSync(join(root, "test"), { withFileTypes: true })
		.filter((entry) => entry.isDirectory())
		.map((entry) => entry.name);
	const names = [...order, ...folders.filter((name) => !order.includes(name)).sort()];
	return names
		.map((name) => ({ name, commands: commands[name] ?? [], files: commands[name] ? [] : testFiles(join(root, "test", name)) }))
		.filter((group) => group.commands.length + group.files.length > 0);
}

function chooseGroups(groups, wanted) {
	// Without the SDK its images are not asked for; `npm run test:moddable` names them, and fails then
	if (wanted.length === 0 && !process.env.MODDABLE) {
		skips.set("MODDABLE isn't set (the Moddable SDK): see npm run test:moddable", 1);
		total.skipped++;
		return groups.filter(({ name }) => name !== "moddable");
	}
	if (wanted.length === 0) return groups;
	for (const name of wanted) {
		if (groups.some((group) => group.name === name || group.files.some((file) => inTest(file).includes(name)))) continue;
		console.error(`npm test: nothing is called ${name}. Groups: ${groups.map((group) => group.name).join(", ")}; or a part of a test file's path.`);
		process.exit(2);
	}
	return groups
		.map((group) => {
			if (wanted.includes(group.name)) return group;
			return { name: group.name, commands: [], files: group.files.filter((file) => wanted.some((name) => inTest(file).includes(name))) };
		})
		.filter((group) => group.commands.length + group.files.length > 0);
}

/** Groups with only those files that run something on the XS engine. */
function onXs(groups) {
	const uses = /support\/xs-suite|hosts\/sim\/|--engine/;
	return groups
		.map((group) => ({ ...group, commands: [], files: group.files.filter((file) => uses.test(readFileSync(file, "utf8"))) }))
		.filter(({ name, files }) => files.length > 0 && name !== "moddable");
}

function inRoot(file) {
	return relative(root, file).split(sep).join("/");
}
function inTest(file) {
	return relative(join(root, "test"), file).split(sep).join("/");
}

const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;
const total = { passed: 0, failed: 0, skipped: 0 };
const skips = new Map();
const failures = [];
const children = new Set();
for (const signal of ["SIGINT", "SIGTERM"])
	process.on(signal, () => {
		for (const end of children) end();
		process.exit(1);
	});

/** What a program has taken of the processor, where the system tells (/proc/PID/stat: fields 14 and 15, in hundredths); else 0. */
function processorSeconds(pid) {
	try {
		const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
		return (Number(fields[11]) + Number(fields[12])) / 100;
	} catch {
		return 0;
	}
}

/**
 * Runs a program to its end: its exit code, what it printed (the end of it), and whether it had to be ended. hasBegun is
 * asked once: if it says no, and the program hasn't worked either, it is ended as stuck.
 */
function runCommand([program, ...args], env = {}, hasBegun = () => true) {
	return new Promise((ended) => {
		// A group of its own, so that what it started ends with it.
		const child = spawn(program, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env }, detached: true });
		let output = "";
		let late = false;
		let stuck = false;
		const keep = (data) => {
			output = (output + data).slice(-20_000);
		};
		const end = () => {
			try {
				process.kill(-child.pid, "SIGKILL");
			} catch {
				// it has ended
			}
		};
		const timer = setTimeout(() => {
			late = true;
			end();
		}, fileTimeout);
		const beginning = setTimeout(() => {
			stuck = !hasBegun() && processorSeconds(child.pid) < BEGINNING;
			if (stuck) end();
		}, beginTimeout);
		children.add(end);
		child.stdout.on("data", keep);
		child.stderr.on("data", keep);
		child.on("error", (error) => ended({ code: -1, output: `${error.message}: run npm install`, late }));
		child.on("close", (code) => {
			clearTimeout(timer);
			clearTimeout(beginning);
			children.delete(end);
			ended({ code, output, late, stuck });
		});
	});
}

async function runCommands(group, count) {
	const waiting = [...group.commands];
	const worker = async () => {
		for (let command = waiting.shift(); command; command = waiting.shift()) {
			const { code, output } = await runCommand(command.run);
			if (code === 0) count.passed++;
			else {
				count.failed++;
				report(group, command.name, output.trim());
			}
		}
	};
	await Promise.all(Array.from({ length: cores }, worker));
}

function report(group, name, reason) {
	failures.push({ group: group.name, name, reason });
	console.log(`  not ok: ${group.name}: ${name}\n${reason.trimEnd().replace(/^/gm, "      ")}`);
}

function take(group, file, row, count) {
	if (row.suite && row.kind === "pass") return;
	if (row.kind === "fail" && row.below) return;
	const name = `${inRoot(file)}: ${row.name}`;
	if (row.todo) {
		count.failed++;
		report(group, name, "a test marked todo: finish it, or take it out");
	} else if (row.skip !== undefined) {
		count.skipped++;
		skips.set(row.skip, (skips.get(row.skip) ?? 0) + 1);
	} else if (row.kind === "pass") count.passed++;
	else {
		count.failed++;
		report(group, name, row.reason ?? "");
	}
}

/** Runs one test file in a process of its own and counts what it tells. */
async function runFile(group, file, count) {
	const events = join(folder, `${group.name}-${inTest(file).replaceAll("/", "-")}.jsonl`);
	writeFileSync(events, "");
	const reporter = join(root, "test", "support", "reporter.mjs");
	const command = [process.execPath, "--import", "tsx", `--test-reporter=${reporter}`, "--test-reporter-destination=stdout", file];
	// What builds images waits for their compiler, and can't tell meanwhile that it has begun
	const hasBegun = () => group.name === "moddable" || statSync(events).size > 0;
	const run = () => runCommand(command, { TEST_EVENTS: events }, hasBegun);
	let outcome = await run();
	// The module loader of Node 20 now and then waits for its own thread for ever, before the file's first test: not a test's fault
	for (let again = 0; outcome.stuck && again < 2; again++) {
		console.log(`  ${inTest(file)} was stuck before its first test: started again`);
		outcome = await run();
	}
	const { code, output, late } = outcome;
	const lines = readFileSync(events, "utf8").split("\n");
	const rows = lines.filter((line) => line !== "").map((line) => JSON.parse(line));
	const begun = new Set();
	const failedBefore = count.failed;
	for (const row of rows) {
		if (row.kind === "begin") begun.add(row.name);
		else {
			begun.delete(row.name);
			take(group, file, row, count);
		}
	}
	const complain = (reason) => {
		count.failed++;
		report(group, inRoot(file), reason);
	};
	if (late)
		complain(
			`it hadn't ended after ${seconds(fileTimeout)}; begun and not ended: ${[...begun].join(", ") || "nothing, so something keeps the process open"}\n${output}`,
		);
	else if (code !== 0 && count.failed === failedBefore) complain(`it ended with exit code ${code}:\n${output}`);
	else if (rows.length === 0) complain("the file holds no test");
	else if (count.failed > failedBefore && output.trim() !== "") console.log(`    what it printed:\n${output.trimEnd().replace(/^/gm, "      ")}`);
}

async function runFiles(group, count) {
	const waiting = [...group.files];
	const running = new Map();
	const started = Date.now();
	const telling = setInterval(() => {
		const names = [...running].map(([file, since]) => `${inTest(file)} (${seconds(Date.now() - since)})`).join(", ");
		const done = group.files.length - waiting.length - running.size;
		console.log(`  ... ${done} of ${group.files.length} files after ${seconds(Date.now() - started)}, now ${names}`);
	}, 15_000);
	const worker = async () => {
		for (let file = waiting.shift(); file; file = waiting.shift()) {
			running.set(file, Date.now());
			await runFile(group, file, count);
			running.delete(file);
		}
	};
	await Promise.all(Array.from({ length: cores }, worker));
	clearInterval(telling);
}

const wanted = process.argv.slice(2);
const xsOnly = wanted[0] === "--xs";
const groups = chooseGroups(xsOnly ? onXs(findGroups()) : findGroups(), xsOnly ? wanted.slice(1) : wanted);
const folder = mkdtempSync(join(tmpdir(), "polltls-test-"));
try {
	for (const group of groups) {
		const count = { passed: 0, failed: 0, skipped: 0 };
		const started = Date.now();
		console.log(`${group.name} (${group.commands.length || group.files.length} ${group.commands.length ? "commands" : "files"})`);
		if (group.commands.length > 0) await runCommands(group, count);
		else await runFiles(group, count);
		const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : "";
		console.log(`  ${group.name}: ${count.passed} passed, ${count.failed} failed${skipped} in ${seconds(Date.now() - started)}`);
		total.passed += count.passed;
		total.failed += count.failed;
		total.skipped += count.skipped;
	}
} finally {
	rmSync(folder, { recursive: true, force: true });
}
if (failures.length > 0) {
	console.log("\nnot ok:");
	for (const { group, name } of failures) console.log(`  ${group}: ${name}`);
}
if (skips.size > 0) {
	console.log("\nskipped:");
	for (const [reason, count] of skips) console.log(`  ${count} x ${reason}`);
}
console.log(`\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
