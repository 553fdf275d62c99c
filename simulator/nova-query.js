// @ts-check
'use strict';

/** What Nova says of the query of a list of servers. */

/**
 * @typedef {import('./nova-answers').Request} Request
 *
 * @typedef {{ status: number, message: string }} Problem
 */

const INVALID = 'Invalid input for query parameters';
const BOOLEANS = ['0', '1', 'f', 'false', 'n', 'no', 'off', 'on', 't', 'true', 'y', 'yes'];
const TRUE = ['', '1', 'on', 't', 'true', 'y', 'yes'];

const SORT_KEYS =
	'access_ip_v4 access_ip_v6 auto_disk_config availability_zone config_drive created_at display_description display_name host hostname image_ref instance_type_id kernel_id key_name launch_index launched_at locked_by node power_state progress project_id ramdisk_id root_device_name task_state terminated_at updated_at user_id uuid vm_state architecture cell_name cleaned default_ephemeral_device default_swap_device deleted deleted_at disable_terminate ephemeral_gb ephemeral_key_uuid id key_data launched_on locked memory_mb os_type reservation_id root_gb shutdown_terminate user_data vcpus vm_mode'.split(
		' ',
	);

const QUERY_KEYS =
	'access_ip_v4 access_ip_v6 accessIPv4 accessIPv6 all_tenants auto_disk_config availability_zone changes-since config_drive created_at deleted description display_description display_name flavor host hostname image image_ref instance_type_id ip ip6 kernel_id key_name launch_index launched_at limit locked_by marker name node not-tags not-tags-any power_state progress project_id ramdisk_id reservation_id root_device_name soft_deleted sort_dir sort_key status task_state tenant_id terminated_at updated_at user_id uuid vm_state'.split(
		' ',
	);

/** @type {Map<number, Set<string>>} */
const knownByMinor = new Map();

/**
 * The keys that Nova knows, whether or not a member may filter by them.
 *
 * @param {number} minor
 * @returns {Set<string>}
 */
function knownKeys(minor) {
	let known = knownByMinor.get(minor);
	if (known === undefined) {
		known = new Set(QUERY_KEYS);
		if (minor >= 26)
			['tags', 'tags-any', 'not-tags', 'not-tags-any'].forEach((key) => known?.add(key));
		if (minor >= 66) known.add('changes-before');
		if (minor >= 73) known.add('locked');
		knownByMinor.set(minor, known);
	}
	return known;
}

/**
 * @param {string} key
 * @param {string} value
 * @param {string} why
 * @returns {Problem}
 */
function bad(key, value, why) {
	return { status: 400, message: `${INVALID} ${key}. Value: ${value}. ${why}` };
}

/** @param {string} text */
function isPattern(text) {
	if (text === '') return false;
	try {
		new RegExp(text);
		return true;
	} catch {
		return false;
	}
}

/** @param {string} text */
function isTime(text) {
	return /^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(Date.parse(text));
}

/**
 * @param {string} limit
 * @returns {Problem | null}
 */
function limitProblem(limit) {
	if (limit === '') return bad('limit', limit, "'' is too short");
	return /^[0-9]*$/.test(limit)
		? null
		: bad('limit', limit, `'${limit}' does not match '^[0-9]*$'`);
}

/**
 * Under /v2 there is no schema: each value fails where it is used.
 *
 * @param {URLSearchParams} query
 * @returns {Problem | null}
 */
function legacyProblem(query) {
	const limit = query.get('limit');
	if (limit && !/^\d+$/.test(limit)) {
		const rule = /^-\d+$/.test(limit) ? 'must be >= 0' : 'must be an integer';
		return { status: 400, message: `Invalid input received: limit ${rule}` };
	}
	const since = query.get('changes-since');
	if (since !== null && !isTime(since)) {
		return { status: 400, message: 'Invalid filter field: changes-since.' };
	}
	const name = query.get('name');
	if (name !== null && !isPattern(name)) {
		const text =
			'Unexpected API Error. Please report this at http://bugs.launchpad.net/nova/ and attach the Nova API log if possible.';
		return { status: 500, message: `${text}\n<class 'TypeError'>` };
	}
	return null;
}

/**
 * @param {Request} request
 * @returns {Problem | null}
 */
function schemaProblem({ call: { query }, minor }) {
	const known = knownKeys(minor);
	for (const [key, value] of query) {
		if (!known.has(key)) {
			if (minor < 75) continue;
			return { status: 400, message: `'${key}' does not match any of the regexes: '^_'` };
		}
		if (key === 'limit') {
			const problem = limitProblem(value);
			if (problem !== null) return problem;
		}
		const isTags = /^(not-)?tags(-any)?$/.test(key) && minor >= 26;
		if ((key === 'name' || isTags) && !isPattern(value)) {
			return bad(key, value, `'${value}' is not a 'regex'`);
		}
		if (key === 'changes-since' && !isTime(value)) {
			return bad(key, value, `'${value}' is not a 'date-time'`);
		}
		if (key === 'sort_key' && !SORT_KEYS.includes(value)) {
			const list = SORT_KEYS.map((sortKey) => `'${sortKey}'`).join(', ');
			return bad(key, value, `'${value}' is not one of [${list}]`);
		}
	}
	return null;
}

/**
 * @param {Request} request
 * @param {boolean} detail
 * @returns {Problem | null}
 */
function checkQuery(request, detail) {
	const { call, legacy, identity } = request;
	const { query } = call;
	const problem = legacy ? legacyProblem(query) : schemaProblem(request);
	if (problem !== null) return problem;

	const admin = identity.role === 'admin';
	if (!admin && query.getAll('status').some((status) => /^deleted$/i.test(status))) {
		return { status: 403, message: 'Only administrators may list deleted instances' };
	}
	const tenants = query.getAll('all_tenants').at(-1)?.toLowerCase();
	if (tenants !== undefined && tenants !== '' && !BOOLEANS.includes(tenants)) {
		const accepted = BOOLEANS.map((value) => `'${value}'`).join(', ');
		return {
			status: 400,
			message: `Unrecognized value '${tenants}', acceptable values are: ${accepted}`,
		};
	}
	if (tenants !== undefined && TRUE.includes(tenants) && !admin) {
		const what = detail ? 'detail' : 'index';
		const message = `Policy doesn't allow os_compute_api:servers:${what}:get_all_tenants to be performed.`;
		return { status: 403, message };
	}
	const direction = query.getAll('sort_dir').at(-1);
	if (direction !== undefined && query.has('sort_key') && !/^(asc|desc)$/.test(direction)) {
		const rule = "Unknown sort direction, must be 'desc' or 'asc'";
		return { status: 400, message: `Invalid input received: ${rule}` };
	}
	return null;
}

module.exports = { checkQuery, knownKeys, limitProblem };
