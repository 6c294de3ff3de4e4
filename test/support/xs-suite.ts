// Runs a portable suite (test/suite/*.ts, which exports `cases`) on the XS engine and on Node.
//
//     // test/unit/base/reader.test.ts
//     import { testSuite } from "../../support/xs-suite.js";
//     testSuite("reader", "test/suite/reader.ts");

import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { bundleForXs, projectRoot } from "../../hosts/sim/bundle.js";
import { Services } from "../../hosts/sim/services.js";
import { EngineEnded, XsWorker } from "../../hosts/sim/worker.js";

export interface CaseResult {
	name: string;
	/** What the case threw, with its stack; absent if it passed. */
	error?: string;
	/** The engine's count of its work. */
	compute: number;
	milliseconds: number;
}

export interface SuiteOptions {
	/** Set as globals before the suite is loaded (JSON values): what a suite on XS can't read from a file. */
	globals?: Record<string, unknown>;
	/** Ends a case that takes longer; 60 s if absent. */
	timeoutMs?: number;
	onPrint?: (line: string) => void;
}

type Cases = Record<string, () => void>;

const utf8 = new TextEncoder();

/** Runs every case of a suite (a path from the project's root) on XS, in order, in one machine. */
export async function runSuiteOnXs(entry: string, options: SuiteOptions = {}): Promise<CaseResult[]> {
	const source = await bundleForXs({
		source: `import { cases } from "./${entry}";
			const text = (bytes: ArrayBuffer) => new TextDecoder().decode(bytes);
			const bytes = (text: string) => new TextEncoder().encode(text).buffer;
			globalThis.handleCommand = (name: ArrayBuffer) => {
				if (name.byteLength === 0) return bytes(JSON.stringify(Object.keys(cases)));
				try { cases[text(name)](); } catch (e: any) { return bytes(String(e) + (e?.stack ? "\\n" + e.stack : "")); }
				return new ArrayBuffer(0);
			};`,
	});
	const services = new Services(); // for hosts/sim/crypto-host and entropy
	const start = (): Promise<XsWorker> => XsWorker.start({ onCommand: (request) => services.answer(request), onPrint: options.onPrint });
	let worker = await start();
	const load = async (): Promise<void> => {
		await worker.evaluate(`Object.assign(globalThis, ${JSON.stringify(options.globals ?? {})}); undefined`);
		await worker.evaluate(source);
	};
	const results: CaseResult[] = [];
	try {
		await load();
		const names: string[] = JSON.parse((await worker.command(new Uint8Array(0))).reply.toString());
		if (names.length === 0) throw new Error(`${entry} has no cases`);
		for (const name of names) {
			let late = "";
			const limit = options.timeoutMs ?? 60000;
			const timeout = setTimeout(() => {
				late = `no end after ${limit} ms; `;
				void worker.kill();
			}, limit);
			const began = performance.now();
			try {
				const { reply, meter } = await worker.command(utf8.encode(name));
				const error = reply.toString();
				results.push({ name, ...(error && { error }), compute: meter.compute, milliseconds: performance.now() - began });
			} catch (error) {
				results.push({ name, error: late + String(error), compute: 0, milliseconds: performance.now() - began });
				if (!(error instanceof EngineEnded)) continue;
				worker = await start();
				await load();
			} finally {
				clearTimeout(timeout);
			}
		}
	} finally {
		await worker.close();
	}
	return results;
}

/** Declares a test for the suite on Node and one on XS; each case is a subtest of both. */
export function testSuite(title: string, entry: string, options: SuiteOptions = {}): void {
	test(`${title} on Node`, async (t) => {
		Object.assign(globalThis, options.globals);
		const { cases } = (await import(pathToFileURL(`${projectRoot}/${entry}`).href)) as { cases: Cases };
		for (const name of Object.keys(cases)) await t.test(name, cases[name]);
	});
	test(`${title} on XS`, async (t) => {
		for (const { name, error, compute } of await runSuiteOnXs(entry, { onPrint: (line) => t.diagnostic(line), ...options }))
			await t.test(name, (t) => {
				t.diagnostic(`compute ${compute}`);
				if (error !== undefined) throw new Error(error);
			});
	});
}
