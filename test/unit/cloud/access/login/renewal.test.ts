import type { IDataObject } from 'n8n-workflow';

import type { Answer, Lost } from '../../../../../nodes/cloud/api/answer';
import { LoginFailed } from '../../../../../nodes/cloud/access/login/login-answer';
import { loginMark } from '../../../../../nodes/cloud/access/login/session-token';
import { withRenewal } from '../../../../../nodes/cloud/access/login/renewal';
import type { CloudRequest } from '../../../../../nodes/cloud/api/requests';
import { answered, KEYSTONE_401 } from '../../../answers';
import { aDeparture } from '../../../departure';
import { settle } from '../../../virtual-clock';
import { PROJECT } from '../../../projects';
import { aLogin } from './logins';

const LOGIN: IDataObject = {
	cloud: 'otc-eu-de',
	loginMethod: 'password',
	domainName: 'domain',
	userName: 'user',
	password: 'pass',
	projectId: PROJECT,
};
type Credential = Parameters<typeof withRenewal>[1];

const REFUSED: Lost = {
	kind: 'lost',
	sent: false,
	code: '',
	message: '',
	refusal: new LoginFailed('unauthorized', true, { message: 'wrong password' }),
};
const AWAY: Lost = {
	...REFUSED,
	refusal: new LoginFailed('unavailable', false, { message: 'try later' }),
};
const NOT_REACHED: Lost = { kind: 'lost', sent: true, code: 'ECONNRESET', message: '' };

const PLACE = 'https://ecs.example.com p';

/** What an execution shares that has its world for itself. */
function alone(signal = new AbortController().signal) {
	const login = aLogin(LOGIN);
	return { login: () => login, place: PLACE, readAgain: async () => undefined, signal };
}

/**
 * n8n with a cloud behind it: a credential without a token logs in first, by itself, for each request.
 * Logins and requests end when the test lets them.
 */
function setUp({ stored = 't0', logins = [] as Array<Lost | 'token'> } = {}) {
	const credential = { ...LOGIN, sessionToken: stored } as Credential;
	credential.sessionTokenOwner = loginMark(credential);
	const sharing = alone();
	const { session, refusals, mark } = sharing.login();
	const valid = new Set(['t0']);
	const held: Array<() => void> = [];
	const heldLogins: Array<() => void> = [];
	const sent: Array<{ name: string; token: string; timeoutMs: number }> = [];
	let count = 0;
	let loggingIn = 0;
	let mostAtOnce = 0;
	let holding = false;
	let holdingLogins = false;

	async function logIn(): Promise<Lost | undefined> {
		const index = count;
		count += 1;
		loggingIn += 1;
		mostAtOnce = Math.max(mostAtOnce, loggingIn);
		if (holdingLogins) await new Promise<void>((resolve) => heldLogins.push(resolve));
		await Promise.resolve();
		loggingIn -= 1;
		const outcome = logins[index] ?? 'token';
		if (outcome === REFUSED) refusals.note(mark, { message: 'wrong password' });
		if (outcome !== 'token') return outcome;
		credential.sessionToken = await session.logIn(async () => `t${count}`);
		if (!cloud.refusesNewTokens) valid.add(`t${count}`);
		return undefined;
	}

	const send = withRenewal(
		async ({ path, aside }: CloudRequest, timeoutMs): Promise<Answer> => {
			if (credential.sessionToken === '') {
				const failed = await logIn();
				if (failed) return failed;
			}
			const token = String(credential.sessionToken);
			sent.push({ name: path, token, timeoutMs });
			const accepted = valid.has(token) && !aside;
			if (holding) await new Promise<void>((resolve) => held.push(resolve));
			await Promise.resolve();
			return accepted ? answered(202, path) : answered(401, KEYSTONE_401);
		},
		credential,
		sharing,
	);

	const cloud = {
		credential,
		sent,
		refusesNewTokens: false,
		ask: (name: string, more: Partial<CloudRequest> = {}) =>
			send({ method: 'POST', path: name, ...more }, 1_000, aDeparture()),
		askAll: (names: number) => Array.from({ length: names }, (_, index) => cloud.ask(`r${index}`)),
		logins: () => count,
		mostLoginsAtOnce: () => mostAtOnce,
		tokensOf: (name: string) => sent.filter((one) => one.name === name).map(({ token }) => token),
		expire: () => valid.clear(),
		/** From now on, answers are held until they are let go … */
		hold() {
			holding = true;
		},
		holdLogins() {
			holdingLogins = true;
		},
		/** … and from now on, no more are held. */
		stopHolding() {
			holding = false;
		},
		async letGo() {
			for (const go of held.splice(0)) go();
			await settle();
		},
		async letLoginsGo() {
			holdingLogins = false;
			for (const go of heldLogins.splice(0)) go();
			await settle();
		},
	};
	return cloud;
}

