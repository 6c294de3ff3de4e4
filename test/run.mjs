// `npm test`: every check of the project, group by group, and one closing line with the counts.
//
//   npm test                    all groups
//   npm test -- unit house      these groups only
//   npm test -- unit/der        test files whose path holds the text
//   REQUIRE_PEERS=1 npm test    a peer program that isn't installed is a failure, not a skip
//
// A group is a folder of test/ with *.test.ts or *.test.mjs files; typecheck and lint are groups of their own.
// Exit code 0 if all passed, 1 if one failed or none ran, 2 for a name that fits nothing.

import { spawn } from "node:child_process";
import { closeSync, existsSync, fstatSync, mkdtempSync, openSync, readdirSync, readSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const binaries = join(root, "node_modules", ".bin");
const cores = Math.max(1, Math.min(availableParallelism(), 4));
// Cheap ones first, so that a slip shows at once. A folder that isn't named here comes after these.
const order = ["typecheck", "lint", "house", "unit", "vectors", "transcripts", "pair", "xs", "memory", "fuzz", "interop", "moddable"];
const commands = {
	typecheck: readdirSync(root)
		.filter((name) => /^tsconfig(\.(engine|moddable))?\.json$/.test(name))
		.map((name) => ({ name: `tsc -p ${name}`, run: [join(binaries, "tsc"), "-p", name] })),
	lint: [{ name: "biome check", run: [join(binaries, "biome"), "check", "--colors=off", "--max-diagnostics=50"] }],
};
// A test that hangs must not hang everything.
const testTimeout = 600_000;

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

function inTest(file) {
	return relative(join(root, "test"), file).split(sep).join("/");
}

const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;
const total = { passed: 0, failed: 0, skipped: 0 };
const skips = new Map();
const failures = [];

/** Runs a program to its end: its exit code and what it printed. */
function runCommand([program, ...args]) {
	return new Promise((ended) => {
		const child = spawn(program, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
		let output = "";
		child.stdout.on("data", (data) => (output += data));
		child.stderr.on("data", (data) => (output += data));
		child.on("error", (error) => ended({ code: -1, output: `${error.message}: run npm install` }));
		child.on("close", (code) => ended({ code, output }));
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
	console.log(`  not ok: ${group.name}: ${name}\n${reason.replace(/^/gm, "      ")}`);
}

/** Reads what the reporter has written since the last call. */
class EventReader {
	#fd;
	#at = 0;
	#rest = "";
	constructor(file) {
		writeFileSync(file, "");
		this.#fd = openSync(file, "r");
	}
	rows() {
		const size = fstatSync(this.#fd).size;
		if (size === this.#at) return [];
		const bytes = Buffer.alloc(size - this.#at);
		const length = readSync(this.#fd, bytes, 0, bytes.length, this.#at);
		// latin1 keeps a character that was cut in two until the rest of it is there
		const lines = (this.#rest + bytes.toString("latin1", 0, length)).split("\n");
		this.#at += length;
		this.#rest = lines.pop();
		return lines.map((line) => JSON.parse(Buffer.from(line, "latin1").toString()));
	}
	close() {
		closeSync(this.#fd);
	}
}

function take(group, row, count) {
	if (row.kind === "note") return;
	if (row.suite && row.kind === "pass") return;
	if (row.kind === "fail" && row.below) return;
	const whole = row.file !== undefined && resolve(root, row.name) === row.file;
	const name = !row.file ? row.name : whole ? relative(root, row.file) : `${relative(root, row.file)}: ${row.name}`;
	if (row.todo) {
		count.failed++;
		report(group, name, "a test marked todo: finish it, or take it out");
	} else if (row.skip !== undefined) {
		count.skipped++;
		skips.set(row.skip, (skips.get(row.skip) ?? 0) + 1);
	} else if (row.kind === "pass" && whole) {
		count.failed++;
		report(group, name, "the file holds no test");
	} else if (row.kind === "pass") count.passed++;
	else {
		count.failed++;
		report(group, name, whole ? "the file ended before its tests could tell: see what it printed" : (row.reason ?? ""));
	}
}

function runFiles(group, count, folder) {
	return new Promise((ended) => {
		const file = join(folder, `${group.name}.jsonl`);
		const events = new EventReader(file);
		const reporter = join(root, "test", "support", "reporter.mjs");
		const options = ["--import", "tsx", "--test", `--test-concurrency=${cores}`, `--test-timeout=${testTimeout}`, `--test-reporter=${reporter}`];
		const started = Date.now();
		const child = spawn(process.execPath, [...options, "--test-reporter-destination=stdout", ...group.files], {
			cwd: root,
			stdio: ["ignore", "pipe", "pipe"],
			env: { ...process.env, TEST_EVENTS: file },
		});
		let output = "";
		const keep = (data) => {
			output = (output + data).slice(-20_000);
		};
		child.stdout.on("data", keep);
		child.stderr.on("data", keep);
		const read = () => {
			for (const row of events.rows()) take(group, row, count);
		};
		const reading = setInterval(read, 200);
		const telling = setInterval(() => {
			console.log(`  ... ${group.name}: ${count.passed + count.failed + count.skipped} done after ${seconds(Date.now() - started)}`);
		}, 20_000);
		child.on("close", (code) => {
			clearInterval(reading);
			clearInterval(telling);
			read();
			events.close();
			if (code !== 0 && count.failed === 0) {
				count.failed++;
				report(group, "the test runner", `ended with exit code ${code} and no failed test:\n${output}`);
			} else if (count.failed > 0 && output.trim() !== "") {
				console.log(`  what ${group.name} printed:\n${output.trimEnd().replace(/^/gm, "      ")}`);
			}
			ended();
		});
	});
}

const groups = chooseGroups(findGroups(), process.argv.slice(2));
const folder = mkdtempSync(join(tmpdir(), "polltls-test-"));
try {
	for (const group of groups) {
		const count = { passed: 0, failed: 0, skipped: 0 };
		const started = Date.now();
		console.log(`${group.name} (${group.commands.length || group.files.length} ${group.commands.length ? "commands" : "files"})`);
		if (group.commands.length > 0) await runCommands(group, count);
		else await runFiles(group, count, folder);
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
