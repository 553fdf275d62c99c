import type { Answer } from '../../../../../nodes/cloud/api/answer';
import { answered, nova } from '../../../answers';
import { settle } from '../../../virtual-clock';
import { isList, Looking } from './looking';
import { idOf, MINUTES_5, range } from './project';

function setUp() {
	const looking = new Looking();
	return { looking, looker: looking.looker, a: looking.viewer('a'), b: looking.viewer('b') };
}

describe('what a list shows', () => {
	test('is read no more', async () => {
		const { looking, a } = setUp();
		looking.wait(a, range(1, 9));
		expect(await looking.look(range(1, 9))).toEqual([]);
		expect(looking.calls).toEqual(['list a']);
	});

	test('and what it does not show is read singly', async () => {
		const { looking, a } = setUp();
		looking.wait(a, range(8, 10));
		expect(await looking.look(range(8, 10))).toEqual([idOf(10)]);
		expect(looking.calls).toEqual(['list a', '10 a']);
	});
});

describe('a list that fails', () => {
	test('is followed by one read, and where that works by the others', async () => {
		const { looking, a } = setUp();
		looking.instead = (what) => (isList(what) ? answered(500) : undefined);
		looking.wait(a, range(1, 3));
		expect(await looking.look(range(1, 3))).toEqual(range(1, 3));
		expect(looking.calls).toEqual(['list a', '1 a', '2 a', '3 a']);
	});

	test('is followed by that one alone where the cloud is out, which is done with all', async () => {
		const { looking, a } = setUp();
		looking.instead = () => answered(500);
		looking.wait(a, range(1, 3));
		expect(await looking.look(range(1, 3))).toEqual(range(1, 3));
		expect(looking.calls).toEqual(['list a', '1 a']);
		expect(looking.looks.size).toBe(0);
	});

	test('by a slow-down is followed by none', async () => {
		const { looking, a } = setUp();
		looking.instead = () => answered(429);
		looking.wait(a, range(1, 3));
		await looking.look(range(1, 3));
		expect(looking.calls).toEqual(['list a']);
	});
});

describe('a server that is read', () => {
	test('is so from the end of the lists until its own answer, and through whom is known', async () => {
		const { looking, looker, a, b } = setUp();
		let reply: (answer: Answer) => void = () => undefined;
		looking.instead = () => new Promise<Answer>((resolve) => (reply = resolve));
		looking.wait(a, [idOf(1)]);
		const reading = looking.look([idOf(1)]);
		await settle();
		expect(looker.isReading(idOf(1))).toBe(true);
		expect([a, b].map((viewer) => looker.isReadingBy(viewer, idOf(1)))).toEqual([true, false]);
		reply(answered(404, nova(404, 'itemNotFound')));
		await reading;
		expect(looker.isReading(idOf(1))).toBe(false);
		expect(looking.looks.get(idOf(1))).toEqual({ kind: 'gone' });
	});

	test('does not wait for one that hangs', async () => {
		const { looking, a } = setUp();
		looking.instead = (what) => (what === '1' ? new Promise<Answer>(() => undefined) : undefined);
		looking.wait(a, [idOf(2)]);
		await looking.look([idOf(2)]);
		looking.wait(a, [idOf(1)]);
		void looking.look([idOf(1)]);
		looking.wait(a, [idOf(3)]);
		expect(await looking.look([idOf(3)])).toEqual([idOf(3)]);
	});

	test('for one execution alone counts as read for nobody else', async () => {
		const { looking, looker, a, b } = setUp();
		looking.instead = () => new Promise<Answer>(() => undefined);
		for (const viewer of [a, b]) looking.wait(viewer, [idOf(1)]);
		void looking.look([idOf(1)], b);
		await settle();
		expect(looking.calls).toEqual(['1 b']);
		expect(looker.isReading(idOf(1))).toBe(false);
	});

	test('through an execution that ends is read through another', async () => {
		const { looking, looker, a } = setUp();
		const { viewer: ends, end } = looking.viewerThatEnds('ends');
		looking.wait(a, [idOf(1)], 60_000);
		looking.wait(ends, [idOf(1)], 90_000);
		const reading = looking.look([idOf(1)]);
		await settle();
		expect(looker.isReadingBy(ends, idOf(1))).toBe(true);
		end();
		await reading;
		expect(looking.calls).toEqual(['1 ends', '1 a']);
	});
});

describe('where a cloud lists servers by their IDs', () => {
	const seen = (looking: Looking) =>
		[...looking.looks.values()].filter(({ kind }) => kind === 'seen').length;

	test('those that are looked for are listed, whatever else there is', async () => {
		const looking = new Looking('ecsV1');
		looking.wait(looking.viewer('one'), range(50, 149));
		await looking.look(range(50, 149));
		expect(looking.calls).toEqual(['list one']);
		expect(looking.chosen).toEqual([range(50, 149)]);
		expect(seen(looking)).toBe(100);
	});

	test('more than 100 by more lists, once all are known to take as many', async () => {
		const looking = new Looking('ecsV1');
		const viewer = looking.viewer('one');
		looking.wait(viewer, range(50, 299));
		// All are thought to stand on one page: it shows none of these.
		expect(await looking.look(range(50, 299))).toHaveLength(250);
		looking.calls.length = 0;
		looking.wait(viewer, range(50, 299));
		await looking.look(range(50, 299));
		expect(looking.calls).toEqual(['list one', 'list one', 'list one']);
		expect(looking.chosen.map(({ length }) => length)).toEqual([100, 100, 50]);
		expect(seen(looking)).toBe(250);
	});

	test('one is read, as that is as much as a list', async () => {
		const looking = new Looking('ecsV1');
		looking.wait(looking.viewer('one'), [idOf(50)]);
		await looking.look([idOf(50)]);
		expect(looking.calls).toEqual(['50 one']);
	});
});

test('a look before anything is asked ends where the cloud has no such read, and no other look does', async () => {
	const looking = new Looking();
	looking.instead = () => answered(404, { message: 'API not found' });
	const [first, later] = [idOf(1), idOf(2)];
	looking.wait(looking.viewer('one'), [first], MINUTES_5, true);
	looking.wait(looking.viewer('two'), [later]);
	await looking.look([first]);
	await looking.look([later]);
	expect(looking.looks.get(first)).toMatchObject({ kind: 'tooLate', fault: { httpStatus: 404 } });
	expect(looking.looks.has(later)).toBe(false);
});