const statusOf = (answer: Answer) => (answer.kind === 'answered' ? answer.status : answer.refusal);

describe('a token that is taken', () => {
	test('is not renewed', async () => {
		const cloud = setUp();
		expect(await Promise.all(cloud.askAll(3))).toEqual(
			['r0', 'r1', 'r2'].map((name) => answered(202, name)),
		);
		expect(cloud.logins()).toBe(0);
		expect(cloud.sent.every(({ token, timeoutMs }) => token === 't0' && timeoutMs === 1_000)).toBe(
			true,
		);
	});

	test('where there is none yet, n8n logs in, and it is used from then on', async () => {
		const cloud = setUp({ stored: '' });
		expect(statusOf(await cloud.ask('a'))).toBe(202);
		expect(statusOf(await cloud.ask('b'))).toBe(202);
		expect(cloud.logins()).toBe(1);
		expect(cloud.tokensOf('b')).toEqual(['t1']);
	});

	test('of a credential that was edited since is not used', async () => {
		const { credential } = setUp();
		credential.password = 'other';
		const tokens: unknown[] = [];
		const send = withRenewal(
			async () => {
				tokens.push(credential.sessionToken);
				return answered(202);
			},
			credential,
			alone(),
		);
		await send({ method: 'GET', path: '/' }, 1_000, aDeparture());
		expect(tokens).toEqual(['']);
	});

	test.each([400, 403, 404, 409, 429, 500, 503])(
		'an answer of %i has nothing to do with it',
		async (status) => {
			const credential = { ...LOGIN, sessionToken: 't0' } as Credential;
			let calls = 0;
			const send = withRenewal(
				async () => {
					calls += 1;
					return answered(status);
				},
				credential,
				alone(),
			);
			expect(await send({ method: 'GET', path: '/' }, 1_000, aDeparture())).toEqual(
				answered(status),
			);
			expect([calls, credential.sessionToken]).toEqual([1, 't0']);
		},
	);

	test('nor has a lost answer', async () => {
		const credential = { ...LOGIN, sessionToken: 't0' } as Credential;
		const send = withRenewal(async () => NOT_REACHED, credential, alone());
		expect(await send({ method: 'GET', path: '/' }, 1_000, aDeparture())).toBe(NOT_REACHED);
		expect(credential.sessionToken).toBe('t0');
	});
});

