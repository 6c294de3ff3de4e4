// The two points of the Montgomery ladder of Curve25519 (RFC 7748 5), which ladder-steps.ts climbs with. For x25519.ts.

/** The ladder's numbers: not negative (but for once in 2^200) and below 2^256. */
export class LadderPoints {
	/** u of the point that is multiplied. */
	u1 = 0n;
	/** x / z of the point that was doubled last, and of the other one. */
	x2 = 0n;
	z2 = 0n;
	x3 = 0n;
	z3 = 0n;
}
