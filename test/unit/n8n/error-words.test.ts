import type { Failure } from '../../../nodes/cloud/words/failure';
import { type Failed, wordsOf, wordsOfAll } from '../../../nodes/n8n/error-words';
import { idOf } from '../servers';

const failed = (index: number, failure: Partial<Failure> = {}): Failed => {
	const server = { id: idOf(index), name: `web-${index}` };
	return {
		given: server.id,
		failure: {
			reason: 'locked',
			message: `Server 'web-${index}' (${server.id}) did not start because it is locked`,
			why: 'it is locked',
			hint: 'Unlock the server',
			server,
			...failure,
		},
	};
};

const gone = (index: number): Failed =>
	failed(index, {
		reason: 'notFound',
		message: `Server ${idOf(index)} was not found`,
		why: 'it was not found',
		hint: 'Check the server ID',
		server: { id: idOf(index) },
	});

/** What concerns no server of its own. */
const CONCURRENCY: Failed = {
	given: '',
	failure: {
		reason: 'invalidInput',
		message: "'Concurrency' must be a number from 1 to 50",
		hint: 'Correct the value',
	},
};

const many = <T>(count: number, each: (index: number) => T) =>
	Array.from({ length: count }, (_, index) => each(index + 1));

function words(all: Failed[], done = 0) {
	return wordsOfAll(all, {
		count: (servers) => `${servers} servers`,
		summary: `${all.length} servers did not start, ${done} did`,
		others: done > 0 ? `${done} other servers did start` : undefined,
	});
}

describe('one server', () => {
	test('the title says what happened, the description how to mend it; no count', () => {
		expect(words([failed(1)])).toEqual({
			title: "Server 'web-1' did not start because it is locked",
			paragraphs: [['Unlock the server.', `ID: ${idOf(1)}`]],
		});
	});

	test.each(['db$', '$&', '$$1', 'a\\b'])('its name stands as it is: %s', (name) => {
		const server = { id: idOf(1), name };
		const message = `Server '${name}' (${server.id}) did not start because it is locked`;
		expect(words([failed(1, { server, message })]).title).toBe(
			`Server '${name}' did not start because it is locked`,
		);
	});

	test('its ID stands once, also where there is no name', () => {
		expect(words([gone(1)])).toEqual({
			title: `Server ${idOf(1)} was not found`,
			paragraphs: [['Check the server ID.']],
		});
	});

	test('among others that did start, which are counted last', () => {
		const { title, paragraphs } = words([failed(1)], 4);
		expect(title).toBe("Server 'web-1' did not start because it is locked");
		expect(paragraphs.at(-1)).toEqual(['4 other servers did start.']);
	});

	test('is told as a failure of the whole node is', () => {
		expect(words([CONCURRENCY])).toEqual(wordsOf(CONCURRENCY.failure));
		expect(wordsOf(CONCURRENCY.failure)).toEqual({
			title: "'Concurrency' must be a number from 1 to 50",
			paragraphs: [['Correct the value.']],
		});
	});
});

describe('several servers with one cause', () => {
	test('the cause stands once, in the title; the servers below the way out', () => {
		expect(words([failed(1), failed(2)], 3)).toEqual({
			title: '2 servers did not start, 3 did: each is locked',
			paragraphs: [['Unlock the server.'], [`web-1 (${idOf(1)})`, `web-2 (${idOf(2)})`]],
		});
	});

	test('one that concerns no server of its own, and all failed: nothing is listed', () => {
		const all = many(30, (index) => ({ ...CONCURRENCY, given: idOf(index) }));
		expect(words(all)).toEqual({
			title: "30 servers did not start, 0 did: 'Concurrency' must be a number from 1 to 50",
			paragraphs: [['Correct the value.']],
		});
	});

	test('the IDs in the words of the cloud make no cause of their own', () => {
		const said = (index: number) =>
			failed(index, { why: `Instance ${idOf(index)} is busy (req-${idOf(50 + index)})` });
		expect(words([said(1), said(2)]).title).toBe(
			'2 servers did not start, 0 did: Instance … is busy (…)',
		);
	});

	test('what stood in place of a server is listed, where none is known', () => {
		const named = ['db-1', 'db-2'].map((given) => ({ ...CONCURRENCY, given }));
		expect(words(named, 1).paragraphs).toEqual([['Correct the value.'], ['db-1', 'db-2']]);
	});

	test('a server that several items name is listed once', () => {
		expect(words([failed(1), failed(1), failed(2)]).paragraphs[1]).toHaveLength(2);
	});

	test('without a way out, the servers alone are listed', () => {
		const { paragraphs } = words([failed(1, { hint: '' }), failed(2, { hint: '' })]);
		expect(paragraphs).toEqual([[`web-1 (${idOf(1)})`, `web-2 (${idOf(2)})`]]);
	});
});

describe('several causes', () => {
	test('are a paragraph each, with their servers, in the order of the items', () => {
		expect(words([failed(1), gone(2), failed(3), CONCURRENCY], 1)).toEqual({
			title: '4 servers did not start, 1 did',
			paragraphs: [
				[
					'2 servers: each is locked. Unlock the server.',
					`web-1 (${idOf(1)})`,
					`web-3 (${idOf(3)})`,
				],
				[`Server ${idOf(2)} was not found. Check the server ID.`],
				["'Concurrency' must be a number from 1 to 50. Correct the value."],
			],
		});
	});

	test.each<[string, Partial<Failure>]>([
		['another reason', { reason: 'busy' }],
		['another why', { why: 'it is paused' }],
		['another way out', { hint: 'Ask its owner' }],
	])('%s is another cause', (_, other) => {
		expect(words([failed(1), failed(2, other)]).paragraphs).toHaveLength(2);
	});

	test('hold no reason in brackets', () => {
		expect(JSON.stringify(words([failed(1), gone(2)]))).not.toMatch(/locked\]|notFound/);
	});
});

describe('twenty servers are listed', () => {
	test('all of twenty', () => {
		const { paragraphs } = words(many(20, failed));
		expect(paragraphs[1]).toHaveLength(20);
		expect(paragraphs).toHaveLength(2);
	});

	test('the first twenty of more, then a count', () => {
		const { paragraphs } = words(many(150, failed));
		expect(paragraphs[1]).toHaveLength(20);
		expect(paragraphs[2]).toEqual(['… and 130 more.']);
	});

	test('in all, over the causes; each cause is told with its count', () => {
		const found = words([...many(15, failed), ...many(15, (index) => gone(100 + index))]);
		expect(found.paragraphs.map(([first]) => first)).toEqual([
			'15 servers: each is locked. Unlock the server.',
			'15 servers: each was not found. Check the server ID.',
			'… and 10 more.',
		]);
		expect(found.paragraphs[1]).toHaveLength(1 + 5);
	});

	test('a single server with a cause of its own is told after them, too', () => {
		const { paragraphs } = words([...many(30, failed), gone(100)]);
		expect(paragraphs.slice(1)).toEqual([
			[`Server ${idOf(100)} was not found. Check the server ID.`],
			['… and 10 more.'],
		]);
	});

	test('of more than twenty causes, too', () => {
		const found = words(many(25, (index) => failed(index, { why: `it is no ${index}` })));
		expect(found.paragraphs).toHaveLength(21);
		expect(found.paragraphs.at(-1)).toEqual(['… and 5 more.']);
	});
});
