// The rules that hold for code in modules/, each a function from a source to its complaints. For code.test.ts.

import { at, isFunction, type Node, nameOf, type Source, walk } from "./sources.js";

/** Floors that run after a connection is open or on bytes from a peer: no closures, nothing thrown. The config is read before. */
const protocolFloors = /^modules\/(base|wire|record|messages|handshake|engine)\/(?!config)/;
const silentFloors = /^modules\/(wire|record|messages|handshake)\//;

/** Calls that may stand at module level: they only make a literal constant. */
const harmlessCalls = /^(Object\.freeze|BigInt|Symbol)$/;

function textOf(source: Source, node: Node): string {
	return source.code.slice(node.start, node.end);
}

/** const table: Readonly<Uint8Array> = new Uint8Array([1, 2, 3]), or an empty array: XS can keep it in flash, and TypeScript keeps it from being written. */
function isReadOnlyTable(node: Node, parents: Node[]): boolean {
	const declarator = parents.at(-1);
	if (declarator?.type !== "VariableDeclarator" || !/^(Ui|I)nt(8|16|32)Array$/.test(nameOf(node.callee))) return false;
	const values = (node.arguments as Node[])[0];
	if (values?.value === 0) return true;
	if (values?.type !== "ArrayExpression" || !(values.elements as Node[]).every((each) => each.type === "NumericLiteral")) return false;
	const annotation = ((declarator.id as Node).typeAnnotation as Node | undefined)?.typeAnnotation as Node | undefined;
	return annotation?.type === "TSTypeReference" && nameOf(annotation.typeName) === "Readonly";
}

/** The file's functions that do nothing but freeze an object of their parameters: a table's rows may be calls to them. */
function rowFunctions(source: Source): Set<string> {
	const names = new Set<string>();
	for (const statement of source.program.body as Node[]) {
		if (statement.type !== "FunctionDeclaration") continue;
		const body = (statement.body as Node).body as Node[];
		const call = body.length === 1 && body[0].type === "ReturnStatement" ? (body[0].argument as Node | null) : null;
		if (call?.type !== "CallExpression" || textOf(source, call.callee as Node) !== "Object.freeze") continue;
		const object = (call.arguments as Node[])[0];
		const plain =
			object?.type === "ObjectExpression" && (object.properties as Node[]).every((each) => each.type === "ObjectProperty" && each.shorthand === true);
		if (plain) names.add(nameOf(statement.id));
	}
	return names;
}

/** All of modules/ is frozen into flash: nothing at module level may change or run. */
export function moduleLevelState(source: Source): string[] {
	const complaints: string[] = [];
	const rows = rowFunctions(source);
	const inspect = (root: Node): void =>
		walk(root, (node, parents) => {
			if (isFunction(node)) return false;
			if (/^TS/.test(node.type) && !/^TS(As|Satisfies|NonNull)/.test(node.type)) return false;
			if (node.type === "ClassBody") {
				for (const member of node.body as Node[]) {
					if (member.type === "StaticBlock") complaints.push(at(source, member, "a static block runs when the module is loaded"));
					else if (member.static === true && /Property$/.test(member.type))
						complaints.push(at(source, member, `static field ${nameOf(member.key)}: make it a const of the module`));
				}
				return false;
			}
			if (node.type === "NewExpression" && !isReadOnlyTable(node, parents))
				complaints.push(
					at(
						source,
						node,
						`new ${textOf(source, node.callee as Node)} at module level: it would be frozen in flash; make it where it is used, or write a literal`,
					),
				);
			if (node.type === "CallExpression" && !harmlessCalls.test(textOf(source, node.callee as Node)) && !rows.has(nameOf(node.callee)))
				complaints.push(at(source, node, `${textOf(source, node.callee as Node)}() runs when the module is loaded: write the result as a literal`));
			if (node.type === "TaggedTemplateExpression") complaints.push(at(source, node, "a tagged template is a call at module level"));
			return undefined;
		});
	for (const statement of source.program.body as Node[]) {
		const inner = /^Export/.test(statement.type) ? ((statement.declaration as Node | null) ?? undefined) : statement;
		if (!inner || /^(Import|TS|Function|EmptyStatement)/.test(inner.type) || inner.declare === true) continue;
		if (inner.type === "VariableDeclaration") {
			if (inner.kind !== "const") complaints.push(at(source, inner, `${inner.kind} at module level: state belongs to the connection`));
			for (const each of inner.declarations as Node[]) inspect(each);
		} else if (inner.type === "ClassDeclaration") inspect(inner);
		else if (/^Export/.test(inner.type)) continue;
		else complaints.push(at(source, inner, "a statement that runs when the module is loaded"));
	}
	return complaints.concat(moduleTableWrites(source));
}

