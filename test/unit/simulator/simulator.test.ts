import { createSimulator, createVirtualClock } from '../../../simulator';
import type { SimulatorOptions } from '../../../simulator/cloud';
import { canonicalRequest, signatureOf } from '../../../simulator/signature';

type Simulator = ReturnType<typeof createSimulator>;

let simulator: Simulator;
let clock: ReturnType<typeof createVirtualClock>;

function create(options: SimulatorOptions = {}): void {
	clock = createVirtualClock();
	simulator = createSimulator({ clock, startSeconds: 8, ...options });
}

/** As much of the answers as these tests look at. */
interface Json {
	error_code: string;
	error_msg: string;
	error: { code: string };
	job_id: string;
	status: string;
	entities: {
		sub_jobs_total: number;
		sub_jobs: Array<{ status: string; error_code: string | null; entities: { server_id: string } }>;
	};
}

interface Sent {
	status: number;
	headers: Record<string, string>;
	json: Json;
}

async function send(
	method: 'GET' | 'POST',
	url: string,
	body?: unknown,
	headers: Record<string, string> = { 'x-auth-token': simulator.cloud.issueToken().id },
): Promise<Sent> {
	const response = await simulator.request({
		method,
		url,
		body: body === undefined ? undefined : JSON.stringify(body),
		headers: { 'content-type': 'application/json', ...headers },
	});
	return { ...response, json: JSON.parse(response.body || '{}') as Json };
}

const project = () => simulator.cloud.project.id;
const server = (name = 'lab-01') => simulator.cloud.serverNamed(name);
const start = async (name = 'lab-01') =>
	await send('POST', `/v2.1/${project()}/servers/${server(name).id}/action`, { 'os-start': {} });
const batch = async (ids: string[]) =>
	await send('POST', `/v1/${project()}/cloudservers/action`, {
		'os-start': { servers: ids.map((id) => ({ id })) },
	});
const job = async (id: string) => (await send('GET', `/v1/${project()}/jobs/${id}`)).json;

beforeEach(() => create());
afterEach(async () => await simulator.close());

describe('Faults on demand', () => {
	test('a rule meets so many requests, after letting some pass', async () => {
		simulator.cloud.faults.add({ match: 'start', after: 1, times: 1, then: 'throttled' });

		expect((await start('lab-01')).status).toBe(202);
		expect((await start('lab-02')).json.error_code).toBe('APIGW.0308');
		expect((await start('lab-02')).status).toBe(202);
	});

	test('an answer in place of the cloud’s leaves the server alone', async () => {
		simulator.cloud.faults.add({ match: 'start', times: 1, then: { status: 500, body: {} } });

		expect((await start()).status).toBe(500);
		expect(server().taskState).toBeNull();
	});

	test('an answer may be lost after the cloud did what was asked', async () => {
		simulator.cloud.faults.add({ match: 'start', times: 1, then: 'dropAfter' });

		await expect(start()).rejects.toMatchObject({ code: 'ECONNRESET' });
		expect(server().taskState).toBe('powering-on');
		expect(simulator.cloud.requests.outcomes).toEqual({ 'start dropped': 1 });
	});

	test('a connection may be cut before anything happens', async () => {
		simulator.cloud.faults.add({ match: { kind: 'start' }, times: 1, then: 'drop' });

		await expect(start()).rejects.toThrow();
		expect(server().taskState).toBeNull();
	});

	test('Retry-After comes in seconds or as a date', async () => {
		const then = { preset: 'serviceUnavailable', retryAfter: 7 } as const;
		simulator.cloud.faults.add({ times: 1, then });
		simulator.cloud.faults.add({ times: 1, then: { ...then, retryAfterAsDate: true } });

		expect((await start()).headers['retry-after']).toBe('7');
		expect((await start()).headers['retry-after']).toBe(new Date(clock.now() + 7000).toUTCString());
	});

	test('an outage begins and ends by the clock', async () => {
		simulator.cloud.faults.outage(60);

		expect((await start()).status).toBe(503);
		clock.advance(60_000);
		expect((await start()).status).toBe(202);
	});

	test('a rate limit refuses what is too much, and tells its window', async () => {
		simulator.cloud.faults.rateLimit = { requests: 1, seconds: 300, retryAfter: 3 };

		expect((await start('lab-01')).status).toBe(202);
		const refused = await start('lab-02');
		expect(refused.status).toBe(429);
		expect(refused.json.error_msg).toContain('limit:1,time:5 minute');
		clock.advance(300_000);
		expect((await start('lab-02')).status).toBe(202);
	});

	test('delays pass on the given clock', async () => {
		simulator.cloud.faults.add({ match: 'start', then: { delayBefore: 20, delayAfter: 30 } });
		const begin = clock.now();

		await start();

		expect(clock.now() - begin).toBe(50_000);
		expect(server().history.at(-1)).toEqual(
			expect.objectContaining({ status: 'ACTIVE', at: begin + 28_000 }),
		);
	});

	test('a list fails where its page is too long, and single reads do not', async () => {
		const then = 'gatewayTimeout';
		simulator.cloud.faults.add({ match: { kind: 'list', pageOver: 100 }, then });
		const get = async (path: string) =>
			(await send('GET', `/v2.1/${project()}/servers/${path}`)).status;

		expect(await get('detail?limit=101')).toBe(504);
		expect(await get('detail')).toBe(504);
		expect(await get('detail?limit=100')).toBe(200);
		expect(await get(server().id)).toBe(200);
	});

	test('a server is deleted between two pages', async () => {
		simulator.cloud.faults.add({ match: 'list', times: 1, then: { forgetMarker: true } });
		const { id } = server();

		const page = await send('GET', `/v2.1/${project()}/servers/detail?marker=${id}`);

		expect(page).toMatchObject({
			status: 400,
			json: { badRequest: { message: `marker [${id}] not found` } },
		});
		expect(simulator.cloud.servers.has(id)).toBe(false);
	});
});

