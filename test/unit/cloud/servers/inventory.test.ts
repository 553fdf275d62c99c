import fc from 'fast-check';

import type { Answer } from '../../../../nodes/cloud/api/answer';
import type { Filters } from '../../../../nodes/cloud/servers/filters';
import { findPage, findServers, readServer } from '../../../../nodes/cloud/servers/inventory';
import type { SessionSettings } from '../../../../nodes/cloud/session/session';
import { answered, HTML_502, KEYSTONE_401, lost, nova } from '../../answers';
import { fleet, idOf, project, server, type ServerJson } from '../../servers';
import { FakeCloud } from '../../session';
import { settle } from '../../virtual-clock';

type Read = (cloud: FakeCloud) => Promise<{ kind: string }>;

async function find(servers: ServerJson[], filters: Filters = {}, limit = Infinity) {
	const cloud = new FakeCloud(project(servers));
	const found = await cloud.clock.until(findServers(cloud.session, filters, limit));
	if (found.kind !== 'found') throw new Error(`Found none: ${found.reason}`);
	return { cloud, ids: found.rows.map((row) => row.server.id) };
}

/** What is sent to the cloud for these filters. */
async function sent(filters: Filters) {
	const { cloud } = await find([], filters);
	return cloud.queries('name', 'status', 'tags')[0];
}

describe('filters go to the cloud', () => {
	test.each<[string, Filters, Record<string, string>]>([
		['none', {}, {}],
		['a name', { name: 'web-1' }, { name: 'web-1' }],
		['a status', { status: 'SHUTOFF' }, { status: 'SHUTOFF' }],
		['tags', { tags: ['env=test', 'team=a'] }, { tags: 'env=test,team=a' }],
		[
			'all of them',
			{ name: 'web', status: 'ACTIVE', tags: ['env=test'] },
			{ name: 'web', status: 'ACTIVE', tags: 'env=test' },
		],
	])('%s', async (_, filters, query) => {
		expect(await sent(filters)).toEqual(query);
	});

	test.each([
		['web 1', 'web'],
		['my web-server_1 (old)', 'web-server_1'],
		['müller', 'ller'],
		['web.1', 'web'],
		['a.web', 'web'],
		['a|b', 'a'],
		['^web', 'web'],
		['web*', 'web'],
		['[a]', 'a'],
		['a+', 'a'],
		['a\\d', 'a'],
	])('of the name %j, which the cloud would read as a pattern, %j', async (name, part) => {
		expect(await sent({ name })).toEqual({ name: part });
	});

	test.each(['$', '^[', '.*', ' ', 'ü', '中文'])(
		'but not the name %j, which has no part for it',
		async (name) => {
			expect(await sent({ name })).toEqual({});
		},
	);

	test('so that no server is missed by a cloud that reads the name as a pattern', async () => {
		await fc.assert(
			fc.asyncProperty(fc.string(), fc.string(), fc.string(), async (before, name, after) => {
				const query = await sent({ name });
				expect(before + name + after).toMatch(new RegExp(query.name ?? ''));
			}),
		);
	});

	test('but not a tag that is only a key, of which the cloud has all values', async () => {
		expect(await sent({ tags: ['nightly', 'env=test'] })).toEqual({ tags: 'env=test' });
		expect(await sent({ tags: ['nightly'] })).toEqual({});
	});

	test('but no tag with signs, which Nova refuses where they are no valid pattern', async () => {
		const signs = ['(=1', 'c++=1', 'a=*', 'a=[b', 'a/b=c', 'ü=1', 'a=中', 'a=$', '=1'];
		expect(await sent({ tags: signs })).toEqual({});
		expect(await sent({ tags: [...signs, 'a=b=c d'] })).toEqual({ tags: 'a=b=c d' });
	});

	test.each(['env=', 'a.b=c', 'k:1=a@b', 'a-b=c_d', 'a b=c d', 'a=='])(
		'and the tag %j, whose signs harm nobody',
		async (tag) => {
			expect(await sent({ tags: [tag] })).toEqual({ tags: tag });
		},
	);
});

