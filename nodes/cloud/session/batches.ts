import type { IDataObject } from 'n8n-workflow';

import type { Answer } from '../api/answer';
import { type AskVerdict, mayBeAtWork } from './asks';
import type { Clock } from './clock';
import type { Gate, Turn } from './gate/gate';
import type { EcsV1 } from '../api/ecs-v1/ecs-v1';
import { jobIdOf } from '../api/ecs-v1/job-evidence';
import type { BoundedOutgoing } from './outgoing';
import { isTooLate, NO_TURN, type Pace } from './pace';
import { BATCH_SIZE, type Send } from '../api/requests';
import { batchVerdict } from '../api/batch-verdict';

/** A server that asks for its place in a batch. */
interface Asking {
	serverId: string;
	/** Servers that ask by the same builder share a batch. */
	bodyOf: BatchBody;
	turn: Turn;
	outgoing: BoundedOutgoing;
	settle: (judged: AskVerdict) => void;
}

/** Builds the body of a batch for these servers. */
export type BatchBody = (serverIds: string[]) => IDataObject;

/** Servers that ask within this time of each other share a batch: many take a while until all have asked. */
const GATHER_MS = 100;
/** Nobody waits longer than this for others who trickle in. */
const LONGEST_GATHER_MS = 2_000;
/** A batch is larger than a single request, and so is the cloud's work before it answers. */
const BATCH_TIMEOUT_MS = 60_000;

/** Gathers the servers that ask at the same time into as few calls as the cloud allows. */
export class Batches {
	private waiting: Asking[] = [];

	private flushing = false;

	private refused = false;

	constructor(
		private readonly clock: Clock,
		private readonly gate: Gate,
		private readonly send: Send,
		private readonly ecs: Pick<EcsV1, 'actOnMany'>,
		private readonly pace: Pace,
		private readonly signal: AbortSignal,
	) {}

	/** The cloud refuses who asks at this call, and may not at others: servers are to be asked for one by one. */
	get areRefused(): boolean {
		return this.refused;
	}

	/** Asks for the action on one server, in a batch. After cancellation it never settles. */
	async ask(
		serverId: string,
		bodyOf: BatchBody,
		turn: Turn,
		outgoing: BoundedOutgoing,
	): Promise<AskVerdict> {
		return await new Promise((settle) => {
			this.waiting.push({ serverId, bodyOf, turn, outgoing, settle });
			if (!this.flushing) void this.flush();
		});
	}

	private async flush(): Promise<void> {
		this.flushing = true;
		await this.gather();
		while (this.waiting.length > 0 && !this.signal.aborted) {
			const chunk = this.inTime(this.takeChunk());
			if (chunk.length === 0) continue;
			const giveBack = await this.pace.take(chunk.length);
			if (this.signal.aborted) return;
			void this.sendChunk(chunk, giveBack);
		}
		this.flushing = false;
	}

	/** Waits until nobody more comes, or a batch is full, or the first has waited long enough. */
	private async gather(): Promise<void> {
		const end = this.clock.now() + LONGEST_GATHER_MS;
		const mayComeMore = () => this.waiting.length < BATCH_SIZE && this.clock.now() < end;
		let before = 0;
		while (this.waiting.length > before && mayComeMore()) {
			before = this.waiting.length;
			await this.clock.sleep(GATHER_MS, this.signal);
		}
	}

	/** Those who come next and ask for the same as the first of them. */
	private takeChunk(): Asking[] {
		const [first] = this.waiting;
		const alike = this.waiting.filter(({ bodyOf }) => bodyOf === first.bodyOf);
		const chunk = new Set(alike.slice(0, BATCH_SIZE));
		this.waiting = this.waiting.filter((asking) => !chunk.has(asking));
		return [...chunk];
	}

	/** Those whose time is not up before the batch may go; the others hear so. */
	private inTime(chunk: Asking[]): Asking[] {
		const at = this.pace.comesAt(chunk.length);
		const late = chunk.filter(({ turn }) => isTooLate(turn, at));
		for (const { settle } of late) settle(NO_TURN);
		return chunk.filter(({ turn }) => !isTooLate(turn, at));
	}

	private async sendChunk(chunk: Asking[], giveBack: () => void): Promise<void> {
		let asked = chunk;
		const answer = await this.gate.pass(async (): Promise<Answer> => {
			asked = chunk.filter(({ outgoing }) => !outgoing.isMoot());
			const ids = asked.map(({ serverId }) => serverId);
			const ends = asked.map(({ outgoing }) => outgoing.goes());
			const timeout = Math.min(BATCH_TIMEOUT_MS, Math.min(...ends) - this.clock.now());
			const request = this.ecs.actOnMany(chunk[0].bodyOf(ids));
			return await this.send(request, timeout, () => {
				for (const { outgoing } of asked) outgoing.leaves();
			});
		}, turnOf(chunk));
		const isRefused = answer.kind !== 'notSent' && answer.ofCall === true;
		this.refused ||= isRefused;
		const judged: AskVerdict = isRefused
			? { word: 'elsewhere' }
			: { ...batchVerdict(answer, asked.length), jobId: jobIdOf(answer) };
		if (!mayBeAtWork(judged)) giveBack();
		for (const { settle } of asked) settle(judged);
	}
}

/** A batch has as much time as the server in it that has least. */
function turnOf(chunk: Asking[]): Turn {
	const deadlines = chunk.map(({ turn }) => turn.deadline ?? Infinity);
	const deadline = Math.min(...deadlines);
	const lane = chunk.every(({ turn }) => turn.lane === 'first') ? 'first' : 'again';
	const isMoot = () => chunk.every(({ outgoing }) => outgoing.isMoot());
	return { lane, deadline: deadline === Infinity ? undefined : deadline, isMoot };
}
