import type { Answer } from '../../../../nodes/cloud/api/answer';
import type { SessionSettings } from '../../../../nodes/cloud/session/session';
import { resolveNames } from '../../../../nodes/n8n/server/names';
import type { Refused, Target } from '../../../../nodes/n8n/server/targets';
import { answered, KEYSTONE_401, nova } from '../../answers';
import { fleet, idOf, project, server, type ServerJson } from '../../servers';
import { FakeCloud } from '../../session';

async function resolve(
	servers: ServerJson[] | Answer,
	targets: Parameters<typeof resolveNames>[1],
	settings: Partial<SessionSettings> = {},
) {
	const cloud = new FakeCloud(Array.isArray(servers) ? project(servers) : () => servers, settings);
	return { cloud, found: await cloud.clock.until(resolveNames(cloud.session, targets)) };
}

/** What a look-up gives that takes no time. */
const foundAt = (index: number, name = `web-${index}`): Target => ({
	kind: 'known',
	serverId: idOf(index),
	name,
	spentMs: 0,
});
const named = (name: string): Target => ({ kind: 'named', name });
const known = (index: number): Target => ({ kind: 'known', serverId: idOf(index) });

async function failureOf(servers: ServerJson[] | Answer, name: string) {
	const { found } = await resolve(servers, [named(name)]);
	expect((found[0] as Refused).given).toBe(name);
	return (found[0] as Refused).failure;
}

test('a name means the one server that has it', async () => {
	const { cloud, found } = await resolve(fleet(12), [named('web-7')]);
	expect(found).toEqual([foundAt(7)]);
	expect(cloud.queries('name')).toEqual([{ name: 'web-7' }]);
});

test('the name is exact: web-1 is neither web-10 nor Web-1', async () => {
	const servers = [
		server(10),
		server(2, { name: 'Web-1' }),
		server(1),
		server(3, { name: ' web-1' }),
	];
	expect((await resolve(servers, [named('web-1')])).found).toEqual([foundAt(1)]);
});

test.each(['web (old)', 'müller', 'a*', 'web 1'])('%j may be a name', async (name) => {
	const servers = [server(1, { name: 'web old' }), server(2, { name })];
	expect((await resolve(servers, [named(name)])).found).toEqual([foundAt(2, name)]);
});

test('each name is looked up once, however many items give it', async () => {
	const targets = Array.from({ length: 100 }, (_, index) => named(`web-${1 + (index % 2)}`));
	const { cloud, found } = await resolve(fleet(5), targets);
	expect(found).toEqual(targets.map((_, index) => foundAt(1 + (index % 2))));
	expect(cloud.requests).toHaveLength(2);
});

describe('many different names', () => {
	const names = (count: number) => Array.from({ length: count }, (_, index) => `web-${index + 1}`);
	const allNamed = (count: number) => names(count).map(named);

	test('up to ten are looked up one by one, by the cloud', async () => {
		const { cloud, found } = await resolve(fleet(50), allNamed(10));
		expect(found).toEqual(names(10).map((_, index) => foundAt(index + 1)));
		expect(cloud.queries('name')).toEqual(names(10).map((name) => ({ name })));
	});

	test('more are found in one look at the whole project', async () => {
		const { cloud, found } = await resolve(fleet(50), allNamed(11));
		expect(found).toEqual(names(11).map((_, index) => foundAt(index + 1)));
		expect(cloud.queries('name', 'limit')).toEqual([{ limit: '1000' }]);
	});

	test('the same name does not count again', async () => {
		const { cloud } = await resolve(fleet(50), [...allNamed(10), ...allNamed(10)]);
		expect(cloud.requests).toHaveLength(10);
	});

	test('500 of 5,000 servers take as many calls as the project has pages', async () => {
		const { cloud, found } = await resolve(fleet(5_000), allNamed(500));
		expect(found).toHaveLength(500);
		expect(cloud.requests).toHaveLength(6);
	});

	test('each fails alone: unknown, ambiguous', async () => {
		const servers = [...fleet(20), server(21, { name: 'db' }), server(22, { name: 'db' })];
		const { found } = await resolve(servers, [...allNamed(10), named('db'), named('nobody')]);
		expect(found.slice(0, 10)).toEqual(names(10).map((_, index) => foundAt(index + 1)));
		expect(found.slice(10)).toMatchObject([
			{ given: 'db', failure: { reason: 'ambiguousName' } },
			{ given: 'nobody', failure: { reason: 'notFound' } },
		]);
	});

	test('where the cloud lists nothing, each item says so of its own name', async () => {
		const { cloud, found } = await resolve(answered(403, nova(403, 'forbidden')), allNamed(11));
		expect(found).toMatchObject(
			names(11).map((name) => ({
				given: name,
				failure: { reason: 'forbidden', message: expect.stringContaining(`'${name}'`) as string },
			})),
		);
		expect(cloud.requests).toHaveLength(1);
	});
});

test('items that need no look-up stay as they are, in order', async () => {
	const refused: Target = {
		kind: 'refused',
		given: 'x',
		failure: { reason: 'invalidInput', message: 'No', hint: 'Fill it in' },
	};
	const { found } = await resolve(fleet(5), [refused, known(9), named('web-3'), refused]);
	expect(found).toEqual([refused, known(9), foundAt(3), refused]);
});

test('nothing is sent where no item gives a name', async () => {
	expect((await resolve(fleet(5), [known(1)])).cloud.requests).toEqual([]);
});

