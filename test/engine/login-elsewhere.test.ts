/**
 * No credential goes elsewhere: neither after a redirect, nor in clear, nor to the wrong of two
 * endpoints.
 */
import { edit, expectCleanLog, openAccounts } from '../harness/accounts';
import { addServers } from '../harness/world';
import { expectAllStarted, withSession } from './logins';

jest.setTimeout(60_000);
afterAll(() => expectCleanLog());

const REDIRECTS = [301, 302, 303, 307, 308];

test.concurrent.each(REDIRECTS)('a %i of IAM is not followed', async (status) => {
	const elsewhere = await openAccounts();
	const { cloud, byPassword, start } = await openAccounts();
	const ids = addServers(cloud, 5);
	const location = `${elsewhere.url}/v3/auth/tokens`;
	cloud.faults.add({ match: 'login', then: { status, headers: { location }, body: '' } });

	const { failures } = await start(byPassword(), ids);

	expect(failures.map(({ reason }) => reason)).toEqual(ids.map(() => 'invalidInput'));
	expect(elsewhere.received).toEqual([]);
	expect(cloud.requests.total).toBe(1);
});

test.concurrent.each(REDIRECTS)('a %i of the cloud is not followed', async (status) => {
	const elsewhere = await openAccounts();
	const { cloud, byPassword, start } = await openAccounts({ startSeconds: 1 });
	const ids = addServers(cloud, 4);
	const to = (path: string) => ({
		status,
		headers: { location: `${elsewhere.url}/v2.1/${cloud.project.id}${path}` },
		body: '',
	});
	cloud.faults.add({
		match: { kind: 'start', serverId: ids[2] },
		then: to(`/servers/${ids[2]}/action`),
	});
	cloud.faults.add({ match: { kind: ['read', 'list'] }, times: 1, then: to('/servers/detail') });

	const { items, failures } = await start(byPassword(), ids);

	expect(items.map(({ serverId }) => serverId)).toEqual(ids.filter((id) => id !== ids[2]));
	expect(failures[0]).toMatchObject({ reason: 'unexpectedResponse', httpStatus: status });
	expect(elsewhere.received).toEqual([]);
});

test.concurrent.each(['ecsEndpoint', 'iamEndpoint'])(
	'plain http to another machine is refused for %s, unless it is allowed',
	async (field) => {
		const { cloud, byPassword, start, url, books } = await openAccounts();
		const ids = addServers(cloud, 3);
		// Leads to this machine, but by its address it could be any.
		const endpoint = url.replace('127.0.0.1', '0.0.0.0');

		const { failures } = await start(byPassword({ [field]: endpoint }), ids);

		expect(failures.map(({ reason }) => reason)).toEqual(ids.map(() => 'invalidInput'));
		expect(failures[0].message).toContain('plain http');
		expect(cloud.requests.total).toBe(0);

		const run = await start(byPassword({ [field]: endpoint, allowHttp: true }), ids);

		expectAllStarted(run, cloud, ids);
		expect(books()).toMatchObject({ 'login 201': 1, 'start 202': 3 });
	},
);

test.concurrent('plain http is refused for a stored session, too', async () => {
	const { cloud, start, store, ids, url } = await withSession();

	const { failures } = await start(
		edit(store, { ecsEndpoint: url.replace('127.0.0.1', '0.0.0.0') }),
		ids,
	);

	expect(failures.map(({ reason }) => reason)).toEqual(ids.map(() => 'invalidInput'));
	expect(cloud.requests.total).toBe(0);
});

test.concurrent('the token goes to the cloud, the password to IAM', async () => {
	const iam = await openAccounts();
	const { cloud, byPassword, start, received } = await openAccounts({
		projectId: iam.cloud.project.id,
	});
	const ids = addServers(cloud, 3);
	// One Keystone for both: tokens of the first are good for the second.
	cloud.tokens = iam.cloud.tokens;

	const run = await start(byPassword({ iamEndpoint: `${iam.url}/v3/` }), ids);

	expectAllStarted(run, cloud, ids);
	expect(iam.received.map(({ path }) => path)).toEqual(['/v3/auth/tokens?nocatalog=true']);
	expect(received.filter(({ path }) => path.startsWith('/v3'))).toEqual([]);
	expect(received.filter(({ body }) => body.includes('CANARY'))).toEqual([]);
});