const writers = /^(push|pop|shift|unshift|splice|sort|reverse|fill|set|copyWithin|add|delete|clear)$/;

/** Writes to a module's own constants (they throw in flash). */
function moduleTableWrites(source: Source): string[] {
	const complaints: string[] = [];
	const constants = new Set<string>();
	for (const statement of source.program.body as Node[]) {
		const inner = /^Export/.test(statement.type) ? (statement.declaration as Node | null) : statement;
		if (inner?.type === "VariableDeclaration") for (const each of inner.declarations as Node[]) constants.add(nameOf(each.id));
	}
	/** Whether a name is declared again on the way up to it. */
	const isShadowed = (name: string, parents: Node[]): boolean =>
		parents.some((parent) => {
			if (isFunction(parent)) return (parent.params as Node[]).some((each) => nameOf(each.type === "AssignmentPattern" ? each.left : each) === name);
			if (parent.type !== "BlockStatement") return false;
			return (parent.body as Node[]).some(
				(each) => each.type === "VariableDeclaration" && (each.declarations as Node[]).some((declaration) => nameOf(declaration.id) === name),
			);
		});
	const complain = (node: Node, base: unknown, parents: Node[]): void => {
		let object = base as Node;
		while (/^(MemberExpression|TSAsExpression|TSNonNullExpression|ParenthesizedExpression)$/.test(object.type))
			object = (object.object ?? object.expression) as Node;
		const name = nameOf(object);
		if (object.type === "Identifier" && constants.has(name) && !isShadowed(name, parents))
			complaints.push(at(source, node, `writes to ${name}, which is in flash`));
	};
	walk(source.program, (node, parents) => {
		const target = node.type === "AssignmentExpression" ? (node.left as Node) : node.type === "UpdateExpression" ? (node.argument as Node) : undefined;
		if (target?.type === "MemberExpression") complain(node, target.object, parents);
		if (node.type === "CallExpression" && (node.callee as Node).type === "MemberExpression") {
			const callee = node.callee as Node;
			if (writers.test(nameOf(callee.property))) complain(node, callee.object, parents);
		}
		return undefined;
	});
	return complaints;
}

/** No async code and no generators, anywhere in modules/; not even the words, which a plain search looks for. */
export function asyncCode(source: Source): string[] {
	const complaints: string[] = [];
	walk(source.program, (node) => {
		if (isFunction(node) && node.async === true) complaints.push(at(source, node, "an async function"));
		if (isFunction(node) && node.generator === true) complaints.push(at(source, node, "a generator"));
		if (node.type === "AwaitExpression" || node.type === "YieldExpression")
			complaints.push(at(source, node, node.type === "YieldExpression" ? "yield" : "await"));
		if (node.type === "Identifier" && node.name === "Promise") complaints.push(at(source, node, "Promise"));
		return undefined;
	});
	source.text.split("\n").forEach((line, index) => {
		const word = /\b(async |await |function\*|yield )/.exec(line);
		if (word) complaints.push(at(source, index + 1, `the word "${word[1].trim()}", even in a comment: say it otherwise`));
	});
	return [...new Set(complaints)];
}

/** Functions made while others run: they hold the whole frame in the heap. */
export function closures(source: Source): string[] {
	if (!protocolFloors.test(source.path)) return [];
	const complaints: string[] = [];
	walk(source.program, (node, parents) => {
		if (isFunction(node) && parents.some(isFunction))
			complaints.push(at(source, node, "a function inside a function: write a loop, or a function of the module"));
		return undefined;
	});
	return complaints;
}

