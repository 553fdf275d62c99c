// @ts-check
'use strict';

/** How Nova shows a server and its actions, by microversion. */

const { pythonJson } = require('./call');

/**
 * @typedef {import('./nova-answers').Request} Request
 * @typedef {import('./server').Server} Server
 * @typedef {import('./server').ActionRecord} ActionRecord
 */

const HOST_ID = '785e9bf455a7f3c2f60a2f1442159c72978e7c3489a8e2de56dd3fc4';
const IMAGE_ID = '11111111-1111-4111-8111-111111111111';
const FLAVOR_ID = 'sim-one';
const PROGRESS_STATUSES = ['ACTIVE', 'BUILD', 'REBUILD', 'RESIZE', 'VERIFY_RESIZE', 'MIGRATING'];
const FAULT_STATUSES = ['ERROR', 'DELETED'];

/** @param {number} at */
function seconds(at) {
	return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/**
 * The second form in which Nova writes times: microseconds, always zero, and no zone.
 *
 * @param {number} at
 */
function microseconds(at) {
	return `${new Date(at).toISOString().slice(0, 19)}.000000`;
}

/**
 * The last text of each server in each form: a list of thousands is mostly unchanged servers.
 *
 * @type {WeakMap<Server, Map<string, { revision: number, text: string }>>}
 */
const texts = new WeakMap();

/**
 * @param {Server} server
 * @param {string} form
 * @param {() => string} write
 * @returns {string}
 */
function cached(server, form, write) {
	let forms = texts.get(server);
	if (forms === undefined) {
		forms = new Map();
		texts.set(server, forms);
	}
	const known = forms.get(form);
	if (known !== undefined && known.revision === server.revision) return known.text;
	const text = write();
	forms.set(form, { revision: server.revision, text });
	return text;
}

/**
 * @param {Request} request
 * @param {Server} server
 * @returns {string}
 */
function serverJson(request, server) {
	return cached(server, `detail ${request.minor} ${request.base}`, () =>
		pythonJson(serverView(request, server)),
	);
}

/**
 * @param {Request} request
 * @param {Server} server
 * @returns {string}
 */
function briefServerJson(request, server) {
	return cached(server, `brief ${request.base}`, () =>
		pythonJson({ id: server.id, name: server.name, links: links(request, server) }),
	);
}

/**
 * @param {Request} request
 * @param {Server} server
 */
function links({ base, bookmarkBase }, server) {
	return [
		{ rel: 'self', href: `${base}/servers/${server.id}` },
		{ rel: 'bookmark', href: `${bookmarkBase}/servers/${server.id}` },
	];
}

/**
 * @param {Request} request
 * @param {Server} server
 * @returns {Record<string, unknown>} undefined members are left out
 */
function serverView(request, server) {
	const { minor, bookmarkBase } = request;
	const { status, fault, launchedAt, terminatedAt } = server;
	const from = (/** @type {number} */ since) => minor >= since;
	const bookmark = (/** @type {string} */ path) => [
		{ rel: 'bookmark', href: `${bookmarkBase}/${path}` },
	];
	return {
		id: server.id,
		name: server.name,
		status,
		tenant_id: server.projectId,
		user_id: server.userId,
		metadata: server.metadata,
		hostId: HOST_ID,
		image: { id: IMAGE_ID, links: bookmark(`images/${IMAGE_ID}`) },
		flavor: from(47)
			? {
					vcpus: 1,
					ram: 64,
					disk: 1,
					ephemeral: 0,
					swap: 0,
					original_name: 'sim.one',
					extra_specs: {},
				}
			: { id: FLAVOR_ID, links: bookmark(`flavors/${FLAVOR_ID}`) },
		created: seconds(server.createdAt),
		updated: seconds(server.updatedAt),
		addresses: server.addresses,
		accessIPv4: '',
		accessIPv6: '',
		links: links(request, server),
		'OS-DCF:diskConfig': 'MANUAL',
		fault:
			fault !== null && FAULT_STATUSES.includes(status)
				? { code: fault.code, created: seconds(fault.at), message: fault.message }
				: undefined,
		progress: PROGRESS_STATUSES.includes(status) ? 0 : undefined,
		'OS-EXT-AZ:availability_zone': 'nova',
		config_drive: '',
		key_name: null,
		'OS-SRV-USG:launched_at': launchedAt === null ? null : microseconds(launchedAt),
		'OS-SRV-USG:terminated_at': terminatedAt === null ? null : microseconds(terminatedAt),
		'OS-EXT-STS:task_state': server.taskState,
		'OS-EXT-STS:vm_state': server.vmState,
		'OS-EXT-STS:power_state': server.powerState,
		'os-extended-volumes:volumes_attached': [],
		locked: from(9) ? server.locked : undefined,
		locked_reason: from(73) ? null : undefined,
		description: from(19) ? null : undefined,
		tags: from(26) ? server.tags : undefined,
		trusted_image_certificates: from(63) ? null : undefined,
		'OS-EXT-SRV-ATTR:hostname': from(90) ? server.name : undefined,
		server_groups: from(71) ? [] : undefined,
	};
}

/**
 * @param {Request} request
 * @param {Server} server
 * @param {ActionRecord} record
 * @param {boolean} single events are shown for a single action only
 */
function actionJson({ minor, identity }, server, record, single) {
	const admin = identity.role === 'admin';
	return {
		action: record.action,
		instance_uuid: server.id,
		request_id: record.requestId,
		user_id: record.userId,
		project_id: record.projectId,
		start_time: microseconds(record.at),
		message: record.message,
		updated_at: minor >= 58 ? microseconds(record.updatedAt) : undefined,
		events:
			single && (admin || minor >= 51)
				? record.events.map((event) => ({
						event: event.event,
						start_time: microseconds(event.startedAt),
						finish_time: event.finishedAt === null ? null : microseconds(event.finishedAt),
						result: event.result,
						traceback: admin ? null : undefined,
						hostId: minor >= 62 ? HOST_ID : undefined,
					}))
				: undefined,
	};
}

module.exports = { FLAVOR_ID, IMAGE_ID, serverJson, briefServerJson, actionJson, seconds };
