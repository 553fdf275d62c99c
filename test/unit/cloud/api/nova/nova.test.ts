import { nova, READ_MICROVERSION } from '../../../../../nodes/cloud/api/nova/nova';
import { START } from '../../../../../nodes/cloud/power/actions/start';
import { answered, nova as refusal } from '../../../answers';

const ID = '616fb98f-46ca-475e-917e-2563e5a8cd19';
const api = nova('v2.1', 'p1');

test('a start is one POST with exactly one action, whose value is an empty object', () => {
	expect(api.act(ID, START)).toEqual({
		method: 'POST',
		path: `/v2.1/p1/servers/${ID}/action`,
		body: { 'os-start': {} },
	});
});

test('the older path is the same under /v2', () => {
	expect(nova('v2', 'p1').act(ID, START).path).toBe(`/v2/p1/servers/${ID}/action`);
});

test('a server is read with the microversion that shows locks, and plainly without it', () => {
	expect(READ_MICROVERSION).toBe('2.26');
	expect(api.read(ID)).toEqual({
		method: 'GET',
		path: `/v2.1/p1/servers/${ID}`,
		headers: { 'X-OpenStack-Nova-API-Version': '2.26' },
	});
	expect(api.plainer?.read(ID).headers).toEqual({});
	expect(api.plainer?.plainer).toBeUndefined();
});

test('a page of servers', () => {
	expect(api.list({ 'changes-since': 'x' }, 1_000, ID)).toEqual({
		method: 'GET',
		path: '/v2.1/p1/servers/detail',
		query: { limit: '1000', 'changes-since': 'x', marker: ID },
		headers: { 'X-OpenStack-Nova-API-Version': '2.26' },
	});
	expect(api.list({}, 100).query).toEqual({ limit: '100' });
});

describe('what became of an action', () => {
	const asked = { serverId: ID, novaName: 'start', opposites: ['stop'], requestId: 'req-1' };
	const recorded = (requestId: string) =>
		answered(200, {
			instanceActions: [
				{ action: 'start', request_id: requestId, start_time: '2026-11-25T10:00:00' },
			],
		});

	test("stands in the server's list of actions", () => {
		expect(api.evidence(asked)).toEqual({
			method: 'GET',
			path: `/v2.1/p1/servers/${ID}/os-instance-actions`,
		});
	});

	test('is found by the id of the request', () => {
		expect(api.readEvidence(recorded('req-2'), asked)).toEqual({ word: 'absent' });
	});

	test('is found by its time after a batch, whose id Nova does not know', () => {
		const inBatch = { ...asked, jobId: 'ff80', since: 0 };
		expect(api.readEvidence(recorded('req-2'), inBatch)).toMatchObject({ word: 'recorded' });
	});
});

test('a missing server is no missing call', () => {
	expect(api.isMissing(answered(404, refusal(404, 'itemNotFound')))).toBe(false);
});
