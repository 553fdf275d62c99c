import { pick, type Reply, send } from './client';
import {
	act,
	expectConflict,
	expectFault,
	idsIn,
	makeRunning,
	makeStopped,
	nextLink,
	nova,
	novaCall,
	server,
	serverIds,
	start,
	target,
	token,
	until,
	useLab,
} from './lab';
import { waitUntil } from './target';

useLab();

/** What the trigger's one request a poll relies on. */
describe(`What changed on ${target.name}`, () => {
	beforeAll(async () => await makeStopped());

	// The version that the node asks for.
	const microversion = '2.26';
	const detail = async (query: string) =>
		await nova('GET', `/servers/detail?${query}`, { microversion });
	const since = async (time: string, more = '') =>
		await detail(`limit=1000&changes-since=${encodeURIComponent(time)}${more}`);
	const updatedOf = async (id = server) =>
		String(pick((await nova('GET', `/servers/${id}`)).json, 'server', 'updated'));
	const shifted = (time: string, milliseconds: number) =>
		new Date(Date.parse(time) + milliseconds).toISOString();
	const timeOf = async () => {
		const { headers } = await nova('GET', `/servers/${server}`);
		return Date.parse(headers.date);
	};
	/** The cloud's own time of now, in another second than all that was done before. */
	const now = async () => {
		const before = await timeOf();
		return new Date(await waitUntil(timeOf, (time) => time > before)).toISOString();
	};
	const rowOf = (reply: Reply, id: string) => {
		const index = idsIn(reply).indexOf(id);
		return pick(reply.json, 'servers', index) as Record<string, unknown>;
	};

	test('each answer tells the cloud’s time', async () => {
		const { headers } = await since('2099-01-01T00:00:00Z');

		expect(Math.abs(Date.parse(headers.date) - Date.now())).toBeLessThan(60_000);
	});

	test('nothing changed is an empty list, of 15 bytes', async () => {
		const { status, text } = await since('2099-01-01T00:00:00Z');

		expect([status, text]).toEqual([200, '{"servers": []}']);
	});

	test('a time is a whole second, and what changed in it is told', async () => {
		const updated = await updatedOf();

		expect(updated).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
		expect(idsIn(await since(updated))).toContain(server);
		expect(idsIn(await since(updated.replace('Z', '.001Z')))).not.toContain(server);
		expect(idsIn(await since(shifted(updated, 1_000)))).not.toContain(server);
	});

	test('a time may have an offset', async () => {
		const updated = await updatedOf();
		const inBerlin = shifted(updated, 3_600_000).replace('.000Z', '+01:00');

		expect(idsIn(await since(inBerlin))).toContain(server);
		expect(idsIn(await since(inBerlin.replace('+01', '+00')))).not.toContain(server);
	});

	test('it goes together with a name and a status', async () => {
		const updated = await updatedOf();

		expect(idsIn(await since(updated, `&name=${target.serverPrefix}&status=SHUTOFF`))).toContain(
			server,
		);
		expect(idsIn(await since(updated, '&status=ERROR'))).not.toContain(server);
		expect(idsIn(await since(updated, '&name=no-server-has-it'))).toEqual([]);
	});

	test('a start is told, and so is each step on its way', async () => {
		const before = await now();
		await start();

		const seen = await waitUntil(
			async () => rowOf(await since(before), server),
			({ status }) => status === 'ACTIVE',
		);
		await until(({ task }) => task === null);

		expect(seen['OS-EXT-STS:vm_state']).toBe('active');
		expect(idsIn(await since(before))).toEqual([server]);
		await makeStopped();
	});

	const rename = async (change: (name: string) => string) => {
		const { json } = await nova('GET', `/servers/${server}`);
		await target.rename(server, change(String(pick(json, 'server', 'name'))), novaCall);
	};

	test.each([
		[
			'new metadata',
			async () => await novaCall('POST', `/servers/${server}/metadata`, { metadata: { a: 'b' } }),
		],
		['a new name', async () => await rename((name) => `${name}-renamed`)],
		['its old name', async () => await rename((name) => name.replace('-renamed', ''))],
		['a lock', async () => await act(server, { lock: null })],
		['an unlock', async () => await act(server, { unlock: null })],
	])('%s is told', async (_what, change) => {
		const before = await now();

		await change();

		expect(idsIn(await since(before))).toEqual([server]);
	});

	test('tags are not told', async () => {
		const before = await now();

		await novaCall('PUT', `/servers/${server}/tags`, { tags: ['of=changes'] }, microversion);

		expect(idsIn(await detail('tags=of%3Dchanges'))).toEqual([server]);
		expect(idsIn(await since(before))).toEqual([]);
		await novaCall('PUT', `/servers/${server}/tags`, { tags: [] }, microversion);
		expect(idsIn(await since(before))).toEqual([]);
	});

	test('what the cloud refused is not told', async () => {
		await makeRunning();
		const before = await now();

		expectConflict(
			await start(),
			`Cannot 'start' instance ${server} while it is in vm_state active`,
		);

		expect(idsIn(await since(before))).toEqual([]);
		await makeStopped();
	});

	describe('of a server that was deleted', () => {
		const name = `${target.serverPrefix}deleted`;
		let id: string;
		let before: string;

		beforeAll(async () => {
			id = await target.addServer(name, serverIds[1], novaCall);
			await until(({ task, status }) => task === null && status !== 'BUILD', id);
			await novaCall('PUT', `/servers/${id}/tags`, { tags: ['of=deleted'] }, microversion);
			await novaCall('POST', `/servers/${id}/metadata`, { metadata: { of: 'deleted' } });
			before = await now();
			expect((await nova('DELETE', `/servers/${id}`)).status).toBe(204);
			await waitUntil(
				async () => (await nova('GET', `/servers/${id}`)).status,
				(status) => status === 404,
			);
		});

		test('it has ID, name, status and when it ended, but neither tags nor metadata', async () => {
			const reply = await since(before);

			expect(idsIn(reply)).toEqual([id]);
			expect(rowOf(reply, id)).toEqual(
				expect.objectContaining({
					id,
					name,
					status: 'DELETED',
					tags: [],
					metadata: {},
					'OS-EXT-STS:task_state': null,
					'OS-SRV-USG:terminated_at': expect.stringMatching(
						/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/,
					),
				}),
			);
		});

		test('it is among those of its name, and none of those of its tag', async () => {
			expect(idsIn(await since(before, `&name=${name}`))).toEqual([id]);
			expect(idsIn(await since(before, '&tags=of%3Ddeleted'))).toEqual([]);
		});

		test('pages lead over it', async () => {
			const whole = idsIn(await since('2020-01-01T00:00:00Z'));
			const seen: unknown[] = [];
			let page = await detail('limit=1&changes-since=2020-01-01T00:00:00Z');
			const headers = { 'X-Auth-Token': token, 'OpenStack-API-Version': `compute ${microversion}` };
			while (idsIn(page).length > 0) {
				seen.push(...idsIn(page));
				page = await send('GET', nextLink(page), { headers });
			}

			expect(whole).toContain(id);
			expect(seen).toEqual(whole);
		});

		test('it cannot be read by itself', async () => {
			expectFault(
				await nova('GET', `/servers/${id}`, { microversion }),
				404,
				'itemNotFound',
				`Instance ${id} could not be found.`,
			);
		});

		test('what was done to it can be read from 2.21 on, its end with it', async () => {
			const path = `/servers/${id}/os-instance-actions`;

			const reply = await nova('GET', path, { microversion });

			expect(reply.status).toBe(200);
			expect(pick(reply.json, 'instanceActions', 0, 'action')).toBe('delete');
			expect((await nova('GET', path, { microversion: '2.20' })).status).toBe(404);
		});
	});
});