test('a server far back in a large project is found', async () => {
	const { found } = await resolve(fleet(2_500), [named('web-2500')]);
	expect(found).toEqual([foundAt(2_500)]);
});

describe('how long a look-up took goes with the server, out of its Wait Timeout', () => {
	async function resolveSlowly(targets: Parameters<typeof resolveNames>[1], servers = fleet(20)) {
		const cloud = FakeCloud.taking(4_000, project(servers));
		return await cloud.clock.until(resolveNames(cloud.session, targets));
	}

	test('over all pages', async () => {
		expect(await resolveSlowly([named('web-2500')], fleet(2_500))).toEqual([
			{ ...foundAt(2_500), spentMs: 12_000 },
		]);
	});

	test('the time of a look at the whole project, for many names', async () => {
		const names = Array.from({ length: 11 }, (_, index) => named(`web-${index + 1}`));
		expect(await resolveSlowly(names)).toEqual(
			names.map((_, index) => ({ ...foundAt(index + 1), spentMs: 4_000 })),
		);
	});

	test('but a server that was given by its ID has all its time', async () => {
		const [, byId] = await resolveSlowly([named('web-1'), known(2)]);
		expect(byId).toEqual(known(2));
	});
});

test('no server has the name: notFound, and what to check', async () => {
	const failure = await failureOf(fleet(12), 'web');
	expect(failure.reason).toBe('notFound');
	expect(failure.message).toContain("'web'");
	expect(failure.hint).toMatch(/complete/);
});

describe('no server has the name, but others are near', () => {
	const messageOf = async (servers: ServerJson[], name: string) =>
		(await failureOf(servers, name)).message;

	test('those that the cloud finds by it are named', async () => {
		const servers = [server(10), server(2, { name: 'db-1' }), server(1)];
		expect(await messageOf(servers, 'web')).toBe(
			"No server of the project is named 'web'. Similar names: 'web-1', 'web-10'",
		);
	});

	test('the first five are named, and the rest is counted', async () => {
		expect(await messageOf(fleet(12), 'web')).toMatch(/'web-5', and 7 more$/);
	});

	test('where the cloud finds none by it, one look at the whole project does, for all names', async () => {
		const names = ['web 1', 'Server db-1', 'nobody'].map(named);
		const servers = [server(1), server(2, { name: 'db-1' })];
		const { cloud, found } = await resolve(servers, names);
		expect(found.map((one) => (one as Refused).failure.message)).toEqual([
			"No server of the project is named 'web 1'. Similar names: 'web-1'",
			"No server of the project is named 'Server db-1'. Similar names: 'db-1'",
			"No server of the project is named 'nobody'",
		]);
		expect(cloud.requests).toHaveLength(3 + 1);
	});

	test('a name that is there in other letters is near', async () => {
		expect(await messageOf([server(1, { name: 'Web-1' })], 'web-1')).toMatch(/: 'Web-1'$/);
	});

	test('the look at the whole project has what is left of Wait Timeout', async () => {
		const cloud = FakeCloud.taking(4_000, project(fleet(5)), { waitTimeoutMs: 6_000 });
		const [target] = await cloud.clock.until(resolveNames(cloud.session, [named('nobody')]));
		expect((target as Refused).failure.message).toBe("No server of the project is named 'nobody'");
		expect(cloud.clock.now()).toBe(6_000);
	});

	test('a server that is found costs no such look', async () => {
		const { cloud } = await resolve(fleet(5), [named('web-1')]);
		expect(cloud.requests).toHaveLength(1);
	});
});

test('several have it: ambiguousName, with the ID of each', async () => {
	const failure = await failureOf([server(1, { name: 'db' }), server(2, { name: 'db' })], 'db');
	expect(failure.reason).toBe('ambiguousName');
	expect(failure.message).toBe(`2 servers are named 'db': ${idOf(1)}, ${idOf(2)}`);
	expect(failure.hint).toContain('By ID');
});

test('very many have it: the first ten IDs', async () => {
	const same = fleet(2_000).map((one) => ({ ...one, name: 'db' }));
	const { message } = await failureOf(same, 'db');
	expect(message).toContain('2000 servers');
	expect(message).toContain(idOf(10));
	expect(message).not.toContain(idOf(11));
	expect(message).toContain('…');
});

test.each([
	['forbidden', answered(403, nova(403, 'forbidden', 'no')), /ecs:servers:list/],
	['unauthorized', answered(401, KEYSTONE_401), /token/],
	['unavailable', answered(503), /later/],
] as const)('the cloud lists nothing (%s): that item says why', async (reason, answer, hint) => {
	const failure = await failureOf(answer, 'web-1');
	expect(failure.reason).toBe(reason);
	expect(failure.message).toContain("'web-1'");
	expect(failure.hint).toMatch(hint);
});

test('no answer comes in time: that item says so, and what to do', async () => {
	const silent = async () => await new Promise<Answer>(() => {});
	const cloud = new FakeCloud(silent, { waitTimeoutMs: 20_000 });
	const [target] = await cloud.clock.until(resolveNames(cloud.session, [named('web-1')]));
	const { failure } = target as Refused;
	expect(failure.message).toContain("'web-1'");
	expect(failure).toMatchObject({
		reason: 'timedOut',
		hint: expect.stringMatching(/\w/) as string,
	});
});
