import type { Answer } from '../../../../../nodes/cloud/api/answer';
import { answered, HTML_502, KEYSTONE_401, lost, nova } from '../../../answers';
import { settle } from '../../../virtual-clock';
import { DATE, idOf, MINUTES_5, Project, range } from './project';

describe('when it looks', () => {
	test('what was sent before a server was asked for tells nothing of it', async () => {
		const project = new Project().fill(3);
		const before = range(1, 3).map((id) => ({ id, status: 'SHUTOFF' }));
		project.instead = async ({ at }) => {
			if (at !== 1_000) return undefined;
			await project.clock.sleep(500, project.cancel.signal);
			return answered(200, { servers: before });
		};
		project.look(range(1, 2));
		await project.clock.run(1_200);

		project.look([idOf(3)], { soon: true });
		await project.clock.run(300);
		expect(project.seen(range(1, 3))).toEqual(['SHUTOFF', 'SHUTOFF', 'waiting']);

		project.change([idOf(3)], 'ACTIVE');
		await project.clock.run(1_000);
		expect(project.seen([idOf(3)])).toEqual(['ACTIVE']);
		expect(project.newCalls()).toEqual(['1 list', '2 read']);
	});

	test('for the first time after a second, then at every poll interval', async () => {
		const project = new Project().fill(1);
		for (let look = 0; look < 3; look += 1) {
			project.look([idOf(1)]);
			await project.clock.run(look === 0 ? 1_000 : 5_000);
		}
		expect(project.newCalls()).toEqual(['1 read', '6 read', '11 read']);
	});

	test('not before', async () => {
		const project = new Project().fill(1);
		project.look([idOf(1)]);
		await project.clock.run(999);
		expect(project.newCalls()).toEqual([]);
		expect(project.seen([idOf(1)])).toEqual(['waiting']);
	});

	test('a second after the last of many that are asked for one by one, and then at every poll interval', async () => {
		const project = new Project().fill(60);
		for (const id of range(1, 60)) {
			project.look([id]);
			await project.clock.run(100);
		}
		await project.clock.run(1_000);
		expect(project.seen(range(1, 60))).not.toContain('waiting');
		project.look(range(1, 60));
		await project.clock.run(5_000);
		expect(project.newCalls()).toEqual(['6.9 list', '11.9 list']);
	});

	test.each([
		[60_000, 20],
		[5_000, 20],
		[1_000, 4],
	])(
		'no later than four polls of %i ms, or 20 seconds, however long the asking goes on: after %i s',
		async (interval, seconds) => {
			const project = new Project(interval).fill(300);
			for (const id of range(1, 300)) {
				project.look([id]);
				await project.clock.run(100);
			}
			expect(project.calls[0].at).toBe(seconds * 1_000);
		},
	);

	test('for two that are asked for one after the other no later than the later of them alone', async () => {
		const project = new Project().fill(2);
		project.look([idOf(1)]);
		await project.clock.run(900);
		project.look([idOf(2)]);
		await project.clock.run(1_000);
		expect(project.newCalls()).toEqual(['1.9 list']);
	});

	test('a second after it was asked for, though it was looked at just before', async () => {
		const project = new Project().fill(1);
		project.look([idOf(1)], { soon: true, isFirst: true });
		await project.clock.run(500);
		project.look([idOf(1)]);
		await project.clock.run(1_000);
		project.look([idOf(1)]);
		await project.clock.run(5_000);
		expect(project.newCalls()).toEqual(['0 read', '1.5 read', '6.5 read']);
	});

	test('in time for the last looks of the first, though others go on asking', async () => {
		const project = new Project().fill(100);
		project.look([idOf(1)], { deadline: 4_000 });
		for (const id of range(2, 100)) {
			await project.clock.run(100);
			project.look([id]);
		}
		expect(project.calls[0].at).toBe(2_000);
	});

	test.each([1_000, 60_000])('as often as Check Every says (%i ms)', async (interval) => {
		const project = new Project(interval).fill(1);
		for (let look = 0; look < 3; look += 1) {
			project.look([idOf(1)]);
			await project.clock.run(look === 0 ? 1_000 : interval);
		}
		expect(project.calls.map(({ at }) => at)).toEqual([
			1_000,
			1_000 + interval,
			1_000 + 2 * interval,
		]);
	});

	test('at once after a refusal', async () => {
		const project = new Project().fill(1);
		await project.clock.run(60_000);
		project.look([idOf(1)], { soon: true });
		await project.clock.run(0);
		expect(project.seen([idOf(1)])).toEqual(['SHUTOFF']);
	});

	test('never twice within a second, however many refusals come', async () => {
		const project = new Project().fill(20);
		for (const id of range(1, 20)) {
			project.look([id], { soon: true });
			await project.clock.run(100);
		}
		await project.clock.run(1_000);
		expect(project.newCalls().length).toBeLessThanOrEqual(4);
		expect(project.seen(range(1, 20))).not.toContain('waiting');
	});

	test('two last times before the time of a server is up: two seconds, and half a second', async () => {
		const project = new Project(60_000).fill(1);
		project.look([idOf(1)]);
		await project.clock.run(1_000);
		project.look([idOf(1)], { deadline: 20_000 });
		await project.clock.run(17_500);
		project.look([idOf(1)], { deadline: 20_000 });
		await project.clock.run(1_500);
		expect(project.newCalls()).toEqual(['1 read', '18 read', '19.5 read']);
	});

	test('each read may take 30 seconds', async () => {
		const project = new Project().fill(1);
		project.look([idOf(1)]);
		await project.clock.run(1_000);
		expect(project.calls[0].timeoutMs).toBe(30_000);
	});
});

