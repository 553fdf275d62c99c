import { Batches } from './batches';
import type { Clock } from './clock';
import { CloudTime } from './cloud-time';
import { Gate } from './gate/gate';
import { Traffic } from './gate/traffic';
import { Jobs } from './jobs';
import { type ApiVersion, type Client, Requests, type Send } from '../api/requests';
import { withinTime } from './send';
import { ServerReader } from './reader';
import { Watcher } from './watcher';

/** What the user has set, and which project it goes to. */
export interface SessionSettings {
	projectId: string;
	apiVersion: ApiVersion;
	sendAs: 'oneRequestPerServer' | 'oneBatchRequest';
	concurrency: number;
	failIfAlreadyDone: boolean;
	maxTries: number;
	pollIntervalMs: number;
	waitTimeoutMs: number;
}

/** What all that one execution does shares. */
export interface Session {
	settings: SessionSettings;
	clock: Clock;
	signal: AbortSignal;
	gate: Gate;
	watcher: Watcher;
	reader: ServerReader;
	/** Undefined: one request for each server. */
	batches?: Batches;
	jobs: Jobs;
	cloudTime: CloudTime;
	requests: Requests;
	send: Send;
}

/** Puts a session together; aborting `signal` ends all that it does. */
export function openSession(
	settings: SessionSettings,
	client: Client,
	clock: Clock,
	signal: AbortSignal,
): Session {
	const { projectId, pollIntervalMs, waitTimeoutMs } = settings;
	const cloudTime = new CloudTime();
	const bounded = withinTime(client, clock);
	const send: Send = async (request, timeoutMs) => {
		const answer = await bounded(request, timeoutMs);
		cloudTime.note(answer, clock.now());
		return answer;
	};
	const requests = new Requests(settings.apiVersion, projectId);
	const gate = new Gate(clock, new Traffic(clock), settings.concurrency, waitTimeoutMs, signal);
	const reader = new ServerReader(gate, send, requests);
	return {
		settings,
		clock,
		signal,
		gate,
		requests,
		send,
		reader,
		cloudTime,
		batches:
			settings.sendAs === 'oneBatchRequest'
				? new Batches(clock, gate, send, requests, signal)
				: undefined,
		watcher: new Watcher(clock, reader, cloudTime, pollIntervalMs, signal),
		jobs: new Jobs(clock, gate, send, requests, pollIntervalMs, signal),
	};
}