describe('filters are checked again: clouds ignore what they do not know', () => {
	test.each([
		['web', [1, 2, 3]],
		['WEB-1', [1, 3]],
		['b-10', [3]],
		['db', []],
	])('a part of the name, in any case: %j', async (name, indexes) => {
		const { ids } = await find([server(1), server(2), server(3, { name: 'Web-10' })], { name });
		expect(ids).toEqual(indexes.map(idOf));
	});

	test.each([
		['.', 'a.b', 'axb'],
		['(old)', 'web (old)', 'web old'],
		['a*', 'a*', 'aa'],
		['$5', 'cost $5', 'cost 5'],
		['web 1', 'my web 1', 'web-1'],
		['müller', 'müller-1', 'miller-1'],
		['^[', '^[', 'web'],
	])('signs in a name are taken literally: %j', async (name, fits, fitsNot) => {
		const servers = [server(1, { name: fits }), server(2, { name: fitsNot })];
		expect((await find(servers, { name })).ids).toEqual([idOf(1)]);
	});

	test('the status', async () => {
		const servers = [server(1), server(2, { status: 'SHUTOFF' }), server(3, { status: 'shutoff' })];
		expect((await find(servers, { status: 'SHUTOFF' })).ids).toEqual([idOf(2), idOf(3)]);
	});

	test.each<[string[], number[]]>([
		[['env=test'], [1]],
		[['env'], [1, 2]],
		[['nightly'], [1, 3]],
		[['env', 'nightly'], [1]],
		[['env=test', 'nightly', 'x'], []],
		[['env='], []],
		[[], [1, 2, 3, 4, 5]],
	])('all tags, as key=value or key: %j', async (tags, indexes) => {
		const servers = [
			server(1, { tags: ['nightly', 'env=test'] }),
			server(2, { tags: ['env=prod'] }),
			server(3, { tags: ['nightly'] }),
			server(4, { tags: ['environment=test', 'nightly-backup'] }),
			server(5),
		];
		expect((await find(servers, { tags })).ids).toEqual(indexes.map(idOf));
	});

	test.each(['c++=1', '(=1', 'ü=1'])('a tag with signs, taken literally: %j', async (tag) => {
		const servers = [server(1, { tags: [tag] }), server(2, { tags: ['c=1'] })];
		expect((await find(servers, { tags: [tag] })).ids).toEqual([idOf(1)]);
	});

	test('tags: a server that has none fits no tag, and is no error', async () => {
		expect((await find([server(1, { tags: [] })], { tags: ['env'] })).ids).toEqual([]);
	});

	test('a server without a name fits no part of one', async () => {
		expect((await find([server(1, { name: null })], { name: 'a' })).ids).toEqual([]);
	});
});

describe('where the cloud shows no tags (API Version v2, or no microversions)', () => {
	const filterByTag = async (servers: ServerJson[]) => {
		const cloud = new FakeCloud(project(servers));
		const found = await cloud.clock.until(
			findServers(cloud.session, { tags: ['nightly', 'env=test'] }, Infinity),
		);
		return { cloud, found };
	};

	test('they cannot be a filter: that no server fits would not be true', async () => {
		const { cloud, found } = await filterByTag(fleet(3));
		expect(found).toMatchObject({
			kind: 'unread',
			reason: 'invalidInput',
			fault: {
				explanation: {
					why: expect.stringContaining('does not show tags') as string,
					hint: 'Filter by name or status instead. Tags show with API Version Automatic, or Nova 2.1 in clouds that know microversion 2.26',
				},
			},
		});
		expect(cloud.requests).toHaveLength(1);
	});

	test('of an empty project it is true', async () => {
		expect((await filterByTag([])).found).toMatchObject({ kind: 'found', rows: [] });
	});

	test('one server with tags is enough to know that the cloud shows them', async () => {
		const { found } = await filterByTag([server(1), server(2, { tags: ['a'] })]);
		expect(found).toMatchObject({ kind: 'found', rows: [] });
	});
});

