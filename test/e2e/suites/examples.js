'use strict';

// The example workflows, as a newcomer imports them.

const assert = require('node:assert/strict');
const { randomUUID } = require('node:crypto');
const { after, before, describe, test } = require('node:test');

const {
	NODE_NAME,
	NODE_TYPE,
	NOTE_TYPE,
	examples,
	tagsOf,
} = require('../../../tools/n8n/workflows');

/** What a node takes on the canvas, with the name and the line below it. */
const NODE_SIZE = { width: 160, height: 150 };
const ICON_SIZE = 96;

/** The corners of a node on the canvas. @param {{ type: string, position: number[], parameters: any }} node */
function boxOf({ type, position: [left, top], parameters }) {
	if (type === NOTE_TYPE) {
		return { left, top, right: left + parameters.width, bottom: top + parameters.height };
	}
	const start = left - (NODE_SIZE.width - ICON_SIZE) / 2;
	return { left: start, top, right: start + NODE_SIZE.width, bottom: top + NODE_SIZE.height };
}

/**
 * @param {ReturnType<typeof boxOf>} one
 * @param {ReturnType<typeof boxOf>} other
 */
const overlap = (one, other) =>
	one.left < other.right &&
	other.left < one.right &&
	one.top < other.bottom &&
	other.top < one.bottom;

/** @typedef {import('../../../simulator/server').Server} Server */

