import type { Asker, Asks } from './asks';
import { Batches } from './batches';
import type { Clock } from './clock';
import { CloudTime } from './cloud-time';
import { Gate } from './gate/gate';
import type { Traffic } from './gate/traffic';
import { Jobs } from './jobs';
import { Pace } from './pace';
import type { ApiVersion } from '../api/choice';
import type { Client, Send } from '../api/requests';
import { type Apis, openApis } from './apis';
import { withinTime } from './send';
import { ServerReader } from './reader';
import type { Watcher } from './watch/watcher';
import type { Look } from './watch/waiters';

/** What the user has set, and which project it goes to, and where that is. */
export interface SessionSettings {
	projectId: string;
	ecsEndpoint: string;
	apiVersion: ApiVersion;
	sendAs: 'oneRequestPerServer' | 'oneBatchRequest';
	concurrency: number;
	failIfAlreadyDone: boolean;
	maxTries: number;
	pollIntervalMs: number;
	waitTimeoutMs: number;
}

/** What the executions that are under way at the same time share. */
export interface Shared {
	/** Those of one project, whoever they prove to be. */
	traffic: Traffic;
	/** Those of one account: one project, with the same secrets. */
	watcher: Watcher;
	asks: Asks;
}

/** What all that one execution does shares. */
export interface Session {
	settings: SessionSettings;
	clock: Clock;
	/** Aborted when the execution is cancelled, or has closed the session. */
	signal: AbortSignal;
	gate: Gate;
	/**
	 * The next look at a server, at the latest at `deadline` (milliseconds on the clock). `soon`: as soon as
	 * may be, else at the next poll. `isFirst`: before anything is asked of the server. After cancellation it
	 * never settles.
	 */
	look: (serverId: string, deadline: number, soon: boolean, isFirst?: boolean) => Promise<Look>;
	reader: ServerReader;
	asks: Asks;
	asker: Asker;
	/** Undefined: one request for each server. */
	batches?: Batches;
	/** For an API that takes so many servers in a minute alone. */
	pace: Pace;
	jobs: Jobs;
	cloudTime: CloudTime;
	apis: Apis;
	send: Send;
	/** The execution has ended: nothing is sent for it any more. */
	close: () => void;
}

/** Puts a session together; aborting `cancelled` ends all that it does. */
export function openSession(
	settings: SessionSettings,
	client: Client,
	clock: Clock,
	cancelled: AbortSignal,
	{ traffic, watcher, asks }: Shared,
): Session {
	const { pollIntervalMs, waitTimeoutMs } = settings;
	const ended = new AbortController();
	const signal = AbortSignal.any([cancelled, ended.signal]);
	const cloudTime = new CloudTime();
	const bounded = withinTime(client, clock, signal);
	const send: Send = async (request, timeoutMs, onLeave) => {
		const answer = await bounded(request, timeoutMs, onLeave);
		cloudTime.note(answer, clock.now());
		return answer;
	};
	const { apis, ecs } = openApis(settings, send);
	const gate = new Gate(clock, traffic, settings.concurrency, waitTimeoutMs, signal);
	const reader = new ServerReader(gate, apis);
	const viewer = { reader, cloudTime, pollIntervalMs, signal };
	const asker = { cloudTime, signal };
	const pace = new Pace(clock, signal);
	watcher.join(viewer);
	asks.join(asker);
	return {
		settings,
		clock,
		signal,
		gate,
		apis,
		send,
		reader,
		cloudTime,
		asks,
		asker,
		look: async (...look) => await watcher.look(viewer, ...look),
		batches:
			settings.sendAs === 'oneBatchRequest'
				? new Batches(clock, gate, send, ecs, pace, signal)
				: undefined,
		pace,
		jobs: new Jobs(clock, gate, send, ecs, pollIntervalMs, signal),
		close: () => ended.abort(),
	};
}