describe('all pages', () => {
	test('5,000 servers are found in six calls, in order', async () => {
		const { cloud, ids } = await find(fleet(5_000));
		expect(ids).toEqual(fleet(5_000).map(({ id }) => id));
		expect(cloud.queries('limit', 'marker')).toEqual([
			{ limit: '1000' },
			...[1, 2, 3, 4, 5].map((page) => ({ limit: '1000', marker: idOf(page * 1000) })),
		]);
	});

	test('filters go with each page', async () => {
		const { cloud } = await find(fleet(1_500), { name: 'web' });
		expect(cloud.queries('name')).toEqual([{ name: 'web' }, { name: 'web' }]);
	});

	test('a limit takes no page more than needed', async () => {
		const { cloud, ids } = await find(fleet(5_000), {}, 1_500);
		expect(ids).toHaveLength(1_500);
		expect(cloud.requests).toHaveLength(2);
	});

	test('a small limit asks for no more than that', async () => {
		const { cloud, ids } = await find(fleet(5_000), {}, 5);
		expect(ids).toEqual([1, 2, 3, 4, 5].map(idOf));
		expect(cloud.queries('limit')).toEqual([{ limit: '5' }]);
	});

	test('a limit counts what fits, not what was read', async () => {
		const servers = fleet(20).map((one, index) =>
			index % 4 === 3 ? { ...one, status: 'SHUTOFF' } : one,
		);
		const { ids } = await find(servers, { status: 'SHUTOFF' }, 3);
		expect(ids).toEqual([4, 8, 12].map(idOf));
	});

	test('where few of the first page fit, those after it are as long as clouds allow', async () => {
		const servers = [...fleet(1_500), server(1_501, { status: 'SHUTOFF' })];
		const { cloud, ids } = await find(servers, { status: 'SHUTOFF' }, 3);
		expect(ids).toEqual([idOf(1_501)]);
		expect(cloud.queries('limit', 'marker')).toEqual([
			{ limit: '3' },
			{ limit: '1000', marker: idOf(3) },
			{ limit: '1000', marker: idOf(1_003) },
		]);
	});

	test('end with an empty page that says there is more', async () => {
		const more = { servers_links: [{ rel: 'next', href: 'x' }] };
		const cloud = new FakeCloud(() => answered(200, { servers: [], ...more }));
		const found = await cloud.clock.until(findServers(cloud.session, {}, Infinity));
		expect(found).toMatchObject({ kind: 'found', rows: [] });
		expect(cloud.requests).toHaveLength(1);
	});

	test.each([null, 7, 'x', { id: 1 }, { name: 'x' }, { id: 'x', status: null }])(
		'with a row that is no server are no list, as one may be missing: %j',
		async (row) => {
			const cloud = new FakeCloud(() => answered(200, { servers: [server(1), row] }));
			const found = await cloud.clock.until(findServers(cloud.session, {}, Infinity));
			expect(found).toMatchObject({ kind: 'unread', reason: 'unexpectedResponse' });
		},
	);

	test('show a server of which the cloud says no status', async () => {
		const { ids } = await find([server(1, { status: undefined })], { status: 'UNKNOWN' });
		expect(ids).toEqual([idOf(1)]);
	});

	test('may be as long as the cloud likes', async () => {
		const cloud = new FakeCloud(() => answered(200, { servers: fleet(150_000) }));
		const found = await cloud.clock.until(findServers(cloud.session, {}, Infinity));
		expect('rows' in found && found.rows).toHaveLength(150_000);
	});

	test('that repeat themselves are no list: a cloud that ignores the marker', async () => {
		const more = { servers_links: [{ rel: 'next', href: 'x' }] };
		const cloud = new FakeCloud(() => answered(200, { servers: [server(1)], ...more }));
		const found = await cloud.clock.until(findServers(cloud.session, {}, Infinity));
		expect(cloud.requests).toHaveLength(2);
		expect(found).toMatchObject({ kind: 'unread', reason: 'unexpectedResponse' });
	});

	test('hold each server once, in a cloud that ignores the marker but not the limit', async () => {
		const all = fleet(20).map((one, index) => ({
			...one,
			status: index % 5 === 0 ? 'SHUTOFF' : 'ACTIVE',
		}));
		const cloud = new FakeCloud(({ query }) => {
			const servers = all.slice(0, Number(query?.limit));
			const links = servers.length < 20 ? { servers_links: [{ rel: 'next', href: 'x' }] } : {};
			return answered(200, { servers, ...links });
		});
		const found = await cloud.clock.until(findServers(cloud.session, { status: 'SHUTOFF' }, 5));
		expect('rows' in found && found.rows.map((row) => row.server.id)).toEqual(
			[1, 6, 11, 16].map(idOf),
		);
	});
});

