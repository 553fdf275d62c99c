import fc from 'fast-check';

import {
	condition,
	isKnownStatus,
	isOffUnnoticed,
	toServer,
} from '../../../../nodes/cloud/api/server';

const ID = '616fb98f-46ca-475e-917e-2563e5a8cd19';

function seen(status: string, task: string | null = null, power?: number) {
	const server = toServer({
		id: ID,
		status,
		'OS-EXT-STS:task_state': task,
		'OS-EXT-STS:power_state': power,
	});
	if (!server) throw new Error('Not a server');
	return condition(server);
}

describe('a server is', () => {
	test.each([
		// status, task, power state: condition
		['ACTIVE', null, 1, 'running'],
		['ACTIVE', null, undefined, 'running'],
		['ACTIVE', '', 1, 'running'],
		['active', null, 1, 'running'],
		['SHUTOFF', null, 4, 'stopped'],
		['SHUTOFF', null, undefined, 'stopped'],
		['Shutoff', null, 4, 'stopped'],
		// a start shows as SHUTOFF with a task, a stop as ACTIVE with one
		['SHUTOFF', 'powering-on', 4, 'starting'],
		['SHUTOFF', 'POWERING-ON', 4, 'starting'],
		['ACTIVE', 'powering-off', 1, 'stopping'],
		['ACTIVE', 'powering-off', 4, 'stopping'],
		// Nova calls a dead guest ACTIVE until it notices
		['ACTIVE', null, 4, 'stopping'],
		['ACTIVE', 'image_snapshot', 4, 'busy'],
		// restarts
		['REBOOT', 'rebooting', 1, 'rebooting'],
		['REBOOT', 'reboot_started', 1, 'rebooting'],
		['REBOOT', null, 1, 'rebooting'],
		['HARD_REBOOT', 'rebooting_hard', 1, 'rebooting'],
		['HARD_REBOOT', null, 1, 'rebooting'],
		['ACTIVE', 'rebooting', 1, 'rebooting'],
		['SHUTOFF', 'rebooting_hard', 4, 'rebooting'],
		// goes on running
		['ACTIVE', 'image_snapshot', 1, 'running'],
		['ACTIVE', 'image_uploading', 1, 'running'],
		['ACTIVE', 'migrating', 1, 'running'],
		// ends by itself
		['ACTIVE', 'suspending', 1, 'busy'],
		['ACTIVE', 'pausing', 1, 'busy'],
		['ACTIVE', 'shelving', 1, 'busy'],
		['ACTIVE', 'resize_prep', 1, 'busy'],
		['ACTIVE', 'rebuilding', 1, 'busy'],
		['ACTIVE', 'something_new', 1, 'busy'],
		['SHUTOFF', 'image_snapshot', 4, 'busy'],
		['SHUTOFF', 'resize_migrating', 4, 'busy'],
		['SHUTOFF', 'powering-off', 1, 'busy'],
		['BUILD', 'spawning', 0, 'busy'],
		['BUILD', null, 0, 'busy'],
		['REBUILD', 'rebuilding', 1, 'busy'],
		['MIGRATING', 'migrating', 1, 'busy'],
		['RESIZE', 'resize_finish', 1, 'busy'],
		['REVERT_RESIZE', 'resize_reverting', 1, 'busy'],
		['UNKNOWN', null, 0, 'busy'],
		['SOMETHING_NEW', null, 1, 'busy'],
		['PAUSED', 'unpausing', 3, 'busy'],
		['SUSPENDED', 'resuming', 4, 'busy'],
		['SHELVED_OFFLOADED', 'spawning', 4, 'busy'],
		// needs another action first
		['PAUSED', null, 3, 'parked'],
		['SUSPENDED', null, 4, 'parked'],
		['SHELVED', null, 4, 'parked'],
		['SHELVED_OFFLOADED', null, 4, 'parked'],
		['RESCUE', null, 1, 'parked'],
		['VERIFY_RESIZE', null, 1, 'parked'],
		['ERROR', null, 0, 'broken'],
		['error', null, 1, 'broken'],
		['ERROR', '', 0, 'broken'],
		// a broken server can be stopped and restarted; whatever else is under way, it stays broken
		['ERROR', 'powering-off', 1, 'stopping'],
		['ERROR', 'rebooting', 1, 'rebooting'],
		['ERROR', 'rebooting_hard', 0, 'rebooting'],
		['ERROR', 'reboot_pending_hard', 0, 'rebooting'],
		['ERROR', 'reboot_started', 1, 'rebooting'],
		['ERROR', 'powering-on', 0, 'broken'],
		['ERROR', 'rebuilding', 0, 'broken'],
		['ERROR', 'image_snapshot', 1, 'broken'],
		['ERROR', 'spawning', 0, 'broken'],
		['ERROR', 'something_new', 0, 'broken'],
		// deleted
		['DELETED', null, 0, 'gone'],
		['SOFT_DELETED', null, 0, 'gone'],
		['ACTIVE', 'deleting', 1, 'gone'],
		['ERROR', 'deleting', 0, 'gone'],
	])('%s, task %s, power %s: %s', (status, task, power, expected) => {
		expect(seen(status, task, power)).toBe(expected);
	});

	// ecs-api.md chapter 6: 3 is shutdown and 4 crashed on OTC; 4 is shutdown and 6 crashed in Nova.
	test.each([3, 4, 6])('not running while its power state says that it is off: %i', (power) => {
		expect(seen('ACTIVE', null, power)).not.toBe('running');
	});

	test('something, whatever the cloud says', () => {
		fc.assert(
			fc.property(fc.string(), fc.string(), fc.integer(), (status, task, power) => {
				expect(typeof seen(status, task, power)).toBe('string');
			}),
		);
	});
});

