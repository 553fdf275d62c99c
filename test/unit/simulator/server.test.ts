import { createVirtualClock } from '../../../simulator';
import { Cloud } from '../../../simulator/cloud';
import type { BehaviourLike, PowerAction, RebootType, Server } from '../../../simulator/server';

const clock = createVirtualClock();

function createServer(spec: object = {}): { cloud: Cloud; server: Server } {
	const cloud = new Cloud({ clock, startSeconds: 8, stopSeconds: 4, rebootSeconds: 6, servers: 0 });
	return { cloud, server: cloud.addServer({ name: 'web', ...spec }) };
}

function ask(server: Server, action: PowerAction, rebootType?: RebootType) {
	const asker = { userId: 'user', projectId: 'project', admin: false };
	const requestId = `req-${server.actions.length}`;
	return server.ask(action, { now: clock.now(), requestId, asker, rebootType });
}

function after(seconds: number, server: Server): string {
	clock.advance(seconds * 1000);
	server.settle(clock.now());
	return `${server.status} ${server.taskState} ${server.powerState}`;
}

describe('A server of the simulator', () => {
	test('starts by the clock alone', () => {
		const { server } = createServer();

		expect(ask(server, 'start')).toBeNull();
		expect(after(0, server)).toBe('SHUTOFF powering-on 4');
		expect(after(7.9, server)).toBe('SHUTOFF powering-on 4');
		expect(after(0.1, server)).toBe('ACTIVE null 1');
	});

	test('shows the time at which it changed, not the one at which it was looked at', () => {
		const { server } = createServer();
		ask(server, 'start');
		const due = clock.now() + 8000;

		after(3600, server);

		expect(server.updatedAt).toBe(due);
		expect(server.stateAt(due).status).toBe('ACTIVE');
		expect(server.stateAt(due - 1).taskState).toBe('powering-on');
	});

	test.each<[BehaviourLike, string, string]>([
		[{ kind: 'fallsBack', seconds: 3 }, 'SHUTOFF null 4', 'Error'],
		[{ kind: 'error', seconds: 3 }, 'ERROR null 4', 'Error'],
		['never', 'SHUTOFF powering-on 4', 'null'],
		[{ kind: 'diesAfter', seconds: 5 }, 'SHUTOFF null 4', 'null'],
		[{ kind: 'noop', seconds: 5 }, 'SHUTOFF null 4', 'null'],
		[{ kind: 'queued', seconds: 20 }, 'ACTIVE null 1', 'null'],
	])('with start behaviour %j it ends as %s', (startBehaviour, state, message) => {
		const { server } = createServer({ startBehaviour });
		ask(server, 'start');

		expect(after(60, server)).toBe(state);
		expect(String(server.actionsByRequestId.get('req-1')?.message)).toBe(message);
	});

	test('a queued start shows nothing until it is taken up', () => {
		const { server } = createServer({ startBehaviour: { kind: 'queued', seconds: 20 } });
		ask(server, 'start');

		expect(after(19, server)).toBe('SHUTOFF null 4');
		expect(server.actions.map(({ action }) => action)).toEqual(['create']);
		expect(after(1, server)).toBe('SHUTOFF powering-on 4');
		expect(after(8, server)).toBe('ACTIVE null 1');
	});

	test('two queued starts make one', () => {
		const { server } = createServer({ startBehaviour: { kind: 'queued', seconds: 20 } });
		ask(server, 'start');
		after(1, server);
		expect(ask(server, 'start')).toBeNull();

		expect(after(60, server)).toBe('ACTIVE null 1');
		expect(server.actions.map(({ action }) => action)).toEqual(['create', 'start']);
	});

	test('a behaviour may hold for the first few starts only', () => {
		const { server } = createServer({ startBehaviour: { kind: 'fallsBack', times: 1 } });
		ask(server, 'start');
		expect(after(8, server)).toBe('SHUTOFF null 4');

		ask(server, 'start');
		expect(after(8, server)).toBe('ACTIVE null 1');
	});

	test('a hard reboot overtakes a soft one', () => {
		const { server } = createServer({ status: 'ACTIVE' });
		ask(server, 'reboot', 'SOFT');
		expect(after(0.1, server)).toBe('REBOOT rebooting 1');
		expect(ask(server, 'reboot', 'HARD')).toBeNull();

		expect(after(1, server)).toBe('HARD_REBOOT reboot_started_hard 1');
		expect(after(4.9, server)).toBe('HARD_REBOOT reboot_started_hard 1');
		expect(after(0.1, server)).toBe('ACTIVE null 1');
	});

	test('the books tell whether it ran at a time', () => {
		const { cloud, server } = createServer();
		const begin = clock.now();
		ask(server, 'start');
		after(10, server);
		ask(server, 'stop');
		after(10, server);

		expect(cloud.wasRunning(server.id, begin + 7_999)).toBe(false);
		expect(cloud.wasRunning(server.id, begin + 8_000)).toBe(true);
		expect(cloud.wasRunning(server.id, begin + 10_000)).toBe(false);
		expect(cloud.wasRunning(server.id)).toBe(false);
	});
});