describe('a page that the cloud takes too long for', () => {
	const TOO_LONG: Array<[string, Answer]> = [
		['a gateway gives up (504)', answered(504)],
		['the node gives up', lost('ETIMEDOUT')],
		['n8n gives up', lost('ECONNABORTED')],
	];
	const limits = (cloud: FakeCloud) => cloud.queries('limit').map(({ limit }) => Number(limit));
	const upTo = (longest: number, answer: Answer, servers: ServerJson[]) =>
		new FakeCloud((request) =>
			Number(request.query?.limit) > longest ? answer : project(servers)(request),
		);

	test.each(TOO_LONG)(
		'is asked for again at a tenth, and those after it too: %s',
		async (_, answer) => {
			const cloud = upTo(100, answer, fleet(250));
			const found = await cloud.clock.until(findServers(cloud.session, {}, Infinity));
			expect('rows' in found && found.rows).toHaveLength(250);
			expect(limits(cloud)).toEqual([1_000, 100, 100, 100]);
		},
	);

	test('is not tried again by the lists after it', async () => {
		const cloud = upTo(100, answered(504), fleet(5));
		await cloud.clock.until(findServers(cloud.session, {}, Infinity));
		await cloud.clock.until(findServers(cloud.session, {}, Infinity));
		expect(limits(cloud)).toEqual([1_000, 100, 100]);
	});

	test('is never shorter than ten servers', async () => {
		const cloud = upTo(0, answered(504), []);
		const found = await cloud.clock.until(findServers(cloud.session, {}, Infinity));
		expect(found).toMatchObject({ kind: 'unread', reason: 'unavailable' });
		expect(limits(cloud)).toEqual([1_000, 100, 10, 10, 10]);
	});

	test('says nothing of its length where the cloud fails otherwise', async () => {
		const cloud = upTo(100, answered(500), fleet(5));
		await cloud.clock.until(findServers(cloud.session, {}, Infinity));
		expect(limits(cloud)).toEqual([1_000, 1_000, 1_000, 1_000, 1_000]);
	});

	test('is made shorter in the list of the editor', async () => {
		const cloud = upTo(50, answered(504), fleet(25));
		const page = await cloud.clock.until(findPage(cloud.session, ''));
		expect(page).toMatchObject({ kind: 'found', marker: idOf(10) });
	});
});

