import { STATUSES } from '../../nodes/cloud/api/server';
import { pick, type Reply } from './client';
import {
	account,
	act,
	expectFault,
	HARD_REBOOT,
	idsIn,
	isRunning,
	isStopped,
	makeRunning,
	makeStopped,
	makeTrouble,
	nextLink,
	nova,
	novaCall,
	server,
	serverIds,
	start,
	stop,
	target,
	tokenOf,
	until,
	useLab,
	userWith,
	withReader,
	withTrouble,
} from './lab';

useLab();

describe(`Finding servers of ${target.name}`, () => {
	const TAGS = ['env=contract', 'nightly', 'team=a'];
	// The header that the node sends, and the version from which on tags show.
	const headers = { 'X-OpenStack-Nova-API-Version': '2.26' };
	const find = async (query: string) => await nova('GET', `/servers/detail?${query}`, { headers });
	/** Of the servers of this suite; the project may have more. */
	const ours = (reply: Reply) => serverIds.filter((id) => idsIn(reply).includes(id)).sort();
	const found = async (query: string) => ours(await find(query));
	const setTags = async (id: string, tags: string[]) => {
		const reply = await nova('PUT', `/servers/${id}/tags`, { body: { tags }, headers });
		expect(reply.status).toBe(200);
	};
	const mine = () => `name=${target.serverPrefix}`;

	let tagged: string[];

	beforeAll(async () => {
		for (const id of serverIds) await makeStopped(id);
		tagged = serverIds.slice(0, 3).sort();
		for (const id of tagged) await setTags(id, TAGS);
	});

	afterAll(async () => {
		for (const id of tagged) await setTags(id, []);
	});

	test('each server of a list has what the node shows of it', async () => {
		const reply = await find(mine());

		for (const entry of pick(reply.json, 'servers') as unknown[]) {
			expect(entry).toEqual(
				expect.objectContaining({
					id: expect.stringMatching(/^[0-9a-f-]{36}$/),
					name: expect.any(String),
					status: expect.any(String),
					addresses: expect.any(Object),
					created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
					tags: expect.any(Array),
					locked: expect.any(Boolean),
					'OS-EXT-AZ:availability_zone': expect.any(String),
					'OS-EXT-STS:task_state': null,
				}),
			);
			expect(pick(entry, 'flavor', 'id')).toEqual(expect.any(String));
		}
	});

	test('a server by itself looks as it does in a list', async () => {
		const listed = pick((await find(mine())).json, 'servers') as unknown[];
		const one = await nova('GET', `/servers/${server}`, { headers });

		expect(listed).toContainEqual(pick(one.json, 'server'));
	});

	test('a tag must be there in full: its key is not enough', async () => {
		expect(await found('tags=env%3Dcontract')).toEqual(tagged);
		expect(await found('tags=env')).toEqual([]);
		expect(await found('tags=nightly')).toEqual(tagged);
	});

	test('of several tags, all must be there', async () => {
		await setTags(tagged[0], ['env=contract']);

		expect(await found('tags=env%3Dcontract,nightly')).toEqual(tagged.slice(1));

		await setTags(tagged[0], TAGS);
	});

	test('name, status and tags hold together', async () => {
		const running = tagged[0];
		await makeRunning(running);

		expect(await found(`${mine()}&status=SHUTOFF&tags=nightly`)).toEqual(tagged.slice(1));
		expect(await found(`${mine()}&status=ACTIVE&tags=nightly,team%3Da`)).toEqual([running]);
		expect(await found('name=nobody&status=ACTIVE&tags=nightly')).toEqual([]);
		await makeStopped(running);
	});

	test('filters hold on every page, with a marker of one’s own', async () => {
		const seen: string[] = [];
		for (let marker = ''; ; marker = `&marker=${seen.at(-1)}`) {
			const page = await find(`${mine()}&status=SHUTOFF&tags=nightly&limit=1${marker}`);
			const ids = idsIn(page) as string[];
			expect(nextLink(page) === undefined).toBe(ids.length === 0);
			if (ids.length === 0) break;
			seen.push(...ids);
		}

		expect(seen.sort()).toEqual(tagged);
	});

	test('a marker that no longer fits the filter still leads on', async () => {
		const query = `${mine()}&status=SHUTOFF&tags=nightly`;
		const [first, ...others] = idsIn(await find(query)) as string[];
		await makeRunning(first);

		expect(idsIn(await find(`${query}&marker=${first}`))).toEqual(others);

		await makeStopped(first);
	});

	withTrouble.each([
		['SOFT', 'REBOOT'],
		['HARD', 'HARD_REBOOT'],
	])('while a %s reboot runs, it is found as %s', async (type, status) => {
		await makeRunning();
		await makeTrouble({ reboot: 'slow' });
		await act(server, { reboot: { type } });

		const other = status === 'REBOOT' ? 'HARD_REBOOT' : 'REBOOT';
		expect(await found(`${mine()}&status=${status}`)).toEqual([server]);
		expect(await found(`${mine()}&status=${status.toLowerCase()}`)).toEqual([server]);
		expect(await found(`${mine()}&status=${other}`)).toEqual([]);
		expect(await found(`${mine()}&status=${status}&status=${other}`)).toEqual([server]);
		// Nova gives it for ACTIVE, too, which is why the node looks at what each one shows.
		const active = await find(`${mine()}&status=ACTIVE`);
		expect(pick(active.json, 'servers')).toContainEqual(
			expect.objectContaining({ id: server, status }),
		);
		expect(await found(`${mine()}&status=${other}&status=SHUTOFF`)).toContain(server);
		await until(isRunning);
		expect(await found(`${mine()}&status=${status}`)).toEqual([]);
		await makeStopped();
	});

	withTrouble('while a hard reboot starts it, it is found as SHUTOFF', async () => {
		await makeTrouble({ reboot: 'slow' });
		await act(server, HARD_REBOOT);

		expect(await found(`${mine()}&status=SHUTOFF`)).toContain(server);
		expect(await found(`${mine()}&status=HARD_REBOOT`)).toEqual([]);
		expect(await found(`${mine()}&status=ACTIVE`)).toEqual([]);
		await until(isRunning);
		await makeStopped();
	});

	withTrouble('while it starts, it is found as SHUTOFF; while it stops, as ACTIVE', async () => {
		await makeTrouble({ start: 'slow', stop: 'slow' });
		const tasks = async (query: string) =>
			(pick((await find(query)).json, 'servers') as unknown[])
				.filter((entry) => pick(entry, 'id') === server)
				.map((entry) => pick(entry, 'OS-EXT-STS:task_state'));

		await start();
		expect(await tasks(`${mine()}&status=SHUTOFF`)).toEqual(['powering-on']);
		expect(await tasks(`${mine()}&status=ACTIVE`)).toEqual([]);
		await until(isRunning);
		await stop();
		expect(await tasks(`${mine()}&status=ACTIVE`)).toEqual(['powering-off']);
		expect(await tasks(`${mine()}&status=SHUTOFF`)).toEqual([]);
		await until(isStopped);
		expect(await tasks(`${mine()}&status=SHUTOFF`)).toEqual([null]);
		await makeStopped();
	});

	// Others of the project may be in it; so only what comes must have it.
	test.each(STATUSES.filter((status) => status !== 'ACTIVE'))(
		'who asks for the status %s gets that only',
		async (status) => {
			const shown = pick((await find(`status=${status}`)).json, 'servers') as unknown[];

			expect(shown.filter((entry) => pick(entry, 'status') !== status)).toEqual([]);
		},
	);

	test('a name may hold signs that mean nothing, and signs that are escaped', async () => {
		const { json } = await nova('GET', `/servers/${server}`);
		const name = String(pick(json, 'server', 'name'));
		const by = async (pattern: string) => await found(`name=${encodeURIComponent(pattern)}`);

		expect(await by(name)).toEqual([server]);
		expect(await by(name.toUpperCase())).toEqual([server]);
		expect(await by(name.replace('-', '.'))).toEqual([server]);
		expect(await by(name.replace('-', '\\-'))).toEqual([server]);
		expect(await by(name.replace('-', '[-]'))).toEqual([server]);
		expect(await by('Web Server (1)')).toEqual([]);
		expect(await by("o'neill & söhne")).toEqual([]);
	});

	test('of a name with signs of all kinds, its plain parts find it in any case', async () => {
		const before = pick((await nova('GET', `/servers/${server}`)).json, 'server', 'name');
		const name = `${target.serverPrefix}a.b [x] Söhne & Co (1)|y_z`;
		const by = async (pattern: string) => await found(`name=${encodeURIComponent(pattern)}`);
		await target.rename(server, name, novaCall);

		try {
			for (const part of ['hne', 'HNE', 'y_z', 'b', target.serverPrefix]) {
				expect(await by(part)).toContain(server);
			}
			for (const pattern of [
				'a\\.b',
				'a.b',
				'a\\.b \\[x\\]',
				'söhne & co',
				'SÖHNE',
				'\\(1\\)|y',
				'hne$|y_z$',
			]) {
				const isThere = !pattern.endsWith('z$');
				expect([pattern, await by(pattern)]).toEqual([pattern, isThere ? [server] : []]);
			}
			// What stands in brackets is a choice, and a bar is no more than a bar.
			expect(await by('a.b [x] Söhne')).toEqual([]);
			expect(await by('nothing|y_z')).toEqual([]);
			expect(await by('sohne')).toEqual([]);
			expect(pick((await find('name=hne')).json, 'servers', 0, 'name')).toBe(name);
		} finally {
			await target.rename(server, String(before), novaCall);
		}
	});

	test('a tag may have blanks, dots, signs and more than one =, and is no pattern', async () => {
		await setTags(tagged[0], ['Team a=Öl', 'key=va.lue', 'x=', 'k=1=2']);

		for (const query of [
			'Team%20a%3D%C3%96l',
			'Team+a%3D%C3%96l',
			'key=va.lue',
			'key%3Dva.lue%2Cx%3D',
			'k%3D1%3D2',
			'KEY%3DVA.LUE',
		]) {
			expect([query, await found(`tags=${query}`)]).toEqual([query, [tagged[0]]]);
		}
		for (const query of ['key%3Dva-lue', 'key%3Dv.*', 'x', 'key%3Dva.lue,%20x%3D', 'x%3D,']) {
			expect([query, await found(`tags=${query}`)]).toEqual([query, []]);
		}

		await setTags(tagged[0], TAGS);
	});

	test('all the same, what is no pattern is no tag to ask for', async () => {
		for (const tag of ['(=1', '*=1', 'a[=1']) {
			expectFault(
				await find(`tags=${encodeURIComponent(tag)}`),
				400,
				'badRequest',
				`Invalid input for query parameters tags. Value: ${tag}. '${tag}' is not a 'regex'`,
			);
		}
	});

	test('no tag can hold a comma or a slash, be empty or have more than 60 signs', async () => {
		const long = 'x'.repeat(61);
		for (const [tag, why] of [
			['a,b', "does not match '^[^,/]*$'"],
			['a/b', "does not match '^[^,/]*$'"],
			['', 'is too short'],
			[long, 'is too long'],
		]) {
			const body = { tags: [tag] };
			expectFault(
				await nova('PUT', `/servers/${server}/tags`, { body, headers }),
				400,
				'badRequest',
				`Invalid input for field/attribute 0. Value: ${tag}. '${tag}' ${why}`,
			);
		}
	});

	test.each([
		['without a microversion', () => `/v2.1/${account.projectId}`, undefined],
		['under /v2, even with one', () => `/v2/${account.projectId}`, headers],
	])('%s, tags neither show nor filter, but name and status do', async (_name, root, sent) => {
		const by = async (query: string) => {
			const options = { root: root(), headers: sent };
			return await nova('GET', `/servers/detail?${mine()}&${query}`, options);
		};

		const all = await by('tags=nothing');

		expect(idsIn(all)).toEqual(expect.arrayContaining(serverIds));
		for (const entry of pick(all.json, 'servers') as unknown[]) {
			expect(entry).not.toHaveProperty('tags');
			expect(entry).not.toHaveProperty('locked');
			expect(entry).toHaveProperty('flavor.id');
		}
		expect(idsIn(await by('status=SHUTOFF'))).toContain(server);
		expect(ours(await by('status=ACTIVE'))).toEqual([]);
		expect(idsIn(await by('status=SHUTOFF&limit=1'))).toHaveLength(1);
		expect(idsIn(await by('name=nobody'))).toEqual([]);
	});

	test('a limit that is no whole number is a bad request', async () => {
		expectFault(
			await find('limit=2.5'),
			400,
			'badRequest',
			"Invalid input for query parameters limit. Value: 2.5. '2.5' does not match '^[0-9]*$'",
		);
	});

	withReader('a reader finds them too', async () => {
		const reader = await tokenOf(userWith({ name: account.readerName }));

		const reply = await nova('GET', `/servers/detail?${mine()}&tags=nightly`, {
			headers,
			token: reader,
		});

		expect((idsIn(reply) as string[]).sort()).toEqual(tagged);
	});
});
