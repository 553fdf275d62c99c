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
		expect(some.standing('a')).toEqual({
			fault: FAULT,
			reason: 'unauthorized',
			at: 0,
			date: MORNING,
		});
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

describe('two places that have refused the secret, and one that has taken it before', () => {
	test('say nothing of it, as they may not know who asks: a user without a role there', () => {
		const some = refusals();
		some.took('c');
		pass(1);
		some.note('a', FAULT);
		some.note('b', FAULT);
		expect(some.standing('c')).toBeUndefined();
		expect(some.standing('new')).toBeDefined();
	});

	test('the same where another process was taken there', () => {
		const some = refusals();
		some.note('a', FAULT);
		some.note('b', FAULT);
		some.know('c');
		expect(some.standing('c')).toBeUndefined();
		expect(some.standing('new')).toBeDefined();
	});

	test('stand there, too, if both had taken it before: then it is the secret that has changed', () => {
		const some = refusals();
		for (const place of ['a', 'b', 'c']) some.took(place);
		pass(1);
		some.note('a', FAULT);
		expect(some.standing('c')).toBeUndefined();
		some.note('b', FAULT);
		expect(some.standing('c')).toBeDefined();
	});
});

describe('a refusal that is known to be', () => {
	test('of the place alone says nothing of others, however many there are', () => {
		const some = refusals();
		for (const place of ['a', 'b', 'c']) some.note(place, FAULT, 'place');
		expect(some.standing('d')).toBeUndefined();
		expect(some.standing('a')).toBeDefined();
	});

	test('of the secret itself stands everywhere at once, until a place takes it', () => {
		const some = refusals();
		some.know('c');
		some.note('a', FAULT, 'secret');
		expect(some.standing('c')?.fault).toBe(FAULT);
		expect(some.standing('new')?.fault).toBe(FAULT);
		pass(1);
		some.took('c');
		expect(some.standing('new')).toBeUndefined();
	});
});

describe('a place that has not answered in time, and may have refused', () => {
	const late = { fault: { message: 'late' }, reason: 'unreachable' } as const;

	test('is asked once more', () => {
		const some = refusals();
		some.doubt('a', late);
		expect(some.standing('a')).toBeUndefined();
	});

	test.each(['a', 'b', 'c'])(
		'counts as refused the second time in ten minutes, for %s as everywhere',
		(place) => {
			const some = refusals();
			some.know('c');
			some.doubt('a', late);
			pass(10 * MINUTE_MS - 1);
			some.doubt('b', late);
			expect(some.standing(place)).toMatchObject(late);
			expect(notSentAfter({ ...late, at: 0, date: 0 }).refusal).toMatchObject({
				reason: 'unreachable',
				final: true,
			});
		},
	);

	test('is no more than four times in doubt in the fifteen minutes in which clouds count', () => {
		const some = refusals();
		const times: number[] = [];
		for (let minute = 0; minute < 100; minute += 1) {
			if (!some.standing('a')) {
				some.doubt('a', late);
				times.push(minute);
			}
			pass(MINUTE_MS);
		}
		for (const since of times) {
			expect(times.filter((at) => at >= since && at < since + 15).length).toBeLessThan(5);
		}
	});

	test('is no longer in doubt once a place has taken the secret', () => {
		const some = refusals();
		some.doubt('a', late);
		some.took('b');
		some.doubt('a', late);
		expect(some.standing('a')).toBeUndefined();
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

test('three refusals in ten minutes, wherever and whether sure or not, are near to the lock', () => {
	const some = refusals();
	some.note('a', FAULT);
	some.note('a', FAULT);
	expect(some.isNearLock).toBe(false);
	pass(9 * MINUTE_MS);
	some.doubt('b', { fault: FAULT, reason: 'unreachable' });
	expect(some.isNearLock).toBe(true);
	pass(MINUTE_MS);
	expect(some.isNearLock).toBe(false);
	some.note('a', FAULT);
	some.note('a', FAULT);
	expect(some.isNearLock).toBe(true);
	some.took('c');
	expect(some.isNearLock).toBe(false);
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

test('nor are more than a hundred places that have taken it', () => {
	const some = refusals();
	for (let place = 0; place < 101; place += 1) some.know(String(place));
	some.note('a', FAULT);
	some.note('b', FAULT);
	expect(some.standing('0')).toBeDefined();
	expect(some.standing('1')).toBeUndefined();
});

describe('what was not sent because of a refusal', () => {
	const explanation = { why: 'the login was refused', hint: 'Check the password' };
	const refusal = {
		fault: { ...FAULT, explanation },
		reason: 'unauthorized',
		at: 0,
		date: MORNING,
	} as const;

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
