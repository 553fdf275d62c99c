import type { Answer } from '../../api/answer';
import { LONGEST_TRIAL_MS, LONGEST_TURN_MS, type Time, Turnstile } from '../turnstile';
import { isInDoubt, LoginFailed } from './login-answer';

/** So many refused tokens are remembered. */
const MOST_SPENT = 20;

/** A token may run out, or be revoked, on its way from one service to the other: once. */
const MOST_REFUSED_AT_ONCE = 2;

/** The session of one login, as far as a process knows it: its newest token, and the login under way. */
export class SharedSession {
	/** For the one request of ours that logs in. What it comes to is undefined if it did not log in. */
	readonly renewal: Turnstile<Answer | undefined>;

	private newest = '';

	/** Tokens that the cloud has refused, the last ones. */
	private spent: string[] = [];

	/** How many logins in a row have given a token that was refused at once. */
	private inVain = 0;

	private loggingIn?: { token: Promise<string>; since: number };

	constructor(private readonly time: Time) {
		this.renewal = new Turnstile(time);
	}

	/**
	 * Logs in by `ask`, or waits for the login under way, whoever began it.
	 * @throws what `ask` throws.
	 */
	async logIn(ask: () => Promise<string>): Promise<string> {
		const { underWay } = this;
		if (underWay && !(await wasCutOff(underWay))) return await underWay;
		return await (this.underWay ?? this.begin(ask));
	}

	/** The token to send next: the newest one, or the stored one; empty if both were refused, or there is none. */
	tokenOr(stored: string): string {
		return [this.newest, stored].find((token) => token && !this.spent.includes(token)) ?? '';
	}

	/** The cloud has refused a token. */
	spend(token: string): void {
		this.spent = [...this.spent.filter((one) => one !== token), token].slice(-MOST_SPENT);
	}

	/** The cloud has answered to the token of a new login; returns whether it is no use to log in again. */
	isInVain(refused: boolean): boolean {
		this.inVain = refused ? this.inVain + 1 : 0;
		return this.inVain >= MOST_REFUSED_AT_ONCE;
	}

	private get underWay(): Promise<string> | undefined {
		const { loggingIn } = this;
		const isRecent = loggingIn && this.time.now() - loggingIn.since < LONGEST_TURN_MS;
		return isRecent ? loggingIn.token : undefined;
	}

	private async begin(ask: () => Promise<string>): Promise<string> {
		const one = { token: ask(), since: this.time.now() };
		this.loggingIn = one;
		try {
			const token = await one.token;
			this.newest = token;
			this.spent = this.spent.filter((other) => other !== token);
			// From now on it is only to be found out whether the cloud takes it.
			this.renewal.endWithin(LONGEST_TRIAL_MS);
			return token;
		} finally {
			if (this.loggingIn === one) this.loggingIn = undefined;
		}
	}
}

/** A login that was cut off may have died with the execution that it was sent for: it does not speak for the others. */
async function wasCutOff(login: Promise<string>): Promise<boolean> {
	return await login.then(
		() => false,
		(error) =>
			error instanceof LoginFailed &&
			error.reason === 'unreachable' &&
			!error.final &&
			!isInDoubt(error),
	);
}