describe('the cheaper way', () => {
	test('one server alone: a single read', async () => {
		const project = new Project().fill(500);
		project.look([idOf(7)]);
		await project.clock.run(1_000);
		expect(project.newCalls()).toEqual(['1 read']);
		expect(project.seen([idOf(7)])).toEqual(['SHUTOFF']);
	});

	test('many servers: one list call for each poll', async () => {
		const project = new Project().fill(500);
		const waited = range(1, 100);
		for (let poll = 0; poll < 4; poll += 1) {
			project.look(waited);
			await project.clock.run(poll === 0 ? 1_000 : 5_000);
			expect(project.seen(waited)).not.toContain('waiting');
		}
		expect(project.newCalls()).toEqual(['1 list', '6 list', '11 list', '16 list']);
	});

	test('a list page is as long as clouds allow', async () => {
		const project = new Project().fill(5);
		project.look(range(1, 5));
		await project.clock.run(1_000);
		expect(project.calls[0].request.query).toMatchObject({ limit: '1000' });
	});

	test('many servers on several pages: no page more than needed', async () => {
		const project = new Project().fill(2500);
		project.look(range(1, 1500));
		await project.clock.run(1_000);
		expect(project.newCalls()).toEqual(['1 list', '1 list']);
		expect(project.seen(range(1, 1500))).not.toContain('waiting');
	});

	test('few servers in a big project: those that changed, and the others singly', async () => {
		const project = new Project().fill(20_000);
		project.cloudTime.note(answered(202, '', { date: DATE }), 0);
		const waited = [idOf(19_998), idOf(19_999), idOf(20_000)];
		project.change(waited.slice(0, 2), 'ACTIVE');
		project.look(waited);
		await project.clock.run(1_000);
		expect(project.seen(waited)).toEqual(['ACTIVE', 'ACTIVE', 'SHUTOFF']);
		expect(project.newCalls()).toEqual(['1 changed', '1 read']);
		expect(project.calls[0].request.query).toMatchObject({
			'changes-since': '2026-11-25T09:59:00Z',
		});
	});

	test('few servers in a big project, none of which changed: not through all its pages', async () => {
		const project = new Project().fill(20_000);
		project.cloudTime.note(answered(202, '', { date: DATE }), 0);
		const waited = range(19_991, 20_000);
		project.look(waited);
		await project.clock.run(1_000);
		expect(project.newCalls().length).toBeLessThanOrEqual(22);
		for (let poll = 0; poll < 3; poll += 1) {
			project.look(waited);
			await project.clock.run(5_000);
			expect(project.seen(waited)).not.toContain('waiting');
			expect(project.newCalls().length).toBeLessThanOrEqual(11);
		}
	});

	test('a cloud that ignores changes-since and answers with all: still right', async () => {
		const project = new Project().fill(300);
		for (const id of range(1, 300)) project.changed.add(id);
		project.cloudTime.note(answered(202, '', { date: DATE }), 0);
		project.look(range(100, 200));
		await project.clock.run(1_000);
		expect(project.newCalls()).toEqual(['1 changed']);
		expect(project.seen(range(100, 200))).not.toContain('waiting');
	});

	test('a server that no list shows is read singly: gone', async () => {
		const project = new Project().fill(10);
		const waited = [...range(1, 10), idOf(77)];
		project.look(waited);
		await project.clock.run(1_000);
		expect(project.seen([idOf(77)])).toEqual(['gone']);
		expect(project.newCalls()).toEqual(['1 list', '1 read']);
	});

	test('a server that is listed as deleted is seen as such', async () => {
		const project = new Project().fill(3, 'ACTIVE');
		project.cloudTime.note(answered(202, '', { date: DATE }), 0);
		project.change(range(1, 3), 'DELETED');
		project.look(range(1, 3));
		await project.clock.run(1_000);
		expect(project.seen(range(1, 3))).toEqual(['DELETED', 'DELETED', 'DELETED']);
	});

	test('who asks for a look while a list is under way has its turn at the next', async () => {
		const project = new Project().fill(3);
		let reply: (answer: Answer) => void = () => {};
		project.instead = () => new Promise((resolve) => (reply = resolve));
		project.look(range(1, 2));
		await project.clock.run(1_000);
		project.look([idOf(3)], { soon: true });
		await project.clock.run(10_000);
		expect(project.newCalls()).toEqual(['1 list']);
		project.instead = () => undefined;
		reply(answered(200, { servers: range(1, 2).map((id) => ({ id, status: 'ACTIVE' })) }));
		await project.clock.run(0);
		expect(project.seen(range(1, 3))).toEqual(['ACTIVE', 'ACTIVE', 'SHUTOFF']);
	});
});

