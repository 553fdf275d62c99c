import fc from 'fast-check';

import { readEvidence, type Wanted } from '../../../../nodes/cloud/api/evidence';
import { restart } from '../../../../nodes/cloud/power/actions/restart';
import { answered, HTML_502, lost, nova } from '../../answers';

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

	test('without a message is recorded: it did not fail so far', () => {
		expect(found([start('req-1', '10:00:05')], 'req-1')).toEqual({
			word: 'recorded',
			requestId: 'req-1',
		});
		expect(found([start('req-1', '10:00:05', '')], 'req-1')).toEqual({
			word: 'recorded',
			requestId: 'req-1',
		});
	});

	test('with a message that is no text is recorded, too', () => {
		const action = { ...start('req-1', '10:00:05'), message: 7 };
		expect(found([action], 'req-1')).toEqual({ word: 'recorded', requestId: 'req-1' });
	});

	test('counts, and no other start, whoever was later', () => {
		const actions = [start('req-2', '10:00:09', 'Error'), start('req-1', '10:00:05')];
		expect(found(actions, 'req-1')).toEqual({ word: 'recorded', requestId: 'req-1' });
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
		expect(found(actions, 'req-1')).toEqual({ word: 'recorded', requestId: 'req-1' });
	});

	test('and a later action of another kind proves nothing', () => {
		const actions = [other('createImage', '10:00:30'), start('req-1', '10:00:05')];
		expect(found(actions, 'req-1')).toEqual({ word: 'recorded', requestId: 'req-1' });
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
		expect(found(actions, id)).toEqual({ word: 'recorded', requestId: 'req-2' });
	});

	test('a later action of another kind is not the start', () => {
		const actions = [other('createImage', '10:00:30'), start('req-1', '10:00:05')];
		expect(found(actions)).toEqual({ word: 'recorded', requestId: 'req-1' });
	});

	test('and it has failed', () => {
		expect(found([start('req-2', '10:00:09', 'Error')])).toMatchObject({ word: 'failed' });
	});

	test('starts from before this run are ignored', () => {
		expect(found([start('req-0', '09:59:59', 'Error')])).toEqual({ word: 'absent' });
	});

	test('times are UTC, with or without saying so', () => {
		const stamped = { ...start('x', '10:00:00', 'Error'), start_time: '2026-11-25T10:00:00Z' };
		expect(found([stamped])).toMatchObject({ word: 'failed' });
		expect(found([start('x', '10:00:00', 'Error')])).toMatchObject({ word: 'failed' });
	});

	test('an action without a readable time is not of this run', () => {
		expect(found([{ ...start('x', '10:00:05', 'Error'), start_time: 'then' }])).toEqual({
			word: 'absent',
		});
	});
});

describe('no sign yet', () => {
	test.each([
		['an empty list: the start still queues', []],
		['a list of other actions', [other('stop', '10:00:05')]],
		['a list of things that are no actions', [null, 'x', 7]],
	])('%s', (_, actions) => {
		expect(found(actions, 'req-1')).toEqual({ word: 'absent' });
	});
});

describe('a list that could not be read this time', () => {
	test.each([
		['a cloud that is out', answered(503, nova(503, 'serviceUnavailable'))],
		['a throttled read', answered(429)],
		['an error of the cloud', answered(500)],
		['a lost answer', lost('ECONNRESET')],
	])('%s', (_, answer) => {
		expect(readEvidence(answer, wanted)).toEqual({ word: 'unread' });
	});

	test('a request that was never sent', () => {
		const notSent = {
			kind: 'notSent',
			reason: 'throttled',
			fault: { message: '' },
		} as const;
		expect(readEvidence(notSent, wanted)).toEqual({ word: 'unread' });
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

describe('a restart', () => {
	const reboot = (requestId: string, time: string, message: string | null = null) => ({
		...start(requestId, time, message),
		action: 'reboot',
	});
	const { novaName, novaOpposites: opposites } = restart(false);
	const MINUTE_LATER = SINCE + 60_000;
	const ofReboot = (actions: unknown[], requestId?: string, until?: number) => {
		const window = { since: SINCE, until };
		return readRebootAs(actions, { novaName, opposites, requestId, ...window });
	};
	const readRebootAs = (actions: unknown[], of: Wanted) =>
		readEvidence(answered(200, { instanceActions: actions }), of);

	test('is recorded by the id of its own request', () => {
		expect(ofReboot([reboot('req-1', '10:00:05')], 'req-1')).toEqual({
			word: 'recorded',
			requestId: 'req-1',
		});
	});

	test('is recorded where its answer was lost: the reboot since it was asked for', () => {
		const evidence = ofReboot([reboot('req-7', '10:00:00')]);
		expect(evidence).toEqual({ word: 'recorded', requestId: 'req-7' });
	});

	test('an older reboot is no proof of it', () => {
		expect(ofReboot([reboot('req-0', '09:59:59')])).toEqual({ word: 'absent' });
	});

	test('no reboot is proof where the cloud never told its time', () => {
		const actions = [reboot('req-7', '10:00:05')];
		expect(readRebootAs(actions, { novaName, opposites })).toEqual({ word: 'absent' });
		const until = MINUTE_LATER;
		expect(readRebootAs(actions, { novaName, opposites, until })).toEqual({ word: 'absent' });
	});

	test.each([
		['10:00:00', 'recorded'],
		['10:01:00', 'recorded'],
		['10:01:01', 'absent'],
	])('whose answer was lost can have begun until a minute later: %s, %s', (time, word) => {
		expect(ofReboot([reboot('req-7', time)], undefined, MINUTE_LATER)).toMatchObject({ word });
	});

	test('whose answer was lost is not the later one of somebody else, failed or not', () => {
		const actions = [reboot('req-8', '10:05:00', 'guest hangs'), reboot('req-7', '10:00:05')];
		expect(ofReboot(actions, undefined, MINUTE_LATER)).toEqual({
			word: 'recorded',
			requestId: 'req-7',
		});
	});

	test('with an id is its own, however late the cloud began it', () => {
		expect(ofReboot([reboot('req-1', '10:09:00')], 'req-1', MINUTE_LATER)).toEqual({
			word: 'recorded',
			requestId: 'req-1',
		});
	});

	test('that failed is told with its words', () => {
		expect(ofReboot([reboot('req-1', '10:00:05', 'guest hangs')], 'req-1')).toEqual({
			word: 'failed',
			message: 'guest hangs',
		});
	});

	test('and a stop after it: the server ran again, and was stopped', () => {
		const actions = [other('stop', '10:02:00'), reboot('req-1', '10:00:05')];
		expect(ofReboot(actions, 'req-1')).toEqual({ word: 'undone' });
	});

	test('and a start after it, or a stop before: it stays on record', () => {
		const actions = [
			other('start', '10:01:00'),
			reboot('req-1', '10:00:05'),
			other('stop', '09:59:00'),
		];
		expect(ofReboot(actions, 'req-1')).toEqual({ word: 'recorded', requestId: 'req-1' });
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
