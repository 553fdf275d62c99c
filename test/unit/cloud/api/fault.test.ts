import fc from 'fast-check';

import {
	explainProject,
	quotedRefusals,
	readError,
	readFault,
	requestId,
	saysError,
} from '../../../../nodes/cloud/api/fault';
import {
	answered,
	CHOICES,
	ecs,
	gateway,
	HTML_502,
	KEYSTONE_401,
	NO_SUCH_ROUTE,
	nova,
} from '../../answers';

const messageOf = (text: string) => readFault(answered(400, ecs('Ecs.0005', text))).message;

describe('the code and the words of an error', () => {
	test.each([
		[
			'Nova',
			409,
			nova(409, 'conflictingRequest', 'Instance x is locked'),
			'conflictingRequest',
			'Instance x is locked',
		],
		[
			'Nova on OTC, with a field of its own beside',
			409,
			{ custom_errno: 'Ecs.1234', ...nova(409, 'conflictingRequest', 'busy') },
			'conflictingRequest',
			'busy',
		],
		[
			'Nova on OTC, with a field of its own inside',
			409,
			{ conflictingRequest: { code: 409, message: 'busy', custom_errno: 'Ecs.1234' } },
			'conflictingRequest',
			'busy',
		],
		['Nova, a fault name nobody knows', 400, nova(400, 'tooOdd', 'odd'), 'tooOdd', 'odd'],
		['ECS v1', 404, ecs('Ecs.0114', 'no such server'), 'Ecs.0114', 'no such server'],
		[
			'ECS v1 with details',
			400,
			{ error: { code: 'Ecs.0005', message: 'bad.', details: [{ code: 'x', message: 'y' }] } },
			'Ecs.0005',
			'bad: y',
		],
		[
			'ECS v1 with details after words that end in a full stop and a blank',
			400,
			{ error: { code: 'Ecs.0005', message: 'v1.2 is bad. ', details: [{ message: 'y' }] } },
			'Ecs.0005',
			'v1.2 is bad: y',
		],
		[
			'ECS v1 with details of which only the second has words',
			400,
			{
				error: {
					code: 'Ecs.0005',
					message: 'bad',
					details: [null, { code: 'x' }, { message: 'y' }],
				},
			},
			'Ecs.0005',
			'bad: y',
		],
		[
			'ECS v1 with details that say the same',
			400,
			{ error: { code: 'Ecs.0005', message: 'so bad', details: [{ code: 'x', message: 'bad' }] } },
			'Ecs.0005',
			'so bad',
		],
		[
			'ECS v1, with a refusal of Nova inside',
			400,
			ecs('Ecs.1000', `Nova said: ${JSON.stringify(nova(403, 'forbidden', 'Not {you}'))}`),
			'Ecs.1000',
			'Nova said: Not {you}',
		],
		[
			'ECS v1, with JSON inside that is no refusal',
			400,
			ecs('Ecs.1000', 'no such flavor {"id":1}'),
			'Ecs.1000',
			'no such flavor {"id":1}',
		],
		['a code that is none', 400, { message: 'bad', code: 'x-Common.0011' }, undefined, 'bad'],
		['a code that is a number', 400, { message: 'bad', code: 1.5 }, undefined, 'bad'],
		['a code with words', 400, { message: 'bad', code: 'Common.0011 x' }, undefined, 'bad'],
		['a title', 400, { message: 'bad', title: 'Bad Request' }, undefined, 'bad'],
		[
			'OTC, no such API',
			404,
			{ message: 'API not found', request_id: 'x' },
			undefined,
			'API not found',
		],
		['Kong', 404, { message: 'no Route matched' }, undefined, 'no Route matched'],
		[
			'Apigee',
			404,
			{ fault: { faultstring: 'Not Found', detail: { errorcode: 'X' } } },
			undefined,
			'Not Found',
		],
		[
			'ECS v1 with internal errors',
			400,
			{
				error: { code: 'Ecs.0005', message: 'bad' },
				internalError: [{ id: '1', error_code: 'Ecs.0111', error_message: 'inner' }],
			},
			'Ecs.0005',
			'bad',
		],
		['ECS v1 without words', 202, { error: { code: 'Common.0024' } }, 'Common.0024', ''],
		[
			'ECS v1, a failed query of a job',
			400,
			{ message: 'bad job', code: 'Common.0011' },
			'Common.0011',
			'bad job',
		],
		['API gateway', 401, gateway('APIGW.0301', 'no'), 'APIGW.0301', 'no'],
		['older API gateway', 401, gateway('APIG.0301', 'no'), 'APIG.0301', 'no'],
		[
			'IAM, wrapped, with a number as code',
			401,
			KEYSTONE_401,
			undefined,
			'The request you have made requires authentication.',
		],
		[
			'IAM, unwrapped',
			401,
			KEYSTONE_401.error,
			undefined,
			'The request you have made requires authentication.',
		],
		['IAM extension', 400, { error_msg: 'no', error_code: 'IAM.0011' }, 'IAM.0011', 'no'],
		['routing level', 404, NO_SUCH_ROUTE, undefined, 'The resource could not be found.'],
		['a bare text', 401, { error: 'Unauthorized' }, undefined, 'Unauthorized'],
		['plain text', 503, 'upstream is\n out', undefined, 'upstream is out'],
		['HTML', 502, HTML_502, undefined, ''],
		['choices', 300, CHOICES, undefined, ''],
		['an empty body', 504, '', undefined, ''],
		['no body', 504, undefined, undefined, ''],
	])('%s', (_, status, body, code, message) => {
		const fault = readFault(answered(status, body));
		expect(fault).toMatchObject({ httpStatus: status, message });
		expect(fault.code).toBe(code);
	});

	test.each([
		['an empty object', {}],
		['a page of servers', { servers: [], servers_links: [] }],
		['a server with a name like a fault', { server: { id: 'x', name: 'error', status: 'ERROR' } }],
		['a job', { job_id: 'x' }],
		['an error that is null', { error: null }],
		['gateway fields that are empty', { error_code: '', error_msg: '' }],
		['gateway fields that say zero', { error_code: 0, error_msg: '' }],
		['a part that has a code of its own', { flavor: { code: 'x' } }],
		['a code beside a message that is no text', { code: 'Common.0011', message: 7 }],
		['a list', []],
		['a number', 7],
	])('%s is no error', (_, body) => {
		expect(readError(body)).toBeUndefined();
	});
});