describe('a server deleted between two pages', () => {
	/** A project in which one server is gone when a page is to begin after it, `times` times. */
	function losing(times: number) {
		let servers = fleet(2_500);
		let lost = 0;
		return new FakeCloud((request) => {
			const { marker } = request.query ?? {};
			if (marker === undefined || lost === times) return project(servers)(request);
			lost += 1;
			servers = servers.filter(({ id }) => id !== marker);
			return answered(400, nova(400, 'badRequest', `marker [${marker}] not found`));
		});
	}

	test('the list begins again, and holds each server once and the deleted one not', async () => {
		const cloud = losing(1);
		const found = await cloud.clock.until(findServers(cloud.session, {}, Infinity));
		const ids = fleet(2_500).map(({ id }) => id);
		expect('rows' in found && found.rows.map((row) => row.server.id)).toEqual(
			ids.filter((id) => id !== idOf(1_000)),
		);
		expect(cloud.requests).toHaveLength(5);
	});

	test('once: half a list is never given', async () => {
		const cloud = losing(2);
		const found = await cloud.clock.until(findServers(cloud.session, {}, Infinity));
		expect(found).toMatchObject({ kind: 'unread', reason: 'invalidInput' });
		expect(cloud.requests).toHaveLength(4);
	});

	test('the list in the editor begins again', async () => {
		const cloud = losing(1);
		const page = await cloud.clock.until(findPage(cloud.session, '', idOf(100)));
		expect(page).toMatchObject({ kind: 'found', marker: idOf(101) });
	});
});

describe('the list in the editor', () => {
	async function look(servers: ServerJson[], text: string, after?: string) {
		const cloud = new FakeCloud(project(servers));
		const page = await cloud.clock.until(findPage(cloud.session, text, after));
		if (page.kind !== 'found') throw new Error(`Found none: ${page.reason}`);
		const { rows, marker } = page;
		return { cloud, names: rows.map((row) => row.server.name), marker };
	}

	test('is a page of a hundred servers at most, and the marker of the next', async () => {
		const { cloud, names, marker } = await look(fleet(5_000), '');
		expect(names).toEqual(fleet(100).map(({ name }) => name));
		expect(marker).toBe(idOf(100));
		expect(cloud.queries('limit', 'name')).toEqual([{ limit: '100' }]);
	});

	test('shows what fits the text, as soon as something does', async () => {
		const { cloud, names, marker } = await look(fleet(5_000), 'web-10');
		expect(names).toEqual(['web-10', 'web-100']);
		expect(marker).toBe(idOf(100));
		expect(cloud.queries('limit', 'name')).toEqual([{ limit: '100', name: 'web-10' }]);
	});

	test('goes on from a marker, and the last page has none', async () => {
		const { cloud, names, marker } = await look(fleet(150), '', idOf(100));
		expect(names).toHaveLength(50);
		expect(marker).toBeUndefined();
		expect(cloud.queries('limit', 'marker')).toEqual([{ limit: '100', marker: idOf(100) }]);
	});

	test('goes on over longer pages until something fits', async () => {
		const { cloud, names, marker } = await look(fleet(5_000), 'web-1500');
		expect(names).toEqual(['web-1500']);
		expect(marker).toBe(idOf(2_100));
		expect(cloud.queries('limit', 'marker', 'name')).toEqual([
			{ limit: '100', name: 'web-1500' },
			{ limit: '1000', name: 'web-1500', marker: idOf(100) },
			{ limit: '1000', name: 'web-1500', marker: idOf(1_100) },
		]);
	});

	test('and from a marker, too', async () => {
		const { cloud, names } = await look(fleet(5_000), 'web-1500', idOf(1_000));
		expect(names).toEqual(['web-1500']);
		expect(cloud.queries('limit', 'marker')).toEqual([
			{ limit: '100', marker: idOf(1_000) },
			{ limit: '1000', marker: idOf(1_100) },
		]);
	});

	test('ends where nothing fits: empty, without a marker', async () => {
		const { cloud, names, marker } = await look(fleet(5_000), 'db');
		expect(names).toEqual([]);
		expect(marker).toBeUndefined();
		expect(cloud.requests).toHaveLength(6);
	});

	test.each(['', 'web'])('of an empty project is empty (%j)', async (text) => {
		const { cloud, names, marker } = await look([], text);
		expect({ names, marker }).toEqual({ names: [], marker: undefined });
		expect(cloud.requests).toHaveLength(1);
	});

	test.each(['', 'web', 'db'])('ends in a cloud that ignores the marker (%j)', async (text) => {
		const more = { servers_links: [{ rel: 'next', href: 'x' }] };
		const cloud = new FakeCloud(() => answered(200, { servers: fleet(3), ...more }));
		const first = await cloud.clock.until(findPage(cloud.session, text));
		expect(first).toMatchObject({
			kind: 'found',
			rows: text === 'db' ? [] : fleet(3).map(() => ({})),
		});
		const next = await cloud.clock.until(findPage(cloud.session, text, idOf(3)));
		expect(next).toMatchObject({ kind: 'found', rows: [] });
		expect(next).not.toHaveProperty('marker');
		expect(cloud.requests.length).toBeLessThanOrEqual(3);
	});

	describe('with an ID as the text', () => {
		test.each([idOf(1_500), ` ${idOf(1_500).toUpperCase()} `])(
			'shows that one server, without a look at any list: %j',
			async (text) => {
				const { cloud, names, marker } = await look(fleet(5_000), text);
				expect(names).toEqual(['web-1500']);
				expect(marker).toBeUndefined();
				expect(cloud.requests.map(({ path }) => path)).toEqual([`/v2.1/p/servers/${idOf(1_500)}`]);
			},
		);

		test('that no server has is empty', async () => {
			const { cloud, names, marker } = await look(fleet(5), idOf(9));
			expect({ names, marker }).toEqual({ names: [], marker: undefined });
			expect(cloud.requests).toHaveLength(1);
		});

		test('that may not be read says so', async () => {
			const cloud = new FakeCloud(() => answered(403, nova(403, 'forbidden')));
			const page = await cloud.clock.until(findPage(cloud.session, idOf(1)));
			expect(page).toMatchObject({ kind: 'unread', reason: 'forbidden' });
		});

		test('that is only a part of one is looked for in names and IDs', async () => {
			const { names, cloud } = await look(fleet(1_500), idOf(1_234).slice(-8));
			expect(names).toEqual(['web-1234']);
			expect(cloud.queries('name')).not.toContainEqual({ name: expect.anything() });
		});
	});
});

