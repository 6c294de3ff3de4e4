// Failures and alerts as text for people: a row's name in base/failure is its text. For programs on a desktop
// (the command, the simulator's report, tests); no device links it, and nothing in modules/ imports it.

import * as alerts from "./alert.js";
import * as failures from "./failure.js";

function nameIn(table: object, wanted: number): string | undefined {
	for (const [name, value] of Object.entries(table)) if (value === wanted) return name;
	return undefined;
}

/** The failure's name: "SIGNATURE_WRONG", "NO_FAILURE" for 0, "failure 123456" for a number that is no row of the table. */
export function failureName(failure: number): string {
	return nameIn(failures, failure) ?? `failure ${failure}`;
}

/** The alert's name in RFC spelling: "decrypt_error", "no_alert", "alert 99" for a number that no RFC names. */
export function alertName(alert: number): string {
	return nameIn(alerts, alert) ?? `alert ${alert}`;
}
