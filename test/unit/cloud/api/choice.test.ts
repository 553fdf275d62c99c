import type { Answer } from '../../../../nodes/cloud/api/answer';
import {
	type ApiVersion,
	afterAnswer,
	type Call,
	explainMissing,
	firstChoice,
	isHuaweiCloud,
} from '../../../../nodes/cloud/api/choice';
import { ecsV1 } from '../../../../nodes/cloud/api/ecs-v1/ecs-v1';
import { answered, ecs, gateway, lost, nova } from '../../answers';

const ID = '616fb98f-46ca-475e-917e-2563e5a8cd19';
const NOT_PUBLISHED = answered(404, gateway('APIGW.0101'));
const begin = (version: ApiVersion, isHuawei = false) =>
	firstChoice(version, 'p', ecsV1('p', 'number'), isHuawei);
/** By their paths, the APIs that a kind of call may go to. */
const ways = (choice: ReturnType<typeof begin>, call: Call = 'read') =>
	choice[call].apis.map((api) => api.read(ID).path.split('/')[1]);
/** What is known after these answers to calls of the API that is asked at the time. */
const after = (choice: ReturnType<typeof begin>, ...answers: Answer[]) =>
	answers.reduce((known, answer) => afterAnswer(known, 'read', known.read.apis[0], answer), choice);

describe('the hosts of Huawei Cloud', () => {
	test.each([
		['https://ecs.ap-southeast-1.myhuaweicloud.com', true],
		['https://ecs.eu-west-101.myhuaweicloud.eu:443', true],
		['https://ECS.EU-WEST-101.MYHUAWEICLOUD.EU', true],
		['https://ecs.eu-de.otc.t-systems.com', false],
		['https://ecs.eu-west-0.prod-cloud-ocb.orange-business.com', false],
		['https://myhuaweicloud.com.example.com', false],
		['https://notmyhuaweicloud.com', false],
	])('%s: %s', (endpoint, expected) => {
		expect(isHuaweiCloud(endpoint)).toBe(expected);
	});
});

test.each<[ApiVersion, boolean, string[]]>([
	['auto', true, ['v1', 'v2.1']],
	['auto', false, ['v2.1', 'v1']],
	['v1', false, ['v1']],
	['v2', true, ['v2']],
	['v2.1', true, ['v2.1']],
])('%s (on Huawei Cloud: %s) asks %j, in this order', (version, isHuawei, expected) => {
	expect(ways(begin(version, isHuawei))).toEqual(expected);
});

test.each<[string, Answer]>([
	['APIGW.0101', NOT_PUBLISHED],
	['APIG.0101', answered(404, gateway('APIG.0101'))],
	['API not found', answered(404, { message: 'API not found', request_id: '039c' })],
	['a page', answered(404, '<html>404</html>')],
])('%s moves this kind of call to the other API, and no other kind', (_, answer) => {
	const known = after(begin('auto'), answer);
	expect(ways(known)[0]).toBe('v1');
	expect(ways(known, 'list')[0]).toBe('v2.1');
});

test.each<[string, Answer]>([
	['a missing server', answered(404, nova(404, 'itemNotFound'))],
	['a missing server of ECS v1', answered(404, ecs('Ecs.0114'))],
	['a refused credential', answered(401, gateway('APIGW.0301'))],
	['a refused user', answered(403, nova(403, 'forbidden'))],
	['a slow down', answered(429, gateway('APIGW.0308'))],
	['an outage', answered(502, '<html>502</html>')],
	['a lost answer', lost('ECONNRESET')],
])('%s moves nothing', (_, answer) => {
	expect(ways(after(begin('auto'), answer))).toEqual(['v2.1', 'v1']);
});

test('what has worked is not moved any more', () => {
	const known = after(begin('auto'), answered(200, { server: {} }), NOT_PUBLISHED);
	expect(ways(known)[0]).toBe('v2.1');
	expect(explainMissing(known, 'read', 'auto').why).toContain('a call that has just worked');
});

test('the late answer of an API that is not asked any more moves nothing', () => {
	const first = begin('auto');
	const known = after(first, NOT_PUBLISHED);
	expect(afterAnswer(known, 'read', first.read.apis[0], NOT_PUBLISHED)).toBe(known);
});

describe('one answer is no proof', () => {
	const PAGE = answered(404, '<html>404</html>');

	test('where the other API does not have the call either, the first is asked once more', () => {
		expect(ways(after(begin('auto'), PAGE, NOT_PUBLISHED))[0]).toBe('v2.1');
	});

	test('it has the call after all, and keeps it', () => {
		const known = after(begin('auto'), PAGE, NOT_PUBLISHED, answered(202), PAGE);
		expect(ways(known)[0]).toBe('v2.1');
	});

	test('who has said it twice is asked no more', () => {
		expect(ways(after(begin('auto'), PAGE, PAGE, PAGE))).toEqual(['v1']);
	});

	test('the one that is left is asked by each who wants something, whatever it says', () => {
		expect(ways(after(begin('auto'), PAGE, PAGE, PAGE, PAGE, PAGE))).toEqual(['v1']);
	});

	test('one kind of call says nothing of another', () => {
		expect(ways(after(begin('auto'), PAGE, PAGE, PAGE), 'act')).toEqual(['v2.1', 'v1']);
	});

	test('a microversion that the cloud does not know gives no chance more', () => {
		const tooNew = answered(406, nova(406, 'computeFault'));
		expect(ways(after(begin('auto'), PAGE, PAGE, tooNew, PAGE))).toEqual(['v1']);
	});
});

test('what to tell where no API has the call, or the only one that may be asked has not', () => {
	expect(explainMissing(begin('auto'), 'read', 'auto').why).toContain('neither Nova nor ECS v1');
	expect(explainMissing(begin('v2.1'), 'read', 'v2.1').hint).toContain('Automatic');
});

test('a microversion that the cloud does not know is left out of all calls', () => {
	const known = after(begin('auto'), answered(406, nova(406, 'computeFault')));
	for (const call of ['act', 'read', 'list'] as const) {
		expect(known[call].apis[0].read(ID).headers).toEqual({});
		expect(ways(known, call)).toEqual(['v2.1', 'v1']);
	}
});