/** X === undefined, writer.failed, or some of these: what is missing by the program's own mistake, whatever a peer sends. */
function isOwnMistake(test: Node): boolean {
	if (test.type === "LogicalExpression") return test.operator === "||" && isOwnMistake(test.left as Node) && isOwnMistake(test.right as Node);
	if (test.type === "MemberExpression") return nameOf(test.object) === "writer" && nameOf(test.property) === "failed";
	return test.type === "BinaryExpression" && test.operator === "===" && nameOf(test.right) === "undefined";
}

/** Bytes from a peer never throw; what makes an object may, on a mistake of its caller, and so may a check of what we ourselves set up. */
export function throwing(source: Source): string[] {
	if (!silentFloors.test(source.path)) return [];
	const complaints: string[] = [];
	walk(source.program, (node, parents) => {
		const maker = parents.filter(isFunction).at(-1);
		if (maker && /^(constructor|create[A-Z].*)$/.test(nameOf(maker.id ?? maker.key))) return undefined;
		const condition = parents.filter(({ type }) => type === "IfStatement").at(-1);
		if (node.type === "ThrowStatement" && !(condition && isOwnMistake(condition.test as Node)))
			complaints.push(at(source, node, "throw: answer a failure instead"));
		return undefined;
	});
	return complaints;
}

/** What XS finds slowly: it looks through a class's fields one after the other. */
export function manyFields(source: Source): string[] {
	const complaints: string[] = [];
	walk(source.program, (node) => {
		if (node.type !== "ClassDeclaration" && node.type !== "ClassExpression") return undefined;
		const members = (node.body as Node).body as Node[];
		const fields = members.filter((each) => /^Class(Private)?Property$/.test(each.type) && each.static !== true).length;
		if (fields > 16) complaints.push(at(source, node, `${nameOf(node.id)} has ${fields} fields, 16 is the most: nest them by subject`));
		return undefined;
	});
	return complaints;
}

/** What XS pays for in every instance: a slot for each private method, and its class keeps the last instance alive for ever. */
export function privateMethods(source: Source): string[] {
	const complaints: string[] = [];
	walk(source.program, (node) => {
		if (node.type === "ClassPrivateMethod") complaints.push(at(source, node, `#${nameOf(node.key)}()`));
		return undefined;
	});
	return complaints;
}

/** Syntax that the house doesn't use in modules/. */
export function forbiddenSyntax(source: Source): string[] {
	const complaints: string[] = [];
	walk(source.program, (node) => {
		if (node.type === "TSEnumDeclaration" || node.type === "TSModuleDeclaration" || node.type === "TSParameterProperty")
			complaints.push(at(source, node, "TypeScript syntax that makes code (enum, namespace, parameter property)"));
		if (node.type === "Identifier" && node.name === "eval") complaints.push(at(source, node, "eval"));
		if (node.type === "TSAnyKeyword") complaints.push(at(source, node, "any: say what it is, or unknown"));
		if (node.type === "MemberExpression" && /^(Date\.now|Math\.random|performance\.now)$/.test(textOf(source, node)))
			complaints.push(at(source, node, `${textOf(source, node)}: time and entropy come from the host`));
		return undefined;
	});
	return complaints;
}

/** Names that the code declares, with their nodes: what it merely uses (Map's get, Node's process) isn't its choice. */
export function declaredNames(source: Source): { name: string; node: Node }[] {
	const names: { name: string; node: Node }[] = [];
	const add = (node: unknown): void => {
		const name = nameOf(node);
		if (name) names.push({ name, node: node as Node });
	};
	walk(source.program, (node, parents) => {
		if (node.type === "VariableDeclarator") add(node.id);
		else if (isFunction(node)) {
			add(node.id);
			if (node.computed !== true) add(node.key);
			for (const each of node.params as Node[]) add(each.type === "AssignmentPattern" ? each.left : each);
		} else if (/^(Class|TSInterface|TSTypeAlias)/.test(node.type) && node.id) add(node.id);
		else if (/^(Class(Private)?Property|TSPropertySignature|TSMethodSignature|TSDeclareFunction|TSDeclareMethod)$/.test(node.type)) add(node.key ?? node.id);
		else if (node.type === "ObjectProperty" && node.computed !== true && node.shorthand !== true && parents.at(-1)?.type === "ObjectExpression") add(node.key);
		return undefined;
	});
	return names;
}
