import { notSentAfter, Refusals } from '../../../../nodes/cloud/access/refusals';

const MINUTE_MS = 60_000;
const FAULT = { httpStatus: 401, code: 'IAM.0062', message: 'wrong', requestId: 'req-1' };
const MORNING = Date.UTC(2026, 10, 28, 7, 0, 3);

let now = 0;
const refusals = () => new Refusals(() => now);

/** Time passes, on both clocks. */
function pass(ms: number) {
	now += ms;
	jest.setSystemTime(Date.now() + ms);
}

beforeEach(() => {
	now = 0;
	jest.useFakeTimers({ now: MORNING });
});
afterEach(() => jest.useRealTimers());

describe('a refusal', () => {
	test('stands at its place for ten minutes', () => {
		const some = refusals();
		some.note('a', FAULT);
		expect(some.standing('a')).toEqual({ fault: FAULT, at: 0, date: MORNING });
		pass(10 * MINUTE_MS - 1);
		expect(some.standing('a')).toBeDefined();
		pass(1);
		expect(some.standing('a')).toBeUndefined();
	});

	test('stands at no other place', () => {
		const some = refusals();
		some.note('a', FAULT);
		expect(some.standing('b')).toBeUndefined();
	});

	test('ends at once where the place takes the secret', () => {
		const some = refusals();
		some.note('a', FAULT);
		some.forget('a');
		expect(some.standing('a')).toBeUndefined();
	});

	test('stands on where another place takes the secret', () => {
		const some = refusals();
		some.note('a', FAULT);
		some.forget('b');
		expect(some.standing('a')).toBeDefined();
	});
});

describe('refusals at two places', () => {
	test('stand everywhere: five of them lock the user', () => {
		const some = refusals();
		some.note('a', FAULT);
		some.note('b', { message: 'the last one' });
		expect(some.standing('c')?.fault).toEqual({ message: 'the last one' });
	});

	test('are two at one place only: they stand there', () => {
		const some = refusals();
		some.note('a', FAULT);
		some.note('a', FAULT);
		expect(some.standing('c')).toBeUndefined();
	});

	test('do not stand everywhere once a third place has taken the secret', () => {
		const some = refusals();
		some.note('a', FAULT);
		some.note('b', FAULT);
		pass(1);
		some.forget('c');
		expect(some.standing('c')).toBeUndefined();
		expect(some.standing('d')).toBeUndefined();
		expect(some.standing('a')).toBeDefined();
	});

	test('stand everywhere no longer than the first of them', () => {
		const some = refusals();
		some.note('a', FAULT);
		pass(6 * MINUTE_MS);
		some.note('b', FAULT);
		pass(4 * MINUTE_MS);
		expect(some.standing('c')).toBeUndefined();
		expect(some.standing('b')).toBeDefined();
	});
});

describe('a refusal that another process tells of', () => {
	const told = { fault: FAULT, date: MORNING };

	test('stands as long as if it were our own', () => {
		pass(4 * MINUTE_MS);
		const some = refusals();
		some.hear('a', told);
		expect(some.standing('a')).toMatchObject(told);
		pass(6 * MINUTE_MS - 1);
		expect(some.standing('a')).toBeDefined();
		pass(1);
		expect(some.standing('a')).toBeUndefined();
	});

	test('means nothing after ten minutes', () => {
		pass(10 * MINUTE_MS);
		const some = refusals();
		some.hear('a', told);
		expect(some.standing('a')).toBeUndefined();
	});

	test('means nothing where we were taken since', () => {
		const some = refusals();
		pass(1_000);
		some.forget('a');
		some.hear('a', told);
		expect(some.standing('a')).toBeUndefined();
	});

	test('does not take the place of a later one of our own', () => {
		const some = refusals();
		pass(1_000);
		some.note('a', { message: 'ours' });
		some.hear('a', told);
		expect(some.standing('a')?.fault).toEqual({ message: 'ours' });
	});

	test('lasts no longer the more often it is told', () => {
		const some = refusals();
		some.hear('a', told);
		now += 10 * MINUTE_MS;
		some.hear('a', told);
		expect(some.standing('a')).toBeUndefined();
	});

	test.each([
		['a minute ahead: clocks differ', MINUTE_MS, true],
		['further ahead: that clock is wrong', MINUTE_MS + 1, false],
	])('%s', (_, aheadMs, stands) => {
		const some = refusals();
		some.hear('a', { fault: FAULT, date: MORNING + aheadMs });
		expect(some.standing('a') !== undefined).toBe(stands);
	});
});

test('of the refusals of one secret no more than a hundred are kept', () => {
	const some = refusals();
	for (let place = 0; place < 150; place += 1) some.note(String(place), FAULT);
	pass(1);
	some.forget('fine');
	expect(some.standing('49')).toBeUndefined();
	expect(some.standing('50')).toBeDefined();
	expect(some.standing('149')).toBeDefined();
});

describe('what was not sent because of a refusal', () => {
	const explanation = { why: 'the login was refused', hint: 'Check the password' };
	const refusal = { fault: { ...FAULT, explanation }, at: 0, date: MORNING };

	test('was surely not sent, and it is no use to try again', () => {
		expect(notSentAfter(refusal)).toMatchObject({
			kind: 'lost',
			sent: false,
			refusal: { reason: 'unauthorized', final: true },
		});
	});

	test('says when it was refused, why, and what ends that', () => {
		expect(notSentAfter(refusal).refusal?.fault).toMatchObject({
			httpStatus: 401,
			code: 'IAM.0062',
			message: 'wrong',
			explanation: {
				why: 'the login was refused (at 07:00:03 UTC; nothing was sent now)',
				hint: 'Check the password. The credential is tried again 10 minutes after that, or at once when it is corrected or a Test of it succeeds',
			},
		});
	});

	test('has words where the refusal had none', () => {
		expect(notSentAfter({ ...refusal, fault: FAULT }).refusal?.fault.explanation).toEqual({
			why: 'the cloud refused the credential (at 07:00:03 UTC; nothing was sent now)',
			hint: 'The credential is tried again 10 minutes after that, or at once when it is corrected or a Test of it succeeds',
		});
	});

	test('has no request ID: that request may have been of another execution', () => {
		expect(notSentAfter(refusal).refusal?.fault).not.toHaveProperty('requestId');
	});
});