describe('The books', () => {
	test('count what named a server, and starts sent while it ran', async () => {
		await start();
		clock.advance(10_000);
		await start();

		const { requests } = simulator.cloud;
		expect(requests.count('start', server().id)).toBe(2);
		expect(requests.startsWhileRunning.get(server().id)).toBe(1);
		expect(requests.find({ kind: 'start', status: 409 })).toHaveLength(1);
	});

	test('never hold a token', async () => {
		const token = simulator.cloud.issueToken().id;
		await send('GET', `/v2.1/${project()}/servers`, undefined, { 'x-auth-token': token });

		expect(JSON.stringify(simulator.cloud.requests.entries)).not.toContain(token);
	});

	test('an expired token is refused', async () => {
		const headers = { 'x-auth-token': simulator.cloud.issueToken().id };
		clock.advance(86_400_000);

		const url = `/v2.1/${project()}/servers`;
		expect((await send('GET', url, undefined, headers)).status).toBe(401);
	});
});

describe('Batch jobs', () => {
	test('begin without entities, and end with one sub-job for each server', async () => {
		const ids = [server('lab-01').id, server('lab-02').id];
		const { job_id: id } = (await batch(ids)).json;

		expect(await job(id)).toEqual(expect.objectContaining({ status: 'INIT', entities: null }));
		clock.advance(2000);
		expect((await job(id)).status).toBe('RUNNING');
		clock.advance(10_000);
		// The parts have ended; the job ends 8 seconds after the last of them.
		expect((await job(id)).status).toBe('RUNNING');
		clock.advance(8_000);
		const done = await job(id);
		expect(done.status).toBe('SUCCESS');
		expect(done.entities.sub_jobs.map((each) => each.entities.server_id)).toEqual(ids);
		expect(simulator.cloud.wasRunning(ids[0])).toBe(true);
	});

	test('tell for each server what went wrong', async () => {
		server('lab-02').locked = true;
		server('lab-03').behave('start', 'fallsBack');
		const unknown = '00000000-0000-4000-8000-000000000000';
		const ids = ['lab-01', 'lab-02', 'lab-03'].map((name) => server(name).id);
		const { job_id: id } = (await batch([...ids, unknown])).json;
		clock.advance(20_000);

		const done = await job(id);
		expect(done.status).toBe('FAIL');
		expect(done.entities.sub_jobs.map((each) => [each.status, each.error_code])).toEqual([
			['SUCCESS', null],
			['FAIL', 'Ecs.0605'],
			['FAIL', 'Ecs.1000'],
			['FAIL', 'Ecs.0114'],
		]);
	});

	test('may leave a server out', async () => {
		server('lab-01').subJobMissing = true;
		const { job_id: id } = (await batch([server('lab-01').id, server('lab-02').id])).json;
		clock.advance(20_000);

		const { entities } = await job(id);
		expect(entities.sub_jobs_total).toBe(2);
		expect(entities.sub_jobs).toHaveLength(1);
	});

	test('take no more than 1,000 servers', async () => {
		const ids = Array.from({ length: 1001 }, () => server().id);

		const refused = await batch(ids);
		expect(refused.status).toBe(400);
		expect(refused.json.error.code).toBe('Ecs.0118');
	});

	test('are not there when they are switched off', async () => {
		simulator.cloud.settings.v1 = false;

		expect((await batch([server().id])).status).toBe(300);
	});
});