describe('Wait Timeout', () => {
	const SILENT = async () => await new Promise<Answer>(() => {});

	test('counts from when a read goes out, and not from when it queues', async () => {
		const settings = { concurrency: 1, waitTimeoutMs: 30_000 };
		const cloud = FakeCloud.taking(20_000, project(fleet(5)), settings);
		const reads = [1, 2, 3, 4, 5].map(async (index) => readServer(cloud.session, idOf(index)));
		const rows = await cloud.clock.until(Promise.all(reads));
		expect(rows.map(({ kind }) => kind)).toEqual(fleet(5).map(() => 'row'));
		expect(cloud.clock.now()).toBe(100_000);
	});

	test('is one for all tries, whenever they go out', async () => {
		const cloud = FakeCloud.taking(20_000, () => answered(503), { waitTimeoutMs: 30_000 });
		const row = await cloud.clock.until(readServer(cloud.session, idOf(1)));
		expect(row).toMatchObject({ kind: 'unread', reason: 'timedOut' });
		expect(cloud.clock.now()).toBe(30_000);
	});

	test.each<[string, Read]>([
		['a list', async ({ session }) => await findServers(session, {}, Infinity)],
		['a search', async ({ session }) => await findPage(session, 'db')],
	])('is one for all pages of %s, and nothing is sent after it', async (_, read) => {
		const cloud = FakeCloud.taking(25_000, project(fleet(5_000)), { waitTimeoutMs: 60_000 });
		const result = await cloud.clock.until(read(cloud));
		expect(result).toMatchObject({ kind: 'unread', reason: 'timedOut' });
		expect(cloud.clock.now()).toBe(60_000);
		await cloud.clock.run(600_000);
		expect(cloud.requests).toHaveLength(3);
		expect(cloud.clock.timers).toBe(0);
	});

	test('is less by what has been spent of it', async () => {
		const cloud = new FakeCloud(SILENT, { waitTimeoutMs: 25_000 });
		const row = await cloud.clock.until(readServer(cloud.session, idOf(1), 15_000));
		expect(row).toMatchObject({ kind: 'unread', reason: 'timedOut' });
		expect(cloud.clock.now()).toBe(10_000);
	});

	test('is enough patience with a cloud that is out: who queues is given up with it', async () => {
		const settings = { concurrency: 1, waitTimeoutMs: 60_000 };
		const cloud = new FakeCloud(() => answered(503), settings);
		const reads = fleet(200).map(async ({ id }) => readServer(cloud.session, id));
		await cloud.clock.until(reads[199]);
		expect(cloud.clock.now()).toBeLessThanOrEqual(60_000);
		const rows = await cloud.clock.until(Promise.all(reads));
		expect(rows).toMatchObject(rows.map(() => ({ kind: 'unread', reason: 'unavailable' })));
		// Each of those that were asked for in time has a last chance before its own time is up.
		expect(cloud.requests.length).toBeLessThan(15);
		expect(cloud.clock.timers).toBe(0);
	});
});

