import {
	givenOf,
	readItem,
	readTarget,
	refuse,
	type Refused,
	type Target,
	type Wanted,
	wantedOf,
} from '../../../../nodes/n8n/server/targets';
import { contextWith } from '../../context';

const ID = '616fb98f-46ca-475e-917e-2563e5a8cd19';

const read = (serverId: unknown) => readTarget(contextWith({ serverId }), 0);
const inMode = (mode: string, value: unknown) => read({ __rl: true, mode, value });

test('an ID means a server, in any case and with blanks around it', () => {
	expect(read(ID)).toEqual({ kind: 'known', serverId: ID });
	expect(read(` ${ID.toUpperCase()}\n`)).toEqual({ kind: 'known', serverId: ID });
});

test.each(['list', 'id', 'name'])('an ID in the mode %s means a server', (mode) => {
	expect(inMode(mode, ID)).toEqual({ kind: 'known', serverId: ID });
});

test('each item has its own server', () => {
	const other = ID.replace('6', '7');
	const context = contextWith({ serverId: [ID, other] });
	expect(readTarget(context, 0)).toEqual({ kind: 'known', serverId: ID });
	expect(readTarget(context, 1)).toEqual({ kind: 'known', serverId: other });
});

describe('by name', () => {
	test.each(['web-1', ' web-1\n', 'Müllers Server (alt)'])('%j has to be looked up', (name) => {
		expect(inMode('name', name)).toEqual({ kind: 'named', name: name.trim() });
	});

	test.each([
		[42, '42'],
		[0, '0'],
		[1.5, '1.5'],
	])('a number is a name, too, as an expression may give it: %j', (number, name) => {
		expect(inMode('name', number)).toEqual({ kind: 'named', name });
	});

	test('a long name is looked up whole', () => {
		const name = 'x'.repeat(255);
		expect(inMode('name', name)).toEqual({ kind: 'named', name });
	});

	test.each(['', '   ', undefined, null])('%j: the field is empty, and says so', (name) => {
		expect(inMode('name', name)).toMatchObject({
			given: '',
			failure: { reason: 'invalidInput', message: expect.stringContaining('empty') as string },
		});
	});
});

test.each(['', '   ', undefined, null])('%j: the field is empty, and says so', (value) => {
	const target = read(value);
	expect(target).toMatchObject({ given: '', failure: { reason: 'invalidInput' } });
	expect(target.kind === 'refused' && target.failure.message).toContain('empty');
	expect(target.kind === 'refused' && target.failure.hint).toContain('expression');
});

test.each(['web-1', '616fb98f46ca475e917e2563e5a8cd19', '../../x', '{{ $json.id }}'])(
	'%j is no ID, and the message shows it',
	(value) => {
		expect(read(value)).toMatchObject({
			given: value,
			failure: { reason: 'invalidInput', message: expect.stringContaining(`'${value}'`) as string },
		});
	},
);

test('a long text is cut', () => {
	const target = read('x'.repeat(10_000));
	expect(givenOf(target).length).toBeLessThanOrEqual(81);
});

test.each([
	['a list', [ID], `["${ID}"]`],
	['an object', { id: ID }, `{"id":"${ID}"}`],
	['a truth', true, 'true'],
])('a locator that holds %s: the item fails, and not the run', (_, value, shown) => {
	for (const mode of ['id', 'list', 'name']) {
		expect(inMode(mode, value)).toMatchObject({
			given: shown,
			failure: { reason: 'invalidInput' },
		});
	}
});

test.each(['id', 'list'])('a number is no ID in the mode %s', (mode) => {
	expect(inMode(mode, 42)).toMatchObject({ given: '42', failure: { reason: 'invalidInput' } });
});

describe('an expression', () => {
	test('that works gives what it gives', () => {
		const named: Target = { kind: 'named', name: 'web-1' };
		expect(readItem(() => named)).toEqual({ kind: 'named', name: 'web-1' });
	});

	test('that fails fails its item, and says why and what to correct', () => {
		const target = readItem(() => {
			throw new Error("Node 'Webhook' hasn't been executed");
		});
		expect(target).toEqual({
			kind: 'refused',
			given: '',
			failure: {
				reason: 'invalidInput',
				message: "The expression for this item failed: Node 'Webhook' hasn't been executed",
				hint: expect.stringContaining('Correct the expression') as string,
			},
		});
	});
});

describe('what is refused for all items', () => {
	const failure = {
		reason: 'invalidInput',
		message: 'No such option',
		hint: 'Correct it',
	} as const;

	test.each<[string, Wanted<unknown> | Refused, string]>([
		['a server', wantedOf({ kind: 'known', serverId: ID }, {}), ID],
		[
			'a server found by its name',
			wantedOf({ kind: 'known', serverId: ID, spentMs: 4_000 }, {}),
			ID,
		],
		['a name', wantedOf({ kind: 'named', name: 'web-1' }, {}), 'web-1'],
		['a list of servers', { kind: 'wanted', given: '', plan: { limit: 50 } }, ''],
	])('is refused for %s with what stood for it', (_, wanted, given) => {
		expect(refuse(wanted, failure)).toEqual({ kind: 'refused', given, failure });
	});

	test('leaves an item the reason of its own', () => {
		const message = "'x' is not a server ID";
		const own: Refused = { kind: 'refused', given: 'x', failure: { ...failure, message } };
		expect(refuse(own, failure)).toBe(own);
		expect(wantedOf(own, {})).toBe(own);
	});
});

test('a wish whose expression fails is told with the server that it was for', () => {
	const boom = () => {
		throw new Error('boom');
	};
	expect(readItem(boom, ID)).toMatchObject({ kind: 'refused', given: ID });
});