describe('paging stops', () => {
	test('on an empty page', async () => {
		const project = new Project().fill(1000);
		project.look([...range(1, 10), ...range(5_001, 5_010)]);
		await project.clock.run(1_000);
		expect(project.newCalls().filter((call) => call.endsWith('list'))).toHaveLength(2);
	});

	test('on an empty page that says there is more', async () => {
		const project = new Project();
		project.instead = ({ what }) =>
			what === 'list'
				? answered(200, { servers: [], servers_links: [{ rel: 'next', href: 'x' }] })
				: undefined;
		project.look(range(1, 20));
		await project.clock.run(1_000);
		expect(project.newCalls().filter((call) => call.endsWith('list'))).toHaveLength(1);
		expect(project.seen([idOf(1)])).toEqual(['gone']);
	});

	test('on a marker that comes again: a cloud that ignores it', async () => {
		const project = new Project();
		project.instead = ({ what }) =>
			what === 'list'
				? answered(200, {
						servers: [{ id: idOf(1), status: 'ACTIVE' }],
						servers_links: [{ rel: 'next', href: 'x' }],
					})
				: undefined;
		project.look(range(1, 20));
		await project.clock.run(1_000);
		expect(project.newCalls().filter((call) => call.endsWith('list'))).toHaveLength(2);
		expect(project.seen([idOf(1), idOf(2)])).toEqual(['ACTIVE', 'gone']);
	});

	test('when all are found, and goes on from the last id of a page', async () => {
		const project = new Project().fill(10);
		project.pageSize = 3;
		project.look(range(1, 5));
		await project.clock.run(1_000);
		expect(project.calls.map(({ request }) => request.query?.marker)).toEqual([undefined, idOf(3)]);
	});
});