describe('what is read of a server', () => {
	test('all that the node needs', () => {
		expect(
			toServer({
				id: ID.toUpperCase(),
				name: 'web-1',
				status: 'error',
				locked: true,
				'OS-EXT-STS:task_state': 'Powering-On',
				'OS-EXT-STS:power_state': 4,
				fault: { code: 500, message: 'No valid host', created: '2026-11-25T10:00:00Z' },
				'OS-EXT-SRV-ATTR:user_data': 'c2VjcmV0',
			}),
		).toEqual({
			id: ID,
			name: 'web-1',
			status: 'ERROR',
			task: 'powering-on',
			locked: true,
			poweredOff: true,
			fault: 'No valid host',
		});
	});

	test('what an older API leaves out stays unknown', () => {
		expect(toServer({ id: ID, status: 'ACTIVE' })).toEqual({
			id: ID,
			name: undefined,
			status: 'ACTIVE',
			task: undefined,
			locked: undefined,
			poweredOff: false,
			fault: undefined,
		});
	});

	test.each([
		['an empty name', { name: '' }],
		['a name that is a number', { name: 7 }],
		['an empty task', { 'OS-EXT-STS:task_state': '' }],
		['a task that is a number', { 'OS-EXT-STS:task_state': 7 }],
		['a lock in words', { locked: 'true' }],
		['a fault in words', { fault: 'No valid host' }],
		['a fault whose message is no text', { fault: { message: 7 } }],
	])('%s says nothing', (_, fields) => {
		const bare = { id: ID, status: 'ACTIVE' };
		expect(toServer({ ...bare, ...fields })).toEqual(toServer(bare));
	});

	test.each([
		[undefined],
		[null],
		['ACTIVE'],
		[[]],
		[{}],
		[{ status: 'ACTIVE' }],
		[{ id: 7, status: 'ACTIVE' }],
		// Huawei's list shows an unknown id so.
		[{ id: ID, status: null, fault: { message: 'not found' } }],
	])('%j is no server', (value) => {
		expect(toServer(value)).toBeUndefined();
	});

	test('without a status it is UNKNOWN, as Nova calls a server that it cannot look at', () => {
		expect(toServer({ id: ID })?.status).toBe('UNKNOWN');
	});

	test('nothing makes it throw', () => {
		fc.assert(
			fc.property(fc.anything(), (value) => {
				toServer(value);
			}),
		);
	});
});

test.each([
	['ACTIVE', true],
	['SOFT_DELETED', true],
	['RESCUED', true],
	['UNKNOWN', true],
	['SOMETHING_NEW', false],
])('the node knows what the status %s means: %s', (status, known) => {
	expect(isKnownStatus(status)).toBe(known);
});

test.each([
	['an ACTIVE server whose guest is off', 'ACTIVE', undefined, true, true],
	['one that runs', 'ACTIVE', undefined, false, false],
	['one that the cloud calls off, too', 'SHUTOFF', undefined, true, false],
	['one that is being stopped', 'ACTIVE', 'powering-off', true, false],
])('the cloud has not noticed that it is off: %s', (_, status, task, poweredOff, unnoticed) => {
	expect(isOffUnnoticed({ id: ID, status, task, poweredOff })).toBe(unnoticed);
});
