import { LoginFailed } from '../../../../../nodes/cloud/access/login/login-answer';
import { SharedSession } from '../../../../../nodes/cloud/access/login/shared-session';
import { settle, timeAt } from '../../../virtual-clock';

let now = 0;
const aSession = () => new SharedSession(timeAt(() => now));
const NO_ANSWER = new LoginFailed('unreachable', false, { message: 'gone' });
const REFUSED = new LoginFailed('unauthorized', true, { message: 'wrong' });
const UNTRUSTED = new LoginFailed('unreachable', true, { message: 'no trust' });

/** Logins that end when the test says so. */
function iam() {
	const asked: Array<{ give: (token: string) => void; fail: (error: Error) => void }> = [];
	const ask = async () =>
		await new Promise<string>((give, fail) => {
			asked.push({ give, fail });
		});
	return { asked, ask };
}

beforeEach(() => (now = 0));

describe('a login', () => {
	test('under way is shared by all who want one', async () => {
		const session = aSession();
		const { asked, ask } = iam();
		const all = [session.logIn(ask), session.logIn(ask), session.logIn(ask)];
		asked[0].give('t1');
		expect(await Promise.all(all)).toEqual(['t1', 't1', 't1']);
		expect(asked).toHaveLength(1);
	});

	test('that is over is over: the next one asks again', async () => {
		const session = aSession();
		await session.logIn(async () => 't1');
		expect(await session.logIn(async () => 't2')).toBe('t2');
	});

	test.each([
		['refused', REFUSED],
		['that meets a certificate that n8n does not trust', UNTRUSTED],
		['that fails in another way', new Error('no such field')],
	])('%s speaks for all who waited', async (_, error) => {
		const session = aSession();
		const { asked, ask } = iam();
		const all = [session.logIn(ask), session.logIn(ask)];
		asked[0].fail(error);
		const outcomes = await Promise.allSettled(all);
		expect(outcomes.map((one) => one.status === 'rejected' && one.reason)).toEqual([error, error]);
		expect(asked).toHaveLength(1);
	});

	test('that got no answer, as its execution was cancelled, is begun anew by one of the others', async () => {
		const session = aSession();
		const { asked, ask } = iam();
		const first = session.logIn(ask);
		const others = [session.logIn(ask), session.logIn(ask)];
		asked[0].fail(NO_ANSWER);
		await expect(first).rejects.toBe(NO_ANSWER);
		await settle();
		expect(asked).toHaveLength(2);
		asked[1].give('t2');
		expect(await Promise.all(others)).toEqual(['t2', 't2']);
	});

	test('that gets no answer again is begun no third time', async () => {
		const session = aSession();
		const { asked, ask } = iam();
		const all = Promise.allSettled([session.logIn(ask), session.logIn(ask), session.logIn(ask)]);
		asked[0].fail(NO_ANSWER);
		await settle();
		asked[1].fail(NO_ANSWER);
		expect((await all).map(({ status }) => status)).toEqual(Array(3).fill('rejected'));
		expect(asked).toHaveLength(2);
	});

	test('that drips on for a minute is waited for no longer', async () => {
		const session = aSession();
		const { asked, ask } = iam();
		void session.logIn(ask);
		now = 59_999;
		void session.logIn(ask);
		expect(asked).toHaveLength(1);
		now = 60_000;
		void session.logIn(ask);
		expect(asked).toHaveLength(2);
	});
});

describe('the token to send', () => {
	const withNewest = async (token: string) => {
		const session = aSession();
		await session.logIn(async () => token);
		return session;
	};

	test('is the stored one, where this process has none', () => {
		expect(aSession().tokenOr('stored')).toBe('stored');
		expect(aSession().tokenOr('')).toBe('');
	});

	test('is the newest one: what n8n had stored was read before', async () => {
		expect((await withNewest('t1')).tokenOr('stored')).toBe('t1');
	});

	test('is the stored one, where the newest was refused: another process has logged in since', async () => {
		const session = await withNewest('t1');
		session.spend('t1');
		expect(session.tokenOr('stored')).toBe('stored');
	});

	test('is none, where both were refused', async () => {
		const session = await withNewest('t1');
		session.spend('t1');
		session.spend('stored');
		expect(session.tokenOr('stored')).toBe('');
	});

	test('may be one that was refused before, where a login has given it again', async () => {
		const session = await withNewest('t1');
		session.spend('t1');
		await session.logIn(async () => 't1');
		expect(session.tokenOr('')).toBe('t1');
	});

	test('is forgotten to be refused after twenty others', () => {
		const session = aSession();
		for (let index = 0; index <= 20; index += 1) session.spend(`t${index}`);
		expect([session.tokenOr('t0'), session.tokenOr('t1')]).toEqual(['t0', '']);
	});
});

test('logins are in vain when two in a row give a token that is refused at once', () => {
	const session = aSession();
	expect([true, false, true, true].map((refused) => session.isInVain(refused))).toEqual([
		false,
		false,
		false,
		true,
	]);
});
