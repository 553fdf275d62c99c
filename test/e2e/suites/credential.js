'use strict';

// What the Test of each type says, and what it costs.

const assert = require('node:assert/strict');
const { test } = require('node:test');

/** @typedef {keyof import('../world').World['credentials']} Kind */

const WRONG_PROJECT = '0123456789abcdef0123456789abcdef';
const CLOCK_OFF_MS = 20 * 60_000;

const NOBODY =
	/^The list of servers at \S+ could not be read: the cloud did not answer.*\. Check the endpoint/;

/**
 * For each credential: what is wrong, how, and what the message must say.
 * @type {Record<Kind, [string, object, RegExp][]>}
 */
const WRONG = {
	token: [
		['token', { token: 'not-a-token' }, /refused the token.*Get a new token/],
		['project', { projectId: WRONG_PROJECT }, /project/i],
		['endpoint without a scheme', { ecsEndpoint: 'ecs.example.com' }, /Compute Endpoint.*https/],
		['endpoint, where nobody is', { ecsEndpoint: 'http://127.0.0.1:1' }, NOBODY],
	],
	password: [
		['password', { password: 'not-the-password' }, /login at .* refused/],
		['account name', { domainName: 'demo' }, /login at .* refused/],
		['project', { projectId: WRONG_PROJECT }, /login at .* refused/],
		[
			'Identity Endpoint, where nobody is',
			{ iamEndpoint: 'http://127.0.0.1:1' },
			/^The login at 127\.0\.0\.1:1 got no answer, as nothing listens there\. Check the cloud, or the Identity Endpoint/,
		],
		['Compute Endpoint, where nobody is', { ecsEndpoint: 'http://127.0.0.1:1' }, NOBODY],
		['empty password', { password: '' }, /'Password' in the credential is empty/],
	],
	applicationCredential: [
		[
			'secret',
			{ applicationCredentialSecret: 'not-the-secret' },
			/login at .* refused.*the secret of/,
		],
		['ID', { applicationCredentialId: WRONG_PROJECT }, /login at .* refused/],
		['project', { projectId: WRONG_PROJECT }, /project/i],
	],
	accessKey: [
		[
			'access key',
			{ accessKey: 'NOTANACCESSKEY000000' },
			/does not know access key|refused the signature/,
		],
		[
			'secret key',
			{ secretKey: 'not-the-secret-key' },
			/does not know access key|refused the signature/,
		],
		['project', { projectId: WRONG_PROJECT }, /project|credential/i],
		['endpoint, where nobody is', { ecsEndpoint: 'http://127.0.0.1:1' }, NOBODY],
	],
};

/** @param {import('../world').World} world */
module.exports = (world) => {
	/**
	 * @param {Kind} kind
	 * @param {object} [change]
	 */
	async function runTest(kind, change) {
		world.cloud.lockouts.clear();
		const before = { logins: world.logins, requests: world.wire.length };
		const { id, name, type, data } = world.credentials[kind];
		const result = await world.rest.testCredential({
			id,
			name,
			type,
			data: { ...data, ...change },
		});
		const logins = world.logins - before.logins;
		const calls = world.wire.length - before.requests - logins;
		return { ...result, logins, calls };
	}

	for (const kind of /** @type {Kind[]} */ (Object.keys(WRONG))) {
		const byLogin = kind === 'password' || kind === 'applicationCredential';

		test(`${kind}: its Test is OK for the right values`, async () => {
			const { status, message, logins, calls } = await runTest(kind);
			assert.equal(status, 'OK', message);
			assert.deepEqual([logins, calls], [byLogin ? 1 : 0, 1]);
		});

		for (const [what, change, expected] of WRONG[kind]) {
			test(`${kind}: its Test says what is wrong with the ${what}`, async () => {
				const { status, message, logins, calls } = await runTest(kind, change);
				console.log(`  ${message} (logins ${logins}, calls ${calls})`);
				assert.equal(status, 'Error');
				assert.match(message, expected);
				assert.ok(logins <= (byLogin ? 1 : 0), `${logins} logins`);
				assert.ok(calls <= 2, `${calls} calls`);
			});
		}
	}

	test('password: its Test says that the user is locked', async () => {
		const user = world.user();
		world.cloud.lockouts.set(user.id, { refused: 0, lockedUntil: world.cloud.now + 60_000 });
		const { type, data } = world.credentials.password;
		const { id, name } = await world.newCredential('password', { userName: user.name });
		const { message } = await world.rest.testCredential({
			id,
			name,
			type,
			data: { ...data, userName: user.name },
		});
		world.cloud.lockouts.clear();
		console.log(`  ${message}`);
		assert.match(message, /locked/);
	});

	test('accessKey: its Test with a clock that is 20 minutes off', async () => {
		const { status, message, calls } = await world.withClockOff(CLOCK_OFF_MS, () =>
			runTest('accessKey'),
		);
		console.log(`  ${message}`);
		assert.equal(status, 'Error');
		assert.match(message, /clock of this machine is 1[12]\d\d seconds/);
		assert.ok(calls <= 2, `${calls} calls`);
	});
};
