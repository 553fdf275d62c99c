import { NodeApiError } from 'n8n-workflow';

import type { Answer } from '../../../../nodes/cloud/api/answer';
import { searchServers } from '../../../../nodes/n8n/server/search';
import { answered, HTML_502, KEYSTONE_401, lost, nova } from '../../answers';
import { PROJECT } from '../../projects';
import { fleet, idOf, server } from '../../servers';
import { contextWith } from '../../context';
import { projectOf, toResponse } from '../../responses';

const inEditor = (servers = fleet(5), parameters: Record<string, unknown> = {}) =>
	contextWith(parameters, { respond: projectOf(servers) });

test('each line has the name and the status, and stands for the ID', async () => {
	const context = inEditor([
		server(1),
		server(2, { status: 'SHUTOFF' }),
		server(3, { name: null, status: 'SHELVED_OFFLOADED' }),
	]);
	expect(await searchServers.call(context)).toEqual({
		results: [
			{ name: `${idOf(3)} (Shelved Offloaded)`, value: idOf(3) },
			{ name: 'web-1 (Active)', value: idOf(1) },
			{ name: 'web-2 (Shutoff)', value: idOf(2) },
		],
		paginationToken: undefined,
	});
});

test('a line begins its ID where the name alone does not tell which server it is', async () => {
	const twins = inEditor([server(1, { name: 'web' }), server(2, { name: 'web' }), server(3)]);
	expect((await searchServers.call(twins)).results.map(({ name }) => name)).toEqual([
		'web-3 (Active)',
		`web, ${idOf(1).slice(0, 8)}… (Active)`,
		`web, ${idOf(2).slice(0, 8)}… (Active)`,
	]);
	const byId = await searchServers.call(inEditor(), idOf(4));
	expect(byId.results).toEqual([
		{ name: `web-4, ${idOf(4).slice(0, 8)}… (Active)`, value: idOf(4) },
	]);
});

test('one page is asked for, whatever stands behind it', async () => {
	const context = inEditor(fleet(5_000));
	const { results, paginationToken } = await searchServers.call(context);
	expect(results).toHaveLength(100);
	expect(paginationToken).toBe(idOf(100));
	expect(context.sent).toHaveLength(1);
});

test('the next page goes on from the token, and the last has none', async () => {
	const context = inEditor(fleet(150));
	const { results, paginationToken } = await searchServers.call(context, undefined, idOf(100));
	expect(results.map(({ value }) => value)[0]).toBe(idOf(101));
	expect(results).toHaveLength(50);
	expect(paginationToken).toBeUndefined();
	expect(context.sent[0].qs).toMatchObject({ marker: idOf(100) });
});

test('the cloud searches, and the answer is checked', async () => {
	const context = inEditor(fleet(12));
	const { results } = await searchServers.call(context, ' WEB-1 ');
	expect(results.map(({ name }) => name)).toEqual([
		'web-1 (Active)',
		'web-10 (Active)',
		'web-11 (Active)',
		'web-12 (Active)',
	]);
	expect(context.sent[0].qs).toMatchObject({ name: 'WEB-1' });
});

test('a text is looked for behind the first page, too', async () => {
	const context = inEditor([...fleet(1_500), server(1_501, { name: 'db' })]);
	expect(await searchServers.call(context, 'db')).toEqual({
		results: [{ name: 'db (Active)', value: idOf(1_501) }],
		paginationToken: undefined,
	});
	expect(context.sent.map(({ qs }) => qs?.limit)).toEqual(['100', '1000', '1000']);
});

test('a text that fits no server of a large project: an empty list, and no token', async () => {
	const context = inEditor(fleet(1_500));
	expect(await searchServers.call(context, 'db')).toEqual({
		results: [],
		paginationToken: undefined,
	});
});

test.each([idOf(1_200), ` ${idOf(1_200).toUpperCase()} `])(
	'an ID that is typed or pasted shows its server: %j',
	async (text) => {
		const context = inEditor(fleet(1_500));
		expect(await searchServers.call(context, text)).toEqual({
			results: [{ name: 'web-1200, 00000000… (Active)', value: idOf(1_200) }],
			paginationToken: undefined,
		});
		expect(context.sent.map(({ url }) => new URL(url).pathname.split('/').at(-1))).toEqual([
			idOf(1_200),
		]);
	},
);

test('an ID that no server has: an empty list, and no error', async () => {
	expect((await searchServers.call(inEditor(), idOf(9))).results).toEqual([]);
});

test('nothing typed asks for all', async () => {
	const context = inEditor(fleet(2));
	expect((await searchServers.call(context, '  ')).results).toHaveLength(2);
	expect(context.sent[0].qs).not.toHaveProperty('name');
});

test('an empty project is told from a text that fits no server', async () => {
	await expect(searchServers.call(inEditor([]))).rejects.toThrow('This project has no servers');
	expect((await searchServers.call(inEditor([]), 'web')).results).toEqual([]);
});