/** @param {import('../world').World} world */
module.exports = (world) => {
	const servers = () => [...world.cloud.servers.values()];
	/**
	 * @param {Server[]} list
	 * @param {string} status
	 */
	const force = (list, status) =>
		list.forEach((server) => server.force(world.cloud.now, { status }));
	const namesOf = (/** @type {Server[]} */ list) => list.map(({ name }) => name);

	/** @type {Server[]} the servers that the examples look for, as the cloud lists them */
	let tagged;
	before(() => {
		world.cloud.settings.stopSeconds = 1;
		const [tag] = tagsOf('morning-start-up');
		assert.deepEqual(tagsOf('evening-stop'), [tag]);
		tagged = servers().filter(({ tags }) => tags.includes(tag));
		assert.deepEqual(namesOf(tagged), ['database', 'application', 'web']);
	});

	/**
	 * @param {string} id
	 * @param {string} trigger
	 * @param {string} [status] that it ends with
	 */
	async function run(id, trigger, status = 'success') {
		const execution = await world.rest.execution(await world.rest.run(id, trigger));
		assert.equal(execution.status, status, execution.error?.message);
		return execution;
	}

	const morning = async () => await run('morning-start-up', 'Weekdays at 07:00');
	const evening = async () => await run('evening-stop', 'Weekdays at 19:00');

	/** The one item that an example reports in. @param {Awaited<ReturnType<typeof run>>} execution */
	function theReport(execution) {
		const [report, ...more] = execution.items('Report');
		assert.deepEqual(more, []);
		console.log(report.text.replace(/^/gm, '  '));
		return report;
	}

	/** Which servers were asked to do something, since the wire had that many requests. */
	const asked = (/** @type {number} */ since) =>
		world.wire
			.slice(since)
			.filter(({ method, url }) => method === 'POST' && url.endsWith('/action'))
			.map(({ url }) => world.cloud.server(url.split('/').at(-2) ?? '')?.name)
			.sort();

	for (const { id, name, nodes: all } of examples()) {
		test(`“${name}” explains itself in notes that cover nothing`, () => {
			assert.ok(all.some(({ type }) => type === NOTE_TYPE));
			const covers = all.flatMap((one, index) =>
				all
					.slice(index + 1)
					.filter((other) => overlap(boxOf(one), boxOf(other)))
					.map((other) => `${one.name} and ${other.name}`),
			);
			assert.deepEqual(covers, []);
		});

		test(`“${name}” finds the credential of its name when it is imported`, async () => {
			/** @type {{ nodes: import('../../../tools/n8n/workflows').PlacedNode[] }} */
			const { nodes } = await world.rest.call('GET', `/workflows/${id}`);
			const used = nodes
				.filter(({ type }) => type.startsWith(NODE_TYPE))
				.flatMap(({ credentials }) => Object.values(credentials ?? {}));
			const known = Object.values(world.credentials);
			assert.ok(used.length > 0);
			assert.deepEqual(
				used.map((credential) => credential.id),
				used.map((credential) => known.find((one) => one.name === credential.name)?.id),
			);
		});
	}

	test('“Morning start-up” starts the servers that have its tag and are off', async () => {
		force(tagged, 'SHUTOFF');
		force(tagged.slice(0, 1), 'ACTIVE');
		const before = world.wire.length;

		const execution = await morning();

		assert.deepEqual(
			execution.items('Start Servers').map(({ serverName, outcome }) => [serverName, outcome]),
			[
				['application', 'started'],
				['web', 'started'],
			],
		);
		assert.deepEqual(execution.items('Report'), []);
		assert.deepEqual(asked(before), ['application', 'web']);
	});

	test('“Morning start-up” reports the servers that did not start in one item', async () => {
		const [locked, broken] = tagged;
		force(tagged, 'SHUTOFF');
		locked.locked = true;
		broken.behave('start', { kind: 'error', seconds: 1, times: 1 });

		const execution = await morning();
		locked.locked = false;

		const report = theReport(execution);
		assert.match(
			report.text,
			/^2 of 3 servers did not start:\n- .*'database'.*\n- .*'application'/,
		);
		assert.deepEqual(
			report.notStarted.map((/** @type {any} */ { name, error }) => [name, error.reason]),
			[
				['database', 'locked'],
				['application', 'startFailed'],
			],
		);
	});

	test('“Morning start-up” ends quietly when there is nothing to start', async () => {
		force(tagged, 'ACTIVE');
		const before = world.wire.length;

		const execution = await morning();

		assert.deepEqual(execution.items('Start Servers'), []);
		assert.deepEqual(asked(before), []);
	});

	test('“Evening stop” stops the servers that have its tag and run, and reports how it went', async () => {
		force(tagged, 'ACTIVE');
		tagged[2].locked = true;
		const before = world.wire.length;

		const execution = await evening();
		tagged[2].locked = false;

		assert.deepEqual(
			tagged.map(({ id }) => world.cloud.wasRunning(id)),
			[false, false, true],
		);
		const report = theReport(execution);
		assert.match(report.text, /^2 of 3 servers were shut down\.\n- Server 'web' .* locked/);
		assert.deepEqual(asked(before), ['application', 'database', 'web']);
	});

	describe('tier by tier', () => {
		const startInOrder = async (/** @type {string} */ status) =>
			await run('start-in-order', 'Weekdays at 07:00', status);
		const stopInOrder = async (/** @type {string} */ status) =>
			await run('stop-in-order', 'Weekdays at 19:00', status);

		/** @type {Server} beside the application, in the same tier, and slower */
		let second;
		before(() => {
			second = world.cloud.addServer({
				name: 'second application',
				tags: ['start-order=2'],
				startSeconds: 3,
				stopSeconds: 3,
			});
		});
		after(() => world.cloud.removeServer(second.id));

		/** From first to last. */
		const tiers = () => {
			const [database, application, web] = tagged;
			return [[database], [application, second], [web]];
		};

		/**
		 * Which servers of a tier were on when a server of the next was asked, in the cloud's own books.
		 * @param {Server} server
		 * @param {Server[]} tier
		 */
		function onWhenAsked(server, tier) {
			const { at } = server.history.filter(({ taskState }) => taskState !== null).at(-1) ?? {};
			return tier.map(({ id }) => world.cloud.wasRunning(id, at));
		}

		test('“Start in order” begins a tier only when each server of the one before runs', async () => {
			force(tiers().flat(), 'SHUTOFF');

			const execution = await startInOrder('success');

			assert.deepEqual(
				execution.items('Start Servers').map(({ serverName, outcome }) => [serverName, outcome]),
				[
					['database', 'started'],
					['application', 'started'],
					['second application', 'started'],
					['web', 'started'],
				],
			);
			const [databases, applications, webs] = tiers();
			for (const server of applications) assert.deepEqual(onWhenAsked(server, databases), [true]);
			for (const server of webs) assert.deepEqual(onWhenAsked(server, applications), [true, true]);
			assert.deepEqual(execution.items('Report'), []);
		});

		test('“Start in order” passes over servers that run already', async () => {
			force(tiers().flat(), 'ACTIVE');
			force([tagged[2]], 'SHUTOFF');
			const before = world.wire.length;

			const execution = await startInOrder('success');

			assert.deepEqual(
				execution.items('Start Servers').map(({ outcome }) => outcome),
				['alreadyRunning', 'alreadyRunning', 'alreadyRunning', 'started'],
			);
			assert.ok(asked(before).includes('web'));
		});

		test('“Start in order” leaves the tiers behind one that failed alone, and ends red with what held it up', async () => {
			force(tiers().flat(), 'SHUTOFF');
			second.behave('start', { kind: 'error', seconds: 1, times: 1 });
			const before = world.wire.length;

			const execution = await startInOrder('error');

			assert.deepEqual(asked(before), ['application', 'database', 'second application']);
			const report = theReport(execution);
			assert.match(
				report.text,
				/^Tier 2 is not up\. The run ends here: .*\.\n- .*'second application'/,
			);
			assert.doesNotMatch(report.text, /'application'|'database'/);
			assert.equal(execution.error?.message, report.text);
		});

		/**
		 * Does something while servers have no tag.
		 * @template T
		 * @param {Server[]} tier
		 * @param {() => Promise<T>} work
		 * @returns {Promise<T>}
		 */
		async function withoutTags(tier, work) {
			const tags = tier.map((server) => server.tags);
			for (const server of tier) server.tags = [];
			try {
				return await work();
			} finally {
				tier.forEach((server, index) => (server.tags = tags[index]));
			}
		}

		test('“Start in order” asks no server where none has the tag of a tier, and says so', async () => {
			force(tiers().flat(), 'SHUTOFF');
			const before = world.wire.length;

			const execution = await withoutTags(tiers()[0], () => startInOrder('error'));

			assert.deepEqual(asked(before), []);
			assert.deepEqual(execution.items('Start Servers'), []);
			const { text } = theReport(execution);
			assert.match(
				text,
				/^Tier 1 has no server\. The run ends here: later tiers are not asked to start\./,
			);
			assert.match(text, /\n- No server has the tag start-order=1\./);
			assert.equal(execution.error?.message, text);
		});

		test('“Stop in order” says the same, of a tier behind one that it has stopped', async () => {
			force(tiers().flat(), 'ACTIVE');
			const before = world.wire.length;

			const execution = await withoutTags(tiers()[1], () => stopInOrder('error'));

			assert.deepEqual(asked(before), ['web']);
			const { text } = theReport(execution);
			assert.match(
				text,
				/^Tier 2 has no server\. The run ends here: later tiers are not asked to stop\./,
			);
			assert.match(text, /\n- No server has the tag start-order=2\./);
			assert.equal(execution.error?.message, text);
		});

		test('“Stop in order” stops a tier only when each server of the one after it is off', async () => {
			force(tiers().flat(), 'ACTIVE');

			const execution = await stopInOrder('success');

			assert.deepEqual(
				execution.items('Stop Servers').map(({ serverName, outcome }) => [serverName, outcome]),
				[
					['web', 'stopped'],
					['application', 'stopped'],
					['second application', 'stopped'],
					['database', 'stopped'],
				],
			);
			const [databases, applications, webs] = tiers();
			for (const server of applications) assert.deepEqual(onWhenAsked(server, webs), [false]);
			for (const server of databases)
				assert.deepEqual(onWhenAsked(server, applications), [false, false]);
			assert.deepEqual(execution.items('Report'), []);
		});

		test('“Stop in order” leaves the tiers before one that failed on, and ends red with what held it up', async () => {
			force(tiers().flat(), 'ACTIVE');
			second.locked = true;
			const before = world.wire.length;

			const execution = await stopInOrder('error');
			second.locked = false;

			assert.deepEqual(asked(before), ['application', 'second application', 'web']);
			assert.ok(world.cloud.wasRunning(tagged[0].id));
			const report = theReport(execution);
			assert.match(
				report.text,
				/^Tier 2 is not off\. The run ends here: .*\.\n- Server 'second application' .* locked/,
			);
			assert.equal(execution.error?.message, report.text);
		});
	});

	test('the examples that start by themselves can be published', async () => {
		for (const id of [
			'recovery',
			'morning-start-up',
			'evening-stop',
			'start-in-order',
			'stop-in-order',
		]) {
			await world.rest.publish(id);
			assert.equal((await world.rest.call('GET', `/workflows/${id}`)).active, true);
			await world.rest.call('POST', `/workflows/${id}/deactivate`, {});
		}
	});

	test('“Start one server on demand” starts the server that was picked', async () => {
		const [server] = tagged;
		force([server], 'SHUTOFF');
		const example = await world.rest.call('GET', '/workflows/on-demand');
		const node = example.nodes.find(
			(/** @type {{ name: string }} */ { name }) => name === NODE_NAME,
		);
		assert.equal(node.parameters.serverId.mode, 'list');
		node.parameters.serverId.value = server.id;
		const { id, ...copy } = example;
		const picked = await world.rest.createWorkflow({ ...copy, name: `${copy.name}, picked` });

		const execution = await world.n8n.execute(picked);

		assert.equal(execution.status, 'success', execution.error?.message);
		assert.deepEqual(
			execution.items(NODE_NAME).map((item) => [item.serverId, item.outcome]),
			[[server.id, 'started']],
		);
	});

	describe('“Recovery on an event”', () => {
		let executions = 0;
		before(async () => await world.rest.publish('recovery-on-event'));

		/** What becomes of an event. @param {object} event */
		async function recover(event) {
			const response = await world.n8n.callWebhook('recover-server', event);
			assert.deepEqual(
				[response.status, await response.json()],
				[200, { message: 'Workflow was started' }],
			);
			executions += 1;
			return await world.rest.lastExecution('recovery-on-event', executions);
		}

		test('answers at once, and reports how it went', async () => {
			const [server] = world.servers(1);

			const execution = await recover({ serverId: server.id });

			assert.equal(execution.status, 'success', execution.error?.message);
			const [{ text }] = execution.items('Recovered');
			console.log(`  ${text}`);
			assert.ok(text.includes(server.name));
			assert.ok(world.cloud.wasRunning(server.id));
		});

		test('ends red where the server was not recovered, and says why', async () => {
			const serverId = randomUUID();

			const { status, error } = await recover({ serverId });

			assert.equal(status, 'error');
			console.log(`  ${error?.message}`);
			assert.match(error?.message ?? '', new RegExp(`${serverId} was not found.* Check the`));
		});

		test('ends red where the event names no server', async () => {
			const { status, error } = await recover({ server: 'web-1' });

			assert.equal(status, 'error');
			assert.match(error?.message ?? '', /'Server' is empty for this item/);
		});
	});
};