test('a message beside a title is an error of its own', () => {
	expect(readError({ message: 'bad', title: 'Bad Request' })).toMatchObject({ message: 'bad' });
});

describe('the id of the request', () => {
	test.each([
		[{ 'x-compute-request-id': 'req-1', 'x-openstack-request-id': 'req-2' }, 'req-1'],
		[{ 'x-openstack-request-id': 'req-2', 'x-request-id': 'gw' }, 'req-2'],
		[{ 'x-request-id': 'gw' }, 'gw'],
		[{ 'x-request-id': ['first', 'second'] }, 'first'],
		[{ 'x-request-id': 'req-a, req-a' }, 'req-a'],
		[{ 'x-request-id': ' req-a , req-b' }, 'req-a'],
		[{ 'x-request-id': ' ' }, undefined],
		[{ 'x-request-id': '' }, undefined],
		[{ 'x-request-id': 7 }, undefined],
		[{}, undefined],
	])('%j: %s', (headers, id) => {
		expect(requestId(answered(202, '', headers))).toBe(id);
	});

	test("is the gateway's in the body where no header has it", () => {
		expect(readFault(answered(401, gateway('APIGW.0301'))).requestId).toBe('gateway-id');
	});

	test('is the one in the body also where that has no code', () => {
		const body = { message: 'API not found', request_id: 'gateway-id' };
		expect(readFault(answered(404, body)).requestId).toBe('gateway-id');
	});

	test.each([[''], [7]])('is none where the gateway gives %j', (id) => {
		const body = { ...gateway('APIGW.0101'), request_id: id };
		expect(readFault(answered(404, body)).requestId).toBeUndefined();
	});

	test('is the one in the header where both name one', () => {
		const headers = { 'x-request-id': 'header-id' };
		const body = gateway('APIGW.0301');
		expect(readFault(answered(401, body, headers)).requestId).toBe('header-id');
	});
});

describe('words fit to be shown', () => {
	test.each([
		['The resource could not be found.<br /><br />\n\n\n', 'The resource could not be found.'],
		['<b>No</b> <a href="http://x">way</a>', 'No way'],
		["oops\n<type 'exceptions.TypeError'>", "oops <type 'exceptions.TypeError'>"],
		["<class 'nova.exception.X'> failed", "<class 'nova.exception.X'> failed"],
		['<!-- c --><!doctype html><html lang=en>No', 'No'],
		['two\r\n\tlines', 'two lines'],
		['  padded  ', 'padded'],
	])('%j becomes %j', (said, shown) => {
		expect(messageOf(said)).toBe(shown);
	});

	test.each([
		'Incorrect IAM authentication information: verify aksk signature fail, canonicalRequest:POST|/v2.1/p/servers||x-auth-token:SECRET',
		'Incorrect IAM authentication information: verify aksk signature fail, canonical request: POST|x-auth-token:SECRET',
		'Incorrect IAM authentication information: verify aksk signature fail; Canonical-Request\nPOST\nx-auth-token:SECRET',
		'Incorrect IAM authentication information: verify aksk signature fail canonical_request=POST|SECRET',
	])('the signed request that a gateway echoes is cut: %s', (said) => {
		expect(messageOf(said)).toBe(
			'Incorrect IAM authentication information: verify aksk signature fail',
		);
	});

	test('a long text is cut', () => {
		const shown = messageOf('x'.repeat(10_000));
		expect(shown.length).toBeLessThanOrEqual(301);
		expect(shown).toMatch(/^x+…$/);
	});

	test('what stands behind 4,000 signs is not read', () => {
		expect(messageOf(`${' '.repeat(4_000)}x`)).toBe('');
		expect(messageOf(`${' '.repeat(3_999)}x`)).toBe('x');
	});

	test('a text that just fits is left whole', () => {
		expect(messageOf('x'.repeat(300))).toBe('x'.repeat(300));
	});
});