describe('Signed requests', () => {
	const sdkDate = (at: number) => new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');

	async function signed(secretKey: string, at = clock.now(), more: Record<string, string> = {}) {
		const path = `/v2.1/${project()}/servers`;
		const headers: Record<string, string> = { host: 'localhost:80', 'x-sdk-date': sdkDate(at) };
		const canonical = canonicalRequest(
			{ method: 'GET', path, rawQuery: 'limit=1', headers, body: Buffer.alloc(0) },
			Object.keys(headers),
		);
		const signature = signatureOf(secretKey, headers['x-sdk-date'], canonical);
		const { accessKey } = simulator.cloud.accessKey;
		const authorization = `SDK-HMAC-SHA256 Access=${accessKey}, SignedHeaders=host;x-sdk-date, Signature=${signature}`;
		return await send('GET', `${path}?limit=1`, undefined, { ...headers, ...more, authorization });
	}
	const right = () => simulator.cloud.accessKey.secretKey;

	test('open the project of their key', async () => {
		expect((await signed(right())).status).toBe(200);
	});

	test('are refused more than 15 minutes off', async () => {
		expect((await signed(right(), clock.now() - 14 * 60_000)).status).toBe(200);
		expect((await signed(right(), clock.now() + 16 * 60_000)).json.error_code).toBe('APIGW.0301');
	});

	test('need the security token of a temporary key', async () => {
		simulator.cloud.accessKey.securityToken = 'temporary';

		expect((await signed(right())).status).toBe(401);
		const more = { 'x-security-token': 'temporary' };
		expect((await signed(right(), clock.now(), more)).status).toBe(200);
	});

	test('lock the key when more than five in a row are wrong', async () => {
		for (let count = 0; count < 6; count++) expect((await signed('wrong')).status).toBe(401);

		expect((await signed(right())).json.error_msg).toContain('reach the limit');
		clock.advance(5 * 60_000);
		expect((await signed(right())).status).toBe(200);
	});
});

describe('Logging in', () => {
	test('five wrong passwords lock the user for a quarter of an hour', async () => {
		const login = async (password: string) =>
			await send(
				'POST',
				'/v3/auth/tokens',
				{
					auth: {
						identity: {
							methods: ['password'],
							password: { user: { name: 'demo', domain: { name: 'Default' }, password } },
						},
					},
				},
				{},
			);
		for (let count = 0; count < 5; count++) expect((await login('wrong')).status).toBe(401);

		expect((await login('simulator-password')).json.error_code).toBe('IAM.0061');
		clock.advance(15 * 60_000);
		expect((await login('simulator-password')).status).toBe(201);
	});
});

describe('The control API', () => {
	test('does over HTTP what tests do with the books', async () => {
		const fleet = { count: 2, each: { startBehaviour: 'fallsBack' } };
		const added = await simulator.request({
			method: 'PUT',
			url: '/_control/servers',
			body: fleet,
		});
		expect(JSON.parse(added.body)).toHaveLength(2);
		await start('lab-02');
		clock.advance(10_000);

		const shown = await send('GET', '/_control/servers/lab-02');
		expect(shown.json).toEqual(
			expect.objectContaining({ status: 'SHUTOFF', requests: { start: 1 } }),
		);
		expect((await send('GET', '/_control/nothing')).status).toBe(404);
	});

	test('sets everything back', async () => {
		simulator.cloud.settings.latencyMs = 500;
		simulator.cloud.removeServers();
		await send('POST', '/_control/reset');

		expect(simulator.cloud.settings.latencyMs).toBe(0);
		expect(simulator.cloud.servers.size).toBe(5);
		expect((await start()).status).toBe(202);
	});
});
