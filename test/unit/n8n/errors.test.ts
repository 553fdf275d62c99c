import { NodeOperationError } from 'n8n-workflow';

import type { Failure } from '../../../nodes/cloud/words/failure';
import { count, errorOf, failureJson, withoutUndefined } from '../../../nodes/n8n/errors';
import { contextWith } from '../context';

const FAILURE: Failure = { reason: 'locked', message: "'web' is locked", hint: 'Unlock it' };
const ABOUT = { serverId: 'web', operation: 'start', attempts: 2 };

const failures = (many: number) =>
	Array.from({ length: many }, (_, index) => ({ ...FAILURE, message: `No ${index + 1}` }));

const describedBy = (many: number) =>
	errorOf(contextWith({}), undefined, failures(many)).description?.split('<br /><br />');

describe('what stands under `error`', () => {
	test('says what happened, why, to which server, and what to do', () => {
		expect(failureJson(FAILURE, ABOUT)).toEqual({
			message: "'web' is locked",
			reason: 'locked',
			hint: 'Unlock it',
			...ABOUT,
		});
	});

	test('has what the cloud said, where it said it', () => {
		const said = { httpStatus: 409, code: 'Ecs.1', requestId: 'req-1', status: 'SHUTOFF' };
		expect(failureJson({ ...FAILURE, ...said }, ABOUT)).toMatchObject(said);
	});
});

describe('the error of a run', () => {
	test('is one that n8n knows', () => {
		expect(errorOf(contextWith({}), undefined, [FAILURE])).toBeInstanceOf(NodeOperationError);
	});

	test.each([
		['a single failure stands in the message', undefined, 1, 'No 1'],
		['also behind the summary', '1 server did not start', 1, '1 server did not start: No 1'],
		['several are summed up', '2 servers did not start', 2, '2 servers did not start'],
	])('%s', (_, summary, many, message) => {
		expect(errorOf(contextWith({}), summary, failures(many)).message).toBe(message);
	});

	test('keeps a message that holds a network code, in place of which n8n has its own', () => {
		const message = 'the cloud did not answer: connect ECONNREFUSED 10.0.0.1:443';
		const error = errorOf(contextWith({}), undefined, [{ ...FAILURE, message }]);
		expect(error.message).toBe(message);
	});

	test('describes each failure: what happened, what to do, and the reason', () => {
		expect(describedBy(2)).toEqual(['No 1. Unlock it. [locked]', 'No 2. Unlock it. [locked]']);
	});

	test('lists twenty, and counts the rest', () => {
		expect(describedBy(20)).toHaveLength(20);
		expect(describedBy(21)).toHaveLength(21);
		expect(describedBy(21)?.at(-1)).toBe('… and 1 more.');
	});

	test('shows what a server is named as it stands, and not as HTML', () => {
		const message = "'<b>&lt;' is locked";
		const { description } = errorOf(contextWith({}), undefined, [{ ...FAILURE, message }]);
		expect(description).toBe("'&lt;b>&amp;lt;' is locked. Unlock it. [locked]");
	});
});

test.each([
	[0, '0 servers'],
	[1, '1 server'],
	[2, '2 servers'],
])('%i: %s', (servers, words) => {
	expect(count(servers)).toBe(words);
});

test('a field without a value is no field, and zero and nothing written are values', () => {
	const json = withoutUndefined({ a: undefined, b: 0, c: '' });
	expect(Object.entries(json)).toEqual([
		['b', 0],
		['c', ''],
	]);
});
