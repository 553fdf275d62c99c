import type { Answer } from '../../nodes/cloud/api/answer';
import type { CloudRequest } from '../../nodes/cloud/api/requests';
import {
	openSession,
	type Session,
	type SessionSettings,
	type Shared,
} from '../../nodes/cloud/session/session';
import { Asks } from '../../nodes/cloud/session/asks';
import type { Clock } from '../../nodes/cloud/session/clock';
import { Traffic } from '../../nodes/cloud/session/gate/traffic';
import { Watcher } from '../../nodes/cloud/session/watch/watcher';
import { VirtualClock } from './virtual-clock';

/** What an execution shares that is alone. */
export function newShared(clock: Clock): Shared {
	return { traffic: new Traffic(clock), watcher: new Watcher(clock), asks: new Asks(clock) };
}

/** The node's presets, in a cloud of the test's. */
export const SETTINGS: SessionSettings = {
	projectId: 'p',
	ecsEndpoint: 'https://ecs.example.com',
	apiVersion: 'v2.1',
	sendAs: 'oneRequestPerServer',
	concurrency: 10,
	failIfAlreadyDone: false,
	maxTries: 5,
	pollIntervalMs: 5_000,
	waitTimeoutMs: 300_000,
};

type Reply = (request: CloudRequest, now: number) => Answer | Promise<Answer>;

/** A session whose cloud is the test's: `reply` answers each request, and all are kept. */
export class FakeCloud {
	readonly clock = new VirtualClock();

	readonly cancel = new AbortController();

	readonly requests: CloudRequest[] = [];

	readonly session: Session;

	constructor(reply: Reply, settings: Partial<SessionSettings> = {}) {
		const client = async (request: CloudRequest) => {
			this.requests.push(request);
			return await reply(request, this.clock.now());
		};
		const all = { ...SETTINGS, ...settings };
		this.session = openSession(all, client, this.clock, this.cancel.signal, newShared(this.clock));
	}

	/** One that takes `ms` for each answer. */
	static taking(ms: number, reply: Reply, settings: Partial<SessionSettings> = {}): FakeCloud {
		const cloud: FakeCloud = new FakeCloud(async (request, now) => {
			await cloud.clock.sleep(ms, cloud.cancel.signal);
			return await reply(request, now);
		}, settings);
		return cloud;
	}

	/** The queries of the requests, as far as these keys go. */
	queries(...keys: string[]): Array<Record<string, string>> {
		return this.requests.map(({ query = {} }) =>
			Object.fromEntries(Object.entries(query).filter(([key]) => keys.includes(key))),
		);
	}

	get posts(): CloudRequest[] {
		return this.requests.filter(({ method }) => method === 'POST');
	}
}
