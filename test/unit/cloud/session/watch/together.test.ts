/** Several executions of one account look at servers together. */
import { answered, nova } from '../../../answers';
import { settle } from '../../../virtual-clock';
import { DATE, idOf, Project, range } from './project';

const NEVER = async () => await new Promise<never>(() => undefined);

/** A project of 100 servers, and executions that look at it. */
function three() {
	const project = new Project().fill(100);
	return {
		project,
		a: project.execution('a'),
		b: project.execution('b'),
		c: project.execution('c'),
	};
}

describe('what one list shows', () => {
	test('all executions see', async () => {
		const { project, a, b, c } = three();
		a.look([idOf(1)]);
		b.look([idOf(2)]);
		c.look([idOf(3)]);
		await project.clock.run(1_000);
		expect([a.seen([idOf(1)]), b.seen([idOf(2)]), c.seen([idOf(3)])].flat()).toEqual(
			Array(3).fill('SHUTOFF'),
		);
		expect(project.calls).toHaveLength(1);
	});

	test('both see of a server that both wait for', async () => {
		const { project, a, b } = three();
		for (const one of [a, b]) one.look([idOf(7)]);
		await project.clock.run(1_000);
		expect([a.seen([idOf(7)]), b.seen([idOf(7)])].flat()).toEqual(['SHUTOFF', 'SHUTOFF']);
		expect(project.calls).toHaveLength(1);
	});

	test('a late comer sees at the next poll of all', async () => {
		const { project, a, b } = three();
		a.look(range(1, 5));
		await project.clock.run(1_000);
		a.look(range(1, 5));
		await project.clock.run(2_000);
		b.look([idOf(9)]);
		await project.clock.run(3_000);
		expect(b.seen([idOf(9)])).toEqual(['SHUTOFF']);
		expect(project.newCalls().map((call) => call.slice(0, 6))).toEqual(['1 list', '6 list']);
	});

	test('what was sent before a late comer asked tells it nothing', async () => {
		const { project, a, b } = three();
		project.instead = async ({ at }) => {
			if (at > 1_000) return undefined;
			await project.clock.sleep(500, project.cancel.signal);
			return answered(200, { servers: range(1, 100).map((id) => ({ id, status: 'SHUTOFF' })) });
		};
		a.look(range(1, 5));
		await project.clock.run(1_200);
		b.look([idOf(9)], { soon: true });
		project.change([idOf(9)], 'ACTIVE');
		await project.clock.run(400);
		expect(b.seen([idOf(9)])).toEqual(['waiting']);
		await project.clock.run(1_000);
		expect(b.seen([idOf(9)])).toEqual(['ACTIVE']);
	});

	test('reaches back to the execution that began first', async () => {
		const { project, a, b } = three();
		a.cloudTime.note(answered(200, '', { date: DATE }), 0);
		b.cloudTime.note(answered(200, '', { date: 'Wed, 25 Nov 2026 11:00:00 GMT' }), 3_600_000);
		b.look([idOf(1)]);
		a.look([idOf(2)]);
		await project.clock.run(1_000);
		expect(project.calls[0].request.query).toMatchObject({
			'changes-since': '2026-11-25T09:59:00Z',
		});
	});
});

describe('each keeps its own time', () => {
	test('its poll interval', async () => {
		const project = new Project().fill(5);
		const [often, seldom] = [
			project.execution('often', 2_000),
			project.execution('seldom', 60_000),
		];
		seldom.look([idOf(1)]);
		await project.clock.run(1_000);
		seldom.look([idOf(1)]);
		for (let poll = 0; poll < 5; poll += 1) {
			often.look([idOf(2)]);
			await project.clock.run(2_000);
		}
		expect(seldom.seen([idOf(1)])).toEqual(['waiting']);
		expect(project.newCalls()).toHaveLength(6);
	});

	test('its deadline', async () => {
		const { project, a, b } = three();
		project.instead = NEVER;
		a.look([idOf(1)], { deadline: 5_000 });
		b.look([idOf(2)], { deadline: 9_000 });
		await project.clock.run(5_000);
		expect([a.seen([idOf(1)]), b.seen([idOf(2)])].flat()).toEqual(['tooLate', 'waiting']);
		await project.clock.run(4_000);
		expect(b.seen([idOf(2)])).toEqual(['tooLate']);
	});

	test('its last looks, though the list of another hangs', async () => {
		const { project, a, b } = three();
		project.instead = ({ what }) => (what === 'read' ? undefined : NEVER());
		a.look(range(1, 50), { deadline: 300_000 });
		b.look([idOf(60)], { deadline: 10_000 });
		await project.clock.run(9_000);
		expect(b.seen([idOf(60)])).toEqual(['SHUTOFF']);
		expect(project.newCalls()).toEqual(['1 list a', '8 read b']);
	});
});