describe('the microversion', () => {
	const asked = ({ calls }: Project) =>
		calls.map(({ request }) => request.headers?.['X-OpenStack-Nova-API-Version']);

	test('2.26 shows locks and tags', async () => {
		const project = new Project().fill(3);
		project.look([idOf(1)]);
		await project.clock.run(1_000);
		project.look(range(1, 3));
		await project.clock.run(5_000);
		expect(asked(project)).toEqual(['2.26', '2.26']);
	});

	test('is dropped for good where the cloud does not know it (406)', async () => {
		const project = new Project().fill(3);
		project.instead = ({ request }) =>
			request.headers?.['X-OpenStack-Nova-API-Version']
				? answered(406, nova(406, 'computeFault', 'Version 2.26 is not supported by the API.'))
				: undefined;
		project.look([idOf(1)]);
		await project.clock.run(1_000);
		expect(project.seen([idOf(1)])).toEqual(['SHUTOFF']);
		project.look(range(1, 3));
		await project.clock.run(5_000);
		expect(project.seen(range(1, 3))).toEqual(['SHUTOFF', 'SHUTOFF', 'SHUTOFF']);
		expect(asked(project)).toEqual(['2.26', undefined, undefined]);
	});
});

describe('what the cloud refuses', () => {
	test.each([403, 404, 405, 400])('lists (%i): single reads from then on', async (status) => {
		const project = new Project().fill(3);
		project.instead = ({ what }) => (what === 'read' ? undefined : answered(status));
		project.look(range(1, 3));
		await project.clock.run(1_000);
		expect(project.seen(range(1, 3))).toEqual(['SHUTOFF', 'SHUTOFF', 'SHUTOFF']);
		expect(project.newCalls()).toEqual(['1 list', '1 read', '1 read', '1 read']);
		project.look(range(1, 3));
		await project.clock.run(5_000);
		expect(project.newCalls()).toEqual(['6 read', '6 read', '6 read']);
	});

	test('lists and reads (403): refused, with what the cloud said', async () => {
		const project = new Project().fill(3);
		project.instead = () => answered(403, nova(403, 'forbidden', "Policy doesn't allow it"));
		project.look(range(1, 3));
		await project.clock.run(1_000);
		expect(project.looks.get(idOf(2))).toMatchObject({
			kind: 'refused',
			reason: 'forbidden',
			fault: { httpStatus: 403, message: "Policy doesn't allow it" },
		});
	});

	test.each([1, 3])('the credential (401): refused for all %i', async (count) => {
		const project = new Project().fill(count);
		project.instead = () => answered(401, KEYSTONE_401);
		project.look(range(1, count));
		await project.clock.run(1_000);
		for (const id of range(1, count)) {
			expect(project.looks.get(id)).toMatchObject({ kind: 'refused', reason: 'unauthorized' });
		}
		expect(project.calls).toHaveLength(1);
	});

	test('a server that does not exist (404): gone', async () => {
		const project = new Project();
		project.look([idOf(1)]);
		await project.clock.run(1_000);
		expect(project.looks.get(idOf(1))).toEqual({ kind: 'gone' });
	});
});

describe('a failed look before anything is asked', () => {
	test('is repeated at the next poll, and those that are asked for meanwhile are looked at after a second', async () => {
		const project = new Project().fill(2);
		project.instead = ({ at }) => (at < 4_000 ? answered(502, HTML_502) : undefined);
		project.look([idOf(1)], { soon: true, isFirst: true });
		await project.clock.run(2_000);
		project.look([idOf(2)]);
		await project.clock.run(9_000);
		expect(project.calls.map(({ at }) => at / 1_000)).toEqual([0, 3, 5, 8]);
	});
});

