import fc from 'fast-check';

import { parseServerId, READ_MICROVERSION, Requests } from '../../../../nodes/cloud/api/requests';
import { START } from '../../../../nodes/cloud/power/actions/start';

const ID = '616fb98f-46ca-475e-917e-2563e5a8cd19';
const requests = new Requests('v2.1', 'p1');

describe('a server ID', () => {
	test.each([ID, ID.toUpperCase(), ` ${ID}\n`])('%j is one', (value) => {
		expect(parseServerId(value)).toBe(ID);
	});

	test.each([
		[undefined],
		[null],
		[''],
		[7],
		[{}],
		['web-1'],
		[ID.replaceAll('-', '')],
		[`${ID}/action`],
		[`../${ID}`],
		[`${ID}?x=1`],
		[`${ID}\n${ID}`],
		[`{${ID}}`],
		[ID.slice(1)],
		[`g${ID.slice(1)}`],
	])('%j is none', (value) => {
		expect(parseServerId(value)).toBeUndefined();
	});

	test('never brings anything into a path but hex digits and dashes', () => {
		fc.assert(
			fc.property(fc.oneof(fc.string(), fc.uuid(), fc.anything()), (value) => {
				const id = parseServerId(value);
				expect(id === undefined || /^[0-9a-f-]{36}$/.test(id)).toBe(true);
			}),
		);
	});
});

test('a start is one POST with exactly one action, whose value is an empty object', () => {
	expect(requests.act(ID, START.body)).toEqual({
		method: 'POST',
		path: `/v2.1/p1/servers/${ID}/action`,
		body: { 'os-start': {} },
	});
});

test('the older path is the same under /v2', () => {
	expect(new Requests('v2', 'p1').act(ID, START.body).path).toBe(`/v2/p1/servers/${ID}/action`);
});

test('a batch start goes to ECS v1, whatever the version of the compute API, with IDs only', () => {
	for (const version of ['v2.1', 'v2'] as const) {
		expect(new Requests(version, 'p1').actOnMany(START.batchBody([ID, 'x']))).toEqual({
			method: 'POST',
			path: '/v1/p1/cloudservers/action',
			body: { 'os-start': { servers: [{ id: ID }, { id: 'x' }] } },
			aside: true,
		});
	}
});

test('a job is read from ECS v1, and its id cannot leave its place in the path', () => {
	expect(requests.job('ff80')).toMatchObject({
		method: 'GET',
		path: '/v1/p1/jobs/ff80',
		aside: true,
	});
	expect(requests.job('../x?y').path).toBe('/v1/p1/jobs/..%2Fx%3Fy');
});

test('a server is read with the microversion that shows locks, if any', () => {
	expect(READ_MICROVERSION).toBe('2.26');
	expect(requests.read(ID, '2.26')).toEqual({
		method: 'GET',
		path: `/v2.1/p1/servers/${ID}`,
		headers: { 'X-OpenStack-Nova-API-Version': '2.26' },
	});
	expect(requests.read(ID).headers).toEqual({});
});

test('a page of servers', () => {
	expect(requests.list({ 'changes-since': 'x' }, 1_000, ID, '2.26')).toEqual({
		method: 'GET',
		path: '/v2.1/p1/servers/detail',
		query: { limit: '1000', 'changes-since': 'x', marker: ID },
		headers: { 'X-OpenStack-Nova-API-Version': '2.26' },
	});
	expect(requests.list({}, 100).query).toEqual({ limit: '100' });
});

test('the actions of a server', () => {
	expect(requests.actions(ID)).toMatchObject({
		method: 'GET',
		path: `/v2.1/p1/servers/${ID}/os-instance-actions`,
	});
});