describe('a refused token', () => {
	test('is renewed, and the request sent again, once', async () => {
		const cloud = setUp();
		cloud.expire();
		expect(await cloud.ask('a')).toEqual(answered(202, 'a'));
		expect(cloud.logins()).toBe(1);
		expect(cloud.tokensOf('a')).toEqual(['t0', 't1']);
		expect(cloud.credential.sessionToken).toBe('t1');
	});

	test('is renewed once for the many that are refused at once', async () => {
		const cloud = setUp();
		cloud.expire();
		const answers = await Promise.all(cloud.askAll(50));
		expect(answers.map(statusOf)).toEqual(answers.map(() => 202));
		expect(cloud.logins()).toBe(1);
		expect(cloud.sent).toHaveLength(100);
		for (let index = 0; index < 50; index += 1) {
			expect(cloud.tokensOf(`r${index}`)).toEqual(['t0', 't1']);
		}
	});

	test('those that come while it is renewed wait, and go once', async () => {
		const cloud = setUp();
		cloud.expire();
		cloud.holdLogins();
		const first = cloud.ask('first');
		await settle();
		const others = cloud.askAll(5);
		await settle();
		expect(cloud.sent).toHaveLength(1);
		await cloud.letLoginsGo();
		expect((await Promise.all([first, ...others])).map(statusOf)).toEqual(Array(6).fill(202));
		expect(cloud.logins()).toBe(1);
		expect(cloud.tokensOf('r0')).toEqual(['t1']);
	});

	test('those under way that are refused only after the renewal go again, once', async () => {
		const cloud = setUp();
		cloud.expire();
		cloud.hold();
		const late = cloud.askAll(5);
		await settle();
		cloud.stopHolding();
		expect(statusOf(await cloud.ask('first'))).toBe(202);
		expect(cloud.logins()).toBe(1);
		await cloud.letGo();
		expect((await Promise.all(late)).map(statusOf)).toEqual(Array(5).fill(202));
		expect(cloud.logins()).toBe(1);
		expect(cloud.tokensOf('r4')).toEqual(['t0', 't1']);
	});

	test('those under way that are refused while it is renewed wait, and go again, once', async () => {
		const cloud = setUp();
		cloud.expire();
		cloud.hold();
		cloud.holdLogins();
		const late = cloud.askAll(5);
		await settle();
		cloud.stopHolding();
		const first = cloud.ask('first');
		await settle();
		await cloud.letGo();
		await cloud.letLoginsGo();
		expect((await Promise.all([first, ...late])).map(statusOf)).toEqual(Array(6).fill(202));
		expect(cloud.logins()).toBe(1);
		expect(cloud.tokensOf('r4')).toEqual(['t0', 't1']);
	});

	test('that expires again later is renewed again', async () => {
		const cloud = setUp();
		for (const round of [1, 2, 3]) {
			cloud.expire();
			const answers = await Promise.all(cloud.askAll(10));
			expect(answers.map(statusOf)).toEqual(Array(10).fill(202));
			expect(cloud.logins()).toBe(round);
		}
	});
});

describe('a new token that is refused, too', () => {
	test('is final, for everybody', async () => {
		const cloud = setUp();
		cloud.expire();
		cloud.refusesNewTokens = true;
		const answers = await Promise.all(cloud.askAll(10));
		expect(answers).toEqual(Array(10).fill(answered(401, KEYSTONE_401)));
		expect(cloud.logins()).toBe(1);
		expect(await cloud.ask('later')).toBe(answers[0]);
		expect(cloud.tokensOf('later')).toEqual([]);
		expect(cloud.logins()).toBe(1);
	});
});

describe('a call aside, such as a batch, that takes no token of this login', () => {
	test('is tried with one new token, then no more, and keeps nobody from single requests', async () => {
		const cloud = setUp();
		for (const name of ['b1', 'b2']) {
			expect(await cloud.ask(name, { aside: true })).toMatchObject({ ofCall: true });
			expect(statusOf(await cloud.ask('single'))).toBe(202);
		}
		expect(cloud.logins()).toBe(1);
		expect(cloud.tokensOf('b1')).toEqual(['t0', 't1']);
		expect(cloud.tokensOf('b2')).toEqual([]);
		expect(cloud.tokensOf('single')).toEqual(['t1', 't1']);
	});

	test('many at once cost one login, too', async () => {
		const cloud = setUp();
		const all = ['b1', 'b2', 'b3'].map((name) => cloud.ask(name, { aside: true }));
		for (const answer of await Promise.all(all)) expect(answer).toMatchObject({ ofCall: true });
		expect(statusOf(await cloud.ask('single'))).toBe(202);
		expect(cloud.logins()).toBe(1);
	});
});

