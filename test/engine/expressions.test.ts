/** What expressions give that are not what their field wants, in parameters and in credentials. */
import { addServers, locator, openWorld, postsTo } from '../harness/world';

jest.setTimeout(60_000);

// Credentials

const OPERATIONS = ['start', 'stop', 'restart', 'get', 'getMany'];
const SERVER = { serverId: locator('id', '={{ $json.id }}') };

test.concurrent('each item goes with the token that its own expression gives', async () => {
	const { cloud, token, received, run } = await openWorld();
	const other = cloud.issueToken().id;
	const [a, b, c] = addServers(cloud, 3);

	const { items } = await run('start', {
		items: [
			{ id: a, token },
			{ id: b, token: other },
			{ id: c, token },
		],
		parameters: SERVER,
		waitUntilDone: false,
		credential: { token: '={{ $json.token }}' },
	});

	expect(items.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted', 'accepted']);
	const sent = received.map(({ path, headers }) => [
		path.split('/').at(-2),
		headers['x-auth-token'],
	]);
	expect(sent.sort()).toEqual(
		[
			[a, token],
			[b, other],
			[c, token],
		].sort(),
	);
});

test.concurrent.each(OPERATIONS)(
	'%s: a credential whose expression fails leaves by the error output, and nothing is sent',
	async (operation) => {
		const { cloud, run } = await openWorld();
		const [id] = addServers(cloud, 1);

		const { status, output, failures } = await run(operation, {
			items: [{ id }, { id }],
			parameters: SERVER,
			credential: { token: "={{ $('Nobody').item.json.token }}" },
		});

		expect(status).toBe('success');
		expect(output).toEqual([]);
		expect(failures).toMatchObject([1, 2].map(() => ({ reason: 'invalidInput', operation })));
		expect(cloud.requests.total).toBe(0);
	},
);

test.concurrent.each(OPERATIONS)(
	'%s: an item whose credential gives no token fails alone',
	async (operation) => {
		const { cloud, token, run } = await openWorld();
		const status = operation === 'restart' ? 'ACTIVE' : 'SHUTOFF';
		const [id] = addServers(cloud, 1, { status });

		const { output, errorOutput } = await run(operation, {
			items: [{ id }, { id, token }],
			parameters: SERVER,
			...(operation.startsWith('get') ? {} : { waitUntilDone: false }),
			credential: { token: '={{ $json.token }}' },
		});

		expect(output.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }]);
		expect(errorOutput.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }]);
	},
);

// Switches

test.concurrent.each<[string, unknown]>([
	['a field that is missing', '={{ $json.missing }}'],
	['null', '={{ null }}'],
	['a number', '={{ 1 }}'],
	['an empty text', '={{ "" }}'],
])('Wait Until Running by an expression that gives %s', async (_, waitUntilDone) => {
	const { cloud, run } = await openWorld();
	const [id] = addServers(cloud, 1);

	const { failures } = await run('start', {
		items: [{ id }],
		parameters: { ...SERVER, waitUntilDone },
	});

	expect(failures).toMatchObject([
		{ reason: 'invalidInput', message: "'Wait Until Running' must be true or false" },
	]);
	expect(postsTo(cloud, id)).toEqual([]);
});

// Filters

test.concurrent.each([
	['a blank behind a field that is missing', { tags: '={{ $json.team }} ' }],
	['two fields that are missing', { tags: '={{ $json.a }},{{ $json.b }}' }],
	['one of two fields', { tags: '=env=test,{{ $json.b }}' }],
	['a field that is missing', { name: '={{ $json.team }}' }],
	['a name of blanks', { name: '   ' }],
	['a list of nothing', { tags: '={{ [""] }}' }],
	['a status with a blank', { status: '={{ $json.status }} ' }],
])('a filter that means nothing gives no server: %s', async (_, filters) => {
	const { cloud, run } = await openWorld();
	addServers(cloud, 2, { tags: ['env=test'] });

	const { output, failures } = await run('getMany', {
		items: [{}],
		parameters: { returnAll: true, filters },
	});

	expect(output).toEqual([]);
	expect(failures).toMatchObject([{ reason: 'invalidInput' }]);
	expect(cloud.requests.total).toBe(0);
});
