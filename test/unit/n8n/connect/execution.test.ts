/** A credential may hold expressions, so that each item may have an account of its own. */
import { ElasticCloudServer } from '../../../../nodes/ElasticCloudServer/ElasticCloudServer.node';
import { act } from '../../../../nodes/ElasticCloudServer/act';
import { START } from '../../../../nodes/cloud/power/actions/start';
import { sharedBy } from '../../../../nodes/cloud/process/sharing';
import { OTHER_PROJECT, PROJECT } from '../../projects';
import { fleet, idOf } from '../../servers';
import { VirtualClock } from '../../virtual-clock';
import { contextWith, type SentRequest } from '../../context';
import { projectOf } from '../../responses';

const OTC = { cloud: 'otc-eu-de', projectId: PROJECT, token: 'token-a' };
const OTHER = { ...OTC, token: 'token-b' };
/** n8n decrypts anew for each item: never the same object twice. */
const each = (...credentials: object[]) => credentials.map((one) => ({ ...one }));

const list = projectOf(fleet(20));
const respond = (request: SentRequest) =>
	request.method === 'POST' ? { statusCode: 202, headers: {}, body: '' } : list(request);

async function run(
	credential: unknown[],
	parameters: Record<string, unknown> = {},
	answer = respond,
) {
	const context = contextWith(
		{
			operation: 'start',
			serverId: credential.map((_, item) => idOf(item + 1)),
			waitUntilDone: false,
			...parameters,
		},
		{ items: credential.length, credential, respond: answer, continueOnFail: true },
	);
	const [items] = await new ElasticCloudServer().execute.call(context);
	return { context, items, json: items.map((item) => item.json) };
}

const tokenFor = (sent: SentRequest[], server: number) =>
	sent.filter(({ url }) => url.includes(idOf(server))).map(({ credential }) => credential?.token);

test.each(['start', 'stop', 'restart', 'get'])(
	'%s: each item goes with its own credential',
	async (operation) => {
		const { context, items } = await run(each(OTC, OTHER, OTC), { operation });
		expect([1, 2, 3].flatMap((server) => tokenFor(context.sent, server))).toEqual([
			'token-a',
			'token-b',
			'token-a',
		]);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([0, 1, 2].map((item) => ({ item })));
	},
);

test('getMany: each item lists the project of its own credential', async () => {
	const { context } = await run(each(OTC, { ...OTC, projectId: OTHER_PROJECT }), {
		operation: 'getMany',
	});
	expect(context.sent.map(({ url }) => url.split('/')[4]).sort()).toEqual([PROJECT, OTHER_PROJECT]);
});

test('a name is looked up in the project of its own item', async () => {
	const serverId = { __rl: true, mode: 'name', value: 'web-7' };
	const inA = projectOf(fleet(10));
	const nobody = projectOf([]);
	const { context, json } = await run(
		each(OTC, { ...OTC, projectId: OTHER_PROJECT }),
		{ serverId },
		(request) => {
			if (request.method === 'POST') return respond(request);
			return request.url.includes(PROJECT) ? inA(request) : nobody(request);
		},
	);
	expect(json).toMatchObject([
		{ serverId: idOf(7), outcome: 'accepted' },
		{ error: { reason: 'notFound' } },
	]);
	const looksIn = (project: string) =>
		context.sent.filter(({ method, url }) => method === 'GET' && url.includes(project));
	expect(looksIn(PROJECT)).toHaveLength(1);
	// The second is for names that are near.
	expect(looksIn(OTHER_PROJECT)).toHaveLength(2);
});

test('an item whose credential cannot be read fails alone', async () => {
	const broken = new Error('No path back to referenced node');
	const { context, json } = await run([{ ...OTC }, broken, { ...OTC, token: '' }, { ...OTC }]);
	expect(json).toMatchObject([
		{ outcome: 'accepted' },
		{
			error: { reason: 'invalidInput', message: expect.stringContaining(broken.message) as string },
		},
		{ error: { reason: 'invalidInput', message: "'Token' in the credential is empty" } },
		{ outcome: 'accepted' },
	]);
	expect(json[1].error).toMatchObject({ serverId: idOf(2) });
	expect(context.sent).toHaveLength(2);
});

test('the same server of one account is asked once', async () => {
	const { context } = await run(each(OTC, OTC, OTC), { serverId: idOf(1) });
	expect(context.sent).toHaveLength(1);
});

test('the credential is read once for each item, and not for one that has failed already', async () => {
	const { context } = await run(each(OTC, OTC, OTC), { serverId: [idOf(1), 'x', idOf(3)] });
	expect(context.reads).toEqual([0, 2]);
});

test('the options are those of the first item, in all accounts', async () => {
	const options = [{ apiVersion: 'v2' }, { apiVersion: 'v2.1' }];
	const { context } = await run(each(OTC, OTHER), { options });
	expect(context.sent.map(({ url }) => url.split('/')[3])).toEqual(['v2', 'v2']);
});

test('the way to authenticate is that of each item', async () => {
	const key = { ...OTC, accessKey: 'AK', secretKey: ['s', 'k'].join('') };
	const { context } = await run([{ ...OTC }, key], { authentication: ['token', 'accessKey'] });
	expect(context.sent.map(({ type }) => type)).toEqual([
		'elasticCloudServerTokenApi',
		'elasticCloudServerAccessKeyApi',
	]);
});

test('two readings of a login are one account, though its session has changed between them', async () => {
	const login = {
		cloud: 'otc-eu-de',
		projectId: PROJECT,
		loginMethod: 'password',
		domainName: 'domain',
		userName: 'user',
		password: ['hush', 'hush'].join('-'),
		sessionTokenOwner: '',
	};
	const { context } = await run(
		each({ ...login, sessionToken: 'old' }, { ...login, sessionToken: 'new' }),
		{ authentication: 'login', serverId: idOf(1) },
	);
	expect(context.sent).toHaveLength(1);
});

test('an execution that is cancelled while its credential is read opens no session', async () => {
	const clock = new VirtualClock();
	const cancel = new AbortController();
	const context = contextWith({ serverId: idOf(1) }, { signal: cancel.signal });
	const run = act({ ...context, getCredentials: readFor(1_000) }, () => START, clock);
	await clock.run(500);
	cancel.abort();
	await expect(run).rejects.toThrow('The execution was canceled');
	await clock.run(60_000);
	expect(sharedBy(clock).accounts.size).toBe(0);

	function readFor(ms: number) {
		return async <T extends object>() => {
			await clock.sleep(ms, new AbortController().signal);
			return { ...OTC } as T;
		};
	}
});
