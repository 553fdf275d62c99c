import { NodeOperationError } from 'n8n-workflow';

import type { Failure } from '../../../nodes/cloud/words/failure';
import {
	count,
	errorOf,
	errorOfAll,
	failureJson,
	withoutUndefined,
} from '../../../nodes/n8n/errors';
import { contextWith } from '../context';

const FAILURE: Failure = { reason: 'locked', message: "'web' is locked", hint: 'Unlock it' };
const ABOUT = { serverId: 'web', operation: 'start', attempts: 2 };

const TALLY = { count: String, summary: '2 servers did not start, 3 did' };

const asTool = () => {
	const context = contextWith({});
	const node = { ...context.getNode(), type: 'elasticCloudServerTool' };
	return { ...context, getNode: () => node };
};

const failedAt = (given: string) => ({
	given,
	failure: { ...FAILURE, message: `'${given}' is locked`, why: 'it is locked' },
});

describe('what stands under `error`', () => {
	test('says what happened, why, to which server, and what to do', () => {
		expect(failureJson(FAILURE, ABOUT)).toEqual({
			message: "'web' is locked",
			reason: 'locked',
			hint: 'Unlock it',
			...ABOUT,
		});
	});

	test('names the server, where its name is known', () => {
		const server = { id: 'x', name: 'web-1' };
		expect(failureJson({ ...FAILURE, server }, ABOUT)).toMatchObject({ serverName: 'web-1' });
		expect(failureJson({ ...FAILURE, server: { id: 'x' } }, ABOUT)).not.toHaveProperty(
			'serverName',
		);
	});

	test('has what the cloud said, where it said it', () => {
		const said = { httpStatus: 409, code: 'Ecs.1', requestId: 'req-1', status: 'SHUTOFF' };
		expect(failureJson({ ...FAILURE, ...said }, ABOUT)).toMatchObject(said);
	});
});

describe('the error of a run', () => {
	test('is one that n8n knows', () => {
		expect(errorOf(contextWith({}), FAILURE)).toBeInstanceOf(NodeOperationError);
	});

	test('has what happened as its title, and how to mend it as its description', () => {
		expect(errorOf(contextWith({}), FAILURE)).toMatchObject({
			message: "'web' is locked",
			description: 'Unlock it.',
		});
	});

	test('has its paragraphs and lines as HTML', () => {
		const { message, description } = errorOfAll(
			contextWith({}),
			[failedAt('a'), failedAt('b')],
			TALLY,
		);
		expect(message).toBe('2 servers did not start, 3 did: each is locked');
		expect(description).toBe('Unlock it.<br /><br />a<br />b');
	});

	test('keeps a message that holds a network code, in place of which n8n has its own', () => {
		const message = 'the cloud did not answer: connect ECONNREFUSED 10.0.0.1:443';
		expect(errorOf(contextWith({}), { ...FAILURE, message }).message).toBe(message);
	});

	test('shows what a server is named as it stands, and not as HTML', () => {
		const hint = "Unlock '<b>&lt;'";
		const { description } = errorOf(contextWith({}), { ...FAILURE, hint });
		expect(description).toBe("Unlock '&lt;b>&amp;lt;'.");
	});
});

describe('as the tool of an agent, whose model reads no more than the message', () => {
	test('the message says what to do, too', () => {
		expect(errorOf(asTool(), FAILURE).message).toBe("'web' is locked. Unlock it.");
	});

	test('n8n does not add the description, as it stands in the message', () => {
		const server = { id: 'x', name: 'web' };
		const { message, description } = errorOf(asTool(), { ...FAILURE, server });
		expect(message).toContain(description);
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
