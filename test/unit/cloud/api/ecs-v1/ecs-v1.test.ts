import { ecsV1 } from '../../../../../nodes/cloud/api/ecs-v1/ecs-v1';
import { restart } from '../../../../../nodes/cloud/power/actions/restart';
import { START } from '../../../../../nodes/cloud/power/actions/start';
import { stop } from '../../../../../nodes/cloud/power/actions/stop';
import { answered, CHOICES, ecs, gateway, nova } from '../../../answers';
import recorded from '../../../../recorded/answers.json';

const ID = '616fb98f-46ca-475e-917e-2563e5a8cd19';
const api = ecsV1('p1', 'number');

test('an action on one server is a batch of one', () => {
	expect(api.act(ID, START)).toEqual({
		method: 'POST',
		path: '/v1/p1/cloudservers/action',
		body: { 'os-start': { servers: [{ id: ID }] } },
	});
	expect(api.act(ID, stop(false)).body).toEqual({
		'os-stop': { servers: [{ id: ID }] },
	});
	expect(api.act(ID, restart(true)).body).toEqual({
		reboot: { servers: [{ id: ID }], type: 'HARD' },
	});
});

test('a batch names its servers by their IDs only', () => {
	expect(api.actOnMany(START.batchBody([ID, 'x']))).toEqual({
		method: 'POST',
		path: '/v1/p1/cloudservers/action',
		body: { 'os-start': { servers: [{ id: ID }, { id: 'x' }] } },
		aside: true,
	});
});

test('a job is read, and its id cannot leave its place in the path', () => {
	expect(api.job('ff80')).toEqual({ method: 'GET', path: '/v1/p1/jobs/ff80', aside: true });
	expect(api.job('../x?y').path).toBe('/v1/p1/jobs/..%2Fx%3Fy');
});

test('a server and a list are read without a microversion', () => {
	expect(api.read(ID)).toEqual({ method: 'GET', path: `/v1/p1/cloudservers/${ID}` });
	expect(api.list({ status: 'ACTIVE' }, 100)).toEqual({
		method: 'GET',
		path: '/v1/p1/cloudservers/detail',
		query: { limit: '100', status: 'ACTIVE' },
	});
});

test('the cloud is asked for one tag of several, for no changes and in no order', () => {
	const filters = {
		tags: 'env=test,web=1',
		'changes-since': '2026-11-25T10:00:00Z',
		sort_key: 'display_name',
		sort_dir: 'asc',
	};
	expect(api.list(filters, 100).query).toEqual({ limit: '100', tags: 'env=test' });
});

describe('the answer to an action', () => {
	test('that names a job is an acceptance, of this server alone', () => {
		expect(api.judge(answered(200, { job_id: 'ff80' }))).toMatchObject({
			word: 'accepted',
			jobId: 'ff80',
			isAlone: true,
		});
	});

	test.each<[string, object, string]>([
		['Ecs.0114', { word: 'fail', reason: 'notFound' }, 'no such server'],
		['Ecs.0614', { word: 'fail', reason: 'notFound' }, 'no such server'],
		['Ecs.0100', { word: 'recheck', reason: 'wrongState' }, 'wrong state'],
		['Ecs.0605', { word: 'recheck', reason: 'wrongState' }, 'locked'],
		['Ecs.0603', { word: 'recheck', reason: 'busy', taken: 'no' }, 'busy'],
		['Pdp.0001', { word: 'fail', reason: 'forbidden' }, 'not allowed'],
	])('with the code %s is read: %j (%s)', (code, expected) => {
		expect(api.judge(answered(400, ecs(code)))).toMatchObject(expected);
	});

	test('without a job tells nothing', () => {
		expect(api.judge(answered(200, {}))).toMatchObject({ word: 'recheck', taken: 'maybe' });
	});
});

describe('a call that is missing', () => {
	test.each([
		['APIGW.0101', answered(404, gateway('APIGW.0101'))],
		['APIG.0101', answered(404, gateway('APIG.0101'))],
		['API not found', answered(404, { message: 'API not found', request_id: '039c' })],
		['a page', answered(404, '<html>404</html>')],
		["Nova's list of versions", answered(300, CHOICES)],
		['405', answered(405, nova(405, 'badMethod'))],
	])('is told by %s', (_, answer) => {
		expect(api.isMissing(answer)).toBe(true);
	});

	test.each([
		['a missing server', answered(404, ecs('Ecs.0114'))],
		['a refused credential', answered(401, gateway('APIGW.0301'))],
		['a refused user', answered(403, ecs('Pdp.0001'))],
		['a slow down', answered(429, gateway('APIGW.0308'))],
		['an outage', answered(503, '')],
		['a success', answered(200, { job_id: 'ff80' })],
	])('is not told by %s', (_, answer) => {
		expect(api.isMissing(answer)).toBe(false);
	});
});

describe('a recorded list', () => {
	const lists = recorded.filter(({ id }) => id.startsWith('list-otc-v1'));

	test.each(lists.map(({ id, body }) => [id, body] as const))('%s is read whole', (_, body) => {
		const { servers, count } = body as { servers: unknown[]; count: number };
		expect(api.page({ servers, count }, 25)).toEqual({
			servers,
			more: count > 25,
			total: count,
		});
	});

	test('there are some', () => expect(lists.length).toBeGreaterThan(0));
});

test('what is no list has no page', () => {
	expect(api.page({ count: 1 }, 25)).toBeUndefined();
});

describe('servers that were asked for by their IDs', () => {
	const nobody = { id: ID, name: null, status: null, fault: { message: 'not found' } };
	const somebody = { id: 'other', name: 'web-1', status: 'ACTIVE', fault: null };

	test('are those that are there', () => {
		const asked = ecsV1('p1', 'marker').page({ servers: [nobody, somebody], count: 2 }, 100);
		expect(asked).toEqual({
			servers: [somebody],
			more: false,
		});
	});

	test('are asked for on the hosts of Huawei Cloud alone', () => {
		expect(ecsV1('p1', 'marker').listsChosen).toBe(true);
		expect(ecsV1('p1', 'number').listsChosen).toBe(false);
	});
});