describe('hostile bodies', () => {
	test('nothing is thrown, and the message is a line of bounded length', () => {
		fc.assert(
			fc.property(fc.integer({ min: 100, max: 599 }), fc.anything(), (status, body) => {
				const { message } = readFault(answered(status, body));
				expect(message.length).toBeLessThanOrEqual(301);
				expect(message).not.toMatch(/[\r\n\t]/);
			}),
			{ numRuns: 2000 },
		);
	});

	test.each([
		['names of built-ins', JSON.parse('{"__proto__": {"message": "x"}, "constructor": 1}')],
		['fields of wrong kinds', { error: { code: {}, message: [] }, error_code: [], message: {} }],
		['a message that is null', { error: { code: null, message: null } }],
		['a detail beside no message', { error: { code: 'x', details: [{ message: 'y' }] } }],
		['deep nests', JSON.parse(`${'{"error":'.repeat(2000)}1${'}'.repeat(2000)}`)],
	])('%s', (_, body: unknown) => {
		expect(() => readFault(answered(400, body))).not.toThrow();
	});

	test.each([
		['tags that never end', '<'.repeat(40_000)],
		['blanks', `x${' '.repeat(40_000)}y`],
	])('a flood of %s is read in no time', (_, text) => {
		const begin = performance.now();
		readFault(answered(502, `x${text}`));
		readFault(answered(400, ecs('Ecs.0005', text)));
		expect(performance.now() - begin).toBeLessThan(1000);
	});
});

test.each([
	["URL's project_id 'A' doesn't match Context's project_id 'null'", true],
	['ProjectId is wrong', true],
	['The project idles', false],
	['my_project_idea', false],
	['The request you have made requires authentication.', false],
])('a refusal that speaks of the project is explained by the project: %s', (message, speaks) => {
	const explanation = explainProject(answered(401, nova(401, 'unauthorized', message)));
	expect(explanation?.hint ?? '').toMatch(speaks ? /'Project ID'/ : /^$/);
});

test('an application credential of another project is told what fixes its project', () => {
	const refused = nova(
		400,
		'badRequest',
		"URL's project_id 'A' doesn't match Context's project_id 'B'",
	);
	const explanation = explainProject(answered(400, refused), 'applicationCredential');
	expect(explanation?.hint).toMatch(/is for the project that it was created in.*'Project ID'/);
	expect(explanation?.hint).not.toMatch(/region|token/i);
});

describe('an answer that looks good holds an error', () => {
	test.each([
		['of a known shape', ecs('Ecs.0114'), true],
		['in words alone', { message: 'API not found' }, true],
		['in a list', { errors: [{ message: 'x' }] }, true],
		['not in an empty list', { errors: [] }, false],
		['not in a list that is none', { errors: 'none' }, false],
		['not in a job', { job_id: 'x' }, false],
		['not in nothing', undefined, false],
	])('%s', (_, body, says) => {
		expect(saysError(body)).toBe(says);
	});
});

describe('the refusals that an error quotes', () => {
	const inside = nova(403, 'forbidden', 'no');
	const detail = { code: 'x', message: 'y' };

	test.each<[string, unknown, unknown[]]>([
		['in its message', ecs('Ecs.1000', `Nova said: ${JSON.stringify(inside)}!`), [inside]],
		['as its details', { error: { message: 'x', details: [detail] } }, [{ error: detail }]],
		[
			'in its message before its details',
			{ error: { message: JSON.stringify(inside), details: [detail] } },
			[inside, { error: detail }],
		],
		['in details beside no message', { error: { details: [detail] } }, [{ error: detail }]],
		['none in plain words', ecs('Ecs.1000', 'no'), []],
		['none in JSON that is broken', ecs('Ecs.1000', '{"forbidden":'), []],
		['none without an error', {}, []],
		['none in words', 'no', []],
	])('%s', (_, body, refusals) => {
		expect(quotedRefusals(body)).toEqual(refusals);
	});
});
