import type { Clock } from './clock';
import type { Gate } from './gate/gate';
import { type JobResult, readJob } from '../api/job';
import type { EcsV1 } from '../api/ecs-v1/ecs-v1';
import type { Send } from '../api/requests';
import { readUntil } from './read-until';

/** The servers of one job that are still waited for. */
type Members = Map<string, (result: JobResult) => void>;

/** The first look at a job comes this soon. */
const FIRST_LOOK_MS = 1_000;
/** A job that has not ended this long before a server's time is up is left: the server itself is asked then. */
const LAST_LOOK_MS = 2_000;

/** Follows jobs for everybody in an execution: one poll serves all the servers of a job. */
export class Jobs {
	private readonly members = new Map<string, Members>();

	constructor(
		private readonly clock: Clock,
		private readonly gate: Gate,
		private readonly send: Send,
		private readonly ecs: Pick<EcsV1, 'job'>,
		private readonly pollIntervalMs: number,
		private readonly signal: AbortSignal,
	) {}

	/**
	 * How a server fares in a job; `silent` shortly before `deadline` (milliseconds on the clock).
	 * After cancellation it never settles.
	 */
	async result(jobId: string, serverId: string, deadline: number): Promise<JobResult> {
		return await new Promise((settle) => {
			const known = this.members.get(jobId);
			if (known) {
				known.set(serverId, settle);
				return;
			}
			const members: Members = new Map([[serverId, settle]]);
			this.members.set(jobId, members);
			void this.follow(jobId, members, deadline - LAST_LOOK_MS);
		});
	}

	private async follow(jobId: string, members: Members, end: number): Promise<void> {
		let pause = FIRST_LOOK_MS;
		while (members.size > 0 && this.clock.now() + pause < end) {
			await this.clock.sleep(pause, this.signal);
			if (this.signal.aborted) return;
			pause = this.pollIntervalMs;

			const { clock, gate, send } = this;
			const answer = await readUntil({ clock, gate, send }, this.ecs.job(jobId), end);
			const report = readJob(answer);
			for (const [serverId, result] of report.results) settle(members, serverId, result);
			if (report.ended) settleAll(members, report.rest);
		}
		this.members.delete(jobId);
		settleAll(members, { word: 'silent' });
	}
}

function settle(members: Members, serverId: string, result: JobResult): void {
	members.get(serverId)?.(result);
	members.delete(serverId);
}

function settleAll(members: Members, result: JobResult): void {
	for (const serverId of [...members.keys()]) settle(members, serverId, result);
}
