// The polltls command's connections with --engine xs: the stack runs in the XS engine, Node pipes the sockets and the
// application's data. The other half, in XS, is session-program.ts.

import { connect, type Socket } from "node:net";
import type { ConnectionReport } from "polltls/engine/report";
import type { ClientCommand, CommandOptions, ServerCommand } from "../node/command/options.js";
import { failureLine, type HostReport } from "../node/command/report.js";
import { keyLogTo, type Session } from "../node/command/session.js";
import { PipeEnd } from "./pipe.js";
import type { SessionConfig, SessionNote, SessionOrder } from "./session-program.js";
import { Simulator, type SimulatorOptions } from "./simulator.js";

/** How long the tickets of a server may be used. */
const TICKET_SECONDS = 7200;

function entryFor(crypto: "node" | "noble"): SimulatorOptions["entry"] {
	const registry = crypto === "node" ? "./hosts/sim/registry.js" : "./hosts/sim/noble-registry.js";
	return {
		source: `import { commandRegistry } from "${registry}";\nimport { runSessions } from "./hosts/sim/session-program.js";\nrunSessions(commandRegistry());`,
	};
}

/** The XS engine with any number of sessions on it. */
class XsEngine {
	readonly #sessions = new Map<number, XsSession>();
	#simulator: Simulator | undefined;
	#count = 0;
	readonly #trace: boolean;
	readonly #keyLog: ReturnType<typeof keyLogTo> | undefined;
	readonly #began = performance.now();

	private constructor(command: CommandOptions) {
		this.#trace = command.trace;
		this.#keyLog = command.keylog === undefined ? undefined : keyLogTo(command.keylog);
	}

