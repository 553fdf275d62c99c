import type { Recorded } from './replay';
import { replay } from './replay';
import answers from '../recorded/answers.json';

/**
 * Each answer that was recorded on a real cloud, or stands in its documents, and what a right reading of it
 * is. Servers and lists of ECS v1 are read as Nova's here: their shape is the same, and the node has no call
 * of its own for them.
 */
const RECORDED = answers as unknown as Recorded[];

interface Told {
	reason?: string;
	message?: string;
	hint?: string;
	requestId?: string;
	code?: string;
	httpStatus?: number;
}

const oneOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

describe('a recorded answer is read rightly:', () => {
	test.each(RECORDED.map((recorded) => [recorded.id, recorded] as const))(
		'%s',
		async (_, recorded) => {
			const expected = recorded.expect as Record<string, never>;
			const { items, sent } = await replay(recorded);
			const shown = JSON.stringify(items);

			if (expected.server) expect(items).toEqual([serverLike(recorded, expected.server)]);
			if (expected.servers) {
				const servers = oneOf(expected.servers).map((one) => serverLike(recorded, one as object));
				expect(items).toEqual(servers);
			}
			for (const hidden of oneOf(expected.hidden ?? [])) expect(shown).not.toContain(hidden);
			if (expected.marker) expect(sent[1].qs?.marker).toBe(expected.marker);
			if (expected.outcome) expect(items[0]).toMatchObject({ outcome: expected.outcome });
			expectTold((items[0]?.error ?? items[0] ?? {}) as Told, expected);
		},
	);
});

/** The fields of Simplify that bear the same name and value in what the cloud says. */
const UNCHANGED = ['id', 'name', 'status', 'created', 'tags'];

/** A record names the fields that it is about, as Simplify gives them. */
function serverLike({ replay: { raw } }: Recorded, fields: object): unknown {
	const named = Object.entries(fields).filter(([name]) => !raw || UNCHANGED.includes(name));
	return expect.objectContaining(Object.fromEntries(named));
}

function expectTold(told: Told, expected: Record<string, unknown>) {
	const { reason, code, httpStatus, requestId, says, not, hintSays, hintNot } = expected;
	const words = `${told.message} ${told.hint}`;
	if (reason) expect(oneOf(reason)).toContain(told.reason);
	if (code) expect(told.code).toBe(code);
	if (httpStatus) expect(told.httpStatus).toBe(httpStatus);
	if (requestId !== undefined) expect(told.requestId ?? null).toBe(requestId);
	for (const text of oneOf(says ?? [])) expect(words).toContain(text);
	for (const text of oneOf(not ?? [])) expect(words).not.toContain(text);
	for (const text of oneOf(hintSays ?? [])) expect(told.hint).toContain(text);
	for (const text of oneOf(hintNot ?? [])) expect(told.hint).not.toContain(text);
}
