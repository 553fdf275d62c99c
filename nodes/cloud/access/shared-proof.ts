import type { Answer } from '../api/answer';
import type { Client } from '../api/requests';
import { refusesCredential } from '../api/verdict';

/** Clouds lock a user after five refused logins, and a key after five refused signatures: OTC IAM, "Login Authentication Policy". */
const MOST_REFUSALS = 2;

/** What is known in one run of the node of a secret that several accounts prove themselves with. */
export class Proof {
	private works = false;

	private refusals = 0;

	private lastRefusal?: Answer;

	private trying?: Promise<Answer>;

	/**
	 * Lets one request at a time find out whether the secret works, whichever account it is for. One that
	 * was refused twice, and never worked, is not tried any more: the last refusal holds for all.
	 */
	share(send: Client): Client {
		return async (...request) => {
			while (!this.works && this.trying) await this.trying;
			if (this.works) return await send(...request);
			if (this.lastRefusal && this.refusals >= MOST_REFUSALS) return this.lastRefusal;
			this.trying = send(...request);
			const answer = await this.trying;
			this.trying = undefined;
			if (refusesCredential(answer)) {
				this.refusals += 1;
				this.lastRefusal = answer;
			} else if (answer.kind === 'answered') {
				this.works = true;
			}
			return answer;
		};
	}
}