	static async start(command: CommandOptions, server: boolean, tickets: number): Promise<XsEngine> {
		const engine = new XsEngine(command);
		const config: SessionConfig = {
			plain: command.plain,
			server,
			tickets,
			ticketSeconds: TICKET_SECONDS,
			keyLog: command.keylog !== undefined,
			trace: command.trace,
		};
		const simulator = await Simulator.start({
			entry: entryFor(command.crypto),
			config,
			seconds: command.time,
			heapLimit: 0,
			heapWatch: "some",
			background: true,
			onNote: (note) => engine.#take(note as SessionNote),
		});
		simulator.ended.catch((error: Error) => engine.#fail(error));
		engine.#simulator = simulator;
		return engine;
	}

	/** Puts a connection of the stack on a connected socket; session: bytes of one to resume. */
	open(socket: Socket, session?: Uint8Array): XsSession {
		const simulator = this.#running();
		const id = ++this.#count;
		const far = new PipeEnd();
		const near = new XsSession(this, id, far);
		PipeEnd.join(near, far);
		this.#sessions.set(id, near);
		const open = { id, network: simulator.sockets.adopt(socket, true), application: simulator.sockets.adopt(far, true) };
		void this.order({ open: session === undefined ? open : { ...open, session: Buffer.from(session).toString("hex") } });
		return near;
	}

	async order(order: SessionOrder): Promise<void> {
		try {
			await this.#running().tell(order);
		} catch (error) {
			this.#fail(error as Error);
		}
	}

	/** The work of the whole engine and its heap, measured now. */
	async measure(): Promise<Pick<HostReport, "heap" | "compute">> {
		const { slots, chunks, peakBytes, compute } = await this.#running().measure();
		return { heap: { slots, chunks, peakBytes }, compute };
	}

	/** Ends the engine. */
	stop(): void {
		void this.#simulator?.stop();
	}

	#running(): Simulator {
		if (!this.#simulator) throw new Error("the XS engine has not been started");
		return this.#simulator;
	}

	#fail(error: Error): void {
		for (const session of this.#sessions.values()) session.destroy(error);
		this.#sessions.clear();
	}

	#take(note: SessionNote): void {
		if (note.event === "key") this.#keyLog?.(note.label as string, fromHex(note.clientRandom), fromHex(note.secret), (note.secret as string).length / 2);
		else if (note.event === "state") {
			const time = (performance.now() - this.#began).toFixed(1).padStart(8);
			if (this.#trace) process.stderr.write(`${time} ms  poll ${String(note.polls).padStart(5)}  ${note.state}\n`);
		} else this.#sessions.get(note.id)?.hear(note);
		if (note.event === "closed") this.#sessions.delete(note.id);
	}
}

/** One connection. */
export class XsSession extends PipeEnd implements Session {
	/** What the connection can be resumed by. */
	session: Uint8Array | undefined;
	readonly #engine: XsEngine;
	readonly #id: number;
	/** The end that the engine holds. */
	readonly #far: PipeEnd;
	#report: (ConnectionReport & HostReport) | undefined;
	/** The connection is over; until then the stream isn't closed, though both sides may have ended. */
	#over = false;
	#finished: ((error?: Error | null) => void) | undefined;

	constructor(engine: XsEngine, id: number, far: PipeEnd) {
		super();
		this.#engine = engine;
		this.#id = id;
		this.#far = far;
	}

	/** As of the beginning, of the handshake's end, or of the connection's. Throws what ended the engine before it began. */
	report(): ConnectionReport & HostReport {
		if (!this.#report) throw this.errored ?? new Error("the connection hasn't begun");
		return this.#report;
	}

	override _final(done: (error?: Error | null) => void): void {
		if (!this.#far.destroyed) this.#far.push(null);
		if (this.#over) done();
		else this.#finished = done;
	}

	updateKeys(): void {
		void this.#engine.order({ updateKeys: this.#id });
	}

	renegotiate(): void {
		void this.#engine.order({ renegotiate: this.#id });
	}

	beat(): void {
		void this.#engine.order({ beat: this.#id });
	}

	/** By the engine: what the program notes about it. */
	hear(note: SessionNote): void {
		if (note.event === "ended") return void this.#far.end();
		const host: HostReport = {
			longestPollMs: note.longestPollMs ?? 0,
			peerCertificate: note.peerCertificate === undefined ? undefined : fromHex(note.peerCertificate),
		};
		const pskIdentity = note.pskIdentity === undefined ? undefined : fromHex(note.pskIdentity);
		const certificateSubject = fromHex(note.certificateSubject ?? "");
		const report = { ...(note.report as unknown as ConnectionReport), pskIdentity, certificateSubject, ...host };
		this.#report = report;
		if (note.session !== undefined) this.session = fromHex(note.session);
		if (note.event === "begun") return;
		if (note.event === "secure") this.emit("secure");
		else void this.#finish(report, note.cause);
	}

	/** The connection is over: the last figures are taken, then the stream ends. */
	async #finish(report: ConnectionReport & HostReport, cause: string | undefined): Promise<void> {
		try {
			this.#report = { ...report, ...(await this.#engine.measure()) };
		} catch {
			// the engine has ended meanwhile: what is known must do
		}
		this.#over = true;
		this.#finished?.();
		this.#far.end();
		if (report.failure !== 0) this.destroy(new Error(cause === undefined ? failureLine(report) : `${failureLine(report)}: ${cause}`));
		else this.end();
	}
}

function fromHex(text: string | undefined): Uint8Array {
	return Buffer.from(text ?? "", "hex");
}

/** Connects and begins the handshake; rejects if there is nobody there. session: bytes of one to resume. */
export async function openXsClient(command: ClientCommand, session?: Uint8Array): Promise<XsSession> {
	const engine = await XsEngine.start(command, false, 0);
	const socket = connect({ host: command.host, port: command.port, noDelay: true, allowHalfOpen: true });
	try {
		await new Promise<void>((resolve, reject) => {
			socket.once("connect", resolve);
			socket.once("error", reject);
		});
	} catch (error) {
		engine.stop();
		throw error;
	}
	const opened = engine.open(socket, session);
	opened.once("close", () => engine.stop());
	return opened;
}

/** Makes the server's side of each accepted socket. */
export async function xsServerSessions(command: ServerCommand): Promise<(socket: Socket) => XsSession> {
	const engine = await XsEngine.start(command, true, command.tickets);
	return (socket) => engine.open(socket);
}