test('a page is sorted as people sort, whatever the case', async () => {
	const names = ['web-10', 'Web-2', 'app', 'web-1'];
	const context = inEditor(names.map((name, index) => server(index + 1, { name })));
	expect((await searchServers.call(context)).results.map(({ name }) => name)).toEqual([
		'app (Active)',
		'web-1 (Active)',
		'Web-2 (Active)',
		'web-10 (Active)',
	]);
});

test('a part of an ID finds its server, as a part of its name does', async () => {
	const part = idOf(1_234).slice(-8).toUpperCase();
	const context = inEditor(fleet(1_500));
	expect((await searchServers.call(context, part)).results).toEqual([
		{ name: 'web-1234, 00000000… (Active)', value: idOf(1_234) },
	]);
	expect(context.sent[0].qs).not.toHaveProperty('name');
});

test('API Version holds here, too', async () => {
	const context = inEditor(fleet(1), { options: { apiVersion: 'v2' } });
	await searchServers.call(context);
	expect(new URL(context.sent[0].url).pathname).toMatch(/^\/v2\//);
});

test('the other options are for the run, and may be anything here', async () => {
	const options = {
		apiVersion: 'v2',
		concurrency: 0,
		maxTries: '={{ $json.tries }}',
		pollInterval: -1,
		sendAs: 'pigeon',
		waitTimeout: 1,
	};
	const context = inEditor(fleet(2), { options });
	expect((await searchServers.call(context)).results).toHaveLength(2);
	expect(new URL(context.sent[0].url).pathname).toMatch(/^\/v2\//);
});

test.each([['={{ $json.version }}'], ['v3'], [undefined]])(
	'an API Version that is none yet (%j) is that of the preset',
	async (apiVersion) => {
		const context = inEditor(fleet(1), { options: { apiVersion } });
		await searchServers.call(context);
		expect(new URL(context.sent[0].url).pathname).toMatch(/^\/v2\.1\//);
	},
);

test('nobody waits longer than 20 seconds in front of a list', async () => {
	jest.useFakeTimers({ advanceTimers: false });
	try {
		const context = contextWith({}, { respond: () => new Promise(() => {}) });
		const thrown = searchServers.call(context).catch((error: unknown) => error);
		await jest.advanceTimersByTimeAsync(20_000);
		const { message, description } = (await thrown) as NodeApiError;
		expect(message).toBe('The list of servers could not be read: the cloud did not answer in time');
		expect(description).toMatch(/\w/);
	} finally {
		jest.useRealTimers();
	}
});

describe('an error says what is wrong and what to do', () => {
	let clouds = 0;

	/** Each at a cloud of its own: what one refuses, a process does not send to it again. */
	async function errorOf(answer: Answer) {
		const ecsEndpoint = `https://cloud-${(clouds += 1)}.example.com`;
		const credential = { cloud: 'custom', ecsEndpoint, projectId: PROJECT, token: 'abcd' };
		const context = contextWith({}, { credential, respond: () => toResponse(answer) });
		const error: unknown = await searchServers.call(context).catch((thrown: unknown) => thrown);
		if (error instanceof NodeApiError) return error;
		throw new Error('No error');
	}

	test.each<[string, Answer, RegExp, RegExp]>([
		['no permission to list', answered(403, nova(403, 'forbidden')), /not allowed/, /servers:list/],
		['a refused token', answered(401, KEYSTONE_401), /refused the token/, /new token/],
		[
			'the wrong region',
			answered(404, { code: '404 Not Found', message: 'none', title: 'Not Found' }),
			/neither Nova nor ECS v1 at this endpoint/,
			/region/,
		],
		['a page of something else', answered(200, HTML_502), /does not fit/, /endpoint/],
	])('%s', async (_, answer, message, hint) => {
		const error = await errorOf(answer);
		expect(error.message).toMatch(/list of servers/);
		expect(error.message).toMatch(message);
		expect(error.description).toMatch(hint);
	});

	test('in our own words, as n8n has none that fit', async () => {
		const error = await errorOf(answered(403, nova(403, 'forbidden', 'Policy says no')));
		expect(error.message).toBe(
			'The list of servers could not be read: the user of the credential is not allowed to do that: Policy says no (HTTP 403, forbidden)',
		);
		expect(error.description).toMatch(/^Allow the user to read servers/);
	});

	test('in our own words, also where n8n knows the code of the network', async () => {
		const error = await errorOf(lost('ECONNREFUSED', false, 'connect ECONNREFUSED 10.0.0.1:443'));
		expect(error.message).toMatch(
			/^The list of servers could not be read: the cloud did not answer/,
		);
		expect(error.message).toContain('ECONNREFUSED');
		expect(error.description).toMatch(/^Check the endpoint in the credential/);
	});

	test('a credential that leads nowhere', async () => {
		const credential = { cloud: 'custom', projectId: PROJECT, token: 'abcd' };
		const context = contextWith({}, { credential });
		await expect(searchServers.call(context)).rejects.toThrow('Compute Endpoint');
		expect(context.sent).toEqual([]);
	});
});
