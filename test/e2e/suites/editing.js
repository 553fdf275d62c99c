'use strict';

// n8n keeps the stored session when a credential is edited: it must not be used any more.

const assert = require('node:assert/strict');
const { test } = require('node:test');

const {
	NODE_NAME,
	chain,
	items,
	manualTrigger,
	startServers,
} = require('../../../tools/n8n/workflows');

/** What n8n sends to the editor in place of a secret that is there. */
const BLANKED = /^__n8n_BLANK_VALUE_/;

/** @param {import('../world').World} world */
module.exports = (world) => {
	/** A credential with a stored session, a workflow that uses it, and the token of the session. */
	async function loggedIn() {
		const user = world.user();
		const credential = await world.newCredential('password', {
			userName: user.name,
			password: user.password,
		});
		const [server] = world.servers(1);
		const node = startServers(credential, { onError: 'continueRegularOutput' });
		node.parameters.waitUntilDone = false;
		const id = await world.rest.createWorkflow(
			chain(`Start as ${user.name}`, [manualTrigger, ...items([{ serverId: server.id }]), node]),
		);
		const run = async () => {
			world.switchOff(server.id);
			const before = { logins: world.logins, proofs: world.proofs.length };
			const execution = await world.rest.execution(await world.rest.run(id, manualTrigger.name));
			return {
				item: execution.items(NODE_NAME)[0],
				logins: world.logins - before.logins,
				tokens: world.proofs
					.slice(before.proofs)
					.map(({ token }) => token)
					.filter(Boolean),
			};
		};
		const { item, tokens } = await run();
		assert.equal(item.outcome, 'accepted');
		return { user, credential, run, oldToken: tokens.at(-1), server };
	}

	test('n8n hands the session to nobody, and keeps it when the credential is saved', async () => {
		const { credential, run } = await loggedIn();
		const { data } = await world.rest.storedCredential(credential.id);
		for (const secret of ['password', 'sessionToken', 'sessionTokenOwner']) {
			assert.match(data[secret], BLANKED);
		}

		await world.rest.editCredential(credential.id, {});
		const { item, logins } = await run();

		assert.equal(item.outcome, 'accepted');
		assert.equal(logins, 0);
	});

	test('another user logs in', async () => {
		const { credential, run, oldToken } = await loggedIn();
		const { name, password } = world.user();

		await world.rest.editCredential(credential.id, { userName: name, password });
		const { item, logins, tokens } = await run();

		assert.equal(item.outcome, 'accepted');
		assert.equal(logins, 1);
		assert.ok(!tokens.includes(oldToken));
		assert.equal((await run()).logins, 0);
	});

	test('a wrong password fails, although the old token would still do', async () => {
		const { credential, run, oldToken, server } = await loggedIn();
		const actions = world.actionsOn(server.id).length;

		await world.rest.editCredential(credential.id, { password: 'not-the-password' });
		const { item, logins, tokens } = await run();

		assert.equal(item.error.reason, 'unauthorized');
		console.log(`  ${item.error.message}`);
		assert.equal(logins, 1);
		assert.ok(!tokens.includes(oldToken));
		assert.equal(world.actionsOn(server.id).length, actions);
	});

	test('a new password logs in', async () => {
		const { user, credential, run, oldToken } = await loggedIn();
		user.password = `canary-new-${user.password}`;

		await world.rest.editCredential(credential.id, { password: user.password });
		const { item, logins, tokens } = await run();

		assert.equal(item.outcome, 'accepted');
		assert.equal(logins, 1);
		assert.ok(!tokens.includes(oldToken));
	});

	test('another project gets a token of its own', async () => {
		const { user, credential, run, oldToken } = await loggedIn();
		const project = world.cloud.addProject(`project of ${user.name}`);
		user.roles[project.id] = 'member';

		await world.rest.editCredential(credential.id, { projectId: project.id });
		const { item, logins, tokens } = await run();

		// The server is in the old project.
		assert.equal(item.error.reason, 'notFound');
		assert.equal(logins, 1);
		assert.ok(!tokens.includes(oldToken));
	});

	test('a Test of values that are not saved leaves the saved credential working', async () => {
		const { credential, run, oldToken } = await loggedIn();
		const { name, password } = world.user();
		const { type, data } = await world.rest.storedCredential(credential.id);

		const tested = await world.rest.testCredential({
			id: credential.id,
			name: credential.name,
			type,
			data: { ...data, userName: name, password },
		});
		assert.equal(tested.status, 'OK', tested.message);
		const { item, logins, tokens } = await run();

		assert.equal(item.outcome, 'accepted');
		// The process still knows the session of the saved user.
		assert.equal(logins, 0);
		assert.deepEqual(new Set(tokens), new Set([oldToken]));
		assert.equal((await world.rest.storedCredential(credential.id)).data.userName, data.userName);
	});

	test('a Test logs in, and fails after the password was changed, though the stored session lives', async () => {
		const { user, credential } = await loggedIn();
		user.password = `canary-new-${user.password}`;
		const { type, data } = await world.rest.storedCredential(credential.id);

		const { status, message } = await world.rest.testCredential({
			id: credential.id,
			name: credential.name,
			type,
			data,
		});

		assert.equal(status, 'Error');
		assert.match(message, /^The login at \S+ was refused/);
	});
};
