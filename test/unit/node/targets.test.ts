import { readTarget } from '../../../nodes/ElasticCloudServer/targets';
import { contextWith } from './context';

const ID = '616fb98f-46ca-475e-917e-2563e5a8cd19';

const read = (serverId: unknown, more: Record<string, unknown> = {}, item = 0) =>
	readTarget(contextWith({ serverId, ...more }), item);

test('an ID means a server, in any case and with blanks around it', () => {
	expect(read(ID)).toEqual({ serverId: ID, wait: true });
	expect(read(` ${ID.toUpperCase()}\n`)).toEqual({ serverId: ID, wait: true });
});

test('each item has its own server, and its own wish to wait', () => {
	const other = ID.replace('6', '7');
	const parameters = { serverId: [ID, other], waitUntilDone: [true, false] };
	expect(readTarget(contextWith(parameters), 0)).toEqual({ serverId: ID, wait: true });
	expect(readTarget(contextWith(parameters), 1)).toEqual({ serverId: other, wait: false });
});

test.each(['', '   ', undefined, null])('%j: the field is empty, and says so', (value) => {
	const target = read(value);
	expect(target).toMatchObject({ given: '', failure: { reason: 'invalidInput' } });
	expect('failure' in target && target.failure.message).toContain('empty');
	expect('failure' in target && target.failure.hint).toContain('expression');
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
	expect('given' in target && target.given.length).toBeLessThanOrEqual(81);
});

test.each([
	['a number', 42, '42'],
	['a list', [ID], `["${ID}"]`],
	['an object', { id: ID }, `{"id":"${ID}"}`],
	['a truth', true, 'true'],
])('n8n refuses a locator that holds %s: the item fails, and not the run', (_, value, shown) => {
	let calls = 0;
	const context = contextWith({});
	context.getNodeParameter = (() => {
		calls += 1;
		if (calls === 1) throw new Error('ERROR: Invalid locator value');
		return { __rl: true, mode: 'id', value };
	}) as unknown as typeof context.getNodeParameter;
	expect(readTarget(context, 0)).toMatchObject({
		given: shown,
		failure: { reason: 'invalidInput' },
	});
});