const TROUBLE: Array<[string, Answer, string]> = [
	['429', answered(429, nova(429, 'overLimit')), 'throttled'],
	['503', answered(503), 'unavailable'],
	['502', answered(502, HTML_502), 'unavailable'],
	['a reset connection', lost('ECONNRESET'), 'unreachable'],
];

describe.each<[string, Read]>([
	['many servers', async ({ session }) => await findServers(session, {}, Infinity)],
	['a page', async ({ session }) => await findPage(session, '')],
	['one server', async ({ session }) => await readServer(session, idOf(1))],
	['an ID in the editor', async ({ session }) => await findPage(session, idOf(1))],
])('passing trouble with %s', (_, read) => {
	const fine = project(fleet(3));

	/** A cloud in trouble for its first answers. */
	async function afterTrouble(
		troubles: number,
		answer: Answer,
		settings: Partial<SessionSettings> = {},
	) {
		let left = troubles;
		const cloud = new FakeCloud((request) => ((left -= 1) >= 0 ? answer : fine(request)), settings);
		return { cloud, result: await cloud.clock.until(read(cloud)) };
	}

	test.each(TROUBLE)('is tried again: %s', async (__, answer) => {
		const { cloud, result } = await afterTrouble(2, answer);
		expect(result.kind).not.toBe('unread');
		expect(cloud.requests).toHaveLength(3);
	});

	test.each(TROUBLE)('Max Tries is the end: %s', async (__, answer, reason) => {
		const { cloud, result } = await afterTrouble(99, answer, { maxTries: 3 });
		expect(result).toMatchObject({ kind: 'unread', reason });
		expect(cloud.requests).toHaveLength(3);
	});

	test('Wait Timeout is the end: 429 that asks for an hour', async () => {
		const slow = answered(429, nova(429, 'overLimit'), { 'retry-after': '3600' });
		const { cloud, result } = await afterTrouble(99, slow, { waitTimeoutMs: 30_000 });
		expect(result).toMatchObject({ kind: 'unread', reason: 'throttled' });
		expect(cloud.requests).toHaveLength(1);
		expect(cloud.clock.now()).toBeLessThanOrEqual(30_000);
	});

	test('Wait Timeout is the end: no answer comes', async () => {
		const cloud = new FakeCloud(() => new Promise<Answer>(() => {}), { waitTimeoutMs: 20_000 });
		const result = await cloud.clock.until(read(cloud));
		expect(result).toMatchObject({ kind: 'unread', reason: 'timedOut' });
		expect(cloud.clock.now()).toBe(20_000);
		expect(cloud.requests).toHaveLength(1);
	});

	test('Wait Timeout is the end: no answer comes again and again', async () => {
		const cloud = new FakeCloud(() => new Promise<Answer>(() => {}), { waitTimeoutMs: 70_000 });
		const result = await cloud.clock.until(read(cloud));
		expect(result).toMatchObject({ kind: 'unread', reason: 'timedOut' });
		expect(cloud.clock.now()).toBe(70_000);
		expect(cloud.requests).toHaveLength(3);
	});

	test('after cancellation nothing is sent, nothing settles, no timer is left', async () => {
		const slow = answered(429, nova(429, 'overLimit'), { 'retry-after': '60' });
		const cloud = new FakeCloud(() => slow);
		let settled = false;
		void read(cloud).then(() => (settled = true));
		await cloud.clock.run(1_000);
		cloud.cancel.abort();
		await settle();
		expect(cloud.clock.timers).toBe(0);
		await cloud.clock.run(600_000);
		expect(cloud.requests).toHaveLength(1);
		expect(settled).toBe(false);
	});

	test('no timer is left when all is read', async () => {
		const { cloud } = await afterTrouble(1, answered(503));
		expect(cloud.clock.timers).toBe(0);
	});

	test('waits as long as the cloud asks, and a little longer, so that not all come at once', async () => {
		const slow = answered(429, nova(429, 'overLimit'), { 'retry-after': '7' });
		const { cloud } = await afterTrouble(1, slow);
		expect(cloud.clock.now()).toBe(7_500);
	});

	test.each([
		['401', answered(401, KEYSTONE_401), 'unauthorized'],
		['403', answered(403, nova(403, 'forbidden')), 'forbidden'],
		['200 with HTML', answered(200, HTML_502), 'unexpectedResponse'],
	])('a refusal is final: %s', async (__, answer, reason) => {
		const { cloud, result } = await afterTrouble(99, answer);
		expect(result).toMatchObject({ kind: 'unread', reason });
		expect(cloud.requests).toHaveLength(1);
	});
});

