import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';

import type { Answer, Answered } from '../api/answer';
import { isDeparting, notSentInTime } from '../api/departure';
import { readFault } from '../api/fault';
import type { Client } from '../api/requests';
import { refusesCredential } from '../api/verdict';
import { TRIED_AGAIN } from '../words/hints';
import { sentence } from '../words/sentence';
import { readAccount } from './account';
import { learnAside, notSentAside } from './aside';
import { placeOf } from './mark';
import { faultAfter, notSentAfter, Refusals } from './refusals';
import { LONGEST_TRIAL_MS, type Time, Turnstile } from './turnstile';

/** What was taken so long ago, in milliseconds, may be refused by now. */
const WORKS_FOR_MS = 60_000;

/** What a process knows of a secret that several executions, and several accounts, prove themselves with. */
export class Proof {
	readonly refusals: Refusals;

	/** For the one request that finds out whether the secret works. */
	readonly trial: Turnstile<Answer>;

	private tookAt = -Infinity;

	constructor(private readonly time: Time) {
		this.refusals = new Refusals(() => time.now());
		this.trial = new Turnstile(time, LONGEST_TRIAL_MS);
	}

	/** Whether the cloud has taken it within the last minute, and not refused it since. */
	get works(): boolean {
		return this.time.now() - this.tookAt < WORKS_FOR_MS;
	}

	/** After a refusal, also of a call aside, which may not be for the secret: the next request finds out. */
	doubt(): void {
		this.tookAt = -Infinity;
	}

	/** Learns from the answer to a request that went to `place`. */
	learn(answer: Answer, place: string): void {
		if (answer.kind !== 'answered') return;
		if (isRefused(answer)) {
			// One that worked a moment ago is tried once more: a cloud has many hosts, and one of them may err.
			const { works } = this;
			this.doubt();
			if (!works) this.refusals.note(place, readFault(answer));
		} else if (showsProofTaken(answer)) {
			this.tookAt = this.time.now();
			this.refusals.took(place);
		}
	}
}

function isRefused(answer: Answer): answer is Answered {
	return answer.kind === 'answered' && refusesCredential(answer);
}

/** Who answers so has looked at the proof; a gateway that is busy or knows no such call may not have. */
function showsProofTaken({ status }: Answered): boolean {
	return status < 300 || status === 403 || status === 409;
}

/** One request finds out whether a secret works, and others wait for its answer. */
const NOT_TRIED_IN_TIME = notSentInTime({
	why: 'its request was not sent, as the cloud did not answer in time whether it takes the credential',
	hint: "Run this again later, or raise 'Wait Timeout' in Options",
});

/** What one execution proves itself with. */
export interface Proving {
	/** To be asked each time, as what is not asked for is forgotten. */
	proof: () => Proof;
	/** What the secret is used for: a project at an endpoint. */
	place: string;
	signal: AbortSignal;
}

/**
 * Lets one request at a time find out whether a secret works, whichever execution and account it is for.
 * After a refusal nothing is sent for 10 minutes: to the place that refused it, or, after two did, anywhere.
 */
export function withProof(send: Client, { proof: find, place, signal }: Proving): Client {
	return async (...request) => {
		const [{ aside }, , departure] = request;
		for (;;) {
			const proof = find();
			const refusal = proof.refusals.standing(place);
			if (refusal) return notSentAfter(refusal);
			const apart = aside && notSentAside(proof.refusals, place);
			if (apart) return apart;
			const attempt = async () => {
				const answer = await send(...request);
				if (aside && isRefused(answer)) {
					proof.doubt();
					return learnAside(proof.refusals, place, answer);
				}
				proof.learn(answer, place);
				return answer;
			};
			if (proof.works) return await attempt();
			const { underWay } = proof.trial;
			// What was cut off may have been refused all the same: no other is sent in the same breath.
			const tells = (answer: Answer) =>
				answer.kind === 'answered' || !answer.sent || !signal.aborted;
			if (!underWay) return await proof.trial.take(attempt, tells);
			await underWay;
			if (departure.state === 'missed' || signal.aborted) return NOT_TRIED_IN_TIME;
		}
	};
}

/**
 * A request as it goes on with a secret: another node keeps to what our nodes know of it.
 * @throws InvalidCredential when the credential leads to no account; Error while a refusal keeps it from being sent.
 */
export function admitted(
	options: IHttpRequestOptions,
	find: () => Proof,
	credential: ICredentialDataDecryptedObject,
): IHttpRequestOptions {
	if (isDeparting(options)) return options;
	const place = placeOf(readAccount(credential));
	const refusal = find().refusals.standing(place);
	if (refusal) throw new Error(sentence(faultAfter(refusal, TRIED_AGAIN)));
	return options;
}
