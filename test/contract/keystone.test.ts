import { pick, send } from './client';
import {
	account,
	inProject,
	login,
	nova,
	passwordOf,
	target,
	token,
	tokenOf,
	UNAUTHORIZED,
	UNKNOWN_PROJECT,
	useLab,
	userWith,
	withApplicationCredential,
} from './lab';

useLab();

describe(`Logging in to ${target.name}`, () => {
	test('a password opens the project, and the answer says until when', async () => {
		const reply = await login({ identity: passwordOf(userWith()), scope: inProject() });

		expect(reply.status).toBe(201);
		expect(reply.headers['x-subject-token']).toEqual(expect.any(String));
		expect(pick(reply.json, 'token', 'project', 'id')).toBe(account.projectId);
		expect(pick(reply.json, 'token', 'expires_at')).toMatch(
			/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000000Z$/,
		);
		expect(pick(reply.json, 'token', 'catalog', 0, 'endpoints', 0)).toEqual(
			expect.objectContaining({ interface: expect.any(String), url: expect.any(String) }),
		);
	});

	test('without being asked for the catalog, the cloud leaves it out', async () => {
		const auth = { identity: passwordOf(userWith()), scope: inProject() };

		expect(pick((await login(auth, '?nocatalog=true')).json, 'token')).not.toHaveProperty(
			'catalog',
		);
		expect(pick((await login(auth, '?nocatalog')).json, 'token')).not.toHaveProperty('catalog');
	});

	test('a user may be named by the name of its domain', async () => {
		const described = await login({ identity: passwordOf(userWith()), scope: inProject() });
		const domainName = pick(described.json, 'token', 'user', 'domain', 'name');
		const user = userWith({ domain: { name: domainName } });

		expect((await login({ identity: passwordOf(user), scope: inProject() })).status).toBe(201);
	});

	test('a project may be given by its name', async () => {
		const described = await login({ identity: passwordOf(userWith()), scope: inProject() });
		const project = pick(described.json, 'token', 'project') as { name: string; domain: object };
		const scope = { project: { name: project.name, domain: project.domain } };

		const reply = await login({ identity: passwordOf(userWith()), scope });

		expect(pick(reply.json, 'token', 'project', 'id')).toBe(account.projectId);
	});

	test.each([
		['a wrong password', () => userWith({ password: 'not the password' }), undefined],
		['an unknown user', () => userWith({ name: 'nobody-of-that-name' }), undefined],
		['an unknown domain', () => userWith({ domain: { name: 'no-such-domain' } }), undefined],
		['a project that is not there', () => userWith(), UNKNOWN_PROJECT],
	])('%s is refused, and not told apart from the others', async (_case, user, projectId) => {
		const reply = await login({ identity: passwordOf(user()), scope: inProject(projectId) });

		expect(reply.status).toBe(401);
		expect(reply.json).toEqual({
			error: { code: 401, title: 'Unauthorized', message: UNAUTHORIZED },
		});
		expect(reply.headers['www-authenticate']).toMatch(/^Keystone uri="http.*\/v3"$/);
	});

	test('a user or project name without its domain is a bad request', async () => {
		const user = userWith({ domain: undefined });
		const scope = { project: { name: 'a-name' } };

		expect((await login({ identity: passwordOf(user), scope: inProject() })).status).toBe(400);
		expect((await login({ identity: passwordOf(userWith()), scope })).status).toBe(400);
	});

	test('a login that says nothing is a bad request', async () => {
		const reply = await send('POST', `${account.authUrl}/auth/tokens`, { body: {} });

		expect(reply.status).toBe(400);
		expect(pick(reply.json, 'error', 'title')).toBe('Bad Request');
	});

	withApplicationCredential('an application credential opens its own project', async () => {
		const identity = {
			methods: ['application_credential'],
			application_credential: account.applicationCredential,
		};

		const reply = await login({ identity });

		expect(reply.status).toBe(201);
		expect(pick(reply.json, 'token', 'project', 'id')).toBe(account.projectId);
	});

	withApplicationCredential(
		'an application credential with a wrong secret is refused',
		async () => {
			const application_credential = { ...account.applicationCredential, secret: 'wrong' };

			const reply = await login({
				identity: { methods: ['application_credential'], application_credential },
			});

			expect(reply.status).toBe(401);
			expect(pick(reply.json, 'error', 'message')).toBe(UNAUTHORIZED);
		},
	);

	withApplicationCredential(
		'an application credential that is not there is not found',
		async () => {
			const application_credential = { ...account.applicationCredential, id: 'no-such-id' };

			const reply = await login({
				identity: { methods: ['application_credential'], application_credential },
			});

			expect(reply.status).toBe(404);
			expect(pick(reply.json, 'error', 'message')).toBe(
				'Could not find Application Credential: no-such-id.',
			);
		},
	);

	withApplicationCredential('an application credential cannot ask for a project', async () => {
		const identity = {
			methods: ['application_credential'],
			application_credential: account.applicationCredential,
		};

		const reply = await login({ identity, scope: inProject() });

		expect(reply.status).toBe(401);
		expect(pick(reply.json, 'error', 'message')).toContain('cannot request a scope');
	});

	test('a token tells about itself', async () => {
		const reply = await send('GET', `${account.authUrl}/auth/tokens?nocatalog`, {
			headers: { 'X-Auth-Token': token, 'X-Subject-Token': token },
		});

		expect(reply.status).toBe(200);
		expect(pick(reply.json, 'token', 'project', 'id')).toBe(account.projectId);
	});

	test('a user can list its projects', async () => {
		const reply = await send('GET', `${account.authUrl}/auth/projects`, {
			headers: { 'X-Auth-Token': token },
		});

		expect(reply.status).toBe(200);
		expect(pick(reply.json, 'projects')).toContainEqual(
			expect.objectContaining({ id: account.projectId, enabled: true }),
		);
	});

	test('a new token does not end an older one', async () => {
		await tokenOf(userWith());

		expect((await nova('GET', '/servers?limit=1')).status).toBe(200);
	});
});
