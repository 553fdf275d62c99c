import { type Answer, type Fault, isObject } from '../../../../nodes/cloud/api/answer';
import type { Evidence } from '../../../../nodes/cloud/api/evidence';
import type { Failure } from '../../../../nodes/cloud/words/failure';
import { afterAsk } from '../../../../nodes/cloud/power/steps/after-ask';
import { afterEvidence } from '../../../../nodes/cloud/power/steps/after-evidence';
import { afterJob } from '../../../../nodes/cloud/power/steps/after-job';
import { afterLook } from '../../../../nodes/cloud/power/steps/after-look';
import type { Next, Step } from '../../../../nodes/cloud/power/steps/step';
import {
	asking,
	begun,
	type Journey,
	newJourney,
	type Rules,
} from '../../../../nodes/cloud/power/journey';
import type { JobResult } from '../../../../nodes/cloud/api/job';
import type { Reason } from '../../../../nodes/cloud/api/reason';
import type { Server } from '../../../../nodes/cloud/api/server';
import { START } from '../../../../nodes/cloud/power/actions/start';
import { batchVerdict } from '../../../../nodes/cloud/api/batch-verdict';
import { verdict } from '../../../../nodes/cloud/api/verdict';
import type { Look } from '../../../../nodes/cloud/session/watch/waiters';
import { notSent } from '../../answers';

export const ID = '616fb98f-46ca-475e-917e-2563e5a8cd19';

export const RULES: Rules = {
	action: START,
	maxTries: 5,
	failIfAlreadyDone: false,
	waitTimeoutMs: 300_000,
};

/** One server's way, told step by step; each step is checked to be the one that was due. */
export class Story {
	journey: Journey;

	step: Step = { do: 'ask' };

	now = 1_000_000;

	private readonly rules: Rules;

	constructor(rules: Partial<Rules> = {}, wait = true) {
		this.rules = { ...RULES, ...rules };
		this.journey = newJourney(ID, wait);
	}

	/** Time passes. */
	after(seconds: number): this {
		this.now += seconds * 1000;
		return this;
	}

	/** A look shows the server before anything is asked of it. */
	seenFirst(status: string, more: Partial<Server> = {}): this {
		return this.lookedFirst({ kind: 'seen', server: toSeen(status, more) });
	}

	lookedFirst(look: Look): this {
		this.isDue('ask');
		this.journey = begun(this.journey, this.rules, this.now);
		return this.go(afterLook(this.journey, look, this.rules, this.now));
	}

	/** The start is sent, and the cloud answers (or not). */
	asked(answer: Answer): this {
		this.isDue('ask');
		this.journey = asking(this.journey, this.rules, this.now);
		return this.go(afterAsk(this.journey, verdict(answer), this.rules, this.now));
	}

	/** The start is sent in a batch of many, and the cloud answers (or not). */
	batched(answer: Answer): this {
		this.isDue('ask');
		this.journey = asking(this.journey, this.rules, this.now);
		const jobId = answer.kind === 'answered' && isObject(answer.body) ? 'job-1' : undefined;
		const judged = { ...batchVerdict(answer, 100), jobId };
		return this.go(afterAsk(this.journey, judged, this.rules, this.now));
	}

	/** The job of the batch tells how the server fared. */
	told(result: JobResult): this {
		this.isDue('followJob');
		return this.go(afterJob(this.journey, result, this.rules));
	}

	/** The start is given up before it is sent. */
	notSent(reason: Reason, fault?: Fault): this {
		this.isDue('ask');
		const judged = verdict(notSent(reason, fault));
		return this.go(afterAsk(this.journey, judged, this.rules, this.now));
	}

	/** A look shows the server. */
	seen(status: string, more: Partial<Server> = {}): this {
		return this.looked({ kind: 'seen', server: toSeen(status, more) });
	}

	looked(look: Look): this {
		this.isDue('look');
		return this.go(afterLook(this.journey, look, this.rules, this.now));
	}

	/** The list of what was done to the server tells something. */
	recorded(evidence: Evidence): this {
		this.isDue('findEvidence');
		return this.go(afterEvidence(this.journey, evidence, this.rules, this.now));
	}

	get outcome(): string {
		return this.step.do === 'end' ? this.step.outcome : `not at its end: ${this.next}`;
	}

	get failure(): Failure {
		if (this.step.do !== 'fail') throw new Error(`Did not fail: ${JSON.stringify(this.step)}`);
		return this.step.failure;
	}

	/** What is due next, such as `ask`, `look soon` or `fail busy`. */
	get next(): string {
		const { step } = this;
		if (step.do === 'look') return step.soon ? 'look soon' : 'look later';
		if (step.do === 'end') return `end ${step.outcome}`;
		return step.do === 'fail' ? `fail ${step.failure.reason}` : step.do;
	}

	private go([journey, step]: Next): this {
		this.journey = journey;
		this.step = step;
		return this;
	}

	private isDue(what: Step['do']): void {
		if (this.step.do !== what) throw new Error(`Due is ${this.next}, not ${what}`);
	}
}

const toSeen = (status: string, more: Partial<Server>): Server => ({
	id: ID,
	name: 'web-1',
	status,
	poweredOff: false,
	...more,
});