describe('a single read that hangs', () => {
	/** Server 1 cannot be read. */
	function oneHangs() {
		const all = three();
		all.project.instead = ({ request }) => (request.path.endsWith(idOf(1)) ? NEVER() : undefined);
		return all;
	}

	test('keeps no other execution from being looked for at its polls', async () => {
		const { project, a, b } = oneHangs();
		a.look([idOf(1)]);
		await project.clock.run(2_000);
		b.look([idOf(2)]);
		await project.clock.run(4_000);
		expect(b.seen([idOf(2)])).toEqual(['SHUTOFF']);
		expect(project.newCalls()).toEqual(['1 read a', '6 read b']);
	});

	test('of a server that no list shows: the lists go on', async () => {
		const { project, a, b } = oneHangs();
		project.servers.delete(idOf(1));
		a.look([idOf(1)]);
		for (let poll = 0; poll < 3; poll += 1) {
			b.look(range(2, 10));
			await project.clock.run(poll === 0 ? 1_000 : 5_000);
			expect(b.seen(range(2, 10))).not.toContain('waiting');
		}
		expect(project.newCalls().filter((call) => call.includes('list'))).toHaveLength(3);
	});

	test('is the only one of its server, also for others that wait for it', async () => {
		const { project, a, b } = oneHangs();
		a.look([idOf(1)]);
		await project.clock.run(1_000);
		b.look([idOf(1)], { soon: true });
		await project.clock.run(20_000);
		expect(project.newCalls()).toEqual(['1 read a']);
	});

	test('but keeps none of those from its last look', async () => {
		const { project, a, b } = oneHangs();
		project.instead = ({ by, what }) => (by === 'a' && what === 'read' ? NEVER() : undefined);
		a.look([idOf(1)]);
		await project.clock.run(1_000);
		b.look([idOf(1)], { deadline: 10_000 });
		await project.clock.run(8_000);
		expect(b.seen([idOf(1)])).toEqual(['SHUTOFF']);
		expect(project.newCalls()).toEqual(['1 read a', '8 read b']);
	});

	test('and fails in the end is followed by another one a second later', async () => {
		const { project, a } = three();
		project.instead = async ({ at }) => {
			if (at > 1_000) return undefined;
			await project.clock.sleep(20_000, project.cancel.signal);
			return answered(502);
		};
		a.look([idOf(1)]);
		await project.clock.run(23_000);
		expect(project.newCalls()).toEqual(['1 read a', '22 read a']);
	});
});

describe('a request goes out', () => {
	test('not through an execution that has as many under way as it may', async () => {
		const { project, a, b } = three();
		void b.gate.pass(NEVER, { lane: 'first' });
		a.look(range(1, 5), { deadline: 40_000 });
		b.look(range(6, 10), { deadline: 60_000 });
		await project.clock.run(1_000);
		expect(project.newCalls()).toEqual(['1 list a']);
	});

	test('but through that one, where the others have little time left', async () => {
		const { project, a, b } = three();
		void b.gate.pass(NEVER, { lane: 'first' });
		a.look(range(1, 5), { deadline: 20_000 });
		b.look(range(6, 10), { deadline: 60_000 });
		await project.clock.run(1_000);
		expect(project.newCalls()).toEqual([]);
	});

	test('through the execution that has the most time left', async () => {
		const { project, a, b } = three();
		a.look(range(1, 5), { deadline: 20_000 });
		b.look(range(6, 10), { deadline: 60_000 });
		await project.clock.run(1_000);
		expect(project.newCalls()).toEqual(['1 list b']);
	});

	test('a single one through the execution whose server it is', async () => {
		const { project, a } = three();
		a.look([idOf(1)], { deadline: 20_000 });
		await project.clock.run(1_000);
		expect(project.newCalls()).toEqual(['1 read a']);
	});
});

