// Application data on the XS engine of npm @agoric/xsnap, without the cipher, which is the host's here.

import { median } from "./suite/median.js";
import type { Setup } from "./suite/party.js";
import type { RecordFigures } from "./suite/records.js";
import { MEASURE, RECEIVE, SEND, SETUP } from "./suite/xs-commands.js";
import { type Meters, XsMachine } from "./xs-machine.js";

export interface XsRecordFigures extends RecordFigures {
	/** The engine's units of work for a record, and its garbage in slots. */
	sending: Meters;
	receiving: Meters;
}

const RECORDS = 9;

/** length: bytes of a record. */
export async function benchRecordsOnXs(setup: Setup, length: number): Promise<XsRecordFigures> {
	const machine = await XsMachine.start("test/bench/suite/xs-records.ts");
	try {
		await machine.command(SETUP, Buffer.from(JSON.stringify({ setup, length })));
		const times = JSON.parse((await machine.command(MEASURE)).reply.toString()) as RecordFigures;
		await machine.settle();
		const sending: Meters[] = [];
		const receiving: Meters[] = [];
		for (let i = 0; i < RECORDS; i++) {
			sending.push((await machine.measure(SEND)).meters);
			receiving.push((await machine.measure(RECEIVE)).meters);
		}
		return { ...times, sending: usual(sending), receiving: usual(receiving) };
	} finally {
		await machine.close();
	}
}

function usual(all: readonly Meters[]): Meters {
	return { compute: median(all.map(({ compute }) => compute)), slots: median(all.map(({ slots }) => slots)) };
}