describe('a failed poll', () => {
	const FAILURES: Array<[string, Answer]> = [
		['500', answered(500)],
		['502', answered(502, HTML_502)],
		['503', answered(503)],
		['429', answered(429)],
		['a reset connection', lost('ECONNRESET')],
		['a time-out', lost('ECONNABORTED')],
		['200 with HTML', answered(200, HTML_502)],
		['200 with nothing', answered(200)],
	];

	test.each(FAILURES)('of one server is repeated: %s', async (_, answer) => {
		const project = new Project().fill(1);
		project.instead = () => (project.clock.now() < 5_000 ? answer : undefined);
		project.look([idOf(1)]);
		await project.clock.run(2_000);
		expect(project.seen([idOf(1)])).toEqual(['waiting']);
		await project.clock.run(10_000);
		expect(project.seen([idOf(1)])).toEqual(['SHUTOFF']);
		expect(project.calls).toHaveLength(2);
	});

	test.each(FAILURES.slice(0, 6))(
		'of many servers is repeated, without a flood of single reads: %s',
		async (_, answer) => {
			const project = new Project().fill(100);
			project.instead = () => (project.clock.now() < 5_000 ? answer : undefined);
			project.look(range(1, 100));
			await project.clock.run(2_000);
			expect(project.seen([idOf(1)])).toEqual(['waiting']);
			await project.clock.run(10_000);
			expect(project.seen(range(1, 100))).not.toContain('waiting');
			const calls = project.newCalls();
			expect(calls.filter((call) => call.endsWith('list'))).toEqual(['1 list', '6 list']);
			expect(calls.length).toBeLessThanOrEqual(3);
		},
	);

	test('is no list and one read each time, of another server, while a cloud is out', async () => {
		const project = new Project().fill(100);
		project.instead = () => answered(500);
		project.look(range(1, 100));
		await project.clock.run(120_000);
		const reads = project.calls.filter(({ what }) => what === 'read');
		expect(new Set(reads.map(({ request }) => request.path)).size).toBe(reads.length);
		expect(project.calls.length).toBeLessThanOrEqual(2 * 24);
	});

	test('that asked for too much (429) is followed by no read', async () => {
		const project = new Project().fill(100);
		project.instead = () => (project.clock.now() < 5_000 ? answered(429) : undefined);
		project.look(range(1, 100));
		await project.clock.run(10_000);
		expect(project.newCalls()).toEqual(['1 list', '6 list']);
	});

	test('in the middle of the pages shows whom it had shown, and reads the rest singly', async () => {
		const project = new Project().fill(10);
		project.pageSize = 5;
		project.instead = ({ request }) =>
			request.query?.marker && project.clock.now() < 5_000 ? answered(500) : undefined;
		project.look(range(1, 10));
		await project.clock.run(1_000);
		expect(project.seen(range(1, 10))).not.toContain('waiting');
		expect(project.newCalls()).toHaveLength(2 + 5);
	});

	test.each([
		['a body of another kind', { servers: 'none' }],
		['things that are no servers', { servers: [null, 7, { id: 1 }, { id: 'x' }] }],
		['links of another kind', { servers: [], servers_links: 'next' }],
	])('a list with %s: single reads', async (_, body) => {
		const project = new Project().fill(3);
		project.instead = ({ what }) => (what === 'list' ? answered(200, body) : undefined);
		project.look(range(1, 3));
		await project.clock.run(1_000);
		expect(project.seen(range(1, 3))).toEqual(['SHUTOFF', 'SHUTOFF', 'SHUTOFF']);
	});
});

