// stand-ins.json names our own X25519 so, since x25519.ts has its name.
declare module "polltls/crypto/public-key/x25519-sliced" {
	export { Ladder25519 } from "polltls/crypto/public-key/x25519";
}
