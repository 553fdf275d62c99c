import { restart } from '../../../../../nodes/cloud/power/actions/restart';
import { START } from '../../../../../nodes/cloud/power/actions/start';
import { stop } from '../../../../../nodes/cloud/power/actions/stop';
import type { PowerAction } from '../../../../../nodes/cloud/power/actions/action';
import { hintFor, tooLateHint, wayOut } from '../../../../../nodes/cloud/power/explain/hints';
import { RULES } from '../story';

const of = (action: PowerAction) => ({ ...RULES, action });
const STILL =
	"The server may still get there: look at it in the cloud console (or: openstack server show), or raise 'Wait Timeout' in Options";

describe('when the time is up', () => {
	test.each([
		['a start', START, `${STILL}. Running this again does no harm`],
		[
			'a stop',
			stop(false),
			`${STILL}. Running this again does no harm. A guest that does not react to a shutdown needs 'Forceful'`,
		],
		['a forceful stop', stop(true), `${STILL}. Running this again does no harm`],
		[
			'a restart',
			restart(false),
			`${STILL}. A guest that does not react to a soft restart needs 'Forceful'`,
		],
		['a forceful restart', restart(true), STILL],
	])('of %s', (_, action, hint) => {
		expect(tooLateHint(of(action))).toBe(hint);
	});
});

describe('out of a status', () => {
	test('leads what helps every action', () => {
		expect(wayOut('PAUSED', of(START))).toBe('Unpause the server first');
	});

	test('leads what helps this action, where that is more', () => {
		expect(wayOut('SHELVED', of(START))).toBe('Unshelve the server instead: that starts it');
		expect(wayOut('PAUSED', of(restart(false)))).toContain("restart it with 'Forceful'");
	});

	test('leads nothing that the node knows of', () => {
		expect(wayOut('SHUTOFF', of(START))).toBeUndefined();
	});
});

describe('after a refusal', () => {
	const fault = { code: 'Common.0021', message: 'host is down' };

	test('in a job that failed: what to do about the action', () => {
		const hint = hintFor({ reason: 'stopFailed', fault, byJob: 'failed' }, of(stop(false)));
		expect(hint).toBe('Stop it in the cloud console to see the reason');
	});

	test('in a job that says why: what to do about that', () => {
		const hint = hintFor({ reason: 'quotaExceeded', fault, byJob: 'refused' }, of(START));
		expect(hint).toBe('Free quota, choose another flavor, or try again later');
	});

	test('for want of a permission: which one', () => {
		const hint = hintFor({ reason: 'forbidden', fault }, of(restart(true)));
		expect(hint).toContain(
			'the permission to restart servers in this project (ecs:servers:reboot)',
		);
	});

	test('for want of a permission of ECS v1: which one', () => {
		const byEcsV1 = { ...fault, permissions: 'ecs:cloudServers' as const };
		const hint = hintFor({ reason: 'forbidden', fault: byEcsV1 }, of(restart(true)));
		expect(hint).toContain('(ecs:cloudServers:reboot)');
	});

	test('by a policy: what to ask its administrator for', () => {
		const byPolicy = { message: '', code: 'Pdp.0001' };
		const hint = hintFor({ reason: 'forbidden', fault: byPolicy }, of(restart(true)));
		expect(hint).toContain('policy of the account');
		expect(hint).toContain('ecs:servers:reboot');
	});

	test('with a code that says more than the reason', () => {
		const capacity = { code: 'Ecs.0319', message: '' };
		const hint = hintFor({ reason: 'quotaExceeded', fault: capacity }, of(START));
		expect(hint).toContain('no capacity for this flavor');
	});
});
