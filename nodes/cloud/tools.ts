import type { Account } from './account';
import { Batches } from './batch';
import type { Clock } from './clock';
import { CloudTime } from './cloud-time';
import { Gate } from './gate';
import { Jobs } from './jobs';
import type { Rules } from './journey-state';
import type { PowerAction } from './power';
import { type ApiVersion, Requests } from './requests';
import { type Send, withinTime } from './send';
import { Watcher } from './watch';

/** What the servers of one execution share. */
export interface Tools {
	clock: Clock;
	gate: Gate;
	watcher: Watcher;
	/** Undefined: one request for each server. */
	batches?: Batches;
	jobs: Jobs;
	cloudTime: CloudTime;
	requests: Requests;
	send: Send;
	rules: Rules;
}

export interface ToolSettings {
	account: Account;
	action: PowerAction;
	apiVersion: ApiVersion;
	sendAs: 'oneRequestPerServer' | 'oneBatchRequest';
	concurrency: number;
	failIfAlreadyDone: boolean;
	maxTries: number;
	pollIntervalMs: number;
	waitTimeoutMs: number;
}

/** Puts together what the servers of one execution share; aborting `signal` ends it all. */
export function assemble(
	settings: ToolSettings,
	client: Send,
	clock: Clock,
	signal: AbortSignal,
): Tools {
	const { account, action, pollIntervalMs, waitTimeoutMs } = settings;
	const { maxTries, failIfAlreadyDone } = settings;
	const cloudTime = new CloudTime();
	const bounded = withinTime(client, clock);
	const send: Send = async (request, timeoutMs) => {
		const answer = await bounded(request, timeoutMs);
		cloudTime.note(answer);
		return answer;
	};
	const requests = new Requests(settings.apiVersion, account.projectId);
	const gate = new Gate(clock, settings.concurrency, waitTimeoutMs, signal);
	return {
		clock,
		gate,
		requests,
		send,
		cloudTime,
		rules: { action, maxTries, failIfAlreadyDone, waitTimeoutMs },
		watcher: new Watcher(clock, gate, send, requests, cloudTime, pollIntervalMs, signal),
		jobs: new Jobs(clock, gate, send, requests, pollIntervalMs, signal),
		batches:
			settings.sendAs === 'oneBatchRequest'
				? new Batches(clock, gate, send, requests, action, signal)
				: undefined,
	};
}
