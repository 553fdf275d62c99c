/**
 * The credential is edited while a session is stored: the session is used by its owner alone.
 */
import {
	edit,
	expectCleanLog,
	openAccounts,
	PASSWORD,
	SECRET,
	sessionOf,
} from '../harness/accounts';
import { addServers, runningOf } from '../harness/world';
import {
	type Accounts,
	callers,
	expectAllRefused,
	expectAllStarted,
	refusals,
	withSession,
} from './logins';

jest.setTimeout(60_000);
afterAll(() => expectCleanLog());

test.concurrent('the session is used where only other fields were edited', async () => {
	const { cloud, start, store, ids, old } = await withSession();

	const run = await start(edit(store, { allowHttp: true, allowUnauthorizedCerts: true }), ids);

	expect(run.logins).toBe(0);
	expect(callers(cloud)).toEqual(new Set([old]));
});

test.concurrent.each<[string, (accounts: Accounts) => Record<string, unknown>]>([
	[
		'password',
		({ cloud }) => {
			cloud.user.password = 'new-CANARYpass';
			return { password: 'new-CANARYpass' };
		},
	],
	[
		'user',
		({ cloud }) => {
			const { name } = cloud.addUser('deputy', { [cloud.project.id]: 'member' }, PASSWORD);
			return { userName: name };
		},
	],
	['IAM endpoint', ({ url }) => ({ iamEndpoint: url.replace('127.0.0.1', 'localhost') })],
	[
		'login method',
		({ cloud }) => ({
			loginMethod: 'applicationCredential',
			applicationCredentialId: cloud.applicationCredential.id,
			applicationCredentialSecret: SECRET,
		}),
	],
])('another %s: the old session is not used', async (_, change) => {
	const { ids, store, old, ...accounts } = await withSession();
	const { cloud, start } = accounts;
	const edited = edit(store, change(accounts));

	const run = await start(edited, ids);

	expectAllStarted(run, cloud, ids);
	expect(run.logins).toBe(1);
	expect(refusals(cloud)).toBe(0);
	expect(callers(cloud).size).toBe(1);
	expect(callers(cloud)).not.toContain(old);
	expect(sessionOf(edited)).not.toBe(sessionOf(store));
});

test.concurrent('another project: the old session is not used', async () => {
	const { cloud, start, store, old } = await withSession();
	const { id: projectId } = cloud.addProject('other');
	cloud.user.roles[projectId] = 'member';
	const { id } = cloud.addServer({ name: 'elsewhere', projectId });

	const run = await start(edit(store, { projectId }), [id]);

	expectAllStarted(run, cloud, [id]);
	expect(run.logins).toBe(1);
	expect(callers(cloud)).not.toContain(old);
});

test.concurrent('another cloud: the old session does not reach it', async () => {
	const { store, received } = await withSession();
	const other = await openAccounts();
	const ids = addServers(other.cloud, 3);

	const edited = edit(store, { ecsEndpoint: other.url, iamEndpoint: other.url });
	const run = await other.start(edited, ids);

	expectAllStarted(run, other.cloud, ids);
	expect(run.logins).toBe(1);
	const old = received.at(-1)?.headers['x-auth-token'];
	expect(old).toBe(sessionOf(store));
	expect(other.received.map(({ headers }) => headers['x-auth-token'])).not.toContain(old);
});

test.concurrent(
	'a password edited to a wrong one: refused, though the session still holds',
	async () => {
		const { cloud, start, store, ids, host, books } = await withSession();

		const run = await start(edit(store, { password: 'wrong-CANARYpass' }), ids);

		expectAllRefused(run, ids, host);
		expect(books()).toEqual({ 'login 401': 1 });
		expect(runningOf(cloud, ids)).toEqual([]);
	},
);