describe('a refused login', () => {
	test('is the answer to all that were refused at once, and never repeated', async () => {
		const cloud = setUp({ logins: [REFUSED] });
		cloud.expire();
		const answers = await Promise.all(cloud.askAll(10));
		expect(answers.every((answer) => answer === REFUSED)).toBe(true);
		expect(cloud.logins()).toBe(1);
	});

	test('is the answer to all that come later', async () => {
		const cloud = setUp({ logins: [REFUSED] });
		cloud.expire();
		await cloud.ask('first');
		expect(await Promise.all(cloud.askAll(3))).toEqual([REFUSED, REFUSED, REFUSED]);
		expect([cloud.logins(), cloud.sent.length]).toEqual([1, 1]);
	});

	test('is the answer to all that waited for it: each would log in by itself', async () => {
		const cloud = setUp({ logins: [REFUSED] });
		cloud.expire();
		cloud.holdLogins();
		const first = cloud.ask('first');
		await settle();
		const others = cloud.askAll(9);
		await settle();
		await cloud.letLoginsGo();
		expect(await Promise.all([first, ...others])).toEqual(Array(10).fill(REFUSED));
		expect(cloud.logins()).toBe(1);
	});

	test('is not repeated either where there was no token to begin with', async () => {
		const cloud = setUp({ stored: '', logins: [REFUSED] });
		expect(await cloud.ask('first')).toBe(REFUSED);
		expect(await cloud.ask('second')).toBe(REFUSED);
		expect(cloud.logins()).toBe(1);
	});

	test('without a token to begin with, one logs in for all', async () => {
		const cloud = setUp({ stored: '' });
		const answers = await Promise.all(cloud.askAll(10));
		expect(answers.map(statusOf)).toEqual(Array(10).fill(202));
		expect(cloud.logins()).toBe(1);
	});
});

describe('a login that got lost', () => {
	test('is no refusal: whoever comes next tries again', async () => {
		const cloud = setUp({ logins: [AWAY] });
		cloud.expire();
		expect(await cloud.ask('a')).toBe(AWAY);
		expect(statusOf(await cloud.ask('a'))).toBe(202);
		expect(cloud.logins()).toBe(2);
	});

	test('the same where n8n got no answer at all', async () => {
		const cloud = setUp({ logins: [NOT_REACHED] });
		cloud.expire();
		expect(await cloud.ask('a')).toBe(NOT_REACHED);
		expect(statusOf(await cloud.ask('a'))).toBe(202);
	});

	test('never lets loose a herd of logins: one at a time', async () => {
		const cloud = setUp({ logins: [AWAY] });
		cloud.expire();
		await Promise.all(cloud.askAll(10));
		expect(cloud.mostLoginsAtOnce()).toBe(1);
	});

	test('and is refused when it is tried again, is refused once: five lock the user out', async () => {
		const cloud = setUp({ logins: [AWAY, ...Array<Lost>(20).fill(REFUSED)] });
		cloud.expire();
		await Promise.all(cloud.askAll(10));
		await Promise.all(cloud.askAll(10));
		expect(cloud.logins()).toBe(2);
	});

	test('those that waited for it meanwhile do not log in at once, either', async () => {
		const cloud = setUp({ logins: [AWAY, ...Array<Lost>(20).fill(REFUSED)] });
		cloud.expire();
		cloud.holdLogins();
		const first = cloud.ask('first');
		await settle();
		const others = cloud.askAll(9);
		await settle();
		await cloud.letLoginsGo();
		await Promise.all([first, ...others]);
		expect(cloud.mostLoginsAtOnce()).toBe(1);
		expect(cloud.logins()).toBeLessThanOrEqual(2);
	});
});
