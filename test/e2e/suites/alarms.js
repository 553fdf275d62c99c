'use strict';

// Told by the cloud: an alarm is raised, and the example recovers the server that it names.

const assert = require('node:assert/strict');
const { before, test } = require('node:test');

const { mailOf } = require('../../../simulator/smn-alarms');
const { webhookPathOf } = require('../../../tools/n8n/workflows');

const EXAMPLE = 'recovery-on-alarm';

/** @typedef {import('../../../simulator/server').Server} Server */

/** @param {import('../world').World} world */
module.exports = (world) => {
	const { cloud } = world;
	const { smn } = cloud;
	/** @type {Awaited<ReturnType<typeof world.listenToAlarms>>} */
	let listening;
	let executions = 0;

	before(async () => {
		listening = await world.listenToAlarms();
	});

	/**
	 * The execution that the cloud starts by telling of a server.
	 * @param {import('../../../simulator/smn-alarms').Form} form
	 * @param {Server} server
	 */
	async function tell(form, server) {
		smn.publish(listening.topic, mailOf(form, { server, at: cloud.now }));
		await smn.settled();
		executions += 1;
		return await world.rest.lastExecution(EXAMPLE, executions);
	}

	/**
	 * What n8n answers: its own words, which are no JSON, to whatever starts the workflow.
	 * @param {string} where
	 * @param {object} message
	 */
	async function post(where, message) {
		const response = await fetch(`${world.n8n.url}/${where}/${webhookPathOf(EXAMPLE)}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(message),
		});
		const text = await response.text();
		return [response.status, text.startsWith('{') ? JSON.parse(text).message : 'started'];
	}

	/** A message that SMN has signed. @param {Record<string, string>} [changes] */
	function signed(changes) {
		const [server] = cloud.servers.values();
		const mail = mailOf('alarm', { server, at: cloud.now });
		return smn.signed(listening.topic, { type: 'Notification', ...mail, ...changes });
	}

	test('the node confirms its subscription by itself', () => {
		assert.equal(listening.subscription.status, 'confirmed');
		assert.deepEqual(smn.deliveries.at(-1)?.statuses, [200]);
		assert.match(smn.deliveries.at(-1)?.answer ?? '', /Subscription confirmed/);
	});

	test('an alarm of a server that is off starts it', async () => {
		const [server] = world.servers(1);

		const execution = await tell('alarm', server);

		assert.equal(execution.status, 'success', execution.error?.message);
		assert.ok(cloud.wasRunning(server.id));
		const [{ text }] = execution.items('Recovered');
		console.log(`  ${text}`);
		assert.match(text, new RegExp(`${server.name} runs`));
		assert.deepEqual(smn.deliveries.at(-1)?.statuses, [200]);
	});

	test('a system event of a server in ERROR restarts it', async () => {
		const [server] = world.servers(1);
		server.force(cloud.now, { status: 'ERROR' });

		const execution = await tell('systemEvent', server);

		assert.equal(execution.status, 'success', execution.error?.message);
		assert.ok(cloud.wasRunning(server.id));
	});

	test('a server that runs is left alone', async () => {
		const [server] = world.servers(1);
		server.force(cloud.now, { status: 'ACTIVE' });

		const execution = await tell('templateAlarm', server);

		assert.equal(execution.status, 'success', execution.error?.message);
		assert.deepEqual(world.actionsOn(server.id), []);
	});

	test('a recovery that failed ends red, and says why', async () => {
		const [server] = world.servers(1);
		server.locked = true;

		const execution = await tell('alarm', server);

		assert.equal(execution.status, 'error');
		console.log(`  ${execution.error?.message}`);
		assert.match(execution.error?.message ?? '', new RegExp(`${server.name}.*locked`));
	});

	test('a server that neither a start nor a restart mends ends red', async () => {
		const [server] = world.servers(1);
		server.force(cloud.now, { status: 'PAUSED' });

		const execution = await tell('alarm', server);

		assert.equal(execution.status, 'error');
		assert.match(execution.error?.message ?? '', new RegExp(`'${server.name}' is PAUSED`));
		assert.deepEqual(world.actionsOn(server.id), []);
	});

	test('what is over, forged, foreign or sent twice starts nothing', async () => {
		const once = signed();
		assert.deepEqual(await post('webhook', once), [200, 'started']);
		executions += 1;
		const [server] = cloud.servers.values();
		smn.publish(listening.topic, mailOf('ok', { server, at: cloud.now }));
		await smn.settled();

		assert.deepEqual(await post('webhook', once), [200, 'Nothing to do']);
		assert.deepEqual(await post('webhook', { ...signed(), message: 'changed' }), [
			401,
			'Signature not valid',
		]);
		assert.deepEqual(await post('webhook', signed({ topic_urn: 'urn:smn:eu-de:0:foreign' })), [
			403,
			'Not this topic',
		]);
		assert.deepEqual(await post('webhook', [once]), [400, 'Not an SMN message']);
		assert.equal((await world.rest.executions(EXAMPLE)).length, executions);
	});

	test('Listen for Test Event takes a signed message, and no other', async () => {
		const workflowData = await world.rest.call('GET', `/workflows/${EXAMPLE}`);
		const { waitingForWebhook } = await world.rest.call('POST', `/workflows/${EXAMPLE}/run`, {
			workflowData,
			triggerToStartFrom: { name: 'Alarm' },
		});
		assert.equal(waitingForWebhook, true);

		assert.deepEqual(await post('webhook-test', { ...signed(), message: 'changed' }), [
			401,
			'Signature not valid',
		]);
		assert.deepEqual(await post('webhook-test', signed()), [200, 'started']);
		executions += 1;
		await world.rest.lastExecution(EXAMPLE, executions);
	});

	test('nobody but n8n itself wanted to reach any other host', () => {
		const isN8n = (/** @type {string} */ host) => host.endsWith('.n8n.io');
		assert.deepEqual(
			world.simulator.tls.refused.filter((host) => !isN8n(host)),
			[],
		);
	});

	test('once the subscription is ended nothing comes any more', async () => {
		smn.unsubscribe(listening.subscription.urn);
		await smn.settled();

		assert.match(smn.deliveries.at(-1)?.answer ?? '', /Subscription ended/);
		await world.rest.unpublish(EXAMPLE);
	});
};
