// UTCTime and GeneralizedTime (RFC 5280 4.1.2.5) to and from seconds since 1970-01-01 UTC, without Date: XS freezes
// Date at build time where modules are preloaded, and a certificate's times are plain arithmetic.

import { openDer, peekDer } from "../base/der.js";
import type { Reader } from "../base/reader.js";
import type { Writer } from "../base/writer.js";
import { DER_GENERALIZED_TIME, DER_UTC_TIME } from "./der-values.js";

/** 9999-12-31T23:59:59Z: a certificate without a well-defined end (RFC 5280 4.1.2.5). */
export const NO_EXPIRATION = 253402300799;
const SECONDS_OF_2050 = 2524608000;

/** Days from 1970-01-01 to the first of March of a year, in the proleptic Gregorian calendar. */
function daysToMarch(year: number): number {
	return 365 * (year - 1970) + Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400) - 477 + 59;
}

/** Seconds since 1970 of a date that was checked. month is 1 to 12. */
export function secondsOf(year: number, month: number, day: number, hour: number, minute: number, second: number): number {
	// years that begin in March end with the leap day, and the months before it follow (153 m + 2) / 5
	const shifted = month > 2 ? month - 3 : month + 9;
	const days = daysToMarch(month > 2 ? year : year - 1) + Math.floor((153 * shifted + 2) / 5) + day - 1;
	return ((days * 24 + hour) * 60 + minute) * 60 + second;
}

function daysOfMonth(year: number, month: number): number {
	if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
	return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Two decimal digits, or an error. */
function takeDigits(reader: Reader): number {
	const at = reader.take(2);
	const tens = reader.failed ? 0 : reader.bytes[at] - 48;
	const ones = reader.failed ? 0 : reader.bytes[at + 1] - 48;
	if (tens < 0 || tens > 9 || ones < 0 || ones > 9) reader.failed = true;
	return tens * 10 + ones;
}

/**
 * Reads a Time: YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ, no fractions, no zones, no leap second. Answers seconds since
 * 1970, which may be negative.
 */
export function takeTime(reader: Reader): number {
	const tag = peekDer(reader);
	return tag === DER_GENERALIZED_TIME ? takeGeneralizedTime(reader) : takeClock(reader, openDer(reader, DER_UTC_TIME), false);
}

/** Reads a GeneralizedTime, as OCSP uses it. */
export function takeGeneralizedTime(reader: Reader): number {
	return takeClock(reader, openDer(reader, DER_GENERALIZED_TIME), true);
}

function takeClock(reader: Reader, mark: number, century: boolean): number {
	let year = takeDigits(reader);
	if (century) year = year * 100 + takeDigits(reader);
	else year += year < 50 ? 2000 : 1900;
	const month = takeDigits(reader);
	const day = takeDigits(reader);
	const hour = takeDigits(reader);
	const minute = takeDigits(reader);
	const second = takeDigits(reader);
	if (reader.u8() !== 0x5a) reader.failed = true; // "Z"
	reader.close(mark);
	if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) reader.failed = true;
	else if (day > daysOfMonth(year, month)) reader.failed = true;
	return reader.failed ? 0 : secondsOf(year, month, day, hour, minute, second);
}

/** Fields of a moment: year, month (1 to 12), day, hour, minute, second, written into fields. */
export function splitSeconds(seconds: number, fields: number[]): void {
	let rest = Math.floor(seconds / 86400);
	const clock = seconds - rest * 86400;
	rest += 719468; // days since 0000-03-01
	const era = Math.floor(rest / 146097);
	const dayOfEra = rest - era * 146097;
	const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365);
	const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
	const shifted = Math.floor((5 * dayOfYear + 2) / 153);
	const month = shifted < 10 ? shifted + 3 : shifted - 9;
	fields[0] = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
	fields[1] = month;
	fields[2] = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1;
	fields[3] = Math.floor(clock / 3600);
	fields[4] = Math.floor((clock % 3600) / 60);
	fields[5] = clock % 60;
}

function writeDigits(writer: Writer, value: number): void {
	writer.u8(48 + Math.floor(value / 10));
	writer.u8(48 + (value % 10));
}

/** Writes a Time: UTCTime through 2049, GeneralizedTime from 2050 on, as RFC 5280 4.1.2.5 wants it. Years 1950 to 9999. */
export function writeTime(writer: Writer, seconds: number): void {
	if (seconds < SECONDS_OF_2050) writeClock(writer, seconds, false);
	else writeGeneralizedTime(writer, seconds);
}

export function writeGeneralizedTime(writer: Writer, seconds: number): void {
	writeClock(writer, seconds, true);
}

function writeClock(writer: Writer, seconds: number, century: boolean): void {
	const fields: number[] = [];
	splitSeconds(seconds, fields);
	writer.u8(century ? DER_GENERALIZED_TIME : DER_UTC_TIME);
	writer.u8(century ? 15 : 13);
	if (century) writeDigits(writer, Math.floor(fields[0] / 100));
	writeDigits(writer, fields[0] % 100);
	for (let i = 1; i < 6; i++) writeDigits(writer, fields[i]);
	writer.u8(0x5a);
}
