// Bindings of test-native.c: what a test in a Moddable image needs of its machine.
// biome-ignore-all lint/complexity/noThisInStatic: native() is a construct of the SDK's compiler, which wants just this form

/** The natives of test-native.c. */
export class TestNative {
	/** Ends the image's process with this code. */
	static exit(code: number): void {
		return native("xs_test_exit").call(this, code);
	}
	/** An environment variable of the process, or undefined. */
	static environment(name: string): string | undefined {
		return native("xs_test_environment").call(this, name);
	}
	/** Microseconds of a clock that never goes back. */
	static microseconds(): number {
		return native("xs_test_microseconds").call(this);
	}
}
