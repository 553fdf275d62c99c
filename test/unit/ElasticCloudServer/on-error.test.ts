/** With On Error on Continue nothing but cancellation is thrown: n8n would pass the input on by the success output. */
import { type IDataObject, NodeOperationError } from 'n8n-workflow';

import { AUTHENTICATIONS } from '../../../nodes/n8n/authentication';
import { ElasticCloudServer } from '../../../nodes/ElasticCloudServer/ElasticCloudServer.node';
import * as inventory from '../../../nodes/cloud/servers/inventory';
import * as account from '../../../nodes/cloud/access/account';
import * as tools from '../../../nodes/cloud/session/session';
import { PROJECT } from '../projects';
import { fleet, idOf } from '../servers';
import { contextWith } from '../context';
import { projectOf } from '../responses';

const OPERATIONS = ['start', 'stop', 'restart', 'get', 'getMany'];
const boom = () => {
	throw new Error('boom');
};
const byName = (value: string) => ({ __rl: true, mode: 'name', value });

interface Trouble {
	parameters?: Record<string, unknown>;
	credential?: unknown;
	/** Breaks something of the node itself. */
	break?: () => void;
	reason: string;
	message: string;
}

const INPUT = { reason: 'invalidInput' };
const ITSELF = { reason: 'unexpectedResponse', message: 'The node itself failed: boom' };

const TROUBLES: Record<string, Trouble> = {
	'the operation is none': {
		parameters: { operation: 'explode' },
		...INPUT,
		message: "There is no operation 'explode'",
	},
	'the operation is an expression that fails': {
		parameters: { operation: new Error('boom') },
		...INPUT,
		message: 'The expression for this item failed: boom',
	},
	'the authentication is none': {
		parameters: { authentication: 'constructor' },
		...INPUT,
		message: "There is no authentication 'constructor'",
	},
	'the authentication is an expression that fails': {
		parameters: { authentication: new Error('boom') },
		...INPUT,
		message: 'The expression for this item failed: boom',
	},
	'the credential cannot be decrypted': {
		credential: new Error('Credentials could not be decrypted'),
		...INPUT,
		message: 'The credential could not be read: Credentials could not be decrypted',
	},
	'n8n gives no credential': {
		credential: undefined,
		...INPUT,
		message: 'The credential could not be read: n8n gave none',
	},
	'the account cannot be used': {
		credential: { cloud: 'moon-1', projectId: PROJECT, token: 'abcd' },
		...INPUT,
		message: "The credential names an unknown cloud: 'moon-1'",
	},
	'the credential proves nothing': {
		credential: { cloud: 'otc-eu-de', projectId: PROJECT, token: '' },
		...INPUT,
		message: "'Token' in the credential is empty",
	},
	'reading the account fails': {
		break: () => jest.spyOn(account, 'readAccount').mockImplementation(boom),
		...ITSELF,
	},
	'checking the credential fails': {
		break: () => jest.spyOn(AUTHENTICATIONS.token, 'check').mockImplementation(boom),
		...ITSELF,
	},
	'opening a session fails': {
		break: () => jest.spyOn(tools, 'openSession').mockImplementation(boom),
		...ITSELF,
	},
	'the options are an expression that fails': {
		parameters: { options: new Error('boom') },
		...INPUT,
		message: 'The expression for this item failed: boom',
	},
	'the options are none': {
		parameters: { options: null },
		...INPUT,
		message: "'Options' must be an object",
	},
	'an option cannot be': {
		parameters: { options: { maxTries: 99 } },
		...INPUT,
		message: "'Max Tries' must be a number from 1 to 10",
	},
};

/** What concerns some operations only. */
const LATER: Array<[string, string, Trouble]> = [
	...OPERATIONS.slice(0, 4).map((operation): [string, string, Trouble] => [
		operation,
		'looking names up fails',
		{
			parameters: { serverId: byName('web-1') },
			break: () => jest.spyOn(inventory, 'findServers').mockRejectedValue(new Error('boom')),
			...ITSELF,
		},
	]),
	[
		'get',
		'reading fails',
		{
			break: () => jest.spyOn(inventory, 'readServer').mockRejectedValue(new Error('boom')),
			...ITSELF,
		},
	],
	[
		'getMany',
		'reading fails',
		{
			break: () => jest.spyOn(inventory, 'findServers').mockRejectedValue(new Error('boom')),
			...ITSELF,
		},
	],
];

afterEach(() => jest.restoreAllMocks());

function run(operation: string, trouble: Trouble, continueOnFail: boolean, signal?: AbortSignal) {
	trouble.break?.();
	const parameters = { operation, serverId: idOf(1), ...trouble.parameters };
	const world = { items: 2, respond: projectOf(fleet(2)), continueOnFail, signal };
	const context = contextWith(parameters, {
		...world,
		...('credential' in trouble && { credential: trouble.credential ?? null }),
	});
	return { context, output: new ElasticCloudServer().execute.call(context) };
}

const all = Object.entries(TROUBLES).flatMap(([what, trouble]) =>
	OPERATIONS.map((operation): [string, string, Trouble] => [operation, what, trouble]),
);

describe.each([...all, ...LATER])('%s: %s', (operation, _, trouble) => {
	test('Continue: each item says so, and nothing is sent', async () => {
		const { context, output } = run(operation, trouble, true);
		const [items] = await output;
		expect(items).toEqual(
			[0, 1].map((item) => ({
				json: {
					error: expect.objectContaining({
						reason: trouble.reason,
						message: trouble.message,
						hint: expect.any(String) as string,
						attempts: 0,
					}) as IDataObject,
				},
				pairedItem: { item },
			})),
		);
		expect(context.sent).toEqual([]);
	});

	test('Stop Workflow: one error, with what to do', async () => {
		const { output } = run(operation, trouble, false);
		const error: unknown = await output.catch((thrown: unknown) => thrown);
		if (!(error instanceof NodeOperationError)) throw new Error('No error');
		expect(`${error.message} ${String(error.description)}`).toContain(trouble.message);
		expect(error.description).toMatch(/\w\.(<br|$)/);
		expect(error.description).not.toContain(trouble.reason);
	});
});

test.each(OPERATIONS)('%s: only cancellation is thrown, whatever else fails', async (operation) => {
	const trouble = { ...TROUBLES['the options are none'] };
	const { output } = run(operation, trouble, true, AbortSignal.abort());
	await expect(output).rejects.toThrow('The execution was canceled');
});

test('a hint that n8n does not take changes no outcome', async () => {
	const context = contextWith(
		{ operation: 'start', serverId: idOf(1), waitUntilDone: false },
		{ respond: () => ({ statusCode: 202, headers: {}, body: '' }), continueOnFail: true },
	);
	jest.spyOn(context, 'addExecutionHints').mockImplementation(boom);
	const [items] = await new ElasticCloudServer().execute.call(context);
	expect(items).toMatchObject([{ json: { outcome: 'accepted' } }]);
});
