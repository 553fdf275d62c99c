import { toServer } from '../../../../nodes/cloud/api/server';
import { type ListPart, pages } from '../../../../nodes/cloud/session/pages';
import type { Page, Row, Unread } from '../../../../nodes/cloud/session/reader';
import { idOf, server } from '../../servers';

function row(index: number): Row {
	const json = server(index);
	const read = toServer(json);
	if (!read) throw new Error('Not a server');
	return { kind: 'row', server: read, json };
}

const page = (indices: number[], more = true): Page => ({
	kind: 'page',
	rows: indices.map(row),
	more,
});
const unread = (reason: Unread['reason']): Unread => ({
	kind: 'unread',
	reason,
	fault: { message: '' },
	final: true,
});
const NO_MARKER = unread('invalidInput');

/** What is asked for and what comes, where these are the answers in turn. */
async function read(answers: Array<Page | Unread>, after?: string) {
	const asked: Array<[limit: number, marker?: string]> = [];
	const parts: Array<ListPart | Unread> = [];
	const next = async (limit: number, marker?: string) => {
		asked.push([limit, marker]);
		const answer = answers[asked.length - 1];
		if (!answer) throw new Error('One page too many');
		return await Promise.resolve(answer);
	};
	for await (const part of pages(next, 5, after)) parts.push(part);
	return { asked, parts };
}

/** A part by the numbers of its servers. */
const told = (part: ListPart | Unread) =>
	part.kind === 'unread'
		? part.reason
		: { ...part, rows: part.rows.map((one) => Number(one.server.id.slice(-3))) };

test('a list goes on after the last server of a page, and ends where no more follows', async () => {
	const { asked, parts } = await read([page([1, 2]), page([3], false)]);
	expect(asked).toEqual([
		[5, undefined],
		[1000, idOf(2)],
	]);
	expect(parts.map(told)).toEqual([
		{ kind: 'part', rows: [1, 2], first: true, marker: idOf(2), repeats: false },
		{ kind: 'part', rows: [3], first: false, marker: undefined, repeats: false },
	]);
});

test('a list may begin after a server', async () => {
	const { asked } = await read([page([8], false)], idOf(7));
	expect(asked).toEqual([[5, idOf(7)]]);
});

test('an empty page is the end, whatever the cloud says', async () => {
	expect((await read([page([])])).asked).toHaveLength(1);
});

test('a page that comes again, and more to follow, has no end', async () => {
	const { parts } = await read([page([1, 2]), page([2, 3])]);
	expect(told(parts[1])).toMatchObject({ rows: [3], marker: undefined, repeats: true });
});

test('a last page that comes again is only the end', async () => {
	const { parts } = await read([page([1, 2]), page([2, 3], false)]);
	expect(told(parts[1])).toMatchObject({ rows: [3], repeats: false });
});

test('a cloud that gives the server again after which it was asked to begin', async () => {
	const { parts } = await read([page([7, 8])], idOf(7));
	expect(told(parts[0])).toMatchObject({ rows: [8], repeats: true });
});

test('after a server that was deleted meanwhile the list begins again, and with all', async () => {
	const { asked, parts } = await read([page([1, 2]), NO_MARKER, page([1, 3], false)]);
	expect(asked.at(-1)).toEqual([5, undefined]);
	expect(told(parts[1])).toMatchObject({ rows: [1, 3], first: true, repeats: false });
});

test('but only once', async () => {
	const { parts } = await read([page([1]), NO_MARKER, page([1]), NO_MARKER]);
	expect(parts.map(told).at(-1)).toBe('invalidInput');
});

describe('a list by the numbers of its pages', () => {
	const numbered = (indices: number[], total: number, next?: string): Page => ({
		...page(indices, next !== undefined),
		next,
		total,
	});

	test('begins again where servers have been deleted meanwhile, as others have moved up unseen', async () => {
		const { asked, parts } = await read([
			numbered([1, 2], 5, '2'),
			numbered([4, 5], 4),
			numbered([2, 3, 4, 5], 4),
		]);
		expect(asked.at(-1)).toEqual([5, undefined]);
		expect(told(parts[1])).toMatchObject({ rows: [2, 3, 4, 5], first: true });
	});

	test('but only once', async () => {
		const { asked } = await read([
			numbered([1, 2], 5, '2'),
			numbered([4, 5], 4),
			numbered([2, 3], 4, '2'),
			numbered([5], 3),
		]);
		expect(asked).toHaveLength(4);
	});

	test('goes on where servers have been created, which may show some twice', async () => {
		const { asked, parts } = await read([numbered([1, 2], 3, '2'), numbered([2, 3], 4)]);
		expect(asked).toHaveLength(2);
		expect(told(parts[1])).toMatchObject({ rows: [3], first: false });
	});
});

test('the first page that is refused is no matter of a marker', async () => {
	const { asked, parts } = await read([NO_MARKER]);
	expect(asked).toHaveLength(1);
	expect(parts).toEqual([NO_MARKER]);
});

test('other trouble ends the list', async () => {
	const { parts } = await read([page([1]), unread('unavailable')]);
	expect(parts.map(told).at(-1)).toBe('unavailable');
});