describe('lists fail while single reads work', () => {
	const FAILURES: Array<[string, Answer]> = [
		['500', answered(500)],
		['504', answered(504)],
		['no answer in time', lost('ETIMEDOUT')],
	];

	test.each(FAILURES)('all servers are seen at the same poll: %s', async (_, answer) => {
		const project = new Project().fill(12);
		project.instead = ({ what }) => (what === 'read' ? undefined : answer);
		project.look(range(1, 12));
		await project.clock.run(1_000);
		expect(project.seen(range(1, 12))).not.toContain('waiting');
		expect(project.newCalls()).toHaveLength(1 + 12);
	});

	test.each([1, 2, 3])('and though %i of them cannot be read, the others are', async (bad) => {
		const project = new Project().fill(12);
		const broken = range(1, bad);
		project.instead = ({ what, request }) =>
			what === 'read' && !broken.some((id) => request.path.endsWith(id))
				? undefined
				: answered(500);
		project.look(range(1, 12));
		await project.clock.run(120_000);
		expect(project.seen(range(1, 12)).filter((status) => status === 'SHUTOFF')).toHaveLength(
			12 - broken.length,
		);
	});

	test('they are given up where they fail on, as they cost more than they show', async () => {
		const project = new Project().fill(12);
		project.instead = ({ what }) => (what === 'read' ? undefined : answered(500));
		for (let poll = 0; poll < 6; poll += 1) {
			project.look(range(1, 12));
			await project.clock.run(5_000);
		}
		expect(project.calls.filter(({ what }) => what === 'list')).toHaveLength(2);
	});

	test('a page that took too long is asked for shorter at the next poll', async () => {
		const project = new Project().fill(50);
		project.pageSize = 100;
		project.instead = ({ what, request }) =>
			what === 'list' && Number(request.query?.limit) > 100 ? answered(504) : undefined;
		for (let poll = 0; poll < 3; poll += 1) {
			project.look(range(1, 50));
			await project.clock.run(5_000);
		}
		const lists = project.calls.filter(({ what }) => what === 'list');
		expect(lists.map(({ request }) => request.query?.limit)).toEqual(['1000', '100', '100']);
	});
});

describe('a server deleted between two pages', () => {
	test('the list begins again, and is not given up', async () => {
		const project = new Project().fill(10);
		project.pageSize = 4;
		const marker = (id: string) =>
			answered(400, nova(400, 'badRequest', `marker [${id}] not found`));
		let deleted = 0;
		project.instead = ({ what, request }) => {
			const after = request.query?.marker;
			if (what !== 'list' || after === undefined || deleted === 1) return undefined;
			deleted += 1;
			project.servers.delete(after);
			return marker(after);
		};
		project.look(range(1, 10));
		await project.clock.run(1_000);
		expect(project.seen(range(1, 10)).filter((kind) => kind === 'SHUTOFF')).toHaveLength(10);

		project.look(range(1, 10));
		await project.clock.run(5_000);
		expect(project.seen([idOf(4), idOf(10)])).toEqual(['gone', 'SHUTOFF']);
		expect(project.calls.filter(({ at, what }) => at > 1_000 && what === 'list')).not.toEqual([]);
	});

	test('again and again: the rest is read singly, and lists go on at the next poll', async () => {
		const project = new Project().fill(10);
		project.pageSize = 4;
		project.instead = ({ request }) =>
			request.query?.marker && project.clock.now() < 5_000 ? answered(400) : undefined;
		project.look(range(1, 10));
		await project.clock.run(1_000);
		expect(project.seen(range(1, 10))).not.toContain('waiting');
		project.newCalls();
		project.look(range(1, 10));
		await project.clock.run(5_000);
		expect(project.newCalls().slice(0, 2)).toEqual(['6 list', '6 list']);
	});
});

