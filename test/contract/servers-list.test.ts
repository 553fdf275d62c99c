import { pick, send } from './client';
import {
	account,
	act,
	expectFault,
	idsIn,
	makeRunning,
	makeStopped,
	namesIn,
	nextLink,
	nova,
	novaCall,
	novaRoot,
	server,
	serverIds,
	SOFT_REBOOT,
	target,
	token,
	UNKNOWN_ID,
	until,
	useLab,
} from './lab';
import { waitUntil } from './target';

useLab();

describe(`The list of servers of ${target.name}`, () => {
	const mine = () => `name=^${target.serverPrefix}`;

	beforeAll(async () => await makeStopped());

	test('a full page has a next one, and the pages together have each server once', async () => {
		const all = idsIn(await nova('GET', `/servers/detail?${mine()}`));
		const seen: unknown[] = [];
		let url: string | undefined =
			`${novaRoot}/v2.1/${account.projectId}/servers/detail?limit=2&${mine()}`;
		while (url !== undefined) {
			const page = await send('GET', url, { headers: { 'X-Auth-Token': token } });
			const ids = idsIn(page);
			seen.push(...ids);
			url = nextLink(page);
			expect(url === undefined).toBe(ids.length < 2);
			if (url !== undefined) {
				expect(pick(page.json, 'servers_links', 0, 'rel')).toBe('next');
				expect(new URL(url).searchParams.get('marker')).toBe(ids[1]);
				expect(new URL(url).searchParams.get('limit')).toBe('2');
				expect(new URL(url).searchParams.has('name')).toBe(true);
			}
		}

		expect(seen).toEqual(all);
	});

	test('the last page has a next one too when it is full, and that one is empty', async () => {
		const all = idsIn(await nova('GET', `/servers?${mine()}`));
		const full = await nova('GET', `/servers?limit=${all.length}&${mine()}`);
		expect(nextLink(full)).toContain(`marker=${String(all.at(-1))}`);

		const after = await send('GET', nextLink(full), { headers: { 'X-Auth-Token': token } });

		expect(after.json).toEqual({ servers: [] });
	});

	test('the newest come first, and those of one second in the order of their ids', async () => {
		const reply = await nova('GET', '/servers/detail');
		const keys = (pick(reply.json, 'servers') as unknown[]).map((entry) => ({
			created: String(pick(entry, 'created')),
			id: String(pick(entry, 'id')),
		}));

		const sorted = [...keys].sort(
			(a, b) => b.created.localeCompare(a.created) || a.id.localeCompare(b.id),
		);
		expect(keys).toEqual(sorted);
	});

	test('an unknown marker is a bad request', async () => {
		expectFault(
			await nova('GET', `/servers?marker=${UNKNOWN_ID}`),
			400,
			'badRequest',
			`marker [${UNKNOWN_ID}] not found`,
		);
	});

	test('a limit of 0 gives nothing, a negative one is a bad request', async () => {
		expect((await nova('GET', '/servers?limit=0')).json).toEqual({ servers: [] });
		expectFault(
			await nova('GET', '/servers?limit=-1'),
			400,
			'badRequest',
			"Invalid input for query parameters limit. Value: -1. '-1' does not match '^[0-9]*$'",
		);
	});

	test('a limit beyond the largest page is no error', async () => {
		expect((await nova('GET', '/servers?limit=100000')).status).toBe(200);
	});

	test('a marker leads on after its server is gone, which shows as DELETED by changes-since', async () => {
		const name = `${target.serverPrefix}gone`;
		const others = idsIn(await nova('GET', `/servers?${mine()}`));
		const id = await target.addServer(name, server, novaCall);
		await until(({ task, status }) => task === null && status !== 'BUILD', id);
		expect(idsIn(await nova('GET', `/servers?${mine()}`))).toEqual([id, ...others]);
		const { headers } = await nova('GET', `/servers/${id}`);

		expect((await nova('DELETE', `/servers/${id}`)).status).toBe(204);
		await waitUntil(
			async () => (await nova('GET', `/servers/${id}`)).status,
			(status) => status === 404,
		);

		expect(idsIn(await nova('GET', `/servers?${mine()}&marker=${id}`))).toEqual(others);
		expect(idsIn(await nova('GET', `/servers?${mine()}`))).toEqual(others);
		const since = new Date(Date.parse(headers.date)).toISOString();
		const changed = await nova('GET', `/servers/detail?name=${name}&changes-since=${since}`);
		expect(pick(changed.json, 'servers', 0)).toEqual(
			expect.objectContaining({ id, status: 'DELETED', 'OS-EXT-STS:task_state': null }),
		);
		for (const body of [{ 'os-start': {} }, { 'os-stop': {} }, SOFT_REBOOT]) {
			expectFault(await act(id, body), 404, 'itemNotFound', `Instance ${id} could not be found.`);
		}
		expect((await nova('GET', `/servers/${id}/os-instance-actions`)).status).toBe(404);
	});

	test('the name is a regular expression, found anywhere and in any case', async () => {
		const { json } = await nova('GET', `/servers/${server}`);
		const name = String(pick(json, 'server', 'name'));
		const by = async (pattern: string) =>
			namesIn(await nova('GET', `/servers?name=${encodeURIComponent(pattern)}`));

		expect(await by(`^${name}$`)).toEqual([name]);
		expect(await by(`^${name.toUpperCase()}$`)).toEqual([name]);
		expect(await by(name.slice(1))).toContain(name);
		expect(await by(`^${name.slice(0, -1)}$`)).not.toContain(name);
		expectFault(
			await nova('GET', '/servers?name=*bad('),
			400,
			'badRequest',
			"Invalid input for query parameters name. Value: *bad(. '*bad(' is not a 'regex'",
		);
	});

	test('the status may be in any case and given several times', async () => {
		const running = serverIds[1];
		await makeRunning(running);
		const by = async (query: string) => idsIn(await nova('GET', `/servers?${query}&${mine()}`));

		expect(await by('status=SHUTOFF')).toContain(server);
		expect(await by('status=shutoff')).not.toContain(running);
		expect(await by('status=ACTIVE')).toContain(running);
		expect(await by('status=ACTIVE&status=SHUTOFF')).toEqual(
			expect.arrayContaining([server, running]),
		);
		expect(await by('status=NONSENSE')).toEqual([]);
		await makeStopped(running);
	});

	test('the next page of a list for two statuses is of one of them only', async () => {
		const query = 'status=SHUTOFF&status=ACTIVE&limit=1';

		const page = await nova('GET', `/servers?${query}`);

		expect(new URL(nextLink(page)).searchParams.getAll('status')).toEqual(['SHUTOFF']);
	});

	test('the next page forgets what Nova does not know', async () => {
		const page = await nova('GET', '/servers?limit=1&bogus=1&uuid=x');

		expect([...new URL(nextLink(page)).searchParams.keys()]).toEqual(['limit', 'uuid', 'marker']);
	});

	test('a member may not ask for deleted servers by status', async () => {
		expectFault(
			await nova('GET', '/servers?status=DELETED'),
			403,
			'forbidden',
			'Only administrators may list deleted instances',
		);
	});

	test.each(['uuid', 'ids', 'id', 'vm_state', 'power_state', 'task_state', 'bogus'])(
		'the filter %s is silently ignored: every server comes',
		async (filter) => {
			const all = idsIn(await nova('GET', `/servers?${mine()}`));

			expect(idsIn(await nova('GET', `/servers?${filter}=${UNKNOWN_ID}&${mine()}`))).toEqual(all);
		},
	);

	test('changes-since gives what changed, and refuses what is no time', async () => {
		await makeRunning();
		const { json } = await nova('GET', `/servers/${server}`);
		const updated = String(pick(json, 'server', 'updated'));

		expect(
			idsIn(await nova('GET', `/servers/detail?changes-since=${encodeURIComponent(updated)}`)),
		).toContain(server);
		expect(idsIn(await nova('GET', '/servers?changes-since=2099-01-01T00:00:00Z'))).toEqual([]);
		expectFault(
			await nova('GET', '/servers?changes-since=yesterday'),
			400,
			'badRequest',
			"Invalid input for query parameters changes-since. Value: yesterday. 'yesterday' is not a 'date-time'",
		);
		await makeStopped();
	});

	test('a member may not list the servers of all projects', async () => {
		expectFault(
			await nova('GET', '/servers/detail?all_tenants=1'),
			403,
			'forbidden',
			"Policy doesn't allow os_compute_api:servers:detail:get_all_tenants to be performed.",
		);
	});

	test('the short list has ids, names and links only', async () => {
		const reply = await nova('GET', '/servers?limit=1');

		expect(Object.keys(pick(reply.json, 'servers', 0) as object)).toEqual(['id', 'name', 'links']);
	});
});