describe('an execution that is cancelled', () => {
	test('sees nothing any more, and the others go on', async () => {
		const { project, a, b } = three();
		a.look([idOf(1)]);
		b.look([idOf(2)]);
		a.cancel.abort();
		await project.clock.run(1_000);
		expect([a.seen([idOf(1)]), b.seen([idOf(2)])].flat()).toEqual(['waiting', 'SHUTOFF']);
		expect(project.newCalls()).toEqual(['1 read b']);
	});

	test('in the middle of a list for all: another one lists at once', async () => {
		const { project, a, b } = three();
		project.instead = ({ by }) => (by === 'b' ? NEVER() : undefined);
		a.look(range(1, 5), { deadline: 20_000 });
		b.look(range(6, 10), { deadline: 60_000 });
		await project.clock.run(1_500);
		expect(a.seen([idOf(1)])).toEqual(['waiting']);
		b.cancel.abort();
		await settle();
		expect(a.seen(range(1, 5))).not.toContain('waiting');
		expect(project.newCalls()).toEqual(['1 list b', '1.5 list a']);
	});

	test('in the middle of a read of a server that another waits for too', async () => {
		const { project, a, b } = three();
		project.instead = ({ by }) => (by === 'b' ? NEVER() : undefined);
		a.look([idOf(1)], { deadline: 20_000 });
		b.look([idOf(1)], { deadline: 60_000 });
		await project.clock.run(1_500);
		b.cancel.abort();
		await settle();
		expect(a.seen([idOf(1)])).toEqual(['SHUTOFF']);
	});

	test('leaves no timer behind', async () => {
		const { project, a, b } = three();
		for (const one of [a, b]) one.look([idOf(1)]);
		for (const one of [a, b]) one.cancel.abort();
		await settle();
		expect(project.clock.timers).toBe(0);
	});
});

describe('a refusal', () => {
	test('to read is that of each execution by itself', async () => {
		const { project, a, b } = three();
		project.instead = ({ by }) => (by === 'b' ? answered(403, nova(403, 'forbidden')) : undefined);
		a.look([idOf(1)], { deadline: 20_000 });
		b.look([idOf(1)], { deadline: 60_000 });
		await project.clock.run(1_000);
		expect(b.seen([idOf(1)])).toEqual(['refused']);
		await project.clock.run(6_000);
		expect(a.seen([idOf(1)])).toEqual(['SHUTOFF']);
	});

	test('of all that an execution sends: the others list through another', async () => {
		const { project, a, b } = three();
		project.instead = ({ by }) => (by === 'b' ? answered(401, '') : undefined);
		b.look([idOf(90)], { deadline: 60_000 });
		await project.clock.run(1_000);
		a.look(range(1, 5), { deadline: 20_000 });
		b.look(range(6, 10), { deadline: 60_000 });
		await project.clock.run(6_000);
		expect(b.seen(range(6, 10))).toEqual(Array(5).fill('refused'));
		expect(a.seen(range(1, 5))).toEqual(Array(5).fill('SHUTOFF'));
	});
});

test('a list that showed nobody is tried again for who comes', async () => {
	const project = new Project().fill(20_000);
	const a = project.execution('a');
	a.look([idOf(19_998), idOf(19_999)]);
	await project.clock.run(1_000);
	expect(project.newCalls().slice(-2)).toEqual(['1 read a', '1 read a']);
	const b = project.execution('b');
	b.look(range(1, 5));
	await project.clock.run(6_000);
	expect(project.newCalls()).toEqual(['6 list b']);
});
