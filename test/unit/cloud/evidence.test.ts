import fc from 'fast-check';

import { readEvidence } from '../../../nodes/cloud/evidence';
import { answered, HTML_502, lost, nova } from '../answers';

const SINCE = Date.parse('2026-11-25T10:00:00Z');

const start = (requestId: string, time: string, message: string | null = null) => ({
	action: 'start',
	request_id: requestId,
	start_time: `2026-11-25T${time}.000000`,
	message,
	instance_uuid: '616fb98f-46ca-475e-917e-2563e5a8cd19',
	project_id: 'p',
	user_id: 'u',
});
const other = (action: string, time: string) => ({ ...start(`req-${action}`, time), action });

function found(actions: unknown, requestId?: string, since: number | undefined = SINCE) {
	return readEvidence(answered(200, { instanceActions: actions }), {
		novaName: 'start',
		opposites: ['stop'],
		requestId,
		since,
	});
}

const wanted = { novaName: 'start', opposites: ['stop'], requestId: 'req-1', since: SINCE };

describe('the start with the id of our request', () => {
	test('that ended with an error has failed', () => {
		expect(found([start('req-1', '10:00:05', 'Error')], 'req-1')).toEqual({
			word: 'failed',
			message: 'Error',
		});
	});

	test('without a message is not at its end', () => {
		expect(found([start('req-1', '10:00:05')], 'req-1')).toEqual({ word: 'pending' });
		expect(found([start('req-1', '10:00:05', '')], 'req-1')).toEqual({ word: 'pending' });
	});

	test('counts, and no other start, whoever was later', () => {
		const actions = [start('req-2', '10:00:09', 'Error'), start('req-1', '10:00:05')];
		expect(found(actions, 'req-1')).toEqual({ word: 'pending' });
	});

	test("counts whatever the cloud's clock says", () => {
		expect(found([start('req-1', '09:00:00', 'Error')], 'req-1')).toMatchObject({ word: 'failed' });
	});

	test('and a later stop: it worked and was undone', () => {
		const actions = [other('stop', '10:00:30'), start('req-1', '10:00:05')];
		expect(found(actions, 'req-1')).toEqual({ word: 'undone' });
	});

	test('and a later stop, listed in any order', () => {
		const actions = [start('req-1', '10:00:05'), other('stop', '10:00:30')];
		expect(found(actions, 'req-1')).toEqual({ word: 'undone' });
	});

	test('and an earlier stop: that is why it had to be started', () => {
		const actions = [start('req-1', '10:00:05'), other('stop', '10:00:01')];
		expect(found(actions, 'req-1')).toEqual({ word: 'pending' });
	});

	test('and a later action of another kind proves nothing', () => {
		const actions = [other('createImage', '10:00:30'), start('req-1', '10:00:05')];
		expect(found(actions, 'req-1')).toEqual({ word: 'pending' });
	});

	test('that failed stays failed after a later stop', () => {
		const actions = [other('stop', '10:00:30'), start('req-1', '10:00:05', 'Error')];
		expect(found(actions, 'req-1')).toMatchObject({ word: 'failed' });
	});
});

describe("where the request's id is not known, or is the gateway's", () => {
	test.each([undefined, 'gateway-id'])('the newest start of this run counts (%s)', (id) => {
		const actions = [
			start('req-2', '10:00:09'),
			start('req-1', '10:00:05', 'Error'),
			other('stop', '09:00:00'),
		];
		expect(found(actions, id)).toEqual({ word: 'pending' });
	});

	test('and it has failed', () => {
		expect(found([start('req-2', '10:00:09', 'Error')])).toMatchObject({ word: 'failed' });
	});

	test('starts from before this run are ignored', () => {
		expect(found([start('req-0', '09:59:59', 'Error')])).toEqual({ word: 'pending' });
	});

	test('times are UTC, with or without saying so', () => {
		const stamped = { ...start('x', '10:00:00', 'Error'), start_time: '2026-11-25T10:00:00Z' };
		expect(found([stamped])).toMatchObject({ word: 'failed' });
		expect(found([start('x', '10:00:00', 'Error')])).toMatchObject({ word: 'failed' });
	});

	test('an action without a readable time is not of this run', () => {
		expect(found([{ ...start('x', '10:00:05', 'Error'), start_time: 'then' }])).toEqual({
			word: 'pending',
		});
	});
});

describe('no sign yet', () => {
	test.each([
		['an empty list: the start still queues', answered(200, { instanceActions: [] })],
		['a list of other actions', answered(200, { instanceActions: [other('stop', '10:00:05')] })],
		['a list of things that are no actions', answered(200, { instanceActions: [null, 'x', 7] })],
		['a cloud that is out', answered(503, nova(503, 'serviceUnavailable'))],
		['a throttled read', answered(429)],
		['an error of the cloud', answered(500)],
		['a lost answer', lost('ECONNRESET')],
	])('%s', (_, answer) => {
		expect(readEvidence(answer, wanted)).toEqual({ word: 'pending' });
	});

	test('a request that was never sent', () => {
		const notSent = {
			kind: 'notSent',
			reason: 'throttled',
			fault: { message: '' },
		} as const;
		expect(readEvidence(notSent, wanted)).toEqual({ word: 'pending' });
	});
});

describe('a cloud without such a list', () => {
	test.each([
		['404', answered(404, nova(404, 'itemNotFound'))],
		['404 without a word', answered(404)],
		['403', answered(403, nova(403, 'forbidden'))],
		['200 with HTML', answered(200, HTML_502)],
		['200 with something else', answered(200, { actions: [] })],
		['200 with nothing', answered(200)],
		['200 with a list that is none', answered(200, { instanceActions: 'none' })],
	])('%s', (_, answer) => {
		expect(readEvidence(answer, wanted)).toEqual({ word: 'noRecords' });
	});
});

test('nothing that a cloud may list makes it throw', () => {
	fc.assert(
		fc.property(fc.array(fc.anything()), (actions) => {
			found(actions, 'req-1');
		}),
		{ numRuns: 500 },
	);
});
