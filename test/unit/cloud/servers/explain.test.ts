import { explainRead, explainServer } from '../../../../nodes/cloud/servers/explain';
import type { Fault } from '../../../../nodes/cloud/api/answer';
import type { Reason } from '../../../../nodes/cloud/api/reason';
import { HINTS } from '../../../../nodes/cloud/words/hints';

const explained = (reason: Reason, fault: Fault = { message: '' }) =>
	explainRead('Server x', { kind: 'unread', reason, fault, final: true });

test('a server that is not there', () => {
	const fault = { httpStatus: 404, code: 'itemNotFound', message: 'No.', requestId: 'req-1' };
	expect(explained('notFound', fault)).toEqual({
		reason: 'notFound',
		message: 'Server x was not found: No (HTTP 404, itemNotFound)',
		why: 'it was not found: No (HTTP 404, itemNotFound)',
		hint: HINTS.notFound,
		httpStatus: 404,
		code: 'itemNotFound',
		requestId: 'req-1',
	});
});

test.each([
	[{ id: 'x' }, 'Server x was not found'],
	[{ id: 'x', name: 'web-1' }, "Server 'web-1' (x) was not found"],
])('a server is named as far as it is known: %j', (server, message) => {
	const unread = {
		kind: 'unread',
		reason: 'notFound',
		fault: { message: '' },
		final: true,
	} as const;
	expect(explainServer(server, unread)).toMatchObject({ server, message, why: 'it was not found' });
});

test.each<[Reason, Fault, string]>([
	['forbidden', { message: '' }, 'the user of the credential is not allowed to do that'],
	['unavailable', { message: '' }, 'the cloud was not available'],
	['throttled', { message: '' }, 'the cloud asked to slow down'],
	['unexpectedResponse', { message: '' }, 'the cloud gave an answer that does not fit'],
	[
		'invalidInput',
		{ message: '' },
		'the cloud does not accept the project or the endpoint of the credential',
	],
])('%s says why', (reason, fault, why) => {
	const failure = explained(reason, fault);
	expect(failure.message).toBe(`Server x could not be read: ${why}`);
	expect(failure.why).toBe(why);
});

test('a request that was refused for itself is not blamed on the credential', () => {
	const fault = { httpStatus: 400, message: 'Invalid' };
	expect(explained('invalidInput', fault).message).toBe(
		'Server x could not be read: the cloud does not accept the request: Invalid (HTTP 400)',
	);
});

describe('what to do next', () => {
	const explanation = { why: 'a proxy refused', hint: 'Ask the proxy' };

	test('comes from who knows the fault, before its code', () => {
		const { message, hint } = explained('forbidden', {
			message: '',
			code: 'Pdp.0001',
			explanation,
		});
		expect(message).toContain('a proxy refused');
		expect(hint).toBe('Ask the proxy');
	});

	test('comes from the code, before the reason', () => {
		expect(explained('forbidden', { message: '', code: 'Pdp.0001' }).hint).toContain('policy');
	});

	test('names the permission that a reader needs', () => {
		expect(explained('forbidden').hint).toContain('ecs:servers:list');
	});

	test('is nothing where nothing is known', () => {
		expect(explained('cancelled').hint).toBe('');
	});
});
