import { pick, send } from './client';
import {
	account,
	act,
	expectFault,
	expectNoRoute,
	expectUnauthorized,
	login,
	nova,
	novaRoot,
	passwordOf,
	server,
	target,
	tokenOf,
	UNKNOWN_PROJECT,
	useLab,
	userWith,
} from './lab';

useLab();

describe(`At the door of ${target.name}`, () => {
	test('a request without a token is refused', async () => {
		const url = `${novaRoot}/v2.1/${account.projectId}/servers/${server}`;

		expectUnauthorized(await send('GET', url));
	});

	test('a token that nobody issued is refused', async () => {
		expectUnauthorized(await nova('GET', `/servers/${server}`, { token: 'not-a-token' }));
	});

	test('a token that was revoked is refused', async () => {
		const revoked = await tokenOf(userWith());
		const reply = await send('DELETE', `${account.authUrl}/auth/tokens`, {
			headers: { 'X-Auth-Token': revoked, 'X-Subject-Token': revoked },
		});
		expect(reply.status).toBe(204);

		expectUnauthorized(await nova('GET', `/servers/${server}`, { token: revoked }));
	});

	test('the token is looked at before the path', async () => {
		expectUnauthorized(await nova('GET', '/no/such/thing', { token: 'not-a-token' }));
	});

	test("another project's id in the path is a bad request", async () => {
		const root = `/v2.1/${UNKNOWN_PROJECT}`;

		expectFault(
			await act(server, { 'os-start': {} }, { root }),
			400,
			'badRequest',
			`Malformed request URL: URL's project_id '${UNKNOWN_PROJECT}' doesn't match Context's project_id '${account.projectId}'`,
		);
	});

	test('a token for no project is a bad request as well', async () => {
		const reply = await login({ identity: passwordOf(userWith()), scope: 'unscoped' });
		const unscoped = reply.headers['x-subject-token'];

		expectFault(
			await nova('GET', '/servers', { token: unscoped }),
			400,
			'badRequest',
			`Malformed request URL: URL's project_id '${account.projectId}' doesn't match Context's project_id 'None'`,
		);
	});

	test("a project's name in the path leads nowhere", async () => {
		expectNoRoute(await act(server, { 'os-start': {} }, { root: '/v2.1/name-of-a-project' }));
	});

	test.each([
		['GET', '/action'],
		['PUT', '/action'],
		['POST', ''],
		['POST', '/action/'],
	])('%s on a server’s %p leads nowhere', async (method, path) => {
		const body = method === 'GET' ? undefined : { 'os-start': {} };

		expectNoRoute(await nova(method, `/servers/${server}${path}`, { body }));
	});

	test('an empty server id leads nowhere', async () => {
		expectNoRoute(await act('', { 'os-start': {} }));
	});

	test.each(['/v9', '', ...(target.hasEcsV1 ? [] : ['/v1'])])(
		'under the wrong root %p there are only choices, neither success nor redirect',
		async (root) => {
			const reply = await nova('POST', `/${account.projectId}/servers/${server}/action`, {
				root,
				body: { 'os-start': {} },
			});

			expect(reply.status).toBe(300);
			expect(reply.headers).not.toHaveProperty('location');
			expect(pick(reply.json, 'choices')).toHaveLength(2);
		},
	);

	test('the roots of the API need no token', async () => {
		const root = await send('GET', `${novaRoot}/`);
		expect(pick(root.json, 'versions', 1, 'id')).toBe('v2.1');

		const version = await send('GET', `${novaRoot}/v2.1/`);
		expect(pick(version.json, 'version', 'min_version')).toBe('2.1');
	});
});
