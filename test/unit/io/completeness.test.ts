// The conformance suites see each call of docs/interfaces.md answer each code that stands in its row, and no other.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import * as status from "polltls/base/status";
import * as notifications from "polltls/io/notifications";
import { projectRoot } from "../../../hosts/sim/bundle.js";
import { recordCalls } from "../../support/recorded-calls.js";

const seen = recordCalls();
const suites = ["module", "native", "tls-socket", "tls-wrapper", "dtls-socket"];

/** Codes of what a peer or the network does to a connection: in a row these are "the failure". */
const failures = ["HS_ERR", "VERIFY_ERR", "CERTIFICATE_ERR", "IO_ERR", "ENCRYPTION_MODULE_ERR"];

/** Which class a receiver is, by the heading of its table. */
const receivers: Record<string, Record<string, string>> = {
	"Module management": { stack: "Stack" },
	"Native TCP": { tcp: "NativeTcp", connection: "NativeConnection over TCP" },
	"Native UDP": { udp: "NativeUdp", connection: "NativeConnection over UDP" },
	"TLS sockets": { socket: "TlsSocket" },
	"DTLS sockets": { socket: "DtlsSocket", connection: "DtlsConnection" },
};

interface Row {
	/** "TlsSocket.send" */
	call: string;
	codes: Set<string>;
	/** Whether any failure of a connection may come. */
	fails: boolean;
}

function codeNames(): Map<string, number> {
	const page = readFileSync(join(projectRoot, "docs", "interfaces.md"), "utf8");
	const names = page.slice(page.indexOf("## Codes")).match(/\b[A-Z_]{2,}\b/g) ?? [];
	return new Map(names.filter((name) => name in status).map((name) => [name, (status as unknown as Record<string, number>)[name]]));
}

/** Rows of calls; "the same" is what stands above, "as for TCP" and "as for TLS" what that call has there. */
function rowsOf(page: string, known: ReadonlyMap<string, number>): Row[] {
	const rows: Row[] = [];
	const byMethod = new Map<string, Row>();
	for (const section of page.split(/^## /m)) {
		const classes = receivers[Object.keys(receivers).find((title) => section.startsWith(title)) ?? ""];
		if (classes === undefined) continue;
		let above: Row | undefined;
		for (const line of section.split("\n")) {
			const [, , ours, answers] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
			for (const [, receiver, method] of (ours ?? "").matchAll(/`(\w+)\.(\w+)(?:\(.*?\))?`/g)) {
				const named = (answers.match(/\b[A-Z][A-Z_]+\b/g) ?? []).filter((name) => known.has(name) || /^(CLOSED|HANDSHAKE|OPERATING)$/.test(name));
				if (classes[receiver] === undefined || (named.length === 0 && !/same|as /.test(answers))) continue;
				const like = answers.startsWith("the same")
					? above
					: /^as /.test(answers)
						? byMethod.get(/^as (?:\w+\.)(\w+)/.exec(answers)?.[1] ?? method)
						: undefined;
				if (/same|^as /.test(answers)) assert.ok(like, `${method}: ${answers}`);
				const row = {
					call: `${classes[receiver]}.${method}`,
					codes: new Set([...named, ...(like?.codes ?? [])]),
					fails: /fail/.test(answers) || (like?.fails ?? false),
				};
				rows.push(row);
				above = row;
				byMethod.set(method, row);
			}
		}
	}
	return rows;
}

test("each call answers each of its codes in the suites, and no other", async (t) => {
	const known = codeNames();
	const rows = rowsOf(readFileSync(join(projectRoot, "docs", "interfaces.md"), "utf8"), known);
	assert.ok(rows.length >= 45, `${rows.length} rows were found`);
	for (const suite of suites) {
		const { cases } = (await import(pathToFileURL(join(projectRoot, "test", "suite", "io", `${suite}.ts`)).href)) as { cases: Record<string, () => void> };
		for (const name of Object.keys(cases)) cases[name]();
	}
	const nameOf = (code: number): string => [...known].find(([, value]) => value === code)?.[0] ?? `${code}`;
	for (const { call, codes, fails } of rows)
		await t.test(call, () => {
			const answered = seen.get(call) ?? new Set<number>();
			if (call.endsWith(".state")) {
				for (const name of codes) assert.ok(answered.has((status as unknown as Record<string, number>)[name]), `${name} was never seen`);
				return;
			}
			const names = new Set([...answered].map(nameOf));
			const missing = [...codes].filter((name) => !names.has(name));
			// Where there are threads every call may answer WAIT, which the page says once
			const other = [...names].filter((name) => !codes.has(name) && name !== "WAIT" && !(fails && failures.includes(name)));
			assert.deepEqual({ missing, other }, { missing: [], other: [] });
			if (fails)
				assert.ok(
					failures.some((name) => names.has(name)),
					"no failure was seen",
				);
		});
});

test("numbers of codes and notifications are those of the page", () => {
	const page = readFileSync(join(projectRoot, "docs", "interfaces.md"), "utf8");
	const bits = page.slice(page.indexOf("## Notifications"), page.indexOf("## Codes"));
	const told = [...bits.matchAll(/^\| [^|]+ \| (0x[0-9a-f]+) \| (\w+) \|/gim)];
	assert.equal(told.length, Object.keys(notifications).length);
	for (const [, number, name] of told) assert.equal((notifications as Record<string, number>)[name], Number(number), name);
	const codes = page.slice(page.indexOf("## Codes"), page.indexOf("## Porting"));
	let rows = 0;
	for (const [, names, numbers] of codes.matchAll(/^\| ([A-Z_, ]+) \| ([0-9, ]+) \|/gm)) {
		const each = numbers.split(", ");
		names.split(", ").forEach((name, index) => {
			assert.equal((status as unknown as Record<string, number>)[name], Number(each[index]), name);
			rows++;
		});
	}
	assert.equal(rows, 24);
});

test("codes that no call answers, as the page says, are answered by none; every other one is", () => {
	const page = readFileSync(join(projectRoot, "docs", "interfaces.md"), "utf8");
	const codes = page.slice(page.indexOf("## Codes"), page.indexOf("## Porting"));
	const all = new Set([...seen].flatMap(([call, answered]) => (/\.(state|read|write)$/.test(call) ? [] : [...answered])));
	for (const [, names, meaning] of codes.matchAll(/^\| ([A-Z_, ]+) \| [0-9, ]+ \| (.*) \|$/gm)) {
		const unused = /no call here|of the original's/.test(meaning);
		for (const name of names.split(", ")) assert.equal(all.has((status as unknown as Record<string, number>)[name]), !unused, `${name}: ${meaning}`);
	}
});