describe('time is up', () => {
	test('at the deadline, even while a read hangs', async () => {
		const project = new Project().fill(1);
		project.instead = () => new Promise<Answer>(() => {});
		project.look([idOf(1)], { deadline: 20_000 });
		await project.clock.run(19_999);
		expect(project.seen([idOf(1)])).toEqual(['waiting']);
		await project.clock.run(1);
		expect(project.looks.get(idOf(1))).toEqual({ kind: 'tooLate', fault: undefined });
		expect(project.clock.timers).toBe(0);
	});

	test('each at its own, while a list hangs', async () => {
		const project = new Project().fill(10);
		project.instead = () => new Promise<Answer>(() => {});
		project.look(range(1, 5), { deadline: 10_000 });
		project.look(range(6, 10), { deadline: 20_000 });
		await project.clock.run(10_000);
		expect(project.seen([idOf(1), idOf(6)])).toEqual(['tooLate', 'waiting']);
		await project.clock.run(10_000);
		expect(project.seen([idOf(6)])).toEqual(['tooLate']);
	});

	test('with what the last look met', async () => {
		const project = new Project().fill(1);
		project.instead = () => answered(502, HTML_502);
		project.look([idOf(1)], { deadline: 20_000 });
		await project.clock.run(20_000);
		expect(project.looks.get(idOf(1))).toMatchObject({
			kind: 'tooLate',
			fault: { httpStatus: 502 },
		});
	});

	test('while the cloud pauses us', async () => {
		const project = new Project().fill(1);
		project.instead = () => answered(429, '', { 'retry-after': '3600' });
		project.look([idOf(1)], { deadline: 20_000 });
		await project.clock.run(20_000);
		expect(project.seen([idOf(1)])).toEqual(['tooLate']);
		expect(project.calls).toHaveLength(1);
	});

	test('who comes with no time left hears so at once', async () => {
		const project = new Project().fill(1);
		await project.clock.run(10_000);
		project.look([idOf(1)], { deadline: 10_000 });
		await project.clock.run(0);
		expect(project.seen([idOf(1)])).toEqual(['tooLate']);
		expect(project.calls).toHaveLength(0);
	});

	test('the answer of the read that hung is ignored, and others are served on', async () => {
		const project = new Project().fill(2);
		let reply: (answer: Answer) => void = () => {};
		project.instead = ({ at }) =>
			at < 10_000 ? new Promise((resolve) => (reply = resolve)) : undefined;
		project.look([idOf(1)], { deadline: 10_000 });
		await project.clock.run(10_000);
		project.look([idOf(2)]);
		reply(answered(200, { server: { id: idOf(1), status: 'ACTIVE' } }));
		await project.clock.run(5_000);
		expect(project.seen([idOf(1), idOf(2)])).toEqual(['tooLate', 'SHUTOFF']);
	});
});

describe('cancellation', () => {
	test('before the first look: nothing is sent, nothing settles, no timer is left', async () => {
		const project = new Project().fill(10);
		project.look(range(1, 10));
		await project.clock.run(500);
		project.cancel.abort();
		await settle();
		expect(project.clock.timers).toBe(0);
		await project.clock.run(MINUTES_5);
		expect(project.calls).toEqual([]);
		expect(project.looks.size).toBe(0);
	});

	test('while a poll is under way', async () => {
		const project = new Project().fill(10);
		let reply: (answer: Answer) => void = () => {};
		project.instead = () => new Promise((resolve) => (reply = resolve));
		project.look(range(1, 10));
		await project.clock.run(1_000);
		project.cancel.abort();
		reply(answered(500));
		await project.clock.run(MINUTES_5);
		expect(project.calls).toHaveLength(1);
		expect(project.looks.size).toBe(0);
		expect(project.clock.timers).toBe(0);
	});

	test('a look after it never settles', async () => {
		const project = new Project().fill(1);
		project.cancel.abort();
		project.look([idOf(1)]);
		await project.clock.run(MINUTES_5);
		expect(project.looks.size).toBe(0);
		expect(project.clock.timers).toBe(0);
	});
});

test('no timer is left when everybody was served', async () => {
	const project = new Project().fill(10);
	project.look(range(1, 10));
	await project.clock.run(1_000);
	expect(project.looks.size).toBe(10);
	expect(project.clock.timers).toBe(0);
});
