import fc from 'fast-check';

import { readJob } from '../../../../nodes/cloud/api/job';
import { answered, HTML_502, lost, notSent, nova, refusal } from '../../answers';

const A = '616fb98f-46ca-475e-917e-2563e5a8cd19';
const B = '716fb98f-46ca-475e-917e-2563e5a8cd19';

const sub = (id: string, status: string, more: object = {}) => ({
	status,
	job_id: `sub-${id}`,
	job_type: 'startServer',
	entities: { server_id: id },
	error_code: null,
	fail_reason: null,
	...more,
});
const job = (status: string, more: object = {}) =>
	answered(200, { job_id: 'j', job_type: 'batchStartServer', status, ...more });
const withSubs = (status: string, ...subs: object[]) =>
	job(status, { entities: { sub_jobs_total: subs.length, sub_jobs: subs } });

const told = (answer: Parameters<typeof readJob>[0], id = A) => {
	const { results, ended, rest } = readJob(answer);
	return results.get(id)?.word ?? (ended ? `${rest.word} at the end` : 'nothing yet');
};

describe('each server has its own result', () => {
	test('a job may fail while some of its parts succeed', () => {
		const answer = withSubs(
			'FAIL',
			sub(A, 'SUCCESS'),
			sub(B, 'FAIL', { error_code: 'Ecs.0319', fail_reason: 'no capacity' }),
		);
		const { ended, results } = readJob(answer);
		expect(ended).toBe(true);
		expect(results.get(A)).toEqual({ word: 'done' });
		expect(results.get(B)).toEqual({
			word: 'failed',
			fault: { code: 'Ecs.0319', message: 'no capacity' },
		});
	});

	test('a part may end before the job does', () => {
		const answer = withSubs('RUNNING', sub(A, 'SUCCESS'), sub(B, 'RUNNING'));
		expect(readJob(answer).ended).toBe(false);
		expect(told(answer, A)).toBe('done');
		expect(told(answer, B)).toBe('nothing yet');
	});

	test('a job of one server may have no parts', () => {
		expect(told(job('SUCCESS', { entities: { server_id: A } }))).toBe('done');
		expect(told(job('FAIL', { entities: { server_id: A }, error_code: 'Ecs.0100' }))).toBe(
			'failed',
		);
		expect(told(job('FAIL', { error_code: 'Ecs.0100', fail_reason: 'x' }))).toBe(
			'failed at the end',
		);
	});

	test('a server that the job does not name is for itself to tell', () => {
		expect(told(withSubs('SUCCESS', sub(B, 'SUCCESS')))).toBe('silent at the end');
		expect(told(withSubs('FAIL', sub(B, 'FAIL')))).toBe('silent at the end');
	});

	test('a job that has worked, and names no server, leaves it to the servers', () => {
		expect(told(job('SUCCESS'))).toBe('silent at the end');
	});

	test('a part that goes on has no result', () => {
		expect(readJob(withSubs('RUNNING', sub(A, 'RUNNING'))).results.has(A)).toBe(false);
	});

	test('IDs are compared in any case', () => {
		expect(told(withSubs('SUCCESS', sub(A.toUpperCase(), 'SUCCESS')))).toBe('done');
	});
});

describe('a job that goes on', () => {
	test.each(['INIT', 'RUNNING', 'SOMETHING_NEW', 7, null, undefined])(
		'with status %j',
		(status) => {
			expect(told(job(status as string))).toBe('nothing yet');
		},
	);

	test.each([
		['null entities', job('INIT', { entities: null })],
		['empty entities', job('INIT', { entities: {} })],
		['parts that are none', job('INIT', { entities: { sub_jobs: 'x' } })],
		['parts of another kind', job('INIT', { entities: { sub_jobs: [null, 7, {}] } })],
		['an error of the cloud', answered(500)],
		['a throttled read', answered(429)],
		['an error of the cloud beside a result', answered(500, { status: 'SUCCESS' })],
		['HTML', answered(200, HTML_502)],
		['no body', answered(200)],
		['a lost answer', lost('ECONNRESET')],
		['a read whose time was up before it was sent', notSent('timedOut')],
		['a login that does not answer', refusal('unavailable', false)],
	])('with %s', (_, answer) => {
		expect(told(answer)).toBe('nothing yet');
	});
});

test.each([400, 401, 403, 404])(
	'a job that cannot be read (%i) leaves it to the servers',
	(status) => {
		expect(told(answered(status, nova(status, 'x')))).toBe('silent at the end');
	},
);

describe('a job that this credential will learn no more of leaves it to the servers', () => {
	test.each([
		['the cloud takes nothing from it', { ...notSent('unauthorized'), final: true as const }],
		['it was refused before', refusal('unauthorized', true)],
		['its cloud is not to be trusted', lost('CERT_HAS_EXPIRED', false)],
	])('as %s', (_, answer) => {
		expect(told(answer)).toBe('silent at the end');
	});
});

test('nothing that a cloud may say makes it throw', () => {
	fc.assert(
		fc.property(fc.anything(), (body) => {
			readJob(answered(200, body));
			readJob(job('FAIL', { entities: { sub_jobs: [body] }, error_code: body }));
		}),
		{ numRuns: 500 },
	);
});

test('both texts of a failed sub-job are told, a refusal of Nova in its own words', () => {
	const sub = {
		status: 'FAIL',
		error_code: 'Ecs.0204',
		fail_reason: 'Task-fail',
		entities: {
			server_id: 'a',
			errorcode_message: '{"forbidden": {"code": 403, "message": "Quota exceeded"}}',
		},
	};
	const { results } = readJob(answered(200, { status: 'FAIL', entities: { sub_jobs: [sub] } }));
	expect(results.get('a')).toEqual({
		word: 'failed',
		fault: { code: 'Ecs.0204', message: 'Task-fail: Quota exceeded' },
	});
});

describe('a failed part says why', () => {
	const faultOf = (code: unknown, reason: unknown, cause?: unknown) => {
		const entities = { server_id: A, errorcode_message: cause };
		const part = sub(A, 'FAIL', { error_code: code, fail_reason: reason, entities });
		const result = readJob(withSubs('FAIL', part)).results.get(A);
		return result?.word === 'failed' ? result.fault : undefined;
	};

	test.each([
		['in one text', 'no capacity', undefined, 'no capacity'],
		['in the other, beside an empty one', '', 'no capacity', 'no capacity'],
		['in the other, beside none', null, 'no capacity', 'no capacity'],
		['once, where both say the same', 'no capacity', 'no capacity', 'no capacity'],
		['not at all', null, null, ''],
	])('%s', (_, reason, cause, message) => {
		expect(faultOf('Ecs.0319', reason, cause)).toEqual({ code: 'Ecs.0319', message });
	});

	test.each([[null], [''], [7]])('also where its code is %j', (code) => {
		expect(faultOf(code, 'no capacity')).toEqual({ code: 'FAIL', message: 'no capacity' });
	});
});