describe('404', () => {
	const missing = answered(404, nova(404, 'itemNotFound'));

	test('to one server: it is not there', async () => {
		const { session } = new FakeCloud(() => missing);
		expect(await readServer(session, idOf(1))).toMatchObject({ reason: 'notFound' });
	});

	test('to a list: every project has one, so that the credential means another place', async () => {
		const { session } = new FakeCloud(() => missing);
		expect(await findServers(session, {}, 1)).toMatchObject({ reason: 'invalidInput' });
		expect(await findPage(session, '')).toMatchObject({ reason: 'invalidInput' });
	});
});

test('trouble on a later page is no reason to begin anew', async () => {
	let troubles = 1;
	const fine = project(fleet(2_500));
	const cloud = new FakeCloud((request) =>
		request.query?.marker === idOf(1000) && (troubles -= 1) >= 0 ? answered(503) : fine(request),
	);
	const found = await cloud.clock.until(findServers(cloud.session, {}, Infinity));
	expect('rows' in found && found.rows).toHaveLength(2_500);
	expect(cloud.requests).toHaveLength(4);
});

test('trouble on a later page that does not pass: none is better than some', async () => {
	const fine = project(fleet(2_500));
	const cloud = new FakeCloud((request) => (request.query?.marker ? answered(503) : fine(request)));
	const found = await cloud.clock.until(findServers(cloud.session, {}, Infinity));
	expect(found).toMatchObject({ kind: 'unread', reason: 'unavailable' });
});

test('no server is left out of a list of ECS v1 from which one is deleted between two pages', async () => {
	let servers = fleet(1500);
	const cloud = new FakeCloud(
		({ query = {} }) => {
			const { limit, offset = '1' } = query;
			const begin = (Number(offset) - 1) * Number(limit);
			const page = servers.slice(begin, begin + Number(limit));
			const answer = answered(200, { servers: page, count: servers.length });
			servers = servers.filter(({ id }) => id !== idOf(7));
			return answer;
		},
		{ apiVersion: 'v1' },
	);
	const found = await cloud.clock.until(findServers(cloud.session, {}, Infinity));
	if (found.kind !== 'found') throw new Error(`Found none: ${found.reason}`);
	expect(new Set(found.rows.map(({ server: { id } }) => id))).toEqual(
		new Set(servers.map(({ id }) => id)),
	);
});
