/** The Test of a credential, through the request helper that n8n has for it. */
import { edit, expectCleanLog, openAccounts } from '../harness/accounts';
import { addServers } from '../harness/world';
import { type Accounts, count } from './logins';
import { openTlsCloud } from './tls';

afterAll(() => expectCleanLog());

const NOBODY = 'http://127.0.0.1:1';

const KINDS: Array<
	[string, (accounts: Accounts, fields?: object) => ReturnType<Accounts['byToken']>]
> = [
	['a token', ({ byToken }, fields) => byToken({ ...fields })],
	['a password', ({ byPassword }, fields) => byPassword({ ...fields })],
	[
		'an application credential',
		({ byApplicationCredential }, fields) => byApplicationCredential({ ...fields }),
	],
	['an access key', ({ byAccessKey }, fields) => byAccessKey({ ...fields })],
];

describe.each(KINDS)('of %s', (_, credential) => {
	test('succeeds for the right values, and asks once', async () => {
		const accounts = await openAccounts();
		const { status, message } = await accounts.testCredential(credential(accounts));
		expect([status, message]).toEqual(['OK', 'Connection successful!']);
		expect(accounts.cloud.requests.count('list')).toBe(1);
	});

	test('says where nobody listens', async () => {
		const accounts = await openAccounts();
		const store = credential(accounts, { ecsEndpoint: NOBODY });
		const { status, message } = await accounts.testCredential(store);
		expect(status).toBe('Error');
		expect(message).toMatch(
			/^The list of servers at 127\.0\.0\.1:\d+ could not be read: the cloud did not answer.*\. Check the endpoint/,
		);
	});

	test('says where no TLS is spoken', async () => {
		const accounts = await openAccounts();
		const ecsEndpoint = accounts.url.replace('http:', 'https:');
		const { message } = await accounts.testCredential(credential(accounts, { ecsEndpoint }));
		expect(message).toMatch(/^The list of servers at .* could not be read:.*speaks no TLS/);
	});
});

test('a certificate that n8n does not trust fails it, unless that is allowed', async () => {
	const { byToken, testCredential } = await openAccounts();
	const store = byToken({ ecsEndpoint: await openTlsCloud() });

	const { message } = await testCredential(store);
	const { status } = await testCredential(edit(store, { allowUnauthorizedCerts: true }));

	expect(message).toMatch(/does not trust the certificate.*'Ignore SSL Issues'/);
	expect(status).toBe('OK');
});

test('a changed password fails it, though the stored session lives', async () => {
	const { cloud, byPassword, start, testCredential } = await openAccounts();
	const store = byPassword();
	await start(store, addServers(cloud, 1));
	cloud.user.password = 'changed-CANARYpass';

	const { status, message } = await testCredential(store);

	expect(status).toBe('Error');
	expect(message).toMatch(/^The login at \S+ was refused/);
	expect(count(cloud, 'login 401')).toBe(1);
});

test('a corrected password makes it succeed, and the node start servers', async () => {
	const { cloud, byPassword, start, testCredential } = await openAccounts();
	const ids = addServers(cloud, 1);
	const store = byPassword({ password: 'wrong-CANARYpass' });
	await start(store, ids);

	const corrected = edit(store, { password: cloud.user.password });

	expect((await testCredential(corrected)).status).toBe('OK');
	expect((await start(corrected, ids)).failures).toEqual([]);
});
